"""Locks on files, held by this process and by others."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import portalocker
import pytest

from hexapla.errors import UnwritableMemory
from hexapla.memory.storage import locks
from hexapla.memory.storage.locks import flock, locked

HOLD = """
import sys
from hexapla.memory.storage.locks import flock

file = open(sys.argv[1], "rb")
flock(file, exclusive=sys.argv[2] == "exclusive")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty file to lock."""
    path = tmp_path / "lock"
    path.touch()
    return path


@contextmanager
def held_elsewhere(path: Path, kind: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a lock until it ends."""
    command = [sys.executable, "-c", HOLD, str(path), kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process


@pytest.mark.parametrize(
    ("theirs", "exclusive", "allowed"),
    [
        ("shared", False, True),
        ("shared", True, False),
        ("exclusive", False, False),
        ("exclusive", True, False),
    ],
)
def test_only_shared_locks_go_together(path: Path, theirs: str, exclusive: bool, allowed: bool) -> None:
    """An exclusive lock allows no other process a lock, and a shared one allows shared ones only."""
    with held_elsewhere(path, theirs), path.open("rb") as file:
        if allowed:
            flock(file, exclusive=exclusive)
        else:
            with pytest.raises(BlockingIOError):
                flock(file, exclusive=exclusive)


def test_the_lock_of_a_killed_process_is_released(path: Path) -> None:
    """A process that is killed leaves no lock."""
    with held_elsewhere(path, "exclusive") as process:
        process.kill()
    with path.open("rb") as file:
        flock(file, exclusive=True)


def test_a_writer_waits_for_the_other_one(path: Path) -> None:
    """Two processes that write take turns: neither begins while the other has the right to."""
    code = (
        "import sys; from pathlib import Path; from hexapla.memory.storage.locks import locked\n"
        "path = Path(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "for _ in range(50):\n"
        "    with locked(path.with_name('lock')):\n"
        "        number = int(path.read_text())\n"
        "        path.write_text(str(number + 1))\n"
    )
    counter = path.with_name("counter")
    counter.write_text("0")
    command = [sys.executable, "-c", code, str(counter)]
    with locked(path):
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        assert counter.read_text() == "0"
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert counter.read_text() == "100"


def test_a_writer_does_not_wait_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another process goes on writing, the error names the file of the lock and says what to do."""
    monkeypatch.setattr(locks, "WAIT", 0.1)
    message = r"lock: another process has been writing .*run it again"
    with (
        held_elsewhere(path, "exclusive"),
        pytest.raises(UnwritableMemory, match=message),
        locked(path),
    ):
        pass


def test_one_process_does_not_lock_a_file_twice(path: Path) -> None:
    """Each open file has a separate lock, so threads of one process take turns too."""
    with path.open("rb") as one, path.open("rb") as other:
        flock(one, exclusive=True)
        with pytest.raises(BlockingIOError):
            flock(other, exclusive=True)
        one.close()
        flock(other, exclusive=True)


@pytest.mark.parametrize(
    ("number", "allowed"), [(errno.ENOLCK, True), (errno.ENOSYS, True), (errno.EBADF, False)]
)
def test_a_file_system_without_locks(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, allowed: bool
) -> None:
    """Where a file system has no locks, writers go on without; any other error is raised."""

    def refuse(file: object, flags: portalocker.LockFlags) -> None:
        raise portalocker.LockException("refused") from OSError(number, "refused")

    monkeypatch.setattr(locks, "_lock", refuse)
    with path.open("rb") as file:
        if allowed:
            flock(file, exclusive=True)
        else:
            with pytest.raises(OSError, match="refused") as caught:
                flock(file, exclusive=True)
            assert (caught.value.errno, caught.value.filename) == (number, str(path))
