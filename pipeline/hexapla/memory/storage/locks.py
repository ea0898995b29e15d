"""File locks that the system releases when their process is killed."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portalocker import AlreadyLocked, LockException, LockFlags

from hexapla.errors import UnwritableMemory
from hexapla.memory.storage.files import os_errors_as

if sys.platform == "win32":
    from portalocker.portalocker import Win32Locker

    _lock = (
        Win32Locker().lock
    )  # the default of Windows has no shared locks, and stops waiting after 10 seconds
else:
    from portalocker import lock as _lock

_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # some network file systems


WAIT = 60.0  # seconds for which a writer waits for another one
_PAUSE = 0.02  # seconds between two tries


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the right to write: one process at a time, the others wait up to WAIT seconds.

    On a file system without locks, writers go on without: no commit is lost, but if two processes change one unit
    at the same moment, either may win.

    Args:
        path: the file to lock; created if it is missing.

    Yields:
        None: while the right is held.

    Raises:
        UnwritableMemory: the file cannot be created, or another process held the right all the time.
    """
    with os_errors_as(path):
        file = path.open("ab")
    with file:
        _wait_for(file, path)
        yield


def _wait_for(file: IO[bytes], path: Path) -> None:
    """Lock a file as soon as others allow it."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            flock(file, exclusive=True)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise UnwritableMemory(
                    f"{path}: another process has been writing to the memory for more than {WAIT:.0f} seconds; nothing "
                    "was committed: run it again when that process has ended."
                ) from error
            time.sleep(_PAUSE)
        else:
            return


def flock(file: IO[bytes], *, exclusive: bool) -> None:
    """Lock a file until it is closed.

    Args:
        file: an open file; it may be open for reading only.
        exclusive: allow no other lock on the file; otherwise allow shared ones.

    Raises:
        BlockingIOError: another lock does not allow this one.
        OSError: the system cannot lock the file.
    """
    kind = LockFlags.EXCLUSIVE if exclusive else LockFlags.SHARED
    try:
        _lock(file, kind | LockFlags.NON_BLOCKING)
    except AlreadyLocked as error:
        raise BlockingIOError(errno.EWOULDBLOCK, "another process has locked it", file.name) from error
    except LockException as error:
        number = getattr(error.__cause__, "errno", None)
        if number not in _NO_LOCKS:
            raise OSError(number, str(error.__cause__), file.name) from error
