"""Columns of two-column PDF pages, split at the gutter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hexapla_corpora.readers.pdf_glyphs import Glyph

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
_FEWEST_ROWS = 6
_HALF_GUTTER = 4.0
_STEP = 2.0
_MIDDLE = (0.35, 0.65)
_FILLED = 0.6
_FILLED_ROWS = 0.4
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
    """Group glyphs, including spaces, by baseline, from top to bottom."""
    ordered = sorted(glyphs, key=lambda glyph: (-round(glyph.baseline), glyph.left))
    return [list(row) for _, row in groupby(ordered, key=lambda glyph: round(glyph.baseline))]


def _gutter(rows: Sequence[Sequence[Glyph]], left: float, right: float) -> tuple[float, int, int] | None:
    """Return the position of the gutter with the most rows on both sides, and the range of rows that it splits."""
    width = right - left
    gutters = np.arange(left + _MIDDLE[0] * width, left + _MIDDLE[1] * width, _STEP)
    crossed = np.array([_crossed(row, gutters) for row in rows], dtype=bool).reshape(len(rows), len(gutters))
    best: tuple[int, float, int, int] | None = None
    for gutter, column in zip(gutters.tolist(), crossed.T, strict=True):
        for first, last in _free_runs(column):
            filled = _filled_rows(rows[first:last], gutter, width)
            if filled >= _FEWEST_ROWS and (best is None or filled > best[0]):
                best = filled, gutter, first, last
    return None if best is None else best[1:]


def _crossed(row: Sequence[Glyph], gutters: FloatArray) -> BoolArray:
    """Return for each gutter whether something is printed on it."""
    printed = [glyph for glyph in row if not glyph.text.isspace()]
    starts = np.array([glyph.left for glyph in printed]) - _HALF_GUTTER
    ends = np.array([glyph.right for glyph in printed]) + _HALF_GUTTER
    inside = (starts[:, None] < gutters) & (gutters < ends[:, None])
    return cast(BoolArray, inside.any(axis=0))


def _free_runs(crossed: BoolArray) -> list[tuple[int, int]]:
    """Return the runs, of enough rows, in which nothing is printed on the gutter."""
    borders = np.flatnonzero(np.concatenate(([True], crossed, [True])))
    runs = zip(borders[:-1].tolist(), (borders[1:] - 1).tolist(), strict=True)
    return [(first, last) for first, last in runs if last - first >= _FEWEST_ROWS]


def _filled_rows(rows: Sequence[Sequence[Glyph]], gutter: float, width: float) -> int:
    """Count the rows of the side that has fewer, if enough rows on each side fill their column; else return 0."""
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
        if column < _NARROWEST_COLUMN * width or filled < _FILLED_ROWS * len(spans):
            return 0
        counts.append(len(spans))
    return min(counts)
