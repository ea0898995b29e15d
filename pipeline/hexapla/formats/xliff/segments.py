"""A segment of an XLIFF file, read and filled in place; everything else in the file stays unchanged."""

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
        unit: the unit that contains it.
        source: the element that contains its text.

    Attributes:
        unit: the unit that contains it.
        source: the element that contains its text.
    """

    unit: _Element
    source: _Element

    def __init__(self, unit: _Element, source: _Element) -> None:
        self.unit, self.source = unit, source

    @cached_property
    def content(self) -> Content:
        """The text, with marks for its codes."""
        return read_content(self.source)

    def check(self) -> None:
        """Refuse a segment whose text cannot be read.

        Raises:
            ValueError: the source or target has a reference to an undeclared entity.
        """
        _ = self.content, self.translation

    @property
    @abstractmethod
    def target(self) -> _Element | None:
        """The element that contains the translation, or None."""

    @property
    @abstractmethod
    def state(self) -> str:
        """The declared state of the translation, or an empty text."""

    @property
    @abstractmethod
    def untranslated_states(self) -> tuple[str, ...]:
        """States in which a copy of the source does not count as a translation."""

    @abstractmethod
    def fill(self, match: Match) -> None:
        """Set the translation.

        Args:
            match: a match whose translation has the codes of the segment, see `accepts`.
        """

    @abstractmethod
    def offer(self, matches: Sequence[Match]) -> None:
        """Add matches to the segment, replacing those that hexapla added before.

        Args:
            matches: the matches, best first.
        """

    @property
    def is_open(self) -> bool:
        """Whether the segment has no translation: the target is empty, or a copy of the source not declared as one."""
        text = self.translation
        return not text.strip() or (self.state in self.untranslated_states and text == self.content.text)

    @property
    def translation(self) -> str:
        """The text of the target, with marks for codes; empty if there is none."""
        return "" if self.target is None else self.translated.text

    @property
    def translated(self) -> Content:
        """The text and codes of the target; codes that the source has too get the same marks."""
        assert self.target is not None
        return read_content(self.target, self.content)

    def accepts(self, match: Match) -> bool:
        """Return whether the translation of a match has each code of the segment exactly once, and no others."""
        others = set(_marks(match)) - set(self.content.codes)
        return keeps_codes(match.target, self.content.codes) and others.isdisjoint(MARK.findall(match.target))

    def write_translation(self, target: _Element, match: Match) -> None:
        """Fill a target with the translation of a match, keeping the white space around the source.

        Args:
            target: the target of the segment; its attributes stay.
            match: the match.
        """
        text = self.content.text
        lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        write_content(emptied(target), f"{lead}{legal_text(match.target)}{trail}", self.content.codes)

    def write_match(self, element: _Element, match: Match) -> None:
        """Add the texts of a match to its element, with the codes of the segment or of the memory.

        Args:
            element: receives a source and a target.
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
    """Return the tag marks of a unit that came from a TMX file."""
    variants: Mapping[str, Any] = match.unit.properties.get("tuv") or {}
    return sorted({mark for variant in variants.values() for mark in variant.get("marks") or ()})


def emptied(element: _Element) -> _Element:
    """Remove the text and children of an element and return it; its attributes and the text after it stay."""
    for child in list(element):
        element.remove(child)
    element.text = None
    return element


def match_note(match: Match) -> str:
    """Describe a match for translators, in one line: its kind, its unit, what was inserted and what is missing."""
    unit, target = match.unit, next(iter(match.targets.values()))
    parts = [match.kind.value, f"unit {unit.id}, {unit.status.value}"]
    if unit.status is Status.ALIGNED:
        parts[-1] += f" with probability {unit.probability:.2f}"
    if match.through:
        parts.append(f"through {', '.join(match.through)}")
    if target.substitutions:
        parts.append(f"inserted: {', '.join(each.after for each in target.substitutions if each.after)}")
    if target.missing:
        parts.append(f"to be inserted: {', '.join(target.missing)}")
    return "; ".join(parts)
