"""Placeables: numbers, dates, symbols, tags and item marks, which a translation takes over as they are.

The term is used by translation memory systems (LISA's TMX, the Translate Toolkit). If two texts differ only in
placeables, the translation of one becomes that of the other once its placeables are substituted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from hexapla.compare.numbers import (
    date_at,
    mark_end,
    mark_for,
    read_date,
    read_number,
    write_date,
    write_number,
)
from hexapla.text import western_digits, with_thousands_in_order


class PlaceableKind(StrEnum):
    """Kinds of placeables."""

    TAG = "tag"
    ADDRESS = "address"
    SYMBOL = "symbol"
    DATE = "date"
    NUMBER = "number"


_TAG = re.compile(r"</?[A-Za-z][^<>]*>|\{\{?[\w.]*\}?\}|\$\{\w+\}|%(?:\d+\$)?[sd]")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\u3000-\u9fff，。]*[^\s<>.,;:)\u3000-\u9fff，。]|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w"
)
_SYMBOL = re.compile(r"[A-Z]{1,8}(?:/[A-Z0-9][A-Za-z0-9.-]*(?:\([A-Z0-9]+\))?)+")
_FIGURE = re.compile(r"\d+")
_NUMBER = re.compile(r"(?:\d{1,3}(?:[.,\u066c\u00a0\u202f\u2009 '’]\d{3})+(?!\d)|\d+)(?:[.,\u066b]\d+)?")
_MARKED = (
    (PlaceableKind.TAG, _TAG, "<{$%"),
    (PlaceableKind.ADDRESS, _ADDRESS, ("://", "www.", "@")),
    (PlaceableKind.SYMBOL, _SYMBOL, "/"),
)
"""Placeables that contain certain characters; a text without any of these need not be searched."""
Span = tuple[PlaceableKind, int, int]
_STAND_INS = {kind: chr(0xE000 + place) for place, kind in enumerate(PlaceableKind)}


@dataclass(frozen=True, slots=True)
class Placeable:
    """A placeable in a text.

    Attributes:
        kind: its kind.
        start: where it begins, in characters.
        end: where it ends.
        text: its text, as printed.
    """

    kind: PlaceableKind
    start: int
    end: int
    text: str

    def value(self, language: str) -> object:
        """Return its value, which is the same in all languages.

        Args:
            language: BCP 47 tag of the text, which determines the decimal mark.

        Returns:
            A date, a number in plain digits, or the text itself.
        """
        if self.kind is PlaceableKind.DATE:
            return read_date(self.text) or self.text
        return read_number(self.text, language) if self.kind is PlaceableKind.NUMBER else self.text


@dataclass(frozen=True, slots=True)
class Substitution:
    """A placeable of the query that was put into a translation.

    Attributes:
        start: where it begins in the resulting text, in characters.
        end: where it ends.
        before: the text that was replaced.
        after: the text that replaced it.
    """

    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A translation with the placeables of the query.

    Attributes:
        text: the translation.
        substitutions: the placeables that were put into it, in the order of the text.
        missing: placeables of the query that differ from those of the source, but whose place in the translation is
            not certain, so that a person must put them in.
    """

    text: str
    substitutions: tuple[Substitution, ...] = ()
    missing: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def placeables(text: str) -> tuple[Placeable, ...]:
    """Find the placeables of a text.

    Args:
        text: a text in any language.

    Returns:
        The placeables in the order of the text; none overlaps another.
    """
    ordered = with_thousands_in_order(text)
    return tuple(
        Placeable(kind, start, end, ordered[start:end])
        for kind, start, end in sorted(_spans(ordered), key=_start)
    )


@lru_cache(maxsize=256)
def skeleton(text: str) -> str:
    """Return the text after its item mark, without tags, and with one character for each other placeable."""
    text, parts, done = text[mark_end(text) :], [], 0
    spans = sorted(_spans(text), key=_start)
    for kind, start, end in spans:
        parts += [text[done:start], "" if kind is PlaceableKind.TAG else _STAND_INS[kind]]
        done = end
    plain = "".join(parts) + text[done:] if parts else text
    return _single_spaced(plain) if any(kind is PlaceableKind.TAG for kind, *_ in spans) else plain


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _tags(text: str) -> list[str]:
    return [each.text for each in placeables(text) if each.kind is PlaceableKind.TAG]


def _untagged(text: str) -> str:
    """Return a text without tags and without the double spaces that they leave."""
    parts, done = [], 0
    for each in placeables(text):
        if each.kind is PlaceableKind.TAG:
            parts.append(text[done : each.start])
            done = each.end
    return _single_spaced("".join(parts) + text[done:]) if done else text


def _spans(text: str) -> list[Span]:
    """Kind, start and end of the placeables of a text, in no particular order."""
    spans: list[Span] = []
    taken = bytearray(len(text))  # characters that are part of a placeable
    for kind, pattern, marks in _MARKED:
        if any(mark in text for mark in marks):
            for found in pattern.finditer(text):
                _take((kind, *found.span()), spans, taken)
    for figure in _FIGURE.finditer(text):
        if not taken[figure.start()]:
            any(_take(span, spans, taken) for span in _date_or_number(text, *figure.span()))
    return spans


def _take(span: Span, spans: list[Span], taken: bytearray) -> bool:
    """Add a placeable unless it overlaps another; return whether it was added."""
    _, start, end = span
    if any(taken[start:end]):
        return False
    taken[start:end] = b"\1" * (end - start)
    spans.append(span)
    return True


def _date_or_number(text: str, start: int, end: int) -> Iterator[Span]:
    """What the figure may be part of, the longest first: a date, a number with separators, the figure itself."""
    if date := date_at(text, start):
        yield PlaceableKind.DATE, *date
    if number := _NUMBER.match(text, start):
        yield PlaceableKind.NUMBER, *number.span()
    yield PlaceableKind.NUMBER, start, end


def _start(span: Span) -> int:
    return span[1]


def differ_in_placeables(query: str, source: str) -> bool:
    """Return whether two texts differ, but only in placeables."""
    return query != source and skeleton(query) == skeleton(source)


def repair(query: str, source: str, target: str, languages: tuple[str, str]) -> Repaired:
    """Put the placeables of a query into the translation of a text that differs from it only in placeables.

    An item mark counts as a placeable, and may be missing in either text. Numbers and dates are written the way the
    translation writes those they replace, with its digits, separators, decimal mark and month names.

    Args:
        query: text to translate.
        source: a text with the same skeleton.
        target: its translation.
        languages: BCP 47 tags of source and target.

    Returns:
        The translation of the query. A placeable is substituted only if the translation has its old value: as often as
        the source has it, or any number of times if all new values are the same. If query and source do not have the
        same number of tags, the translation has none, and those of the query are missing.
    """
    ends = [mark_end(text) for text in (query, source, target)]
    rests = [text[end:] for text, end in zip((query, source, target), ends, strict=True)]
    mark, old = mark_for(query[: ends[0]], source[: ends[1]], target[: ends[2]]), target[: ends[2]]
    repaired = _repair(rests[0], rests[1], rests[2], languages)
    moved = [
        replace(each, start=each.start + len(mark), end=each.end + len(mark))
        for each in repaired.substitutions
    ]
    marked = [] if mark == old else [Substitution(0, len(mark), old, mark)]
    return Repaired(mark + repaired.text, (*marked, *moved), repaired.missing)


def _repair(query: str, source: str, target: str, languages: tuple[str, str]) -> Repaired:
    """Repair a translation, given texts without their item marks."""
    tags = _tags(query)
    if len(tags) != len(_tags(source)):
        plain = _repair(_untagged(query), _untagged(source), _untagged(target), languages)
        return replace(plain, missing=(*dict.fromkeys(tags), *plain.missing))
    replacements, missing = _replacements(query, source, languages[0]), []
    places: dict[object, list[Placeable]] = defaultdict(list)
    for each in placeables(target):
        places[each.value(languages[1])].append(each)
    edits: list[tuple[Placeable, str]] = []
    for value, new in replacements.items():
        if all(each.value(languages[0]) == value for each in new):
            continue
        written = _assigned(new, places.get(value, []), languages)
        if written is None:
            missing += [each.text for each in new if each.value(languages[0]) != value]
        else:
            edits += written
    text, substitutions = _edited(target, edits)
    return Repaired(text, substitutions, tuple(dict.fromkeys(missing)))


def _replacements(query: str, source: str, language: str) -> dict[object, list[Placeable]]:
    """For each value in the source, the placeables of the query at its places."""
    replacements: dict[object, list[Placeable]] = defaultdict(list)
    for new, old in zip(placeables(query), placeables(source), strict=True):
        replacements[old.value(language)].append(new)
    return replacements


def _assigned(
    new: Sequence[Placeable], old: Sequence[Placeable], languages: tuple[str, str]
) -> list[tuple[Placeable, str]] | None:
    """Placeables of the target, each with the text that replaces it; None if the assignment is not certain."""
    values = {each.value(languages[0]) for each in new}
    if not old or (len(values) > 1 and len(new) != len(old)):
        return None
    chosen = new if len(new) == len(old) else [new[0]] * len(old)
    written = [(place, _written(each, place, languages)) for each, place in zip(chosen, old, strict=True)]
    return (
        [(place, text) for place, text in written if text is not None]
        if all(text is not None for _, text in written)
        else None
    )


def _written(new: Placeable, place: Placeable, languages: tuple[str, str]) -> str | None:
    value = new.value(languages[0])
    if place.kind is PlaceableKind.DATE:
        date = read_date(new.text)
        return write_date(date, place.text) if date else None
    if place.kind is PlaceableKind.NUMBER:
        return write_number(str(value), new.text, place.text, languages[1])
    return western_digits(new.text) if isinstance(value, str) else None


def _edited(text: str, edits: Sequence[tuple[Placeable, str]]) -> tuple[str, tuple[Substitution, ...]]:
    result, end, done = "", 0, []
    for place, new in sorted(edits, key=lambda edit: edit[0].start):
        result += text[end : place.start]
        if new != place.text:
            done.append(Substitution(len(result), len(result) + len(new), place.text, new))
        result += new
        end = place.end
    return result + text[end:], tuple(done)
