"""The ledger of a memory: the outcome of each document of its batches, in a Delta table next to those of the memory.

The ledger is for people. What the memory contains is read from the memory itself (see `hexapla.batch.plan`), so a
process may be killed between a commit of the memory and that of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl

from hexapla import __version__
from hexapla.errors import NotAMemory
from hexapla.inputs import Input
from hexapla.memory.storage.checksums import check_files
from hexapla.memory.storage.files import read_files
from hexapla.memory.storage.folder import LEDGER, Folder
from hexapla.memory.storage.store import VersionedTable

FOLDER = "batch"
_MOST_FILES = 100  # of the table; above, they are compacted into one
_READING = 1  # hours for which removed files stay, so that a reader can finish
_FILE = pl.Struct({"language": pl.String, "path": pl.String, "hash": pl.String})
_SCHEMA: dict[str, Any] = {
    "document": pl.String,
    "status": pl.String,
    "seconds": pl.Float64,
    "attempts": pl.Int64,
    "rows": pl.Int64,
    "filtered": pl.Int64,
    "kind": pl.String,
    "error": pl.String,
    "warnings": pl.List(pl.String),
    "files": pl.List(_FILE),
    "hexapla": pl.String,
    "time": pl.Datetime("us", "UTC"),
}


class EntryStatus(StrEnum):
    """Whether a document was added to the memory."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class InputFile:
    """The file of one language version.

    Attributes:
        language: BCP 47 tag.
        path: path as written in the manifest.
        hash: first 16 hexadecimal digits of its SHA-256, or None if the file cannot be read.
    """

    language: str
    path: str
    hash: str | None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The outcome of a document.

    Attributes:
        document: its name.
        status: whether it is in the memory, with these files.
        files: files of its language versions.
        hexapla: version of hexapla.
        time: time of the outcome, in UTC.
        seconds: time it took; None if unknown because the batch was killed after the document was committed.
        attempts: number of times that it was started.
        rows: number of its units in the memory.
        filtered: number of its units that rules kept out or took a language from.
        kind: kind of the failure (see `hexapla.batch.messages.FailureKind`), or None.
        error: reason of the failure, in one line, or None.
        warnings: warnings for the user.
    """

    document: str
    status: EntryStatus
    files: tuple[InputFile, ...]
    hexapla: str
    time: datetime
    seconds: float | None = None
    attempts: int = 0
    rows: int | None = None
    filtered: int | None = None
    kind: str | None = None
    error: str | None = None
    warnings: Sequence[str] = field(default=())

    def record(self) -> dict[str, Any]:
        """Return its values by name, ready for JSON."""
        return asdict(self) | {"status": self.status.value, "time": self.time.isoformat(timespec="seconds")}


class Ledger:
    """The ledger of a memory; only one process at a time may write to it.

    Args:
        folder: folder of the memory.
    """

    def __init__(self, folder: Path) -> None:
        self._table = VersionedTable(folder / LEDGER)
        self._appends = 0

    @classmethod
    def of(cls, folder: Folder) -> Ledger:
        """Return the ledger of a memory, which is created if there is none."""
        ledger = cls(folder.path)
        if not ledger.exists:
            VersionedTable.create(ledger._table.path, _SCHEMA, {"operation": "create"})
        return ledger

    @property
    def exists(self) -> bool:
        """Whether the memory has a ledger."""
        return (self._table.path / "_delta_log").is_dir()

    def append(self, entries: Sequence[LedgerEntry]) -> None:
        """Add entries; of several entries of one document, the one with the latest time is valid.

        Args:
            entries: any number of entries.

        Raises:
            UnwritableMemory: the disk is full or read-only; nothing was added.
        """
        if entries:
            if self._appends % _MOST_FILES == 0:
                self._compact()
            self._appends += 1
            self._table.append([_frame(entries)], {"operation": "batch"})

    def _compact(self) -> None:
        """Write the valid entries into one file if there are many files; readers can still finish with the old ones."""
        if len(self._table.state().files) > _MOST_FILES:
            self._table.replace([self.frame()], {"operation": "compact"})
            self._table.vacuum(_READING)

    def frame(self) -> pl.DataFrame:
        """Return the valid entries as a table, sorted by document."""
        files = self._table.state().files
        check_files(files)
        rows = read_files(files) if files else pl.DataFrame(schema=_SCHEMA)
        latest = rows.sort("time", maintain_order=True).unique("document", keep="last")
        return latest.sort("document")

    def entries(self, status: EntryStatus | None = None) -> Iterator[LedgerEntry]:
        """Return the valid entries, sorted by document.

        Args:
            status: status of the entries to return; None for all.

        Yields:
            LedgerEntry: the outcome of a document.
        """
        frame = self.frame()
        chosen = frame if status is None else frame.filter(pl.col("status") == status.value)
        for values in chosen.iter_rows(named=True):
            files = tuple(InputFile(**each) for each in values.pop("files"))
            yield LedgerEntry(**values | {"files": files, "status": EntryStatus(values["status"])})


def read_ledger(folder: Path) -> Ledger:
    """Open the ledger of a memory.

    Args:
        folder: folder of the memory.

    Returns:
        The ledger.

    Raises:
        NotAMemory: the folder is not a memory, or no batch was added to it.
    """
    ledger = Ledger(Folder.open(folder).path)
    if not ledger.exists:
        raise NotAMemory(
            f"{folder}: no batch has been added to this memory: run `hexapla batch MANIFEST -m {folder}`."
        )
    return ledger


def done_entry(document: str, inputs: Sequence[Input], hashes: Sequence[str | None]) -> LedgerEntry:
    """Make an entry, with the current time, for a document that is in the memory.

    Args:
        document: its name.
        inputs: its language versions.
        hashes: hashes of their files.

    Returns:
        The entry.
    """
    files = tuple(
        InputFile(str(item.language), str(item.path), found)
        for item, found in zip(inputs, hashes, strict=True)
    )
    return LedgerEntry(document, EntryStatus.DONE, files, __version__, datetime.now(UTC))


def _frame(entries: Sequence[LedgerEntry]) -> pl.DataFrame:
    names = [each.name for each in fields(LedgerEntry)]
    data = {name: [getattr(entry, name) for entry in entries] for name in names}
    data["files"] = [[asdict(file) for file in entry.files] for entry in entries]
    data["status"] = [entry.status.value for entry in entries]
    data["warnings"] = [list(entry.warnings) for entry in entries]
    return pl.DataFrame(data, schema={name: _SCHEMA[name] for name in names}).select(_SCHEMA.keys())
