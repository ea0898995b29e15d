"""Units as an .xlsx workbook in which people review them, and as any table with a column for each language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from hexapla.errors import InputError
from hexapla.exchange.corrections import Known
from hexapla.exchange.review_sheet import ACTION, EXPORTED
from hexapla.exchange.reviewing import Review
from hexapla.exchange.spreadsheet import Spreadsheet
from hexapla.exchange.unit_formats import Finding
from hexapla.exchange.units.tables import COMMENT, unit_of_cells
from hexapla.exchange.units.xlsx_table import read_table
from hexapla.exchange.units.xlsx_writing import write_units
from hexapla.memory.storage.units import Unit

__all__ = ["is_review", "read_review", "read_units", "write_units"]


def read_units(path: Path, skip: Callable[[Finding], None]) -> Iterator[Unit]:
    """Read units; see `hexapla.exchange.unit_formats.Reader`."""
    with Spreadsheet(path) as book:
        table = read_table(book, path)
    for row in table.rows:
        try:
            if row.problem:
                raise ValueError(row.problem)
            yield unit_of_cells({column: text for column, text in row.values.items() if column != ACTION})
        except ValueError as error:
            skip(row.finding(path, str(error)))


def is_review(path: Path) -> bool:
    """Whether a workbook was made for people to review units of a memory.

    Args:
        path: the workbook.

    Returns:
        Whether it has the sheet that says what was exported.

    Raises:
        InputError: it cannot be read.
    """
    with Spreadsheet(path) as book:
        return EXPORTED in book.sheets


def read_review(
    path: Path, find: Callable[[Collection[str]], Iterable[Unit]], skip: Callable[[Finding], None]
) -> Iterator[Unit]:
    """Read corrections; see `hexapla.exchange.unit_formats.Reviewer`."""
    with Spreadsheet(path) as book:
        table = read_table(book, path)
        known = _known(book, path)
    yield from Review(path, table, known, find, skip).corrections()


def _known(book: Spreadsheet, path: Path) -> dict[str, Known]:
    """What the sheet was like when it was written, by identifier of the unit, in its order."""
    rows = book.rows(EXPORTED)
    head = next(rows, None)
    columns = [cell.text for cell in head.cells.values()] if head else []
    if columns[:3] != ["unit", "status", COMMENT]:
        raise InputError(
            f"{path}: its hidden sheet {EXPORTED!r} was changed: export again, and copy your changes there"
        )
    known: dict[str, Known] = {}
    for row in rows:
        values = {name: row.cells[place].text for place, name in enumerate(columns) if place in row.cells}
        identifier, status, comment = (values.pop(name, "") for name in columns[:3])
        known[identifier] = Known(len(known), status, comment, values)
    return known
