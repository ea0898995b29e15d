"""Units as a Parquet file, with the columns of a memory's table of units."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from hexapla.errors import InputError
from hexapla.formats.io.output import open_output
from hexapla.formats.protocols import Skip, UnitProblem, WriteOptions, Written
from hexapla.formats.unit_selection import selected
from hexapla.unit_records import unit_of
from hexapla.unit_table import UNIT, frame_of
from hexapla.units import Unit

ROW_GROUP_SIZE = 20_000
"""Units in a row group."""
_MAGIC = b"PAR1"  # at both ends of a file
_PROBE = "import sys, polars as pl\nfor _ in pl.scan_parquet(sys.argv[1], glob=False).collect_batches(): pass"


def write_units(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write units, all of which are held in memory as columns; see `hexapla.formats.protocols.UnitWriter`."""
    left_out: list[UnitProblem] = []
    chosen = selected(units, options.languages, path, left_out)
    frame = pl.concat([frame_of([]), *_frames(chosen)])
    with open_output(path) as stream:
        frame.write_parquet(stream, row_group_size=ROW_GROUP_SIZE)
    return Written(len(frame), tuple(left_out))


def _frames(units: Iterator[Unit]) -> Iterator[pl.DataFrame]:
    while chunk := list(islice(units, ROW_GROUP_SIZE)):
        yield frame_of(chunk)


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read units; see `hexapla.formats.protocols.UnitReader`."""
    number = 0
    for frame in _read(path):
        for record in frame.iter_rows(named=True):
            number += 1
            try:
                yield unit_of(record | {"properties": _properties(record.get("properties"))})
            except ValueError as error:
                skip(UnitProblem(path, number, record.get("id"), str(error)))


def _read(path: Path) -> Iterator[pl.DataFrame]:
    """Yield the columns of units that a file has, in chunks."""
    try:
        _check(path)
        rows = pl.scan_parquet(path, glob=False)
        rows = rows.select(_columns(path, rows.collect_schema()))
        yield from rows.collect_batches(maintain_order=True, chunk_size=ROW_GROUP_SIZE)
    except OSError as error:
        reason = error.strerror or str(error).splitlines()[0]
        raise InputError(
            f"{path}: cannot be read ({reason}); check its name, its permissions and the file itself"
        ) from error


def _check(path: Path) -> None:
    """Refuse a file that polars cannot read to its end.

    Some damaged files crash the process in which polars reads them, so a separate process reads them first.
    """
    with path.open("rb") as file:
        begin = file.read(len(_MAGIC))
        file.seek(-min(len(_MAGIC), file.seek(0, os.SEEK_END)), os.SEEK_END)
        whole = begin == file.read() == _MAGIC
    probe = [sys.executable, "-P", "-c", _PROBE, str(path)]
    if not whole or subprocess.run(probe, capture_output=True, check=False).returncode:
        raise InputError(f"{path}: is not a Parquet file, or is damaged or cut off; get a new copy")


def _columns(path: Path, schema: pl.Schema) -> list[str]:
    """Return the columns of a unit that the file has, and check their types."""
    if missing := [name for name in ("id", "variants") if name not in schema]:
        raise InputError(
            f"{path}: has no column {missing[0]!r}; its columns must be those of hexapla's own exports"
        )
    columns = [name for name in UNIT if name in schema]
    for name in columns:
        if not _fits(schema[name], UNIT[name]):
            raise InputError(
                f"{path}: the column {name!r} is of type {schema[name]} and must be {UNIT[name]}"
            )
    return columns


def _fits(found: object, wanted: object) -> bool:
    """Return whether a column has the wanted type, or that of an earlier release, whose variants had fewer fields."""
    if isinstance(found, pl.List) and isinstance(wanted, pl.List):
        return _fits(found.inner, wanted.inner)
    if isinstance(found, pl.Struct) and isinstance(wanted, pl.Struct):
        return dict(found).items() <= dict(wanted).items()
    return found == wanted


def _properties(text: str | None) -> Any:  # noqa: ANN401 - of any type; it is checked with the rest of the unit
    try:
        return json.loads(text) if text else {}
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"properties are not a JSON object ({text[:40] if text else text!r})") from error
