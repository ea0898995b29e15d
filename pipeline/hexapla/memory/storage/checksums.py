"""Checksums of files that never change once written: each is compared once in a process, before it is read."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from pathlib import Path

from hexapla.errors import DamagedMemory

CHECKS = "checks"
"""Key in the log of the CRC-32 of each file of a commit."""

_BLOCK = 1 << 24
_IN_NAME = re.compile(r"[0-9a-f]{32}-([0-9a-f]{8})\.parquet")
_Identity = tuple[Path, int, int, int]

_compared: set[_Identity] = set()
_logged: dict[Path, dict[str, int]] = {}


def checksum(path: Path) -> int:
    """Return the CRC-32 of a file."""
    check = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            check = zlib.crc32(block, check)
    return check


def name_with_checksum(path: Path, stem: str) -> str:
    """Return the name of a Parquet file that says its CRC-32.

    Args:
        path: the file.
        stem: 32 hexadecimal digits, different from those of any other file.

    Returns:
        The name.
    """
    return f"{stem}-{checksum(path):08x}.parquet"


def written_checksum(path: Path) -> int | None:
    """Return the CRC-32 that a file of a table was written with, from its name or the log; None if neither says it."""
    if found := _IN_NAME.fullmatch(path.name):
        return int(found[1], 16)
    known = _logged.get(path.parent)
    if known is None or path.name not in known:  # written by an earlier release
        known = _logged[path.parent] = _checks_in_log(path.parent / "_delta_log")
    return known.get(path.name)


def check_files(files: Iterable[Path]) -> None:
    """Compare files of a table with the checksums that they were written with.

    Args:
        files: Parquet files.

    Raises:
        DamagedMemory: a file is missing or differs; the message names it.
    """
    for file in files:
        try:
            same = is_as_written(file, written_checksum(file))
        except OSError as error:
            problem = (
                "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            )
            raise DamagedMemory(_message(file, problem)) from error
        if not same:
            raise DamagedMemory(_message(file, "differs from what was written"))


def is_as_written(path: Path, expected: int | None) -> bool:
    """Return whether a file has this CRC-32, which is computed once in a process unless the file is replaced.

    Args:
        path: the file.
        expected: the CRC-32; None if it is unknown, which fits every file.

    Returns:
        Whether it has.

    Raises:
        OSError: the file cannot be read.
    """
    status = path.stat()
    seen = (path, status.st_mtime_ns, status.st_size, expected or 0)
    if expected is None or seen in _compared:
        return True
    if checksum(path) != expected:
        return False
    _compared.add(seen)
    return True


def _message(file: Path, problem: str) -> str:
    return (
        f"{file}: this file of the memory {problem}: copy it back from a backup, or restore an older version that does "
        "not have it with `hexapla restore`; no other file is affected."
    )


def _checks_in_log(log: Path) -> dict[str, int]:
    """Read the checksums that the commits of a table name; a commit that cannot be read names none."""
    checks: dict[str, int] = {}
    for commit in sorted(log.glob("*.json")):
        for line in commit.read_text(encoding="utf-8", errors="replace").splitlines():
            if CHECKS in line:
                checks |= _checks_of_action(line)
    return checks


def _checks_of_action(line: str) -> dict[str, int]:
    try:
        return dict(json.loads(json.loads(line)["commitInfo"]["hexapla"]).get(CHECKS, {}))
    except (ValueError, LookupError, TypeError):
        return {}
