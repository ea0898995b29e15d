"""Verification of a memory: reads every byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hexapla.errors import StoreError
from hexapla.memory.index.fragments import DerivedData
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.storage.folder import DERIVED, Folder
from hexapla.memory.storage.log import Log
from hexapla.memory.storage.store import VersionedTable
from hexapla.progress import Progress, quiet

LEDGER = "batch/ledger"


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
        ("units", _units(folder)),
        ("vectors", _vectors(folder)),
        ("ledger", _ledger(folder)),
        ("derived files", _derived(folder, derived)),
        ("look-up", _counts(folder, derived)),
    )
    for done, (name, problems) in enumerate(steps):
        progress(f"Verifying {name}", done, len(steps))
        yield from problems


def _units(folder: Folder) -> Iterator[Problem]:
    remedy = (
        "copy it back from a backup, or restore an older version that does not have it with `hexapla restore`"
    )
    for file, what in folder.units.damaged():
        yield Problem(file, f"{what}: {remedy}")


def _vectors(folder: Folder) -> Iterator[Problem]:
    remedy = (
        f"copy it back from a backup, or encode the memory again with `hexapla reindex {folder.path} --model"
    )
    for file, what in folder.vectors.damaged():
        yield Problem(file, f"{what}: {remedy} {folder.manifest.encoder}`")


def _ledger(folder: Folder) -> Iterator[Problem]:
    table = VersionedTable(folder.path / LEDGER)
    if table.path.is_dir():
        for file, what in table.damaged():
            yield Problem(file, f"{what}: copy it back from a backup; the units are not affected")


def _derived(folder: Folder, derived: DerivedData) -> Iterator[Problem]:
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
