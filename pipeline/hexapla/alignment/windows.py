"""Windows: long versions cut at sure corners, so that cost grows linearly with length.

A first pass looks at single segments only: the best monotone path of links through their cosines takes one array
operation per segment. Where two links follow each other, each far better than any other link of its two segments, the
corner between them is sure. So is a corner deep inside a run of segments without links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.padded import Floats
from hexapla.alignment.segments import Segments

Span = tuple[int, int]  # segments [start, end) of one language
Window = Mapping[int, Span]  # segments of each language that has any in the window
Places = NDArray[np.intp]

STRETCH = 512  # segments of the longest version in one stretch of the first pass
WIDEST = 8192  # the same where the versions lose each other, for example where one has a long annex
REACH = 0.75  # share of a stretch in which cuts are made, unless it is the last stretch
LENGTHS = (24, 56)  # least and most segments of the longest version in a window
LENGTHS_JOINED = (1, 4)  # the same where every run in a window has to be encoded
LARGEST_WINDOW = 400  # most segments where no corner is sure
SURE = 0.1  # score from which a corner is sure

NEIGHBOURS = 3  # nearest segments that show how near the segments of two languages are in general
WORTH = 0.05  # by how much the cosine of a link may fall below the mean over these
LENGTH_COST = 0.15  # of each factor of e between lengths
INSIDE = 8  # segments without a link that a corner needs on both sides to be sure without links


@dataclass(frozen=True, slots=True)
class Corners:
    """Corners between the segments of one version, and their places in the other versions.

    Attributes:
        scores: how sure each corner is, *Shape:* ``(n + 1,)``.
        places: number of segments of each version before each corner, *Shape:* ``(versions, n + 1)``.
    """

    scores: Floats
    places: Places


def cut_into_windows(versions: Sequence[Segments], ranges: Sequence[Span]) -> Iterator[Window]:
    """Cut the versions of a document into windows that can be aligned separately.

    Args:
        versions: segments of each language.
        ranges: the segments of each version to align.

    Yields:
        Windows in reading order; every segment is in exactly one.
    """
    starts, stops = tuple(start for start, _ in ranges), tuple(end for _, end in ranges)
    stretch = STRETCH
    while starts != stops:
        ends = _stretch_ends(starts, stops, stretch)
        cuts = _cuts(versions, starts, ends, stops, forced=stretch >= WIDEST)
        for begin, end in pairwise((starts, *cuts)):
            yield {i: (a, b) for i, (a, b) in enumerate(zip(begin, end, strict=True)) if a < b}
        starts = cuts[-1] if cuts else starts
        stretch = STRETCH if cuts else 2 * stretch


def _stretch_ends(starts: Sequence[int], stops: Sequence[int], stretch: int) -> tuple[int, ...]:
    """Where a stretch ends in each version: at the end if little is left, else in proportion to what is left."""
    left = [stop - start for start, stop in zip(starts, stops, strict=True)]
    if max(left) <= stretch * 3 // 2:
        return tuple(stops)
    share = stretch / max(left)
    return tuple(
        start + min(rest, max(1, round(share * rest))) for start, rest in zip(starts, left, strict=True)
    )


def _cuts(
    versions: Sequence[Segments],
    starts: Sequence[int],
    ends: Sequence[int],
    stops: Sequence[int],
    *,
    forced: bool,
) -> list[tuple[int, ...]]:
    """Find where the windows of one stretch end, in each version.

    Args:
        versions: segments of each language.
        starts: where the stretch begins in each version.
        ends: where the stretch ends in each version.
        stops: where the versions end; a stretch that ends there ends with its last window.
        forced: whether to cut even if no corner is sure.

    Returns:
        The cuts in reading order; none if the stretch has to be widened.
    """
    last = ends == stops
    lengths = LENGTHS if all(version.composed for version in versions) else LENGTHS_JOINED
    if last and max(end - start for start, end in zip(starts, ends, strict=True)) <= lengths[1]:
        return [tuple(ends)]
    corners = _corners(versions, starts, ends, stops)
    offsets = corners.places - np.asarray(starts)[:, None]
    within = np.arange(offsets.shape[1]) if last else np.arange(int(offsets.shape[1] * REACH))
    cuts: list[tuple[int, ...]] = []
    before = np.zeros(len(starts), dtype=np.intp)
    choose = partial(_next_cut, corners.scores, within=within, lengths=lengths, forced=forced or last)
    while (chosen := choose(offsets - before[:, None])) is not None:
        before = offsets[:, chosen]
        cuts.append(tuple(int(place) for place in corners.places[:, chosen]))
    return [*cuts, tuple(ends)] if last else cuts


def _next_cut(
    scores: Floats, offsets: Places, *, within: Places, lengths: tuple[int, int], forced: bool
) -> int | None:
    """Choose the next cut: the surest corner at the right distance, else the next sure one, else (if forced) any.

    Args:
        scores: scores of all corners, *Shape:* ``(n + 1,)``.
        offsets: segments of each version from the previous cut to each corner, *Shape:* ``(versions, n + 1)``.
        within: corners that may be chosen.
        lengths: least and most segments of the longest version up to the next cut.
        forced: whether to take an unsure corner if there is no sure one within LARGEST_WINDOW segments.

    Returns:
        The corner, or None if the rest makes one window or has to be examined again.
    """
    sizes = offsets.max(axis=0)
    candidates = within[(sizes[within] >= lengths[0]) & (sizes[within] <= sizes[-1] - lengths[0])]
    near = candidates[sizes[candidates] <= lengths[1]]
    if len(near) and scores[near].max() >= SURE:
        return int(near[scores[near].argmax()])
    sure = candidates[scores[candidates] >= SURE]
    if len(sure) and sizes[sure[0]] <= LARGEST_WINDOW:
        return int(sure[0])
    far = candidates[(sizes[candidates] > LARGEST_WINDOW // 2) & (sizes[candidates] <= LARGEST_WINDOW)]
    if forced and sizes[-1] > LARGEST_WINDOW and len(far):
        return int(far[scores[far].argmax()])
    return int(sure[0]) if len(sure) else None


def _corners(
    versions: Sequence[Segments], starts: Sequence[int], ends: Sequence[int], stops: Sequence[int]
) -> Corners:
    """Corners of the version that is longest in a stretch, each with its lowest score in any other version."""
    sizes = [end - start for start, end in zip(starts, ends, strict=True)]
    pivot = int(np.argmax(sizes))
    scores = np.full(sizes[pivot] + 1, 1.0, dtype=np.float32)
    places = np.tile(np.asarray(starts)[:, None], sizes[pivot] + 1)
    places[pivot] += np.arange(sizes[pivot] + 1)
    longer = versions[pivot].single(starts[pivot], ends[pivot])
    for i, version in enumerate(versions):
        if i != pivot and sizes[i]:
            cosines = longer @ version.single(starts[i], ends[i]).T
            of_pivot = versions[pivot].lengths[starts[pivot] : ends[pivot]]
            of_version = version.lengths[starts[i] : ends[i]]
            found, before = _pair_corners(cosines, of_pivot, of_version, ended=ends[i] == stops[i])
            scores = np.minimum(scores, found)
            places[i] += before
    return Corners(scores, places)


def _pair_corners(cosines: Floats, longer: Floats, shorter: Floats, *, ended: bool) -> tuple[Floats, Places]:
    """Score the corners of one version in another, and locate them there.

    Args:
        cosines: cosines of the segments of both, *Shape:* ``(n, m)``.
        longer: bytes of the segments of the first version, *Shape:* ``(n,)``.
        shorter: bytes of the segments of the second, *Shape:* ``(m,)``.
        ended: whether the second version ends here.

    Returns:
        Scores of the corners of the first version, and number of segments of the second before each, *Shape of both:*
        ``(n + 1,)``.
    """
    n, m = cosines.shape
    rows, columns = best_links(np.maximum(_nearness(cosines) + WORTH, 0)).T
    ratio = (shorter.sum() + 1) / (longer.sum() + 1)
    difference = np.abs(np.log((shorter[columns] + 20) / (longer[rows] * ratio + 20)))
    margins = np.full(n + 1, -1, dtype=np.float32)
    margins[rows] = _margins(cosines)[rows, columns] - LENGTH_COST * difference
    corner = np.arange(n + 1)
    following = np.searchsorted(rows, corner)  # first link at or after a corner
    rows_around = np.concatenate([[-1], rows, [n]])
    columns_around = np.concatenate([[-1], columns, [m if ended else m + 1]])
    adjacent = columns_around[following + 1] == columns_around[following] + 1
    linked = (rows_around[following] == corner - 1) & (rows_around[following + 1] == corner) & adjacent
    inside = (corner - 1 - rows_around[following] >= INSIDE) & (rows_around[following + 1] - corner >= INSIDE)
    scores = np.where(linked, np.minimum(margins, np.roll(margins, 1)), np.float32(-1))
    return np.where(inside & adjacent, np.float32(SURE), scores), columns_around[following] + 1


def best_links(gains: Floats) -> NDArray[np.intp]:
    """Find the monotone path of one-to-one links with the greatest summed gain.

    Args:
        gains: gain of each link, not negative, *Shape:* ``(n, m)``.

    Returns:
        Row and column of each link in order, *Shape:* ``(links, 2)``.
    """
    n, m = gains.shape
    best = np.zeros((n + 1, m + 1), dtype=np.float32)
    for i in range(n):
        linked = best[i, :-1] + gains[i]
        np.maximum(linked, best[i, 1:], out=linked)
        np.maximum.accumulate(linked, out=best[i + 1, 1:])
    links, i, j = [], n, m
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            links.append((i, j))
    return np.array(links[::-1], dtype=np.intp).reshape(-1, 2)


def _nearness(cosines: Floats) -> Floats:
    """Cosines, less the mean over the nearest neighbours of both segments, *Shape:* ``(n, m)``."""
    n, m = cosines.shape
    of_rows = np.partition(cosines, max(0, m - NEIGHBOURS), axis=1)[:, -NEIGHBOURS:].mean(axis=1)
    of_columns = np.partition(cosines, max(0, n - NEIGHBOURS), axis=0)[-NEIGHBOURS:].mean(axis=0)
    return np.asarray(cosines - (of_rows[:, None] + of_columns[None]) / 2, dtype=np.float32)


def _margins(cosines: Floats) -> Floats:
    """Cosines, less the best other cosine of either segment, *Shape:* ``(n, m)``."""
    padded = np.pad(cosines, ((1, 0), (1, 0)), constant_values=-1)  # so that a single segment has another
    rows = np.partition(padded[1:], -2, axis=1)[:, -2:]
    columns = np.partition(padded[:, 1:], -2, axis=0)[-2:]
    other_in_row = np.where(cosines == rows[:, 1:], rows[:, :1], rows[:, 1:])
    other_in_column = np.where(cosines == columns[1:], columns[:1], columns[1:])
    return np.asarray(cosines - np.maximum(other_in_row, other_in_column), dtype=np.float32)
