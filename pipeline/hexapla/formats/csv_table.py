"""Units as comma-separated values (RFC 4180), for spreadsheets and data frames.

The first line names the columns: attributes of a unit and language tags. Files that are separated by semicolons, as
spreadsheets write them in many countries, are read too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from hexapla.errors import InputError
from hexapla.formats.io.output import open_output
from hexapla.formats.protocols import Skip, UnitProblem, WriteOptions, Written
from hexapla.formats.tables import ATTRIBUTES, check_columns, unit_of_cells, values_of
from hexapla.formats.unit_selection import selected, with_languages
from hexapla.units import Unit

DELIMITERS = ",;"
LONGEST_CELL = 2**24
"""Most characters that a cell may have."""


def write_units(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write units; see `hexapla.formats.protocols.UnitWriter`."""
    languages, units = with_languages(units, options)
    columns = (*ATTRIBUTES, *languages)
    left_out: list[UnitProblem] = []
    count = 0
    with open_output(path) as stream:
        stream.write(csv_line(columns))
        for unit in selected(units, languages, path, left_out):
            values = values_of(unit)
            stream.write(csv_line(values.get(column, "") for column in columns))
            count += 1
    return Written(count, tuple(left_out))


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read units; see `hexapla.formats.protocols.UnitReader`."""
    rows = rows_of(path)
    _, columns = next(rows, (1, []))
    try:
        check_columns(columns)
    except ValueError as error:
        raise InputError(
            f"{path}, line 1: {error}; it must name the columns, language tags and any of {', '.join(ATTRIBUTES)}, "
            "separated by commas"
        ) from error
    for number, values in rows:
        try:
            if len(values) != len(columns):
                raise ValueError(f"has {len(values)} values, but the first line names {len(columns)} columns")
            yield unit_of_cells(dict(zip(columns, values, strict=True)))
        except ValueError as error:
            unit = dict(zip(columns, values, strict=False)).get("unit") or None
            skip(UnitProblem(path, number, unit, str(error)))


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Read the rows of a file of comma- or semicolon-separated values; empty rows are left out.

    Args:
        path: the file, in UTF-8 with or without a byte order mark.

    Yields:
        tuple[int, list[str]]: number of the line on which the row ends, counted from 1, and its cells.

    Raises:
        InputError: the file cannot be read, is not UTF-8, or has a cell that is too long or not closed.
    """
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header = stream.readline(LONGEST_CELL)
            stream.seek(0)
            reader = csv.reader(stream, delimiter=max(DELIMITERS, key=header.count), strict=True)
            yield from _numbered(reader, path)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and the permission"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start + 1} is not UTF-8: convert the file to UTF-8") from error


def _numbered(reader: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    while True:
        line: int = getattr(reader, "line_num", 0)
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise InputError(
                f"{path}, line {line + 1}: this is not CSV ({error}); check the quotes"
            ) from error
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield getattr(reader, "line_num", 0), row


def csv_line(values: Iterable[str]) -> bytes:
    """Return the line of a row of comma-separated values."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue().encode()
