"""A process that adds to a memory and is killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from hexapla.memory.memory import Memory

KILLS = 60
BATCH = 5
LONGEST = 0.35  # seconds until a kill; a batch takes a tenth
# One process is imported once; for each number that it reads it forks one that adds batches from that number on.
DRIVER = """
import os, sys
import numpy as np
from hexapla.memory.memory import Memory
from hexapla.units import Unit

def add_for_ever(step):
    memory = Memory.open(sys.argv[1])
    vectors = {language: np.eye(BATCH, 512, dtype=np.float16) for language in ("zh", "en")}
    while True:
        units = [
            Unit.of_texts(f"{step}-{k}", {"zh": f"{step}批{k}件", "en": f"Item {k} of {step}"}, document="A/1")
            for k in range(BATCH)
        ]
        print("adding", step, flush=True)
        memory.add_units(units, vectors)
        print("added", step, flush=True)
        memory.refresh()
        step += 1

for line in sys.stdin:
    child = os.fork()
    if not child:
        add_for_ever(int(line))
    print("process", child, flush=True)
    os.waitpid(child, 0)
    print("killed", 0, flush=True)
"""


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """An empty memory."""
    return Memory.create(tmp_path / "memory")


@pytest.fixture
def driver(memory: Memory) -> Iterator[subprocess.Popen[str]]:
    """The process that forks those that add."""
    code = DRIVER.replace("BATCH", str(BATCH))
    command = [sys.executable, "-c", code, str(memory.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def add_until_killed(driver: subprocess.Popen[str], first: int, delay: float) -> tuple[int, int]:
    """Number of the last batch said to be added, and of the last that was begun, of a process that was killed."""
    assert driver.stdin is not None
    assert driver.stdout is not None
    print(first, file=driver.stdin, flush=True)
    said: dict[str, int] = {}
    while not said.keys() >= {"process", "adding"}:
        said |= [_word(driver.stdout)]
    time.sleep(delay)
    os.kill(said["process"], signal.SIGKILL)
    while "killed" not in said:
        said |= [_word(driver.stdout)]
    return said.get("added", first - 1), said["adding"]


def _word(output: IO[str]) -> tuple[str, int]:
    what, number = output.readline().split()
    return what, int(number)


def test_a_killed_process_loses_no_unit_that_was_committed(
    memory: Memory, driver: subprocess.Popen[str]
) -> None:
    """After each of many kills the memory opens and is whole, with all batches that were committed and no part of one."""
    moments = random.Random(7)
    first, cut = 0, 0
    for _ in range(KILLS):
        added, begun = add_until_killed(driver, first, moments.uniform(0, LONGEST))
        opened = Memory.open(memory.path)
        assert opened.verify() == []
        batches = Counter(int(unit.id.partition("-")[0]) for unit in opened.snapshot)
        last = max(batches, default=-1)
        assert batches == dict.fromkeys(range(last + 1), BATCH)
        assert last in (added, begun)
        assert opened.version == last + 1
        cut += last < begun
        first = last + 1
    assert first > KILLS / 4  # batches came through between the kills
    assert cut > KILLS / 4  # and kills came while a batch was being added
