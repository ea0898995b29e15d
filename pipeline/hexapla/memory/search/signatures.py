"""Signatures of texts: bits that rule out most dissimilar texts without reading them.

Each pair of neighbouring characters flips one bit, chosen by a hash. Changing a run of c characters removes c + 1
pairs and adds as many, so the number of bits in which two signatures differ shows how much the texts differ.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

COARSE, FINE = 256, 512  # bits of the signature that is scanned, and of the one that is looked up
FLIPS = 2.3  # bits that a changed character flips, when changes come in runs as words do
MANY = 500  # texts from which a value is computed once for each length
FLIPS_ADDED = 1.15  # bits that an added or removed one flips

Bits = NDArray[np.uint64]
Lengths = NDArray[np.int32]

_FIRST, _SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
)  # odd numbers without a pattern
_EDGE = "\n"  # separates texts, so that their first and last characters form pairs too


def signatures(texts: Sequence[str]) -> tuple[Bits, Bits]:
    """Compute the signatures of texts.

    Args:
        texts: texts in comparable form, without line feeds.

    Returns:
        Coarse ones, *Shape:* ``(texts, COARSE / 64)``, and fine ones, *Shape:* ``(texts, FINE / 64)``.
    """
    joined = np.frombuffer((_EDGE + _EDGE.join(texts) + _EDGE).encode("utf-32-le"), dtype=np.uint32)
    owners = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])
    points = joined.astype(np.uint64)
    pairs = (points[:-1] * _FIRST) ^ ((points[1:] + np.uint64(1)) * _SECOND)
    pairs = (pairs ^ (pairs >> np.uint64(31))) * _FIRST
    hashes = (pairs >> np.uint64(40)).astype(np.int64)
    coarse = _parities(owners, hashes % COARSE, len(texts), COARSE)
    return coarse, _parities(owners, hashes // COARSE % FINE, len(texts), FINE)


def _parities(owners: NDArray[np.int64], places: NDArray[np.int64], texts: int, bits: int) -> Bits:
    counts = np.bincount(owners * bits + places, minlength=texts * bits)
    return np.packbits((counts & 1).astype(np.uint8).reshape(texts, bits), axis=1).view(np.uint64)


def expected_flips(
    length: int, lengths: NDArray[np.integer], similarity: float, bits: int
) -> NDArray[np.float32]:
    """Estimate in how many bits the signatures of similar texts differ.

    Args:
        length: length of one text.
        lengths: lengths of the other texts.
        similarity: similarity of the texts, in 0..1.
        bits: number of bits of a signature.

    Returns:
        The estimate for each of the other texts; less than half of the bits, as a bit that flips twice is unchanged.
    """
    if len(lengths) > MANY and (count := int(np.ptp(lengths)) + 1) < len(lengths):
        every = lengths.min() + np.arange(count, dtype=lengths.dtype)
        by_length = expected_flips(length, every, similarity, bits)
        return np.asarray(by_length[lengths - every[0]])
    longer = np.maximum(lengths, length).astype(np.float32)
    added = np.abs(lengths - np.float32(length)).astype(np.float32)
    changed = np.maximum((1 - similarity) * longer - added, 0)
    flips = FLIPS * changed + FLIPS_ADDED * added
    return np.asarray(bits / 2 * (1 - np.exp(-2 / bits * flips)), dtype=np.float32)
