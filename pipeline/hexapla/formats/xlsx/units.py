"""Units of an .xlsx workbook: any table with a column for each language, or one that was made for review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hexapla.formats.protocols import Skip
from hexapla.formats.tables import unit_of_cells
from hexapla.formats.xlsx.review_sheet import ACTION
from hexapla.formats.xlsx.spreadsheet import Spreadsheet
from hexapla.formats.xlsx.table import read_table
from hexapla.units import Unit


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read units; see `hexapla.formats.protocols.UnitReader`."""
    with Spreadsheet(path) as book:
        table = read_table(book, path)
    for row in table.rows:
        try:
            if row.problem:
                raise ValueError(row.problem)
            yield unit_of_cells({column: text for column, text in row.values.items() if column != ACTION})
        except ValueError as error:
            skip(row.finding(path, str(error)))
