"""Chunks of segments: cut after the marks that end clauses, with long clauses cut evenly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from hexapla_models.encoder import CHUNK, Indices

SHORTEST = 3  # tokens in a chunk that ends with a mark
_MARKS = '.,;:!?。，、；：！？．…—–-()（）「」『』“”"«»،؛؟۔《》'


def clause_end_ids(piece_to_id: Callable[[str], int]) -> Indices:
    """Find the tokens that may end a clause: those of one or two marks.

    Args:
        piece_to_id: looks up a piece in the vocabulary of a SentencePiece tokenizer.

    Returns:
        The ids of these tokens, sorted, without the unknown token.
    """
    runs = [*_MARKS, *map("".join, product(_MARKS, repeat=2))]
    found = {piece_to_id(space + run) for run in runs for space in ("", "\u2581")}
    return np.array(sorted(found - {piece_to_id("")}), dtype=np.intp)


def chunk_bounds(clause_ends: NDArray[np.bool_]) -> Indices:
    """Cut the tokens of a segment into chunks.

    Args:
        clause_ends: whether each token may end a clause, *Shape:* ``(tokens,)``.

    Returns:
        First token of each chunk, then the number of tokens, *Shape:* ``(chunks + 1,)``.
    """
    count = len(clause_ends)
    clauses = [0]
    for end in np.flatnonzero(clause_ends & ~np.append(clause_ends[1:], True)) + 1:
        if min(end - clauses[-1], count - end) >= SHORTEST:
            clauses.append(int(end))
    bounds = [0]
    for first, last in pairwise([*clauses, count]):
        parts = max(1, round((last - first) / CHUNK))
        bounds += [first + round((last - first) * part / parts) for part in range(1, parts + 1)]
    return np.array(bounds, dtype=np.intp)


def ends_clause(token: str) -> bool:
    """Return whether a decoded token consists of one or two marks that may end a clause."""
    marks = token.strip()
    return 1 <= len(marks) <= 2 and all(mark in _MARKS for mark in marks)
