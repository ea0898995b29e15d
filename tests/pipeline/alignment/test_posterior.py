"""Forward-backward, against an enumeration of all alignments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.alignment.posterior import Doubles, Posteriors, Shape, forward_backward

SHAPES: tuple[Shape, ...] = ((1, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (1, 3))
Bead = tuple[Shape, Shape]  # shape and end corner


def all_paths(size: Shape, start: Shape = (0, 0)) -> Iterator[tuple[Bead, ...]]:
    """Every sequence of beads from a corner to the end."""
    if start == size:
        yield ()
    for a, b in SHAPES:
        end = (start[0] + a, start[1] + b)
        if end[0] <= size[0] and end[1] <= size[1]:
            for rest in all_paths(size, end):
                yield (((a, b), end), *rest)


def enumerated(scores: dict[Shape, Doubles], place: int, size: Shape) -> Posteriors:
    """Posteriors of one pair, computed by summing over all its alignments."""
    beads = {shape: np.zeros_like(score[place]) for shape, score in scores.items()}
    corners = np.zeros_like(scores[1, 0][place])
    total = 0.0
    for path in all_paths(size):
        weight = float(np.exp(sum(scores[shape][place][corner] for shape, corner in path)))
        total += weight
        corners[0, 0] += weight
        for shape, corner in path:
            beads[shape][corner] += weight
            corners[corner] += weight
    return Posteriors(
        {shape: bead / total for shape, bead in beads.items()}, corners / total, np.log([total])
    )


def random_scores(sizes: Sequence[Shape], seed: int, spread: float) -> dict[Shape, Doubles]:
    """Random scores of beads, both inside and outside the sizes of the pairs."""
    random = np.random.default_rng(seed)
    shape = (len(sizes), max(n for n, _ in sizes) + 1, max(m for _, m in sizes) + 1)
    return {bead: random.normal(0, spread, shape) for bead in SHAPES}


@given(
    sizes=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=4).filter(
        lambda sizes: any(n + m for n, m in sizes)
    ),
    seed=st.integers(0, 10_000),
    spread=st.sampled_from([0.0, 1.0, 8.0]),
)
def test_posteriors_are_those_of_all_alignments(sizes: list[Shape], seed: int, spread: float) -> None:
    """Pairs of any sizes in one batch, including empty sides, have the posteriors of an enumeration."""
    scores = random_scores(sizes, seed, spread)
    found = forward_backward(scores, sizes)
    for place, size in enumerate(sizes):
        expected = enumerated(scores, place, size)
        np.testing.assert_allclose(found.log_total[place], expected.log_total[0], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found.corners[place], expected.corners, atol=1e-9)
        for shape, bead in found.beads.items():
            np.testing.assert_allclose(bead[place], expected.beads[shape], atol=1e-9)


def test_shapes_larger_than_all_pairs_are_left_out() -> None:
    """Only beads that fit have posteriors, and those that do not fit are not read."""
    scores = random_scores([(1, 1)], 1, 1.0)
    assert set(forward_backward(scores, [(1, 1)]).beads) == {(1, 0), (0, 1), (1, 1)}


@pytest.mark.parametrize("level", [-40.0, 0.0, 40.0])
def test_long_pairs_neither_overflow_nor_vanish(level: float) -> None:
    """With 300 segments on each side that fit one to one, every 1:1 bead is sure, however large the weights."""
    count = 300
    corners = np.ones((1, count + 1, count + 1))
    scores = {(a, b): corners * (level * (a + b) / 2 - 30) for a, b in SHAPES}
    diagonal = np.arange(count + 1)
    scores[1, 1][0, diagonal, diagonal] = level
    found = forward_backward(scores, [(count, count)])
    np.testing.assert_allclose(found.beads[1, 1][0, diagonal[1:], diagonal[1:]], 1, atol=1e-6)
    assert found.log_total[0] == pytest.approx(count * level, abs=1e-6)


def test_every_segment_is_in_one_bead() -> None:
    """The probabilities of the beads that contain a segment add up to 1."""
    size = (12, 9)
    beads = forward_backward(random_scores([size], 3, 2.0), [size]).beads
    held = np.zeros(size[0])
    for (a, _), bead in beads.items():
        for back in range(a):
            held[: size[0] - back] += bead[0, 1 + back :].sum(axis=1)
    np.testing.assert_allclose(held, 1, atol=1e-9)
