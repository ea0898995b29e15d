"""The vectors of texts, each encoded once and kept in 8 bits under a hash of its text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla.errors import UnwritableMemory
from hexapla.memory.storage.files import os_errors_as
from hexapla.memory.storage.flat_files import Places
from hexapla.memory.storage.locks import locked
from hexapla.memory.storage.older_vectors import OlderVectors
from hexapla.memory.storage.vector_files import (
    KEY,
    KEYS,
    NOWHERE,
    VECTORS,
    Keys,
    Singles,
    StoredVectors,
    VectorFile,
    VectorPlaces,
    append,
    contained,
    located,
    pairs_in,
    remove,
)
from hexapla.text import matching_text
from hexapla_models.encoder import Vectors

STORED_AT_ONCE = 65_536  # vectors that are in memory at a time
ENCODED_AT_ONCE = 1024  # texts in a call of the encoder
LOCK = "lock"
_UNNEEDED = 8  # compacting leaves up to one in so many vectors that are not needed

Encode = Callable[[Sequence[str]], Vectors]
AnyVectors = NDArray[np.floating[Any]]


def key_of(text: str, language: str) -> bytes:
    """Return the key of the vector of a text: 128-bit BLAKE2b of the text that the encoder is given."""
    return _key_of(matching_text(text, language))


def keys_of(texts: Iterable[str], language: str) -> Keys:
    """Return the keys of texts in one language; see `key_of`."""
    return key_array(key_of(text, language) for text in texts)


def key_array(keys: Iterable[bytes]) -> Keys:
    """Return keys as an array."""
    return np.frombuffer(b"".join(keys), dtype=KEY)


class VectorStore:
    """The vectors of a memory.

    Args:
        path: folder of the files; created with the first vectors.
        dimension: length of a vector.

    Attributes:
        path: folder of the files.
        dimension: length of a vector.
        older: vectors that a release before format 2 wrote into the same folder.
    """

    path: Path
    dimension: int
    older: OlderVectors

    def __init__(self, path: Path, dimension: int) -> None:
        self.path, self.dimension = path, dimension
        self.older = OlderVectors(path, dimension)
        self._opened: dict[Path, VectorFile] = {}

    def files(self) -> tuple[VectorFile, ...]:
        """Open the files of the store; one that did not grow is not opened again."""
        opened = {}
        for path in pairs_in(self.path):
            with suppress(OSError):  # of a pair that another process is writing or removing, one is missing
                known = self._opened.get(path)
                grown = known is None or path.with_suffix(KEYS).stat().st_size != known.entries.nbytes
                opened[path] = VectorFile.open(path, self.dimension) if grown or known is None else known
        self._opened = opened
        return tuple(opened.values())

    def missing(self, keys: Keys) -> Places:
        """Find the keys that have no vector.

        Args:
            keys: keys of texts.

        Returns:
            The first place of each such key, ascending.
        """
        lacking = located(self.files(), keys, whole=False) == NOWHERE
        if lacking.any() and self.older.exists:
            lacking &= ~contained(keys, np.sort(self.older.keys))
        places = np.flatnonzero(lacking)
        return np.sort(places[np.unique(keys[places], return_index=True)[1]])

    def add(self, keys: Keys, vectors: AnyVectors) -> None:
        """Store vectors; keys that already have one keep it.

        Args:
            keys: keys of the texts.
            vectors: vectors of the texts, *Shape:* ``(keys, dimension)``.

        Raises:
            UnwritableMemory: the disk is full or read-only.
        """
        fresh = self.missing(keys)
        for start in range(0, len(fresh), STORED_AT_ONCE):
            chosen = fresh[start : start + STORED_AT_ONCE]
            self._append(keys[chosen], vectors[chosen])

    def _append(self, keys: Keys, vectors: AnyVectors, apart_from: Sequence[Path] = ()) -> None:
        """Append vectors to the files, except some files that will be removed."""
        with self._writing():
            taken = [file for file in self.files() if file.path not in apart_from]
            append(self.path, taken, keys, vectors)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Lock the files; raise UnwritableMemory if they cannot be written."""
        with os_errors_as(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        with locked(self.path / LOCK), os_errors_as(self.path):
            yield

    def encode(
        self,
        texts: Sequence[tuple[str, str]],
        encode: Encode,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> int:
        """Encode the texts that have no vector yet, and store their vectors.

        Args:
            texts: pairs of language tag and text.
            encode: function of the encoder.
            progress: called with the number of texts done and the total.

        Returns:
            Number of texts that were encoded.
        """
        matching = _by_key(texts)
        every = list(matching)
        fresh = [every[place] for place in self.missing(key_array(every)).tolist()]
        for keys, vectors in _encoded({key: matching[key] for key in fresh}, encode, progress):
            self._append(keys, vectors)
        return len(fresh)

    def encode_all(
        self, texts: Iterable[tuple[str, str]], encode: Encode, progress: Callable[[int, int], None]
    ) -> None:
        """Encode all texts, and replace all stored vectors with theirs.

        Args:
            texts: pairs of language tag and text.
            encode: function of the encoder.
            progress: called with the number of texts done and the total.

        Raises:
            UnwritableMemory: the disk is full or read-only.
        """
        matching = _by_key(texts)
        self._replace(_encoded(matching, encode, progress))

    def _replace(self, batches: Iterable[tuple[Keys, AnyVectors]]) -> None:
        """Replace all vectors; at any moment the store has the old or the new ones."""
        before = pairs_in(self.path)
        for keys, vectors in batches:
            self._append(keys, vectors, apart_from=before)
        with self._writing():
            for path in before:
                remove(path)
        self.older.remove()

    def encode_again(self, texts: Sequence[str], language: str, encode: Encode) -> Singles:
        """Encode texts whose vectors are missing or unreadable, and store these if possible.

        Args:
            texts: texts in one language.
            language: BCP 47 tag.
            encode: function of the encoder.

        Returns:
            The vectors, *Shape:* ``(texts, dimension)``.
        """
        starts = range(0, len(texts), ENCODED_AT_ONCE)
        batches = ([matching_text(text, language) for text in texts[i : i + ENCODED_AT_ONCE]] for i in starts)
        vectors = np.concatenate([encode(batch) for batch in batches])
        with suppress(UnwritableMemory):  # they can still be used
            self._append(keys_of(texts, language), vectors)
        return vectors

    def compact(self, keys: Keys) -> bool:
        """Drop the vectors that are no longer needed, unless they are few.

        Args:
            keys: keys of the vectors to keep.

        Returns:
            Whether any vector has another place now.

        Raises:
            UnwritableMemory: the disk is full or read-only.
        """
        needed = np.unique(keys)
        stored = sum(map(len, self.files()))
        if stored <= len(needed) + stored // _UNNEEDED and not self.older.exists:
            return False
        self._replace(self._read(needed))
        return True

    def convert(self) -> None:
        """Move the vectors that a release before format 2 wrote into files of this release.

        A process that is killed while it does so leaves both, and the next call continues.

        Raises:
            UnwritableMemory: the disk is full or read-only.
        """
        if self.older.exists:
            for keys, vectors in self.older.matching(self._only_older()):
                self._append(keys, vectors)
            self.older.remove()

    def _only_older(self) -> Keys:
        keys = self.older.keys
        return np.asarray(keys[located(self.files(), keys, whole=False) == NOWHERE])

    def find(self, keys: Keys) -> tuple[tuple[VectorFile, ...], VectorPlaces]:
        """Find the places of vectors; those that are damaged, or in the table of format 1, have none.

        Args:
            keys: keys of the texts.

        Returns:
            The files, and the places in them; see `located`.
        """
        files = self.files()
        return files, located(files, keys)

    def look_up(self, keys: Keys) -> tuple[Singles, Places]:
        """Look up the vectors of some texts.

        Args:
            keys: keys of the texts.

        Returns:
            The vectors, *Shape:* ``(keys, dimension)``, zeros where one is missing; and the places of the missing ones.
        """
        files, places = self.find(keys)
        vectors, lacking = StoredVectors(files, places, self.dimension)[:], places == NOWHERE
        if lacking.any() and self.older.exists:
            for found, rows in self.older.matching(keys[lacking]):
                order = np.argsort(found)
                here = np.flatnonzero(contained(keys, found[order]))
                vectors[here] = rows[order[np.searchsorted(found[order], keys[here])]]
                lacking[here] = False
        return vectors, np.flatnonzero(lacking)

    def _read(self, keys: Keys) -> Iterator[tuple[Keys, Singles]]:
        """Yield keys that have vectors, and these, in batches."""
        for start in range(0, len(keys), STORED_AT_ONCE):
            batch = keys[start : start + STORED_AT_ONCE]
            vectors, lacking = self.look_up(batch)
            yield np.delete(batch, lacking), np.delete(vectors, lacking, axis=0)

    def damaged(self) -> Iterator[tuple[Path, str]]:
        """Read every byte; yield the files that are not as written, and what is wrong."""
        whole = {file.path: file for file in self.files()}
        for path in pairs_in(self.path):
            if path in whole:
                yield from ((each, "differs from what was written") for each in whole[path].damaged())
            if path not in whole and path.with_suffix(KEYS).exists():
                yield path.with_suffix(VECTORS), "is missing"
            elif path in whole and whole[path].is_cut:
                yield path.with_suffix(VECTORS), "lacks vectors at its end"
        yield from self.older.damaged()


def _key_of(matching: str) -> bytes:
    return hashlib.blake2b(matching.encode(), digest_size=KEY.itemsize).digest()


def _by_key(texts: Iterable[tuple[str, str]]) -> dict[bytes, str]:
    """Return texts as the encoder is given them, by key."""
    matching = (matching_text(text, language) for language, text in texts)
    return {_key_of(text): text for text in matching}


def _encoded(
    matching: Mapping[bytes, str], encode: Encode, progress: Callable[[int, int], None]
) -> Iterator[tuple[Keys, Vectors]]:
    """Yield keys and vectors in batches, as large as are stored at once."""
    items = iter(matching.items())
    done = 0
    while rows := list(islice(items, STORED_AT_ONCE)):
        vectors = []
        for start in range(0, len(rows), ENCODED_AT_ONCE):
            batch = [text for _, text in rows[start : start + ENCODED_AT_ONCE]]
            vectors.append(encode(batch))
            done += len(batch)
            progress(done, len(matching))
        yield key_array(key for key, _ in rows), np.concatenate(vectors)
