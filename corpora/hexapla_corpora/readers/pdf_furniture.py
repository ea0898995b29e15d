"""Page furniture of a PDF: headers, footers and page numbers, recognised by position and repetition."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from hexapla_corpora.readers.pdf_lines import Line
from hexapla_corpora.symbols import find_symbol

_FEWEST_PAGES = 2
_LONG = 60
_GAP = 1.8
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
    """Find the lines that are page furniture.

    Args:
        pages: lines of each page, from top to bottom.
        heights: bottom and top edge of each page, in points.

    Returns:
        The indices of the furniture lines of each page.
    """
    rows = [_rows(lines) for lines in pages]
    repeated = _repeated(pages)
    furniture = []
    for number, (lines, (bottom, top)) in enumerate(zip(pages, heights, strict=True)):
        margin = _OUTER_PART * (top - bottom)
        known = [
            not bottom + margin < line.baseline < top - margin
            and (_is_sure(line) or (number, place) in repeated)
            for place, line in enumerate(lines)
        ]
        from_top = _outermost(lines, rows[number], known)
        from_bottom = _outermost(lines, rows[number][::-1], known)
        furniture.append(from_top | from_bottom)
    return furniture


def _is_sure(line: Line) -> bool:
    return _ALWAYS.fullmatch(line.text.strip()) is not None


def _rows(lines: Sequence[Line]) -> list[list[int]]:
    """Group the indices of lines by baseline, from top to bottom."""
    rows: list[list[int]] = []
    for place, line in enumerate(lines):
        if rows and abs(lines[rows[-1][0]].baseline - line.baseline) < 1:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


def _repeated(pages: Sequence[Sequence[Line]]) -> set[tuple[int, int]]:
    """Find the page and line of texts that, apart from digits, recur at the same height on several pages.

    A long text without a document symbol must be on three pages: it may be the beginning of a paragraph.
    """
    places: Mapping[str, list[tuple[int, int]]] = defaultdict(list)
    for number, lines in enumerate(pages):
        for place, line in enumerate(lines):
            places[_BLANKS.sub("", _DIGITS.sub("0", line.text))].append((number, place))
    repeated: set[tuple[int, int]] = set()
    for text, found in places.items():
        for number, place in found:
            line = pages[number][place]
            level = {
                other
                for other, there in found
                if abs(pages[other][there].baseline - line.baseline) < _SAME_HEIGHT
            }
            if len(level) >= (
                _FEWEST_PAGES if len(text) < _LONG or find_symbol(line.text) else _FEWEST_PAGES + 1
            ):
                repeated.add((number, place))
    return repeated


def _outermost(lines: Sequence[Line], rows: Sequence[Sequence[int]], known: Sequence[bool]) -> set[int]:
    """Return the lines of known rows at an edge of the page, up to a gap before the text."""
    count = 0
    while count < len(rows) and all(known[place] for place in rows[count]):
        count += 1
    while 0 < count < len(rows):
        last, text = lines[rows[count - 1][0]], lines[rows[count][0]]
        if _is_sure(last) or abs(last.baseline - text.baseline) > _GAP * text.size:
            break
        count -= 1
    return {place for row in rows[:count] for place in row}
