"""String arrays in files whose texts are compressed one by one, so that each can be read alone, and is checked then.

Each text is compressed by DEFLATE (RFC 1951) with a preset dictionary: bytes that it is likely to repeat. A text that
is the same as its dictionary takes no space.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from hexapla.errors import DamagedMemory
from hexapla.memory.storage.flat_files import Bytes, Places, StringArray, map_array, map_bytes

BUFFER, OFFSETS, CHECKS = ".deflate", ".offsets.npy", ".checks.npy"
WINDOW = 13  # binary logarithm of the bytes that records are compressed with; for larger windows a copy takes longer
DICTIONARY = 2**WINDOW - 300  # bytes of a dictionary that are within reach
MOST = 1 << 28  # bytes of a text
_LEVEL, _MEMORY = 9, 6

Compress = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class PackedStrings(StringArray):
    """An array of compressed texts.

    Attributes:
        buffer: the compressed texts, one after the other.
        offsets: start of each text in the buffer, and end of the last one, *Shape:* ``(texts + 1,)``.
        checks: CRC-32 of each text, which is compared whenever the text is read, *Shape:* ``(texts,)``.
        dictionary: function of a place that returns the dictionary of its text.
        path: file of the buffer, for messages.
    """

    buffer: Bytes
    offsets: Places
    checks: NDArray[np.uint32]
    dictionary: Callable[[int], bytes]
    path: Path

    def data(self, place: int) -> bytes:
        """Return the bytes of a text; raise DamagedMemory if they differ from what was written."""
        text = self._unpacked(place)
        if text is None or zlib.crc32(text) != self.checks[place]:
            raise DamagedMemory(
                f"{self.path}: text {place:,} differs from what was written, and is not shown: run `hexapla reindex`, "
                "which rebuilds this file from the table."
            )
        return text

    def _unpacked(self, place: int) -> bytes | None:
        """Return the bytes of a text; None if they cannot be read."""
        dictionary = self.dictionary(place)
        start, end = self.offsets[place : place + 2].tolist()
        packed = self.buffer[start:end].tobytes()
        try:
            return (
                zlib.decompressobj(-zlib.MAX_WBITS, dictionary).decompress(packed, MOST)
                if packed
                else dictionary
            )
        except zlib.error:
            return None

    @classmethod
    def open(cls, folder: Path, name: str, dictionary: Callable[[int], bytes]) -> PackedStrings:
        """Memory-map an array of texts.

        Args:
            folder: folder of the files.
            name: their common name.
            dictionary: function of a place that returns the dictionary of its text.

        Returns:
            The texts.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        offsets, checks = (map_array(folder / f"{name}{suffix}") for suffix in (OFFSETS, CHECKS))
        path = folder / f"{name}{BUFFER}"
        return cls(map_bytes(path), offsets, checks, dictionary, path)


class StringsWriter:
    """Writes the files of an array of texts: a buffer and offsets.

    Args:
        folder: folder of the files.
        name: their common name.
        suffix: end of the name of the buffer.
    """

    def __init__(self, folder: Path, name: str, suffix: str) -> None:
        self._folder, self._name = folder, name
        self._file: IO[bytes] = (folder / f"{name}{suffix}").open("wb")
        self._sizes: list[NDArray[Any]] = [np.zeros(1, dtype=np.int64)]

    def add(self, texts: Sequence[bytes]) -> None:
        """Add texts."""
        self._file.write(b"".join(texts))
        self._sizes.append(np.fromiter(map(len, texts), np.int64, len(texts)))

    def __enter__(self) -> Self:
        """Begin to write."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the offsets and close the files."""
        self._file.close()
        np.save(self._folder / f"{self._name}{OFFSETS}", np.cumsum(np.concatenate(self._sizes)))


class PackedWriter(StringsWriter):
    """Writes the files of an array of compressed texts, see `PackedStrings`.

    Args:
        folder: folder of the files.
        name: their common name.
    """

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, name, BUFFER)
        self._checks: list[NDArray[Any]] = [np.zeros(0, dtype=np.uint32)]

    def pack(self, texts: Sequence[bytes], packed: Sequence[bytes]) -> None:
        """Add texts.

        Args:
            texts: the texts.
            packed: the same texts, compressed.
        """
        self.add(packed)
        self._checks.append(np.fromiter(map(zlib.crc32, texts), np.uint32, len(texts)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write offsets and checksums and close the files."""
        super().__exit__(kind, error, trace)
        np.save(self._folder / f"{self._name}{CHECKS}", np.concatenate(self._checks))


def packed_as(text: bytes, alike: bytes) -> bytes:
    """Compress a text with another that is much like it as the dictionary; nothing is left of the same text."""
    if text == alike:
        return b""
    window = min(max(9, (len(alike) + 512).bit_length()), zlib.MAX_WBITS)
    return _finished(
        zlib.compressobj(_LEVEL, zlib.DEFLATED, -window, _MEMORY, zlib.Z_DEFAULT_STRATEGY, alike), text
    )


def compressor(dictionary: bytes) -> Compress:
    """Return a function that compresses texts with the same dictionary."""
    first = zlib.compressobj(
        _LEVEL, zlib.DEFLATED, -WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, dictionary
    )  # copied for each text, since reading the dictionary takes longer
    return lambda text: _finished(first.copy(), text)


def _finished(compressing: Any, text: bytes) -> bytes:  # noqa: ANN401 - zlib names no type
    return bytes(compressing.compress(text) + compressing.flush())
