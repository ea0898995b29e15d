"""Coverage of the chunks of a bead by its other side, against a slow reference."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from hexapla.alignment.coverage import LARGEST_MARGIN, Coverage
from hexapla_models.encoder import Chunks, Indices, Vectors
from support_evidence import mass, plain_coverage, plain_given, random_chunks

LONGEST = 3
NAMES = ("covered", "uncovered", "margin", "margin loss")


def make_chunks(vectors: Vectors, tokens: list[float], bounds: list[int]) -> Chunks:
    at: Indices = np.array(bounds)
    return Chunks(vectors, np.array(tokens, dtype=np.float32), at)


def random_pair(n: int, m: int, seed: int) -> tuple[Chunks, Chunks]:
    random = np.random.default_rng(seed)
    return random_chunks(random, n, 5), random_chunks(random, m, 5)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 3), (4, 1), (3, 5), (12, 9)])
def test_coverage_is_that_of_the_reference(n: int, m: int) -> None:
    """All beads, up to those of a whole side, have the values of a plain reference; distant segments do not compete."""
    source, target = random_pair(n, m, 10 * n + m)
    coverage, shares = Coverage([source], [target], LONGEST), mass(source, target)
    for a, b in product(range(1, min(n, LONGEST) + 1), range(1, min(m, LONGEST) + 1)):
        found = np.stack(coverage.features(a, b))
        assert found.shape == (len(NAMES), 1, n - a + 1, m - b + 1)
        for i, j in product(range(n - a + 1), range(m - b + 1)):
            plain = plain_coverage(source, target, shares, (i, j, a, b))
            np.testing.assert_allclose(
                found[:, 0, i, j], [plain[name] for name in NAMES], rtol=1e-4, atol=1e-4
            )


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 3), (3, 3)])
def test_padding_changes_nothing(shape: tuple[int, int]) -> None:
    """A pair has the same coverage alone as next to pairs with more or fewer segments or chunks."""
    a, b = shape
    sizes = [(3, 9), (10, 4), (3, 3), (7, 12)]
    pairs = [random_pair(n, m, n + 40 * m) for n, m in sizes]
    together = Coverage([source for source, _ in pairs], [target for _, target in pairs], LONGEST)
    for place, ((n, m), (source, target)) in enumerate(zip(sizes, pairs, strict=True)):
        alone = Coverage([source], [target], LONGEST)
        padded = np.stack(together.features(a, b))[:, place, : n - a + 1, : m - b + 1]
        np.testing.assert_allclose(padded, np.stack(alone.features(a, b))[:, 0], atol=1e-5)
        for side, count in enumerate((n, m)):
            given = np.stack(together.given(side))[:, place, :count]
            np.testing.assert_allclose(given, np.stack(alone.given(side))[:, 0], atol=1e-5)


def test_sides_may_be_exchanged() -> None:
    """A pair with its sides exchanged has the same coverage of the same beads."""
    source, target = random_pair(5, 6, 3)
    forward, backward = Coverage([source], [target], LONGEST), Coverage([target], [source], LONGEST)
    for there, back in zip(forward.features(2, 3), backward.features(3, 2), strict=True):
        np.testing.assert_allclose(there, back.transpose(0, 2, 1), atol=1e-5)
    np.testing.assert_allclose(forward.given(0), backward.given(1), atol=1e-5)


def test_translated_chunks_are_covered_where_their_translation_is() -> None:
    """Right beads are covered, with the largest possible margin, and wrong beads are not."""
    vectors = np.eye(6, dtype=np.float32)
    source = make_chunks(vectors, [10.0] * 6, [0, 2, 4, 6])
    target = make_chunks(vectors, [12.0] * 6, [0, 2, 4, 6])
    covered, uncovered, margin, loss = Coverage([source], [target], LONGEST).features(1, 1)
    right = np.eye(3, dtype=bool)
    assert covered[0][right].min() > 0.9 > 0.1 > covered[0][~right].max()
    assert uncovered[0][right].max() < uncovered[0][~right].min()
    np.testing.assert_allclose(margin[0][right], 2 * (10 + 12) * LARGEST_MARGIN / 10, rtol=1e-5)
    assert margin[0][~right].max() < 0
    assert loss[0][right].min() == loss[0][right].max() == 0


def test_a_chunk_without_translation_finds_nothing() -> None:
    """The last source segment, whose chunks are similar to none of the target, is hardly assigned at all."""
    source = make_chunks(np.eye(4, dtype=np.float32), [10.0] * 4, [0, 1, 2, 4])
    target = make_chunks(np.eye(4, dtype=np.float32)[:2], [10.0] * 2, [0, 1, 2])
    shares, found = Coverage([source], [target], LONGEST).given(0)
    assert shares[0, :2].min() > 0.9
    assert shares[0, 2] < 0.2
    assert found[0, 2] < found[0, :2].min()
    plain = plain_given(source, mass(source, target), 2)
    assert (shares[0, 2], found[0, 2]) == pytest.approx((plain["given"], plain["given by length"]), rel=1e-4)
