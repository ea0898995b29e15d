"""The fuzzy index: the texts of one language that are most similar to a query by edit distance.

Three sieves, each finer and slower than the one before: the length, which alone bounds the percentage; signatures of
the texts of fitting length, scanned; and RapidFuzz on those whose signatures are nearest, best first, with a bar that
rises to the worst match that is still wanted. Vectors could not replace it: what differs in a word may be far apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.placeables import skeleton
from hexapla.memory.search.fuzzy_search import Keep, Search, SearchArrays
from hexapla.memory.search.signatures import COARSE, FINE, signatures
from hexapla.memory.storage.flat_files import Places, map_array

INDEXED_AT_ONCE = 2_048  # texts that are read at once; what is made of them stays in the processor’s cache

Found = list[tuple[int, float]]


def everything(places: Places) -> NDArray[np.bool_]:
    """Keep all places."""
    return np.ones(len(places), dtype=bool)


@dataclass(frozen=True)
class FuzzyIndex(SearchArrays):
    """An index of texts in memory or in memory-mapped files.

    Attributes:
        text_hashes: of the texts in comparable form, rising.
        text_places: their places.
        skeleton_hashes: of the texts with their placeables taken out, rising.
        skeleton_places: their places.
    """

    text_hashes: NDArray[np.uint64]
    text_places: NDArray[np.int32]
    skeleton_hashes: NDArray[np.uint64]
    skeleton_places: NDArray[np.int32]

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.order)

    @classmethod
    def of(cls, texts: Sequence[str], progress: Callable[[int], None] = lambda done: None) -> FuzzyIndex:
        """Make an index in memory.

        Args:
            texts: as translators see them.
            progress: called with the number of texts that are done.

        Returns:
            The index; it holds some 140 bytes a text beside the text.
        """
        number = len(texts)
        buffer, sizes, lengths = bytearray(), np.zeros(number + 1, dtype=np.int64), np.zeros(number, np.int32)
        hashes = np.zeros((2, number), dtype=np.uint64)
        coarse, fine = np.zeros((number, COARSE // 64), np.uint64), np.zeros((number, FINE // 64), np.uint64)
        done = 0
        for chunk in _chunks(texts):
            part = slice(done, done + len(chunk))
            seen = [as_seen(text) for text in chunk]
            folded = [comparable(text) for text in seen]
            encoded = [text.encode() for text in folded]
            buffer += b"".join(encoded)
            sizes[done + 1 : done + 1 + len(chunk)] = [len(text) for text in encoded]
            lengths[part] = [len(text) for text in folded]
            hashes[0, part] = [_hash(text) for text in encoded]
            hashes[1, part] = [_hash(skeleton_key(text).encode()) for text in seen]
            coarse[part], fine[part] = signatures(folded)
            done += len(chunk)
            progress(done)
        order, by_hash = np.argsort(lengths, kind="stable"), np.argsort(hashes, axis=1, kind="stable")
        return cls(
            np.frombuffer(bytes(buffer), dtype=np.uint8),
            np.cumsum(sizes),
            order.astype(np.int32),
            lengths[order],
            coarse[order],
            fine[order],
            hashes[0][by_hash[0]],
            by_hash[0].astype(np.int32),
            hashes[1][by_hash[1]],
            by_hash[1].astype(np.int32),
        )

    def save(self, folder: Path) -> None:
        """Write the files of the index into a folder."""
        for field in fields(self):
            array: NDArray[Any] = getattr(self, field.name)
            np.save(folder / f"{field.name}.npy", array)

    @classmethod
    def open(cls, folder: Path) -> FuzzyIndex:
        """Memory-map the files of an index.

        Args:
            folder: in which it was saved.

        Returns:
            The index.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        return cls(*(map_array(folder / f"{field.name}.npy") for field in fields(cls)))

    def same(self, query: str) -> Places:
        """Places of texts that are the same in comparable form, growing."""
        return _places(self.text_hashes, self.text_places, query)

    def alike(self, key: str) -> Places:
        """Places of texts of the same skeleton key, growing."""
        return _places(self.skeleton_hashes, self.skeleton_places, key)

    def search(
        self, query: str, minimum: float, limit: int, *, by_word: bool, keep: Keep = everything
    ) -> Found:
        """The texts that are most similar to a query.

        Args:
            query: in comparable form.
            minimum: similarity in 0..1 that a text must have.
            limit: how many to find at most.
            by_word: whether texts are compared by word too; see `percentage`.
            keep: says of places which may be found.

        Returns:
            Places and similarities, the best first.
        """
        if not len(self) or not query or limit < 1:
            return []
        return Search(self, query, minimum, limit, by_word, keep).run()


def skeleton_key(seen: str) -> str:
    """What texts have in common that differ in placeables alone.

    Args:
        seen: a text as `as_seen` gives it.

    Returns:
        Its skeleton in comparable form.
    """
    return comparable(skeleton(seen))


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    remaining = iter(texts)
    while chunk := list(islice(remaining, INDEXED_AT_ONCE)):
        yield chunk


def _hash(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest())


def _places(hashes: NDArray[np.uint64], places: NDArray[np.int32], text: str) -> Places:
    key = np.uint64(_hash(text.encode()))
    first, last = np.searchsorted(hashes, key), np.searchsorted(hashes, key, side="right")
    return places[first:last].astype(np.int64)
