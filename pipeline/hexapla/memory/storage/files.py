"""Files of a memory: read, checked, and written with a reason if they cannot be."""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from deltalake.exceptions import CommitFailedError, DeltaError

from hexapla.errors import DamagedMemory, UnwritableMemory

_BLOCK = 1 << 24
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("No space left", "Disk quota", "File too large", "os error 28", "os error 27")


def checksum(path: Path) -> int:
    """CRC-32 of a file."""
    check = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            check = zlib.crc32(block, check)
    return check


def read_files(files: Sequence[Path], columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Rows of Parquet files.

    Args:
        files: any number.
        columns: of them; all if None.

    Returns:
        The rows, file after file.

    Raises:
        DamagedMemory: a file is missing or damaged.
    """
    frames = []
    for file in files:
        try:
            frames.append(pl.read_parquet(file, columns=list(columns) if columns else None, glob=False))
        except (OSError, pl.exceptions.PolarsError) as error:
            problem = "damaged" if file.exists() else "missing"
            raise DamagedMemory(
                f"{file}: this file of the memory is {problem} ({_first_line(error)}): copy it back from a backup; "
                "no other file is concerned."
            ) from error
    return pl.concat(frames) if frames else pl.DataFrame()


@contextmanager
def os_errors_as(
    path: Path, consequence: str = "nothing was committed and the memory is unchanged"
) -> Iterator[None]:
    """Say why a memory cannot be written.

    Args:
        path: what is written.
        consequence: of what was not written.

    Yields:
        None: while it is written.

    Raises:
        UnwritableMemory: the system refuses to write.
    """
    try:
        yield
    except CommitFailedError as error:
        raise UnwritableMemory(
            f"{path}: another process changed the memory at the same time ({_first_line(error)}); nothing was "
            "committed: run it again."
        ) from error
    except (OSError, DeltaError, pl.exceptions.PolarsError) as error:
        raise UnwritableMemory(_unwritable(path, error, consequence)) from error


def _unwritable(path: Path, error: Exception, consequence: str) -> str:
    reason = _first_line(error)
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL or any(words in str(error) for words in _FULL_WORDS):
        remedy = "the disk is full: free some space, then run it again"
    elif number == errno.EROFS or not os.access(path if path.exists() else path.parent, os.W_OK):
        remedy = "you may not write there: ask for the permission, or copy the memory to a folder of your own"
    else:
        remedy = "see whether the folder is whole with `hexapla verify`, then run it again"
    return f"{path}: cannot be written ({reason}); {consequence}; {remedy}."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
