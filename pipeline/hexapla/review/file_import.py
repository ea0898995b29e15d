"""Import of files into a memory: units in any format, and corrections from a workbook made for review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from hexapla.errors import InputError
from hexapla.formats.protocols import UnitProblem
from hexapla.formats.registry import unit_reader
from hexapla.memory.additions.unit_addition import check_unit
from hexapla.memory.additions.unit_import import Imported, gathered
from hexapla.memory.additions.unit_merge import OnConflict
from hexapla.memory.memory import Memory
from hexapla.progress import Progress, quiet
from hexapla.review.workbook import is_review, read_review
from hexapla.unit_records import RECORD, identifier_of
from hexapla.unit_table import UNIT
from hexapla.units import Unit

_REPORTED = 1000  # units after which progress is reported


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What importing a file did.

    Attributes:
        path: the file.
        imported: the result of importing its units.
        corrections: whether the file is a reviewed workbook, so that its units are corrections.
        skipped: units that could not be read, or corrections that could not be applied.
    """

    path: Path
    imported: Imported
    corrections: bool
    skipped: tuple[UnitProblem, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """The units of a file.

    Attributes:
        units: the units as a table, see `gathered`.
        skipped: units that could not be read.
        records: records of documents, if the units are those of a memory.
    """

    units: pl.DataFrame
    skipped: list[UnitProblem]
    records: pl.DataFrame | None = None


def import_files(
    memory: Memory,
    paths: Sequence[Path],
    *,
    skip_bad: bool = False,
    author: str | None = None,
    on_conflict: OnConflict | None = None,
    progress: Progress = quiet,
) -> list[ImportedFile]:
    """Import the units of files into a memory, one file after the other.

    No unit is imported before all files of units have been read. Corrections are applied to the units as they are when
    their file is reached, and a correction that cannot be applied does not prevent the others.

    Args:
        memory: the memory; it is created if it is missing, unless a file is a reviewed workbook.
        paths: the files.
        skip_bad: whether to leave out units that cannot be read.
        author: author of units whose file does not name one; the name of the user account if None.
        on_conflict: what to do where a file of units and the memory differ in a text.
        progress: progress callback.

    Returns:
        The result for each file.

    Raises:
        InputError: a file cannot be read, or one of its units cannot be read while `skip_bad` is off; nothing was
            imported.
        UnwritableMemory: the folder is read-only or the disk is full.
    """
    reviews = {path for path in paths if not path.is_dir() and is_review(path)}
    contents = {path: _read(path, skip_bad, progress) for path in paths if path not in reviews}
    done = []
    for path in paths:
        content = contents[path] if path in contents else _read_corrections(path, memory, progress)
        imported = memory.import_units(
            content.units,
            author=author,
            origin=path.name,
            whole=path in reviews,
            on_conflict=on_conflict,
            records=content.records,
            progress=progress,
        )
        done.append(ImportedFile(path, imported, path in reviews, tuple(content.skipped)))
    return done


def _read(path: Path, skip_bad: bool, progress: Progress) -> _Content:
    """Read a file of units, or a memory; a bad unit is an error unless it may be skipped."""
    if path.is_dir():
        return _of_memory(path)
    skipped: list[UnitProblem] = []
    report = skipped.append if skip_bad else _refuse
    units = _possible(map(partial(_located, path), unit_reader(path)(path, report)), path, report)
    return _Content(gathered(_reported(units, path, progress)), skipped)


def _of_memory(path: Path) -> _Content:
    """Read all units of another memory, with the texts that they had before, and the records of its documents."""
    from hexapla.memory.storage.folder import Folder
    from hexapla.memory.storage.log import Log
    from hexapla.memory.storage.upgrade import rows_with_earlier_texts

    log = Log(Folder.open(path).units.state())
    rows = rows_with_earlier_texts(log).select(UNIT.keys())
    is_record = pl.col("level") == RECORD
    return _Content(rows.filter(~is_record), [], rows.filter(is_record))


def _located(path: Path, unit: Unit) -> Unit:
    """Let a unit that has neither document nor identifier belong to its file, so that a later state of it is known."""
    if unit.document or unit.id != identifier_of("", unit.texts):
        return unit
    return replace(unit, document=path.name.partition(".")[0])


def _possible(units: Iterator[Unit], path: Path, report: Callable[[UnitProblem], None]) -> Iterator[Unit]:
    """Yield the units that a memory can hold, and report the others."""
    for unit in units:
        try:
            check_unit(unit)
        except InputError as error:
            reason = str(error).removeprefix(f"unit {unit.id}: ").rstrip(".")
            report(UnitProblem(path, None, unit.id, reason))
        else:
            yield unit


def _read_corrections(path: Path, memory: Memory, progress: Progress) -> _Content:
    skipped: list[UnitProblem] = []
    units = read_review(path, memory.find, skipped.append)
    return _Content(gathered(_reported(units, path, progress)), skipped)


def _reported(units: Iterator[Unit], path: Path, progress: Progress) -> Iterator[Unit]:
    for count, unit in enumerate(units, start=1):
        if count % _REPORTED == 0:
            progress(f"Reading {path.name}", count, count)
        yield unit


def _refuse(problem: UnitProblem) -> None:
    raise InputError(f"{problem}; nothing was imported: correct it, or leave such units out with --skip-bad.")
