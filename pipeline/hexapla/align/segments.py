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
        """Mean vector of the segments, shrunk to zero in short documents, *Shape:* ``(dimension,)``."""
        singles = self._spans.vectors(self._bounds[:-1], self._bounds[1:])
        return np.asarray(singles.sum(axis=0) / (len(singles) + SHRINKAGE), dtype=np.float32)

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
        vectors = self._centred(begins, begins + length[fits])
        spans = np.zeros((LONGEST, count, vectors.shape[1]), dtype=np.float32)
        spans[fits] = vectors
        return Side(
            spans,
            self.lengths[start:end],
            self._anchors[start:end],
            self._endings[start:end],
            self._ordinals[start:end],
            self._classes[start:end],
        )

    def _centred(self, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> Floats:
        vectors = self._spans.vectors(self._bounds[starts], self._bounds[ends]) - self._mean
        return np.asarray(
            vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32
        )
