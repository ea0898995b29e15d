"""An encoder that counts the texts it is given."""

from __future__ import annotations

from collections.abc import Sequence

from hexapla_models.encoder import Encoder, Spans, Vectors


class CountingEncoder:
    """An encoder that counts its texts.

    Args:
        encoder: the encoder that does the work.

    Attributes:
        texts: number of texts it has been given so far.
    """

    texts: int

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.texts = encoder, 0

    @property
    def name(self) -> str:
        """Name in the registry."""
        return self._encoder.name

    @property
    def hash(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the weights."""
        return self._encoder.hash

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    @property
    def languages(self) -> frozenset[str]:
        """Primary subtags of the languages it knows."""
        return self._encoder.languages

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, *Shape:* ``(texts, dimension)``."""
        self.texts += len(texts)
        return self._encoder.encode(texts)

    def read(self, texts: Sequence[str]) -> Spans:
        """Read texts as consecutive segments, of which any run can be encoded."""
        self.texts += len(texts)
        return self._encoder.read(texts)
