"""Sentences inside aligned paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from hexapla.align.evidence import Problem
from hexapla.align.joint import JointRow, Span, align_jointly
from hexapla.align.model import SENTENCES
from hexapla.align.pairs import PairPosterior, pair_posteriors
from hexapla.align.segments import Segments
from hexapla.align.versions import WINDOW, align_versions, length_ratio

GROUP = 200  # paragraph rows whose sentences are aligned at once

Progress = Callable[[int, int], None]
Ranges = Mapping[int, Span]  # sentences of each language


def align_sentences(
    rows: Sequence[JointRow],
    bounds: Sequence[Sequence[int]],
    versions: Sequence[Segments],
    progress: Progress | None = None,
) -> list[JointRow]:
    """Rows of sentences, each inside one row of paragraphs.

    Args:
        rows: aligned paragraphs.
        bounds: for each language, the first sentence of each paragraph and the number of sentences at the end.
        versions: sentences of each language.
        progress: called with paragraph rows done and in all.

    Returns:
        Rows in reading order; every sentence of every version is in exactly one. A row's probability is that of its
        paragraphs times that of its sentences in them.
    """
    found: list[JointRow] = []
    for first in range(0, len(rows), GROUP):
        group = rows[first : first + GROUP]
        ranges = [{i: (bounds[i][a], bounds[i][b]) for i, (a, b) in row.spans.items()} for row in group]
        for row, inside in zip(group, _align_group(ranges, versions), strict=True):
            found += [JointRow(each.spans, each.probability * row.probability) for each in inside]
        if progress:
            progress(first + len(group), len(rows))
    return found


def _align_group(group: Sequence[Ranges], versions: Sequence[Segments]) -> list[list[JointRow]]:
    open_rows = {k: ranges for k, ranges in enumerate(group) if _is_open(ranges)}
    posteriors = _posteriors(open_rows, versions)
    results = []
    for k, ranges in enumerate(group):
        if k in posteriors:
            sizes = [b - a for a, b in (ranges.get(i, (0, 0)) for i in range(len(versions)))]
            results.append([_shifted(row, ranges) for row in align_jointly(posteriors[k], sizes)])
        elif k in open_rows:
            results.append(
                align_versions(
                    versions, SENTENCES, ranges=[ranges.get(i, (0, 0)) for i in range(len(versions))]
                )
            )
        else:
            results.append(_only_way(ranges))
    return results


def _is_open(ranges: Ranges) -> bool:
    """Whether there is more than one way to align: two languages at least, and one of them with two sentences."""
    return len(ranges) > 1 and any(end - start > 1 for start, end in ranges.values())


def _only_way(ranges: Ranges) -> list[JointRow]:
    if len(ranges) > 1:
        return [JointRow(ranges, 1.0)]
    return [JointRow({i: (k, k + 1)}, 1.0) for i, (start, end) in ranges.items() for k in range(start, end)]


def _posteriors(
    rows: Mapping[int, Ranges], versions: Sequence[Segments]
) -> dict[int, dict[tuple[int, int], PairPosterior]]:
    """Posteriors of all pairs of all rows that are short enough to be aligned together."""
    keys, problems = [], []
    for k, ranges in rows.items():
        if max(end - start for start, end in ranges.values()) > WINDOW // 8:
            continue
        sides = {i: versions[i].side(start, end) for i, (start, end) in ranges.items()}
        for a, b in combinations(sorted(sides), 2):
            keys.append((k, a, b))
            problems.append(Problem(sides[a], sides[b], length_ratio(versions[a], versions[b])))
    found: dict[int, dict[tuple[int, int], PairPosterior]] = {}
    for (k, a, b), posterior in zip(keys, pair_posteriors(problems, SENTENCES), strict=True):
        found.setdefault(k, {})[a, b] = posterior
    return found


def _shifted(row: JointRow, ranges: Ranges) -> JointRow:
    return JointRow(
        {i: (start + ranges[i][0], end + ranges[i][0]) for i, (start, end) in row.spans.items()},
        row.probability,
    )
