"""A batch from its manifest to its summary."""

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
from hexapla.memory.storage.files import explained
from hexapla.memory.storage.folder import Folder, check_empty, encoder_of
from hexapla.memory.storage.locks import flock
from hexapla.memory.storage.log import Log
from hexapla.progress import Progress
from hexapla_models.registry import DEFAULT_ENCODER

CHANGED_AT_ONCE = (
    500  # changed documents whose rows are read from the memory at once, which is read whole for it
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a batch did.

    Attributes:
        documents: number of documents of the manifest.
        done: how many of them were aligned and committed.
        unchanged: how many were in the memory already.
        failed: how many failed.
        failed_before: how many failed in an earlier batch, and were not tried again since no file of theirs changed.
        left: how many were not begun or not finished, since the batch was stopped.
        seconds: that it took.
        version: of the memory.
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
    """The folder of a memory, made if it is missing.

    Args:
        path: of the memory.
        model: name of the encoder that a new memory has; the default one if None.

    Returns:
        The folder, whose encoder is here.

    Raises:
        NotAMemory: there is something else.
        OtherEncoder: this installation lacks the encoder of the memory.
        UnwritableMemory: it cannot be made.
    """
    if not Folder.holds_memory(path):
        return Folder.create(path, encoder_of(model or DEFAULT_ENCODER))
    folder = Folder.open(path)
    _ = folder.encoder  # raises before any work is done
    return folder


def dry_run(
    path: Path, manifest: BatchManifest, progress: Progress
) -> tuple[Counter[ChangeStatus], list[Path]]:
    """What a batch would do.

    Args:
        path: of the memory, which may be missing.
        manifest: the documents.
        progress: told how far the work is.

    Returns:
        How many documents are new, changed and so on, and files that cannot be read.

    Raises:
        NotAMemory: there is something else than a memory.
    """
    ledger = Ledger(path)
    if Folder.holds_memory(path):
        log = Log(Folder.open(path).units.state())
    else:
        check_empty(path)
        log = None
    counts, missing = Counter[ChangeStatus](), list[Path]()
    for chunk in Planner(log, ledger if ledger.exists else None).plan(manifest):
        counts.update(planned.plan for planned in chunk)
        missing += [file for planned in chunk for file in planned.missing]
        progress("Hashing files", counts.total(), manifest.count)
    return counts, missing


def run_batch(
    folder: Folder,
    manifest: BatchManifest,
    engine: Engine,
    *,
    stopped: Callable[[], bool],
    noted: Callable[[LedgerEntry], None],
    progress: Progress,
) -> Summary:
    """Align the documents of a manifest and add them to a memory, all but those that are in it as they are.

    Args:
        folder: of the memory.
        manifest: the documents.
        engine: aligns them.
        stopped: whether to end; asked several times a second.
        noted: told what became of each document, once it is committed.
        progress: told how far the work is.

    Returns:
        What was done.

    Raises:
        InputError: another batch is being added to the memory.
        UnwritableMemory: the disk is full or read-only; what was committed before stays.
        WorkerFailed: a worker cannot start; what was found before is committed.
    """
    with _only_batch(folder.path):
        return _Run(folder, manifest, engine, Ledger.of(folder), noted, progress).run(stopped)


@contextmanager
def _only_batch(path: Path) -> Iterator[None]:
    """Hold the right to add a batch to a memory."""
    with explained(path):
        (path / FOLDER).mkdir(exist_ok=True)
        file = (path / FOLDER / "lock").open("ab")
    with file:
        try:
            flock(file, exclusive=True)
        except BlockingIOError as error:
            raise InputError(
                f"{path}: another batch is being added to this memory: wait for its end, or stop it."
            ) from error
        yield


class _Run:
    """A batch that runs; the documents to be done are asked for by a thread of the engine."""

    def __init__(
        self,
        folder: Folder,
        manifest: BatchManifest,
        engine: Engine,
        ledger: Ledger,
        noted: Callable[[LedgerEntry], None],
        progress: Progress,
    ) -> None:
        self._folder, self._manifest, self._engine = folder, manifest, engine
        self._noted, self._progress = noted, progress
        state = folder.units.state()
        self._planner = Planner(Log(state), ledger)
        self._committer = Committer(folder, ledger, manifest.name, state.version)
        self._skipped: Counter[ChangeStatus] = Counter()
        self._states: Counter[EntryStatus] = Counter()
        self._again: list[Task] = []
        self._begin, self._tried = monotonic(), 0

    def run(self, stopped: Callable[[], bool]) -> Summary:
        """Do the work; see `run_batch`."""
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
        """Have the engine work, and say whether it was stopped."""
        with closing(self._engine.outcomes(tasks)) as outcomes:
            for outcome in outcomes:
                if outcome is not None:
                    self._committer.add(outcome)
                    self._tried += 1
                if self._committer.due:
                    self._commit()
                self._tell()
                if stopped():
                    return True
        return False

    def _tasks(self) -> Iterator[Task]:
        """Documents to be done, changed ones in groups; what is skipped is counted."""
        changed: list[Task] = []
        for chunk in self._planner.plan(self._manifest):
            for planned in chunk:
                task = Task(planned.entry.document, planned.entry.inputs, None, planned.hashes)
                if planned.plan is ChangeStatus.NEW:
                    yield task
                elif planned.plan is ChangeStatus.CHANGED:
                    changed.append(task)
                else:
                    self._skip(planned)
            if len(changed) >= CHANGED_AT_ONCE:
                yield from self._with_known(changed)
                changed = []
        yield from self._with_known(changed)

    def _skip(self, planned: PlannedDocument) -> None:
        self._skipped[planned.plan] += 1
        if planned.plan is ChangeStatus.UNCHANGED and not planned.told:
            entry = planned.entry
            self._committer.found(done_entry(entry.document, entry.inputs, planned.hashes))

    def _with_known(self, tasks: Sequence[Task]) -> Iterator[Task]:
        """Documents with what the memory has of them now."""
        if not tasks:
            return
        known = document_rows(Log(self._folder.units.state()), [task.document for task in tasks])
        for task in tasks:
            yield replace(task, known=known.get(task.document))

    def _commit(self) -> None:
        committed = self._committer.commit()
        self._again += committed.again
        for row in committed.rows:
            self._states[row.status] += 1
            self._noted(row)

    def _tell(self) -> None:
        rate = self._tried / max(monotonic() - self._begin, 1e-3)
        said = f"{self._states[EntryStatus.FAILED]:,} failed · {rate:.2f} documents/s"
        self._progress(said, self._skipped.total() + self._tried, self._manifest.count)

    def _summary(self) -> Summary:
        finished = self._states.total() + self._skipped.total()
        return Summary(
            self._manifest.count,
            self._states[EntryStatus.DONE],
            self._skipped[ChangeStatus.UNCHANGED],
            self._states[EntryStatus.FAILED],
            self._skipped[ChangeStatus.FAILED],
            self._manifest.count - finished,
            monotonic() - self._begin,
            self._folder.units.state().version,
        )
