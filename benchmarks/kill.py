"""Check that a memory stays intact when processes that add to it are killed."""

from __future__ import annotations

import os
import random
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import numpy as np

from hexapla.memory.memory import Memory
from hexapla.units import Unit

BATCH = 5  # units in a commit
CHANGES = 12  # approximate changes of files during a batch
Message = tuple[str, int]
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["hexapla.memory.memory"])  # so that each process need not import it


@dataclass(frozen=True, slots=True)
class Killed:
    """How far a process got before it was killed.

    Attributes:
        added: number of the last batch that it reported as committed; one below its first batch if there is none.
        begun: number of the last batch that it began.
        calls: Python calls during its last complete batch; 0 if there is none.
    """

    added: int
    begun: int
    calls: int


def main() -> None:
    """Kill --kills processes that add to one memory, check it after each, and print a table."""
    from _shared import print_table  # here, because the processes that add also import this file

    options = _options()
    moments = random.Random(options.seed)
    committed = cut = calls = 0
    with TemporaryDirectory() as folder:
        path = Memory.create(Path(folder) / "memory").path
        for kill in range(options.kills):
            if kill % 2:
                killed = killed_in_a_call(path, committed, moments.randrange(calls))
            else:
                killed = killed_after_changes(path, committed, moments.randrange(CHANGES))
            calls = calls or killed.calls
            committed = batches_of(path, killed)
            cut += killed.begun > killed.added
    rows = [[f"{options.kills}", f"{cut}", f"{committed}", f"{committed * BATCH}", "0"]]
    print_table(["kills", "during a commit", "commits", "units", "lost"], rows)


def _options() -> Namespace:
    arguments = ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--kills", type=int, default=200, metavar="N", help="processes to kill (default: 200)"
    )
    arguments.add_argument("--seed", type=int, default=0, help="seed of the random numbers (default: 0)")
    return arguments.parse_args()


def killed_in_a_call(path: Path, first: int, calls: int) -> Killed:
    """Let a process kill itself while it adds a batch.

    Args:
        path: path of the memory.
        first: number of its first batch.
        calls: Python calls within `add_units` after which it kills itself.

    Returns:
        How far it got.
    """
    return _run(path, first, calls, lambda process, output: [])


def killed_after_changes(path: Path, first: int, changes: int) -> Killed:
    """Kill a process after it has committed a batch and then changed files of the memory a number of times."""

    def kill(process: int, output: Connection) -> list[Message]:
        heard: list[Message] = []
        while ("added", first) not in heard:
            heard.append(output.recv())
        files, left = _files(path), changes
        while left:
            sleep(0.001)
            left -= files != (files := _files(path))
        os.kill(process, signal.SIGKILL)
        return heard

    return _run(path, first, None, kill)


def _run(
    path: Path, first: int, calls: int | None, kill: Callable[[int, Connection], list[Message]]
) -> Killed:
    """Start a process that adds batches, and receive its messages until it has ended."""
    ours, theirs = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=add_for_ever, args=(path, first, calls, theirs))
    process.start()
    theirs.close()
    assert process.pid is not None
    heard = kill(process.pid, ours)
    with suppress(EOFError):
        while True:
            heard.append(ours.recv())
    process.join()
    if process.exitcode != -signal.SIGKILL:
        sys.exit(f"The process that adds ended with {process.exitcode} before it was killed.")
    last = {"added": first - 1, "begun": first - 1, "calls": 0} | dict(heard)
    return Killed(last["added"], last["begun"], last["calls"])


def add_for_ever(path: Path, first: int, calls: int | None, output: Connection) -> None:
    """Add batches until killed, and report each.

    Args:
        path: path of the memory.
        first: number of the first batch.
        calls: Python calls within `add_units` after which the process kills itself; never if None.
        output: receives the numbers of the batches, and how many calls each took.
    """
    made = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal made
        if event in ("call", "c_call"):
            if made == calls:
                os.kill(os.getpid(), signal.SIGKILL)
            made += 1

    memory = Memory.open(path)
    vectors = {language: np.eye(BATCH, 512, dtype=np.float16) for language in ("zh", "en")}
    step = first
    while True:
        units = [
            Unit.of_texts(
                f"{step}-{k}", {"zh": f"{step}批{k}件", "en": f"Item {k} of {step}"}, document="A/1"
            )
            for k in range(BATCH)
        ]
        before = made
        output.send(("begun", step))
        sys.setprofile(count)
        memory.add_units(units, vectors)
        sys.setprofile(None)
        output.send(("added", step))
        output.send(("calls", made - before))
        memory.refresh()
        step += 1


def batches_of(path: Path, killed: Killed) -> int:
    """Count the batches in a memory; exit if it is damaged or lacks a committed batch."""
    memory = Memory.open(path)
    if problems := memory.verify():
        sys.exit(f"The memory is damaged: {problems}")
    batches = Counter(int(unit.id.partition("-")[0]) for unit in memory.snapshot)
    last = max(batches, default=-1)
    if batches != dict.fromkeys(range(last + 1), BATCH):
        sys.exit(f"Units are missing; the batches have {dict(batches)} units.")
    if last not in (killed.added, killed.begun):
        sys.exit(f"The last batch is {last}, and {killed.added} was committed and {killed.begun} begun.")
    if memory.version != last + 1:
        sys.exit(f"The memory has version {memory.version} after {last + 1} commits.")
    return last + 1


def _files(path: Path) -> set[tuple[str, int]]:
    """Return the names and sizes of the files of a memory."""
    found = set()
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                found.add((name, os.stat(os.path.join(folder, name)).st_size))  # noqa: PTH116,PTH118
            except FileNotFoundError:
                continue
    return found


if __name__ == "__main__":
    main()
