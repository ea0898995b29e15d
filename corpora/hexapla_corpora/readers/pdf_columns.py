"""Two-column pages of a PDF: finds the gutter and takes the columns apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from hexapla_corpora.readers.pdf_glyphs import Glyph

_FEWEST_ROWS = 6
_HALF_GUTTER = 4.0
_STEP = 2.0
_MIDDLE = (0.35, 0.65)
_FILLED = 0.6
_NARROWEST_COLUMN = 0.2


def split_columns(
    glyphs: Sequence[Glyph], left: float, right: float, right_to_left: bool
) -> list[tuple[int, list[Glyph]]]:
    """Split the glyphs of a page into parts that are read one after the other.

    Args:
        glyphs: characters of the page's text.
        left: left edge of the page.
        right: right edge of the page.
        right_to_left: whether the right column is read first.

    Returns:
        Parts in reading order, each with the number of its column, from 1; 0 for a part as wide as the page.
    """
    rows = _rows(glyphs)
    found = _gutter(rows, left, right)
    if found is None:
        return [(0, list(glyphs))]
    gutter, first, last = found
    above = [glyph for row in rows[:first] for glyph in row]
    below = [glyph for row in rows[last:] for glyph in row]
    columns = [
        [glyph for row in rows[first:last] for glyph in row if (glyph.left < gutter) is is_left]
        for is_left in ((False, True) if right_to_left else (True, False))
    ]
    parts = [(0, above), (1, columns[0]), (2, columns[1]), (0, below)]
    return [part for part in parts if part[1]]


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Gather glyphs and blanks by baseline, from top to bottom."""
    ordered = sorted(glyphs, key=lambda glyph: (-round(glyph.baseline), glyph.left))
    return [list(row) for _, row in groupby(ordered, key=lambda glyph: round(glyph.baseline))]


def _gutter(rows: Sequence[Sequence[Glyph]], left: float, right: float) -> tuple[float, int, int] | None:
    """Place of the gutter with the most rows on both sides of it, and the rows that it parts."""
    best: tuple[int, float, int, int] | None = None
    width = right - left
    steps = int((_MIDDLE[1] - _MIDDLE[0]) * width / _STEP)
    for step in range(steps):
        gutter = left + _MIDDLE[0] * width + step * _STEP
        for first, last in _free_runs(rows, gutter):
            filled = _filled_rows(rows[first:last], gutter, width)
            if filled >= _FEWEST_ROWS and (best is None or filled > best[0]):
                best = filled, gutter, first, last
    return None if best is None else best[1:]


def _free_runs(rows: Sequence[Sequence[Glyph]], gutter: float) -> list[tuple[int, int]]:
    """Find the runs of rows in which nothing is printed at the gutter."""
    runs = []
    start = 0
    for place, row in enumerate([*rows, None]):
        crossed = row is None or any(
            glyph.left < gutter + _HALF_GUTTER and glyph.right > gutter - _HALF_GUTTER
            for glyph in row
            if not glyph.text.isspace()
        )
        if crossed:
            if place - start >= _FEWEST_ROWS:
                runs.append((start, place))
            start = place + 1
    return runs


def _filled_rows(rows: Sequence[Sequence[Glyph]], gutter: float, width: float) -> int:
    """Count the rows of the emptier side, if most of the rows on each side fill their column; else 0."""
    counts = []
    for is_left in (True, False):
        spans = [
            (min(glyph.left for glyph in side), max(glyph.right for glyph in side))
            for row in rows
            if (side := [g for g in row if (g.left < gutter) is is_left and not g.text.isspace()])
        ]
        if not spans:
            return 0
        column = max(span[1] for span in spans) - min(span[0] for span in spans)
        filled = sum(end - start > _FILLED * column for start, end in spans)
        if column < _NARROWEST_COLUMN * width or filled < _FILLED * len(spans):
            return 0
        counts.append(len(spans))
    return min(counts)
