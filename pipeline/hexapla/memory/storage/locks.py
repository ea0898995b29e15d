"""Locks on files, which the system takes from a process that is killed."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hexapla.memory.storage.files import os_errors_as

_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # some network file systems


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the right to write: one process at a time, the others wait.

    Where a file system has no locks, writers go on without: their commits cannot get lost, but of two changes to one
    unit at the same moment either may win.

    Args:
        path: the file that is locked; made if it is missing.

    Yields:
        None: while the right is held.

    Raises:
        UnwritableMemory: the file cannot be made.
    """
    with os_errors_as(path):
        file = path.open("ab")
    with file:
        flock(file, exclusive=True, wait=True)
        yield


def flock(file: IO[bytes], *, exclusive: bool, wait: bool = False) -> None:
    """Lock a file until it is closed.

    Args:
        file: an open file.
        exclusive: whether nobody else may hold a lock on it.
        wait: for those who do.

    Raises:
        BlockingIOError: another one does not allow it, and nobody waits.
    """
    if sys.platform == "win32":
        return
    import fcntl

    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    try:
        fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
