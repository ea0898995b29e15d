"""File locks that the system releases when their process is killed."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portalocker import AlreadyLocked, LockException, LockFlags

from hexapla.memory.storage.files import os_errors_as

if sys.platform == "win32":
    from portalocker.portalocker import Win32Locker

    _lock = (
        Win32Locker().lock
    )  # the default of Windows has no shared locks, and stops waiting after 10 seconds
else:
    from portalocker import lock as _lock

_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # some network file systems


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the right to write: one process at a time, the others wait.

    On a file system without locks, writers go on without: no commit is lost, but if two processes change one unit
    at the same moment, either may win.

    Args:
        path: the file to lock; created if it is missing.

    Yields:
        None: while the right is held.

    Raises:
        UnwritableMemory: the file cannot be created.
    """
    with os_errors_as(path):
        file = path.open("ab")
    with file:
        flock(file, exclusive=True, wait=True)
        yield


def flock(file: IO[bytes], *, exclusive: bool, wait: bool = False) -> None:
    """Lock a file until it is closed.

    Args:
        file: an open file; it may be open for reading only.
        exclusive: allow no other lock on the file; otherwise allow shared ones.
        wait: wait until other locks allow this one.

    Raises:
        BlockingIOError: another lock does not allow this one, and `wait` is false.
        OSError: the system cannot lock the file.
    """
    kind = LockFlags.EXCLUSIVE if exclusive else LockFlags.SHARED
    try:
        _lock(file, kind if wait else kind | LockFlags.NON_BLOCKING)
    except AlreadyLocked as error:
        raise BlockingIOError(errno.EWOULDBLOCK, "another process has locked it", file.name) from error
    except LockException as error:
        number = getattr(error.__cause__, "errno", None)
        if number not in _NO_LOCKS:
            raise OSError(number, str(error.__cause__), file.name) from error
