"""The scan: finds the texts whose coarse signatures are nearest to that of a query, in compiled loops of FAISS.

A sample shows how near they must be for about the wanted number to pass, so that nothing is stored for the others.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hexapla.memory.search.signatures import Bits, Lengths
from hexapla.memory.storage.flat_files import Places

FEW = 1_000  # signatures that are compared without FAISS
SAMPLE = 2_048  # texts that show how near the nearest are
LIMITS = 4  # step of limits in bits, so that texts of several lengths share one

Flags = NDArray[np.bool_]
Counts = NDArray[np.int32]
Singles = NDArray[np.float32]
Expected = Callable[[Lengths], Singles]
"""Function of the lengths of texts that estimates in how many bits the signatures of similar ones differ."""


def differing(signatures: Bits, rows: Places, signature: Bits) -> Counts:
    """Count the bits in which the signatures of some rows differ from that of a query.

    Args:
        signatures: signatures of the texts, *Shape:* ``(texts, words)``.
        rows: rows to compare.
        signature: signature of the query, *Shape:* ``(words,)``.

    Returns:
        The counts, *Shape:* ``(rows,)``.
    """
    chosen = signatures.take(rows, axis=0)
    if len(rows) <= FEW:  # FAISS takes longer to load than these take
        counts: Counts = np.bitwise_count(chosen ^ signature).sum(axis=1, dtype=np.int32)
        return counts
    import faiss

    bits = np.empty(len(rows), dtype=np.int32)
    codes = [faiss.swig_ptr(each.view(np.uint8)) for each in (signature, chosen)]
    faiss.hammings(*codes, 1, len(rows), signature.nbytes, faiss.swig_ptr(bits))  # type: ignore[attr-defined]
    return bits


def scan(
    signatures: Bits, signature: Bits, lengths: Lengths, expected: Expected, most: int, allowed: Flags | None
) -> tuple[Places, Counts]:
    """Find the texts whose signatures differ least from that of a query, relative to what is expected.

    Args:
        signatures: signatures of the texts, *Shape:* ``(texts, words)``.
        signature: signature of the query, *Shape:* ``(words,)``.
        lengths: lengths of the texts, ascending.
        expected: number of bits in which similar texts differ.
        most: approximate number of texts to find.
        allowed: flags of the texts that may be found; all if None.

    Returns:
        Rows of the texts, ascending, at most 2 * `most`; and the number of bits in which each differs.
    """
    count = len(lengths) if allowed is None else int(np.count_nonzero(allowed))
    if count <= most:
        rows = np.arange(count) if allowed is None else np.flatnonzero(allowed)
        return rows, differing(signatures, rows, signature)
    sample = np.arange(0, count, max(1, count // SAMPLE))
    if allowed is not None:
        sample = np.flatnonzero(allowed)[sample]
    shares = differing(signatures, sample, signature) / expected(lengths[sample])
    rank = most * len(sample) // count
    bound = float(np.partition(shares, rank)[rank])
    rows, bits = _within(signatures, signature, lengths, expected, bound)
    if allowed is not None:
        rows, bits = rows[allowed[rows]], bits[allowed[rows]]
    shares = bits / expected(lengths[rows])
    near = np.flatnonzero(shares <= bound)
    if len(near) > 2 * most:  # many are equal
        near = np.sort(np.argpartition(shares, 2 * most)[: 2 * most])
    return rows[near], bits[near]


def _within(
    signatures: Bits, signature: Bits, lengths: Lengths, expected: Expected, bound: float
) -> tuple[Places, Counts]:
    """Return the rows that differ in at most `bound` times the expected bits, or few more; and those counts."""
    import faiss

    distinct = np.arange(lengths[0], lengths[-1] + 1, dtype=np.int32)
    limits = LIMITS * np.ceil(bound * expected(distinct) / LIMITS).astype(np.int32)
    first = np.flatnonzero(np.diff(limits, prepend=-1))  # of the lengths that share a limit
    edges = [*np.searchsorted(lengths, distinct[first]).tolist(), len(lengths)]
    # memory that is never written to is free
    pairs, bits = np.empty((len(lengths), 2), dtype=np.int64), np.empty(len(lengths), dtype=np.int32)
    found, query = 0, faiss.swig_ptr(signature.view(np.uint8))
    for start, end, limit in zip(edges, edges[1:], limits[first].tolist(), strict=False):
        if start < end:
            codes = faiss.swig_ptr(signatures[start:end].view(np.uint8))
            results = faiss.swig_ptr(pairs[found:]), faiss.swig_ptr(bits[found:])
            more = faiss.match_hamming_thres(  # type: ignore[attr-defined]
                query, codes, 1, end - start, limit, signature.nbytes, *results
            )
            pairs[found : found + more, 1] += start
            found += more
    return pairs[:found, 1], bits[:found]
