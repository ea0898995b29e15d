"""Page furniture of a PDF: headers, footers and page numbers, told by their places and their repetition."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from hexapla_corpora.readers.pdf_lines import Line

_OUTER_LINES = 4
_SAME_HEIGHT = 3.0
_OUTER_PART = 0.12
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
_ALWAYS = re.compile(
    r"[-–—]?\s?\d{1,4}\s?[-–—]?|\d{1,4}\s?/\s?\d{1,4}|\*?\d{7,8}\*|\*\d{7,8}"
    r"|\d{2}-\d{5}(?:\s?\([A-Z]\))?(?:\s+\d{6})*"
    r"|第\s?\d{1,4}\s?[页頁](?:.{0,3}共\s?\d{1,4}\s?[页頁])?"
    r"|(?:page|página|pág\.|стр\.|страница|صفحة|الصفحة)\s?\d{1,4}(?:\s?(?:/|of|de|sur|из|من)\s?\d{1,4})?",
    re.IGNORECASE,
)


def find_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[tuple[float, float]]) -> list[set[int]]:
    """Find the lines that belong to the page and not to the text.

    Args:
        pages: lines of each page, from top to bottom.
        heights: bottom and top edge of each page, in points.

    Returns:
        For each page the indices of its furniture.
    """
    outer = [_outer_lines(lines) for lines in pages]
    repeated = _repeated(pages, outer)
    furniture = []
    for number, (lines, (bottom, top)) in enumerate(zip(pages, heights, strict=True)):
        margin = _OUTER_PART * (top - bottom)
        found = {
            place
            for place in outer[number]
            if (number, place) in repeated
            or (
                _ALWAYS.fullmatch(lines[place].text.strip())
                and not bottom + margin < lines[place].baseline < top - margin
            )
        }
        furniture.append(_outside_text(lines, found))
    return furniture


def _outer_lines(lines: Sequence[Line]) -> set[int]:
    """Return the indices of the lines on the first and last few baselines."""
    rows: list[list[int]] = []
    for place, line in enumerate(lines):
        if rows and abs(lines[rows[-1][0]].baseline - line.baseline) < 1:
            rows[-1].append(place)
        else:
            rows.append([place])
    outer = rows if len(rows) <= 2 * _OUTER_LINES else [*rows[:_OUTER_LINES], *rows[-_OUTER_LINES:]]
    return {place for row in outer for place in row}


def _repeated(pages: Sequence[Sequence[Line]], outer: Sequence[set[int]]) -> set[tuple[int, int]]:
    """Page and line of texts that stand at one height on several pages, but for their digits."""
    places: Mapping[str, list[tuple[int, int]]] = defaultdict(list)
    for number, lines in enumerate(pages):
        for place in outer[number]:
            places[_BLANKS.sub("", _DIGITS.sub("0", lines[place].text))].append((number, place))
    repeated: set[tuple[int, int]] = set()
    for found in places.values():
        for number, place in found:
            baseline = pages[number][place].baseline
            if any(
                other != number and abs(pages[other][there].baseline - baseline) < _SAME_HEIGHT
                for other, there in found
            ):
                repeated.add((number, place))
    return repeated


def _outside_text(lines: Sequence[Line], found: set[int]) -> set[int]:
    """Of the lines found, those with no line of text between them and the edge of the page."""
    first_text = next((place for place in range(len(lines)) if place not in found), len(lines))
    last_text = next((place for place in reversed(range(len(lines))) if place not in found), -1)
    top = lines[first_text].baseline if first_text < len(lines) else float("-inf")
    bottom = lines[last_text].baseline if last_text >= 0 else float("inf")
    return {
        place for place in found if lines[place].baseline >= top - 1 or lines[place].baseline <= bottom + 1
    }
