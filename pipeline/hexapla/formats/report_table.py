"""Tables of results for people, such as the hits of a concordance: .csv, .tsv, .xlsx and .jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.formats.csv_table import csv_line
from hexapla.formats.io.output import check_output, open_output, output_suffix

SUFFIXES = (".csv", ".tsv", ".xlsx", ".jsonl")
Value = str | int


def check_table(path: Path) -> None:
    """Refuse an output that cannot be written, before the work.

    Args:
        path: the output.

    Raises:
        OutputError: its suffix is none of `SUFFIXES`, or its folder is missing.
    """
    check_output(path, SUFFIXES)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write a table, whole or not at all.

    Args:
        path: the output; its suffix determines the format.
        columns: names of the columns.
        rows: the values of each row, by column.

    Returns:
        Number of rows.

    Raises:
        OutputError: the output cannot be written, or a sheet cannot hold a row.
    """
    suffix = output_suffix(path, SUFFIXES)
    return (
        _write_sheet(path, columns, rows) if suffix == ".xlsx" else _write_lines(path, suffix, columns, rows)
    )


def _write_lines(path: Path, suffix: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    line = _tsv_line if suffix == ".tsv" else csv_line
    count = 0
    with open_output(path) as stream:
        if suffix != ".jsonl":
            stream.write(line(columns))
        for row in rows:
            record = dict(zip(columns, row, strict=True))
            stream.write(_json_line(record) if suffix == ".jsonl" else line(map(str, row)))
            count += 1
    return count


def _json_line(record: Mapping[str, Value]) -> bytes:
    return f"{json.dumps(record, ensure_ascii=False)}\n".encode()


def _tsv_line(values: Iterable[str]) -> bytes:
    """Return the line of a row, in which each run of white space in a value is a space."""
    return ("\t".join(" ".join(value.split()) for value in values) + "\n").encode()


def _write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    from hexapla.formats.xlsx.review_sheet import MAXIMUM_LENGTH
    from hexapla.formats.xlsx.spreadsheet import MAXIMUM_ROWS
    from hexapla.formats.xlsx.writer import open_workbook

    count = 0
    with open_workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name)
        for count, row in enumerate(rows, start=1):
            if count == MAXIMUM_ROWS or any(len(str(value)) > MAXIMUM_LENGTH for value in row):
                raise OutputError(
                    f"{path}: a sheet has at most {MAXIMUM_ROWS:,} rows, and a cell {MAXIMUM_LENGTH:,} characters, "
                    "which is not enough: write a .csv"
                )
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(count, place, value)
                else:
                    sheet.write_number(count, place, value)
    return count
