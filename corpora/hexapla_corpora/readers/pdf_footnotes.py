"""Footnotes at the ends of PDF pages: in smaller type, below a short rule, or beginning with a mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hexapla_corpora.readers.pdf_glyphs import Rule
from hexapla_corpora.readers.pdf_lines import Line
from hexapla_corpora.readers.typography import superscript_mark

_MARK = re.compile(
    r"(?P<mark>\*{1,4}|[†‡§]|[⁰¹²³⁴-⁹]{1,3}|[ᵃ-ᶻ]{1,2}|(?P<plain>\d{1,3}))(?![\d.,/:)\-–])\s*(?P<text>\S.*)"
)
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_UNDERSCORES = re.compile(r"_{5,}")
_SHORTEST_RULE = 30.0
_LONGEST_RULE = 0.55
_SMALLER = 0.95


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, or the part of a footnote on one page.

    Attributes:
        mark: its mark in superscript characters; None if it continues a note from the previous page.
        lines: its lines, without the mark.
        page: page number, from 1.
    """

    mark: str | None
    lines: tuple[str, ...]
    page: int


def split_footnotes(
    lines: Sequence[Line], rules: Iterable[Rule], body_size: float, width: float
) -> tuple[list[Line], list[Line]]:
    """Split the lines of a page into its text and its footnotes.

    Args:
        lines: lines of the page from top to bottom, without furniture.
        rules: thin straight lines on the page.
        body_size: main font size of the document.
        width: width of the page.

    Returns:
        The lines of the text and the lines of the footnotes.
    """
    heights = [
        rule.top
        for rule in rules
        if rule.horizontal and _SHORTEST_RULE <= rule.right - rule.left <= _LONGEST_RULE * width
    ]
    heights += [line.baseline for line in lines if _UNDERSCORES.fullmatch(line.text)]
    lines = [line for line in lines if not _UNDERSCORES.fullmatch(line.text)]
    for height in sorted(heights):
        below = [line for line in lines if line.baseline < height]
        if below and _is_note_area(below, body_size):
            return [line for line in lines if line.baseline >= height], below
    return _split_by_size(lines, body_size)


def read_notes(lines: Sequence[Line], last_number: int) -> list[Note]:
    """Return the footnotes of a page.

    Args:
        lines: their lines.
        last_number: number of the last footnote on earlier pages; 0 if there is none.

    Returns:
        The notes; the first has no mark if it continues a note from the previous page.
    """
    notes: list[Note] = []
    for line in lines:
        match = _MARK.fullmatch(line.text)
        number = _number(match) if match else None
        plain = match is not None and match["plain"] is not None
        expected = number is not None and (number == last_number + 1 or (number == 1 and not notes))
        if match and (not plain or expected):
            last_number = number if number is not None else last_number
            notes.append(Note(superscript_mark(match["mark"]), (match["text"],), line.page))
        elif notes:
            notes[-1] = Note(notes[-1].mark, (*notes[-1].lines, line.text), notes[-1].page)
        else:
            notes.append(Note(None, (line.text,), line.page))
    return notes


def mark_number(mark: str) -> int | None:
    """Return the number of a mark in superscript digits, or None."""
    digits = mark.translate(_DIGITS)
    return int(digits) if digits.isdecimal() else None


def _number(match: re.Match[str]) -> int | None:
    return int(match["plain"]) if match["plain"] else mark_number(match["mark"])


def _is_note_area(lines: Sequence[Line], body_size: float) -> bool:
    small = sum(line.size <= _SMALLER * body_size for line in lines) * 2 > len(lines)
    marked = _MARK.fullmatch(lines[0].text) is not None
    return small or (marked and len(lines) < 30)


def _split_by_size(lines: Sequence[Line], body_size: float) -> tuple[list[Line], list[Line]]:
    """Split off the small lines at the foot of a page without a rule, from the first that begins with a mark."""
    start = len(lines)
    while start and lines[start - 1].size <= _SMALLER * body_size:
        start -= 1
    if start == 0:
        return list(lines), []
    while start < len(lines) and not _MARK.fullmatch(lines[start].text):
        start += 1
    return list(lines[:start]), list(lines[start:])
