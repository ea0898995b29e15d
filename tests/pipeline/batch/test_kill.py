"""A batch that is killed or stopped at any moment continues when it is started again."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hexapla.batch.ledger import EntryStatus
from hexapla.memory.memory import Memory
from support_batch import add_batch, assert_same_units, rows_of_ledger, write_files, write_manifest

DOCUMENTS = 48
BAD = 3
KILLS = 3
# Commits after nearly each document, so that a kill comes long before the end.
OFTEN = (
    "from hexapla.batch import commits; commits.LEAST, commits.SHARE = 0, 1; "
    "from hexapla.cli.main import main; main()"
)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents, some of which have an empty file."""
    folder = tmp_path_factory.mktemp("documents")
    path = write_manifest(folder, DOCUMENTS)
    for number in range(0, DOCUMENTS, DOCUMENTS // BAD):
        (folder / f"{number:03}.fr.txt").write_bytes(b"")
    return path


def start(manifest: Path, memory: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `hexapla batch`, which commits often, in a process of its own."""
    command = [sys.executable, "-c", OFTEN, "batch", str(memory), str(manifest), "--workers", "1"]
    return subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def version_of(memory: Path) -> int:
    """Number of the newest version, -1 if there is no memory yet."""
    return len(list((memory / "units" / "_delta_log").glob("*.json"))) - 1


def wait_for_commit(memory: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a version was added to the memory, or the process has ended."""
    before = version_of(memory)
    while version_of(memory) <= max(before, 0) and process.poll() is None:
        time.sleep(0.02)


def test_a_batch_that_is_killed_makes_the_same_memory(manifest: Path, tmp_path: Path) -> None:
    """After some kills and a last run the memory is that of an undisturbed run, and the ledger has each document once."""
    memory, moments = tmp_path / "killed", random.Random(5)
    for _ in range(KILLS):
        with start(manifest, memory, "--quiet") as process:
            wait_for_commit(memory, process)
            time.sleep(moments.uniform(0, 0.15))
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert Memory.open(memory).verify() == []
    cut = version_of(memory)
    summary, _ = add_batch(manifest, memory)
    assert summary.done > 0  # the kills came before the end
    assert summary.unchanged > 0
    add_batch(manifest, tmp_path / "whole")
    assert_same_units(memory, tmp_path / "whole")
    statuses = [
        {name: row.status for name, row in rows_of_ledger(path).items()}
        for path in (memory, tmp_path / "whole")
    ]
    assert statuses[0] == statuses[1]
    assert list(statuses[0].values()).count(EntryStatus.FAILED) == BAD
    assert cut >= KILLS


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_that_is_stopped_commits_what_is_done(
    manifest: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C ends it with status 130 and says how to continue; finished documents are in the memory and the ledger."""
    memory = tmp_path / "memory"
    with start(manifest, memory, "--json") as process:
        wait_for_commit(memory, process)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.startswith(
        "Stopping: what is done is being committed. Press Ctrl-C again to end at once.\n"
    )
    summary = json.loads(output)
    rows = rows_of_ledger(memory)
    assert summary["left"] == DOCUMENTS - len(rows)
    assert summary["done"] == sum(row.status is EntryStatus.DONE for row in rows.values()) > 0
    documents = {unit.document for unit in Memory.open(memory).snapshot}
    assert documents == {name for name, row in rows.items() if row.status is EntryStatus.DONE}


def test_a_batch_that_was_stopped_finds_files_that_changed_meanwhile(tmp_path: Path) -> None:
    """A document that was done before the stop, and changed since, is done again."""
    manifest = write_manifest(tmp_path / "documents", 3)
    few = tmp_path / "documents" / "few.tsv"
    few.write_text("".join(manifest.read_text(encoding="utf-8").splitlines(True)[:3]), encoding="utf-8")
    add_batch(few, tmp_path / "memory")
    write_files(tmp_path / "documents", 0, blocks=5)
    summary, committed = add_batch(manifest, tmp_path / "memory")
    assert (summary.done, summary.unchanged) == (2, 1)
    assert {row.document for row in committed} == {"D/000", "D/002"}
