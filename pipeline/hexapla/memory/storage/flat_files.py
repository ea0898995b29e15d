"""Texts and records in flat files: a buffer of bytes and the offsets of what is in it, memory-mapped.

This is the layout of an Arrow large string array (Arrow columnar format 1.4, "Variable-size Binary Layout"), kept as
two plain files, so that opening a million texts reads none of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

TEXTS_AT_ONCE = 65_536  # texts that are handled at once
BYTES, OFFSETS, ROWS, VECTORS = "texts.utf8", "offsets.npy", "unit_rows.npy", "vectors.npy"
INDEX = "index"  # folder of the index of a language

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Halves = NDArray[np.float16]


def language_folder(fragment: Path, language: str) -> Path:
    """Where a fragment has the files of a language.

    Args:
        fragment: folder of the fragment.
        language: its tag.

    Returns:
        The folder; those of tags that differ in case alone differ where the file system knows no case, too.
    """
    return fragment / re.sub("[A-Z]", lambda letter: f"={letter[0].lower()}", language)


@dataclass(frozen=True, slots=True)
class Strings(Sequence[str]):
    """Texts in one buffer.

    Attributes:
        buffer: their UTF-8 bytes one after the other.
        offsets: where each begins, and where the last ends, *Shape:* ``(texts + 1,)``.
    """

    buffer: Bytes
    offsets: Places

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """A text, or those of a slice."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.buffer[self.offsets[place] : self.offsets[place + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        """The texts in their order; faster than one by one."""
        for start in range(0, len(self), TEXTS_AT_ONCE):
            offsets = self.offsets[start : start + TEXTS_AT_ONCE + 1]
            chunk = self.buffer[offsets[0] : offsets[-1]].tobytes()
            bounds = (offsets - offsets[0]).tolist()
            for begin, end in pairwise(bounds):
                yield chunk[begin:end].decode()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Strings:
        """Texts put into one buffer in memory."""
        encoded = [text.encode() for text in texts]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)


@dataclass(frozen=True)
class Texts(Sequence[str]):
    """Texts of one language of some units of a snapshot.

    Attributes:
        language: BCP 47 tag.
        strings: the texts.
        unit_rows: row of the unit of each text in its fragment of the snapshot, growing, *Shape:* ``(texts,)``.
        vectors: of the matching texts, of Euclidean length 1; zeros where a text has no vector yet, *Shape:*
            ``(texts, dimension)``.
    """

    language: str
    strings: Strings
    unit_rows: Places
    vectors: Halves

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.strings)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """A text, or those of a slice."""
        return self.strings[place]

    def __iter__(self) -> Iterator[str]:
        """The texts in their order; faster than one by one."""
        return iter(self.strings)

    @classmethod
    def open(cls, folder: Path, language: str) -> Texts:
        """Memory-map the texts in a folder.

        Args:
            folder: of the language in derived data.
            language: BCP 47 tag.

        Returns:
            The texts.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        strings = Strings(map_bytes(folder / BYTES), map_array(folder / OFFSETS))
        return cls(language, strings, map_array(folder / ROWS), map_array(folder / VECTORS))


@dataclass(frozen=True)
class Records(Sequence[dict[str, Any]]):
    """Units as lines of JSON in one buffer.

    Attributes:
        strings: the lines.
    """

    strings: Strings

    def __len__(self) -> int:
        """Number of units."""
        return len(self.strings)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """The columns of a unit, or those of the units of a slice."""
        if isinstance(place, slice):
            return [json.loads(line) for line in self.strings[place]]
        record: dict[str, Any] = json.loads(self.strings[place])
        return record

    @classmethod
    def of_lines(cls, buffer: Bytes) -> Records:
        """Lines of JSON, each ended by a line feed."""
        return cls(Strings(buffer, line_offsets(buffer)))


def line_offsets(buffer: Bytes) -> Places:
    """Where each line begins, and where the last ends, *Shape:* ``(lines + 1,)``."""
    step = 1 << 26
    ends = [
        np.flatnonzero(buffer[start : start + step] == ord("\n")) + start + 1
        for start in range(0, len(buffer), step)
    ]
    return np.concatenate([np.zeros(1, dtype=np.int64), *ends]).astype(np.int64)


def map_bytes(path: Path) -> Bytes:
    """A file as memory-mapped bytes; an empty file cannot be mapped and is an empty array."""
    if path.stat().st_size == 0:
        return np.zeros(0, dtype=np.uint8)
    # a plain view, since to cut a piece of a numpy.memmap costs ten times as much
    return np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)


def map_array(path: Path) -> NDArray[Any]:
    """A .npy file, memory-mapped."""
    array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)
