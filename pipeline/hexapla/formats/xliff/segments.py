"""A segment of an XLIFF file, read and filled where it stands; all else in the file stays as it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from lxml import etree
from lxml.etree import _Element

from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.xliff.codes import (
    MARK,
    Content,
    codes_for_marks,
    keeps_codes,
    read_content,
    write_content,
)
from hexapla.formats.xliff.names import local, qualified
from hexapla.matches import Match
from hexapla.units import Status


class XliffSegment(ABC):
    """A segment.

    Args:
        unit: the unit that it is in.
        source: the element that holds its text.

    Attributes:
        unit: the same.
        source: the same.
    """

    unit: _Element
    source: _Element

    def __init__(self, unit: _Element, source: _Element) -> None:
        self.unit, self.source = unit, source

    @cached_property
    def content(self) -> Content:
        """Its text, with marks for its codes."""
        return read_content(self.source)

    def check(self) -> None:
        """Refuse a segment whose text cannot be read.

        Raises:
            ValueError: its source or target has a named character that was not declared.
        """
        _ = self.content, self.translation

    @property
    @abstractmethod
    def target(self) -> _Element | None:
        """The element of its translation, or None."""

    @property
    @abstractmethod
    def state(self) -> str:
        """What the file says of the translation: a state, or nothing."""

    @property
    @abstractmethod
    def untranslated_states(self) -> tuple[str, ...]:
        """States in which a copy of the source is no translation."""

    @abstractmethod
    def fill(self, match: Match) -> None:
        """Put a translation in.

        Args:
            match: its translation has the codes of the segment, see `accepts`.
        """

    @abstractmethod
    def offer(self, matches: Sequence[Match]) -> None:
        """Put matches beside the segment, in the place of those that hexapla put there before.

        Args:
            matches: the best first.
        """

    @property
    def is_open(self) -> bool:
        """Whether it has no translation: nothing, or a copy of the source that is not said to be one."""
        text = self.translation
        return not text.strip() or (self.state in self.untranslated_states and text == self.content.text)

    @property
    def translation(self) -> str:
        """The text of its target, with marks for codes; empty if there is none."""
        return "" if self.target is None else self.translated.text

    @property
    def translated(self) -> Content:
        """Its target: the text, with marks for its codes; those that the source has too have the same marks."""
        assert self.target is not None
        return read_content(self.target, self.content)

    def accepts(self, match: Match) -> bool:
        """Whether the translation of a match has each code of the segment once, and no others."""
        others = set(_marks(match)) - set(self.content.codes)
        return keeps_codes(match.target, self.content.codes) and others.isdisjoint(MARK.findall(match.target))

    def write_translation(self, target: _Element, match: Match) -> None:
        """Put the translation of a match into a target, with the white space that is round the source.

        Args:
            target: of the segment; its attributes stay.
            match: the match.
        """
        text = self.content.text
        lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        write_content(emptied(target), f"{lead}{legal_text(match.target)}{trail}", self.content.codes)

    def write_match(self, element: _Element, match: Match) -> None:
        """Put the texts of a match into its element, with the codes of the segment or of the memory.

        Args:
            element: gets a source and a target.
            match: the match.
        """
        names = ("pc", "ph") if local(self.unit) == "unit" else ("g", "x")
        pair, single = (qualified(self.source, name) for name in names)
        own = codes_for_marks(
            (pair, single), [mark for mark in _marks(match) if mark not in self.content.codes]
        )
        for name, text in (("source", match.source), ("target", match.target)):
            child = etree.SubElement(element, qualified(self.source, name))
            write_content(child, legal_text(text), {**own, **self.content.codes})


def _marks(match: Match) -> list[str]:
    """The tag marks that a unit has from a TMX file."""
    variants: Mapping[str, Any] = match.unit.properties.get("tuv") or {}
    return sorted({mark for variant in variants.values() for mark in variant.get("marks") or ()})


def emptied(element: _Element) -> _Element:
    """An element without text and children; its attributes and what stands behind it stay."""
    for child in list(element):
        element.remove(child)
    element.text = None
    return element


def match_note(match: Match) -> str:
    """What a translator should know of a match, in one line: its kind, its unit, and what was or is to be put in."""
    unit, target = match.unit, next(iter(match.targets.values()))
    parts = [match.kind.value, f"unit {unit.id}, {unit.status.value}"]
    if unit.status is Status.ALIGNED:
        parts[-1] += f" with probability {unit.probability:.2f}"
    if match.through:
        parts.append(f"through {', '.join(match.through)}")
    if target.substitutions:
        parts.append(f"put in: {', '.join(each.after for each in target.substitutions if each.after)}")
    if target.missing:
        parts.append(f"to be put in: {', '.join(target.missing)}")
    return "; ".join(parts)
