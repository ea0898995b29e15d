"""The ledger of a memory: what became of each document of its batches, a Delta table beside those of the memory.

It tells people what was done. What is in the memory it need not tell: that is read from the memory itself (see
`hexapla.batch.plan`), so that a process may be killed between a commit of the memory and one of the ledger.
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
from hexapla.alignment.align import Input
from hexapla.errors import NotAMemory
from hexapla.memory.storage.files import read_files
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.store import Table

FOLDER = "batch"
_FILES = 100  # of the table, above which it is put into one
_READING = 1  # hours for which the files of a reader stay
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
    """What became of a document."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class InputFile:
    """An input.

    Attributes:
        language: BCP 47 tag.
        path: as the manifest has it.
        hash: first 16 hexadecimal digits of its SHA-256, or None if it cannot be read.
    """

    language: str
    path: str
    hash: str | None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What became of a document.

    Attributes:
        document: what it is known by.
        status: whether it is in the memory, with these files.
        files: its language versions.
        hexapla: version of hexapla.
        time: UTC.
        seconds: that it took; None if that is not known, since the batch was killed after the document was committed.
        attempts: how often it was begun.
        rows: number of its units in the memory.
        filtered: number of its units that rules kept out or took a language from.
        kind: of the reason why it failed, see `hexapla.batch.messages.FailureKind`; or None.
        error: the reason, in one line; or None.
        warnings: sentences for the user.
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
        """Its values by name, ready for JSON."""
        return asdict(self) | {"status": self.status.value, "time": self.time.isoformat(timespec="seconds")}


class Ledger:
    """The ledger of a memory; one process at a time writes it.

    Args:
        folder: of the memory.
    """

    def __init__(self, folder: Path) -> None:
        self._table = Table(folder / FOLDER / "ledger")
        self._appends = 0

    @classmethod
    def of(cls, folder: Folder) -> Ledger:
        """The ledger of a memory, made if it has none."""
        ledger = cls(folder.path)
        if not ledger.exists:
            Table.create(ledger._table.path, _SCHEMA, {"operation": "create"})
        return ledger

    @property
    def exists(self) -> bool:
        """Whether the memory has one."""
        return (self._table.path / "_delta_log").is_dir()

    def append(self, rows: Sequence[LedgerEntry]) -> None:
        """Add rows; of several of one document the one with the latest time holds.

        Args:
            rows: any number.

        Raises:
            UnwritableMemory: the disk is full or read-only; nothing was added.
        """
        if rows:
            if self._appends % _FILES == 0:
                self._compact()
            self._appends += 1
            self._table.append([_frame(rows)], {"operation": "batch"})

    def _compact(self) -> None:
        """Put the rows that hold into one file if there are many files; who reads others now may do so to the end."""
        if len(self._table.state().files) > _FILES:
            self._table.replace([self.frame()], {"operation": "compact"})
            self._table.vacuum(_READING)

    def frame(self) -> pl.DataFrame:
        """The rows that hold, in order of document."""
        files = self._table.state().files
        rows = read_files(files) if files else pl.DataFrame(schema=_SCHEMA)
        latest = rows.sort("time", maintain_order=True).unique("document", keep="last")
        return latest.sort("document")

    def rows(self, status: EntryStatus | None = None) -> Iterator[LedgerEntry]:
        """The rows that hold, in order of document.

        Args:
            status: of these rows; any if None.

        Yields:
            LedgerEntry: what became of a document.
        """
        frame = self.frame()
        chosen = frame if status is None else frame.filter(pl.col("status") == status.value)
        for values in chosen.iter_rows(named=True):
            files = tuple(InputFile(**each) for each in values.pop("files"))
            yield LedgerEntry(**values | {"files": files, "status": EntryStatus(values["status"])})


def read_ledger(folder: Path) -> Ledger:
    """The ledger of a memory.

    Args:
        folder: of the memory.

    Returns:
        The ledger.

    Raises:
        NotAMemory: there is no memory, or no batch was added to it.
    """
    ledger = Ledger(Folder.open(folder).path)
    if not ledger.exists:
        raise NotAMemory(
            f"{folder}: no batch was added to this memory: run `hexapla batch MANIFEST -m {folder}`."
        )
    return ledger


def done_entry(document: str, inputs: Sequence[Input], hashes: Sequence[str | None]) -> LedgerEntry:
    """What the ledger says now of a document that is in the memory.

    Args:
        document: what it is known by.
        inputs: its language versions.
        hashes: of their files.

    Returns:
        The row.
    """
    files = tuple(
        InputFile(str(item.language), str(item.path), found)
        for item, found in zip(inputs, hashes, strict=True)
    )
    return LedgerEntry(document, EntryStatus.DONE, files, __version__, datetime.now(UTC))


def _frame(rows: Sequence[LedgerEntry]) -> pl.DataFrame:
    names = [each.name for each in fields(LedgerEntry)]
    data = {name: [getattr(row, name) for row in rows] for name in names}
    data["files"] = [[asdict(file) for file in row.files] for row in rows]
    data["status"] = [row.status.value for row in rows]
    data["warnings"] = [list(row.warnings) for row in rows]
    return pl.DataFrame(data, schema={name: _SCHEMA[name] for name in names}).select(_SCHEMA.keys())
