"""The formats in which units come into a memory and leave it; adding one is a module and a line in FORMATS.

A module of a format has `read_units`, `write_units` or both, with the signatures of Reader and Writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hexapla.errors import InputError
from hexapla.exchange.output import output_suffix

if TYPE_CHECKING:
    from hexapla.memory.storage.units import Unit


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a unit, and where.

    Attributes:
        path: the file.
        line: counted from 1, of the unit or of the row of a table; None if the format has no lines.
        unit: its identifier in the file, or None.
        reason: what is wrong with it, with the values.
    """

    path: Path
    line: int | None
    unit: str | None
    reason: str

    def __str__(self) -> str:
        """`FILE, line 12, unit a1: reason`."""
        places = [str(self.path), *([f"line {self.line}"] if self.line else [])]
        return f"{', '.join([*places, *([f'unit {self.unit}'] if self.unit else [])])}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a writer may be told.

    Attributes:
        languages: tags to write, source first; empty for all that a unit has.
        profile: name of the tool that the file is for, of those of the TMX writer.
        title: what the file says it was made of: name and version of the memory.
    """

    languages: Sequence[str] = ()
    profile: str = "generic"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """What a writer did.

    Attributes:
        units: how many were written.
        left_out: those that were not, and why; a unit without a second language is left out in silence.
    """

    units: int
    left_out: tuple[Finding, ...] = ()


class Reader(Protocol):
    """Reads the units of a file, one after the other."""

    def __call__(self, path: Path, skip: Callable[[Finding], None]) -> Iterator[Unit]:
        """Read units.

        Args:
            path: the file.
            skip: is told of each unit that cannot be read; what it raises ends the reading.

        Returns:
            The units, read as they are asked for.

        Raises:
            InputError: the file as a whole cannot be read.
        """
        ...


class Writer(Protocol):
    """Writes units to a file, which is there whole or not at all."""

    def __call__(self, units: Iterable[Unit], path: Path, options: ExportOptions) -> Exported:
        """Write units.

        Args:
            units: in the order in which they are written.
            path: the output.
            options: what the writer may be told.

        Returns:
            What was done.

        Raises:
            OutputError: the output cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class UnitFormat:
    """A format of units.

    Attributes:
        module: where its functions are; imported when they are needed.
        reads: whether it has `read_units`.
        writes: whether it has `write_units`.
    """

    module: str
    reads: bool = True
    writes: bool = True


_TMX = UnitFormat("hexapla.exchange.units.tmx")
FORMATS: dict[str, UnitFormat] = {
    ".tmx": _TMX,
    ".tmx.gz": _TMX,
    ".tmx.zip": UnitFormat("hexapla.exchange.units.tmx", writes=False),
    ".xlsx": UnitFormat("hexapla.exchange.units.xlsx"),
    ".tsv": UnitFormat("hexapla.exchange.units.tsv"),
    ".jsonl": UnitFormat("hexapla.exchange.units.jsonl"),
    ".parquet": UnitFormat("hexapla.exchange.units.parquet"),
    ".moses": UnitFormat("hexapla.exchange.units.moses", reads=False),
    ".xces": UnitFormat("hexapla.exchange.units.xces", reads=False),
}
"""Formats by suffix."""


def reader_of(path: Path) -> Reader:
    """The reader for a file.

    Args:
        path: the file; its suffix tells the format.

    Returns:
        The reader.

    Raises:
        InputError: no format that can be read has that suffix.
    """
    readable = sorted(suffix for suffix, each in FORMATS.items() if each.reads)
    name = path.name.lower()
    found = max((suffix for suffix in readable if name.endswith(suffix)), key=len, default=None)
    if found is None:
        raise InputError(
            f"{path}: no format that can be read has this name; it may be one of {', '.join(readable)}"
        )
    reader: Reader = import_module(FORMATS[found].module).read_units
    return reader


def writer_of(path: Path) -> Writer:
    """The writer for a file.

    Args:
        path: the output; its suffix tells the format.

    Returns:
        The writer.

    Raises:
        OutputError: no format that can be written has that suffix.
    """
    suffix = output_suffix(path, [suffix for suffix, each in FORMATS.items() if each.writes])
    writer: Writer = import_module(FORMATS[suffix].module).write_units
    return writer
