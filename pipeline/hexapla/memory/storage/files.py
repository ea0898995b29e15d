"""Reading and checking the files of a memory, and saying why one cannot be read or written."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deltalake.exceptions import CommitFailedError, DeltaError

from hexapla.errors import DamagedMemory, UnwritableMemory
from hexapla.lazy_module import LazyModule

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("No space left", "Disk quota", "File too large", "os error 28", "os error 27")


def read_files(
    files: Sequence[Path], columns: Sequence[str] | None = None, schema: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """Read Parquet files.

    Args:
        files: the files, any number of them.
        columns: names of the columns to read; all if None.
        schema: columns and types of all files; what a file of an earlier release lacks is null.

    Returns:
        The rows of all files, in the order of the files.

    Raises:
        DamagedMemory: a file is missing or damaged.
    """
    frames = []
    for file in files:
        try:
            frame = pl.read_parquet(file, columns=list(columns) if columns else None, glob=False)
            if schema is not None:
                frame = frame.match_to_schema(
                    schema, missing_columns="insert", missing_struct_fields="insert"
                )
            frames.append(frame)
        except (OSError, pl.exceptions.PolarsError) as error:
            problem = "damaged" if file.exists() else "missing"
            raise DamagedMemory(
                f"{file}: this file of the memory is {problem} ({_first_line(error)}): copy it back from a backup; "
                "no other file is affected."
            ) from error
    return pl.concat(frames) if frames else pl.DataFrame()


def replace_file(path: Path, text: str) -> None:
    """Write a small file, replacing an older one in a single step.

    Args:
        path: the file.
        text: its content.

    Raises:
        OSError: it cannot be written; the older one is whole.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextmanager
def os_errors_as(
    path: Path, consequence: str = "nothing was committed and the memory is unchanged"
) -> Iterator[None]:
    """Turn errors of the system and of Delta Lake into an error that says why a memory cannot be written.

    Args:
        path: the file or folder being written.
        consequence: what the message says the failure means for the memory.

    Yields:
        None: while the block runs.

    Raises:
        UnwritableMemory: the block failed; the message says why and what to do.
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
        remedy = "you may not write there: ask for permission, or copy the memory to a folder of your own"
    else:
        remedy = "check the folder with `hexapla verify`, then run it again"
    return f"{path}: cannot be written ({reason}); {consequence}; {remedy}."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
