"""Commits of a batch: what workers found comes into the memory in large appends, by one process.

What waits is committed when it is much, or when commits cost a small share of the time: every few seconds in a small
memory, more rarely in a large one. In this order, of which each step is whole or not there at all:

1. the vectors of the texts, which do no harm without units;
2. the units, with the records of their documents: from here on they are done;
3. the rows of the ledger, which a later batch completes if the process is killed before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import numpy as np
import polars as pl

from hexapla.batch.ledger import EntryStatus, Ledger, LedgerEntry, done_entry
from hexapla.batch.messages import Failure, Outcome, Prepared, Task
from hexapla.batch.plan import document_rows
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.log import Log, concerning
from hexapla.unit_table import RECORD
from hexapla.units import account

LEAST = 1.0  # seconds between two commits
SHARE = 0.03  # of the time that commits may take
MOST = 50_000  # units that wait, about 200 MB in six languages


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What a commit did.

    Attributes:
        rows: of the ledger.
        again: documents that somebody else changed meanwhile, to be prepared anew.
    """

    rows: tuple[LedgerEntry, ...] = ()
    again: tuple[Task, ...] = ()


class Committer:
    """Gathers outcomes, and commits them.

    Args:
        folder: of the memory.
        ledger: of the memory.
        name: of the manifest, for the history.
        version: of the memory, of which is known what it has of the documents.
    """

    def __init__(self, folder: Folder, ledger: Ledger, name: str, version: int) -> None:
        self._folder, self._ledger, self._name = folder, ledger, name
        self._version = version
        self._alone = True
        self._waiting: list[Outcome] = []
        self._found: deque[LedgerEntry] = deque()
        self._units = 0
        self._last, self._cost = monotonic(), 0.0

    def add(self, outcome: Outcome) -> None:
        """Have an outcome wait for the next commit."""
        self._waiting.append(outcome)
        if isinstance(outcome.result, Prepared):
            self._units += len(outcome.result.units)

    def found(self, row: LedgerEntry) -> None:
        """Have a row of the ledger wait, of a document that is in the memory already; any thread may call it."""
        self._found.append(row)

    @property
    def due(self) -> bool:
        """Whether it is time for a commit."""
        if not self._waiting and not self._found:
            return False
        return self._units >= MOST or monotonic() - self._last >= max(LEAST, self._cost / SHARE)

    def commit(self) -> CommitResult:
        """Commit what waits.

        Returns:
            What was done.

        Raises:
            UnwritableMemory: the disk is full or read-only; what was not committed is begun again by the next batch.
        """
        begin = monotonic()
        prepared = [outcome for outcome in self._waiting if isinstance(outcome.result, Prepared)]
        again = self._commit_units(prepared)
        rows = [_row(outcome) for outcome in self._waiting if outcome.task.document not in again]
        found = [self._found.popleft() for _ in range(len(self._found))]
        self._ledger.append([*found, *rows])
        self._waiting, self._units = [], 0
        self._last = monotonic()
        self._cost = self._last - begin
        return CommitResult(tuple(rows), tuple(again.values()))

    def _commit_units(self, outcomes: Sequence[Outcome]) -> Mapping[str, Task]:
        """Commit units, and give the documents that somebody else changed meanwhile."""
        if not outcomes:
            return {}
        results = [_prepared(outcome) for outcome in outcomes]
        vectors = [result for result in results if result.keys]
        if vectors:
            keys = pl.Series("key", [key for result in vectors for key in result.keys], dtype=pl.Binary)
            self._folder.vectors.add(keys, np.concatenate([result.vectors for result in vectors]))
        with self._folder.writing():
            state = self._folder.units.state()
            again = self._changed(Log(state), [outcome.task for outcome in outcomes])
            kept = [_prepared(outcome) for outcome in outcomes if outcome.task.document not in again]
            frames = [result.units for result in kept if len(result.units)]
            removed = [id for result in kept for id in result.removed]
            if frames or removed:
                units = pl.concat(frames) if frames else results[0].units.clear()
                self._version = self._folder.commit(state, units, removed, self._info(kept, units))
        return again

    def _changed(self, log: Log, tasks: Sequence[Task]) -> Mapping[str, Task]:
        """Documents of which the memory has something else than when they were prepared."""
        self._alone = self._alone and log.state.version == self._version
        if self._alone:
            return {}
        now = document_rows(log, [task.document for task in tasks])
        return {
            task.document: task
            for task in tasks
            if task.seen != (concerning(now[task.document]) if task.document in now else frozenset())
        }

    def _info(self, results: Sequence[Prepared], units: pl.DataFrame) -> dict[str, Any]:
        """What the history says of a commit."""
        added, removed = (
            sum(each) for each in zip(*((r.added, len(r.removed)) for r in results), strict=True)
        )
        updated = int((units["level"] != RECORD).sum()) - added
        return {
            "operation": "batch",
            "author": account(),
            "counts": {"added": added, "updated": updated, "removed": removed},
            "parameters": {"manifest": self._name, "documents": len(results)},
        }


def _prepared(outcome: Outcome) -> Prepared:
    assert isinstance(outcome.result, Prepared)
    return outcome.result


def _row(outcome: Outcome) -> LedgerEntry:
    """What the ledger says of an outcome."""
    task, result = outcome.task, outcome.result
    row = replace(
        done_entry(task.document, task.inputs, task.hashes),
        seconds=outcome.seconds,
        attempts=outcome.attempts,
    )
    if isinstance(result, Failure):
        return replace(row, status=EntryStatus.FAILED, kind=result.kind.value, error=result.message)
    return replace(row, rows=result.rows, filtered=result.filtered, warnings=result.warnings)
