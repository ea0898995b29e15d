"""The best monotone sequence of blocks through a grid of gains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from hexapla.align.posterior import Shape

Gains = NDArray[np.float64]
Corner = tuple[int, int]


def best_path(gains: Mapping[Shape, Gains]) -> list[tuple[Corner, Corner]]:
    """The blocks whose summed gains are greatest.

    Args:
        gains: gain of the block of each shape that ends at a corner, *Shape of each:* ``(n + 1, m + 1)``; corners where
            it does not fit are not read.

    Returns:
        Start and end corner of each block, in order.
    """
    shapes = list(gains)
    rows, columns = next(iter(gains.values())).shape
    steps = np.array(shapes)
    gained = _by_diagonal(gains)
    longest = steps.sum(axis=1).max()
    shift = steps[:, 0].max()  # rows of nothing above the first, so that no index is negative
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
    i, j = n, m
    while i or j:
        a, b = shapes[choice[i + j, i]]
        yield (i - a, j - b), (i, j)
        i, j = i - a, j - b
