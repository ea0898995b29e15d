"""Posteriors of pairs of languages, corrected by the other languages.

A third language that has both sides of a bead shows whether they are in one bead of its own (the probabilistic
consistency transformation of Do et al., "ProbCons", 2005, carried over from cells to beads). The evidence of all third
languages is combined with that of the pair itself in one log-linear model, and forward-backward is run once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.evidence import LONGEST_SIDE, SHAPES
from hexapla.alignment.model import IMPOSSIBLE
from hexapla.alignment.pairs import PairPosterior, pair_of
from hexapla.alignment.posterior import Shape, forward_backward

Doubles = NDArray[np.float64]
Pairs = Mapping[tuple[int, int], PairPosterior]

WEIGHTS = {
    "own": 0.95,  # log probability of the bead in the pair itself, given its start corner
    "same": 3.0,  # a third language has the same bead
    "within": 1.7,  # it has a larger bead that contains this one
    "apart": -0.9,  # it has both sides, but in different beads
    "left": 5.5,  # it has the segment, but leaves it alone in the other language
    "aligned": 0.6,  # it has the segment, and aligns it with the other language
}
LEAST_LOG = -20.0  # log probability of a bead that is impossible in the pair
LEAST_PROBABILITY = 1e-3  # spans that are less probable are not followed


@dataclass(frozen=True, slots=True)
class Opinion:
    """Evidence of the third languages on a pair, as mean probabilities.

    Attributes:
        same: that a bead is right as it is, by spans of both sides, *Shape:* ``(spans, spans)``.
        within: that the bead is inside a larger one, *Shape:* ``(spans, spans)``.
        apart: that its sides do not belong together, *Shape:* ``(spans, spans)``.
        left: that a segment is missing in the other language, for both sides, *Shape of each:* ``(segments,)``.
        aligned: that a segment is aligned with the other language, for both sides, *Shape of each:* ``(segments,)``.
    """

    same: Doubles
    within: Doubles
    apart: Doubles
    left: tuple[Doubles, Doubles]
    aligned: tuple[Doubles, Doubles]


def apply_consistency(pairs: Pairs, sizes: Mapping[int, int]) -> dict[tuple[int, int], PairPosterior]:
    """Correct the posteriors of each pair by all other languages.

    Args:
        pairs: posteriors of every pair (a, b) of languages that have segments, a < b.
        sizes: number of segments of each language that has any.

    Returns:
        New posteriors; unchanged if there are only two languages.
    """
    if len(sizes) < 3:
        return dict(pairs)
    n, m = (max(sizes[key[side]] for key in pairs) for side in (0, 1))
    scores: dict[Shape, Doubles] = {}
    for place, ((a, b), opinion) in enumerate(opinions(pairs, sizes).items()):
        for shape, score in _scores(pairs[a, b], opinion).items():
            if shape not in scores:
                scores[shape] = np.full((len(pairs), n + 1, m + 1), IMPOSSIBLE)
            scores[shape][place, : sizes[a] + 1, : sizes[b] + 1] = score
    ends = [(sizes[a], sizes[b]) for a, b in pairs]
    posteriors = forward_backward(scores, ends)
    return {key: pair_of(posteriors, place, ends[place]) for place, key in enumerate(pairs)}


def opinions(pairs: Pairs, sizes: Mapping[int, int]) -> dict[tuple[int, int], Opinion]:
    """Collect the evidence of the third languages on each pair.

    Args:
        pairs: posteriors of every pair (a, b) of three or more languages that have segments, a < b.
        sizes: number of segments of each language that has any.

    Returns:
        The evidence by pair.
    """
    both = {**pairs, **{(b, a): pair.flipped() for (a, b), pair in pairs.items()}}
    spans = {key: _span_matrix(pair) for key, pair in both.items()}
    alone = {key: _left_alone(pair) for key, pair in both.items()}
    within = {language: _inclusion(size) for language, size in sizes.items()}
    return {(a, b): _opinion(a, b, spans, alone, within) for a, b in pairs}


def _span_matrix(pair: PairPosterior) -> Doubles:
    """Probability of beads by spans of both sides by length, *Shape:* ``(LONGEST_SIDE * n, LONGEST_SIDE * m)``."""
    n, m = pair.cells.shape
    found = np.zeros((LONGEST_SIDE, n, LONGEST_SIDE, m))
    for (a, b), bead in pair.beads.items():
        if a and b:
            found[a - 1, : n - a + 1, b - 1, : m - b + 1] = bead[a:, b:]
    return found.reshape(LONGEST_SIDE * n, LONGEST_SIDE * m)


def _left_alone(pair: PairPosterior) -> Doubles:
    """Probability that all segments of a span of the source are left alone, *Shape:* ``(LONGEST_SIDE * n,)``."""
    each = pair.beads[1, 0][1:].sum(axis=1) if (1, 0) in pair.beads else np.zeros(len(pair.cells))
    found = np.zeros((LONGEST_SIDE, len(each)))
    for length in range(1, min(LONGEST_SIDE, len(each)) + 1):
        runs = np.lib.stride_tricks.sliding_window_view(each, length)
        found[length - 1, : len(runs)] = runs.prod(axis=1)
    return found.ravel()


def _inclusion(size: int) -> Doubles:
    """Whether a span (row) is inside another (column), *Shape:* ``(LONGEST_SIDE * size, LONGEST_SIDE * size)``."""
    start = np.tile(np.arange(size), LONGEST_SIDE)
    end = start + np.repeat(np.arange(1, LONGEST_SIDE + 1), size)
    return np.asarray((start[:, None] >= start) & (end[:, None] <= end) & (end <= size), dtype=np.float64)


def _opinion(
    a: int,
    b: int,
    spans: Mapping[tuple[int, int], Doubles],
    alone: Mapping[tuple[int, int], Doubles],
    within: Mapping[int, Doubles],
) -> Opinion:
    thirds = [c for c in within if c not in (a, b)]
    from_a, to_b = np.hstack([spans[a, c] for c in thirds]), np.vstack([spans[c, b] for c in thirds])
    has_a = within[a] @ np.stack([spans[a, c].sum(axis=1) for c in thirds], axis=1)
    has_b = within[b] @ np.stack([spans[b, c].sum(axis=1) for c in thirds], axis=1)
    rows, columns = from_a.sum(axis=1) > LEAST_PROBABILITY, to_b.sum(axis=0) > LEAST_PROBABILITY
    same = np.zeros((len(from_a), to_b.shape[1]))
    same[np.ix_(rows, columns)] = from_a[rows] @ to_b[:, columns]
    around = within[a][:, rows] @ same[np.ix_(rows, columns)] @ within[b][:, columns].T
    n, m = len(from_a) // LONGEST_SIDE, to_b.shape[1] // LONGEST_SIDE
    left_a = within[a][:n] @ sum(spans[a, c] @ alone[c, b] for c in thirds)
    left_b = within[b][:m] @ sum(spans[b, c] @ alone[c, a] for c in thirds)
    aligned = within[a][:n] @ same.sum(axis=1), within[b][:m] @ same.sum(axis=0)
    count = len(thirds)
    return Opinion(
        _mean(same, count),
        _mean(around - same, count),
        _mean(has_a @ has_b.T - around, count),
        (_mean(left_a, count), _mean(left_b, count)),
        (_mean(aligned[0], count), _mean(aligned[1], count)),
    )


def _mean(total: Doubles, count: int) -> Doubles:
    """Mean of probabilities, clipped to 0..1, which rounding or overlapping spans may have left."""
    return np.asarray(np.clip(total / count, 0, 1))


def features(pair: PairPosterior, opinion: Opinion) -> dict[Shape, Doubles]:
    """Return the features of beads by shape, at the end corner, *Shape of each:* ``(len(WEIGHTS), n + 1, m + 1)``."""
    n, m = pair.cells.shape
    names = list(WEIGHTS)
    nothing = np.zeros((n + 1, m + 1))
    found = {}
    fitting = (shape for shape in SHAPES if shape[0] <= n and shape[1] <= m)
    beads = {shape: pair.beads.get(shape, nothing) for shape in fitting}
    for (a, b), bead in beads.items():
        values = np.zeros((len(names), n + 1, m + 1))
        start = pair.corners[: n + 1 - a, : m + 1 - b]
        with np.errstate(divide="ignore", invalid="ignore"):
            own = np.log(bead[a:, b:]) - np.log(start)
        values[0, a:, b:] = np.where(np.isfinite(own), own, LEAST_LOG).clip(LEAST_LOG)
        if a and b:
            for name, matrix in (
                ("same", opinion.same),
                ("within", opinion.within),
                ("apart", opinion.apart),
            ):
                block = matrix.reshape(LONGEST_SIDE, n, LONGEST_SIDE, m)[
                    a - 1, : n - a + 1, b - 1, : m - b + 1
                ]
                values[names.index(name), a:, b:] = block
        else:
            side = 0 if a else 1
            for name, both in (("left", opinion.left), ("aligned", opinion.aligned)):
                values[names.index(name), a:, b:] = both[side][:, None] if a else both[side][None]
        found[a, b] = values
    return found


def _scores(pair: PairPosterior, opinion: Opinion) -> dict[Shape, Doubles]:
    weights = np.array(list(WEIGHTS.values()))
    scores = {}
    for (a, b), values in features(pair, opinion).items():
        scores[a, b] = np.full(values.shape[1:], IMPOSSIBLE)
        scores[a, b][a:, b:] = np.maximum(np.tensordot(weights, values[:, a:, b:], 1), IMPOSSIBLE)
    return scores
