"""Serialiser of units: the TMX elements of a unit, as the profile of a tool requires."""

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
"""Source texts before and after a unit."""

TextIn = Callable[[str], str | None]
"""Returns the text of a neighbour in a language, or None."""

_START, _END = "<seg>", "</seg>"


class UnsupportedUnit(ValueError):
    """The tool does not accept a unit."""


@dataclass(frozen=True, slots=True)
class UnitSerialiser:
    """Turns units into TMX elements.

    Attributes:
        profile: profile of the tool.
        segtype: segtype of the header.
        source: tag of the source language of the header.
        languages: tags to write; empty for all languages of a unit.
        first_seen: remembers the first translation of each source text.
    """

    profile: Profile
    segtype: str
    source: str
    languages: Sequence[str]
    first_seen: FirstSeen

    def elements(self, unit: Unit, before: TextIn, after: TextIn) -> Iterator[str]:
        """Yield the elements of a unit.

        Args:
            unit: the unit.
            before: returns the text before it in a language, or None.
            after: returns the text after it in a language, or None.

        Yields:
            str: XML of a tu: one for the unit, and more if the tool cuts its texts; none if the unit has fewer than
                two of the languages.

        Raises:
            UnsupportedUnit: the tool does not accept the unit; the message says why.
        """
        texts = self._texts(unit)
        if len(texts) < 2:
            return
        self._check(texts)
        source = next(iter(texts))
        context = [before(source), after(source)]
        if self.profile.whole:
            yield self._whole_unit(unit, texts, context)
            return
        yield self._tool_unit(unit, texts, context, self._binding(unit, texts, context))
        for piece in typed_numbers(texts) if self.profile.cuts_numbers else ():
            if piece and self.first_seen.number(["piece", source, *piece.values()], 0) is None:
                yield self._tool_unit(unit, piece, context, [])

    def _texts(self, unit: Unit) -> dict[str, str]:
        """Return the texts to write, by language.

        The source comes first, since some tools look no further. A unit that is written whole keeps its order, unless
        two languages are requested.
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
                f"its languages {', '.join(texts)} become {', '.join(codes)} for {profile.tool}, which reads each "
                "code once"
            )
        for language, text in texts.items():
            if profile.longest and len(text) > profile.longest:
                raise UnsupportedUnit(
                    f"its text in {language} has {len(text):,} characters, and {profile.tool} accepts at most "
                    f"{profile.longest:,}"
                )

    def _whole_unit(self, unit: Unit, texts: Mapping[str, str], context: Context) -> str:
        """Return everything that a unit has; a unit from another tool keeps the context which that tool wrote."""
        source = next(iter(texts))
        kept = unit.properties.get("tuv", {})
        context_props = [] if "tmx" in unit.properties else _props(self.profile.context, context)
        by_language = {variant.language: variant for variant in unit.variants}
        variants = [
            variant_element(
                by_language[language],
                segment_xml(text, kept.get(language, {}).get("marks")),
                kept.get(language, {}),
                context_props if language == source else (),
            )
            for language, text in texts.items()
        ]
        return unit_xml(
            variants, unit_attributes(unit, self.segtype, self.source, source), unit_remarks(unit)
        )

    def _tool_unit(
        self, unit: Unit, texts: Mapping[str, str], context: Context, binding: Sequence[str]
    ) -> str:
        """Return what the tool reads of a unit; OmegaT ignores the binding of a unit that has other properties."""
        profile, source = self.profile, next(iter(texts))
        props = self._properties(unit)
        context_props = _props(profile.context, context)
        of_target, of_unit = (props, []) if profile.place is Place.TARGET else ([], props)
        variants = [
            variant_xml(
                profile.code(language),
                segment_xml(text, _kept(unit, language).get("marks") if profile.tags else None),
                context_props if language == source else of_target,
            )
            for language, text in texts.items()
        ]
        return unit_xml(variants, self._attributes(unit, source), binding or of_unit)

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
        types = self.profile.properties
        return props_xml(
            {types[key]: clean_text(value) for key, value in values.items() if key in types and value}
        )

    def _binding(self, unit: Unit, texts: Mapping[str, str], context: Context) -> list[str]:
        """Return the props that bind a unit to its place, if its source text had another translation before."""
        if self.profile.bound is None or len(self.languages) != 2:
            return []
        source, target = texts.values()
        translation = number_of([target])
        if self.first_seen.number(["unit", source], translation) in (None, translation):
            return []
        return _props(self.profile.bound, [clean_text(unit.document) or "-", *context])


def segment_xml(text: str, marks: Mapping[str, str] | None) -> str:
    """Return the XML inside the segment of a text.

    Args:
        text: the text, with characters that XML allows.
        marks: the XML of each mark, if the text has any.

    Returns:
        The XML.
    """
    if not marks:
        return text_xml(text)
    xml = etree.tostring(write_segment(text, marks), encoding="unicode")
    return xml[len(_START) : -len(_END)]


def _kept(unit: Unit, language: str) -> Mapping[str, Any]:
    """Return the properties of a variant that came from a TMX file, see `hexapla.formats.tmx.inline_codes`."""
    found: Mapping[str, Any] = unit.properties.get("tuv", {}).get(language, {})
    return found


def _plain(unit: Unit, variant: Variant) -> str:
    """Return the text of a variant without the marks of inline tags."""
    text = variant.text
    for mark in _kept(unit, variant.language).get("marks", ()):
        text = text.replace(mark, "")
    return text


def text_in(unit: Unit | None, language: str) -> str | None:
    """Return the text of a unit in a language for use as context, or None if there is none."""
    variant = unit and unit.variant(language)
    return _cleaned(_plain(unit, variant)) if unit and variant else None


@lru_cache(maxsize=16)  # each text is the context of two others
def _cleaned(text: str) -> str:
    return clean_text(text)


def _props(types: Sequence[str] | None, values: Context) -> list[str]:
    """Return the XML of props of these types, for the values that are not empty."""
    return props_xml(dict(zip(types, values, strict=True))) if types else []


def typed_numbers(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the typed numbers that all texts of a unit begin with, and the texts after them.

    Some tools cut typed numbers off segments, and in documents with automatic numbering they are not part of the text;
    a number must not cost the exact match.

    Args:
        texts: texts by language.

    Returns:
        The numbers and the remaining texts by language; both empty if a text has no number, or nothing after it.
    """
    found = {language: parse_number(text) for language, text in texts.items()}
    ends = {tag: number.end for tag, number in found.items() if number and number.style in LIST_STYLES}
    numbers = {tag: texts[tag][:end].strip() for tag, end in ends.items()}
    rests = {tag: texts[tag][end:].strip() for tag, end in ends.items()}
    return (numbers, rests) if len(ends) == len(texts) and all(rests.values()) else ({}, {})
