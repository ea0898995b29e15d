"""Untrusted compressed files: gzip and zip, with limits on size and compression ratio.

Nothing is unpacked to disk, so a name in an archive never becomes a path.
"""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO, cast

from hexapla.errors import InputError
from hexapla_corpora.zip_limits import DAMAGE, MAXIMUM_ENTRIES, unpacked_limit

MAXIMUM_SIZE = 50_000_000_000
"""Bytes that may be unpacked from one file."""
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_ARCHIVES = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")


@contextmanager
def open_packed(path: Path, suffix: str) -> Iterator[BinaryIO]:
    """Open a file that is plain, compressed with gzip, or the only one of its kind in a zip archive.

    Args:
        path: the file; how it is compressed is detected from its content.
        suffix: suffix of the file to open in an archive, such as ".tmx".

    Yields:
        BinaryIO: the content, which can be read again from the beginning.

    Raises:
        InputError: the file cannot be read, is damaged or encrypted, contains no such file or several, or would
            unpack to a suspicious size.
    """
    try:
        with path.open("rb") as file:
            start = file.read(2)
            file.seek(0)
            if start == _GZIP:
                size = os.fstat(file.fileno()).st_size
                with gzip.GzipFile(fileobj=file) as stream:
                    yield _bounded(cast(BinaryIO, stream), size, path)
            elif start == _ZIP:
                with _undamaged(path):
                    archive = checked_zip(file, path)
                    entry = _only_entry(archive, path, suffix)
                    content = archive.open(entry)
                with archive, content:
                    yield _bounded(cast(BinaryIO, content), entry.compress_size, path)
            else:
                yield file
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check its name and permissions."
        ) from error


@contextmanager
def _undamaged(path: Path) -> Iterator[None]:
    """Report errors of decompression as damaged input."""
    try:
        yield
    except (*DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InputError(
            f"{path}: the compressed data is damaged or cut off ({error}); get a new copy."
        ) from error


def checked_zip(file: BinaryIO, path: Path) -> zipfile.ZipFile:
    """Open a zip archive, and refuse it if an entry is encrypted, a bomb, or has a path outside the archive.

    Args:
        file: the archive.
        path: its path, for messages.

    Returns:
        The archive; no entry is longer than its declared size.

    Raises:
        InputError: an entry is refused, or there are too many entries.
    """
    archive = zipfile.ZipFile(file)
    entries = archive.infolist()
    if len(entries) > MAXIMUM_ENTRIES:
        raise InputError(
            f"{path}: the archive has {len(entries):,} entries, more than the {MAXIMUM_ENTRIES:,} allowed."
        )
    for entry in entries:
        _check(entry, path)
    return archive


def _check(entry: zipfile.ZipInfo, path: Path) -> None:
    name = entry.orig_filename  # zipfile cuts the other one at a NUL
    if (
        "\0" in name
        or ".." in PureWindowsPath(name).parts
        or PureWindowsPath(name).anchor
        or PurePosixPath(name).anchor
    ):
        raise InputError(
            f"{path}: the entry {name!r} points outside the archive; pack the files again, without folders."
        )
    if entry.flag_bits & 1:
        raise InputError(
            f"{path}: the entry {name} is encrypted; unpack it with the password, and use the unpacked file."
        )
    if entry.file_size > _size_limit(entry.compress_size):
        raise InputError(_bomb(path, f"the entry {name} has {entry.file_size:,}", entry.compress_size))


def _only_entry(archive: zipfile.ZipFile, path: Path, suffix: str) -> zipfile.ZipInfo:
    """Return the only entry with a suffix."""
    entries = [
        entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX/" not in entry.filename
    ]
    found = [entry for entry in entries if entry.filename.lower().endswith(suffix)]
    if len(found) == 1:
        return found[0]
    names = [entry.filename for entry in found or entries]
    if not found and any(name.lower().endswith(_ARCHIVES) for name in names):
        raise InputError(
            f"{path}: it contains another archive ({', '.join(names[:5])}); unpack it, and use the files inside."
        )
    count = f"{len(found)} {suffix} files" if found else f"no {suffix} file"
    raise InputError(
        f"{path}: it contains {count} ({', '.join(names[:5]) or 'it is empty'}), but exactly one is needed; unpack "
        "it, and use the files one by one."
    )


def _size_limit(packed: int) -> int:
    """Return how many bytes a number of compressed bytes may unpack to."""
    return min(MAXIMUM_SIZE, unpacked_limit(packed))


def _bomb(path: Path, what: str, packed: int) -> str:
    return (
        f"{path}: {what} bytes or more, unpacked from {packed:,}: over the limit of {_size_limit(packed):,}, which no "
        "ordinary text exceeds; this looks like a zip bomb. If you trust it, unpack it, and use the unpacked file."
    )


def _bounded(stream: BinaryIO, packed: int, path: Path) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Unpacked(stream, packed, path), 1 << 16))


class _Unpacked(io.RawIOBase):
    """A stream of unpacked bytes that fails when there are too many of them.

    Args:
        stream: the unpacked bytes.
        packed: number of compressed bytes.
        path: the file, for messages.
    """

    def __init__(self, stream: BinaryIO, packed: int, path: Path) -> None:
        self._stream, self._packed, self._path = stream, packed, path

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True: the data is unpacked again if necessary."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to another position."""
        with _undamaged(self._path):
            return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the current position."""
        return self._stream.tell()

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Read the next bytes into a buffer.

        Args:
            buffer: receives the bytes.

        Returns:
            Number of bytes read.

        Raises:
            InputError: there are too many bytes, or they are damaged.
        """
        with _undamaged(self._path):
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        if self._stream.tell() > _size_limit(self._packed):
            raise InputError(_bomb(self._path, f"it has {self._stream.tell():,}", self._packed))
        return len(data)
