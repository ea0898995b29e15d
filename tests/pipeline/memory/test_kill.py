"""Processes that add to a memory and are killed at any moment: the short form of a benchmark."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "kill.py"
KILLS = 10


@pytest.mark.kill
def test_a_killed_process_loses_no_unit_that_was_committed() -> None:
    """After each of several kills the memory opens and is whole, with all committed batches and no part of another."""
    command = [sys.executable, str(SCRIPT), "--kills", str(KILLS)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    kills, cut, commits, units, lost = (int(cell) for cell in result.stdout.splitlines()[-1].split("|")[1:-1])
    assert (kills, lost) == (KILLS, 0)
    assert cut >= KILLS // 2  # half of the processes end themselves while they add
    assert commits >= KILLS // 2  # the others are killed after a commit
    assert units == 5 * commits
