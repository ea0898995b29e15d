"""Engines, which align the documents of a batch and hand over the outcome of each as soon as it is known."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Protocol

from hexapla.batch.messages import Outcome, Setup, Task
from hexapla.batch.supervisor import Limits, SupervisedWorker

TICK = 0.2  # seconds after which None is handed over if there is no outcome, so that the caller can do other work
_AHEAD = 8  # outcomes that may wait to be taken


class Engine(Protocol):
    """Aligns documents."""

    def outcomes(self, tasks: Iterator[Task]) -> Generator[Outcome | None]:
        """Align documents; closing the iterator ends the work.

        Args:
            tasks: the documents; only one thread at a time takes from this iterator.

        Returns:
            The outcomes in the order in which they are known, and None from time to time.
        """


class OutcomeSource(Protocol):
    """A part of an engine that works in a thread of its own."""

    def work(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Align documents; see `Engine.outcomes`."""

    def stop(self) -> None:
        """Make the work end soon; called by another thread."""


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Workers on this machine.

    Attributes:
        setup: how documents are aligned.
        limits: limits of a document.
        workers: number of workers.
    """

    setup: Setup
    limits: Limits
    workers: int

    def outcomes(self, tasks: Iterator[Task]) -> Generator[Outcome | None]:
        """See `Engine.outcomes`."""
        return gather_outcomes([_LocalWorker(self.setup, self.limits) for _ in range(self.workers)], tasks)


class _LocalWorker(SupervisedWorker):
    """A worker as a source of outcomes."""

    def work(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Align the documents that this worker takes."""
        try:
            for task in tasks:
                outcome = self.run(task)
                if outcome is None:
                    return
                yield outcome
        finally:
            self.close()


def gather_outcomes(sources: Sequence[OutcomeSource], tasks: Iterator[Task]) -> Generator[Outcome | None]:
    """Run sources in threads and gather their outcomes.

    Args:
        sources: the sources, which share the documents.
        tasks: the documents.

    Yields:
        Outcome | None: each outcome, and None if there has been none for a while.

    Raises:
        Exception: an exception raised by a source ends the work of all.
    """
    results: Queue[Outcome | Exception | None] = Queue(_AHEAD)
    stopped, shared = Event(), _SharedTasks(tasks)
    hand_over = partial(_hand_over, results, stopped)
    threads = [Thread(target=_run, args=(source, shared, hand_over), daemon=True) for source in sources]
    for thread in threads:
        thread.start()
    try:
        running = len(threads)
        while running:
            try:
                result = results.get(timeout=TICK)
            except Empty:
                yield None
                continue
            if isinstance(result, Exception):
                raise result
            if result is None:
                running -= 1
            else:
                yield result
    finally:
        stopped.set()
        for source in sources:
            source.stop()
        for thread in threads:
            thread.join()


class _HandOver(Protocol):
    def __call__(self, result: Outcome | Exception | None) -> None:
        """Hand a result over."""


def _run(source: OutcomeSource, tasks: Iterator[Task], hand_over: _HandOver) -> None:
    try:
        for outcome in source.work(tasks):
            hand_over(outcome)
        hand_over(None)
    except Exception as error:
        hand_over(error)


def _hand_over(
    results: Queue[Outcome | Exception | None], stopped: Event, result: Outcome | Exception | None
) -> None:
    """Put a result into the queue as soon as there is room; after the end, drop it."""
    while not stopped.is_set():
        with suppress(Full):
            results.put(result, timeout=TICK)
            return


class _SharedTasks(Iterator[Task]):
    """Documents that several threads take, one thread at a time."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks, self._lock = tasks, Lock()

    def __next__(self) -> Task:
        with self._lock:
            return next(self._tasks)
