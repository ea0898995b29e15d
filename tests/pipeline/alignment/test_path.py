"""The best path against all paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.alignment.joint_alignment import BLOCKS, LONGEST_MERGE, Corner, Gains, best_path, block_gains


def path_through(cells: Gains) -> list[tuple[Corner, Corner]]:
    """The best path where a block gains what its cells gain."""
    return best_path(block_gains(cells))


def best_gain(gains: Gains, i: int = 0, j: int = 0) -> float:
    """The greatest summed gain of any sequence of blocks from a corner to the end."""
    n, m = gains.shape
    if (i, j) == (n, m):
        return 0.0
    return max(
        float(gains[i : i + a, j : j + b].sum()) + best_gain(gains, i + a, j + b)
        for a, b in BLOCKS
        if i + a <= n and j + b <= m
    )


@given(
    n=st.integers(0, 4),
    m=st.integers(0, 4),
    seed=st.integers(0, 10_000),
    centre=st.sampled_from([-1, 0, 0.5]),
)
def test_path_is_the_best(n: int, m: int, seed: int, centre: float) -> None:
    """The blocks follow one another from the first corner to the last, and no others gain more."""
    gains = np.random.default_rng(seed).normal(centre, 1, (n, m))
    path = path_through(gains)
    corners = [(0, 0), *(end for _, end in path)]
    assert corners[-1] == (n, m)
    assert [start for start, _ in path] == corners[:-1]
    assert all((c - a, d - b) in BLOCKS for (a, b), (c, d) in path)
    total = sum(float(gains[a:c, b:d].sum()) for (a, b), (c, d) in path)
    assert total == pytest.approx(best_gain(gains), abs=1e-9)


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (4, 0)])
def test_one_side_alone(n: int, m: int) -> None:
    """With nothing on the other side, every row or segment is a block of its own."""
    assert len(path_through(np.zeros((n, m)))) == n + m


def test_what_gains_nothing_stays_apart() -> None:
    """Rows and segments that had better be apart are left alone."""
    path = path_through(np.full((3, 2), -0.5))
    assert sorted((c - a, d - b) for (a, b), (c, d) in path) == [(0, 1), (0, 1), (1, 0), (1, 0), (1, 0)]


def test_a_long_diagonal_is_followed() -> None:
    """Of 200 rows and segments each stands with its own, but for a block of one to three and a gap."""
    count = 200
    gains = np.full((count, count), -0.4)
    pairs = [(i, i) for i in range(100)] + [(100, 100), (100, 101), (100, 102)]
    pairs += [(i, i + 2) for i in range(101, 150)] + [(i, i) for i in range(153, count)]
    gains[tuple(np.array(pairs).T)] = 0.6
    found = {(i, j) for (a, b), (c, d) in path_through(gains) for i in range(a, c) for j in range(b, d)}
    assert found == set(pairs)


def test_blocks_reach_their_limit() -> None:
    """A block takes one row with as many segments as allowed."""
    assert path_through(np.full((1, LONGEST_MERGE), 1.0)) == [((0, 0), (1, LONGEST_MERGE))]
