"""Texts as tokens with hashes: words, and single characters of scripts without spaces; many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from hexapla_corpora.variants import HAN

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]

_SINGLE = f"{HAN}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff"  # Han, Thai, Lao, Burmese, Khmer, kana
_SINGLES, _LETTERS = regex.compile(f"[{_SINGLE}]"), regex.compile(r"[\w\p{M}]")
_EDGE = "\n"  # separates texts
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd, without a pattern


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some texts, in order.

    Attributes:
        owners: place of the text of each token, *Shape:* ``(tokens,)``.
        starts: first character of each token in its text, *Shape:* ``(tokens,)``.
        ends: character after each token in its text, *Shape:* ``(tokens,)``.
        hashes: the same for equal tokens, *Shape:* ``(tokens,)``.
        singles: whether each token is a character of a script without spaces, *Shape:* ``(tokens,)``.
    """

    owners: Numbers
    starts: Numbers
    ends: Numbers
    hashes: Hashes
    singles: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.owners)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Tokens:
        """Divide texts into tokens.

        Args:
            texts: texts in comparable form, without line feeds.

        Returns:
            Their tokens; spaces and punctuation are in none.
        """
        joined = _EDGE + _EDGE.join(texts) + _EDGE
        codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
        kinds = _kinds()[np.minimum(codes, len(_kinds()) - 1)]
        first = (kinds == 2) | ((kinds == 1) & (np.roll(kinds, 1) != 1))
        starts = np.flatnonzero(first)
        if not len(starts):
            nothing = np.zeros(0, dtype=np.int64)
            return cls(nothing, nothing, nothing, np.zeros(0, np.uint64), np.zeros(0, bool))
        numbers = np.maximum(np.cumsum(first) - 1, 0)
        mixed = codes.astype(np.uint64) + (
            (np.arange(len(codes)) - starts[numbers]).astype(np.uint64) << np.uint64(32)
        )
        mixed = scrambled(mixed)
        mixed[kinds == 0] = 0
        ends = starts + np.bincount(numbers[kinds > 0], minlength=len(starts))
        edges = np.flatnonzero(codes == ord(_EDGE))
        owners = np.searchsorted(edges, starts) - 1
        begin = edges[owners] + 1
        return cls(owners, starts - begin, ends - begin, np.add.reduceat(mixed, starts), kinds[starts] == 2)

    def between(self, start: int, end: int) -> Tokens:
        """Return the tokens from one to before another."""
        return Tokens(*(getattr(self, name)[start:end] for name in self.__slots__))


def scrambled(hashes: Hashes) -> Hashes:
    """Return hashes of hashes, in which all bits depend on all bits."""
    mixed = hashes * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _SECOND
    return np.asarray(mixed ^ (mixed >> np.uint64(32)))


@cache
def _kinds() -> NDArray[np.uint8]:
    """Kinds of characters by code: 0 outside of tokens, 1 part of a word, 2 a token; the last one for all beyond."""
    found = np.zeros(0x10001, dtype=np.uint8)
    for code in range(0x10000):
        character = chr(code)
        found[code] = 2 if _SINGLES.match(character) else bool(_LETTERS.match(character))
    found[-1] = 2  # most of the characters beyond are Chinese
    return found
