"""The filters of a fuzzy search, each finer and slower than the one before."""

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

SCANNED = 8_192  # texts whose fine signatures are compared, at least
COMPARED = 192  # texts that are compared, at most, when few are wanted
COMPARED_EACH = 12  # the same for each wanted text
FIRST_BATCH, BATCH = 48, 96  # texts that are compared before the threshold is raised
WORK = 1_000_000_000  # most steps of comparing texts; a step takes about a nanosecond
SLACK = 1.5  # how many times as many bits as expected may differ
# how far a similarity by word may exceed that by character: a constant, and a number to divide by the length
BY_WORD, BY_WORD_SHORT = 0.06, 8
FINALISTS = 32  # texts that are compared by word, at most, when few are wanted
LEAST = 0.01  # similarity below which no text is found

Keep = Callable[[Places], NDArray[np.bool_]]


@dataclass(frozen=True)
class SearchArrays:
    """The arrays that a fuzzy search reads.

    Attributes:
        buffer: UTF-8 bytes of the texts in comparable form.
        offsets: start of each text, and end of the last one, *Shape:* ``(texts + 1,)``.
        order: places of the texts by ascending length, *Shape:* ``(texts,)``.
        lengths: lengths of the texts in that order.
        coarse: coarse signatures in that order, *Shape:* ``(texts, COARSE / 64)``.
        fine: fine signatures in that order, *Shape:* ``(texts, FINE / 64)``.
    """

    buffer: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    order: NDArray[np.int32]
    lengths: NDArray[np.int32]
    coarse: Bits
    fine: Bits

    def folded(self, places: Places) -> list[str]:
        """Return the texts at some places, in comparable form."""
        view = self.buffer.data  # slicing an array takes longer
        starts, ends = self.offsets[places].tolist(), self.offsets[places + 1].tolist()
        # a damaged text may be compared, as it cannot be shown
        return [str(view[start:end], "utf-8", "replace") for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class Search:
    """A search in a fuzzy index.

    Attributes:
        arrays: arrays of the index.
        query: the query in comparable form, not empty.
        minimum: least similarity of a match, in 0..1.
        limit: maximum number of texts.
        by_word: whether to compare texts by word too.
        keep: function that says which places may be found.
    """

    arrays: SearchArrays
    query: str
    minimum: float
    limit: int
    by_word: bool
    keep: Keep

    def run(self) -> list[tuple[int, float]]:
        """Return places and similarities of the most similar texts, the best first."""
        coarse, fine = (signature[0] for signature in signatures([self.query]))
        fitting = self._fitting()
        rows, bits = self._sorted(*self._nearest(fitting, coarse), fine)
        kept = self.keep(self._places(rows))
        if 2 * int(kept.sum()) < len(rows):  # search again without the others, which took most places
            allowed = self.keep(self._places(fitting))
            return self._compared(*self._sorted(*self._nearest(fitting, coarse, allowed), fine))
        return self._compared(rows[kept], bits[kept])

    def _places(self, rows: Places | slice) -> Places:
        return self.arrays.order[rows].astype(np.int64)

    @property
    def _slack(self) -> float:
        """How far the similarity by character may be below that by word; a word weighs more in a short text."""
        return BY_WORD + BY_WORD_SHORT / len(self.query) if self.by_word else 0.0

    @property
    def _bar(self) -> float:
        """Least similarity by character."""
        return max(self.minimum - self._slack, LEAST)

    def _fitting(self) -> slice:
        """Return the rows of texts whose length permits the similarity."""
        length, least = len(self.query), self._bar
        longest = min(floor(length / least + 1e-9), 2**31 - 2)
        # of the type of the lengths, which would otherwise all be converted
        bounds = np.array([ceil(length * least - 1e-9), longest + 1], dtype=np.int32)
        return slice(*np.searchsorted(self.arrays.lengths, bounds).tolist())

    def _nearest(
        self, fitting: slice, signature: Bits, allowed: Flags | None = None
    ) -> tuple[Places, Counts]:
        """Return the allowed rows with the nearest coarse signatures, and the number of bits that differ."""
        most = max(SCANNED, COMPARED_EACH * self.limit)
        lengths = self.arrays.lengths[fitting]
        rows, bits = scan(
            self.arrays.coarse[fitting], signature, lengths, self._expected_coarse, most, allowed
        )
        return rows + fitting.start, bits

    def _expected_coarse(self, lengths: Lengths) -> Singles:
        """Return the expected flips of the coarse signature."""
        return expected_flips(len(self.query), lengths, self.minimum, COARSE) + np.float32(2)

    def _sorted(self, rows: Places, bits: Counts, fine: Bits) -> tuple[Places, Singles]:
        """Return the rows with the nearest signatures, nearest first, and the number of bits of both that differ."""
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
        """Return the expected flips of both signatures."""
        lengths = self.arrays.lengths[rows]
        coarse, fine = (expected_flips(len(self.query), lengths, similar, bits) for bits in (COARSE, FINE))
        return coarse + fine + np.float32(4)

    def _compared(self, rows: Places, bits: Singles) -> list[tuple[int, float]]:
        """Compare texts, the nearest first, until no other can be among the best."""
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
        """Return as many rows as can be compared in a number of steps, but at least one; and the steps they take."""
        steps = np.cumsum(self.arrays.lengths[rows].astype(np.int64)) * (len(self.query) // 64 + 1)
        number = max(1, int(np.searchsorted(steps, work, side="right")))
        return rows[:number], int(steps[:number].max(initial=0))

    def _similarities(self, rows: Places, bar: float) -> list[tuple[float, int, str]]:
        """Return similarities by character that reach the threshold, with negated rows so that they sort well."""
        texts = self.arrays.folded(self._places(rows))
        shares = process.cdist(
            [self.query], texts, scorer=Levenshtein.normalized_similarity, score_cutoff=bar, dtype=np.float64
        )[0]
        return [(float(shares[k]), -int(rows[k]), texts[k]) for k in np.flatnonzero(shares >= bar)]

    def _best(self, found: list[tuple[float, int, str]], bar: float) -> list[tuple[int, float]]:
        """Return the best texts by character and word."""
        if self.by_word:
            found = [
                (max(share, word_similarity(self.query, text)), row, text)
                for share, row, text in found
                if share >= bar
            ]
        best = sorted((each for each in found if each[0] >= self.minimum), reverse=True)[: self.limit]
        return [(int(self.arrays.order[-row]), share) for share, row, _ in best]
