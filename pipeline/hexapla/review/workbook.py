"""Corrections from a reviewed workbook, found by comparing each row with what was exported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hexapla.errors import InputError
from hexapla.formats.protocols import Skip, UnitProblem
from hexapla.formats.tables import COMMENT
from hexapla.formats.xlsx.reader import UnitRow, UnitSheet, read_unit_sheet
from hexapla.formats.xlsx.review_sheet import ACTION, EXPORTED, MERGE
from hexapla.formats.xlsx.spreadsheet import Spreadsheet
from hexapla.review.corrections import (
    ExportedRow,
    check_all_visible,
    check_unchanged,
    contains_texts,
    corrected,
    joined_texts,
    merged_into,
    with_hidden_texts,
    with_segments,
)
from hexapla.review.split_rows import split_identifier, split_unit, with_spans
from hexapla.unit_records import shown
from hexapla.units import Status, Unit

_NAMED_UNITS = 5  # units that a message names


@dataclass(frozen=True, slots=True)
class _ReviewedRow:
    """A row with a unit, and the rows inserted below it.

    Attributes:
        row: the row.
        exported: the row as it was exported.
        inserted: rows without a unit directly below it that are not empty.
    """

    row: UnitRow
    exported: ExportedRow
    inserted: list[UnitRow] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Identifier of the unit."""
        return self.row.unit


def is_review(path: Path) -> bool:
    """Return whether a file is a workbook that was exported for review.

    Args:
        path: the file.

    Returns:
        Whether it is a workbook with the sheet that records what was exported.

    Raises:
        InputError: the file is a workbook, but cannot be read.
    """
    if not path.name.lower().endswith(".xlsx"):
        return False
    with Spreadsheet(path) as book:
        return EXPORTED in book.sheets


def read_review(path: Path, find: Callable[[Collection[str]], Iterable[Unit]], skip: Skip) -> Iterator[Unit]:
    """Read the corrections of a reviewed workbook.

    Args:
        path: the workbook.
        find: returns the units of the memory that have any of these identifiers.
        skip: called with each correction that cannot be applied.

    Yields:
        Unit: a unit that is new or changed, as it should be from now on.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    with Spreadsheet(path) as book:
        sheet = read_unit_sheet(book, path)
        known = _exported_rows(book, path)
    yield from Review(path, sheet, known, find, skip).corrections()


def _exported_rows(book: Spreadsheet, path: Path) -> dict[str, ExportedRow]:
    """Return the rows as they were exported, by identifier of the unit, in their order."""
    rows = book.rows(EXPORTED)
    head = next(rows, None)
    columns = [cell.text for cell in head.cells.values()] if head else []
    if columns[:3] != ["unit", "status", COMMENT]:
        raise InputError(
            f"{path}: its hidden sheet {EXPORTED!r} was changed: export again, and copy your changes there"
        )
    known: dict[str, ExportedRow] = {}
    for row in rows:
        values = {name: row.cells[place].text for place, name in enumerate(columns) if place in row.cells}
        identifier, status, comment = (values.pop(name, "") for name in columns[:3])
        known[identifier] = ExportedRow(len(known), status, comment, values)
    return known


class Review:
    """The corrections of a workbook.

    Args:
        path: the workbook.
        sheet: the sheet with the reviewed rows.
        known: the rows as they were exported, by identifier of the unit, in their order.
        find: returns the units of the memory that have any of these identifiers.
        skip: called with each correction that cannot be applied.
    """

    def __init__(
        self,
        path: Path,
        sheet: UnitSheet,
        known: Mapping[str, ExportedRow],
        find: Callable[[Collection[str]], Iterable[Unit]],
        skip: Skip,
    ) -> None:
        self._path, self._languages, self._known, self._skip = path, sheet.languages, known, skip
        self._reviewed_rows: list[_ReviewedRow] = []
        self._present: set[str] = set()
        self._refused: set[str] = set()
        self._sort(sheet.rows)
        self._by_id = {reviewed.id: reviewed for reviewed in self._reviewed_rows}
        self._above = self._kept_above()
        self._units = {unit.id: unit for unit in find(self._wanted_ids())}
        self._merged_ids: set[str] = set()

    def corrections(self) -> Iterator[Unit]:
        """Yield the units that are new or changed.

        Yields:
            Unit: a unit as it should be from now on.
        """
        for index, reviewed in enumerate(self._reviewed_rows):
            if reviewed.id not in self._merged_ids:
                yield from self._or_problem(reviewed.row, self._changed, index)
            for number, row in enumerate(reviewed.inserted, 1):
                yield from self._or_problem(row, self._split, reviewed, row, number)
        yield from self._deleted_rows()

    def _sort(self, rows: Iterable[UnitRow]) -> None:
        """Assign each row to its unit or to the row above, and report rows that cannot be used."""
        rows = list(rows)
        times = Counter(row.unit for row in rows)
        reviewed: _ReviewedRow | None = None
        for row in rows:
            if not row.unit and not row.problem:
                self._insert(row, reviewed)
                continue
            self._present.add(row.unit)
            reviewed = None
            if row.problem:
                self._refuse(row, row.problem)
            elif row.unit not in self._known:
                self._refuse(
                    row, "no unit with this identifier was exported: leave the column unit unchanged"
                )
            elif times[row.unit] > 1:
                self._refuse(
                    row,
                    f"{times[row.unit]} rows have this unit: keep it in one row, and leave it empty in inserted rows",
                )
            else:
                reviewed = _ReviewedRow(row, self._known[row.unit])
                self._reviewed_rows.append(reviewed)

    def _insert(self, row: UnitRow, reviewed: _ReviewedRow | None) -> None:
        if not any(row.values.get(name, "").strip() for name in (*self._languages, COMMENT)):
            return
        if reviewed is None:
            self._refuse(row, "it was inserted, but the row above it has no unit or cannot be used")
        else:
            reviewed.inserted.append(row)

    def _kept_above(self) -> dict[str, _ReviewedRow]:
        """Return the nearest row above that still has texts, for each unit whose row was emptied or deleted."""
        above: dict[str, _ReviewedRow] = {}
        kept: _ReviewedRow | None = None
        for identifier in self._known:
            reviewed = self._by_id.get(identifier)
            if reviewed is not None and not self._emptied(reviewed):
                kept = reviewed
            elif kept is not None:
                above[identifier] = kept
        return above

    def _emptied(self, reviewed: _ReviewedRow) -> bool:
        texts = (reviewed.row.values.get(language, "").strip() for language in self._languages)
        rejected = reviewed.row.values.get("status", "").strip().lower() == Status.REJECTED.value
        return not rejected and not any(texts)

    def _wanted_ids(self) -> set[str]:
        """Return the identifiers of all units that are needed from the memory."""
        ids = set(self._known.keys() - self._present)
        for index, reviewed in enumerate(self._reviewed_rows):
            action = reviewed.row.values.get(ACTION)
            if action or reviewed.inserted or reviewed.exported.differs(reviewed.row.values, self._languages):
                ids |= {
                    reviewed.id,
                    *(following.id for following in self._reviewed_rows[index + 1 : index + 2] if action),
                }
            ids |= {split_identifier(reviewed.id, row.values, self._languages) for row in reviewed.inserted}
        return ids

    def _or_problem(
        self, row: UnitRow, correct: Callable[..., Iterator[Unit]], *arguments: object
    ) -> Iterator[Unit]:
        """Yield the units of a row, or report why it cannot be applied."""
        try:
            yield from correct(*arguments)
        except ValueError as error:
            self._refuse(row, str(error))

    def _changed(self, index: int) -> Iterator[Unit]:
        reviewed = self._reviewed_rows[index]
        group = self._group(index)
        if len(group) > 1:
            yield from self._merged(group)
        elif self._emptied(reviewed):
            yield from self._moved_up(reviewed.id)
        elif reviewed.exported.differs(reviewed.row.values, self._languages):
            yield from self._corrected(reviewed)

    def _corrected(self, reviewed: _ReviewedRow) -> Iterator[Unit]:
        """Yield the unit of a row whose cells were changed, into which others may have been moved by hand."""
        unit = self._unit(reviewed.id)
        if reviewed.inserted:
            check_all_visible(unit, self._languages)
        after = corrected(unit, reviewed.exported, reviewed.row.values, self._languages)
        if reviewed.inserted and after is not unit:
            after = with_spans(after, unit, self._parts(reviewed), 0)
        moved = [
            self._units[id] for id, above in self._above.items() if above is reviewed and id in self._units
        ]
        if moved := [each for each in moved if self._is_moved(reviewed, each)]:
            after = with_segments(after, [unit, *moved])
        yield from _differing(unit, after)

    def _parts(self, reviewed: _ReviewedRow) -> list[Mapping[str, str]]:
        """Return the texts by language of a row and of those inserted below it."""
        return [row.values for row in (reviewed.row, *reviewed.inserted)]

    def _is_moved(self, above: _ReviewedRow, unit: Unit) -> bool:
        changed = above.exported.differing(above.row.values, self._languages)
        return contains_texts(above.row.values, changed, unit)

    def _group(self, index: int) -> list[_ReviewedRow]:
        """Return a row and those that are to be merged with it."""
        group = [self._reviewed_rows[index]]
        while (action := group[-1].row.values.get(ACTION, "").strip().lower()) == MERGE:
            following = self._reviewed_rows[index + len(group) : index + len(group) + 1]
            last = group[-1]
            if not following or last.inserted or following[0].exported.index != last.exported.index + 1:
                raise ValueError(f"{MERGE}: the row below is not the one that was exported there")
            group += following
        if action:
            raise ValueError(f"the action is {shown(action)} but must be {MERGE!r} or empty")
        return group

    def _merged(self, group: list[_ReviewedRow]) -> Iterator[Unit]:
        units = [self._unit(reviewed.id) for reviewed in group]
        for reviewed, unit in zip(group[1:], units[1:], strict=True):
            check_unchanged(unit, reviewed.exported, reviewed.row.values, self._languages)
        rows = [(reviewed.row.values, unit) for reviewed, unit in zip(group, units, strict=True)]
        first = group[0]
        values = {**first.row.values, **joined_texts(rows, self._languages)}
        seen = with_hidden_texts(units[0], units[1:], self._languages)
        whole = with_segments(corrected(seen, first.exported, values, self._languages), units)
        self._merged_ids.update(reviewed.id for reviewed in group[1:])
        yield from _differing(units[0], whole)
        for unit in units[1:]:
            yield from _differing(unit, merged_into(unit, first.id))

    def _moved_up(self, identifier: str) -> Iterator[Unit]:
        """Yield the unit of a row without texts, if they were moved into the row above by hand."""
        unit, above = self._unit(identifier), self._above.get(identifier)
        if above is not None:
            self._check_applied(above)
            if self._is_moved(above, unit):
                yield from _differing(unit, merged_into(unit, above.id))
                return
        raise ValueError("all its texts were deleted: the unit stays as it is; to remove it, choose rejected")

    def _check_applied(self, above: _ReviewedRow) -> None:
        """Refuse a row that depends on one that was refused, as texts would be lost or duplicated."""
        if above.id in self._refused:
            raise ValueError(f"it depends on the row of unit {above.id}, which could not be applied")

    def _split(self, reviewed: _ReviewedRow, row: UnitRow, number: int) -> Iterator[Unit]:
        whole = self._unit(reviewed.id)
        part = split_unit(whole, row.values, self._languages, number)
        unit = with_spans(part, whole, self._parts(reviewed), number)
        self._check_applied(reviewed)
        if unit.id not in self._units:
            yield unit

    def _deleted_rows(self) -> Iterator[Unit]:
        """Yield the units whose rows were deleted."""
        left = []
        for identifier in self._known:
            if identifier not in self._present and identifier in self._units:
                try:
                    yield from self._moved_up(identifier)
                except ValueError:
                    left.append(identifier)
        if left:
            named = ", ".join(left[:_NAMED_UNITS]) + (" ..." if len(left) > _NAMED_UNITS else "")
            reason = (
                f"the rows of {len(left)} units were deleted ({named}): they stay as they are in the memory"
            )
            self._skip(UnitProblem(self._path, None, None, reason))

    def _unit(self, identifier: str) -> Unit:
        if identifier not in self._units:
            raise ValueError("the unit is no longer in the memory")
        return self._units[identifier]

    def _refuse(self, row: UnitRow, reason: str) -> None:
        self._refused.add(row.unit)
        self._skip(row.unit_problem(self._path, reason))


def _differing(before: Unit, after: Unit) -> Iterator[Unit]:
    if after != before:
        yield after
