"""Reader of units from an .xlsx workbook: any table with a column for each language, or a workbook made for review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hexapla.errors import InputError
from hexapla.formats.protocols import Skip, UnitProblem
from hexapla.formats.tables import ATTRIBUTES, check_columns, unit_of_cells
from hexapla.formats.xlsx.cells import Cell, CellKind
from hexapla.formats.xlsx.review_sheet import ACTION
from hexapla.formats.xlsx.spreadsheet import SheetRow, Spreadsheet
from hexapla.units import Unit

_ATTRIBUTES = (*ATTRIBUTES, ACTION)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row below the header that is not empty.

    Attributes:
        number: number of the row in the sheet, counted from 1.
        values: text by column; empty cells are missing.
        problem: why the row cannot be used as it is, or None.
    """

    number: int
    values: Mapping[str, str]
    problem: str | None = None

    @property
    def unit(self) -> str:
        """Identifier of the unit, or an empty text."""
        identifier = self.values.get("unit", "")
        return identifier if identifier.strip() else ""

    def unit_problem(self, path: Path, reason: str) -> UnitProblem:
        """Return a problem of the row, with its place."""
        return UnitProblem(path, self.number, self.unit or None, reason)


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """A sheet that holds a table of units.

    Attributes:
        languages: tags of the text columns, in their order.
        rows: the rows below the header.
    """

    languages: Sequence[str]
    rows: Sequence[UnitRow]


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read units; see `hexapla.formats.protocols.UnitReader`."""
    with Spreadsheet(path) as book:
        sheet = read_unit_sheet(book, path)
    for row in sheet.rows:
        try:
            if row.problem:
                raise ValueError(row.problem)
            yield unit_of_cells({column: text for column, text in row.values.items() if column != ACTION})
        except ValueError as error:
            skip(row.unit_problem(path, str(error)))


def read_unit_sheet(book: Spreadsheet, path: Path) -> UnitSheet:
    """Read the first sheet whose first row names the columns of units.

    Args:
        book: the workbook.
        path: the file, for messages.

    Returns:
        The sheet.

    Raises:
        InputError: there is no such sheet, or the file is damaged.
    """
    problem = "it has no sheet"
    for sheet in book.sheets:
        rows = book.rows(sheet)
        head = next(rows, None)
        columns = {place: _name(cell) for place, cell in head.cells.items()} if head else {}
        try:
            check_columns([name for name in columns.values() if name != ACTION])
        except ValueError as error:
            problem = f"the first row of its sheet {sheet!r} does not name the columns ({error})"
            continue
        merged = _merged_rows(book, sheet)
        languages = [name for name in columns.values() if name not in _ATTRIBUTES]
        return UnitSheet(
            languages, [row for row in _unit_rows(rows, columns, merged) if row.values or row.problem]
        )
    raise InputError(
        f"{path}: {problem}; the first row must name the columns: language tags such as en and fr, and any of "
        f"{', '.join(ATTRIBUTES)}"
    )


def _name(cell: Cell) -> str:
    name = cell.text.strip()
    return name.lower() if name.lower() in _ATTRIBUTES else name


def _merged_rows(book: Spreadsheet, sheet: str) -> Mapping[int, str]:
    """Return the merged cells, as a range such as A1:B2, by row."""
    return {row: each.range for each in book.merged(sheet) for row in range(each.first, each.last + 1)}


def _unit_rows(
    rows: Iterator[SheetRow], columns: Mapping[int, str], merged: Mapping[int, str]
) -> Iterator[UnitRow]:
    for row in rows:
        values = {columns[place]: cell.text for place, cell in row.cells.items() if place in columns}
        yield UnitRow(row.number, values, _problem(row, columns, merged))


def _problem(row: SheetRow, columns: Mapping[int, str], merged: Mapping[int, str]) -> str | None:
    if row.number in merged:
        return (
            f"the cells {merged[row.number]} are merged: unmerge them, and write each text into its own cell"
        )
    for place, cell in row.cells.items():
        shown, name = cell.text[:40], columns.get(place)
        if name is None:
            return f"{shown!r} is in a column without a name: move it to the column of its language"
        if cell.kind in (CellKind.FORMULA, CellKind.ERROR):
            return f"the column {name} holds {cell.kind}, {shown!r}, but must hold text: paste it as a value"
        if cell.kind is CellKind.NUMBER and name not in _ATTRIBUTES:
            return f"the column {name} holds a number, {shown!r}: format the cell as text, and enter it again"
    return None
