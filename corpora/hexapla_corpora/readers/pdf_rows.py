"""Rows of glyphs on a PDF page, and their segments between wide gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from hexapla_corpora.readers.pdf_bidi import has_right_to_left
from hexapla_corpora.readers.pdf_glyphs import Glyph

_SAME_BASELINE = 0.12
_RAISED = (0.12, 0.75)
_LOWERED = 0.35
_SMALLER = 0.86
_NEAR = 1.5
_LONGEST_CLUSTER = 2
_GAP_OF_SEGMENTS = 2.5
_GAP_AFTER_NUMBER = 8
_EVEN = 0.05
_WIDEST_SPACE = 4
_MARK_RISE = 0.6
_MARK_SLACK = 0.1


@dataclass(slots=True)
class Row:
    """Glyphs on one baseline.

    Attributes:
        baseline: height of the baseline.
        size: main font size.
        glyphs: the characters.
        raised: places of the glyphs that are raised above the baseline.
    """

    baseline: float
    size: float
    glyphs: list[Glyph]
    raised: set[int]


def build_rows(glyphs: Iterable[Glyph]) -> list[Row]:
    """Group glyphs into rows from top to bottom; small raised or lowered glyphs join the row they belong to."""
    rows: list[Row] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.baseline):
        if rows and rows[-1].baseline - glyph.baseline <= _SAME_BASELINE * glyph.size:
            rows[-1].glyphs.append(glyph)
        else:
            rows.append(Row(glyph.baseline, glyph.size, [glyph], set()))
    for row in rows:
        row.size = median(glyph.size for glyph in row.glyphs)
    for place, row in enumerate(rows):
        for other in (*rows[max(0, place - 3) : place], *rows[place + 1 : place + 4]):
            _move_small(row, other)
    return [row for row in rows if any(not glyph.text.isspace() for glyph in row.glyphs)]


def _move_small(row: Row, other: Row) -> None:
    """Move runs of glyphs that are superscripts, subscripts or stacked Arabic letters of another row to that row."""
    rise = (row.baseline - other.baseline) / other.size
    if not (_RAISED[0] < rise < _RAISED[1] or -_LOWERED < rise < 0):
        return
    stay: list[Glyph] = []
    for run in _runs(sorted(row.glyphs, key=lambda glyph: glyph.origin)):
        small = all(glyph.size <= _SMALLER * other.size for glyph in run)
        stacked = len(run) <= _LONGEST_CLUSTER and has_right_to_left("".join(glyph.text for glyph in run))
        if (small or stacked) and _beside(run, other.glyphs, other.size):
            other.glyphs.extend(glyph for glyph in run if small or not _drawn(glyph, other.glyphs))
            other.raised.update(glyph.place for glyph in run if rise > 0)
        else:
            stay.extend(run)
    row.glyphs = stay


def _drawn(glyph: Glyph, others: Sequence[Glyph]) -> bool:
    """Whether a row already has this letter at its position: some fonts map a mark to both the letter and the mark."""
    return any(
        other.text == glyph.text and other.left < glyph.right and glyph.left < other.right for other in others
    )


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and glyph.left - run[-1].right > 0.5 * glyph.size:
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _beside(run: Sequence[Glyph], glyphs: Sequence[Glyph], size: float) -> bool:
    left, right = run[0].left, run[-1].right
    return any(
        glyph.size >= run[0].size
        and not glyph.text.isspace()
        and glyph.left - right < _NEAR * size
        and left - glyph.right < _NEAR * size
        for glyph in glyphs
    )


def split_segments(glyphs: Sequence[Glyph], right_to_left: bool) -> list[list[Glyph]]:
    """Split a row at gaps too wide for a space; space characters do not fill a gap.

    Args:
        glyphs: the glyphs of the row from left to right.
        right_to_left: whether the document is written from right to left.

    Returns:
        The segments in reading order; a number stays with the text that follows it after a tab.
    """
    widest = _widest_gap(glyphs)
    parts: list[list[Glyph]] = []
    end = 0.0
    for glyph in glyphs:
        if glyph.text.isspace():
            if parts:
                parts[-1].append(glyph)
            continue
        if not parts or glyph.left - end > widest:
            parts.append([])
        parts[-1].append(glyph)
        end = max(end, glyph.right)
    segments: list[list[Glyph]] = []
    for part in reversed(parts) if right_to_left else parts:
        widest = _GAP_AFTER_NUMBER * part[0].size
        if segments and _is_number(segments[-1]) and _gap(segments[-1], part) < widest:
            segments[-1] = sorted((*segments[-1], *part), key=lambda glyph: (glyph.origin, glyph.place))
        else:
            segments.append(part)
    return segments


def _widest_gap(glyphs: Sequence[Glyph]) -> float:
    """Return the widest gap that is a space between words; in a justified line all spaces have the same width."""
    printed = [glyph for glyph in glyphs if not glyph.text.isspace()]
    usual = _GAP_OF_SEGMENTS * median(glyph.size for glyph in printed)
    gaps = sorted(after.left - before.right for before, after in pairwise(printed))
    wide = [gap for gap in gaps if gap > usual]
    words = [gap for gap in gaps if gap > usual / 2]
    even = len(wide) > 1 and len(words) == len(wide) and wide[-2] - wide[0] < _EVEN * wide[0]
    return wide[-1] if even and wide[-1] < _WIDEST_SPACE * usual else usual


def _gap(first: Sequence[Glyph], second: Sequence[Glyph]) -> float:
    return max(second[0].left - first[-1].right, first[0].left - second[-1].right)


def _is_number(segment: Sequence[Glyph]) -> bool:
    """Whether a segment is only a number or mark, which a tab separates from its paragraph."""
    text = "".join(glyph.text for glyph in segment).strip()
    return len(text) <= 6 and (len(text) == 1 or text[-1] in ".)-–—、" or text[0] in "(-–")


def add_marks(segment: Sequence[Glyph], marks: Sequence[Glyph]) -> list[Glyph]:
    """Add combining marks to the text of the glyphs that they are above or below."""
    added: dict[int, str] = {}
    for mark in marks:
        centre = (mark.left + mark.right) / 2
        near = [glyph for glyph in segment if _can_carry(glyph, mark, centre)]
        if near:
            base = min(near, key=lambda glyph: abs((glyph.left + glyph.right) / 2 - centre))
            if mark.text not in added.get(base.place, ""):
                added[base.place] = added.get(base.place, "") + mark.text
    return [
        replace(glyph, text=glyph.text + added[glyph.place]) if glyph.place in added else glyph
        for glyph in segment
    ]


def _can_carry(glyph: Glyph, mark: Glyph, centre: float) -> bool:
    """Whether a combining mark, with its centre at this position, may belong to a glyph."""
    slack = _MARK_SLACK * glyph.size
    beside = glyph.left - slack <= centre <= glyph.right + slack
    return (
        beside and abs(glyph.baseline - mark.baseline) < _MARK_RISE * glyph.size and not glyph.text.isspace()
    )
