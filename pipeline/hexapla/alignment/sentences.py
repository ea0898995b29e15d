"""Alignment of the sentences inside aligned paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hexapla.alignment.calibration import Calibration
from hexapla.alignment.joint_alignment import JointRow, calibrate_rows
from hexapla.alignment.model import SENTENCES
from hexapla.alignment.segments import Segments
from hexapla.alignment.windowed_alignment import StepProgress, align_windows
from hexapla.alignment.windows import Span, Window, cut_into_windows

PARAGRAPHS_AT_ONCE = 200  # paragraph rows whose sentences are aligned together


def align_sentences(
    rows: Sequence[JointRow],
    bounds: Sequence[Sequence[int]],
    versions: Sequence[Segments],
    calibration: Calibration,
    progress: StepProgress | None = None,
) -> list[JointRow]:
    """Align sentences, each inside its row of paragraphs.

    Args:
        rows: aligned paragraphs.
        bounds: for each language, the first sentence of each paragraph, followed by the number of sentences.
        versions: sentences of each language.
        calibration: calibration of the encoder.
        progress: called with the number of paragraph rows done and the number of all.

    Returns:
        Rows in reading order; every sentence of every version is in exactly one. The probability of a row is that of
        its paragraph row times that of its sentences within it.
    """
    found: list[JointRow] = []
    for first in range(0, len(rows), PARAGRAPHS_AT_ONCE):
        group = rows[first : first + PARAGRAPHS_AT_ONCE]
        ranges = [{i: (bounds[i][a], bounds[i][b]) for i, (a, b) in row.spans.items()} for row in group]
        for row, inside in zip(group, _align_group(ranges, versions), strict=True):
            found += [_inside(row, each) for each in calibrate_rows(inside, calibration)]
        if progress:
            progress(first + len(group), len(rows))
    return found


def _align_group(group: Sequence[Mapping[int, Span]], versions: Sequence[Segments]) -> list[list[JointRow]]:
    """Align the sentences of each row of paragraphs; a long row is cut into windows."""
    owners, windows = [], []
    for number, ranges in enumerate(group):
        if _is_open(ranges):
            found = list(cut_into_windows(versions, [ranges.get(i, (0, 0)) for i in range(len(versions))]))
            owners += [number] * len(found)
            windows += found
    results = [[] if _is_open(ranges) else _only_way(ranges) for ranges in group]
    for number, rows in zip(owners, align_windows(versions, windows, SENTENCES), strict=True):
        results[number] += rows
    return results


def _is_open(ranges: Window) -> bool:
    """Whether there is more than one way to align: at least two languages, one of them with two sentences or more."""
    return len(ranges) > 1 and any(end - start > 1 for start, end in ranges.values())


def _only_way(ranges: Window) -> list[JointRow]:
    if len(ranges) > 1:
        return [JointRow(ranges, 1.0)]
    return [JointRow({i: (k, k + 1)}, 1.0) for i, (start, end) in ranges.items() for k in range(start, end)]


def _inside(paragraphs: JointRow, row: JointRow) -> JointRow:
    moved = paragraphs.moved and len(row.spans) > 1
    return JointRow(row.spans, row.probability * paragraphs.probability, moved)
