"""Tests of cutting segments into chunks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla_models.chunks import chunk_bounds, clause_end_ids


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ("a", [0, 1]),
        ("aaaaa,aaaaa.", [0, 6, 12]),
        ("a,aaaaaaaa.", [0, 11]),  # too short before the mark
        ("aaaaaaaa,a.", [0, 11]),  # too short after it
        ("aaaa,,aaaa.", [0, 6, 11]),  # after the last of several marks
        ("a" * 24, [0, 12, 24]),
        ("a" * 17, [0, 17]),
        ("aaaa," + "a" * 30, [0, 5, 20, 35]),
        ("......", [0, 6]),
    ],
)
def test_segments_are_cut_after_marks_and_evenly_between(tokens: str, expected: list[int]) -> None:
    """A clause ends after its last mark; a long one is cut into parts of about twelve tokens."""
    assert list(chunk_bounds(np.array([token != "a" for token in tokens]))) == expected


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_chunks_hold_every_token_once(clause_ends: list[bool]) -> None:
    """Bounds rise from 0 to the number of tokens, and no chunk has more than eighteen."""
    bounds = chunk_bounds(np.array(clause_ends))
    assert bounds[0] == 0
    assert bounds[-1] == len(clause_ends)
    assert 0 < np.diff(bounds).min() <= np.diff(bounds).max() <= 18


def test_clause_ends_are_marks_of_the_vocabulary() -> None:
    """Single and double marks are found, with or without the space sign; the unknown token is not."""
    vocabulary = {"a": 1, ".": 2, "\u2581,": 3, ".”": 4, "،": 5}
    assert list(clause_end_ids(lambda piece: vocabulary.get(piece, 0))) == [2, 3, 4, 5]
