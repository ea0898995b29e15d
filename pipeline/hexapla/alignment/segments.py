"""The segments of one language version, ready to be compared with those of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.anchors import anchors, cognates, ending, quotations
from hexapla.alignment.evidence import LONGEST_SIDE, Side
from hexapla.alignment.padded import Floats
from hexapla_models.encoder import Chunks, Indices, Spans

SAMPLED_RUNS, SAMPLED_RUN = 8, 128  # runs, and segments in each, that represent a long document
SHRINKAGE = 10  # zero vectors added to those of the segments, so that few segments give a mean near zero
CHUNK_SHRINKAGE = 20  # the same for chunks


@dataclass(frozen=True, slots=True)
class SegmentVectors:
    """Vectors of segments and of their parts.

    Attributes:
        vectors: vectors of the segments, *Shape:* ``(segments, dimension)``.
        openings: vectors of their first words, *Shape:* ``(len(EDGES), segments, dimension)``.
        closings: vectors of their last words, *Shape:* ``(len(EDGES), segments, dimension)``.
        chunks: vectors of their clauses, *Shape:* ``(chunks, dimension)``.
        tokens: length of each chunk in tokens, *Shape:* ``(chunks,)``.
        bounds: first chunk of each segment, followed by the number of chunks, *Shape:* ``(segments + 1,)``.
    """

    vectors: Floats
    openings: Floats
    closings: Floats
    chunks: Floats
    tokens: Floats
    bounds: Indices

    def between(self, start: int, end: int) -> SegmentVectors:
        """Return the vectors of the segments [start, end)."""
        bounds = self.bounds[start : end + 1]
        chunks = slice(int(bounds[0]), int(bounds[-1]))
        return SegmentVectors(
            self.vectors[start:end],
            self.openings[:, start:end],
            self.closings[:, start:end],
            self.chunks[chunks],
            self.tokens[chunks],
            bounds - bounds[0],
        )


class Segments:
    """Consecutive segments of one language: paragraphs, or the sentences or lines that were encoded.

    Args:
        texts: text of each segment.
        spans: the encoded sentences or lines.
        bounds: first encoded sentence of each segment, followed by the number of sentences, *Shape:*
            ``(segments + 1,)``.
        ordinals: printed number of each segment, or 0 if it has none; if None, no segment has a number.
        classes: small integers for kinds that never mix in a bead; if None, all segments are of one kind.
    """

    def __init__(
        self,
        texts: Sequence[str],
        spans: Spans,
        bounds: Sequence[int],
        ordinals: Sequence[int] | None = None,
        classes: Sequence[int] | None = None,
    ) -> None:
        self.lengths: Floats = np.array([len(text.encode()) for text in texts], dtype=np.float32)
        self._spans = spans
        self._bounds = np.asarray(bounds, dtype=np.intp)
        self._texts = texts
        self._ordinals: NDArray[np.intp] = np.asarray(
            ordinals if ordinals is not None else np.zeros(len(texts)), dtype=np.intp
        )
        self._classes: NDArray[np.intp] = np.asarray(
            classes if classes is not None else np.zeros(len(texts)), dtype=np.intp
        )

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self.lengths)

    @property
    def composed(self) -> bool:
        """Whether the vector of a run of segments costs next to nothing; otherwise its text must be encoded."""
        return self._spans.composed

    @cached_property
    def _means(self) -> SegmentVectors:
        """Means over all segments, or over a sample of them, in the form of one segment with one chunk."""
        runs = list(_sample(len(self)))
        parts = [self._segment_vectors(start, end) for start, end in runs]
        return SegmentVectors(
            _shrunk_mean(np.concatenate([part.vectors for part in parts]), SHRINKAGE),
            _shrunk_mean(np.concatenate([part.openings for part in parts], axis=1), SHRINKAGE),
            _shrunk_mean(np.concatenate([part.closings for part in parts], axis=1), SHRINKAGE),
            _shrunk_mean(np.concatenate([part.chunks for part in parts]), CHUNK_SHRINKAGE),
            np.ones(1, dtype=np.float32),
            np.array([0, 1]),
        )

    @cached_property
    def _all(self) -> SegmentVectors:
        return self._read(0, len(self))

    def _segment_vectors(self, start: int, end: int) -> SegmentVectors:
        """Vectors of the segments [start, end); those of a short document are read only once."""
        return self._all.between(start, end) if self._short else self._read(start, end)

    @property
    def _short(self) -> bool:
        """Whether the document is short enough for the vectors of all its segments to be kept."""
        return len(self) <= SAMPLED_RUNS * SAMPLED_RUN

    def _read(self, start: int, end: int) -> SegmentVectors:
        segments, bounds = np.arange(start, end), self._bounds[start : end + 1]
        chunks = self._spans.chunks(int(bounds[0]), int(bounds[-1]))
        return SegmentVectors(
            self._vectors(segments, segments + 1),
            self._spans.openings(bounds[:-1]),
            self._spans.closings(bounds[1:] - 1),
            chunks.vectors,
            chunks.tokens,
            chunks.bounds[bounds - bounds[0]],
        )

    def vectors(self, starts: Indices, ends: Indices) -> Floats:
        """Return the centred vectors of the runs [start, end) of segments, *Shape:* ``(runs, dimension)``."""
        return _unit(self._vectors(starts, ends) - self._means.vectors)

    def single(self, start: int, end: int) -> Floats:
        """Return the centred vectors of the segments [start, end), *Shape:* ``(segments, dimension)``."""
        segments = np.arange(start, end)
        vectors = self._all.vectors[start:end] if self._short else self._vectors(segments, segments + 1)
        return _unit(vectors - self._means.vectors)

    def closings(self, segments: Indices) -> Floats:
        """Return the centred vectors of the last words of segments, *Shape:* ``(segments, dimension)``."""
        closings = self._spans.closings(self._bounds[segments + 1] - 1)
        centred: Floats = _unit(closings - self._means.closings)[0]
        return centred

    def anchors(self, start: int, end: int) -> frozenset[str]:
        """Return what the segments [start, end) print that all their translations print too."""
        return frozenset[str]().union(*map(anchors, self._texts[start:end]))

    def _vectors(self, starts: Indices, ends: Indices) -> Floats:
        return self._spans.vectors(self._bounds[starts], self._bounds[ends])

    def side(self, start: int, end: int) -> Side:
        """Return the segments [start, end) as one side of a problem.

        Args:
            start: first segment.
            end: segment after the last.

        Returns:
            The side, with the vectors of all its spans.
        """
        count = end - start
        first, length = np.meshgrid(np.arange(count), np.arange(2, LONGEST_SIDE + 1))
        fits = first + length <= count
        begins = first[fits] + start
        means, parts, texts = self._means, self._segment_vectors(start, end), self._texts[start:end]
        spans = np.zeros((LONGEST_SIDE, count, means.vectors.shape[1]), dtype=np.float32)
        spans[0] = _unit(parts.vectors - means.vectors)
        spans[1:][fits] = self.vectors(begins, begins + length[fits])
        return Side(
            spans,
            _unit(parts.openings - means.openings),
            _unit(parts.closings - means.closings),
            Chunks(_unit(parts.chunks - means.chunks), parts.tokens, parts.bounds),
            self.lengths[start:end],
            [anchors(text) for text in texts],
            [cognates(text) for text in texts],
            np.array([quotations(text) for text in texts], dtype=np.intp).reshape(-1, 2),
            np.array([ending(text) for text in texts], dtype=np.intp),
            self._ordinals[start:end],
            self._classes[start:end],
        )


def _sample(count: int) -> Iterator[tuple[int, int]]:
    """Runs of segments that represent a document: all segments, or evenly spaced runs of a long document."""
    runs = min(SAMPLED_RUNS, -(-count // SAMPLED_RUN))
    for k in range(runs):
        start = k * count // runs
        yield start, min(start + SAMPLED_RUN, (k + 1) * count // runs)


def _shrunk_mean(vectors: Floats, shrinkage: int) -> Floats:
    """Mean of vectors over the last axis but one (which is kept), shrunk towards zero if they are few."""
    total = vectors.sum(axis=-2, keepdims=True)
    return np.asarray(total / (vectors.shape[-2] + shrinkage), dtype=np.float32)


def _unit(vectors: Floats) -> Floats:
    """Vectors scaled to Euclidean length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
