"""The segments of one language version, ready to be compared with those of the others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hexapla.align.anchors import anchors, ending
from hexapla.align.evidence import LONGEST, Floats, Side
from hexapla_models.encoder import Spans

SHRINKAGE = 10  # segments that pull the mean of a short document's vectors to zero


class Segments:
    """Consecutive segments of one language: paragraphs, or the sentences or lines that were encoded.

    Args:
        texts: text of each segment.
        spans: the encoded sentences or lines.
        bounds: first encoded sentence of each segment, and the number of sentences at the end, *Shape:*
            ``(segments + 1,)``.
        ordinals: printed number of each segment, 0 where it has none; none at all if left out.
        classes: small integers for kinds that do not mix in a bead; all alike if left out.
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
        self._anchors = [anchors(text) for text in texts]
        self._endings = np.array([ending(text) for text in texts], dtype=np.intp)
        self._ordinals: NDArray[np.intp] = np.asarray(
            ordinals if ordinals is not None else np.zeros(len(texts)), dtype=np.intp
        )
        self._classes: NDArray[np.intp] = np.asarray(
            classes if classes is not None else np.zeros(len(texts)), dtype=np.intp
        )

    def __len__(self) -> int:
        """Number of segments."""
        return len(self.lengths)

    @cached_property
    def _mean(self) -> Floats:
        """Mean vector of the segments, *Shape:* ``(dimension,)``."""
        return _shrunk_mean(self._spans.vectors(self._bounds[:-1], self._bounds[1:]))

    @cached_property
    def _openings(self) -> Floats:
        """Centred vectors of the first words of each segment, *Shape:* ``(segments, dimension)``."""
        openings = self._spans.openings()[self._bounds[:-1]]
        return _unit(openings - _shrunk_mean(openings))

    @cached_property
    def _closings(self) -> Floats:
        """Centred vectors of the last words of each segment, *Shape:* ``(segments, dimension)``."""
        closings = self._spans.closings()[self._bounds[1:] - 1]
        return _unit(closings - _shrunk_mean(closings))

    def single(self, start: int, end: int) -> Floats:
        """Centred vectors of the segments [start, end), *Shape:* ``(end - start, dimension)``."""
        vectors = self._spans.vectors(self._bounds[start:end], self._bounds[start + 1 : end + 1])
        return _unit(vectors - self._mean)

    def side(self, start: int, end: int) -> Side:
        """The segments [start, end) with the vectors of all their spans.

        Args:
            start: first segment.
            end: segment behind the last.

        Returns:
            What the evidence needs.
        """
        count = end - start
        first, length = np.meshgrid(np.arange(count), np.arange(1, LONGEST + 1))
        fits = first + length <= count
        begins = first[fits] + start
        ends = begins + length[fits]
        vectors = _unit(self._spans.vectors(self._bounds[begins], self._bounds[ends]) - self._mean)
        spans = np.zeros((LONGEST, count, vectors.shape[1]), dtype=np.float32)
        spans[fits] = vectors
        return Side(
            spans,
            self._openings[start:end],
            self._closings[start:end],
            self.lengths[start:end],
            self._anchors[start:end],
            self._endings[start:end],
            self._ordinals[start:end],
            self._classes[start:end],
        )


def _shrunk_mean(vectors: Floats) -> Floats:
    """Mean of vectors, shrunk to zero if they are few, *Shape:* ``(dimension,)``."""
    return np.asarray(vectors.sum(axis=0) / (len(vectors) + SHRINKAGE), dtype=np.float32)


def _unit(vectors: Floats) -> Floats:
    """Vectors of Euclidean length 1, in the same directions."""
    return np.asarray(
        vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32
    )
