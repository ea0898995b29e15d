"""Texts that are nearly the same, found without comparing each with each (MinHash, Broder 1997)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

_SHINGLE = 5  # characters that are hashed together
_BAND = 3  # hashes that must agree
_BANDS = 20  # how often that is tried: .99 of texts that share 60% of shingles are found
_CROWD = 200  # texts in one bucket that are compared each with each
_HASHED_AT_ONCE = 20_000  # texts that are hashed at once

Hashes = NDArray[np.uint64]


def similar_pairs(texts: Sequence[Sequence[str]], similarity: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of items whose texts are alike in every language and have the same figures.

    Args:
        texts: of each item, one in each language.
        similarity: least percentage of characters that are alike, by edit distance without substitution.

    Yields:
        The earlier item, the later one, and their percentage in the language where they are least alike; in the order
        of the later one.
    """
    figures = [tuple("".join(filter(str.isdigit, text)) for text in item) for item in texts]
    for one, other in sorted(_candidates([item[0] for item in texts], figures), key=lambda pair: pair[::-1]):
        least = 100.0
        for mine, theirs in zip(texts[one], texts[other], strict=True):
            least = min(least, 100 * Indel.normalized_similarity(mine, theirs, score_cutoff=similarity / 100))
            if least < similarity:
                break
        else:
            yield one, other, least


def _candidates(texts: Sequence[str], figures: Sequence[Hashable]) -> set[tuple[int, int]]:
    """Pairs of texts that have the same figures and probably share most shingles, the earlier first."""
    buckets: defaultdict[tuple[int, bytes, Hashable], list[int]] = defaultdict(list)
    for start in range(0, len(texts), _HASHED_AT_ONCE):
        signatures = _signatures(texts[start : start + _HASHED_AT_ONCE])
        for band in range(_BANDS):
            part = np.ascontiguousarray(signatures[:, band * _BAND : (band + 1) * _BAND])
            for row, key in enumerate(part):
                buckets[band, key.tobytes(), figures[start + row]].append(start + row)
    pairs: set[tuple[int, int]] = set()
    for bucket in buckets.values():
        pairs.update(combinations(bucket[:_CROWD], 2))
    return pairs


def _signatures(texts: Sequence[str]) -> Hashes:
    """The least hash of the shingles of each text under each of many hash functions, *Shape:* ``(texts, hashes)``."""
    padded = [text.ljust(_SHINGLE, "\0") for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    ends = np.cumsum([len(text) for text in padded])
    starts = np.concatenate(([0], ends[:-1]))
    shingles = np.zeros(len(letters), dtype=np.uint64)
    for place in range(_SHINGLE):
        shingles = shingles * np.uint64(1_000_003) + np.roll(letters, -place)
    generator = np.random.default_rng(0)
    factors = generator.integers(1, 1 << 61, size=_BANDS * _BAND, dtype=np.uint64) | np.uint64(1)
    crossing = np.concatenate([ends - back for back in range(1, _SHINGLE)])  # into the next text
    signatures = [np.minimum.reduceat(_mixed(shingles * factor, crossing), starts) for factor in factors]
    return np.stack(signatures, axis=1)


def _mixed(hashes: Hashes, without: NDArray[np.int64]) -> Hashes:
    """Hashes whose high bits depend on all bits; the greatest number where none is to count."""
    mixed: Hashes = (hashes ^ (hashes >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed[without] = np.iinfo(np.uint64).max
    return mixed
