"""Posteriors of pairs of languages, corrected by the others."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from hexapla.alignment.consistency import apply_consistency
from hexapla.alignment.evidence import SHAPES
from hexapla.alignment.pairs import PairPosterior, pair_of
from hexapla.alignment.posterior import Shape, forward_backward

SIZE = 4


def pair(bonuses: dict[tuple[Shape, tuple[int, int]], float]) -> PairPosterior:
    """Two versions of four segments; 1:1 beads score more than others, and beads get a bonus by their end corner."""
    scores = {shape: np.full((1, SIZE + 1, SIZE + 1), 0.0 if shape == (1, 1) else -4.0) for shape in SHAPES}
    for shape in SHAPES:
        for i in range(SIZE + 1):
            for j in range(SIZE + 1):
                off = abs(i - j) + abs((i - shape[0]) - (j - shape[1]))
                scores[shape][0, i, j] -= 3.0 * off
    for (shape, (i, j)), value in bonuses.items():
        scores[shape][0, i, j] += value
    return pair_of(forward_backward(scores, [(SIZE, SIZE)]), 0, (SIZE, SIZE))


def test_two_languages_are_not_changed() -> None:
    """Without a third language there is nothing to correct."""
    pairs = {(0, 1): pair({})}
    assert apply_consistency(pairs, {0: SIZE, 1: SIZE})[0, 1] is pairs[0, 1]


def test_sure_languages_help_an_unsure_pair() -> None:
    """An unsure bead becomes surer if both its sides are aligned with the same segment in a third language."""
    unsure = pair({((1, 1), (2, 2)): -9.0, ((2, 2), (3, 3)): 1.0})
    pairs = {(0, 1): unsure, (0, 2): pair({}), (1, 2): pair({})}
    after = apply_consistency(pairs, dict.fromkeys(range(3), SIZE))
    assert after[0, 1].beads[1, 1][2, 2] > unsure.beads[1, 1][2, 2] + 0.1


@pytest.mark.parametrize("languages", [3, 5])
def test_posteriors_stay_probabilities(languages: int) -> None:
    """The probabilities of all beads of a segment, and of leaving it alone, add up to 1."""
    pairs = {key: pair({((2, 1), (2, 1)): 3.0}) for key in combinations(range(languages), 2)}
    for found in apply_consistency(pairs, dict.fromkeys(range(languages), SIZE)).values():
        covered = np.zeros(SIZE)
        for (a, _), bead in found.beads.items():
            for step in range(a):
                covered[: SIZE - a + 1 + step][step:] += bead[a:].sum(axis=1)
        np.testing.assert_allclose(covered, 1, atol=1e-6)
