"""Units as JSON lines: one object a line, with all that a unit has.

Rows of an alignment, which `hexapla.exchange.jsonl` writes, can be read as units too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from hexapla.errors import InputError
from hexapla.exchange.output import open_output
from hexapla.exchange.unit_formats import Exported, ExportOptions, Finding
from hexapla.exchange.units.lines import lines_of
from hexapla.exchange.units.records import record_of, shown, unit_of
from hexapla.exchange.units.selecting import selected
from hexapla.memory.storage.units import Unit


def write_units(units: Iterable[Unit], path: Path, options: ExportOptions) -> Exported:
    """Write units; see `hexapla.exchange.unit_formats.Writer`."""
    left_out: list[Finding] = []
    count = 0
    with open_output(path) as stream:
        for unit in selected(units, options.languages, path, left_out):
            line = json.dumps(record_of(unit), ensure_ascii=False) + "\n"
            # Half of a surrogate pair in a property has no UTF-8 form; its backslash form is the JSON escape for it.
            stream.write(line.encode("utf-8", errors="backslashreplace"))
            count += 1
    return Exported(count, tuple(left_out))


def read_units(path: Path, skip: Callable[[Finding], None]) -> Iterator[Unit]:
    """Read units; see `hexapla.exchange.unit_formats.Reader`."""
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
                raise InputError(f"{path}, line {number}: {error}: this is no file of units") from error
            unit = record.get("id")
            skip(Finding(path, number, unit if isinstance(unit, str) else None, str(error)))


def _object(line: str) -> dict[str, Any]:
    """The object of a line.

    Args:
        line: of the file.

    Returns:
        The object; no text in it has half of a surrogate pair.

    Raises:
        ValueError: there is none.
    """
    try:
        value = json.loads(line)
        if "\\u" in line:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON object ({error.msg} at character {error.colno})") from error
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise ValueError(f"has half of a surrogate pair, U+{code:04X}, which is no character") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError(f"is {shown(value)} and must be a JSON object")
    return value
