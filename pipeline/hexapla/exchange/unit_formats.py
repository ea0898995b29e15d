"""The formats in which units come into a memory and leave it; adding one is a module and a line in FORMATS.

A module of a format has `read_units`, `write_units` or both, with the signatures of Reader and Writer. One of a format
in which people correct units has `is_review` and `read_review` too, with the signature of Reviewer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
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
        created: when that version was made, so that the same version gives the same bytes; None if it is not known.
    """

    languages: Sequence[str] = ()
    profile: str = "generic"
    title: str = ""
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What a writer did.

    Attributes:
        units: how many were written.
        left_out: those that were not, and why; a unit without a second language is left out in silence.
        files: what was written, if it is not the one file that was asked for.
    """

    units: int
    left_out: tuple[Finding, ...] = ()
    files: tuple[Path, ...] = ()


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


class Reviewer(Protocol):
    """Reads what people changed in a file that was made of a memory for them to correct."""

    def __call__(
        self,
        path: Path,
        find: Callable[[Collection[str]], Iterable[Unit]],
        skip: Callable[[Finding], None],
    ) -> Iterator[Unit]:
        """Read corrections.

        Args:
            path: the file.
            find: gives the units that the memory has of these identifiers.
            skip: is told of each correction that cannot be applied; what it raises ends the reading.

        Returns:
            The units that are new or not as the memory has them, as they should be from then on.

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
        reviews: whether it has `is_review` and `read_review`.
    """

    module: str
    reads: bool = True
    writes: bool = True
    reviews: bool = False


_TMX = UnitFormat("hexapla.exchange.units.tmx")
_XLIFF = UnitFormat("hexapla.exchange.units.xliff", writes=False)
FORMATS: dict[str, UnitFormat] = {
    ".tmx": _TMX,
    ".tmx.gz": _TMX,
    ".zip": UnitFormat("hexapla.exchange.units.tmx", writes=False),
    ".xlsx": UnitFormat("hexapla.exchange.units.xlsx", reviews=True),
    ".tsv": UnitFormat("hexapla.exchange.units.tsv"),
    ".jsonl": UnitFormat("hexapla.exchange.units.jsonl"),
    ".parquet": UnitFormat("hexapla.exchange.units.parquet"),
    ".xlf": _XLIFF,
    ".xliff": _XLIFF,
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
    reader: Reader = import_module(_readable(path).module).read_units
    return reader


def reviewer_of(path: Path) -> Reviewer | None:
    """What reads the corrections of a file that was made for people to correct.

    Args:
        path: the file; its suffix tells the format.

    Returns:
        The reader of corrections; None if the file is not made for that: then it holds units, see `reader_of`.

    Raises:
        InputError: no format that can be read has that suffix, or the file cannot be read.
    """
    readable = _readable(path)
    if not readable.reviews:
        return None
    module = import_module(readable.module)
    reviewer: Reviewer = module.read_review
    return reviewer if module.is_review(path) else None


def _readable(path: Path) -> UnitFormat:
    suffixes = sorted(suffix for suffix, each in FORMATS.items() if each.reads)
    name = path.name.lower()
    found = max((suffix for suffix in suffixes if name.endswith(suffix)), key=len, default=None)
    if found is None:
        raise InputError(
            f"{path}: no format that can be read has this name; it may be one of {', '.join(suffixes)}"
        )
    return FORMATS[found]


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
