"""An encoder that only gives vectors of texts, as most models do."""

from __future__ import annotations

from collections.abc import Sequence

from hexapla_models.embedded import EmbeddedEncoder
from hexapla_models.encoder import Vectors
from hexapla_models.joined import JoinedSpans


class PlainEncoder:
    """The embedded encoder without its span vectors.

    Args:
        threads: number of threads.

    Attributes:
        name: name of the encoder.
        dimension: length of a vector.
        encoded: texts that were encoded.
    """

    name = "plain"
    dimension = 512
    languages: frozenset[str] = frozenset()

    def __init__(self, threads: int = 1) -> None:
        self._encoder = EmbeddedEncoder(threads)
        self.hash = self._encoder.hash
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts."""
        self.encoded += len(texts)
        return self._encoder.encode(texts)

    def read(self, texts: Sequence[str]) -> JoinedSpans:
        """Return segments whose runs are encoded as joined texts."""
        return JoinedSpans(self.encode, texts)
