"""The engine for a Ray cluster: the same worker, one in each actor of Ray Data.

An actor supervises its own worker as the local engine does, so that limits and retries are the same. In addition, a
machine may fail, since Ray repeats elsewhere what was started there (Moritz et al., "Ray", 2018). The machines read the
files of the documents, but never the memory.
"""

from __future__ import annotations

import logging
import pickle
import signal
import socket
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from threading import Event
from typing import Any

import numpy as np

from hexapla.batch.engines import gather_outcomes
from hexapla.batch.messages import Outcome, Setup, Task
from hexapla.batch.supervisor import Limits, SupervisedWorker
from hexapla.errors import InputError, MissingRay

WINDOW = 500  # documents that are given to Ray at a time
PATIENCE = 10.0  # seconds within which a machine must answer

Column = dict[str, Any]


def check_ray() -> None:
    """Check that Ray is installed.

    Raises:
        MissingRay: Ray is not installed; the message says how to install it.
    """
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise MissingRay(
            f"--engine ray needs Ray, which is not installed ({error}): pip install 'hexapla[ray]'"
        ) from error


@dataclass(frozen=True, slots=True)
class RayEngine:
    """Workers on a Ray cluster.

    Attributes:
        setup: how documents are aligned.
        limits: limits of a document.
        workers: number of workers; None for the number of cores of the cluster.
        address: address of the cluster; if None, a cluster is started on this machine.
    """

    setup: Setup
    limits: Limits
    workers: int | None
    address: str | None

    def outcomes(self, tasks: Iterator[Task]) -> Generator[Outcome | None]:
        """See `hexapla.batch.engines.Engine.outcomes`."""
        check_ray()
        import ray

        started = not ray.is_initialized()
        if started:
            self._connect()
        try:
            workers = self.workers or _cores()
            end = ray.shutdown if started else lambda: None
            yield from gather_outcomes([_Windows(self.setup, self.limits, workers, end)], tasks)
        finally:
            if started:
                ray.shutdown()

    def _connect(self) -> None:
        import ray

        cores = self.workers if self.address is None else None
        handler = signal.getsignal(signal.SIGTERM)
        try:
            _check_address(self.address)
            ray.init(
                address=self.address,
                num_cpus=cores,
                include_dashboard=None if self.address else False,
                logging_level=logging.WARNING,
                log_to_driver=False,
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(
                f"no Ray cluster can be used at {self.address or 'this machine'} ({error}): check --address."
            ) from error
        signal.signal(signal.SIGTERM, handler)  # Ray's own handler would end the process without a commit


def _check_address(address: str | None) -> None:
    """Try to reach a cluster, since Ray itself would try for minutes."""
    host, _, port = (address or "").rpartition(":")
    if host and port.isdecimal() and "/" not in host:
        socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()


def _cores() -> int:
    """Number of cores of the cluster."""
    import ray

    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return max(1, int(resources.get("CPU", 1)))


@dataclass(frozen=True, slots=True)
class _Windows:
    """Documents given to Ray in windows of limited size, since Ray needs the whole of its input before it starts."""

    setup: Setup
    limits: Limits
    workers: int
    end: Callable[[], None]
    stopped: Event = field(default_factory=Event)

    def stop(self) -> None:
        """End at once, or after the next outcome if Ray was not started by this engine."""
        self.stopped.set()
        self.end()

    def work(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Align documents; each outcome is yielded once, although Ray may have aligned its document twice."""
        going = takewhile(lambda _: not self.stopped.is_set(), tasks)
        while window := list(islice(going, WINDOW)):
            left = {task.document for task in window}
            for outcome in self._window(window):
                if self.stopped.is_set():
                    return
                if outcome.task.document in left:
                    left.remove(outcome.task.document)
                    yield outcome

    def _window(self, tasks: list[Task]) -> Iterator[Outcome]:
        import ray.data

        _quieten()
        items = [{"task": pickle.dumps(task)} for task in tasks]
        found = ray.data.from_items(items, override_num_blocks=len(items)).map_batches(
            _Actor,
            fn_constructor_args=(self.setup, self.limits),
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=self.workers, initial_size=self.workers),
            num_cpus=1,
            batch_size=1,
        )
        for row in found.iter_rows():
            yield pickle.loads(row["outcome"])


class _Actor:
    """A supervised worker in a process of Ray."""

    def __init__(self, setup: Setup, limits: Limits) -> None:
        self._worker = SupervisedWorker(setup, limits)

    def __call__(self, batch: Column) -> Column:
        outcomes = [pickle.dumps(self._worker.run(pickle.loads(task))) for task in batch["task"]]
        return {"outcome": np.array(outcomes, dtype=object)}


def _quieten() -> None:
    """Stop Ray Data from printing its plans and progress bars among ours."""
    from ray.data import DataContext

    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.WARNING)
