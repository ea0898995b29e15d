"""Tests of the features of segments and of their parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla_models.encoder import EDGES, Vectors
from hexapla_models.network import (
    CLOSING_ROW,
    FIRST_CHUNK,
    OPENING_ROW,
    SUM_ROW,
    VECTOR_ROW,
    TokenTable,
    range_sums,
    segment_features,
)
from hexapla_models.weights import Weights, load_weights


@pytest.fixture(scope="module")
def weights() -> Weights:
    """The weights of the model."""
    return load_weights()


def features(
    weights: Weights, pieces: Sequence[Sequence[int]], cuts: Sequence[Sequence[int]]
) -> list[Vectors]:
    """Compute the features of segments with these tokens, cut into chunks at these positions."""
    table = TokenTable.of(weights, np.unique(np.concatenate(pieces)))
    table.fill(weights, slice(0, 2))
    table.fill(weights, slice(2, len(table.ids)))
    return segment_features(
        weights, table, [np.array(ids) for ids in pieces], [np.array(cut) for cut in cuts]
    )


def test_features_do_not_leak_between_segments(weights: Weights) -> None:
    """Segments have the same features together as one by one; the last column counts their tokens."""
    pieces = [[1, 40, 41, 42, 2], [1, 0, 2], [1, *range(300, 340), 2]]
    cuts = [[0, 3], [0, 1], [0, 11, 27, 40]]
    together = features(weights, pieces, cuts)
    assert [found.shape for found in together] == [(FIRST_CHUNK + k, 513) for k in (1, 1, 3)]
    for found, ids, bounds in zip(together, pieces, cuts, strict=True):
        np.testing.assert_allclose(found, features(weights, [ids], [bounds])[0], atol=1e-4)
    short, long = (min(edge, 3) for edge in EDGES)
    assert together[0][:, -1].tolist() == [1, 1, 3, 3, short, long, short, long, 3]
    assert together[2][:, -1].tolist() == [1, 1, 40, 40, *EDGES, *EDGES, 11, 16, 13]


def test_parts_with_the_same_tokens_are_equal(weights: Weights) -> None:
    """Sums do not depend on the chunks, and a chunk with the tokens of an opening or closing has its vector."""
    ids = [1, *range(300, 340), 2]
    whole, edges = (features(weights, [ids], [cut])[0] for cut in ([0, 40], [0, EDGES[0], 40 - EDGES[1], 40]))
    np.testing.assert_allclose(edges[:FIRST_CHUNK], whole[:FIRST_CHUNK], atol=1e-4)
    np.testing.assert_array_equal(whole[FIRST_CHUNK], whole[VECTOR_ROW])
    np.testing.assert_array_equal(edges[FIRST_CHUNK], edges[OPENING_ROW])
    np.testing.assert_array_equal(edges[-1], edges[CLOSING_ROW + len(EDGES) - 1])
    np.testing.assert_allclose(np.linalg.norm(edges[VECTOR_ROW:, :-1], axis=1), 1, atol=1e-5)
    assert np.linalg.norm(edges[SUM_ROW, :-1]) > 10


@given(
    bounds=st.lists(
        st.tuples(st.integers(0, 20), st.integers(1, 9)).map(lambda run: (run[0], sum(run))), min_size=1
    )
)
def test_sums_of_runs(bounds: list[tuple[int, int]]) -> None:
    """Runs of any length are summed, in any order, overlapping or equal."""
    rows = np.random.default_rng(1).integers(0, 9, (30, 3)).astype(np.float32)
    expected = [rows[start:end].sum(axis=0) for start, end in bounds]
    np.testing.assert_array_equal(range_sums(rows, np.array(bounds)), expected)
