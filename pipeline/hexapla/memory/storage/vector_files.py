"""Files of vectors in 8 bits, to which vectors are only ever appended, so that a vector keeps its place.

A pair of files has a row for each vector: its components, scaled so that the greatest is 127, in `NAME.vectors`; the
key of its text and two checksums in `NAME.keys`. The components of a row are on disk before its key, and only whole
rows that both files have count, so what a killed process left is never read.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla.errors import DamagedMemory
from hexapla.memory.storage.flat_files import Places, map_bytes

KEYS, VECTORS = ".keys", ".vectors"
FILE_ROWS = 1 << 18  # vectors in a file, at most
NOWHERE = np.uint32(0xFFFFFFFF)  # place of a missing vector
CHECKED_AT_ONCE = 16_384  # rows

KEY = np.dtype("V16")
ENTRY = np.dtype([("key", KEY), ("components", "<u4"), ("entry", "<u4")])
"""A key, the CRC-32 of the components, and the CRC-32 of these three."""
_PROTECTED = ENTRY.itemsize - 4  # bytes of an entry that its own checksum covers

Keys = NDArray[np.void]
Codes = NDArray[np.int8]
Singles = NDArray[np.float32]
VectorPlaces = NDArray[np.uint32]


@dataclass(frozen=True)
class VectorFile:
    """A pair of files, memory-mapped.

    Attributes:
        path: path of both files without the suffix.
        entries: keys and checksums, see ENTRY, *Shape:* ``(vectors,)``.
        codes: components, *Shape:* ``(vectors, dimension)``.
    """

    path: Path
    entries: NDArray[np.void]
    codes: Codes

    def __len__(self) -> int:
        """Return the number of vectors."""
        return len(self.entries)

    @classmethod
    def open(cls, path: Path, dimension: int) -> VectorFile:
        """Memory-map a pair of files; raise OSError if one is missing.

        Args:
            path: path of both files without the suffix.
            dimension: length of a vector.

        Returns:
            The rows that both files have.
        """
        entries, codes = (map_bytes(path.with_suffix(suffix)) for suffix in (KEYS, VECTORS))
        rows = min(len(entries) // ENTRY.itemsize, len(codes) // dimension)
        return cls(
            path,
            entries[: rows * ENTRY.itemsize].view(ENTRY),
            codes[: rows * dimension].view(np.int8).reshape(rows, dimension),
        )

    def read(self, rows: Places) -> Singles:
        """Return vectors.

        Args:
            rows: rows of the vectors.

        Returns:
            Vectors of Euclidean length 1, or zeros, *Shape:* ``(rows, dimension)``.

        Raises:
            DamagedMemory: a vector differs from what was written.
        """
        codes = self.codes[rows]
        wrong = np.flatnonzero(_checks(codes) != self.entries["components"][rows])
        if len(wrong):
            raise DamagedMemory(
                f"{self.path.with_suffix(VECTORS)}: vector {int(rows[wrong[0]]):,} differs from what was written, and "
                "is not used: run `hexapla reindex`, which encodes its text again."
            )
        return unit_vectors(codes)

    def whole(self, rows: Places) -> NDArray[np.bool_]:
        """Return which rows are as they were written, key included."""
        entries = self.entries[rows]
        same = _checks(self.codes[rows]) == entries["components"]
        return np.asarray(same & self._whole_entries(entries))

    @property
    def is_cut(self) -> bool:
        """Whether vectors are missing at the end, which are written before their keys."""
        return self.path.with_suffix(KEYS).stat().st_size > self.entries.nbytes + ENTRY.itemsize - 1

    def damaged(self) -> Iterator[Path]:
        """Read every row; yield each of the two files that differs from what was written."""
        batches = [self.entries[k : k + CHECKED_AT_ONCE] for k in range(0, len(self), CHECKED_AT_ONCE)]
        whole = [self._whole_entries(batch) for batch in batches]
        if not all(flags.all() for flags in whole):
            yield self.path.with_suffix(KEYS)
        for number, (batch, flags) in enumerate(zip(batches, whole, strict=True)):
            start = number * CHECKED_AT_ONCE
            differ = _checks(self.codes[start : start + len(batch)]) != batch["components"]
            if (differ & flags).any():
                yield self.path.with_suffix(VECTORS)
                return

    @staticmethod
    def _whole_entries(entries: NDArray[np.void]) -> NDArray[np.bool_]:
        rows = np.ascontiguousarray(entries).view(np.uint8).reshape(len(entries), ENTRY.itemsize)
        return np.asarray(_checks(rows[:, :_PROTECTED]) == entries["entry"])


class StoredVectors:
    """The vectors of texts, read from files as needed.

    Args:
        files: files of the vectors.
        places: place of the vector of each text, see `located`, *Shape:* ``(texts,)``.
        dimension: length of a vector.

    Attributes:
        shape: numbers of texts and components.
    """

    shape: tuple[int, int]

    def __init__(self, files: Sequence[VectorFile], places: VectorPlaces, dimension: int) -> None:
        self._files, self._places = files, places
        self.shape = len(places), dimension

    def __len__(self) -> int:
        """Return the number of texts."""
        return self.shape[0]

    def __getitem__(self, texts: slice | Places) -> Singles:
        """Return the vectors of some texts, zeros where one is missing, *Shape:* ``(texts, dimension)``."""
        places = self._places[texts]
        vectors = np.zeros((len(places), self.shape[1]), dtype=np.float32)
        numbers, rows = np.divmod(places.astype(np.int64), FILE_ROWS)
        for number in {
            number for number in numbers.tolist() if number < len(self._files)
        }:  # others are nowhere
            here = np.flatnonzero(numbers == number)
            vectors[here] = self._files[number].read(rows[here])
        return vectors


def located(files: Sequence[VectorFile], keys: Keys, *, whole: bool = True) -> VectorPlaces:
    """Find the places of vectors.

    Args:
        files: files of vectors.
        keys: keys of the vectors.
        whole: whether to skip rows that differ from what was written, which reads the vectors.

    Returns:
        Places: the number of the file times FILE_ROWS, and the row; NOWHERE for missing vectors.
    """
    halves = _halves(keys)
    firsts, same = np.unique(halves[:, 0], return_inverse=True)
    found, seconds = np.full(len(firsts), NOWHERE), np.zeros(len(firsts), dtype=np.uint64)
    for number, file in enumerate(files if len(keys) else ()):
        known = _halves(file.entries["key"])
        at = np.minimum(np.searchsorted(firsts, known[:, 0]), len(firsts) - 1)
        rows = np.flatnonzero(firsts[at] == known[:, 0])
        if whole:
            rows = rows[file.whole(rows)]
        found[at[rows]] = (number * FILE_ROWS + rows).astype(np.uint32)
        seconds[at[rows]] = known[rows, 1]
    return np.where(seconds[same] == halves[:, 1], found[same], NOWHERE)


def contained(keys: Keys, known: Keys) -> NDArray[np.bool_]:
    """Return which keys are among others.

    Args:
        keys: the keys.
        known: the others, ascending.

    Returns:
        Flags, *Shape:* ``(keys,)``.
    """
    if not len(known):
        return np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[at] == keys)


def _halves(keys: Keys) -> NDArray[np.uint64]:
    """Return both halves of keys as numbers, which are compared faster, *Shape:* ``(keys, 2)``."""
    return np.ascontiguousarray(keys).view("<u8").reshape(len(keys), 2)


def pairs_in(folder: Path) -> list[Path]:
    """Return the paths, without suffix, of the pairs in a folder, incomplete ones included."""
    return sorted({path.with_suffix("") for suffix in (KEYS, VECTORS) for path in folder.glob(f"*{suffix}")})


def remove(path: Path) -> None:
    """Remove a pair of files; a system that does not allow it while they are in use leaves them."""
    for suffix in (KEYS, VECTORS):  # without keys, the vectors do not count
        with suppress(OSError):
            path.with_suffix(suffix).unlink(missing_ok=True)


def append(folder: Path, taken: Sequence[VectorFile], keys: Keys, vectors: NDArray[np.floating[Any]]) -> None:
    """Append vectors to the last file that has room, and to new ones; only one process may do so at a time.

    Args:
        folder: folder of the files.
        taken: files that may be continued.
        keys: keys of the vectors.
        vectors: the vectors, *Shape:* ``(keys, dimension)``.

    Raises:
        OSError: the files cannot be written.
    """
    open_ended = [file for file in taken if len(file) < FILE_ROWS and _complete(file)]
    path, rows = (open_ended[-1].path, len(open_ended[-1])) if open_ended else (_new(folder), 0)
    start = 0
    while start < len(keys):
        end = start + FILE_ROWS - rows
        _append(path, keys[start:end], quantised(vectors[start:end]))
        path, rows, start = _new(folder), 0, end


def _new(folder: Path) -> Path:
    return folder / secrets.token_hex(16)


def _complete(file: VectorFile) -> bool:
    """Return whether no row was left incomplete by a killed process."""
    sizes = [file.path.with_suffix(suffix).stat().st_size for suffix in (KEYS, VECTORS)]
    return sizes == [file.entries.nbytes, file.codes.nbytes]


def _append(path: Path, keys: Keys, codes: Codes) -> None:
    entries = np.zeros(len(keys), dtype=ENTRY)
    entries["key"] = keys
    entries["components"] = _checks(codes)
    entries["entry"] = _checks(entries.view(np.uint8).reshape(-1, ENTRY.itemsize)[:, :_PROTECTED])
    for suffix, array in ((VECTORS, codes), (KEYS, entries)):
        _write(path.with_suffix(suffix), array)


def _write(path: Path, array: NDArray[Any]) -> None:
    """Append to a file and flush it to disk; if that fails, leave it as it was."""
    with path.open("ab") as file:
        size = file.tell()
        try:
            file.write(np.ascontiguousarray(array).data.cast("B"))
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                file.truncate(size)
            raise


def quantised(vectors: NDArray[np.floating[Any]]) -> Codes:
    """Return vectors in 8 bits, each scaled so that its greatest component is 127."""
    codes = np.zeros(vectors.shape, dtype=np.int8)
    for start in range(0, len(vectors), CHECKED_AT_ONCE):
        batch = vectors[start : start + CHECKED_AT_ONCE].astype(np.float32)
        greatest = np.abs(batch).max(axis=1, keepdims=True)
        scaled = np.divide(127 * batch, greatest, out=np.zeros_like(batch), where=greatest > 0)
        codes[start : start + len(batch)] = np.rint(scaled)
    return codes


def unit_vectors(codes: Codes) -> Singles:
    """Return vectors in 8 bits as vectors of Euclidean length 1, or zeros."""
    vectors = codes.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= np.maximum(lengths, 1)[:, None]
    return vectors


def _checks(rows: NDArray[Any]) -> NDArray[np.uint32]:
    """Return the CRC-32 of each row, *Shape:* ``(rows,)``."""
    size = rows.shape[1]
    view = memoryview(rows.tobytes())
    return np.fromiter(
        (zlib.crc32(view[start : start + size]) for start in range(0, len(rows) * size, size)),
        np.uint32,
        len(rows),
    )
