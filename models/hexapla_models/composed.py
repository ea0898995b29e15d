"""Segments that were read once: the vectors of runs of them follow from sums of token features."""

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

BLOCK = 1024  # segments that are read together
KEPT_BLOCKS = 12  # of one document, about 25 MB each

Compose = Callable[[Vectors, Vectors], Vectors]
"""Vectors of Euclidean length 1 of sums of token features and of how many tokens each has, *Shape:* ``(n, 1)``."""


@dataclass(frozen=True, slots=True)
class Block:
    """Features and vectors of consecutive segments; see network.segment_features.

    Attributes:
        rows: all but those of chunks, *Shape:* ``(segments, FIRST_CHUNK, dimension + 1)``.
        chunks: those of all chunks, *Shape:* ``(chunks, dimension + 1)``; the last column is the number of tokens.
        bounds: first chunk of each segment, and the number of chunks at the end, *Shape:* ``(segments + 1,)``.
    """

    rows: Vectors
    chunks: Vectors
    bounds: Indices

    @classmethod
    def of(cls, features: Sequence[Vectors]) -> Block:
        """The block of segments that have these features."""
        rows = np.array([found[:FIRST_CHUNK] for found in features], dtype=np.float32)
        bounds = np.cumsum([0, *(len(found) - FIRST_CHUNK for found in features)])
        return cls(rows, np.concatenate([found[FIRST_CHUNK:] for found in features]), bounds)

    def part(self, start: int, end: int) -> Block:
        """The segments [start, end)."""
        bounds = self.bounds[start : end + 1]
        return Block(self.rows[start:end], self.chunks[bounds[0] : bounds[-1]], bounds - bounds[0])


class ComposedSpans:
    """Segments whose runs have vectors by composition.

    Features are made block by block, as many being kept as a long document has, so that memory does not grow with the
    length of a very long one. It is expected to be read forwards: blocks that lie behind go first, and of those
    nothing is made again but the segments that are asked for.

    Args:
        compose: the layers behind the sum.
        features: gives the features of each of some texts; see network.segment_features.
        texts: one text a segment.
        dimension: length of a vector.

    Attributes:
        composed: whether the vector of a run costs next to nothing.
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
        """Vectors of the runs [start, end), *Shape:* ``(spans, dimension)``, of Euclidean length 1."""
        starts, ends = np.asarray(starts), np.asarray(ends)
        vectors = np.empty((len(starts), self._dimension), dtype=np.float32)
        for spans in _by_block(starts):
            vectors[spans] = self._runs(starts[spans], ends[spans])
        return vectors

    def openings(self, segments: Indices) -> Vectors:
        """Vectors of the first tokens of segments, *Shape:* ``(len(EDGES), segments, dimension)``."""
        return self._edges(np.asarray(segments), OPENING_ROW)

    def closings(self, segments: Indices) -> Vectors:
        """Vectors of the last tokens of segments, *Shape:* ``(len(EDGES), segments, dimension)``."""
        return self._edges(np.asarray(segments), CLOSING_ROW)

    def chunks(self, start: int, end: int) -> Chunks:
        """The clauses of the segments [start, end)."""
        if start == end:
            nothing = np.zeros((0, self._dimension), dtype=np.float32)
            return Chunks(nothing, nothing[:, 0], np.zeros(1, dtype=np.intp))
        part = self._part(np.arange(start, end))[0]
        return Chunks(part.chunks[:, :-1], part.chunks[:, -1], part.bounds)

    def _runs(self, starts: Indices, ends: Indices) -> Vectors:
        """Vectors of runs that begin in one block."""
        lengths = ends - starts
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        part, places = self._part(np.repeat(starts, lengths) + offsets)
        starts = places[np.cumsum(lengths) - lengths]
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
            part, places = self._part(segments[chosen])
            vectors[:, chosen] = part.rows[places, row : row + len(EDGES), :-1].swapaxes(0, 1)
        return vectors

    def _part(self, wanted: Indices) -> tuple[Block, Indices]:
        """A block that has some segments, in order, and the place of each in it."""
        first, last = int(wanted.min()), int(wanted.max()) + 1
        numbers = range(first // BLOCK, -(-last // BLOCK))
        if any(number in self._dropped for number in numbers):
            distinct, places = np.unique(wanted, return_inverse=True)
            return Block.of(self._features([self._texts[k] for k in distinct])), places
        parts = [
            self._block(number).part(max(0, first - number * BLOCK), min(BLOCK, last - number * BLOCK))
            for number in numbers
        ]
        return _joined(parts), wanted - first

    def _block(self, number: int) -> Block:
        """A block of segments, made if it is not kept."""
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
    """Consecutive blocks as one."""
    if len(parts) == 1:
        return parts[0]
    counts = np.concatenate([np.diff(part.bounds) for part in parts])
    return Block(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.chunks for part in parts]),
        np.concatenate([[0], np.cumsum(counts)]),
    )


def _by_block(segments: Indices) -> list[Indices]:
    """Places of segments, those of one block together."""
    if not len(segments):
        return []
    order = np.argsort(segments // BLOCK, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(segments[order] // BLOCK)) + 1)
