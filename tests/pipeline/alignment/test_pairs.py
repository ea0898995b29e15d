"""Posteriors of pairs in batches."""

from __future__ import annotations

import numpy as np
import pytest

from hexapla.alignment import pairs
from hexapla.alignment.evidence import Problem
from hexapla.alignment.model import SENTENCES
from hexapla.alignment.pairs import pair_posteriors
from hexapla_models.encoder import Encoder
from support_sentences import make_segments, passages


@pytest.fixture(scope="module")
def problems(encoder: Encoder) -> list[Problem]:
    """Pairs with a few sentences to a few dozen, small ones between large ones."""
    texts = passages()
    english = make_segments([passage["en"] for passage in texts], encoder)
    arabic = make_segments([passage["ar"] for passage in texts], encoder)
    ranges = [(0, 30, 0, 28), (3, 5, 3, 4), (10, 11, 10, 14), (0, 8, 0, 8), (20, 60, 22, 60)]
    return [Problem(english.side(a, b), arabic.side(c, d), 1.3) for a, b, c, d in ranges]


@pytest.mark.parametrize("cells", [1, 400_000])
def test_a_pair_has_the_same_posteriors_in_any_batch(
    monkeypatch: pytest.MonkeyPatch, problems: list[Problem], cells: int
) -> None:
    """Results are in the order of the problems and do not depend on the other problems in the batch."""
    alone = [pair_posteriors([problem], SENTENCES)[0] for problem in problems]
    monkeypatch.setattr(pairs, "BATCH_CELLS", cells)
    for found, expected in zip(pair_posteriors(problems, SENTENCES), alone, strict=True):
        np.testing.assert_allclose(found.cells, expected.cells, atol=1e-5)
        np.testing.assert_allclose(found.corners, expected.corners, atol=1e-5)
        assert found.beads.keys() == expected.beads.keys()


def test_posteriors_are_probabilities(problems: list[Problem]) -> None:
    """Cells are in 0..1, both outer corners are sure, and the right segments are aligned."""
    for problem, found in zip(problems, pair_posteriors(problems, SENTENCES), strict=True):
        assert found.cells.shape == (len(problem.source), len(problem.target))
        assert found.cells.min() >= 0
        assert found.cells.max() <= 1
        assert found.corners[0, 0] == pytest.approx(1, abs=1e-6)
        assert found.corners[-1, -1] == pytest.approx(1, abs=1e-6)
    whole = pair_posteriors(problems, SENTENCES)[0]
    assert list(whole.cells[:28].argmax(axis=1)) == list(range(28))


def test_flipping_exchanges_the_sides(problems: list[Problem]) -> None:
    """Flipping exchanges the sides of cells, corners and beads."""
    pair = pair_posteriors(problems[:1], SENTENCES)[0]
    flipped = pair.flipped()
    np.testing.assert_array_equal(flipped.cells, pair.cells.T)
    np.testing.assert_array_equal(flipped.corners, pair.corners.T)
    np.testing.assert_array_equal(flipped.beads[1, 2], pair.beads[2, 1].T)


def test_no_problems_give_no_posteriors() -> None:
    """Without problems there are no posteriors."""
    assert pair_posteriors([], SENTENCES) == []
