"""The short form of benchmarks/load.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[3] / "benchmarks" / "load.py"


@pytest.mark.slow
def test_threads_get_the_answers_of_a_version_while_others_write() -> None:
    """Look-ups, concordances and exports in threads are those of their version while two processes write."""
    command = [sys.executable, str(BENCHMARK), "--seconds", "2", "--units", "100"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    header, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()]
    results = [dict(zip(header, row, strict=True)) for row in rows]
    assert [each["question"] for each in results] == ["look-up", "concordance", "export"]
    assert sum(int(each["answers"]) for each in results) >= 8  # each thread gets one at least
    assert all(int(each["versions"]) >= 3 for each in results)
    assert [each["wrong"] for each in results] == ["0", "0", "0"]
