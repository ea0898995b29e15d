"""Supervision of a worker: one that takes too long or too much memory is killed, and its document is tried again."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from hexapla.batch.messages import RETRIED, Failure, FailureKind, Outcome, Prepared, Setup, Task
from hexapla.errors import WorkerFailed

POLL_INTERVAL = 0.1  # seconds between checks of a worker
_ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"),
    "1",
)  # each worker has one core


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a document.

    Attributes:
        seconds: time limit of an attempt.
        megabytes: limit of the memory of the worker, including its encoder; only enforced on Linux.
        retries: further attempts after one that reached a limit or ended its worker.
    """

    seconds: float
    megabytes: int
    retries: int


class SupervisedWorker:
    """A worker that is started when needed, and started again after it has ended.

    Args:
        setup: how documents are aligned.
        limits: limits of a document.
    """

    def __init__(self, setup: Setup, limits: Limits) -> None:
        self._setup, self._limits = setup, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._worked = False  # whether any worker has started
        self._starting = Lock()

    def run(self, task: Task) -> Outcome | None:
        """Align a document.

        Args:
            task: the document.

        Returns:
            The outcome; None if the worker was stopped meanwhile.

        Raises:
            WorkerFailed: the first worker cannot start.
        """
        seconds, attempts = 0.0, 0
        while started := self._started():
            begin = monotonic()
            result = started if isinstance(started, Failure) else self._attempt(started, task)
            seconds, attempts = seconds + monotonic() - begin, attempts + 1
            if self._stopped:
                return None
            if isinstance(result, Failure) and result.kind in RETRIED:
                self._end()
                if attempts <= self._limits.retries:
                    continue
                result = Failure(result.kind, f"{task.document}: {result.message} (tried {attempts} times)")
            return Outcome(task, result, attempts, seconds)
        return None

    def stop(self) -> None:
        """End the worker for good, even in the middle of a document; meant to be called from another thread."""
        with self._starting:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Stop the worker; no other one replaces it."""
        self.stop()
        self._end()

    def _attempt(self, process: subprocess.Popen[bytes], task: Task) -> Prepared | Failure:
        with self._watched(process) as reasons:
            result: Prepared | Failure | None = _ask(process, task)
        if result is None:
            return reasons[0] if reasons else Failure(FailureKind.CRASH, _ending(process.wait()))
        if reasons:  # it reached a limit just as it answered
            self._end()
        return result

    def _started(self) -> subprocess.Popen[bytes] | Failure | None:
        """Worker that is ready, or the failure if a replacement cannot start; None if the worker was stopped."""
        with self._starting:
            if self._stopped:
                return None
            if self._process is not None and self._process.poll() is None:
                return self._process
            self._end()
            command = [sys.executable, "-P", "-m", "hexapla.batch.worker"]
            process = self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | _ONE_THREAD,
                start_new_session=True,  # Ctrl-C is meant for the supervising process
            )
        problem = _ask(process, self._setup, "it ended before it was ready")
        if self._stopped:
            return None
        if problem is None:
            self._worked = True
            return process
        if self._worked:
            return Failure(FailureKind.CRASH, f"its worker cannot start: {problem}")
        raise WorkerFailed(f"a worker cannot start: {problem}")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                with suppress(BrokenPipeError):
                    pipe.close()

    @contextmanager
    def _watched(self, process: subprocess.Popen[bytes]) -> Iterator[list[Failure]]:
        """Watch a worker, and kill it when it reaches a limit.

        Args:
            process: the worker.

        Yields:
            list[Failure]: the failure, once a limit is reached.
        """
        done, reasons = Event(), list[Failure]()
        thread = Thread(target=self._watch, args=(process, done, reasons), daemon=True)
        thread.start()
        try:
            yield reasons
        finally:
            done.set()
            thread.join()

    def _watch(self, process: subprocess.Popen[bytes], done: Event, reasons: list[Failure]) -> None:
        limits, begin = self._limits, monotonic()
        while not done.wait(POLL_INTERVAL):
            if monotonic() - begin > limits.seconds:
                message = f"takes longer than {limits.seconds:g} seconds: split it, or raise --time-limit"
                reasons.append(Failure(FailureKind.TIME, message))
            elif (held := _megabytes(process.pid)) > limits.megabytes:
                message = (
                    f"takes {held:,.0f} MB of memory, above the limit of {limits.megabytes:,} MB: split it, or raise "
                    "--memory-limit"
                )
                reasons.append(Failure(FailureKind.MEMORY, message))
            if reasons:
                process.kill()
                return


def _ask(process: subprocess.Popen[bytes], message: Setup | Task, default: str | None = None) -> Any:  # noqa: ANN401
    """Answer of a worker, or the default if it ends before it answers."""
    assert process.stdin
    assert process.stdout
    try:
        pickle.dump(message, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        return pickle.load(process.stdout)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError, ValueError):
        return default


def _megabytes(pid: int) -> float:
    """Memory of a process (resident set, see proc(5)); 0 where the system does not provide it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _ending(status: int) -> str:
    """How a process ended, in words."""
    how = f"by the signal {signal.Signals(-status).name}" if status < 0 else f"with the status {status}"
    return f"its worker was ended {how}, perhaps because the machine was short of memory"
