"""Rows over all languages, and the best path through blocks of cells."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.alignment.joint_alignment import (
    BLOCKS,
    LONGEST_MERGE,
    Corner,
    Gains,
    align_jointly,
    best_path,
    block_gains,
)
from hexapla.alignment.model import SENTENCES
from hexapla.alignment.pairs import PairPosterior
from hexapla.alignment.windowed_alignment import align_segments
from hexapla_models.encoder import Encoder
from support_sentences import LANGUAGES, assert_partition, make_segments, passages, spans_of


def random_pair(n: int, m: int, random: np.random.Generator) -> PairPosterior:
    """Random cells, corners and beads, which make no sense together."""
    beads = {(a, b): random.random((n + 1, m + 1)) for a in range(3) for b in range(3) if a + b}
    return PairPosterior(random.random((n, m)) ** 3, random.random((n + 1, m + 1)), beads)


def sure_pair(n: int, m: int, cells: list[tuple[int, int]]) -> PairPosterior:
    """A pair whose segments are surely aligned one to one in these cells, and left alone elsewhere."""
    shapes: list[tuple[int, int]] = []
    i = j = 0
    for row, column in [*cells, (n, m)]:
        shapes += [(1, 0)] * (row - i) + [(0, 1)] * (column - j) + [(1, 1)] * (row < n)
        i, j = row + 1, column + 1
    return sure_beads(n, m, shapes)


def sure_beads(n: int, m: int, shapes: list[tuple[int, int]]) -> PairPosterior:
    """A pair whose segments are surely in beads of these shapes, one after the other."""
    matrix, corners = np.zeros((n, m)), np.zeros((n + 1, m + 1))
    beads = {shape: np.zeros((n + 1, m + 1)) for shape in {*shapes, (1, 1), (1, 0), (0, 1)}}
    i = j = 0
    corners[0, 0] = 1
    for a, b in shapes:
        matrix[i : i + a, j : j + b] = 1
        i, j = i + a, j + b
        beads[a, b][i, j] = corners[i, j] = 1
    return PairPosterior(matrix, corners, beads)


@given(sizes=st.lists(st.integers(0, 5), min_size=1, max_size=5), seed=st.integers(0, 10_000))
def test_every_segment_is_in_one_row(sizes: list[int], seed: int) -> None:
    """Whatever the posteriors, rows are in order in every language, hold each segment once and have a probability."""
    random = np.random.default_rng(seed)
    keys = combinations([i for i, size in enumerate(sizes) if size], 2)
    pairs = {(a, b): random_pair(sizes[a], sizes[b], random) for a, b in keys}
    rows = align_jointly(pairs, {i: size for i, size in enumerate(sizes) if size})
    assert_partition(rows, [(0, size) for size in sizes])
    assert all(row.spans and 0 <= row.probability <= 1 for row in rows)


def test_sure_pairs_give_sure_rows() -> None:
    """Three languages that agree give sure rows, although one of them lacks the second passage."""
    pairs = {
        (0, 1): sure_pair(3, 3, [(0, 0), (1, 1), (2, 2)]),
        (0, 2): sure_pair(3, 2, [(0, 0), (2, 1)]),
        (1, 2): sure_pair(3, 2, [(0, 0), (2, 1)]),
    }
    rows = align_jointly(pairs, {0: 3, 1: 3, 2: 2})
    assert spans_of(rows) == [
        {0: (0, 1), 1: (0, 1), 2: (0, 1)},
        {0: (1, 2), 1: (1, 2)},
        {0: (2, 3), 1: (2, 3), 2: (1, 2)},
    ]
    assert [row.probability for row in rows] == pytest.approx([1, 1, 1], abs=1e-3)


def test_a_segment_that_belongs_with_part_of_a_row_joins_the_row() -> None:
    """A segment that is part of a larger one in most languages is not left alone, even if only one has the same."""
    whole, cut = (0, 1, 2, 3), (4, 5)  # languages with one segment, and with two; the last has one more
    pairs = {
        **{key: sure_beads(1, 1, [(1, 1)]) for key in combinations(whole, 2)},
        **{(a, 4): sure_beads(1, 2, [(1, 2)]) for a in whole},
        **{(a, 5): sure_beads(1, 3, [(0, 1), (1, 1), (0, 1)]) for a in whole},
        cut: sure_beads(2, 3, [(1, 1), (1, 1), (0, 1)]),
    }
    rows = align_jointly(pairs, dict.fromkeys(whole, 1) | {4: 2, 5: 3})
    assert spans_of(rows) == [dict.fromkeys(whole, (0, 1)) | dict.fromkeys(cut, (0, 2)), {5: (2, 3)}]


def test_one_language_is_all_alone() -> None:
    """A single version, or the only one that is not empty, has a row for each segment."""
    assert spans_of(align_jointly({}, {1: 2})) == [{1: (0, 1)}, {1: (1, 2)}]
    assert align_jointly({}, {}) == []


def test_translations_are_aligned(encoder: Encoder) -> None:
    """Six versions of the same passages have a row for each."""
    texts = passages()[:24]
    versions = [make_segments([passage[tag] for passage in texts], encoder) for tag in LANGUAGES]
    rows = align_segments(versions, SENTENCES)
    assert spans_of(rows) == [dict.fromkeys(range(6), (k, k + 1)) for k in range(len(texts))]
    assert np.mean([row.probability for row in rows]) > 0.9


@pytest.mark.parametrize("missing", LANGUAGES)
def test_a_version_that_misses_a_passage_is_not_in_its_row(encoder: Encoder, missing: str) -> None:
    """The other versions are aligned, and what follows is aligned in all."""
    texts = passages()[:16]
    place = LANGUAGES.index(missing)
    versions = [
        make_segments([p[tag] for k, p in enumerate(texts) if (tag, k) != (missing, 5)], encoder)
        for tag in LANGUAGES
    ]
    rows = spans_of(align_segments(versions, SENTENCES))
    expected = [dict.fromkeys(range(6), (k, k + 1)) for k in range(len(texts))]
    for k, row in enumerate(expected):
        row[place] = (k - (k > 5), k + (k <= 5))
    del expected[5][place]
    assert rows == expected


@pytest.mark.parametrize("merged", LANGUAGES)
def test_a_merged_passage_joins_those_of_the_others(encoder: Encoder, merged: str) -> None:
    """If one version has two passages in one segment, all are in one row."""
    texts = passages()[:12]
    place = LANGUAGES.index(merged)
    joiner = "" if merged == "zh" else " "
    columns = [[passage[tag] for passage in texts] for tag in LANGUAGES]
    columns[place][4:6] = [joiner.join(columns[place][4:6])]
    rows = spans_of(align_segments([make_segments(column, encoder) for column in columns], SENTENCES))
    expected = [dict.fromkeys(range(6), (k, k + 1)) for k in range(len(texts))]
    expected[4:6] = [{i: (4, 5) if i == place else (4, 6) for i in range(6)}]
    for k, row in enumerate(expected[5:], start=5):
        row[place] = (k, k + 1)
    assert rows == expected


def test_a_passage_of_only_one_version_has_its_own_row(encoder: Encoder) -> None:
    """A passage that no other version has becomes a row of one language."""
    texts = passages()[:10]
    columns = [[passage[tag] for passage in texts] for tag in ("en", "zh", "ru")]
    columns[0].insert(6, "The printer reserves the right to change the colour of the cover.")
    rows = align_segments([make_segments(column, encoder) for column in columns], SENTENCES)
    assert [dict(row.spans) for row in rows if len(row.spans) == 1] == [{0: (6, 7)}]
    assert len(rows) == 11


def path_through(cells: Gains) -> list[tuple[Corner, Corner]]:
    """The best path if a block gains the sum of its cells."""
    return best_path(block_gains(cells))


def best_gain(gains: Gains, i: int = 0, j: int = 0) -> float:
    """Greatest summed gain of any sequence of blocks from a corner to the end."""
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
    """The blocks form a path from the first corner to the last, and no other path gains more."""
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
    """If the other side is empty, every row or segment is a separate block."""
    assert len(path_through(np.zeros((n, m)))) == n + m


def test_cells_without_gain_join_nothing() -> None:
    """Rows and segments whose cells have negative gains are left alone."""
    path = path_through(np.full((3, 2), -0.5))
    assert sorted((c - a, d - b) for (a, b), (c, d) in path) == [(0, 1), (0, 1), (1, 0), (1, 0), (1, 0)]


def test_a_long_diagonal_is_followed() -> None:
    """200 rows and segments are aligned one to one, except for one block of one to three and a gap."""
    count = 200
    gains = np.full((count, count), -0.4)
    pairs = [(i, i) for i in range(100)] + [(100, 100), (100, 101), (100, 102)]
    pairs += [(i, i + 2) for i in range(101, 150)] + [(i, i) for i in range(153, count)]
    gains[tuple(np.array(pairs).T)] = 0.6
    found = {(i, j) for (a, b), (c, d) in path_through(gains) for i in range(a, c) for j in range(b, d)}
    assert found == set(pairs)


def test_blocks_reach_their_limit() -> None:
    """A block may have one row and as many segments as allowed."""
    assert path_through(np.full((1, LONGEST_MERGE), 1.0)) == [((0, 0), (1, LONGEST_MERGE))]
