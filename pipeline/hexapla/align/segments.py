"""The segments of one language version, ready to be compared with those of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hexapla.align.anchors import anchors, ending
from hexapla.align.cognates import cognates
from hexapla.align.evidence import LONGEST, Side
from hexapla.align.padded import Floats
from hexapla.align.quotations import quotations
from hexapla_models.encoder import Indices, Spans

SAMPLED_RUNS, SAMPLED_RUN = 8, 512  # segments whose vectors stand for those of a long document
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
        self._texts = texts
        self._ordinals: NDArray[np.intp] = np.asarray(
            ordinals if ordinals is not None else np.zeros(len(texts)), dtype=np.intp
        )
        self._classes: NDArray[np.intp] = np.asarray(
            classes if classes is not None else np.zeros(len(texts)), dtype=np.intp
        )

    def __len__(self) -> int:
        """Number of segments."""
        return len(self.lengths)

    @property
    def composed(self) -> bool:
        """Whether the vector of a run of segments costs next to nothing, or as much as encoding its text."""
        return self._spans.composed

    @cached_property
    def _means(self) -> tuple[Floats, Floats, Floats]:
        """Mean vectors of the segments, their openings and their closings, *Shape of each:* ``(dimension,)``."""
        runs = [np.arange(start, end) for start, end in _sample(len(self))]
        parts = zip(
            *((self._vectors(run, run + 1), self._openings(run), self._closings(run)) for run in runs),
            strict=True,
        )
        vectors, openings, closings = (_shrunk_mean(np.concatenate(part)) for part in parts)
        return vectors, openings, closings

    def vectors(self, starts: Indices, ends: Indices) -> Floats:
        """Centred vectors of the runs [start, end) of segments, *Shape:* ``(spans, dimension)``."""
        return _unit(self._vectors(starts, ends) - self._means[0])

    def _vectors(self, starts: Indices, ends: Indices) -> Floats:
        return self._spans.vectors(self._bounds[starts], self._bounds[ends])

    def _openings(self, segments: Indices) -> Floats:
        return self._spans.openings(self._bounds[segments])

    def _closings(self, segments: Indices) -> Floats:
        return self._spans.closings(self._bounds[segments + 1] - 1)

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
        segments, texts = np.arange(start, end), self._texts[start:end]
        _, mean_opening, mean_closing = self._means
        vectors = self.vectors(begins, ends)
        spans = np.zeros((LONGEST, count, vectors.shape[1]), dtype=np.float32)
        spans[fits] = vectors
        return Side(
            spans,
            _unit(self._openings(segments) - mean_opening),
            _unit(self._closings(segments) - mean_closing),
            self.lengths[start:end],
            [anchors(text) for text in texts],
            [cognates(text) for text in texts],
            np.array([quotations(text) for text in texts], dtype=np.intp).reshape(-1, 2),
            np.array([ending(text) for text in texts], dtype=np.intp),
            self._ordinals[start:end],
            self._classes[start:end],
        )


def _sample(count: int) -> Iterator[tuple[int, int]]:
    """Runs of segments that stand for all: all of them, or evenly spread ones of a long document."""
    runs = min(SAMPLED_RUNS, -(-count // SAMPLED_RUN))
    for k in range(runs):
        start = k * count // runs
        yield start, min(start + SAMPLED_RUN, (k + 1) * count // runs)


def _shrunk_mean(vectors: Floats) -> Floats:
    """Mean of vectors, shrunk to zero if they are few, *Shape:* ``(dimension,)``."""
    return np.asarray(vectors.sum(axis=0) / (len(vectors) + SHRINKAGE), dtype=np.float32)


def _unit(vectors: Floats) -> Floats:
    """Vectors of Euclidean length 1, in the same directions."""
    return np.asarray(
        vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32
    )
