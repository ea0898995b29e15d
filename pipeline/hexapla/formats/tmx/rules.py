"""Rules that CAT tools rely on but the DTD of TMX cannot express, for the header and for single units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import cast

import langcodes
from lxml import etree

from hexapla.formats.tmx.elements import DATE_FORMAT, XML_LANG
from hexapla.formats.tmx.profiles import PROFILES

ALL_LANGUAGES = "*all*"
_DATES = ("creationdate", "changedate", "lastusagedate")
_DATE = re.compile(r"\d{8}T\d{6}Z")
_LONGEST = {profile.tool: profile.longest for profile in PROFILES.values() if profile.longest}
# OmegaT binds a unit that has one of these props to one place in one file, and does not insert it elsewhere.
_OMEGAT_PLACES = ("file", "id", "prev", "next", "path")


class Severity(StrEnum):
    """How serious a finding is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a TMX file.

    Attributes:
        line: line of the file, counted from 1.
        unit: number of the translation unit, counted from 1, with its tuid in brackets; None outside the units.
        severity: error if the file breaks the standard or tools lose text because of it, note if nothing is wrong with
            the file itself, otherwise warning.
        message: what is wrong, what tools lose because of it, and what to write instead.
    """

    line: int
    unit: str | None
    severity: Severity
    message: str

    def __str__(self) -> str:
        """Return the finding as one line of a report."""
        place = f"line {self.line}" + (f", unit {self.unit}" if self.unit else "")
        return f"{place}: {self.severity}: {self.message}"

    def record(self) -> dict[str, object]:
        """Return the finding as JSON types."""
        return {
            "line": self.line,
            "unit": self.unit,
            "severity": self.severity.value,
            "message": self.message,
        }


def check_header(header: etree._Element) -> Iterator[Finding]:
    """Check languages and dates of the header.

    Args:
        header: the header element.

    Yields:
        Finding: a problem.
    """
    source = header.get("srclang")
    if source == ALL_LANGUAGES:
        yield _finding(
            header,
            None,
            Severity.WARNING,
            "srclang is *all*; Weblate refuses the whole file: write the code of the source language",
        )
    elif source is not None and (problem := language_problem(source)):
        yield _finding(header, None, problem[0], f"srclang: {problem[1]}")
    yield from _dates(header, None)


def check_unit(unit: etree._Element, name: str, source: str | None) -> Iterator[Finding]:
    """Check languages, texts, dates and properties of a translation unit.

    Args:
        unit: a tu element.
        name: how findings refer to the unit.
        source: srclang of the header, or None if it has none.

    Yields:
        Finding: a problem.
    """
    variants = unit.findall("tuv")
    yield from _languages(unit, variants, name)
    yield from _source(unit, variants, name, unit.get("srclang", source))
    yield from _dates(unit, name)
    for prop in unit.findall("prop"):
        kind = prop.get("type")
        if kind in _OMEGAT_PLACES:
            message = (
                f'prop type "{kind}": OmegaT treats the unit as bound to one place in one file and does not '
                f'insert it elsewhere; if that is not intended, write "x-{kind}"'
            )
            yield _finding(prop, name, Severity.WARNING, message)
    for variant in variants:
        yield from _dates(variant, name)
        for segment in variant.findall("seg"):
            yield from _text(segment, name)
            yield from _inline(segment, name)
    yield from _tags(unit, variants, name)


def line_of(element: etree._Element) -> int:
    """Return the line of the file in which an element begins, counted from 1; 0 if unknown."""
    return cast("int | None", element.sourceline) or 0


def text_of(segment: etree._Element) -> str:
    """Return all text of a segment, including that of its inline codes."""
    return "".join(map(str, segment.itertext())) if len(segment) else segment.text or ""


@lru_cache(maxsize=1000)
def language_problem(code: str) -> tuple[Severity, str] | None:
    """Return what is wrong with a language code.

    Args:
        code: an xml:lang or srclang.

    Returns:
        Severity and message, or None if tools know the code.
    """
    if "_" in code:
        return (
            Severity.ERROR,
            f"language code {code} has an underscore; OmegaT skips its texts: write {code.replace('_', '-')}",
        )
    if not langcodes.tag_is_valid(code):
        return (
            Severity.ERROR,
            f'language code "{code}" is not a BCP 47 tag; OmegaT skips its texts, and Weblate refuses the whole file: '
            "write a tag such as fr, pt-BR or zh-Hans",
        )
    standard = langcodes.standardize_tag(code)
    if len(code.split("-")[0]) > len(standard.split("-")[0]):
        return Severity.WARNING, f"language code {code}: OmegaT skips its texts; write {standard}"
    return None


def _finding(element: etree._Element, unit: str | None, severity: Severity, message: str) -> Finding:
    return Finding(line_of(element), unit, severity, message)


def _languages(unit: etree._Element, variants: list[etree._Element], name: str) -> Iterator[Finding]:
    codes = [(variant, code) for variant in variants if (code := variant.get(XML_LANG)) is not None]
    for variant, code in codes:
        if problem := language_problem(code):
            yield _finding(variant, name, *problem)
    for code, count in Counter(code.lower() for _, code in codes).items():
        if count > 1:
            message = (
                f"{count} variants in {code}; most tools keep only one: write the others as further units"
            )
            yield _finding(unit, name, Severity.WARNING, message)
    for variant in variants:
        if variant.get(XML_LANG) is None and variant.get("lang"):  # libxml2 accepts one for the other
            message = f'tuv has lang="{variant.get("lang")}"; since TMX 1.3 it must be xml:lang'
            yield _finding(variant, name, Severity.ERROR, message)
    if len(variants) == 1:
        yield _finding(
            unit, name, Severity.WARNING, "only one language; no tool can use it: add the translation"
        )


def _source(
    unit: etree._Element, variants: list[etree._Element], name: str, source: str | None
) -> Iterator[Finding]:
    """Check that one variant is in the source language, or at least in another regional form of it."""
    codes = [code.lower() for variant in variants if (code := variant.get(XML_LANG))]
    if not codes or source is None or source == ALL_LANGUAGES or source.lower() in codes:
        return
    related = [code for code in codes if code.split("-")[0] == source.lower().split("-")[0]]
    if related:
        message = f"srclang {source} appears as {related[0]}; strict tools skip the unit: use the same code"
        yield _finding(unit, name, Severity.WARNING, message)
    else:
        message = (
            f"no variant in the source language {source}, only in {', '.join(codes)}; tools skip the unit: "
            "add one, or give the unit its own srclang"
        )
        yield _finding(unit, name, Severity.ERROR, message)


def _dates(element: etree._Element, name: str | None) -> Iterator[Finding]:
    for attribute in _DATES:
        value = element.get(attribute)
        if value is not None and not _is_date(value):
            message = f'{attribute} "{value}" is not a date of the form YYYYMMDDThhmmssZ; OmegaT drops it'
            yield _finding(element, name, Severity.WARNING, message)


@lru_cache(maxsize=1000)
def _is_date(value: str) -> bool:
    try:
        return bool(_DATE.fullmatch(value) and datetime.strptime(value, DATE_FORMAT))
    except ValueError:
        return False


def _text(segment: etree._Element, name: str) -> Iterator[Finding]:
    text = text_of(segment)
    if not text.strip() and not len(segment):
        message = "empty segment; OmegaT uses it as a translation, and the text is lost: remove the variant"
        yield _finding(segment, name, Severity.ERROR, message)
    elif text != text.strip():
        message = "white space around the text of the segment; OmegaT finds no exact match: remove it"
        yield _finding(segment, name, Severity.WARNING, message)
    for tool, longest in _LONGEST.items():
        if len(text) > longest:
            message = f"{len(text):,} characters; {tool} accepts at most {longest:,}, and leaves the unit out"
            yield _finding(segment, name, Severity.NOTE, message)


def _inline(segment: etree._Element, name: str) -> Iterator[Finding]:
    """Check that every bpt has one ept with the same i (TMX 1.4b, section 4.2)."""
    if not len(segment):
        return
    begins, ends = (Counter(code.get("i") for code in segment.iter(tag)) for tag in ("bpt", "ept"))
    for i in sorted({i for i in begins | ends if i is not None}):
        if begins[i] != 1 or ends[i] != 1:
            message = (
                f'{begins[i]} bpt and {ends[i]} ept have i="{i}"; tools drop the tags, or refuse the unit: each pair '
                "needs exactly one of each, with its own i"
            )
            yield _finding(segment, name, Severity.ERROR, message)


def _tags(unit: etree._Element, variants: list[etree._Element], name: str) -> Iterator[Finding]:
    """Check that each tag of one language, identified by x, is in the other languages too (TMX 1.4b, section 4.2)."""
    numbers = [
        {
            code.get("x")
            for segment in variant.iterfind("seg")
            if len(segment)
            for code in segment.iter("bpt", "it", "ph", "hi", "ut")
        }
        - {None}
        for variant in variants
    ]
    if not any(numbers):
        return
    every = set[str | None]().union(*numbers)
    for variant, own in zip(variants, numbers, strict=True):
        if missing := every - own:
            message = (
                f"the tags x={', '.join(sorted(map(str, missing)))} of another language are not in "
                f"{variant.get(XML_LANG)}; tools insert the translation without them: correct the tags"
            )
            yield _finding(variant, name, Severity.WARNING, message)
