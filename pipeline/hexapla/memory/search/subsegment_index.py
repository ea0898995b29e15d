"""The subsegment index: finds texts that share a run of words with a query, or that stand in it as a whole.

Of each text it holds hashes of some runs of a few tokens, chosen so that two texts with a common run that is a little
longer share one of them (minimizers: Roberts et al. 2004, "Reducing storage requirements for biological sequence
comparison"), and the hash of a short text as a whole. Hashes only suggest texts, which are compared afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla.memory.search.tokens import Hashes, Numbers, Tokens, scrambled
from hexapla.memory.storage.flat_files import Places, map_array

INDEXED_AT_ONCE = 2_048  # texts in a batch
SHORT = 24  # most tokens of a text that is found as a whole
SHARE = 4  # mean number of runs in a bucket

_BASE = np.uint64(0x9FB21C651E98DF25)  # odd
_POWERS = np.cumprod(np.full(SHORT, _BASE, dtype=np.uint64))
_HALF = np.uint64(32)

_Located = tuple[NDArray[np.uint32], NDArray[np.int32]]
"""Hashes, and the places of their texts."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Which runs of tokens of a language are indexed.

    Attributes:
        tokens: number of tokens of a run.
        window: number of successive runs of which the one with the smallest hash is indexed.
    """

    tokens: int
    window: int

    @property
    def shortest(self) -> int:
        """Number of tokens of the shortest common run that is surely found."""
        return self.tokens + self.window - 1


def runs_of(*, by_word: bool) -> Runs:
    """Return which runs are indexed: of words, or of the characters of a language without spaces."""
    return Runs(3, 2) if by_word else Runs(4, 3)


@dataclass(frozen=True)
class SubsegmentIndex:
    """An index of the subsegments of texts in memory or in memory-mapped files.

    Attributes:
        buckets: start of each bucket of runs, and end of the last one, *Shape:* ``(2 ** bits + 1,)``.
        places: place of the text of each run, by bucket.
        whole_hashes: hashes of short texts, ascending.
        whole_places: place of the text of each of these.
    """

    buckets: NDArray[np.uint32]
    places: NDArray[np.int32]
    whole_hashes: NDArray[np.uint32]
    whole_places: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Iterable[str], *, by_word: bool) -> SubsegmentIndex:
        """Make an index in memory.

        Args:
            texts: texts in comparable form.
            by_word: whether the language has spaces between words.

        Returns:
            The index; it takes about 5 bytes for every second word of a text.
        """
        runs, found, whole = runs_of(by_word=by_word), [_nothing()], [_nothing()]
        for start, batch in _batches(texts):
            tokens = Tokens.of(batch)
            chosen, hashes = minimizers(tokens, runs)
            found.append((hashes, (tokens.owners[chosen] + start).astype(np.int32)))
            whole.append(_whole(tokens, start))
        (run_hashes, run_places), (hashes, places) = _joined(found), _joined(whole)
        bits = max(1, round(log2(max(2, len(run_hashes) / SHARE))))
        keys = run_hashes >> np.uint32(32 - bits)
        buckets = np.zeros(2**bits + 1, dtype=np.uint32)
        np.cumsum(np.bincount(keys, minlength=2**bits), out=buckets[1:])
        order = np.argsort(hashes, kind="stable")
        return cls(buckets, run_places[np.argsort(keys, kind="stable")], hashes[order], places[order])

    def save(self, folder: Path) -> None:
        """Write the files of the index into a folder."""
        for field in fields(self):
            array: NDArray[Any] = getattr(self, field.name)
            np.save(folder / f"{field.name}.npy", array)

    @classmethod
    def open(cls, folder: Path) -> SubsegmentIndex:
        """Memory-map the files of an index.

        Args:
            folder: folder in which it was saved.

        Returns:
            The index.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        return cls(*(map_array(folder / f"{field.name}.npy") for field in fields(cls)))

    def sharing(self, hashes: NDArray[np.uint32]) -> Iterator[Places]:
        """Yield the places of texts that may have each of some runs, with their hashes as by `minimizers`."""
        keys = hashes >> np.uint32(32 - (len(self.buckets) - 1).bit_length() + 1)
        for start, end in zip(self.buckets[keys].tolist(), self.buckets[keys + 1].tolist(), strict=True):
            yield self.places[start:end].astype(np.int64)

    def whole(self, hashes: NDArray[np.uint32]) -> Iterator[tuple[int, Places]]:
        """Yield each hash of `whole_hashes_of` that short texts have, by its number, and their places."""
        first = np.searchsorted(self.whole_hashes, hashes)
        last = np.searchsorted(self.whole_hashes, hashes, side="right")
        for number in np.flatnonzero(first < last).tolist():
            yield number, self.whole_places[first[number] : last[number]].astype(np.int64)


def minimizers(tokens: Tokens, runs: Runs) -> tuple[Numbers, NDArray[np.uint32]]:
    """Choose the runs of some texts that are indexed.

    Args:
        tokens: tokens of the texts.
        runs: which runs.

    Returns:
        The first token of each chosen run, and the hash of the run.
    """
    count = len(tokens) - runs.tokens + 1
    if count < 1:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint32)
    summed = sum(tokens.hashes[k : k + count] * power for k, power in enumerate(_POWERS[: runs.tokens]))
    hashes = (scrambled(np.asarray(summed)) >> _HALF).astype(np.uint32)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, min(runs.window, count))
    firsts = np.arange(len(windows))
    lasts = np.minimum(firsts + runs.shortest - 1, len(tokens) - 1)
    inside = tokens.owners[firsts] == tokens.owners[lasts]
    chosen = np.unique((firsts + windows.argmin(axis=1))[inside])
    return chosen, hashes[chosen]


def whole_hashes_of(hashes: Hashes) -> Iterator[tuple[int, NDArray[np.uint32]]]:
    """Yield, for each number of tokens of a short text, the hashes of all runs of so many tokens of a query."""
    summed = np.zeros(len(hashes), dtype=np.uint64)
    for number, power in enumerate(_POWERS[: len(hashes)], start=1):
        summed = summed[: len(hashes) - number + 1] + hashes[number - 1 :] * power
        yield number, (scrambled(summed) >> _HALF).astype(np.uint32)


def _whole(tokens: Tokens, start: int) -> _Located:
    """Return the hashes and places of the short texts of a batch."""
    if not len(tokens):
        return _nothing()
    owners, firsts, counts = np.unique(tokens.owners, return_index=True, return_counts=True)
    within = np.arange(len(tokens)) - np.repeat(firsts, counts)
    summed = np.add.reduceat(tokens.hashes * _POWERS[np.minimum(within, SHORT - 1)], firsts)
    short = counts <= SHORT
    hashes = (scrambled(summed[short]) >> _HALF).astype(np.uint32)
    return hashes, (owners[short] + start).astype(np.int32)


def _nothing() -> _Located:
    return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.int32)


def _joined(parts: Sequence[_Located]) -> _Located:
    hashes, places = zip(*parts, strict=True)
    return np.concatenate(hashes), np.concatenate(places)


def _batches(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    remaining, start = iter(texts), 0
    while batch := list(islice(remaining, INDEXED_AT_ONCE)):
        yield start, batch
        start += len(batch)
