"""Arrays of several problems stacked and padded with zeros, and operations on runs of their segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def stack(arrays: Sequence[NDArray[np.generic]]) -> Floats:
    """Stack arrays with the same number of axes, padded with zeros to the longest along each axis."""
    shape = np.max([array.shape for array in arrays], axis=0)
    stacked = np.zeros((len(arrays), *shape), dtype=np.float32)
    for place, array in enumerate(arrays):
        stacked[place][tuple(slice(length) for length in array.shape)] = array
    return stacked


def run_sums(values: Floats, length: int, axis: int = 1) -> Floats:
    """Return the sum of each run of `length` values along an axis."""
    end = values.shape[axis] - length + 1
    before = (slice(None),) * axis
    total = values[(*before, slice(end))].copy()
    for i in range(1, length):
        total += values[(*before, slice(i, i + end))]
    return total


def run_unions(rows: Floats, length: int) -> Floats:
    """Return the element-wise maximum of each run of `length` rows of the second axis."""
    end = rows.shape[1] - length + 1
    union = rows[:, :end].copy()
    for i in range(1, length):
        np.maximum(union, rows[:, i : i + end], out=union)
    return union


def run_neighbours(rows: Floats, length: int) -> Floats:
    """Return the element-wise maximum of the two rows next to each run of `length` rows; zeros beyond both ends."""
    around = np.pad(rows, ((0, 0), (1, 1), (0, 0)))
    end = rows.shape[1] - length + 1
    return np.maximum(around[:, :end], around[:, length + 1 : length + 1 + end])
