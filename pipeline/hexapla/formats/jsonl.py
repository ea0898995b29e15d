"""Units and rows as JSON lines: one object per line, with everything that a unit or row has.

Files of rows can be read as units too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hexapla.errors import InputError
from hexapla.formats.io.output import open_output
from hexapla.formats.io.text_lines import lines_of
from hexapla.formats.protocols import Skip, UnitProblem, WriteOptions, Written
from hexapla.formats.unit_selection import selected
from hexapla.rows import Alignment, Row
from hexapla.unit_records import record_of, shown, unit_of
from hexapla.units import Unit


def write_units(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write units; see `hexapla.formats.protocols.UnitWriter`."""
    left_out: list[UnitProblem] = []
    count = 0
    with open_output(path) as stream:
        for unit in selected(units, options.languages, path, left_out):
            line = json.dumps(record_of(unit), ensure_ascii=False) + "\n"
            # A lone surrogate in a property has no UTF-8 form; its backslash form is the JSON escape for it.
            stream.write(line.encode("utf-8", errors="backslashreplace"))
            count += 1
    return Written(count, tuple(left_out))


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read units; see `hexapla.formats.protocols.UnitReader`."""
    readable = False
    for number, line in lines_of(path, skip):
        if not line.strip():
            continue
        record: dict[str, Any] = {}
        try:
            record = _object(line)
            readable = True
            yield unit_of(record)
        except ValueError as error:
            if not readable:
                raise InputError(f"{path}, line {number}: {error}: this is not a file of units") from error
            unit = record.get("id")
            skip(UnitProblem(path, number, unit if isinstance(unit, str) else None, str(error)))


def _object(line: str) -> dict[str, Any]:
    """Parse the object on a line.

    Args:
        line: a line of the file.

    Returns:
        The object; no text in it contains a lone surrogate.

    Raises:
        ValueError: the line is not a JSON object, or a text in it contains a lone surrogate.
    """
    try:
        value = json.loads(line)
        if "\\u" in line:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise ValueError(f"is not a JSON object ({error.msg} at character {error.colno})") from error
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise ValueError(f"has half of a surrogate pair, U+{code:04X}, which is not a character") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError(f"is {shown(value)} and must be a JSON object")
    return value


def write_rows(alignment: Alignment, path: Path, options: WriteOptions) -> int:
    """Write every row, aligned or not, as one JSON object per line (UTF-8, no ASCII escapes).

    The keys are id, level, kind, number, probability (4 decimal places), texts and segments (by language tag,
    in the order in which the languages were given; segments count from 0), symbol and moved.

    Args:
        alignment: the rows.
        path: the output.
        options: not used, as rows have all languages.

    Returns:
        The number of rows written.

    Raises:
        OutputError: the output cannot be written.
    """
    with open_output(path) as stream:
        for row in alignment.rows:
            line = json.dumps(_record(row), ensure_ascii=False) + "\n"
            # A lone surrogate has no UTF-8 form; its backslash form is the JSON escape for it.
            stream.write(line.encode("utf-8", errors="backslashreplace"))
    return len(alignment.rows)


def _record(row: Row) -> dict[str, object]:
    """Return the row as JSON types."""
    return {
        "id": row.id,
        "level": row.level.value,
        "kind": row.kind,
        "number": row.number,
        "probability": round(row.probability, 4),
        "texts": dict(row.texts),
        "segments": {language: list(indices) for language, indices in row.segments.items()},
        "symbol": row.symbol,
        "moved": row.moved,
    }
