"""Spans of an encoder that cannot compose vectors: the texts of a run are joined and encoded on request."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np

from hexapla_models.encoder import CHUNK, EDGES, Chunks, Indices, Vectors

WORDS_PER_TOKEN = 0.75
CHARACTERS_PER_TOKEN = 1.5  # in scripts written without spaces
_CLAUSE = re.compile(r"[^.,;:!?。，、；：！？…—()（）،؛؟]*[.,;:!?。，、；：！？…—()（）،؛؟]*")


class JoinedSpans:
    """Consecutive segments whose runs are each encoded as one text, and only once.

    Args:
        encode: returns the vectors of texts, *Shape:* ``(texts, dimension)``, of Euclidean length 1.
        texts: text of each segment.

    Attributes:
        composed: whether the vector of a run is nearly free; see `hexapla_models.encoder.Spans`.
    """

    composed = False

    def __init__(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> None:
        self._encode = encode
        self._texts = list(texts)
        self._known: dict[str, Vectors] = {}

    def __len__(self) -> int:
        """Number of segments."""
        return len(self._texts)

    def vectors(self, starts: Indices, ends: Indices) -> Vectors:
        """Return the vectors of the runs [start, end), *Shape:* ``(spans, dimension)``, of Euclidean length 1."""
        return self._encoded(
            [join_texts(self._texts[start:end]) for start, end in zip(starts, ends, strict=True)]
        )

    def openings(self, segments: Indices) -> Vectors:
        """Return the vectors of the first words of segments, *Shape:* ``(len(EDGES), segments, dimension)``."""
        return np.stack([self._encoded([_first(self._texts[k], edge) for k in segments]) for edge in EDGES])

    def closings(self, segments: Indices) -> Vectors:
        """Return the vectors of the last words of segments, *Shape:* ``(len(EDGES), segments, dimension)``."""
        return np.stack([self._encoded([_last(self._texts[k], edge) for k in segments]) for edge in EDGES])

    def chunks(self, start: int, end: int) -> Chunks:
        """Cut the segments [start, end) into clauses."""
        clauses = [_clauses(text) for text in self._texts[start:end]]
        bounds = np.cumsum([0, *map(len, clauses)])
        texts = [clause for segment in clauses for clause in segment]
        lengths = np.array([_tokens(text) for text in texts], dtype=np.float32)
        return Chunks(self._encoded(texts), lengths, bounds)

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts, encoding those not seen before."""
        unseen = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(unseen, self._encode(unseen), strict=True)
        return np.array([self._known[text] for text in texts]) if texts else self._encode([])


def join_texts(texts: Iterable[str]) -> str:
    """Join texts, with spaces between them unless their script is written without spaces."""
    joined = ""
    for text in texts:
        joined += text if not joined or _unspaced(joined[-1]) or _unspaced(text[:1]) else f" {text}"
    return joined


def _first(text: str, tokens: int) -> str:
    """The first words of a text, about this many tokens."""
    if _unspaced(text[:1]):
        return text[: round(tokens * CHARACTERS_PER_TOKEN)]
    return " ".join(text.split()[: round(tokens * WORDS_PER_TOKEN)])


def _last(text: str, tokens: int) -> str:
    """The last words of a text, about this many tokens."""
    if _unspaced(text[-1:]):
        return text[-round(tokens * CHARACTERS_PER_TOKEN) :]
    return " ".join(text.split()[-round(tokens * WORDS_PER_TOKEN) :])


def _tokens(text: str) -> float:
    """Estimate the number of tokens in a text."""
    return max(
        1.0, len(text) / CHARACTERS_PER_TOKEN if _unspaced(text[:1]) else len(text.split()) / WORDS_PER_TOKEN
    )


def _clauses(text: str) -> list[str]:
    """Cut a text after marks into clauses, and long clauses evenly; return at least one clause."""
    found = []
    for clause in filter(None, map(str.strip, _CLAUSE.findall(text))):
        count = max(1, round(_tokens(clause) / CHUNK))
        parts: Sequence[str] = clause if _unspaced(clause[:1]) else clause.split()
        joiner = "" if parts is clause else " "
        bounds = [round(len(parts) * k / count) for k in range(count + 1)]
        found += [joiner.join(parts[i:j]) for i, j in pairwise(bounds)]
    return found or [text]


def _unspaced(character: str) -> bool:
    """Return whether a character is wide, such as the ideographic full stop, or from Thai or Lao."""
    return bool(character) and (
        unicodedata.east_asian_width(character) in "WF" or "\u0e00" <= character <= "\u0eff"
    )
