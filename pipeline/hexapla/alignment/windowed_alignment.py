"""Whole versions aligned window by window, so that cost grows linearly with their length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations, islice
from typing import TypeVar

from hexapla.alignment.consistency import apply_consistency
from hexapla.alignment.evidence import Problem, Side
from hexapla.alignment.joint_alignment import JointRow, align_jointly, best_beads
from hexapla.alignment.model import Prior
from hexapla.alignment.pairs import PairPosterior, pair_posteriors
from hexapla.alignment.segments import Segments
from hexapla.alignment.threads import threads
from hexapla.alignment.windows import Span, Window, cut_into_windows

WINDOWS_AT_ONCE = 64  # windows that are aligned together, in batches of similar size

StepProgress = Callable[
    [int, int], None
]  # progress callback of one step: called with the number done and of all
Item = TypeVar("Item")


def align_segments(
    versions: Sequence[Segments], prior: Prior, *, progress: StepProgress | None = None
) -> list[JointRow]:
    """Align the segments of all versions of a document.

    Args:
        versions: segments of each language.
        prior: prior for this kind of segment.
        progress: called with the number of segments done and the number of all.

    Returns:
        Rows in reading order; every segment of every version is in exactly one.
    """
    total = sum(len(version) for version in versions)
    done = 0
    rows: list[JointRow] = []
    windows = cut_into_windows(versions, [(0, len(version)) for version in versions])
    for group in in_groups(windows):
        rows += [row for window in align_windows(versions, group, prior) for row in window]
        done += sum(end - start for window in group for start, end in window.values())
        if progress:
            progress(done, total)
    return rows


def align_windows(
    versions: Sequence[Segments], windows: Sequence[Window], prior: Prior
) -> list[list[JointRow]]:
    """Align windows separately.

    Args:
        versions: segments of each language.
        windows: segments of each language in each window.
        prior: prior for this kind of segment.

    Returns:
        The rows of each window in reading order.
    """
    return [
        [_shifted(row, window) for row in align_jointly(pairs, _sizes(window))]
        for window, pairs in zip(windows, _posteriors(versions, windows, prior), strict=True)
    ]


def align_pairs(versions: Sequence[Segments], prior: Prior) -> dict[Span, list[JointRow]]:
    """Align every pair of versions, using the evidence of all the others.

    The rows are finer than rows over all versions, since segments that only a third version merges stay apart.

    Args:
        versions: segments of each language.
        prior: prior for this kind of segment.

    Returns:
        For each pair (a, b), a < b, its rows in reading order.
    """
    windows = list(cut_into_windows(versions, [(0, len(version)) for version in versions]))
    rows: dict[Span, list[JointRow]] = {pair: [] for pair in combinations(range(len(versions)), 2)}
    for window, pairs in zip(windows, _posteriors(versions, windows, prior), strict=True):
        for pair, posterior in apply_consistency(pairs, _sizes(window)).items():
            rows[pair] += [_shifted(row, window) for row in best_beads({pair: posterior})]
    return rows


def _sizes(window: Window) -> dict[int, int]:
    return {language: end - start for language, (start, end) in window.items()}


def _posteriors(
    versions: Sequence[Segments], windows: Sequence[Window], prior: Prior
) -> list[dict[Span, PairPosterior]]:
    """Compute the posteriors of all pairs of each window."""
    keys = [
        (number, a, b) for number, window in enumerate(windows) for a, b in combinations(sorted(window), 2)
    ]
    sides = _sides(versions, windows)
    ratios = {(a, b): length_ratio(versions[a], versions[b]) for a, b in {key[1:] for key in keys}}
    problems = [Problem(sides[number, a], sides[number, b], ratios[a, b]) for number, a, b in keys]
    posteriors: list[dict[Span, PairPosterior]] = [{} for _ in windows]
    for (number, a, b), posterior in zip(keys, pair_posteriors(problems, prior), strict=True):
        posteriors[number][a, b] = posterior
    return posteriors


def _sides(versions: Sequence[Segments], windows: Sequence[Window]) -> dict[tuple[int, int], Side]:
    """Sides of each window, by window and language."""
    spans = {
        (number, language): span for number, window in enumerate(windows) for language, span in window.items()
    }
    with ThreadPoolExecutor(threads()) as pool:
        sides = pool.map(lambda key: versions[key[1]].side(*spans[key]), spans)
        return dict(zip(spans, sides, strict=True))


def length_ratio(source: Segments, target: Segments) -> float:
    """Return the bytes of the target per byte of the source, over the whole versions."""
    return float((target.lengths.sum() + 1) / (source.lengths.sum() + 1))


def in_groups(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Split windows, or items that belong to windows, into groups that memory can hold."""
    items = iter(items)
    while group := list(islice(items, WINDOWS_AT_ONCE)):
        yield group


def _shifted(row: JointRow, window: Window) -> JointRow:
    spans = {i: (start + window[i][0], end + window[i][0]) for i, (start, end) in row.spans.items()}
    return replace(row, spans=spans)
