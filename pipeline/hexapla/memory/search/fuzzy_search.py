"""Sieves through which the most similar texts of a fuzzy index are found, each finer and slower than the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from hexapla.compare.percentage import word_similarity
from hexapla.memory.search.scan import Counts, Flags, Singles, differing, scan
from hexapla.memory.search.signatures import COARSE, FINE, Bits, Lengths, expected_flips, signatures
from hexapla.memory.storage.flat_files import Places

SCANNED = 8_192  # texts whose fine signatures are looked at, at least
COMPARED = 192  # texts that are compared at most if few are sought
COMPARED_EACH = 12  # and for each that is sought
FIRST_BATCH, BATCH = 48, 96  # texts that are compared before the bar is set anew
WORK = 1_000_000_000  # steps of comparing texts at most; one takes about a nanosecond
SLACK = 1.5  # how many times the expected bits may differ
BY_WORD, BY_WORD_SHORT = (
    0.06,
    8,
)  # by how much a similarity by word may exceed that by character; the second by length
FINALISTS = 32  # texts that are compared by word at most if few are sought
LEAST = 0.01  # similarity below which texts are not sought

Keep = Callable[[Places], NDArray[np.bool_]]


@dataclass(frozen=True)
class SearchArrays:
    """The arrays that a fuzzy search reads.

    Attributes:
        buffer: UTF-8 bytes of the texts in comparable form.
        offsets: where each begins, and where the last ends, *Shape:* ``(texts + 1,)``.
        order: places of the texts by rising length, *Shape:* ``(texts,)``.
        lengths: their lengths in that order.
        coarse: their coarse signatures in that order, *Shape:* ``(texts, COARSE / 64)``.
        fine: their fine signatures in that order, *Shape:* ``(texts, FINE / 64)``.
    """

    buffer: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    order: NDArray[np.int32]
    lengths: NDArray[np.int32]
    coarse: Bits
    fine: Bits

    def folded(self, places: Places) -> list[str]:
        """Return the texts at some places, in comparable form."""
        view = self.buffer.data  # to cut a piece of an array costs more
        starts, ends = self.offsets[places].tolist(), self.offsets[places + 1].tolist()
        return [str(view[start:end], "utf-8") for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class Search:
    """A search in a fuzzy index.

    Attributes:
        arrays: of the index that is searched.
        query: in comparable form, not empty.
        minimum: similarity in 0..1 that a text must have.
        limit: how many to find at most.
        by_word: whether texts are compared by word too.
        keep: says of places which may be found.
    """

    arrays: SearchArrays
    query: str
    minimum: float
    limit: int
    by_word: bool
    keep: Keep

    def run(self) -> list[tuple[int, float]]:
        """Places and similarities of the most similar texts, the best first."""
        coarse, fine = (signature[0] for signature in signatures([self.query]))
        fitting = self._fitting()
        rows, bits = self._sorted(*self._nearest(fitting, coarse), fine)
        kept = self.keep(self._places(rows))
        if 2 * int(kept.sum()) < len(rows):  # so that the others do not take the places
            allowed = self.keep(self._places(fitting))
            return self._compared(*self._sorted(*self._nearest(fitting, coarse, allowed), fine))
        return self._compared(rows[kept], bits[kept])

    def _places(self, rows: Places | slice) -> Places:
        return self.arrays.order[rows].astype(np.int64)

    @property
    def _slack(self) -> float:
        """By how much the similarity by character may lie below that by word; a word weighs more in a short text."""
        return BY_WORD + BY_WORD_SHORT / len(self.query) if self.by_word else 0.0

    @property
    def _bar(self) -> float:
        """Similarity by character that a text must have."""
        return max(self.minimum - self._slack, LEAST)

    def _fitting(self) -> slice:
        """Rows of texts whose length allows the similarity."""
        length, least = len(self.query), self._bar
        longest = min(floor(length / least + 1e-9), 2**31 - 2)
        # of the type of the lengths, else all of these would be converted
        bounds = np.array([ceil(length * least - 1e-9), longest + 1], dtype=np.int32)
        return slice(*np.searchsorted(self.arrays.lengths, bounds).tolist())

    def _nearest(
        self, fitting: slice, signature: Bits, allowed: Flags | None = None
    ) -> tuple[Places, Counts]:
        """The rows, if allowed, whose coarse signatures are nearest, and the bits in which they differ."""
        most = max(SCANNED, COMPARED_EACH * self.limit)
        lengths = self.arrays.lengths[fitting]
        rows, bits = scan(
            self.arrays.coarse[fitting], signature, lengths, self._expected_coarse, most, allowed
        )
        return rows + fitting.start, bits

    def _expected_coarse(self, lengths: Lengths) -> Singles:
        """Expected flips of the coarse signature."""
        return expected_flips(len(self.query), lengths, self.minimum, COARSE) + np.float32(2)

    def _sorted(self, rows: Places, bits: Counts, fine: Bits) -> tuple[Places, Singles]:
        """The rows whose signatures are nearest, these first, and the bits in which both signatures differ."""
        found = (bits + differing(self.arrays.fine, rows, fine)).astype(np.float32)
        shares, most = found / self._expected(rows, self.minimum), 2 * self._most
        if len(rows) > most:
            nearest = np.argpartition(shares, most)[:most]
            rows, found, shares = rows[nearest], found[nearest], shares[nearest]
        order = np.lexsort((rows, shares))
        return rows[order], found[order]

    @property
    def _most(self) -> int:
        return max(COMPARED, COMPARED_EACH * self.limit)

    def _expected(self, rows: Places, similar: float) -> Singles:
        """Expected flips of both signatures."""
        lengths = self.arrays.lengths[rows]
        coarse, fine = (expected_flips(len(self.query), lengths, similar, bits) for bits in (COARSE, FINE))
        return coarse + fine + np.float32(4)

    def _compared(self, rows: Places, bits: Singles) -> list[tuple[int, float]]:
        """Compare texts, the nearest first, until none can be among the best."""
        bar, compared, work, size = self._bar, 0, 0, FIRST_BATCH
        found: list[tuple[float, int, str]] = []
        while compared < self._most and work < WORK:
            near = bits <= SLACK * self._expected(rows, bar)
            rows, bits = rows[near], bits[near]
            batch, steps = self._affordable(rows[: min(size, self._most - compared)], WORK - work)
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
        steps = np.cumsum(self.arrays.lengths[rows].astype(np.int64)) * (len(self.query) // 64 + 1)
        number = max(1, int(np.searchsorted(steps, work, side="right")))
        return rows[:number], int(steps[:number].max(initial=0))

    def _similarities(self, rows: Places, bar: float) -> list[tuple[float, int, str]]:
        """Similarities by character that reach the bar, with the negative row, so that the first is the greatest."""
        texts = self.arrays.folded(self._places(rows))
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
        return [(int(self.arrays.order[-row]), share) for share, row, _ in best]
