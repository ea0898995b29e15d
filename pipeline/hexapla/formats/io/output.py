"""Output files: checked before the work starts, written whole or not at all."""

from __future__ import annotations

import errno
import gzip
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from hexapla.errors import OutputError

_REMEDIES = {
    errno.ENOSPC: "the disk is full: free some space or choose a folder on another disk",
    errno.EDQUOT: "your disk quota is used up: free some space or choose a folder on another disk",
    errno.EFBIG: "the file is larger than the disk or your limits allow: choose a folder on another disk",
    errno.EROFS: "the disk is read-only: choose a folder on another disk",
    errno.EACCES: "you may not write there: choose another folder or ask for permission",
    errno.EPERM: "you may not write there: choose another folder or ask for permission",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter one",
}


def output_suffix(path: Path, suffixes: Iterable[str]) -> str:
    """Return the suffix of an output, which determines its format.

    Args:
        path: the output.
        suffixes: the suffixes that have a writer, in lower case with their dot, such as ".tmx.gz".

    Returns:
        The longest suffix that the file name ends with; case is ignored.

    Raises:
        OutputError: the name ends with none of the suffixes, or is nothing but a suffix.
    """
    known = sorted(suffixes, key=len, reverse=True)
    name = path.name.lower()
    for suffix in known:
        if name.endswith(suffix) and name != suffix:
            return suffix
    unknown = f"unknown output format {path.suffix!r}" if path.suffix else "the name has no suffix"
    raise OutputError(f"{path}: {unknown}; use one of {', '.join(sorted(known))}")


def check_output(path: Path, suffixes: Iterable[str]) -> None:
    """Refuse an output that cannot be written, before any work is done for it.

    Args:
        path: the output.
        suffixes: the suffixes that have a writer, in lower case with their dot.

    Raises:
        OutputError: its suffix is unknown, its folder is missing or not writable, or it is not a regular file.
    """
    output_suffix(path, suffixes)
    try:
        _check_place(path)
    except OSError as error:
        raise OutputError(_unwritable(path, error, "nothing was done")) from error


def make_folder(folder: Path) -> None:
    """Create a folder for outputs if it is missing.

    Args:
        folder: the folder; its parents are created too.

    Raises:
        OutputError: the folder cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: this folder cannot be created ({error.strerror}); choose another one"
        ) from error


@contextmanager
def open_output(path: Path) -> Iterator[BinaryIO]:
    """Open an output for writing, so that it is written whole or not at all.

    The bytes go to a hidden file in the same folder. When the block ends normally, this file replaces `path`;
    otherwise it is removed, and an older output stays. If the name ends in .gz, the output is compressed, without
    the time in its header, so that the same rows give the same bytes.

    Args:
        path: the output.

    Yields:
        BinaryIO: a stream of bytes.

    Raises:
        OutputError: the folder is missing, `path` is a folder, or writing fails, for example on a full disk.
    """
    partial: Path | None = None
    state = "nothing was written"
    try:
        _check_place(path)
        target = path.resolve()
        state = "the older file is unchanged" if target.exists() else state
        partial = target.with_name(f".hexapla-{secrets.token_hex(8)}.part")
        with partial.open("xb") as file:
            if path.name.lower().endswith(".gz"):
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed:
                    yield cast(BinaryIO, compressed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            partial.chmod(target.stat().st_mode & 0o777)
        partial.replace(target)
    except OSError as error:
        raise OutputError(_unwritable(path, error, state)) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)


def _check_place(path: Path) -> None:
    """Refuse a path where no file can be written."""
    folder = path.absolute().parent
    if path.is_dir():
        raise OutputError(f"{path}: this is a folder; give the name of a file in it")
    if not folder.is_dir():
        problem = f"{folder} is not a folder" if folder.exists() else f"the folder {folder} does not exist"
        raise OutputError(f"{path}: {problem}; create it or choose another one")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: this is a device or pipe, not a file; give the name of a file")
    if not os.access(path if path.exists() else folder, os.W_OK) or not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{path}: {_REMEDIES[errno.EACCES]}")


def _unwritable(path: Path, error: OSError, state: str) -> str:
    """Say why an output could not be written, what is there now, and what to do."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    remedy = _REMEDIES.get(error.errno or 0, "choose another folder")
    return f"{path}: cannot be written ({reason}); {state}; {remedy}, then run the command again"
