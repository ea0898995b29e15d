"""The best monotone sequence of blocks through a grid of gains."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float64]
Corner = tuple[int, int]

LONGEST = 6  # rows or segments in one block
BLOCKS = (
    (1, 0),
    (0, 1),
    *((a, b) for a in range(1, LONGEST + 1) for b in range(1, LONGEST + 1) if a + b <= 8),
)


def best_path(gains: Cells) -> list[tuple[Corner, Corner]]:
    """The blocks whose summed gains are greatest; a row or segment that is left alone gains nothing.

    Args:
        gains: gain of having row i and segment j in one block, *Shape:* ``(rows, segments)``; negative where they had
            better be apart.

    Returns:
        Start and end corner of each block, in order.
    """
    n, m = gains.shape
    block_gains = _block_gains(gains)
    best = np.full((n + m + 1, n + 1), -np.inf)
    choice = np.zeros((n + m + 1, n + 1), dtype=np.int8)
    best[0, 0] = 0
    values = np.full((len(BLOCKS), n + 1), -np.inf)
    for diagonal in range(1, n + m + 1):
        for number, (a, b) in enumerate(BLOCKS):
            if diagonal >= a + b and a <= n:
                values[number, a:] = best[diagonal - a - b, : n + 1 - a] + block_gains[number, diagonal, a:]
        choice[diagonal] = values.argmax(axis=0)
        best[diagonal] = values.max(axis=0)
    return list(_blocks(choice, n, m))[::-1]


def _block_gains(gains: Cells) -> Cells:
    """Summed gain of the block of each shape that ends at a corner.

    Args:
        gains: *Shape:* ``(n, m)``.

    Returns:
        *Shape:* ``(len(BLOCKS), n + m + 1, n + 1)``, by anti-diagonal and row of the corner; -inf where no block fits.
    """
    n, m = gains.shape
    area = np.zeros((n + 1, m + 1))
    area[1:, 1:] = gains.cumsum(axis=0).cumsum(axis=1)
    found = np.full((len(BLOCKS), n + m + 1, n + 1), -np.inf)
    for number, (a, b) in enumerate(BLOCKS):
        if a <= n and b <= m:
            block = (
                area[a:, b:] - area[: n + 1 - a, b:] - area[a:, : m + 1 - b] + area[: n + 1 - a, : m + 1 - b]
            )
            for row in range(a, n + 1):
                found[number, row + b : row + m + 1, row] = block[row - a]
    return found


def _blocks(choice: NDArray[np.int8], n: int, m: int) -> Iterator[tuple[Corner, Corner]]:
    i, j = n, m
    while i or j:
        a, b = BLOCKS[choice[i + j, i]]
        yield (i - a, j - b), (i, j)
        i, j = i - a, j - b
