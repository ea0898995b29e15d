"""The short form of benchmarks/decisions.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[3] / "benchmarks" / "decisions.py"


@pytest.mark.slow
def test_decisions_survive_a_changed_document() -> None:
    """After many decisions and changes, no decision on an unchanged passage is lost, and none is doubled."""
    command = [sys.executable, str(BENCHMARK), "--seeds", "1", "--decisions", "25", "--changes", "8"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    header, _, row = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()]
    counts = dict(zip(header, map(int, row), strict=True))
    assert counts["passage unchanged"] > 10
    assert (counts["kept"], counts["lost"], counts["doubled"]) == (counts["passage unchanged"], 0, 0)
