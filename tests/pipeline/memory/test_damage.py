"""Bytes changed anywhere in a memory: the short form of a benchmark."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "damage.py"


@pytest.mark.slow
def test_a_changed_byte_in_any_file_never_gives_a_wrong_text() -> None:
    """Look-up, concordance and export are right or give one line, and verify names the file."""
    command = [sys.executable, str(SCRIPT), "--changes", "1", "--units", "0", "--seed", "1"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    kinds = {line.split("|")[1].strip() for line in result.stdout.splitlines()[2:]}
    assert {"memory.json", "units/*.parquet", "units/_delta_log/*.json", "batch/*.parquet"} <= kinds
