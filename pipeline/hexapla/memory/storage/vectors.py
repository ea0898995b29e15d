"""The vectors of texts, each encoded once: a table of text hashes and float16 vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hexapla.errors import DamagedMemory, UnwritableMemory
from hexapla.lazy_module import LazyModule
from hexapla.memory.storage.files import read_files
from hexapla.memory.storage.flat_files import Halves, Places
from hexapla.memory.storage.store import TableVersion, VersionedTable
from hexapla.text import matching_text
from hexapla_models.encoder import Vectors

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

KEY = 16  # bytes of a key
FILE_ROWS = 65_536  # vectors in a file
ENCODED_AT_ONCE = 1024  # texts in a call of the encoder

Encode = Callable[[Sequence[str]], Vectors]


def _schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    return {"key": pl.Binary, "vector": pl.Binary}


def key_of(text: str, language: str) -> bytes:
    """Return the key of the vector of a text: 128-bit BLAKE2b of the text that the encoder is given."""
    return hashlib.blake2b(matching_text(text, language).encode(), digest_size=KEY).digest()


def keys_of(texts: Sequence[str], language: str) -> pl.Series:
    """Return the keys of texts in one language; see `key_of`."""
    return pl.Series("key", [key_of(text, language) for text in texts], dtype=pl.Binary)


class VectorStore:
    """The vectors of a memory.

    Args:
        path: folder of the table.
        dimension: length of a vector.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self.table = VersionedTable(path)
        self.dimension = dimension
        self._known: pl.Series | None = None
        self._files: frozenset[Path] = frozenset()

    @classmethod
    def create(cls, path: Path, dimension: int) -> VectorStore:
        """Create an empty table of vectors."""
        VersionedTable.create(path, _schema(), {"operation": "create"})
        return cls(path, dimension)

    def missing(self, keys: pl.Series) -> pl.Series:
        """Find the keys that have no vector.

        Args:
            keys: keys of texts.

        Returns:
            The keys without a vector, each once.
        """
        wanted = keys.unique(maintain_order=True)
        known = self._all_keys(self.table.state())
        found = known.filter(known.is_in(wanted.implode()))
        return wanted.filter(~wanted.is_in(found.implode()))

    def add(self, keys: pl.Series, vectors: Vectors | Halves) -> None:
        """Store vectors; keys that already have one keep it.

        Args:
            keys: keys of the texts.
            vectors: vectors of the texts, *Shape:* ``(keys, dimension)``.

        Raises:
            UnwritableMemory: the disk is full or read-only.
        """
        fresh = pl.DataFrame({"key": self.missing(keys)})
        places = pl.DataFrame({"key": keys}).with_row_index("place").unique("key", keep="first")
        rows = places.join(fresh, on="key", how="semi").sort("place")["place"].to_numpy()
        chosen = (rows[start : start + FILE_ROWS] for start in range(0, len(rows), FILE_ROWS))
        self._append((self._frame(keys.gather(each), vectors[each]) for each in chosen), len(rows))

    def _append(self, frames: Iterable[pl.DataFrame], count: int) -> None:
        if count:
            self.table.append(frames, {"operation": "add", "vectors": count}, compressed=False)

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
        matching = {key_of(text, language): matching_text(text, language) for language, text in texts}
        fresh = self.missing(pl.Series("key", list(matching), dtype=pl.Binary))
        for frame in self._encoded({key: matching[key] for key in fresh}, encode, progress):
            self._append([frame], len(frame))
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
        matching = {key_of(text, language): matching_text(text, language) for language, text in texts}
        info = {"operation": "reindex", "vectors": len(matching)}
        self.table.replace(self._encoded(matching, encode, progress), info, compressed=False)

    def _encoded(
        self, matching: Mapping[bytes, str], encode: Encode, progress: Callable[[int, int], None]
    ) -> Iterator[pl.DataFrame]:
        """Yield frames of keys and vectors, each as large as a file."""
        items = iter(matching.items())
        done = 0
        while rows := list(islice(items, FILE_ROWS)):
            vectors = []
            for start in range(0, len(rows), ENCODED_AT_ONCE):
                batch = [text for _, text in rows[start : start + ENCODED_AT_ONCE]]
                vectors.append(encode(batch).astype(np.float16))
                done += len(batch)
                progress(done, len(matching))
            keys = pl.Series("key", [key for key, _ in rows], dtype=pl.Binary)
            yield self._frame(keys, np.concatenate(vectors))

    def encode_again(self, texts: Sequence[str], language: str, encode: Encode) -> Halves:
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
        vectors = np.concatenate([encode(batch).astype(np.float16) for batch in batches])
        with suppress(UnwritableMemory):  # they can still be used
            self._append([self._frame(keys_of(texts, language), vectors)], len(texts))
        return vectors

    def compact(self, keys: pl.Series) -> None:
        """Put the vectors into few files, and drop those no longer needed.

        Args:
            keys: keys of the vectors to keep.

        Raises:
            UnwritableMemory: the disk is full or read-only.
        """
        needed = keys.unique().implode()
        rows = [len(read_files([file], ["key"])) for file in self.table.state().files]
        kept = self._all_keys(self.table.state()).is_in(needed).sum()
        if kept < sum(rows) or len(rows) > 1 + kept // (FILE_ROWS // 2):
            info = {"operation": "compact", "vectors": kept}
            self.table.replace(self._repacked(needed), info, compressed=False)

    def _repacked(self, needed: pl.Series) -> Iterator[pl.DataFrame]:
        """Yield the needed rows in frames of the size of a file."""
        rest = pl.DataFrame(schema=_schema())
        for file in self.table.state().files:
            frame = read_files([file]).filter(pl.col("key").is_in(needed))
            rest = pl.concat([rest, frame]).unique("key", keep="last", maintain_order=True)
            while len(rest) >= FILE_ROWS:
                yield rest[:FILE_ROWS]
                rest = rest[FILE_ROWS:]
        yield rest

    def batches(self) -> Iterator[tuple[pl.Series, Halves]]:
        """Read all vectors, file by file, skipping damaged files, since vectors can be made again.

        Yields:
            tuple[pl.Series, Halves]: keys and vectors, *Shape:* ``(keys, dimension)``.
        """
        for file in self.table.state().files:
            try:
                frame = read_files([file])
                yield frame["key"], self._array(frame["vector"])
            except (DamagedMemory, ValueError):
                continue

    def look_up(self, keys: pl.Series) -> tuple[Halves, Places]:
        """Look up the vectors of some texts.

        Args:
            keys: keys of the texts.

        Returns:
            The vectors, *Shape:* ``(keys, dimension)``, zeros where one is missing; and the places of the missing ones.
        """
        vectors = np.zeros((len(keys), self.dimension), dtype=np.float16)
        lacking = scatter(keys, vectors, self._matching(keys)) if len(keys) else np.zeros(0, dtype=np.int64)
        return vectors, lacking

    def _matching(self, keys: pl.Series) -> Iterator[tuple[pl.Series, Halves]]:
        """Read the vectors of these keys only; of files that have none of them, only the keys are read."""
        for file in self.table.state().files:
            try:
                places = read_files([file], ["key"])["key"].is_in(keys.unique().implode())
                if places.any():
                    frame = read_files([file]).filter(places)
                    yield frame["key"], self._array(frame["vector"])
            except (DamagedMemory, ValueError):
                continue

    def _all_keys(self, state: TableVersion) -> pl.Series:
        """Return the keys of all readable vectors; no file is read twice."""
        files = frozenset(state.files)
        if self._known is None or not self._files <= files:
            self._known, self._files = pl.Series("key", [], dtype=pl.Binary), frozenset()
        for file in files - self._files:
            try:
                self._known = pl.concat([self._known, read_files([file], ["key"])["key"]])
            except DamagedMemory:
                continue
        self._files = files
        return self._known

    def _frame(self, keys: pl.Series, vectors: Vectors | Halves) -> pl.DataFrame:
        packed = np.ascontiguousarray(vectors, dtype="<f2").view(f"V{2 * self.dimension}").ravel()
        return pl.DataFrame({"key": keys, "vector": pl.Series(packed.tolist(), dtype=pl.Binary)})

    def _array(self, column: pl.Series) -> Halves:
        joined = np.frombuffer(b"".join(column.to_list()), dtype="<f2")
        return joined.reshape(len(column), self.dimension)


def scatter(keys: pl.Series, vectors: Halves, batches: Iterator[tuple[pl.Series, Halves]]) -> Places:
    """Write vectors to the places of their keys.

    Args:
        keys: keys of the texts.
        vectors: array to write to, *Shape:* ``(keys, dimension)``.
        batches: keys and vectors.

    Returns:
        Places of the keys that are in no batch.
    """
    wanted = pl.DataFrame({"key": keys}).with_row_index("place")
    found = np.zeros(len(keys), dtype=bool)
    for batch, rows in batches:
        here = pl.DataFrame({"key": batch}).with_row_index("row")
        pairs = wanted.join(here, on="key", how="inner")
        places = pairs["place"].to_numpy()
        vectors[places] = rows[pairs["row"].to_numpy()]
        found[places] = True
    return np.flatnonzero(~found).astype(np.int64)
