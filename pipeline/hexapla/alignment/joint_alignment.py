"""Rows over all language versions, aligned as one problem.

Of two languages, the beads with the greatest expected gain are taken. Of more, each pair's posteriors are first
corrected by the other languages (the probabilistic consistency transformation of Do et al., "ProbCons", 2005); the
versions are then merged into rows one by one, so that the expected number of right cells is greatest. Both choices are
best paths through blocks of cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.calibration import Calibration, Support, calibrated
from hexapla.alignment.consistency import Pairs, apply_consistency
from hexapla.alignment.pairs import Cells, PairPosterior
from hexapla.alignment.posterior import Shape
from hexapla.alignment.windows import Span

Spans = Mapping[int, Span]  # by language; a language that lacks the passage is left out
Gains = NDArray[np.float64]
Corner = tuple[int, int]

LEAVING = 0.25  # gain of a segment rightly left alone, where a segment rightly aligned gains 0.5
PRICE = 0.35  # of a bead of two languages, so that a 1:1 bead must be more probable than this
THRESHOLD = 0.2  # probability above which a cell gains
LONGEST_MERGE = 6  # rows or segments that one step of a merge may join
BLOCKS: tuple[Shape, ...] = (
    (1, 0),
    (0, 1),
    *((a, b) for a in range(1, LONGEST_MERGE + 1) for b in range(1, LONGEST_MERGE + 1) if a + b <= 8),
)


@dataclass(frozen=True, slots=True)
class JointRow:
    """One row over all languages.

    Attributes:
        spans: segments of each language that has the passage.
        probability: chance in 0..1 that they are exactly right.
        moved: whether some language has the passage at another place than the first language of the row.
        support: support of the row in the posteriors; None if there was only one way to align it.
    """

    spans: Spans
    probability: float
    moved: bool = False
    support: Support | None = None


def align_jointly(pairs: Pairs, sizes: Mapping[int, int]) -> list[JointRow]:
    """Align all languages.

    Args:
        pairs: posteriors of every pair (a, b) of languages that have segments, a < b.
        sizes: number of segments of each language that has any.

    Returns:
        Rows in reading order; every segment of every language is in exactly one.
    """
    if len(sizes) == 2:
        return best_beads(pairs)
    pairs = apply_consistency(pairs, sizes)
    both = {**pairs, **{(b, a): pair.flipped() for (a, b), pair in pairs.items()}}
    cells = {key: pair.cells for key, pair in both.items()}
    rows: list[Spans] = []
    merged: list[int] = []
    for language in _merging_order(cells, sizes):
        rows = _merge(rows, merged, language, cells, sizes[language])
        merged.append(language)
    return [_row(spans, merged, both) for spans in rows]


def best_beads(pairs: Pairs) -> list[JointRow]:
    """Align two languages: take the beads with the greatest expected number of segments in right beads.

    Args:
        pairs: posteriors of the one pair.

    Returns:
        Rows in reading order.
    """
    ((a, b), pair) = next(iter(pairs.items()))
    both = {(a, b): pair, (b, a): pair.flipped()}
    gains = {
        shape: posterior * LEAVING if 0 in shape else posterior * sum(shape) / 2 - PRICE
        for shape, posterior in pair.beads.items()
    }
    rows = []
    for (i0, j0), (i1, j1) in best_path(gains):
        spans = {language: span for language, span in ((a, (i0, i1)), (b, (j0, j1))) if span[0] < span[1]}
        rows.append(_row(spans, (a, b), both))
    return rows


def _merging_order(cells: Mapping[tuple[int, int], Cells], languages: Collection[int]) -> list[int]:
    """Order of the languages: the two that agree best, then whichever agrees best with those before it."""
    rest = list(languages)
    agreement = {key: float(cell.sum() / max(cell.shape)) for key, cell in cells.items()}
    order: list[int] = list(max(combinations(rest, 2), key=lambda pair: agreement[pair], default=rest))
    while len(order) < len(rest):
        waiting = [language for language in rest if language not in order]
        order.append(max(waiting, key=lambda c: sum(agreement[a, c] for a in order)))
    return order


def _merge(
    rows: Sequence[Spans],
    merged: Sequence[int],
    language: int,
    cells: Mapping[tuple[int, int], Cells],
    size: int,
) -> list[Spans]:
    """Merge one more language into the rows, so that the expected number of right cells is greatest.

    All segments of a row belong together, so a segment that belongs with any of them in a language belongs with all.
    """
    gains = np.zeros((len(rows), size))
    for k, spans in enumerate(rows):
        for other in merged:
            if other in spans:
                start, end = spans[other]
                belongs = cells[other, language][start:end].sum(axis=0).clip(max=1)
                gains[k] += (end - start) * (belongs - THRESHOLD)
    blocks = best_path(block_gains(gains))
    return [_joined(rows[k0:k1], language, (j0, j1)) for (k0, j0), (k1, j1) in blocks]


def _joined(rows: Sequence[Spans], language: int, span: Span) -> Spans:
    """Several rows as one, with a span of one more language unless the span is empty."""
    spans: dict[int, Span] = {}
    for row in rows:
        for other, (start, end) in row.items():
            spans[other] = (spans.get(other, (start, end))[0], end)
    return spans | ({language: span} if span[0] < span[1] else {})


def block_gains(gains: Cells) -> dict[Shape, Cells]:
    """Sum the gains of the cells of each block.

    Args:
        gains: gain of each cell, *Shape:* ``(n, m)``.

    Returns:
        Gains by shape, at the corner where the block ends, *Shape of each:* ``(n + 1, m + 1)``.
    """
    n, m = gains.shape
    area = np.zeros((n + 1, m + 1))
    area[1:, 1:] = gains.cumsum(axis=0).cumsum(axis=1)
    found = {}
    for a, b in (shape for shape in BLOCKS if shape[0] <= max(n, 1) and shape[1] <= max(m, 1)):
        block = np.zeros((n + 1, m + 1))
        block[a:, b:] = (
            area[a:, b:] - area[: n + 1 - a, b:] - area[a:, : m + 1 - b] + area[: n + 1 - a, : m + 1 - b]
        )
        found[a, b] = block
    return found


def best_path(gains: Mapping[Shape, Gains]) -> list[tuple[Corner, Corner]]:
    """Find the path of blocks with the greatest summed gain.

    Args:
        gains: gain of the block of each shape that ends at a corner, *Shape of each:* ``(n + 1, m + 1)``; corners where
            the block does not fit are not read.

    Returns:
        Start and end corner of each block, in order.
    """
    shapes = list(gains)
    rows, columns = next(iter(gains.values())).shape
    steps = np.array(shapes)
    gained = _by_diagonal(gains)
    longest = steps.sum(axis=1).max()
    shift = steps[:, 0].max()  # empty rows above the first, so that no index is negative
    best = np.full((longest + rows + columns - 1, shift + rows), -np.inf)
    best[longest, shift] = 0
    from_rows = shift - steps[:, :1] + np.arange(rows)
    choice = np.zeros((rows + columns - 1, rows), dtype=np.int8)
    for diagonal in range(1, rows + columns - 1):
        values = best[(longest + diagonal - steps.sum(axis=1))[:, None], from_rows] + gained[diagonal]
        choice[diagonal] = values.argmax(axis=0)
        best[longest + diagonal, shift:] = values[choice[diagonal], np.arange(rows)]
    return list(_blocks(choice, shapes, rows - 1, columns - 1))[::-1]


def _by_diagonal(gains: Mapping[Shape, Gains]) -> Gains:
    """Gains by anti-diagonal, *Shape:* ``(n + m + 1, shapes, n + 1)``; -inf where no block fits."""
    rows, columns = next(iter(gains.values())).shape
    found = np.full((rows + columns - 1, len(gains), rows), -np.inf)
    for number, ((a, b), gain) in enumerate(gains.items()):
        for row in range(a, rows):
            found[row + b : row + columns, number, row] = gain[row, b:]
    return found


def _blocks(choice: NDArray[np.int8], shapes: list[Shape], n: int, m: int) -> Iterator[tuple[Corner, Corner]]:
    """Follow the choices back from the last corner to the first."""
    i, j = n, m
    while i or j:
        a, b = shapes[choice[i + j, i]]
        yield (i - a, j - b), (i, j)
        i, j = i - a, j - b


def _row(spans: Spans, languages: Sequence[int], pairs: Pairs) -> JointRow:
    """Row with its support in the posteriors of its pairs."""
    support = row_support(spans, languages, pairs)
    return JointRow(spans, support.weakest, support=support)


def row_support(spans: Spans, languages: Sequence[int], pairs: Pairs) -> Support:
    """Measure how the posteriors support a row.

    With two languages, a pair supports a row by the probability of its bead. With more, it does so by the probability
    of passing both corners of the bead, since a third language may have joined several beads of the pair. For a
    language that lacks the passage, the support is the probability that it is absent.

    Args:
        spans: spans of the row.
        languages: all languages that were aligned.
        pairs: posteriors of every ordered pair of them.

    Returns:
        The support.
    """
    longest = max(end - start for start, end in spans.values())
    if len(languages) == 1:
        return Support(1.0, 1.0, 1, 1, longest)
    each = {
        a: [_pair_support(spans, a, b, pairs[a, b], len(languages)) for b in languages if b != a]
        for a in spans
    }
    weakest = min(sum(values) / len(values) for values in each.values())
    logs = np.log(np.clip([value for values in each.values() for value in values], 1e-6, 1))
    return Support(
        min(1.0, max(0.0, weakest)), float(np.exp(logs.mean())), len(languages), len(spans), longest
    )


def _pair_support(spans: Spans, a: int, b: int, pair: PairPosterior, languages: int) -> float:
    start, end = spans[a]
    if b not in spans:
        return float(1 - pair.cells[start:end].sum(axis=1).clip(max=1).max(initial=0))
    first, last = (start, spans[b][0]), (end, spans[b][1])
    shape = (last[0] - first[0], last[1] - first[1])
    if languages == 2 and shape in pair.beads:
        return float(pair.beads[shape][last])
    return float(min(pair.corners[first], pair.corners[last]))


def calibrate_rows(rows: Sequence[JointRow], calibration: Calibration) -> list[JointRow]:
    """Replace the probability of each row with its calibrated chance of being right.

    Args:
        rows: rows as they were aligned.
        calibration: calibration of the encoder.

    Returns:
        The rows in the same order; moved rows, and rows with only one way to align, are unchanged.
    """
    return [
        replace(row, probability=calibrated(row.support, calibration))
        if row.support and not row.moved
        else row
        for row in rows
    ]
