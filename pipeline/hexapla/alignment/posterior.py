"""Posteriors of beads by forward-backward, for many pairs at once.

Beads are scored as in a semi-Markov model: the weight of an alignment is the product of the weights of its beads, so
the posterior of a bead is forward x weight x backward over the total (Durbin et al., "Biological Sequence Analysis",
1998, section 4.4, generalised to n:m beads). All cells of an anti-diagonal are computed in one step for all pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

HUGE = 1e50  # sums are rescaled when they exceed it or fall below its reciprocal

Doubles = NDArray[np.float64]
Shape = tuple[int, int]  # segments of each side in a bead, such as (2, 1)

Scores = Mapping[Shape, NDArray[np.floating[Any]]]
"""Log weights by bead shape; *Shape of each:* ``(pairs, n + 1, m + 1)``, at the corner where the bead ends."""


@dataclass(frozen=True, slots=True)
class Posteriors:
    """The result of forward-backward.

    Attributes:
        beads: probability of beads by shape, at their end corner, *Shape of each:* ``(pairs, n + 1, m + 1)``.
        corners: probability that the alignment passes a corner, *Shape:* ``(pairs, n + 1, m + 1)``.
        log_total: log of the summed weight of all alignments, *Shape:* ``(pairs,)``.
    """

    beads: dict[Shape, Doubles]
    corners: Doubles
    log_total: Doubles


def forward_backward(scores: Scores, sizes: Sequence[Shape]) -> Posteriors:
    """Compute the posteriors of the beads and corners of several pairs.

    Args:
        scores: log weights of beads; cells outside the size of a pair are not read.
        sizes: segments on each side of each pair; the score arrays have the size of the largest pair.

    Returns:
        Posterior probabilities, 0 outside the size of a pair.
    """
    count, n_corners, m_corners = next(iter(scores.values())).shape
    shapes = [(a, b) for a, b in scores if a < n_corners and b < m_corners]
    last, rows = n_corners + m_corners - 2, n_corners - 1
    ends = [(n + m, n) for n, m in sizes]
    weights = _by_diagonal([np.exp(scores[shape]) for shape in shapes])
    forward, log_forward = _sweep(weights, shapes, [(0, 0)] * count)
    starts = [(last - diagonal, rows - row) for diagonal, row in ends]
    sums, logs = _sweep(_flipped(weights, shapes), shapes, starts)  # forward from the other end
    backward, log_backward = sums[::-1, ::-1], logs[::-1]
    diagonals, ends_row = np.array(ends).T
    pairs = np.arange(count)
    total = np.log(forward[diagonals, ends_row, pairs]) + log_forward[diagonals, pairs]
    beads = {}
    for number, (a, b) in enumerate(shapes):
        posterior = np.zeros_like(forward)
        scale = np.exp(log_forward[: last + 1 - a - b] + log_backward[a + b :] - total)[:, None]
        before = forward[: last + 1 - a - b, : n_corners - a]
        posterior[a + b :, a:] = before * weights[a + b :, number, a:] * backward[a + b :, a:] * scale
        beads[a, b] = _by_corner(posterior)
    corners = forward * backward * np.exp(log_forward + log_backward - total)[:, None]
    return Posteriors(beads, _by_corner(corners), total)


def _sweep(weights: Doubles, shapes: Sequence[Shape], starts: Sequence[Shape]) -> tuple[Doubles, Doubles]:
    """Sum the weights of all paths from the starts.

    Args:
        weights: weights of beads, *Shape:* ``(diagonals, shapes, rows, pairs)``.
        shapes: shapes of the beads.
        starts: (diagonal, row) where the paths of each pair begin.

    Returns:
        Scaled sums, *Shape:* ``(diagonals, rows, pairs)``, and the logarithms of their scales, *Shape:* ``(diagonals,
        pairs)``.
    """
    diagonals, _, rows, pairs = weights.shape
    steps = np.array(shapes)
    back, above = steps.sum(axis=1), steps[:, 0].max()  # empty diagonals and rows before the first
    sums = np.zeros((diagonals, rows, pairs))
    scales, scale = np.zeros((diagonals, pairs)), np.zeros(pairs)
    latest = np.zeros((back.max() + 1, above + rows, pairs))  # the last diagonals, all on the same scale
    from_rows = above - steps[:, :1] + np.arange(rows)
    begin, begin_row = np.array(starts).T
    for diagonal in range(diagonals):
        beads = latest[((diagonal - back) % len(latest))[:, None], from_rows]
        beads *= weights[diagonal]
        cells = beads.sum(axis=0)
        here = np.flatnonzero(begin == diagonal)
        cells[begin_row[here], here] = 1.0
        latest[diagonal % len(latest), above:] = cells
        largest = cells.max(axis=0)
        if largest.max() > HUGE or largest.min(initial=1, where=largest > 0) < 1 / HUGE:
            shrink = np.where(largest > 0, largest, 1.0)
            cells /= shrink
            latest /= shrink
            scale += np.log(shrink)
        sums[diagonal], scales[diagonal] = cells, scale
    return sums, scales


def _by_diagonal(cells: Sequence[Doubles]) -> Doubles:
    """Arrays of ``(pairs, n + 1, m + 1)`` as one by anti-diagonal, *Shape:* ``(n + m + 1, shapes, n + 1, pairs)``."""
    pairs, rows, columns = cells[0].shape
    found = np.zeros((rows + columns - 1, len(cells), rows, pairs))
    for number, each in enumerate(cells):
        turned = each.transpose(1, 2, 0)
        for row in range(rows):
            found[row : row + columns, number, row] = turned[row]
    return found


def _by_corner(cells: Doubles) -> Doubles:
    """An array of ``(n + m + 1, n + 1, pairs)`` by corner, *Shape:* ``(pairs, n + 1, m + 1)``."""
    diagonals, rows, pairs = cells.shape
    columns = diagonals - rows + 1
    found = np.empty((rows, columns, pairs))
    for row in range(rows):
        found[row] = cells[row : row + columns, row]
    return np.ascontiguousarray(found.transpose(2, 0, 1))


def _flipped(weights: Doubles, shapes: Sequence[Shape]) -> Doubles:
    """Weights seen from the other end, where a bead is indexed by what was its start corner."""
    flipped = np.zeros_like(weights)
    for number, (a, b) in enumerate(shapes):
        flipped[a + b :, number, a:] = weights[a + b :, number, a:][::-1, ::-1]
    return flipped
