"""Local Delta tables: immutable Parquet files, and a log that says which of them make up each version.

A file is written and flushed to disk before the commit that names it, so a commit is complete or not there at all
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
from threading import RLock
from typing import TYPE_CHECKING, Any

from deltalake import CommitProperties, DeltaTable, Schema, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from hexapla.errors import DamagedMemory, UnknownVersion, UnwritableMemory
from hexapla.lazy_module import LazyModule
from hexapla.memory.storage.checksums import checksum, name_with_checksum, written_checksum
from hexapla.memory.storage.files import os_errors_as
from hexapla.memory.storage.locks import WAIT
from hexapla.memory.storage.log_checks import LOG, LogChecks

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

_FOREVER = {"delta.enableExpiredLogCleanup": "false", "delta.logRetentionDuration": "interval 36500 days"}


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One version of a table.

    Attributes:
        version: its number.
        files: its Parquet files, in order of their names.
    """

    version: int
    files: tuple[Path, ...]


class VersionedTable:
    """A Delta table of which every version can be read.

    Args:
        path: folder of the table.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._checks = path, LogChecks(path)
        self._table: DeltaTable | None = None  # the newest version, to which later commits are added
        self._lock = RLock()

    @classmethod
    def create(cls, path: Path, schema: Mapping[str, Any], info: Mapping[str, Any]) -> VersionedTable:
        """Make an empty table.

        Args:
            path: folder of the table, missing or empty.
            schema: polars type of each column.
            info: description of the commit for the history.

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
        table = cls(path)
        table._checks.record()
        return table

    def state(self, version: int | None = None) -> TableVersion:
        """Return a version of the table.

        Args:
            version: number of the version; the newest if None.

        Returns:
            Its number and files.

        Raises:
            UnknownVersion: there is no such version, or its files were removed.
            DamagedMemory: the log cannot be read.
        """
        with self._lock:
            table = self._open(version)
            number, uris = table.version(), table.file_uris()
        # names without the folder, whose name is percent-encoded
        files = tuple(sorted(self.path / Path(uri).name for uri in uris))
        if version is not None and not all(map(Path.exists, files)) and version < self._open().version():
            raise UnknownVersion(
                f"{self.path.parent}: version {version} can no longer be read, since the memory has been compacted: "
                "see `hexapla history` for newer versions."
            )
        return TableVersion(number, files)

    def readable(self, version: int) -> bool:
        """Return whether this version exists and its files have not been removed."""
        try:
            self.state(version)
        except UnknownVersion:
            return False
        return True

    def append(
        self,
        frames: Iterable[pl.DataFrame],
        info: Mapping[str, Any],
        *,
        merged: Sequence[Path] = (),
    ) -> int:
        """Commit rows; other processes may commit at the same time, even where the file system has no locks.

        Args:
            frames: the rows; each frame becomes a Parquet file.
            info: description of the commit for the history.
            merged: files of the newest version whose rows are among these, and which the new version does without.

        Returns:
            The new version of the table.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
        """
        return self._commit(frames, info, "append", merged=merged)

    def replace(
        self,
        frames: Iterable[pl.DataFrame],
        info: Mapping[str, Any],
        *,
        schema: Mapping[str, Any] | None = None,
    ) -> int:
        """Commit rows that replace all others, which remain in older versions; see `append`.

        Args:
            frames: the rows; each frame becomes a Parquet file.
            info: description of the commit for the history.
            schema: polars type of each column, if there are other columns now.

        Returns:
            The new version of the table.
        """
        return self._commit(frames, info, "overwrite", schema)

    def has_columns(self, schema: Mapping[str, Any]) -> bool:
        """Return whether the newest version has all these columns."""
        return schema.keys() <= {column.name for column in self._open().schema().fields}

    def restore(self, version: int, info: Mapping[str, Any]) -> int:
        """Commit an old version as the newest.

        Args:
            version: number of the old version.
            info: description of the commit for the history.

        Returns:
            The new version, which has the same rows as the old one; the old one itself if there was nothing to do.

        Raises:
            UnknownVersion: there is no such version, or its files were removed.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
        """
        if self.state(version) == self.state():
            return version
        with os_errors_as(self.path):
            table = self._open()
            table.restore(version, commit_properties=_properties(info))
        return self._flushed()

    def history(self) -> list[dict[str, Any]]:
        """Return version, timestamp in ms and info of each commit, the newest first."""
        try:
            commits = self._open().history()
        except (DeltaError, OSError) as error:
            raise DamagedMemory(
                f"{self.path}: the log of this table cannot be read ({error}): copy the folder back from a backup."
            ) from error
        # commits made after the log was opened are read too, but numbered down from the version that was opened
        later = -min([0, *(each["version"] for each in commits)])
        return [
            {"version": each["version"] + later, "timestamp": each["timestamp"], **_info(each)}
            for each in commits
        ]

    def damaged(self) -> Iterator[tuple[Path, str]]:
        """Read every byte of all versions; yield the files that are not as written, and what is wrong."""
        yield from self._checks.damaged()
        for file in sorted({*self._readable_files(), *self.path.glob("*.parquet")}):
            try:
                expected = written_checksum(file)
                if expected is not None and checksum(file) != expected:
                    yield file, "differs from what was written"
            except FileNotFoundError:
                yield file, "is missing"
            except OSError as error:
                yield file, f"cannot be read ({error.strerror})"

    def _readable_files(self) -> tuple[Path, ...]:
        """Return the files of the newest version; none if the log is damaged, which `damaged` says."""
        try:
            return self.state().files
        except DamagedMemory:
            return ()

    def vacuum(self, hours: int) -> list[str]:
        """Remove files that only older versions need, and what killed processes left.

        Args:
            hours: age up to which versions stay readable.

        Returns:
            Names of the removed files.
        """
        with os_errors_as(self.path):
            names = self._open().vacuum(
                retention_hours=hours, dry_run=True, enforce_retention_duration=False, full=True
            )  # a real run would commit two further versions
            for name in names:
                (self.path / name).unlink(missing_ok=True)
        return names

    def _open(self, version: int | None = None) -> DeltaTable:
        try:
            if (self.path / LOG).is_dir():
                self._checks.check(version)
            return self._newest() if version is None else DeltaTable(str(self.path), version=version)
        except TableNotFoundError as error:
            raise DamagedMemory(
                f"{self.path}: the log of this table is missing: copy the folder back from a backup."
            ) from error
        except (DeltaError, OSError, ValueError) as error:
            newest = None if version is None else self._open().version()
            if newest is not None:
                raise UnknownVersion(
                    f"{self.path.parent}: there is no version {version} (or it was vacuumed); the newest is {newest}: "
                    "see `hexapla history`."
                ) from error
            raise DamagedMemory(
                f"{self.path}: the log of this table cannot be read ({error}): copy the folder back from a backup."
            ) from error

    def _newest(self) -> DeltaTable:
        """Return the newest version, of whose log only what is new is read."""
        with self._lock:
            table, self._table = self._table, None
            if table is not None and (self.path / LOG / f"{table.version():020d}.json").exists():
                with suppress(DeltaError):
                    table.update_incremental()
                    self._table = table
            self._table = self._table or DeltaTable(str(self.path))
            return self._table

    def _commit(
        self,
        frames: Iterable[pl.DataFrame],
        info: Mapping[str, Any],
        mode: str,
        schema: Mapping[str, Any] | None = None,
        merged: Sequence[Path] = (),
    ) -> int:
        written: list[Path] = []
        try:
            with os_errors_as(self.path):
                added = [self._write(frame, written) for frame in frames]
                _flush([self.path])
                self._transact(added, merged, mode, schema, _properties(info))
        except UnwritableMemory:
            if not self._holds(written):  # otherwise only the checkpoint after the commit is missing
                for path in written:
                    path.unlink(missing_ok=True)
                raise
        return self._flushed()

    def _transact(
        self,
        added: Sequence[AddAction],
        merged: Sequence[Path],
        mode: str,
        schema: Mapping[str, Any] | None,
        properties: CommitProperties,
    ) -> None:
        """Write a commit; if another process was faster, rows are added to its version."""
        deadline = time.monotonic() + WAIT
        while True:
            table = self._open()
            present = {Path(uri).name for uri in table.file_uris()}
            now = int(time.time() * 1000)
            removed = [RemoveAction(file.name, True, now) for file in merged if file.name in present]
            columns = table.schema() if schema is None else Schema.from_arrow(pl.Schema(schema))
            try:
                table.create_write_transaction(
                    [*added, *removed], mode, columns, commit_properties=properties
                )
            except CommitFailedError:
                if mode != "append" or time.monotonic() >= deadline:
                    raise  # what the other process added would be replaced
            else:
                return

    def _holds(self, files: Sequence[Path]) -> bool:
        """Return whether the newest version has all these files, and there are any."""
        return bool(files) and set(files) <= set(self.state().files)

    def _flushed(self) -> int:
        """Flush the log to disk as far as the system allows; return the number of the newest version."""
        version, log = self._open().version(), self.path / LOG
        with suppress(OSError):
            _flush([log / f"{version:020d}.json", log])
        self._checks.record()
        return version

    def _write(self, frame: pl.DataFrame, written: list[Path]) -> AddAction:
        stem = uuid.uuid4().hex
        path = self.path / f"{stem}.parquet"
        written.append(path)
        frame.write_parquet(path)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        path = written[-1] = path.rename(path.with_name(name_with_checksum(path, stem)))
        stats = json.dumps({"numRecords": len(frame)})
        return AddAction(path.name, path.stat().st_size, {}, int(time.time() * 1000), True, stats)


def _properties(info: Mapping[str, Any]) -> CommitProperties:
    return CommitProperties(custom_metadata={"hexapla": json.dumps(dict(info), ensure_ascii=False)})


def _info(commit: Mapping[str, Any]) -> dict[str, Any]:
    text = commit.get("hexapla")
    return dict(json.loads(text)) if text else {"operation": commit.get("operation", "unknown").lower()}


def _flush(paths: Sequence[Path]) -> None:
    """Flush files, and the entries of folders, to disk."""
    for path in paths if sys.platform != "win32" else ():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
