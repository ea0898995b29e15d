"""The door for compressed files that others made: gzip and zip, of bounded size and ratio.

Nothing is unpacked onto the disk, so that a name in an archive never becomes a path.
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
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_ARCHIVES = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")


@contextmanager
def open_packed(path: Path, suffix: str) -> Iterator[BinaryIO]:
    """Open a file that may be compressed: plain, by gzip, or in a zip archive that has one such file.

    Args:
        path: the file; its content tells how it is compressed.
        suffix: that names of the files wanted in an archive have, such as ".tmx".

    Yields:
        BinaryIO: the content, which can be read again from its beginning.

    Raises:
        InputError: the file cannot be read, is damaged or encrypted, has no or several such files, or would be far
            larger than any that is meant well.
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
                    entry = _only(archive, path, suffix)
                    content = archive.open(entry)
                with archive, content:
                    yield _bounded(cast(BinaryIO, content), entry.compress_size, path)
            else:
                yield file
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and the permission."
        ) from error


@contextmanager
def _undamaged(path: Path) -> Iterator[None]:
    """Say of packed data that it is damaged."""
    try:
        yield
    except (*DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InputError(
            f"{path}: the compressed data is damaged or cut off ({error}); get a new copy."
        ) from error


def checked_zip(file: BinaryIO, path: Path) -> zipfile.ZipFile:
    """A zip archive, whose entries are neither encrypted nor bombs, nor lead out of it.

    Args:
        file: its bytes.
        path: the file, for messages.

    Returns:
        The archive; what is read of it is no longer than it says.

    Raises:
        InputError: an entry is one of these.
    """
    archive = zipfile.ZipFile(file)
    entries = archive.infolist()
    if len(entries) > MAXIMUM_ENTRIES:
        raise InputError(
            f"{path}: it has {len(entries):,} entries, more than the {MAXIMUM_ENTRIES:,} allowed."
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
            f"{path}: its entry {name!r} leads out of the archive; pack the files again, without folders."
        )
    if entry.flag_bits & 1:
        raise InputError(
            f"{path}: its entry {name} is encrypted; unpack it with the password, and give that file."
        )
    if entry.file_size > _most(entry.compress_size):
        raise InputError(_bomb(path, f"its entry {name} is {entry.file_size:,}", entry.compress_size))


def _only(archive: zipfile.ZipFile, path: Path, suffix: str) -> zipfile.ZipInfo:
    """The one entry with a suffix."""
    entries = [
        entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX/" not in entry.filename
    ]
    found = [entry for entry in entries if entry.filename.lower().endswith(suffix)]
    if len(found) == 1:
        return found[0]
    names = [entry.filename for entry in found or entries]
    if not found and any(name.lower().endswith(_ARCHIVES) for name in names):
        raise InputError(
            f"{path}: there is an archive in it ({', '.join(names[:5])}); unpack it, and give what is inside."
        )
    count = f"{len(found)} {suffix} files" if found else f"no {suffix} file"
    raise InputError(
        f"{path}: there is {count} in it ({', '.join(names[:5]) or 'it is empty'}), and one is needed; unpack it, and "
        "give the files one by one."
    )


def _most(packed: int) -> int:
    """Bytes that so many may be at most when they are unpacked."""
    return min(MAXIMUM_SIZE, unpacked_limit(packed))


def _bomb(path: Path, what: str, packed: int) -> str:
    return (
        f"{path}: {what} bytes or more, of {packed:,} compressed ones: over {_most(packed):,}, which is more than a "
        "text comes to; this looks like a bomb. If you trust it, unpack it, and give the file that comes out."
    )


def _bounded(stream: BinaryIO, packed: int, path: Path) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Unpacked(stream, packed, path), 1 << 16))


class _Unpacked(io.RawIOBase):
    """Bytes that are unpacked as they are asked for, up to a bound.

    Args:
        stream: of the bytes.
        packed: how many there are compressed.
        path: the file, for messages.
    """

    def __init__(self, stream: BinaryIO, packed: int, path: Path) -> None:
        self._stream, self._packed, self._path = stream, packed, path

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True: it is unpacked again."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place."""
        with _undamaged(self._path):
            return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._stream.tell()

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Read on.

        Args:
            buffer: gets the bytes.

        Returns:
            How many there were.

        Raises:
            InputError: there are too many, or they are damaged.
        """
        with _undamaged(self._path):
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        if self._stream.tell() > _most(self._packed):
            raise InputError(_bomb(self._path, f"it is {self._stream.tell():,}", self._packed))
        return len(data)
