"""Whole versions aligned window by window, so that cost grows linearly with their length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, combinations

from hexapla.align.evidence import Problem
from hexapla.align.joint import JointRow, Span, align_jointly
from hexapla.align.model import Prior
from hexapla.align.pairs import pair_posteriors
from hexapla.align.segments import Segments

WINDOW = 400  # segments of the longest language that are aligned at once
WIDEST = 4 * WINDOW  # time and memory grow with the square of a window
SURE = 0.9  # probability of a row where a window is cut

Progress = Callable[[int, int], None]


def align_versions(
    versions: Sequence[Segments],
    prior: Prior,
    *,
    ranges: Sequence[Span] | None = None,
    progress: Progress | None = None,
) -> list[JointRow]:
    """Rows over all versions of a document.

    Long documents are aligned in windows. Each is cut behind a sure row in its middle, where the next begins; if it has
    none, the window is widened.

    Args:
        versions: segments of each language.
        prior: of the kind of segments.
        ranges: the segments to align in each version; all if left out.
        progress: called with segments done and segments in all.

    Returns:
        Rows in reading order; every segment of every version is in exactly one.
    """
    ranges = ranges or [(0, len(version)) for version in versions]
    starts, stops = [start for start, _ in ranges], [end for _, end in ranges]
    total = sum(stops) - sum(starts)
    rows: list[JointRow] = []
    window = WINDOW
    while starts != stops:
        ends = _window_ends(starts, stops, window)
        found = _align_window(versions, starts, ends, prior)
        kept = len(found) if ends == stops else _cut(found, len(versions), window)
        rows += [_shifted(row, starts) for row in found[:kept]]
        starts = _next_starts(found[:kept], starts)
        window = WINDOW if kept else 2 * window
        if progress:
            progress(total - sum(stops) + sum(starts), total)
    return rows


def _window_ends(starts: Sequence[int], stops: Sequence[int], window: int) -> list[int]:
    """Where a window ends in each version: at the end of a short rest, else in proportion to what is left of each."""
    left = [stop - start for start, stop in zip(starts, stops, strict=True)]
    if max(left) <= window * 3 // 2:
        return list(stops)
    share = window / max(left)
    return [start + min(rest, max(1, round(share * rest))) for start, rest in zip(starts, left, strict=True)]


def _align_window(
    versions: Sequence[Segments], starts: Sequence[int], ends: Sequence[int], prior: Prior
) -> list[JointRow]:
    sizes = [end - start for start, end in zip(starts, ends, strict=True)]
    sides = {i: version.side(starts[i], ends[i]) for i, version in enumerate(versions) if sizes[i]}
    keys = list(combinations(sides, 2))
    problems = [Problem(sides[a], sides[b], length_ratio(versions[a], versions[b])) for a, b in keys]
    return align_jointly(dict(zip(keys, pair_posteriors(problems, prior), strict=True)), sizes)


def length_ratio(source: Segments, target: Segments) -> float:
    """Bytes of the target for one byte of the source, over the whole versions."""
    return float((target.lengths.sum() + 1) / (source.lengths.sum() + 1))


def _cut(rows: Sequence[JointRow], languages: int, window: int) -> int:
    """How many rows of a window to keep: up to a sure row of all languages, or none to have it widened.

    Such a row is sought at two thirds of the window, then nearer to its end, then nearer to its start; a window is not
    widened beyond WIDEST, but cut at two thirds.
    """
    target, end = 2 * len(rows) // 3, 19 * len(rows) // 20  # what is near the window's end is not sure
    third = len(rows) // 3
    for place in chain(range(target, third, -1), range(target + 1, end), range(third, 0, -1)):
        if len(rows[place].spans) == languages and rows[place].probability >= SURE:
            return place + 1
    return max(1, target) if window >= WIDEST else 0


def _shifted(row: JointRow, starts: Sequence[int]) -> JointRow:
    spans = {i: (start + starts[i], end + starts[i]) for i, (start, end) in row.spans.items()}
    return JointRow(spans, row.probability)


def _next_starts(rows: Sequence[JointRow], starts: Sequence[int]) -> list[int]:
    """Where the next window begins: behind the last segment of each version in these rows."""
    ends = [max((row.spans[i][1] for row in rows if i in row.spans), default=0) for i in range(len(starts))]
    return [start + end for start, end in zip(starts, ends, strict=True)]
