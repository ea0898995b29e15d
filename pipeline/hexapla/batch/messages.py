"""What is said between the process that commits, those that supervise and those that align: plain data, pickled."""

from __future__ import annotations

import copyreg
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import polars as pl

from hexapla import __version__
from hexapla.alignment.align import Input
from hexapla.memory.cleaning.rules import Rules
from hexapla.memory.storage.flat_files import Halves
from hexapla.memory.storage.log import concerning


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))  # there are some in rules


@dataclass(frozen=True, slots=True)
class Setup:
    """How all documents are aligned.

    Attributes:
        model: name of the encoder.
        hash: of its weights, as the memory has it.
        rules: of cleaning.
        hexapla: version that all workers must have, on whatever machine.
    """

    model: str
    hash: str
    rules: Rules
    hexapla: str = __version__


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be aligned.

    Attributes:
        document: what it is known by.
        inputs: its language versions.
        known: rows that the memory has of it; None if it is new.
        hashes: of the files, in the order of the inputs; None for one that cannot be read.
    """

    document: str
    inputs: tuple[Input, ...]
    known: pl.DataFrame | None
    hashes: tuple[str | None, ...]

    @property
    def seen(self) -> frozenset[tuple[str, int, str]]:
        """What the memory had of it, see `hexapla.memory.storage.log.concerning`."""
        return frozenset() if self.known is None else concerning(self.known)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a document changes in a memory, ready to be committed.

    Attributes:
        units: units that are new or differ, and the record of the document if that does.
        removed: identifiers of units that go.
        added: how many of the units are new.
        rows: number of units that the document has then.
        filtered: number of units that rules kept out or took a language from.
        keys: of the texts of the units, each once.
        vectors: of these, *Shape:* ``(keys, dimension)``.
        warnings: sentences for the user.
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
    """Why a document was not aligned."""

    INPUT = "input"
    TIME = "time limit"
    MEMORY = "memory limit"
    CRASH = "crash"
    FAULT = "fault"


RETRIED = (FailureKind.TIME, FailureKind.MEMORY, FailureKind.CRASH)  # what may go well in a fresh worker


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document was not aligned.

    Attributes:
        kind: of the reason.
        message: in one line, with what to do.
    """

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document.

    Attributes:
        task: the document.
        result: what it changes in the memory, or why that is not known.
        attempts: how often it was begun.
        seconds: that it took, with all attempts.
    """

    task: Task
    result: Prepared | Failure
    attempts: int
    seconds: float
