"""Checksums of the log of a table, in a file next to it: a changed byte in the log is seen before a version is read.

The log of a Delta table consists of a JSON file for each commit, and of checkpoints that sum up all commits before. A
process that is killed after a commit leaves its file without a checksum, which the next writer adds.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from hexapla.errors import DamagedMemory
from hexapla.memory.storage.checksums import checksum, is_as_written

LOG = "_delta_log"
NAME = "_log_checks"  # Delta Lake ignores files whose names begin like this
LAST_CHECKPOINT = "_last_checkpoint"
_Parsed = tuple[Mapping[str, int], bool]
_FILE = re.compile(r"(\d{20})(\.json|\.checkpoint\.parquet)")


class LogChecks:
    """The checksums of a table's log.

    Args:
        table: folder of the table.
    """

    def __init__(self, table: Path) -> None:
        self._log, self._path = table / LOG, table / NAME
        self._parsed: tuple[tuple[int, int], _Parsed] | None = None  # with the state of the file

    def check(self, version: int | None = None) -> None:
        """Compare the files that a version is read from with what was written.

        Args:
            version: number of the version; the newest if None.

        Raises:
            DamagedMemory: one differs; the message names it.
        """
        known, _ = self._read()
        for file in self._files_of(version):
            if not is_as_written(file, known.get(self._key(file))):
                raise DamagedMemory(f"{file}: this file of the memory {_remedy(file)}.")

    def record(self) -> None:
        """Add the checksums of the files that have none; without the right to write, nothing is added."""
        with suppress(OSError):
            known, damaged = self._read()
            lacking = {
                self._key(file): checksum(file) for file in self._files() if self._key(file) not in known
            }
            if damaged:
                self._path.write_text(_lines({**known, **lacking}), encoding="utf-8")
            elif lacking:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(_lines(lacking))

    def damaged(self) -> Iterator[tuple[Path, str]]:
        """Read every byte of the log; yield the files that are not as written, and what is wrong."""
        self._parsed = None
        known, torn = self._read()
        for file in self._files():
            expected = known.get(self._key(file))
            if (expected is not None and checksum(file) != expected) or not self._is_newest(file):
                yield file, _remedy(file)
        present = {file.name for file in self._files()}
        for name in sorted(name for name in known if name.endswith(".json") and name not in present):
            yield self._log / name, "is missing: copy it back from a backup"
        if torn:
            yield self._path, "differs from what was written: the next change of the memory writes it again"

    def _files(self) -> list[Path]:
        return [self._log / name for name in self._names()]

    def _names(self) -> list[str]:
        """Return the names of the files of the log; there may be thousands, which are slow to sort as paths."""
        with os.scandir(self._log) as entries:
            names = [entry.name for entry in entries]
        return sorted(name for name in names if _FILE.fullmatch(name) or name == LAST_CHECKPOINT)

    def _files_of(self, version: int | None) -> list[Path]:
        """Return the newest checkpoint up to a version, the commits after it, and the pointer to a checkpoint."""
        found = [(int(each[1]), each[2], each[0]) for each in map(_FILE.fullmatch, self._names()) if each]
        found = [each for each in found if version is None or each[0] <= version]
        start = max((number for number, kind, _ in found if kind != ".json"), default=-1)
        return [
            self._log / name
            for number, kind, name in found
            if number > start or (number == start and kind != ".json")
        ]

    def _key(self, file: Path) -> str:
        """Return the name of a file; as the pointer to the last checkpoint is replaced, its key has the version."""
        return f"{file.name}:{_pointed_to(file)}" if file.name == LAST_CHECKPOINT else file.name

    def _is_newest(self, file: Path) -> bool:
        """Return whether a file, if it points to the last checkpoint, does so."""
        if file.name != LAST_CHECKPOINT:
            return True
        numbers = [int(each.name[:20]) for each in self._log.glob("*.checkpoint.parquet")]
        return _pointed_to(file) == max(numbers, default=None)

    def _read(self) -> _Parsed:
        """Return the checksums by name, and whether lines are damaged; the file is parsed again if it changed."""
        try:
            status = self._path.stat()
            state = status.st_mtime_ns, status.st_size
            if self._parsed is None or self._parsed[0] != state:
                text = self._path.read_text(encoding="utf-8", errors="replace")
                self._parsed = state, _parsed(text)
            return self._parsed[1]
        except OSError:
            return {}, False


def _parsed(text: str) -> _Parsed:
    parts = [line.split(" ") for line in text.splitlines()]
    whole = [each for each in parts if len(each) == 3 and each[2] == _check(" ".join(each[:2]))]
    return {name: int(check, 16) for name, check, _ in whole}, len(whole) < len(parts)


def _lines(checks: dict[str, int]) -> str:
    texts = [f"{name} {check:08x}" for name, check in checks.items()]
    return "".join(f"{text} {_check(text)}\n" for text in texts)


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def _pointed_to(file: Path) -> int | None:
    try:
        return int(json.loads(file.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _remedy(file: Path) -> str:
    differs = "differs from what was written: copy it back from a backup"
    if file.suffix == ".json":
        return differs
    return f"{differs}, or remove it and {LAST_CHECKPOINT}, since the other files of the log have the same content"
