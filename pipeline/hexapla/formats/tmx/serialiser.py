"""A unit as the elements of TMX that a tool wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from hexapla.formats.io.first_seen import FirstSeen, number_of
from hexapla.formats.io.xml_text import clean_text, legal_text
from hexapla.formats.tmx import names
from hexapla.formats.tmx.elements import date_text, props_xml, text_xml, unit_xml, variant_xml
from hexapla.formats.tmx.inline_codes import write_segment
from hexapla.formats.tmx.profiles import Place, Profile
from hexapla.formats.tmx.whole_units import unit_attributes, unit_remarks, variant_element
from hexapla.units import Unit, Variant
from hexapla_corpora.printed_numbers import LIST_STYLES, parse_number

Context = Sequence[str | None]
"""Source texts before and behind."""

TextIn = Callable[[str], str | None]
"""Gives the text of a neighbour in a language, or None."""

_START, _END = "<seg>", "</seg>"


class UnsupportedUnit(ValueError):
    """The tool does not take a unit."""


@dataclass(frozen=True, slots=True)
class UnitSerialiser:
    """Makes elements of units.

    Attributes:
        profile: of the tool.
        segtype: of the header.
        source: tag of the source language of the header.
        languages: tags to write; empty for all that a unit has.
        first_seen: remembers the translation that each source had first.
    """

    profile: Profile
    segtype: str
    source: str
    languages: Sequence[str]
    first_seen: FirstSeen

    def elements(self, unit: Unit, before: TextIn, after: TextIn) -> Iterator[str]:
        """The elements of a unit.

        Args:
            unit: the unit.
            before: gives the text before it in a language, or None.
            after: gives the text after it in a language, or None.

        Yields:
            str: XML of one, and more if the tool cuts its texts; none if it has less than two of the languages.

        Raises:
            UnsupportedUnit: the tool takes no such unit; says why.
        """
        texts = self._texts(unit)
        if len(texts) < 2:
            return
        self._check(texts)
        source = next(iter(texts))
        context = [before(source), after(source)]
        if self.profile.whole:
            yield self._whole(unit, texts, context)
            return
        yield self._shaped(unit, texts, context, self._bound(unit, texts, context))
        for piece in typed_numbers(texts) if self.profile.cuts_numbers else ():
            if piece and self.first_seen.number(["piece", source, *piece.values()], 0) is None:
                yield self._shaped(unit, piece, context, [])

    def _texts(self, unit: Unit) -> dict[str, str]:
        """The texts that are written, by language.

        The source stands first, since some tools look no further. A unit that is to come back keeps its order, unless
        two languages are asked for.
        """
        texts = {
            variant.language: text
            for variant in unit.variants
            if not self.languages or variant.language in self.languages
            if (text := self._text(unit, variant)) and not text.isspace()
        }
        if self.source not in texts or (self.profile.whole and len(self.languages) != 2):
            return texts
        return {self.source: texts.pop(self.source), **texts}

    def _text(self, unit: Unit, variant: Variant) -> str:
        if self.profile.whole:
            return legal_text(variant.text)
        return clean_text(variant.text if self.profile.tags else _plain(unit, variant))

    def _check(self, texts: Mapping[str, str]) -> None:
        profile = self.profile
        if profile.one_source and self.source not in texts:
            raise UnsupportedUnit(
                f"it has no text in the source language {self.source}, only in {', '.join(texts)}: "
                f"{profile.tool} skips it"
            )
        codes = [profile.code(language) for language in texts]
        if len(set(codes)) < len(codes):
            raise UnsupportedUnit(
                f"its languages {', '.join(texts)} are {', '.join(codes)} for {profile.tool}, which reads each once"
            )
        for language, text in texts.items():
            if profile.longest and len(text) > profile.longest:
                raise UnsupportedUnit(
                    f"its text in {language} has {len(text):,} characters, and {profile.tool} takes "
                    f"{profile.longest:,} at most"
                )

    def _whole(self, unit: Unit, texts: Mapping[str, str], context: Context) -> str:
        """All that a unit has; the context of one that another tool wrote is what that tool said."""
        source = next(iter(texts))
        kept = unit.properties.get("tuv", {})
        beside = [] if "tmx" in unit.properties else _named(self.profile.context, context)
        by_language = {variant.language: variant for variant in unit.variants}
        variants = [
            variant_element(
                by_language[language],
                segment_xml(text, kept.get(language, {}).get("marks")),
                kept.get(language, {}),
                beside if language == source else (),
            )
            for language, text in texts.items()
        ]
        return unit_xml(
            variants, unit_attributes(unit, self.segtype, self.source, source), unit_remarks(unit)
        )

    def _shaped(self, unit: Unit, texts: Mapping[str, str], context: Context, bound: Sequence[str]) -> str:
        """What the tool reads of a unit; OmegaT looks at no place of a unit that has other properties too."""
        profile, source = self.profile, next(iter(texts))
        known = self._properties(unit)
        beside = _named(profile.context, context)
        of_target, of_unit = (known, []) if profile.place is Place.TARGET else ([], known)
        variants = [
            variant_xml(
                profile.code(language),
                segment_xml(text, _kept(unit, language).get("marks") if profile.tags else None),
                beside if language == source else of_target,
            )
            for language, text in texts.items()
        ]
        return unit_xml(variants, self._attributes(unit, source), bound or of_unit)

    def _attributes(self, unit: Unit, source: str) -> dict[str, str | None]:
        return {
            "tuid": clean_text(unit.id) if self.profile.identified else None,
            "creationdate": date_text(unit.created),
            "changedate": date_text(unit.changed),
            "changeid": unit.author and clean_text(unit.author),
            "segtype": unit.level if unit.level != self.segtype else None,
            "srclang": self.profile.code(source) if source != self.source else None,
        }

    def _properties(self, unit: Unit) -> list[str]:
        values = {
            "document": unit.document,
            "symbol": unit.symbol,
            "number": unit.number,
            "kind": unit.kind,
            "status": unit.status.value,
            "probability": f"{unit.probability:.4f}",
            "moved": names.YES if unit.moved else None,
        }
        known = self.profile.properties
        return props_xml(
            {known[key]: clean_text(value) for key, value in values.items() if key in known and value}
        )

    def _bound(self, unit: Unit, texts: Mapping[str, str], context: Context) -> list[str]:
        """What binds a unit to its place, if its source had another translation before."""
        if self.profile.bound is None or len(self.languages) != 2:
            return []
        source, target = texts.values()
        said = number_of([target])
        if self.first_seen.number(["unit", source], said) in (None, said):
            return []
        return _named(self.profile.bound, [clean_text(unit.document) or "-", *context])


def segment_xml(text: str, marks: Mapping[str, str] | None) -> str:
    """Content of the segment of a text.

    Args:
        text: with characters that XML allows.
        marks: the XML that its marks stand for, if it has any.

    Returns:
        XML.
    """
    if not marks:
        return text_xml(text)
    xml = etree.tostring(write_segment(text, marks), encoding="unicode")
    return xml[len(_START) : -len(_END)]


def _kept(unit: Unit, language: str) -> Mapping[str, Any]:
    """What a TMX file had of a variant, see `hexapla.formats.tmx.inline_codes`."""
    found: Mapping[str, Any] = unit.properties.get("tuv", {}).get(language, {})
    return found


def _plain(unit: Unit, variant: Variant) -> str:
    """The text of a variant without the marks of inline tags."""
    text = variant.text
    for mark in _kept(unit, variant.language).get("marks", ()):
        text = text.replace(mark, "")
    return text


def text_in(unit: Unit | None, language: str) -> str | None:
    """Return the text of a unit in a language, as context; None if there is none."""
    variant = unit and unit.variant(language)
    return _cleaned(_plain(unit, variant)) if unit and variant else None


@lru_cache(maxsize=16)  # a text is the context of two others
def _cleaned(text: str) -> str:
    return clean_text(text)


def _named(names: Sequence[str] | None, values: Context) -> list[str]:
    """Props of these names, for the values that are there."""
    return props_xml(dict(zip(names, values, strict=True))) if names else []


def typed_numbers(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The typed numbers that all texts of a unit begin with, and what is behind them.

    Some tools cut a typed number off a segment, and in a document with automatic numbering it never was in the text;
    the number alone must not cost the exact match.

    Args:
        texts: by language.

    Returns:
        The numbers and the rests by language; nothing if a text has no number, or nothing behind it.
    """
    found = {language: parse_number(text) for language, text in texts.items()}
    ends = {tag: number.end for tag, number in found.items() if number and number.style in LIST_STYLES}
    numbers = {tag: texts[tag][:end].strip() for tag, end in ends.items()}
    rests = {tag: texts[tag][end:].strip() for tag, end in ends.items()}
    return (numbers, rests) if len(ends) == len(texts) and all(rests.values()) else ({}, {})
