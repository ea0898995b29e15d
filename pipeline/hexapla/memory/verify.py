"""Verification of a memory: reads every byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hexapla.errors import StoreError
from hexapla.memory.index.fragments import DerivedData
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.storage.folder import DERIVED, LEDGER, Folder
from hexapla.memory.storage.log import Log
from hexapla.memory.storage.log_checks import LOG
from hexapla.memory.storage.manifest import NAME, MemoryManifest
from hexapla.memory.storage.store import VersionedTable
from hexapla.progress import Progress, quiet

_BACKUP = "copy it back from a backup"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with a file of a memory.

    Attributes:
        path: path of the file.
        what: what is wrong and what to do about it, in one line.
    """

    path: Path
    what: str


def problems_of(folder: Folder, derived: DerivedData, progress: Progress) -> Iterator[Problem]:
    """Find the problems of a memory.

    Args:
        folder: folder of the memory.
        derived: derived data of the memory.
        progress: progress callback.

    Yields:
        Problem: a problem; none if the memory is whole.
    """
    steps = (
        ("manifest", _manifest(folder)),
        (
            "units",
            _table(folder.units, "restore an older version that does not have it with `hexapla restore`"),
        ),
        ("vectors", _vectors(folder)),
        ("ledger", _ledger(folder)),
        ("derived files", _derived(folder, derived)),
        ("look-up", _counts(folder, derived)),
    )
    for done, (name, problems) in enumerate(steps):
        progress(f"Verifying {name}", done, len(steps))
        yield from problems


def _manifest(folder: Folder) -> Iterator[Problem]:
    if not MemoryManifest.is_as_written(folder.path):
        yield Problem(folder.path / NAME, f"differs from what was written: {_BACKUP}")


def _table(table: VersionedTable, way_out: str) -> Iterator[Problem]:
    """Find the problems of a table; `way_out` helps if a damaged Parquet file has no backup."""
    try:
        for file, what in table.damaged():
            is_row_file = file.parent == table.path and file.suffix == ".parquet"
            yield Problem(file, f"{what}: {_BACKUP}, or {way_out}" if is_row_file else what)
    except StoreError as error:
        yield Problem(table.path / LOG, str(error))


def _ledger(folder: Folder) -> Iterator[Problem]:
    table = VersionedTable(folder.path / LEDGER)
    if table.path.is_dir():
        yield from _table(
            table, f"remove {table.path}; the next batch checks again which documents are in the memory"
        )


def _vectors(folder: Folder) -> Iterator[Problem]:
    remedy = (
        f"copy it back from a backup, or encode the memory again with `hexapla reindex {folder.path} --model"
    )
    for file, what in folder.vectors.damaged():
        yield Problem(file, f"{what}: {remedy} {folder.manifest.encoder}`")


def _derived(folder: Folder, derived: DerivedData) -> Iterator[Problem]:
    for file in derived.rejected():
        yield Problem(file, "was damaged; what it belonged to has been made again from the table")
    for file in derived.damaged():
        yield Problem(file, f"is damaged, but can be made again: run `hexapla reindex {folder.path}`")


def _counts(folder: Folder, derived: DerivedData) -> Iterator[Problem]:
    """Check that the derived data has as many units as the table."""
    state = folder.units.state()
    log = Log(state)
    try:
        seen = len(Snapshot(state.version, derived.fragments(state, quiet)))
        expected = len(log.read(log.units.select("id")))
    except StoreError as error:
        yield Problem(folder.units.path, str(error))
        return
    if seen != expected:
        what = f"has {seen:,} units, but the table has {expected:,}: run `hexapla reindex {folder.path}`"
        yield Problem(folder.path / DERIVED, what)
