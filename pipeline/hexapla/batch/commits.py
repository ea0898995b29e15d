"""Commits of a batch: one process adds the results of all workers to the memory, in large appends.

Waiting results are committed once there are many of them, or as soon as commits take only a small share of the time:
every few seconds in a small memory, less often in a large one. A commit has three steps, each of which is atomic:

1. the vectors of the texts, which do no harm without units;
2. the units with the records of their documents, which are done from then on;
3. the entries of the ledger, which a later batch completes if the process is killed before.
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
from hexapla.memory.storage.log import Log, row_versions
from hexapla.memory.storage.vectors import key_array
from hexapla.unit_records import RECORD
from hexapla.units import account

LEAST = 1.0  # seconds between two commits
SHARE = 0.03  # share of the time that commits may take
MOST_WAITING = 50_000  # units, about 200 MB in six languages


@dataclass(frozen=True, slots=True)
class CommitResult:
    """The result of a commit.

    Attributes:
        entries: entries added to the ledger.
        again: documents that another process has changed meanwhile, to be prepared again.
    """

    entries: tuple[LedgerEntry, ...] = ()
    again: tuple[Task, ...] = ()


class Committer:
    """Collects outcomes and commits them.

    Args:
        folder: folder of the memory.
        ledger: ledger of the memory.
        name: name of the manifest, for the history.
        version: memory version against which the documents were planned.
    """

    def __init__(self, folder: Folder, ledger: Ledger, name: str, version: int) -> None:
        self._folder, self._ledger, self._name = folder, ledger, name
        self._version = version
        self._sole_writer = True
        self._waiting: list[Outcome] = []
        self._unchanged: deque[LedgerEntry] = deque()
        self._units = 0
        self._last, self._cost = monotonic(), 0.0

    def add(self, outcome: Outcome) -> None:
        """Add an outcome to the next commit."""
        self._waiting.append(outcome)
        if isinstance(outcome.result, Prepared):
            self._units += len(outcome.result.units)

    def add_unchanged(self, entry: LedgerEntry) -> None:
        """Add the entry of a document that is in the memory already to the next commit; any thread may call this."""
        self._unchanged.append(entry)

    @property
    def due(self) -> bool:
        """Whether it is time for a commit."""
        if not self._waiting and not self._unchanged:
            return False
        return self._units >= MOST_WAITING or monotonic() - self._last >= max(LEAST, self._cost / SHARE)

    def commit(self) -> CommitResult:
        """Commit everything that is waiting.

        Returns:
            The result of the commit.

        Raises:
            UnwritableMemory: the disk is full or read-only; the next batch starts again with what was not committed.
        """
        begin = monotonic()
        prepared = [outcome for outcome in self._waiting if isinstance(outcome.result, Prepared)]
        again = self._commit_units(prepared)
        entries = [_entry(outcome) for outcome in self._waiting if outcome.task.document not in again]
        unchanged = [self._unchanged.popleft() for _ in range(len(self._unchanged))]
        self._ledger.append([*unchanged, *entries])
        self._waiting, self._units = [], 0
        self._last = monotonic()
        self._cost = self._last - begin
        return CommitResult(tuple(entries), tuple(again.values()))

    def _commit_units(self, outcomes: Sequence[Outcome]) -> Mapping[str, Task]:
        """Commit units, and return the documents that another process has changed meanwhile."""
        if not outcomes:
            return {}
        results = [_prepared(outcome) for outcome in outcomes]
        vectors = [result for result in results if result.keys]
        if vectors:
            keys = key_array(key for result in vectors for key in result.keys)
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
        """Documents whose units in the memory have changed since they were prepared."""
        self._sole_writer = self._sole_writer and log.state.version == self._version
        if self._sole_writer:
            return {}
        now = document_rows(log, [task.document for task in tasks])
        return {
            task.document: task
            for task in tasks
            if task.seen != (row_versions(now[task.document]) if task.document in now else frozenset())
        }

    def _info(self, results: Sequence[Prepared], units: pl.DataFrame) -> dict[str, Any]:
        """Information on a commit for the history."""
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


def _entry(outcome: Outcome) -> LedgerEntry:
    """Ledger entry of an outcome."""
    task, result = outcome.task, outcome.result
    entry = replace(
        done_entry(task.document, task.inputs, task.hashes),
        seconds=outcome.seconds,
        attempts=outcome.attempts,
    )
    if isinstance(result, Failure):
        return replace(entry, status=EntryStatus.FAILED, kind=result.kind.value, error=result.message)
    return replace(entry, rows=result.rows, filtered=result.filtered, warnings=result.warnings)
