"""What the aligner asks of any encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Indices = NDArray[np.intp]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps in all."""

EDGES = (8, 16)  # tokens in the openings and closings of a segment
CHUNK = 12  # tokens in a chunk, about


def quiet(step: str, done: int, total: int) -> None:
    """Progress that is told to nobody."""


@runtime_checkable
class ReportsProgress(Protocol):
    """An encoder that takes its time, and tells how many texts it has encoded.

    Attributes:
        progress: whom it tells.
    """

    progress: Progress


@dataclass(frozen=True, slots=True)
class Chunks:
    """Consecutive clauses, or parts of long ones, into which segments are cut; each segment has one at least.

    Attributes:
        vectors: *Shape:* ``(chunks, dimension)``, of Euclidean length 1.
        tokens: length of each chunk, *Shape:* ``(chunks,)``.
        bounds: first chunk of each segment, and the number of chunks at the end, *Shape:* ``(segments + 1,)``.
    """

    vectors: Vectors
    tokens: Vectors
    bounds: Indices


class Spans(Protocol):
    """Segments that were read once and give the vector of any run of them."""

    @property
    def composed(self) -> bool:
        """Whether the vector of a run costs next to nothing, or as much as encoding its text."""
        ...

    def __len__(self) -> int:
        """Number of segments."""
        ...

    def vectors(self, starts: Indices, ends: Indices) -> Vectors:
        """Vectors of runs of segments as if each run were one text.

        Args:
            starts: *Shape:* ``(spans,)`` first segment of each run.
            ends: *Shape:* ``(spans,)`` segment behind the last of each run; greater than its start.

        Returns:
            *Shape:* ``(spans, dimension)`` of Euclidean length 1.
        """
        ...

    def openings(self, segments: Indices) -> Vectors:
        """Vectors of the first words of segments, as many as each of EDGES says.

        Args:
            segments: *Shape:* ``(segments,)``.

        Returns:
            *Shape:* ``(len(EDGES), segments, dimension)`` of Euclidean length 1.
        """
        ...

    def closings(self, segments: Indices) -> Vectors:
        """Vectors of the last words of segments, as many as each of EDGES says.

        Args:
            segments: *Shape:* ``(segments,)``.

        Returns:
            *Shape:* ``(len(EDGES), segments, dimension)`` of Euclidean length 1.
        """
        ...

    def chunks(self, start: int, end: int) -> Chunks:
        """The segments [start, end) cut into clauses of about CHUNK tokens at most, with a vector each."""
        ...


class Encoder(Protocol):
    """A multilingual sentence encoder: texts of one meaning get near vectors in all its languages."""

    @property
    def name(self) -> str:
        """Name in the registry."""
        ...

    @property
    def hash(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the weights."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """Primary subtags of the languages it knows; empty if it knows so many that none is left out."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts.

        Args:
            texts: any number of texts of any length; an empty text gets a vector too.

        Returns:
            *Shape:* ``(texts, dimension)`` of Euclidean length 1.
        """
        ...

    def read(self, texts: Sequence[str]) -> Spans:
        """The texts as consecutive segments whose runs can be encoded, at about the price of one encode."""
        ...
