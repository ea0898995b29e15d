"""The fuzzy index: finds the texts in one language that are most similar to a query by edit distance.

Three filters, each finer and slower than the one before: the length, which by itself bounds the percentage; a scan of
the signatures of texts of suitable length; and RapidFuzz on the texts with the nearest signatures, best first, with a
threshold that rises to the worst match that is still wanted. Vectors cannot replace it: texts that differ in one word
may have distant vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.placeables import skeleton
from hexapla.memory.search.fuzzy_search import Keep, Search, SearchArrays
from hexapla.memory.search.signatures import COARSE, FINE, signatures
from hexapla.memory.storage.flat_files import Places, Strings, map_array

INDEXED_AT_ONCE = 2_048  # texts in a batch; what is computed from them fits in the processor cache

Scored = list[tuple[int, float]]
"""Places of texts with their similarities or cosines, the best first."""


def everything(places: Places) -> NDArray[np.bool_]:
    """Keep all places."""
    return np.ones(len(places), dtype=bool)


@dataclass(frozen=True)
class FuzzyIndex(SearchArrays):
    """An index of texts in memory or in memory-mapped files.

    Attributes:
        text_hashes: hashes of the texts in comparable form, ascending.
        text_places: place of the text of each hash.
        skeleton_hashes: hashes of the texts without their placeables, ascending.
        skeleton_places: place of the text of each hash.
    """

    text_hashes: NDArray[np.uint64]
    text_places: NDArray[np.int32]
    skeleton_hashes: NDArray[np.uint64]
    skeleton_places: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.order)

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        folded: Strings | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> FuzzyIndex:
        """Make an index in memory.

        Args:
            texts: the texts, as translators see them.
            folded: the same texts in comparable form; made if None.
            progress: called with the number of texts done.

        Returns:
            The index; it takes about 140 bytes a text in addition to the text itself.
        """
        if folded is None:
            folded = Strings.of([comparable(as_seen(text)) for text in texts])
        number = len(texts)
        lengths = np.zeros(number, np.int32)
        hashes = np.zeros((2, number), dtype=np.uint64)
        coarse, fine = np.zeros((number, COARSE // 64), np.uint64), np.zeros((number, FINE // 64), np.uint64)
        done = 0
        while done < number:
            batch = slice(done, min(done + INDEXED_AT_ONCE, number))
            plain = folded[batch]
            lengths[batch] = [len(text) for text in plain]
            hashes[0, batch] = [_hash(text.encode()) for text in plain]
            hashes[1, batch] = [_hash(skeleton_key(as_seen(text)).encode()) for text in texts[batch]]
            coarse[batch], fine[batch] = signatures(plain)
            done = batch.stop
            progress(done)
        order, by_hash = np.argsort(lengths, kind="stable"), np.argsort(hashes, axis=1, kind="stable")
        return cls(
            folded.buffer,
            folded.offsets,
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
        """Write the files of the index into a folder; the texts in comparable form have their own."""
        for name in _saved():
            array: NDArray[Any] = getattr(self, name)
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def open(cls, folder: Path, folded: Strings) -> FuzzyIndex:
        """Memory-map the files of an index.

        Args:
            folder: folder in which it was saved.
            folded: the texts in comparable form.

        Returns:
            The index.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        arrays = (map_array(folder / f"{name}.npy") for name in _saved())
        return cls(folded.buffer, folded.offsets, *arrays)

    def equal(self, query: str) -> Places:
        """Return the places of texts equal to a query in comparable form, ascending."""
        return _places(self.text_hashes, self.text_places, query)

    def with_skeleton(self, key: str) -> Places:
        """Return the places of texts with a skeleton key, ascending."""
        return _places(self.skeleton_hashes, self.skeleton_places, key)

    def search(
        self, query: str, minimum: float, limit: int, *, by_word: bool, keep: Keep = everything
    ) -> Scored:
        """Find the texts that are most similar to a query.

        Args:
            query: the query in comparable form.
            minimum: least similarity of a match, in 0..1.
            limit: maximum number of texts.
            by_word: whether to compare texts by word too; see `percentage`.
            keep: function that says which places may be found.

        Returns:
            Places and similarities, the best first.
        """
        if not len(self) or not query or limit < 1:
            return []
        return Search(self, query, minimum, limit, by_word, keep).run()


def skeleton_key(seen: str) -> str:
    """Return a key that is the same for texts that differ only in placeables.

    Args:
        seen: a text as returned by `as_seen`.

    Returns:
        Its skeleton in comparable form.
    """
    return comparable(skeleton(seen))


def _saved() -> list[str]:
    """Return the names of the arrays that are saved."""
    return [field.name for field in fields(FuzzyIndex) if field.name not in ("buffer", "offsets")]


def _hash(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest())


def _places(hashes: NDArray[np.uint64], places: NDArray[np.int32], text: str) -> Places:
    key = np.uint64(_hash(text.encode()))
    first, last = np.searchsorted(hashes, key), np.searchsorted(hashes, key, side="right")
    return places[first:last].astype(np.int64)
