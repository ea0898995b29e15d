"""Where segments are cut into chunks: behind the marks that end clauses, and evenly inside long clauses."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from hexapla_models.encoder import CHUNK, Indices

SHORTEST = 3  # tokens in a chunk that ends behind a mark
_MARKS = '.,;:!?。，、；：！？．…—–-()（）「」『』“”"«»،؛؟۔《》'


def clause_end_ids(piece_to_id: Callable[[str], int]) -> Indices:
    """Tokens of one or two marks that may end a clause.

    Args:
        piece_to_id: the vocabulary of a SentencePiece tokenizer.

    Returns:
        Their ids, sorted; the unknown token is not one of them.
    """
    runs = [*_MARKS, *map("".join, product(_MARKS, repeat=2))]
    found = {piece_to_id(space + run) for run in runs for space in ("", "\u2581")}
    return np.array(sorted(found - {piece_to_id("")}), dtype=np.intp)


def chunk_bounds(clause_ends: NDArray[np.bool_]) -> Indices:
    """Cut the tokens of a segment into chunks.

    Args:
        clause_ends: whether each token may end a clause, *Shape:* ``(tokens,)``.

    Returns:
        First token of each chunk, and the number of tokens at the end, *Shape:* ``(chunks + 1,)``.
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
    """Whether a token, decoded, is one of one or two marks that may end a clause."""
    marks = token.strip()
    return 1 <= len(marks) <= 2 and all(mark in _MARKS for mark in marks)
