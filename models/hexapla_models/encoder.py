"""The protocol that every encoder follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Indices = NDArray[np.intp]
Progress = Callable[[str, int, int], None]
"""A progress callback: called with the name of the step, the number of items done and their total."""

EDGES = (8, 16)  # tokens in the openings and closings of a segment
CHUNK = 12  # approximate tokens in a chunk


def quiet(step: str, done: int, total: int) -> None:
    """Ignore progress."""


@runtime_checkable
class ReportsProgress(Protocol):
    """An encoder slow enough to report its progress.

    Attributes:
        progress: progress callback, counting texts.
    """

    progress: Progress


@dataclass(frozen=True, slots=True)
class Chunks:
    """The chunks of consecutive segments: clauses, or parts of long clauses; at least one per segment.

    Attributes:
        vectors: *Shape:* ``(chunks, dimension)``, of Euclidean length 1.
        tokens: length of each chunk, *Shape:* ``(chunks,)``.
        bounds: first chunk of each segment, then the number of chunks, *Shape:* ``(segments + 1,)``.
    """

    vectors: Vectors
    tokens: Vectors
    bounds: Indices


class Spans(Protocol):
    """Segments that have been read once, and the vectors of any runs of them."""

    @property
    def composed(self) -> bool:
        """Whether the vector of a run is nearly free; if not, it costs as much as encoding the text of the run."""
        ...

    def __len__(self) -> int:
        """Number of segments."""
        ...

    def vectors(self, starts: Indices, ends: Indices) -> Vectors:
        """Return the vectors of runs of segments, each run taken as one text.

        Args:
            starts: first segment of each run, *Shape:* ``(spans,)``.
            ends: segment after the last of each run, greater than its start, *Shape:* ``(spans,)``.

        Returns:
            *Shape:* ``(spans, dimension)``, of Euclidean length 1.
        """
        ...

    def openings(self, segments: Indices) -> Vectors:
        """Return the vectors of the first tokens of segments, for each number of tokens in EDGES.

        Args:
            segments: *Shape:* ``(segments,)``.

        Returns:
            *Shape:* ``(len(EDGES), segments, dimension)``, of Euclidean length 1.
        """
        ...

    def closings(self, segments: Indices) -> Vectors:
        """Return the vectors of the last tokens of segments, for each number of tokens in EDGES.

        Args:
            segments: *Shape:* ``(segments,)``.

        Returns:
            *Shape:* ``(len(EDGES), segments, dimension)``, of Euclidean length 1.
        """
        ...

    def chunks(self, start: int, end: int) -> Chunks:
        """Cut the segments [start, end) into clauses of about CHUNK tokens or fewer, each with a vector."""
        ...


class Encoder(Protocol):
    """A multilingual sentence encoder: texts with the same meaning get similar vectors in all its languages."""

    @property
    def name(self) -> str:
        """Name by which the registry loads it again."""
        ...

    @property
    def hash(self) -> str:
        """First 12 hexadecimal digits of a SHA-256 hash that identifies the weights."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """Primary subtags of the languages it knows; empty if unknown or too many to list."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts.

        Args:
            texts: any number of texts of any length; an empty text gets a vector too.

        Returns:
            *Shape:* ``(texts, dimension)``, of Euclidean length 1.
        """
        ...

    def read(self, texts: Sequence[str]) -> Spans:
        """Read texts as consecutive segments, at about the cost of encoding them, so that runs can be encoded."""
        ...
