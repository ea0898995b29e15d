"""What the aligner asks of any encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Indices = NDArray[np.intp]


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
        """Vectors of the first words of segments, *Shape:* ``(segments, dimension)``, of Euclidean length 1."""
        ...

    def closings(self, segments: Indices) -> Vectors:
        """Vectors of the last words of segments, *Shape:* ``(segments, dimension)``, of Euclidean length 1."""
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
