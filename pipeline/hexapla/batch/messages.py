"""Messages between the processes that commit, supervise and align: plain data, which is pickled."""

from __future__ import annotations

import copyreg
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import polars as pl

from hexapla import __version__
from hexapla.inputs import Input
from hexapla.memory.cleaning.rules import Rules
from hexapla.memory.storage.flat_files import Halves
from hexapla.memory.storage.log import row_versions


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))  # rules contain some


@dataclass(frozen=True, slots=True)
class Setup:
    """How all documents are aligned.

    Attributes:
        model: name of the encoder.
        hash: hash of the encoder of the memory.
        rules: rules of cleaning.
        hexapla: version of hexapla that all workers must have, on every machine.
    """

    model: str
    hash: str
    rules: Rules
    hexapla: str = __version__


@dataclass(frozen=True, slots=True)
class Task:
    """A document to align.

    Attributes:
        document: its name.
        inputs: its language versions.
        known: rows of the memory that belong to it; None if it is new.
        hashes: hashes of the files, in the order of the inputs; None for a file that cannot be read.
    """

    document: str
    inputs: tuple[Input, ...]
    known: pl.DataFrame | None
    hashes: tuple[str | None, ...]

    @property
    def seen(self) -> frozenset[tuple[str, int, str]]:
        """The versions of its rows in the memory (see `hexapla.memory.storage.log.row_versions`)."""
        return frozenset() if self.known is None else row_versions(self.known)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The changes that a document makes to a memory, ready to be committed.

    Attributes:
        units: units that are new or changed, and the record of the document if it is.
        removed: identifiers of units to remove.
        added: number of new units.
        rows: number of units of the document after the commit.
        filtered: number of units that rules kept out or took a language from.
        keys: keys of the texts of the units, each once.
        vectors: vectors of these texts, *Shape:* ``(keys, dimension)``.
        warnings: warnings for the user.
    """

    units: pl.DataFrame
    removed: tuple[str, ...]
    added: int
    rows: int
    filtered: int
    keys: tuple[bytes, ...]
    vectors: Halves
    warnings: tuple[str, ...]


class FailureKind(StrEnum):
    """Kinds of reasons why a document was not aligned."""

    INPUT = "input"
    TIME = "time limit"
    MEMORY = "memory limit"
    CRASH = "crash"
    FAULT = "fault"


RETRIED = (FailureKind.TIME, FailureKind.MEMORY, FailureKind.CRASH)  # failures that a new worker may avoid


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason why a document was not aligned.

    Attributes:
        kind: kind of the reason.
        message: the reason and what to do about it, in one line.
    """

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a document.

    Attributes:
        task: the document.
        result: the changes that it makes to the memory, or the failure.
        attempts: number of times that it was started.
        seconds: time that all attempts took.
    """

    task: Task
    result: Prepared | Failure
    attempts: int
    seconds: float
