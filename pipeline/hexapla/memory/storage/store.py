"""Delta tables on this machine: immutable Parquet files, and a log that says which of them make a version.

A file is written and flushed to the disk before the commit that names it, so a commit is whole or not there at all
(Armbrust et al., "Delta Lake", 2020). Files that no commit names are harmless; `vacuum` removes them.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from hexapla.errors import DamagedMemory, UnknownVersion, UnwritableMemory
from hexapla.memory.storage.files import checksum, os_errors_as

CHECKS = "checks"
"""What the log says of the files of a commit: name and CRC-32."""

_FOREVER = {"delta.enableExpiredLogCleanup": "false", "delta.logRetentionDuration": "interval 36500 days"}
GROUP_ROWS = 4096  # of what is not compressed; larger groups are slower to write and to read


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One version of a table.

    Attributes:
        version: its number.
        files: the Parquet files that make it, in order of their names.
    """

    version: int
    files: tuple[Path, ...]


class VersionedTable:
    """A Delta table.

    Args:
        path: its folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path, schema: Mapping[str, Any], info: Mapping[str, Any]) -> VersionedTable:
        """Make an empty table.

        Args:
            path: its folder, which is missing or empty.
            schema: polars type by column.
            info: what its history says of the commit.

        Returns:
            The table.

        Raises:
            UnwritableMemory: the folder cannot be written.
        """
        with os_errors_as(path):
            write_deltalake(
                str(path),
                pl.DataFrame(schema=schema),
                configuration=_FOREVER,
                commit_properties=_properties(info),
            )
        return cls(path)

    def state(self, version: int | None = None) -> TableVersion:
        """A version of the table.

        Args:
            version: its number; the newest if None.

        Returns:
            Its number and files.

        Raises:
            UnknownVersion: there is none of that number.
            DamagedMemory: the log cannot be read.
        """
        table = self._open(version)
        names = (Path(uri).name for uri in table.file_uris())  # of the folder they have an encoded name
        files = tuple(sorted(self.path / name for name in names))
        if version is not None and not all(map(Path.exists, files)) and version < self._open().version():
            raise UnknownVersion(
                f"{self.path.parent}: version {version} can no longer be read, since the memory was compacted later: "
                "see `hexapla history` for newer ones."
            )
        return TableVersion(table.version(), files)

    def readable(self, version: int) -> bool:
        """Whether there is a version of this number, and its files were not removed."""
        try:
            self.state(version)
        except UnknownVersion:
            return False
        return True

    def append(
        self, frames: Iterable[pl.DataFrame], info: Mapping[str, Any], *, compressed: bool = True
    ) -> int:
        """Commit rows; another process that commits at the same time does no harm.

        Args:
            frames: the rows, one Parquet file each.
            info: what its history says of the commit.
            compressed: whether the files are; vectors would get no smaller.

        Returns:
            Version of the table with the rows.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
        """
        return self._commit(frames, info, "append", compressed)

    def replace(
        self, frames: Iterable[pl.DataFrame], info: Mapping[str, Any], *, compressed: bool = True
    ) -> int:
        """Commit rows in the place of all others, which stay in older versions; see `append`."""
        return self._commit(frames, info, "overwrite", compressed)

    def restore(self, version: int, info: Mapping[str, Any]) -> int:
        """Commit an old version as the newest.

        Args:
            version: its number.
            info: what its history says of the commit.

        Returns:
            Version of the table that is the same as the old one; that one itself if it is the newest.

        Raises:
            UnknownVersion: there is none of that number, or its files were removed.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
        """
        if self.state(version) == self.state():
            return version
        with os_errors_as(self.path):
            table = self._open()
            table.restore(version, commit_properties=_properties(info))
        return self._flushed()

    def history(self) -> list[dict[str, Any]]:
        """What the log says of each commit, newest first: version, timestamp in ms, and its info."""
        try:
            commits = self._open().history()
        except (DeltaError, OSError) as error:
            raise DamagedMemory(
                f"{self.path}: the log of this table cannot be read ({error}): copy the folder back from a backup."
            ) from error
        return [
            {"version": each["version"], "timestamp": each["timestamp"], **_info(each)} for each in commits
        ]

    def damaged(self) -> Iterator[tuple[Path, str]]:
        """Files of the newest version that are not as they were written, with what is wrong; each byte is read."""
        written = {name: check for commit in self.history() for name, check in commit.get(CHECKS, {}).items()}
        for file in self.state().files:
            try:
                if file.name in written and checksum(file) != written[file.name]:
                    yield file, "is not as it was written"
            except FileNotFoundError:
                yield file, "is missing"
            except OSError as error:
                yield file, f"cannot be read ({error.strerror})"

    def vacuum(self, hours: int) -> list[str]:
        """Remove the files that no version of the last hours needs, with what was left by killed processes.

        Args:
            hours: how long versions stay readable.

        Returns:
            Names of the files.
        """
        with os_errors_as(self.path):
            names = self._open().vacuum(
                retention_hours=hours, dry_run=True, enforce_retention_duration=False, full=True
            )  # a wet run would commit two versions that nobody made
            for name in names:
                (self.path / name).unlink(missing_ok=True)
        return names

    def _open(self, version: int | None = None) -> DeltaTable:
        try:
            return DeltaTable(str(self.path), version=version)
        except TableNotFoundError as error:
            raise DamagedMemory(
                f"{self.path}: the log of this table is missing: copy the folder back from a backup."
            ) from error
        except (DeltaError, OSError, ValueError) as error:
            newest = None if version is None else self._open().version()
            if newest is not None:
                raise UnknownVersion(
                    f"{self.path.parent}: there is no version {version} (or it was vacuumed): the newest is {newest}; "
                    "see `hexapla history`."
                ) from error
            raise DamagedMemory(
                f"{self.path}: the log of this table cannot be read ({error}): copy the folder back from a backup."
            ) from error

    def _commit(
        self, frames: Iterable[pl.DataFrame], info: Mapping[str, Any], mode: str, compressed: bool
    ) -> int:
        written: list[Path] = []
        try:
            with os_errors_as(self.path):
                actions: list[AddAction | RemoveAction] = [
                    self._write(frame, compressed, written) for frame in frames
                ]
                _flush([self.path])
                table = self._open()
                properties = _properties({**info, CHECKS: {path.name: checksum(path) for path in written}})
                table.create_write_transaction(actions, mode, table.schema(), commit_properties=properties)
        except UnwritableMemory:
            if not self._holds(
                written
            ):  # else only a checkpoint of the log, written after the commit, is missing
                for path in written:
                    path.unlink(missing_ok=True)
                raise
        return self._flushed()

    def _holds(self, files: Sequence[Path]) -> bool:
        """Whether the newest version has these files, some at least."""
        return bool(files) and set(files) <= set(self.state().files)

    def _flushed(self) -> int:
        """Number of the newest version, which is on the disk as far as the system allows."""
        version, log = self._open().version(), self.path / "_delta_log"
        with suppress(OSError):
            _flush([log / f"{version:020d}.json", log])
        return version

    def _write(self, frame: pl.DataFrame, compressed: bool, written: list[Path]) -> AddAction:
        path = self.path / f"{uuid.uuid4().hex}.parquet"
        written.append(path)
        if compressed:
            frame.write_parquet(path)
        else:  # small groups, of which statistics would be as large as the rows
            frame.write_parquet(path, compression="uncompressed", statistics=False, row_group_size=GROUP_ROWS)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        stats = json.dumps({"numRecords": len(frame)})
        return AddAction(path.name, path.stat().st_size, {}, int(time.time() * 1000), True, stats)


def _properties(info: Mapping[str, Any]) -> CommitProperties:
    return CommitProperties(custom_metadata={"hexapla": json.dumps(dict(info), ensure_ascii=False)})


def _info(commit: Mapping[str, Any]) -> dict[str, Any]:
    text = commit.get("hexapla")
    return dict(json.loads(text)) if text else {"operation": commit.get("operation", "unknown").lower()}


def _flush(paths: Sequence[Path]) -> None:
    """Have the system write files, and the names in folders, to the disk."""
    for path in paths if sys.platform != "win32" else ():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
