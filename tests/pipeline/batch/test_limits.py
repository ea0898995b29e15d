"""Supervised workers: limits, retries, and processes that end when they should."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest

from hexapla.batch.engines import LocalEngine
from hexapla.batch.ledger import EntryStatus
from hexapla.batch.messages import Failure, FailureKind, Outcome, Prepared, Setup, Task
from hexapla.batch.supervisor import SupervisedWorker
from hexapla.batch.worker import attempt
from hexapla.errors import WorkerFailed
from hexapla.inputs import Input
from hexapla.memory.cleaning.rules import Rules
from hexapla_models.encoder import Encoder
from support_batch import (
    LIMITS,
    SETUP,
    add_batch,
    is_running,
    rows_of_ledger,
    workers_of,
    write_files,
    write_manifest,
)

pytestmark = pytest.mark.kill

LONG = 150  # passages of a document that no machine aligns in a tenth of a second


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """A long document."""
    write_files(tmp_path, 0, blocks=LONG)
    inputs = tuple(Input(tmp_path / f"000.{tag}.txt", tag) for tag in ("en", "fr"))
    return Task("D/000", inputs, None, ("0", "0"))


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until a condition is true, for at most a minute."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def assert_crashed(outcome: Outcome | None, reason: str) -> None:
    """Assert that a document failed because its worker ended, for the given reason."""
    assert outcome
    assert isinstance(outcome.result, Failure)
    assert outcome.result.kind is FailureKind.CRASH
    assert reason in outcome.result.message


def run_while_killed(worker: SupervisedWorker, task: Task) -> Outcome | None:
    """Align a document with a waiting worker, which is killed soon after it has begun."""
    (process,) = workers_of(os.getpid())
    killing = Timer(0.05, os.kill, (process, signal.SIGKILL))
    killing.start()
    outcome = worker.run(task)
    killing.join()
    return outcome


@pytest.mark.parametrize(
    ("limits", "kind", "message"),
    [
        (
            replace(LIMITS, seconds=0.01, retries=1),
            FailureKind.TIME,
            "takes longer than 0.01 seconds: split it, or",
        ),
        (
            replace(LIMITS, megabytes=50, retries=1),
            FailureKind.MEMORY,
            "MB of memory, above the limit of 50 MB: split",
        ),
    ],
)
def test_a_document_that_reaches_a_limit_fails_and_is_tried_again_by_the_next_batch(
    tmp_path: Path, limits: object, kind: FailureKind, message: str
) -> None:
    """The document is tried the set number of times, recorded in the ledger, and added once the limit allows it."""
    assert isinstance(limits, type(LIMITS))
    manifest = write_manifest(tmp_path / "documents", 1, blocks=LONG)
    summary, _ = add_batch(manifest, tmp_path / "memory", LocalEngine(SETUP, limits, 1))
    row = rows_of_ledger(tmp_path / "memory")["D/000"]
    assert (summary.done, summary.failed, row.status, row.kind) == (0, 1, EntryStatus.FAILED, kind)
    assert row.attempts == 2
    assert row.error
    assert row.error.startswith("D/000: takes")
    assert message in row.error
    assert row.error.endswith("(tried 2 times)")
    summary, _ = add_batch(manifest, tmp_path / "memory")
    assert (summary.done, summary.failed) == (1, 0)
    assert workers_of(os.getpid()) == []


def test_a_worker_that_dies_is_replaced(task: Task) -> None:
    """A document whose worker is killed is aligned by a new one, if it may be tried again."""
    worker = SupervisedWorker(SETUP, replace(LIMITS, retries=1))
    worker.run(replace(task, inputs=()))  # the worker is started, and waits

    outcome = run_while_killed(worker, task)
    worker.close()
    assert outcome
    assert isinstance(outcome.result, Prepared)
    assert outcome.attempts == 2


def test_a_worker_that_cannot_be_replaced_fails_only_its_document(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the machine is short of memory for a while, the batch continues with the next documents."""
    worker = SupervisedWorker(SETUP, replace(LIMITS, retries=1))
    worker.run(replace(task, inputs=()))
    (process,) = workers_of(os.getpid())
    os.kill(process, signal.SIGKILL)
    with monkeypatch.context() as short:
        short.setattr(sys, "executable", "/bin/false")
        outcome = worker.run(task)
    next_one = worker.run(task)
    worker.close()
    assert_crashed(outcome, "its worker cannot start")
    assert next_one
    assert isinstance(next_one.result, Prepared)


def test_a_document_that_kills_its_workers_fails(task: Task) -> None:
    """The failure names the signal, and the next document gets a new worker."""
    worker = SupervisedWorker(SETUP, LIMITS)
    worker.run(replace(task, inputs=()))
    outcome = run_while_killed(worker, task)
    next_one = worker.run(replace(task, inputs=()))
    worker.close()
    assert_crashed(outcome, "its worker was ended by the signal SIGKILL")
    assert next_one
    assert isinstance(next_one.result, Failure)
    assert next_one.result.kind is FailureKind.INPUT


def test_a_worker_may_be_stopped_from_another_thread(task: Task) -> None:
    """The document is abandoned at once, and the worker does not start again."""
    worker = SupervisedWorker(SETUP, LIMITS)
    worker.run(replace(task, inputs=()))
    Timer(0.05, worker.stop).start()
    assert worker.run(task) is None
    assert worker.run(task) is None
    worker.close()
    assert workers_of(os.getpid()) == []


@pytest.mark.parametrize(
    ("setup", "reason"),
    [
        (replace(SETUP, model="no-such-encoder"), "no encoder is named 'no-such-encoder'"),
        (replace(SETUP, hash="0" * 12), "and in the memory 000000000000: install the same encoder"),
        (replace(SETUP, hexapla="0.0.1"), "and the batch uses 0.0.1: install the same release"),
    ],
)
def test_a_worker_that_cannot_start_ends_the_batch(task: Task, setup: Setup, reason: str) -> None:
    """The error names the reason, and no document fails because of it."""
    with pytest.raises(WorkerFailed, match=f"a worker cannot start: .*{reason}"):
        list(LocalEngine(setup, LIMITS, 1).outcomes(iter([task])))
    assert workers_of(os.getpid()) == []


def test_a_closed_engine_leaves_no_process(task: Task) -> None:
    """Closing the iterator of outcomes ends the work."""

    def tasks() -> Iterator[Task]:
        while True:
            yield task

    outcomes = LocalEngine(SETUP, LIMITS, 2).outcomes(tasks())
    while next(outcomes) is None:
        pass
    assert workers_of(os.getpid())
    outcomes.close()
    assert workers_of(os.getpid()) == []


def test_workers_end_with_the_process_that_started_them(task: Task) -> None:
    """If that process is killed, its workers end."""
    code = (
        "import sys, pickle; from support_batch import *; from hexapla.batch.supervisor import SupervisedWorker\n"
        "worker = SupervisedWorker(SETUP, LIMITS)\n"
        "task = pickle.load(sys.stdin.buffer)\n"
        "while True: worker.run(task)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, env=environment) as process:
        assert process.stdin
        pickle.dump(task, process.stdin)
        process.stdin.close()
        wait_for(lambda: workers_of(process.pid))
        (worker,) = workers_of(process.pid)
        process.kill()
    wait_for(lambda: not is_running(worker))


def test_a_fault_is_reported_with_its_type(task: Task, encoder: Encoder) -> None:
    """An unexpected error becomes one line that asks to report it, and the worker continues."""

    class Broken:
        """Has no vectors."""

        name, hash, dimension, languages = encoder.name, encoder.hash, encoder.dimension, encoder.languages

    result = attempt(task, Broken(), Rules())  # type: ignore[arg-type]
    assert isinstance(result, Failure)
    assert result.kind is FailureKind.FAULT
    assert result.message.startswith("AttributeError: 'Broken' object has no attribute 'read'")
    assert "fault of hexapla" in result.message
