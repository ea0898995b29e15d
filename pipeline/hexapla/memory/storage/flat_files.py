"""String arrays in memory-mapped files.

A string array is a buffer of UTF-8 bytes and an array of offsets into it: the layout of an Arrow large string array
(Arrow columnar format 1.4, "Variable-size Binary Layout") in two plain files. Opening a million texts reads none of
them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

TEXTS_AT_ONCE = 65_536  # texts that are in memory as strings at a time
INDEX = "index"  # folder of the indexes of a language
_HEADERS = Lock()  # NumPy parses headers by `ast`, which is not safe in threads (python/cpython issue 106905)

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Halves = NDArray[np.float16]


def language_folder(fragment: Path, language: str) -> Path:
    """Return the folder of the files of a language in a fragment.

    Args:
        fragment: folder of the fragment.
        language: BCP 47 tag.

    Returns:
        The folder. Its name begins like the tag, and a hash makes it short, different from that of any other tag, and
        valid on every system: Windows reserves names such as aux, and some systems ignore case.
    """
    start = re.sub("[^a-z0-9]", "-", language[:12].lower())
    return fragment / f"{start}-{sha256(language.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


class StringArray(Sequence[str], ABC):
    """An array of texts, each of which can be read alone.

    Attributes:
        offsets: start of each text in a buffer, and end of the last one, *Shape:* ``(texts + 1,)``.
    """

    __slots__ = ()
    offsets: Places

    @abstractmethod
    def data(self, place: int) -> bytes:
        """Return the bytes of a text; raise DamagedMemory if they are known to differ from what was written."""

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return one text, or those of a slice."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.data(place).decode()


@dataclass(frozen=True, slots=True)
class Strings(StringArray):
    """An array of texts in one buffer.

    Attributes:
        buffer: the UTF-8 bytes of the texts, one text after the other.
        offsets: start of each text in the buffer, and end of the last one, *Shape:* ``(texts + 1,)``.
    """

    buffer: Bytes
    offsets: Places

    def data(self, place: int) -> bytes:
        """Return the bytes of a text."""
        return self.buffer[self.offsets[place] : self.offsets[place + 1]].tobytes()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Strings:
        """Put texts into one buffer in memory."""
        encoded = [text.encode() for text in texts]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)


def map_bytes(path: Path) -> Bytes:
    """Memory-map a file as bytes; an empty file, which cannot be mapped, gives an empty array."""
    if path.stat().st_size == 0:
        return np.zeros(0, dtype=np.uint8)
    # a plain array, since slicing a numpy.memmap takes ten times as long
    return np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)


def map_array(path: Path) -> NDArray[Any]:
    """Memory-map a .npy file."""
    with _HEADERS:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)
