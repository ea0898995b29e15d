"""A batch that is killed or stopped at any moment continues when it is started again."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hexapla.batch.ledger import EntryStatus
from hexapla.memory.memory import Memory
from support_batch import add_batch, assert_same_units, rows_of_ledger, write_files, write_manifest

DOCUMENTS = 12
BAD = 3
KILLS = 3
# Commits after each document, reports it, and waits until it may continue, so that it never ends by itself.
OFTEN = """
import os, sys
from hexapla.batch import commits
from hexapla.cli.main import main

said, gate = int(sys.argv.pop(1)), int(sys.argv.pop(1))
commit = commits.Committer.commit

def commit_and_wait(committer):
    committed = commit(committer)
    os.write(said, b"c")
    os.read(gate, 1)
    return committed

commits.Committer.commit = commit_and_wait
commits.Committer.due = property(lambda committer: bool(committer._waiting))
main()
"""
pytestmark = pytest.mark.kill


class Batch:
    """A process that runs `hexapla batch`, and waits after each commit.

    Args:
        manifest: manifest of the documents.
        memory: the memory to which they are added.
        option: an option of the command.
    """

    def __init__(self, manifest: Path, memory: Path, option: str) -> None:
        self._memory, self._before = memory, version_of(memory)
        self._said, said = os.pipe()
        gate, self._gate = os.pipe()
        code = [sys.executable, "-c", OFTEN, str(said), str(gate)]
        self.process = subprocess.Popen(
            [*code, "batch", str(memory), str(manifest), "--workers", "1", option],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=(said, gate),
        )
        os.close(said)
        os.close(gate)

    def wait_for_commit(self) -> None:
        """Wait until a version has been added to the memory; the process then waits too."""
        while os.read(self._said, 1) and version_of(self._memory) <= max(self._before, 0):
            self.go_on()

    def go_on(self) -> None:
        """Let it work until its next commit."""
        os.write(self._gate, b"g")

    def wait_for_changes(self, number: int) -> None:
        """Wait until it has changed the files of the memory this many times, or has committed."""
        files = files_of(self._memory)
        while number and not select.select([self._said], [], [], 0.001)[0]:
            number -= files != (files := files_of(self._memory))

    def release(self) -> None:
        """Let it work without waiting any more."""
        os.close(self._gate)

    def close(self) -> None:
        """Close the remaining pipe."""
        os.close(self._said)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents, some of which have an empty file."""
    folder = tmp_path_factory.mktemp("documents")
    path = write_manifest(folder, DOCUMENTS)
    for number in range(0, DOCUMENTS, DOCUMENTS // BAD):
        (folder / f"{number:03}.fr.txt").write_bytes(b"")
    return path


def version_of(memory: Path) -> int:
    """Number of the newest version; -1 if there is no memory yet."""
    return len(list((memory / "units" / "_delta_log").glob("*.json"))) - 1


def files_of(memory: Path) -> set[str]:
    """Names of the files of a memory."""
    return {name for _, _, names in os.walk(memory) for name in names}


def test_a_batch_that_is_killed_makes_the_same_memory(manifest: Path, tmp_path: Path) -> None:
    """After kills and a last run, memory and ledger are those of an undisturbed run, with each document once."""
    memory, moments = tmp_path / "killed", random.Random(5)
    for _ in range(KILLS):
        batch = Batch(manifest, memory, "--quiet")
        with batch.process as process:
            batch.wait_for_commit()
            batch.go_on()
            batch.wait_for_changes(moments.randrange(6))
            process.kill()
        batch.release()
        batch.close()
        assert process.returncode == -signal.SIGKILL
        assert Memory.open(memory).verify() == []
    cut = version_of(memory)
    summary, _ = add_batch(manifest, memory)
    assert summary.done > 0  # the kills were before the end
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
def test_a_batch_that_is_stopped_commits_finished_documents(
    manifest: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """A signal ends it with exit code 130 and advice to continue; finished documents are in memory and ledger."""
    memory = tmp_path / "memory"
    batch = Batch(manifest, memory, "--json")
    with batch.process as process:
        batch.wait_for_commit()
        process.send_signal(number)
        batch.release()
        output, errors = process.communicate()
    batch.close()
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


def test_a_batch_that_was_stopped_finds_changed_files(tmp_path: Path) -> None:
    """A document that was added before the stop, and has changed since, is added again."""
    manifest = write_manifest(tmp_path / "documents", 3)
    few = tmp_path / "documents" / "few.tsv"
    few.write_text("".join(manifest.read_text(encoding="utf-8").splitlines(True)[:3]), encoding="utf-8")
    add_batch(few, tmp_path / "memory")
    write_files(tmp_path / "documents", 0, blocks=5)
    summary, committed = add_batch(manifest, tmp_path / "memory")
    assert (summary.done, summary.unchanged) == (2, 1)
    assert {row.document for row in committed} == {"D/000", "D/002"}
