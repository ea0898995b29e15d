"""Spans of an encoder that cannot compose vectors: the texts of each run are joined and encoded when asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from hexapla_models.encoder import Indices, Vectors

EDGE_WORDS = 7  # in the opening and in the closing of a segment
EDGE_CHARACTERS = 12  # the same in scripts without spaces


class JoinedSpans:
    """Consecutive segments whose runs are encoded as one text each, once.

    Args:
        encode: gives vectors of texts, *Shape:* ``(texts, dimension)``, of Euclidean length 1.
        texts: one text a segment.

    Attributes:
        composed: whether the vector of a run costs next to nothing.
    """

    composed = False

    def __init__(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> None:
        self._encode = encode
        self._texts = list(texts)
        self._known: dict[tuple[int, int], Vectors] = {}

    def __len__(self) -> int:
        """Number of segments."""
        return len(self._texts)

    def vectors(self, starts: Indices, ends: Indices) -> Vectors:
        """Vectors of the runs [start, end), *Shape:* ``(spans, dimension)``, of Euclidean length 1."""
        keys = [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
        fresh = [key for key in dict.fromkeys(keys) if key not in self._known]
        joined = [join_texts(self._texts[start:end]) for start, end in fresh]
        self._known |= zip(fresh, self._encode(joined), strict=True)
        return np.array([self._known[key] for key in keys], dtype=np.float32) if keys else self._encode([])

    def openings(self, segments: Indices) -> Vectors:
        """Vectors of the first words of segments, *Shape:* ``(segments, dimension)``, of Euclidean length 1."""
        return self._encode([opening(self._texts[segment]) for segment in segments])

    def closings(self, segments: Indices) -> Vectors:
        """Vectors of the last words of segments, *Shape:* ``(segments, dimension)``, of Euclidean length 1."""
        return self._encode([closing(self._texts[segment]) for segment in segments])


def join_texts(texts: Iterable[str]) -> str:
    """Texts as one, with a space between them unless their script is written without."""
    joined = ""
    for text in texts:
        joined += text if not joined or _unspaced(joined[-1]) or _unspaced(text[:1]) else f" {text}"
    return joined


def opening(text: str) -> str:
    """The first words of a text, or its first characters in a script without spaces."""
    return text[:EDGE_CHARACTERS] if _unspaced(text[:1]) else " ".join(text.split()[:EDGE_WORDS])


def closing(text: str) -> str:
    """The last words of a text, or its last characters in a script without spaces."""
    return text[-EDGE_CHARACTERS:] if _unspaced(text[-1:]) else " ".join(text.split()[-EDGE_WORDS:])


def _unspaced(character: str) -> bool:
    """Whether a character is of a script without spaces, or a wide mark such as the ideographic full stop."""
    return bool(character) and (
        unicodedata.east_asian_width(character) in "WF" or "\u0e00" <= character <= "\u0eff"
    )
