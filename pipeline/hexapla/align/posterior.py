"""Forward-backward over the beads of many pairs at once.

Beads are scored as in a semi-Markov model: an alignment's weight is the product of its beads' weights, so the
posterior of a bead is forward x weight x backward over the total (Durbin et al., "Biological Sequence Analysis", 1998,
section 4.4, generalised to n:m beads). All cells of an anti-diagonal are computed in one step for all pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shape = tuple[int, int]  # segments of each side in a bead, such as (2, 1)

Scores = Mapping[Shape, NDArray[np.floating[Any]]]
"""Log weights by bead shape; *Shape of each:* ``(pairs, n + 1, m + 1)``, at the corner where the bead ends."""


@dataclass(frozen=True, slots=True)
class Posteriors:
    """What forward-backward gives.

    Attributes:
        beads: probability of each bead by shape, *Shape of each:* ``(pairs, n + 1, m + 1)``, at its end corner.
        corners: probability that the alignment passes a corner, *Shape:* ``(pairs, n + 1, m + 1)``.
        log_total: log of the summed weight of all alignments, *Shape:* ``(pairs,)``.
    """

    beads: dict[Shape, Floats]
    corners: Floats
    log_total: Floats


def forward_backward(scores: Scores, sizes: Sequence[Shape]) -> Posteriors:
    """Posteriors of beads and corners of several pairs.

    Args:
        scores: log weights of beads; cells outside a pair's own size are not read.
        sizes: segments on each side of each pair; the scores' arrays are as large as the largest.

    Returns:
        Posterior probabilities, 0 outside a pair's own size.
    """
    _, n_corners, m_corners = next(iter(scores.values())).shape
    fitting = [(a, b) for a, b in scores if a < n_corners and b < m_corners]
    weights = {shape: _skewed(np.exp(scores[shape])) for shape in fitting}
    count, last, rows = len(sizes), n_corners + m_corners - 2, n_corners - 1
    ends = [(n + m, n) for n, m in sizes]
    starts = [(0, 0)] * count + [(last - diagonal, rows - row) for diagonal, row in ends]
    both = {shape: np.concatenate([weight, _flipped(weight, shape)]) for shape, weight in weights.items()}
    sums, logs = _sweep(both, 2 * count, starts)  # forward, and backward as forward from the other end
    forward, log_forward = sums[:count], logs[:count]
    backward, log_backward = sums[count:, ::-1, ::-1], logs[count:, ::-1]
    pairs = np.arange(count)
    diagonals, ends_row = np.array(ends).T
    total = np.log(forward[pairs, diagonals, ends_row]) + log_forward[pairs, diagonals]
    beads = {
        shape: _unskewed(_bead_posterior(weight, shape, forward, log_forward, backward, log_backward, total))
        for shape, weight in weights.items()
    }
    corners = forward * backward * np.exp(log_forward + log_backward - total[:, None])[:, :, None]
    return Posteriors(beads, _unskewed(corners), total)


def _sweep(weights: Mapping[Shape, Floats], pairs: int, starts: Sequence[Shape]) -> tuple[Floats, Floats]:
    """Sums over all paths from the starts, scaled diagonal by diagonal.

    Args:
        weights: skewed bead weights, *Shape of each:* ``(pairs, diagonals, rows)``.
        pairs: number of pairs.
        starts: (diagonal, row) where each pair's paths begin.

    Returns:
        Scaled sums, *Shape:* ``(pairs, diagonals, rows)``, and the log of their scales, ``(pairs, diagonals)``.
    """
    _, diagonals, rows = next(iter(weights.values())).shape
    sums = np.zeros((pairs, diagonals, rows))
    scales = np.zeros((pairs, diagonals))
    begin, row = np.array(starts).T
    for diagonal in range(diagonals):
        cells = sums[:, diagonal]
        scale = scales[:, max(0, diagonal - 1)]
        for (a, b), weight in weights.items():
            source = diagonal - a - b
            if source >= 0:
                factor = np.exp(scales[:, source] - scale)[:, None]
                cells[:, a:] += weight[:, diagonal, a:] * sums[:, source, : rows - a] * factor
        cells[begin == diagonal, row[begin == diagonal]] = 1.0
        largest = cells.max(axis=1)
        shrink = np.where(largest > 0, largest, 1.0)
        cells /= shrink[:, None]
        scales[:, diagonal] = scale + np.log(shrink)
    return sums, scales


def _bead_posterior(
    weight: Floats,
    shape: Shape,
    forward: Floats,
    log_forward: Floats,
    backward: Floats,
    log_backward: Floats,
    total: Floats,
) -> Floats:
    a, b = shape
    step = a + b
    posterior = np.zeros_like(weight)
    rows = weight.shape[2]
    factor = np.exp(log_forward[:, : log_forward.shape[1] - step] + log_backward[:, step:] - total[:, None])
    before = forward[:, : forward.shape[1] - step, : rows - a]
    posterior[:, step:, a:] = before * weight[:, step:, a:] * backward[:, step:, a:] * factor[:, :, None]
    return posterior


def _skewed(cells: Floats) -> Floats:
    """From ``(pairs, n + 1, m + 1)`` to ``(pairs, n + m + 1, n + 1)``: anti-diagonals become rows."""
    pairs, rows, columns = cells.shape
    skewed = np.zeros((pairs, rows + columns - 1, rows))
    for row in range(rows):
        skewed[:, row : row + columns, row] = cells[:, row]
    return skewed


def _unskewed(skewed: Floats) -> Floats:
    """The inverse of _skewed."""
    pairs, diagonals, rows = skewed.shape
    columns = diagonals - rows + 1
    cells = np.empty((pairs, rows, columns))
    for row in range(rows):
        cells[:, row] = skewed[:, row : row + columns, row]
    return cells


def _flipped(weight: Floats, shape: Shape) -> Floats:
    """The weights as seen from the other end: a bead stands at what was its start corner."""
    a, b = shape
    flipped = np.zeros_like(weight)
    flipped[:, a + b :, a:] = weight[:, a + b :, a:][:, ::-1, ::-1]
    return flipped
