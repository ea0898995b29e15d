"""The run of a batch, from its manifest to its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from hexapla.batch.commits import Committer
from hexapla.batch.engines import Engine
from hexapla.batch.ledger import FOLDER, EntryStatus, Ledger, LedgerEntry, done_entry
from hexapla.batch.manifest import BatchManifest
from hexapla.batch.messages import Task
from hexapla.batch.plan import ChangeStatus, PlannedDocument, Planner, document_rows
from hexapla.errors import InputError, StoreError
from hexapla.memory.storage.files import os_errors_as
from hexapla.memory.storage.folder import Folder, check_empty, encoder_of
from hexapla.memory.storage.locks import flock
from hexapla.memory.storage.log import Log
from hexapla.progress import Progress
from hexapla_models.registry import DEFAULT_ENCODER

CHANGED_AT_ONCE = 500  # changed documents whose rows are looked up together, in one pass over the memory


@dataclass(frozen=True, slots=True)
class Summary:
    """Summary of a batch.

    Attributes:
        documents: number of documents in the manifest.
        done: number of documents that were aligned and committed.
        unchanged: number of documents that were in the memory already.
        failed: number of documents that failed.
        failed_before: number of documents that failed in an earlier batch and were not tried again, since none of their
            files has changed.
        left: number of documents that were not started or not finished, since the batch was stopped.
        seconds: time that the batch took.
        version: memory version after the batch.
    """

    documents: int
    done: int
    unchanged: int
    failed: int
    failed_before: int
    left: int
    seconds: float
    version: int


def open_folder(path: Path, model: str | None = None) -> Folder:
    """Open the folder of a memory, or create it if it is missing.

    Args:
        path: path of the memory.
        model: name of the encoder for a new memory; None for the default encoder.

    Returns:
        The folder, whose encoder is available.

    Raises:
        NotAMemory: there is something else at this path.
        OtherEncoder: this installation lacks the encoder of the memory.
        UnwritableMemory: the folder cannot be created.
    """
    if not Folder.holds_memory(path):
        return Folder.create(path, encoder_of(model or DEFAULT_ENCODER))
    folder = Folder.open(path)
    folder.check_encoder(model)
    _ = folder.encoder  # raises before any work is done
    return folder


def dry_run(
    path: Path, manifest: BatchManifest, progress: Progress
) -> tuple[Counter[ChangeStatus], list[Path]]:
    """Determine what a batch would do.

    Args:
        path: path of the memory, which may be missing.
        manifest: the documents.
        progress: progress callback.

    Returns:
        Number of documents by status (new, changed and so on), and files that cannot be read.

    Raises:
        NotAMemory: there is something other than a memory at this path.
    """
    ledger = Ledger(path)
    if Folder.holds_memory(path):
        log = Log(Folder.open(path).units.state())
    else:
        check_empty(path)
        log = None
    counts, missing = Counter[ChangeStatus](), list[Path]()
    for chunk in Planner(log, ledger if ledger.exists else None).plan(manifest):
        counts.update(planned.status for planned in chunk)
        missing += [file for planned in chunk for file in planned.missing]
        progress("Hashing files", counts.total(), manifest.count)
    return counts, missing


def run_batch(
    folder: Folder,
    manifest: BatchManifest,
    engine: Engine,
    *,
    stopped: Callable[[], bool],
    on_commit: Callable[[LedgerEntry], None],
    progress: Progress,
) -> Summary:
    """Align the documents of a manifest and add them to a memory, except those that are in it unchanged.

    Args:
        folder: folder of the memory.
        manifest: the documents.
        engine: engine that aligns them.
        stopped: returns whether to stop; called several times a second.
        on_commit: called with the ledger entry of each document once it is committed.
        progress: progress callback.

    Returns:
        Summary of the batch.

    Raises:
        InputError: another batch is being added to the memory.
        UnwritableMemory: the disk is full or read-only; earlier commits stay.
        WorkerFailed: a worker cannot start; earlier results are committed.
    """
    with _only_batch(folder.path):
        return _Run(folder, manifest, engine, Ledger.of(folder), on_commit, progress).run(stopped)


@contextmanager
def _only_batch(path: Path) -> Iterator[None]:
    """Hold the lock that allows only one batch at a time to be added to a memory."""
    with os_errors_as(path):
        (path / FOLDER).mkdir(exist_ok=True)
        file = (path / FOLDER / "lock").open("ab")
    with file:
        try:
            flock(file, exclusive=True)
        except BlockingIOError as error:
            raise InputError(
                f"{path}: another batch is being added to this memory: wait until it has finished, or stop it."
            ) from error
        yield


class _Run:
    """A running batch; a thread of the engine takes the documents."""

    def __init__(
        self,
        folder: Folder,
        manifest: BatchManifest,
        engine: Engine,
        ledger: Ledger,
        on_commit: Callable[[LedgerEntry], None],
        progress: Progress,
    ) -> None:
        self._folder, self._manifest, self._engine = folder, manifest, engine
        self._on_commit, self._progress = on_commit, progress
        state = folder.units.state()
        self._planner = Planner(Log(state), ledger)
        self._committer = Committer(folder, ledger, manifest.name, state.version)
        self._skipped: Counter[ChangeStatus] = Counter()
        self._statuses: Counter[EntryStatus] = Counter()
        self._again: list[Task] = []
        self._begin, self._tried = monotonic(), 0

    def run(self, stopped: Callable[[], bool]) -> Summary:
        """Run the batch; see `run_batch`."""
        tasks, stop = self._tasks(), False
        while not stop:
            try:
                stop = self._engage(tasks, stopped)
            except StoreError:
                raise
            except Exception:
                self._commit()
                raise
            self._commit()
            if not self._again:
                break
            tasks, self._again = self._with_known(self._again), []
        return self._summary()

    def _engage(self, tasks: Iterator[Task], stopped: Callable[[], bool]) -> bool:
        """Run the engine on the documents, and return whether the batch was stopped."""
        with closing(self._engine.outcomes(tasks)) as outcomes:
            for outcome in outcomes:
                if outcome is not None:
                    self._committer.add(outcome)
                    self._tried += 1
                if self._committer.due:
                    self._commit()
                self._report()
                if stopped():
                    return True
        return False

    def _tasks(self) -> Iterator[Task]:
        """Documents to align, changed ones in groups; skipped documents are counted."""
        changed: list[Task] = []
        for chunk in self._planner.plan(self._manifest):
            for planned in chunk:
                task = Task(planned.entry.document, planned.entry.inputs, None, planned.hashes)
                if planned.status is ChangeStatus.NEW:
                    yield task
                elif planned.status is ChangeStatus.CHANGED:
                    changed.append(task)
                else:
                    self._skip(planned)
            if len(changed) >= CHANGED_AT_ONCE:
                yield from self._with_known(changed)
                changed = []
        yield from self._with_known(changed)

    def _skip(self, planned: PlannedDocument) -> None:
        self._skipped[planned.status] += 1
        if planned.status is ChangeStatus.UNCHANGED and not planned.in_ledger:
            entry = planned.entry
            self._committer.add_unchanged(done_entry(entry.document, entry.inputs, planned.hashes))

    def _with_known(self, tasks: Sequence[Task]) -> Iterator[Task]:
        """Documents with their current rows in the memory."""
        if not tasks:
            return
        known = document_rows(Log(self._folder.units.state()), [task.document for task in tasks])
        for task in tasks:
            yield replace(task, known=known.get(task.document))

    def _commit(self) -> None:
        committed = self._committer.commit()
        self._again += committed.again
        for entry in committed.entries:
            self._statuses[entry.status] += 1
            self._on_commit(entry)

    def _report(self) -> None:
        rate = self._tried / max(monotonic() - self._begin, 1e-3)
        step = f"{self._statuses[EntryStatus.FAILED]:,} failed · {rate:.2f} documents/s"
        self._progress(step, self._skipped.total() + self._tried, self._manifest.count)

    def _summary(self) -> Summary:
        finished = self._statuses.total() + self._skipped.total()
        return Summary(
            self._manifest.count,
            self._statuses[EntryStatus.DONE],
            self._skipped[ChangeStatus.UNCHANGED],
            self._statuses[EntryStatus.FAILED],
            self._skipped[ChangeStatus.FAILED],
            self._manifest.count - finished,
            monotonic() - self._begin,
            self._folder.units.state().version,
        )
