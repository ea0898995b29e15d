r"""Units as a table of tab-separated values, for scripts and spreadsheets.

The first line names the columns: attributes of a unit and language tags. Within a value, a tab, line feed, carriage
return or backslash is written as \t, \n, \r or \\, so that each line is one unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from hexapla.errors import InputError
from hexapla.formats.io.output import open_output
from hexapla.formats.io.text_lines import lines_of
from hexapla.formats.protocols import Skip, UnitProblem, WriteOptions, Written
from hexapla.formats.tables import ATTRIBUTES, check_columns, unit_of_cells, values_of
from hexapla.formats.unit_selection import selected, with_languages
from hexapla.units import Unit

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_CHARACTERS = {escape: character for character, escape in _ESCAPES.items()}
_ESCAPED = str.maketrans(_ESCAPES)
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


def write_units(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write units; see `hexapla.formats.protocols.UnitWriter`."""
    languages, units = with_languages(units, options)
    columns = (*ATTRIBUTES, *languages)
    left_out: list[UnitProblem] = []
    count = 0
    with open_output(path) as stream:
        stream.write(_line(columns))
        for unit in selected(units, languages, path, left_out):
            values = values_of(unit)
            stream.write(_line(values.get(column, "") for column in columns))
            count += 1
    return Written(count, tuple(left_out))


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read units; see `hexapla.formats.protocols.UnitReader`."""
    lines = lines_of(path, skip)
    columns = _header(path, next(lines, (1, ""))[1])
    for number, line in lines:
        if not line.strip():
            continue
        values = line.split("\t")
        try:
            if len(values) != len(columns):
                raise ValueError(f"has {len(values)} values, but the first line names {len(columns)} columns")
            cells = {column: _unescaped(value) for column, value in zip(columns, values, strict=True)}
            yield unit_of_cells(cells)
        except ValueError as error:
            skip(UnitProblem(path, number, _identifier(columns, values), str(error)))


def _header(path: Path, line: str) -> list[str]:
    columns = line.split("\t")
    try:
        check_columns(columns)
    except ValueError as error:
        raise InputError(
            f"{path}, line 1: {error}; the line must name the columns, separated by tabs: language tags, and any of "
            f"{', '.join(ATTRIBUTES)}"
        ) from error
    return columns


def _identifier(columns: list[str], values: list[str]) -> str | None:
    return dict(zip(columns, values, strict=False)).get("unit") or None


def _line(values: Iterable[str]) -> bytes:
    escaped = "\t".join(value.translate(_ESCAPED) for value in values)
    return f"{escaped}\n".encode()


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(_character, value) if "\\" in value else value


def _character(match: re.Match[str]) -> str:
    if match[0] not in _CHARACTERS:
        raise ValueError(rf"has a backslash before {match[1]!r}; write \\ for a backslash itself")
    return _CHARACTERS[match[0]]
