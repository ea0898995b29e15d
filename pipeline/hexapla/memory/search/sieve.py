"""Sieves through which the most similar texts of a fuzzy index are found, each finer and slower than the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from hexapla.memory.comparing.percentage import word_similarity
from hexapla.memory.derived.texts import Places
from hexapla.memory.search.signatures import COARSE, FINE, Bits, expected_flips, signatures

if TYPE_CHECKING:
    from hexapla.memory.search.fuzzy import FuzzyIndex

SCANNED = 2_048  # texts whose fine signatures are looked at, at least
COMPARED = 128  # texts that are compared at most if few are sought
COMPARED_EACH = 12  # and for each that is sought
FIRST_BATCH, BATCH = 48, 96  # texts that are compared before the bar is set anew
WORK = 1_000_000_000  # steps of comparing texts at most; one takes about a nanosecond
SLACK = 1.5  # how many times the expected bits may differ
BY_WORD, BY_WORD_SHORT = (
    0.06,
    8,
)  # by how much a similarity by word may exceed that by character; the second by length
FINALISTS = 64  # texts that are compared by word at most if few are sought
LEAST = 0.01  # similarity below which texts are not sought
BLOCK = 16_384  # rows that are scanned at once, so that what is made of them stays in the processor's cache
STEP = 128  # steps in which what differs is told, for what may be expected to
SAMPLE = 16_384  # of which a bound is estimated

Keep = Callable[[Places], NDArray[np.bool_]]
Singles = NDArray[np.float32]
Counts = NDArray[np.uint16]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Search:
    """A search in a fuzzy index.

    Attributes:
        index: searched.
        query: in comparable form, not empty.
        minimum: similarity in 0..1 that a text must have.
        limit: how many to find at most.
        by_word: whether texts are compared by word too.
        keep: says of places which may be found.
    """

    index: FuzzyIndex
    query: str
    minimum: float
    limit: int
    by_word: bool
    keep: Keep

    def run(self) -> list[tuple[int, float]]:
        """Places and similarities of the most similar texts, the best first."""
        first, last = self._fitting()
        coarse, fine = (signature[0] for signature in signatures([self.query]))
        scan = self._scan(first, last, coarse)
        rows, bits = scan.nearest(self._scanned())
        kept = self.keep(self._places(rows))
        if 2 * int(kept.sum()) < len(rows):  # so that the others do not take the places
            rows, bits = scan.nearest(self._scanned(), self.keep(self._places(slice(first, last))))
            kept = np.ones(len(rows), dtype=bool)
        return self._compared(*self._sorted(rows[kept], bits[kept], fine))

    def _scanned(self) -> int:
        return max(SCANNED, COMPARED_EACH * self.limit)

    def _places(self, rows: Places | slice) -> Places:
        return self.index.order[rows].astype(np.int64)

    @property
    def _slack(self) -> float:
        """By how much the similarity by character may lie below that by word; a word weighs more in a short text."""
        return BY_WORD + BY_WORD_SHORT / len(self.query) if self.by_word else 0.0

    @property
    def _bar(self) -> float:
        """Similarity by character that a text must have."""
        return max(self.minimum - self._slack, LEAST)

    def _fitting(self) -> tuple[int, int]:
        """Rows [first, last) of texts whose length allows the similarity."""
        length, least = len(self.query), self._bar
        longest = min(floor(length / least + 1e-9), 2**31 - 2)
        # of the type of the lengths, else all of these would be converted
        bounds = np.array([ceil(length * least - 1e-9), longest + 1], dtype=np.int32)
        first, last = np.searchsorted(self.index.lengths, bounds)
        return int(first), int(last)

    def _scan(self, first: int, last: int, signature: Bits) -> Scan:
        """Compare the coarse signatures of rows; texts of one length may be expected to differ alike."""
        lengths = self.index.lengths[first:last]
        if not len(lengths):
            return Scan(first, np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint16))
        distinct = np.arange(lengths[0], lengths[-1] + 1, dtype=np.int32)
        counts = np.diff(np.searchsorted(lengths, distinct, side="right"), prepend=0)
        expected = expected_flips(len(self.query), distinct, self.minimum, COARSE) + np.float32(2)
        return Scan.of(first, self.index.coarse[:, first:last], signature, np.repeat(STEP / expected, counts))

    def _sorted(self, rows: Places, bits: Bytes, fine: Bits) -> tuple[Places, Singles]:
        """The rows whose signatures are nearest, these first, and the bits in which both signatures differ."""
        found = bits + np.bitwise_count(self.index.fine[rows] ^ fine).sum(axis=1, dtype=np.float32)
        nearest = np.argsort(found / self._expected(rows, self.minimum), kind="stable")[: 2 * self._most]
        return rows[nearest], found[nearest]

    @property
    def _most(self) -> int:
        return max(COMPARED, COMPARED_EACH * self.limit)

    def _expected(self, rows: Places, similar: float) -> Singles:
        """Expected flips of both signatures."""
        lengths = self.index.lengths[rows]
        coarse, fine = (expected_flips(len(self.query), lengths, similar, bits) for bits in (COARSE, FINE))
        return coarse + fine + np.float32(4)

    def _compared(self, rows: Places, bits: Singles) -> list[tuple[int, float]]:
        """Compare texts, the nearest first, until none can be among the best."""
        bar, compared, work, size = self._bar, 0, 0, FIRST_BATCH
        found: list[tuple[float, int, str]] = []
        while compared < self._most and work < WORK:
            near = bits <= SLACK * self._expected(rows, bar)
            rows, bits = rows[near], bits[near]
            batch, steps = self._affordable(rows[:size], WORK - work)
            if not len(batch):
                break
            rows, bits = rows[len(batch) :], bits[len(batch) :]
            found = sorted([*found, *self._similarities(batch, bar)], reverse=True)[: self._finalists]
            if len(found) >= self.limit:
                bar = max(bar, found[self.limit - 1][0] - self._slack)
            compared, work, size = compared + len(batch), work + steps, BATCH
        return self._best(found, bar)

    @property
    def _finalists(self) -> int:
        return max(FINALISTS, 2 * self.limit) if self.by_word else self.limit

    def _affordable(self, rows: Places, work: int) -> tuple[Places, int]:
        """As many of the rows, one at least, as can be compared in so many steps; and the steps that they take."""
        steps = np.cumsum(self.index.lengths[rows].astype(np.int64)) * (len(self.query) // 64 + 1)
        number = max(1, int(np.searchsorted(steps, work, side="right")))
        return rows[:number], int(steps[:number].max(initial=0))

    def _similarities(self, rows: Places, bar: float) -> list[tuple[float, int, str]]:
        """Similarities by character that reach the bar, with the negative row, so that the first is the greatest."""
        texts = self.index.folded(self._places(rows))
        shares = process.cdist(
            [self.query], texts, scorer=Levenshtein.normalized_similarity, score_cutoff=bar, dtype=np.float64
        )[0]
        return [(float(shares[k]), -int(rows[k]), texts[k]) for k in np.flatnonzero(shares >= bar)]

    def _best(self, found: list[tuple[float, int, str]], bar: float) -> list[tuple[int, float]]:
        """The best by character and word."""
        if self.by_word:
            found = [
                (max(share, word_similarity(self.query, text)), row, text)
                for share, row, text in found
                if share >= bar
            ]
        best = sorted((each for each in found if each[0] >= self.minimum), reverse=True)[: self.limit]
        return [(int(self.index.order[-row]), share) for share, row, _ in best]


@dataclass(frozen=True, slots=True)
class Scan:
    """Rows whose coarse signatures were compared with that of a query.

    Attributes:
        first: row of the first.
        bits: in which each differs.
        steps: the same, in steps of what may be expected at the minimum similarity.
    """

    first: int
    bits: Bytes
    steps: Counts

    @classmethod
    def of(cls, first: int, columns: Bits, signature: Bits, scale: NDArray[Any]) -> Scan:
        """Compare signatures.

        Args:
            first: row of the first.
            columns: signatures, *Shape:* ``(words, rows)``.
            signature: of the query, *Shape:* ``(words,)``.
            scale: steps a bit, *Shape:* ``(rows,)``.

        Returns:
            What differs.
        """
        rows = columns.shape[1]
        # eight bits are enough: what differs in all 256, and so in none here, is told when it is compared
        bits, steps = np.zeros(rows, dtype=np.uint8), np.empty(rows, dtype=np.uint16)
        differing, counts = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint8)
        for start in range(0, rows, BLOCK):
            found = bits[start : start + BLOCK]
            block, size = slice(start, start + len(found)), len(found)
            for column, word in zip(columns, signature, strict=True):
                np.bitwise_xor(column[block], word, out=differing[:size])
                found += np.bitwise_count(differing[:size], out=counts[:size])
            np.multiply(found, scale[block], out=steps[block], casting="unsafe")
        return cls(first, bits, steps)

    def nearest(self, most: int, allowed: NDArray[np.bool_] | None = None) -> tuple[Places, Bytes]:
        """The rows that differ least.

        Args:
            most: about how many.
            allowed: which may be chosen; all if None.

        Returns:
            Rows, growing, and the bits in which they differ.
        """
        steps = self.steps if allowed is None else self.steps[allowed]
        places = _smallest(steps, most) if len(steps) > most else np.arange(len(steps))
        chosen = places if allowed is None else np.flatnonzero(allowed)[places]
        return self.first + chosen, self.bits[chosen]


def _smallest(values: Counts, most: int) -> Places:
    """Places of the smallest of more values than are asked for; about as many as that, told by a sample."""
    sample = values[:: max(1, len(values) // SAMPLE)]
    rank = most * len(sample) // len(values)
    bound = np.partition(sample, rank)[rank]
    below, equal = np.flatnonzero(values < bound), np.flatnonzero(values == bound)
    return np.concatenate([below, equal[: max(0, 2 * most - len(below))]])[: 2 * most]
