"""Protocols of the functions of a format, and their data types; `hexapla.formats.registry` lists them by suffix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hexapla.rows import Alignment
from hexapla.units import Unit


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """A problem with a unit of a file, and where it is.

    Attributes:
        path: the file.
        line: line of the unit, or row of a table, counted from 1; None if the format has no lines.
        unit: the unit's identifier in the file, or None.
        reason: what is wrong with the unit, including the values.
    """

    path: Path
    line: int | None
    unit: str | None
    reason: str

    def __str__(self) -> str:
        """`FILE, line 12, unit a1: reason`."""
        places = [str(self.path), *([f"line {self.line}"] if self.line else [])]
        return f"{', '.join([*places, *([f'unit {self.unit}'] if self.unit else [])])}: {self.reason}"


Skip = Callable[[UnitProblem], None]
"""Called with each unit that cannot be read; an exception that it raises ends the reading."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """Options of a writer.

    Attributes:
        languages: tags to write, source first; empty for all languages.
        profile: name of a profile of the TMX writer, for the tool that will read the file.
        title: what the file was made from: name and version of the memory.
        created: when that was made, so that the same memory version gives the same bytes; None if unknown.
        minimum_probability: aligned rows below this probability, in 0..1, are left out of a file of units.
    """

    languages: Sequence[str] = ()
    profile: str = "generic"
    title: str = ""
    created: datetime | None = None
    minimum_probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Written:
    """The result of writing units.

    Attributes:
        units: number of units written.
        left_out: units that were not written, and why; units without a second language are not listed.
        files: the files written, if other than the one requested.
        varieties: number of units by the tag of a text and the tag of a pair under which it was written, if they
            differ.
    """

    units: int
    left_out: tuple[UnitProblem, ...] = ()
    files: tuple[Path, ...] = ()
    varieties: Mapping[tuple[str, str], int] = field(default_factory=dict)


class UnitReader(Protocol):
    """Reads the units of a file, one after the other."""

    def __call__(self, path: Path, skip: Skip) -> Iterator[Unit]:
        """Read units.

        Args:
            path: the file.
            skip: called with each unit that cannot be read.

        Returns:
            The units, read lazily.

        Raises:
            InputError: the file as a whole cannot be read.
        """
        ...


class UnitWriter(Protocol):
    """Writes units to a file, whole or not at all."""

    def __call__(self, units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
        """Write units.

        Args:
            units: the units, in the order in which they are written.
            path: the output.
            options: options of the writer.

        Returns:
            What was written.

        Raises:
            OutputError: the output cannot be written.
        """
        ...


class RowWriter(Protocol):
    """Writes the rows of an alignment to a file, whole or not at all."""

    def __call__(self, alignment: Alignment, path: Path, options: WriteOptions) -> int:
        """Write rows.

        Args:
            alignment: the rows.
            path: the output.
            options: options of the writer.

        Returns:
            Number of units, rows or beads written.

        Raises:
            OutputError: the output cannot be written.
        """
        ...


class LanguageCheck(Protocol):
    """Refuses languages that a format cannot hold, before anything is aligned for it."""

    def __call__(self, languages: Sequence[str], path: Path, options: WriteOptions) -> None:
        """Check languages.

        Args:
            languages: tags of the documents.
            path: the output, for the message.
            options: options of the writer.

        Raises:
            OutputError: the format cannot hold these languages.
        """
        ...
