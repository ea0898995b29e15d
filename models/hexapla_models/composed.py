"""Spans of an encoder that composes vectors: those of runs of segments follow from sums of token features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from hexapla_models.encoder import EDGES, Chunks, Indices, Vectors
from hexapla_models.network import (
    BEGIN_ROW,
    CLOSING_ROW,
    END_ROW,
    FIRST_CHUNK,
    OPENING_ROW,
    SUM_ROW,
    VECTOR_ROW,
    range_sums,
)

BLOCK = 1024  # segments read together
KEPT_BLOCKS = 12  # per document, about 25 MB each

Compose = Callable[[Vectors, Vectors], Vectors]
"""Turns sums of token features, and the number of tokens in each, *Shape:* ``(n, 1)``, into vectors of length 1."""


@dataclass(frozen=True, slots=True)
class Block:
    """Features and vectors of consecutive segments; see `hexapla_models.network.segment_features`.

    Attributes:
        rows: all rows but those of chunks, *Shape:* ``(segments, FIRST_CHUNK, dimension + 1)``.
        chunks: the rows of all chunks, *Shape:* ``(chunks, dimension + 1)``; the last column is the number of tokens.
        bounds: first chunk of each segment, then the number of chunks, *Shape:* ``(segments + 1,)``.
    """

    rows: Vectors
    chunks: Vectors
    bounds: Indices

    @classmethod
    def of(cls, features: Sequence[Vectors]) -> Block:
        """Build a block from the features of its segments."""
        rows = np.array([each[:FIRST_CHUNK] for each in features], dtype=np.float32)
        bounds = np.cumsum([0, *(len(each) - FIRST_CHUNK for each in features)])
        return cls(rows, np.concatenate([each[FIRST_CHUNK:] for each in features]), bounds)

    def part(self, start: int, end: int) -> Block:
        """Return the segments [start, end) as a block."""
        bounds = self.bounds[start : end + 1]
        return Block(self.rows[start:end], self.chunks[bounds[0] : bounds[-1]], bounds - bounds[0])


class ComposedSpans:
    """Consecutive segments that compose the vectors of their runs.

    Features are computed block by block. No more than KEPT_BLOCKS are kept, enough for a long document, so that memory
    does not grow with the length of a very long one. Such a document should be read forwards: the earliest block is
    dropped first, and of dropped blocks only the requested segments are computed again.

    Args:
        compose: the layers after the sum.
        features: computes the features of each text; see `hexapla_models.network.segment_features`.
        texts: text of each segment.
        dimension: length of a vector.

    Attributes:
        composed: whether the vector of a run is nearly free; see `hexapla_models.encoder.Spans`.
    """

    composed = True

    def __init__(
        self,
        compose: Compose,
        features: Callable[[Sequence[str]], Sequence[Vectors]],
        texts: Sequence[str],
        dimension: int,
    ) -> None:
        self._compose = compose
        self._features = features
        self._texts = texts
        self._dimension = dimension
        self._blocks: dict[int, Block] = {}
        self._dropped: set[int] = set()
        self._lock = Lock()
        blocks = -(-len(texts) // BLOCK)
        for number in range(blocks if blocks <= KEPT_BLOCKS else 1):
            self._block(number)

    def __len__(self) -> int:
        """Number of segments."""
        return len(self._texts)

    def vectors(self, starts: Indices, ends: Indices) -> Vectors:
        """Return the vectors of the runs [start, end), *Shape:* ``(spans, dimension)``, of Euclidean length 1."""
        starts, ends = np.asarray(starts), np.asarray(ends)
        vectors = np.empty((len(starts), self._dimension), dtype=np.float32)
        for spans in _by_block(starts):
            vectors[spans] = self._runs(starts[spans], ends[spans])
        return vectors

    def openings(self, segments: Indices) -> Vectors:
        """Return the vectors of the first tokens of segments, *Shape:* ``(len(EDGES), segments, dimension)``."""
        return self._edges(np.asarray(segments), OPENING_ROW)

    def closings(self, segments: Indices) -> Vectors:
        """Return the vectors of the last tokens of segments, *Shape:* ``(len(EDGES), segments, dimension)``."""
        return self._edges(np.asarray(segments), CLOSING_ROW)

    def chunks(self, start: int, end: int) -> Chunks:
        """Cut the segments [start, end) into clauses."""
        if start == end:
            empty = np.zeros((0, self._dimension), dtype=np.float32)
            return Chunks(empty, empty[:, 0], np.zeros(1, dtype=np.intp))
        part = self._part(np.arange(start, end))[0]
        return Chunks(part.chunks[:, :-1], part.chunks[:, -1], part.bounds)

    def _runs(self, starts: Indices, ends: Indices) -> Vectors:
        """Return the vectors of runs that begin in the same block."""
        lengths = ends - starts
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        part, positions = self._part(np.repeat(starts, lengths) + offsets)
        starts = positions[np.cumsum(lengths) - lengths]
        vectors: Vectors = part.rows[starts, VECTOR_ROW, :-1]
        longer = np.flatnonzero(lengths > 1)
        if len(longer):
            starts, ends = starts[longer], starts[longer] + lengths[longer]
            inner = range_sums(part.rows[:, SUM_ROW], np.stack([starts, ends], axis=1))
            whole = inner + part.rows[starts, BEGIN_ROW] + part.rows[ends - 1, END_ROW]
            vectors[longer] = self._compose(whole[:, :-1], whole[:, -1:])
        return vectors

    def _edges(self, segments: Indices, row: int) -> Vectors:
        vectors = np.empty((len(EDGES), len(segments), self._dimension), dtype=np.float32)
        for chosen in _by_block(segments):
            part, positions = self._part(segments[chosen])
            vectors[:, chosen] = part.rows[positions, row : row + len(EDGES), :-1].swapaxes(0, 1)
        return vectors

    def _part(self, wanted: Indices) -> tuple[Block, Indices]:
        """Return a block with the wanted segments, in order, and the position of each in it."""
        first, last = int(wanted.min()), int(wanted.max()) + 1
        numbers = range(first // BLOCK, -(-last // BLOCK))
        if any(number in self._dropped for number in numbers):
            distinct, positions = np.unique(wanted, return_inverse=True)
            return Block.of(self._features([self._texts[k] for k in distinct])), positions
        parts = [
            self._block(number).part(max(0, first - number * BLOCK), min(BLOCK, last - number * BLOCK))
            for number in numbers
        ]
        return _joined(parts), wanted - first

    def _block(self, number: int) -> Block:
        """Return a block, computing it if it is not kept."""
        with self._lock:
            if number not in self._blocks:
                if len(self._blocks) == KEPT_BLOCKS:
                    self._dropped.add(min(self._blocks))
                    del self._blocks[min(self._blocks)]
                texts = self._texts[number * BLOCK : (number + 1) * BLOCK]
                self._blocks[number] = Block.of(self._features(texts))
                self._dropped.discard(number)
            return self._blocks[number]


def _joined(parts: Sequence[Block]) -> Block:
    """Join consecutive blocks."""
    if len(parts) == 1:
        return parts[0]
    counts = np.concatenate([np.diff(part.bounds) for part in parts])
    return Block(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.chunks for part in parts]),
        np.concatenate([[0], np.cumsum(counts)]),
    )


def _by_block(segments: Indices) -> list[Indices]:
    """Group the positions of segments by the block they are in."""
    if not len(segments):
        return []
    order = np.argsort(segments // BLOCK, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(segments[order] // BLOCK)) + 1)
