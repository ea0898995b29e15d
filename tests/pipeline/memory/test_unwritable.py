"""Memories that cannot be written: read-only folders and full disks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hexapla.errors import UnwritableMemory
from hexapla.memory.memory import Memory
from hexapla.units import Status, Unit
from support_cli import NO_BYTECODE
from support_documents import paragraphs, write_document


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A memory of a document and of enough units to have derived files."""
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, paragraphs()))
    memory.add_units(Unit.of_texts(f"bulk-{k}", {"zh": f"第 {k} 件", "en": f"Item {k}"}) for k in range(1200))
    memory.refresh()
    return memory.path


def found(path: Path) -> str:
    """Look up a text of the document."""
    text = paragraphs()["en"][3]
    return Memory.open(path).lookup(text, source="en", target="zh", meaning=False)[0].target


def test_a_read_only_folder_can_be_read(path: Path) -> None:
    """A memory in a read-only folder can be searched, even without derived files, and refuses changes with the reason."""
    shutil.rmtree(path / "derived")
    folders = [path, *(each for each in path.rglob("*") if each.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        if os.access(path, os.W_OK):
            pytest.skip("root may write everywhere")
        assert found(path) == paragraphs()["zh"][3]
        memory = Memory.open(path)
        with pytest.raises(UnwritableMemory, match="ask for permission"):
            memory.review(next(iter(memory.snapshot)).id, Status.APPROVED)
        with pytest.raises(UnwritableMemory, match="ask for permission"):
            memory.add_units([Unit.of_texts("new", {"en": "New", "zh": "新"})])
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert memory.verify() == []


FILL = """
import resource, signal, sys
from hexapla.errors import UnwritableMemory
from hexapla.memory.memory import Memory
from hexapla.units import Unit

memory = Memory.open(sys.argv[1])
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
for size in (0, 200, 1500, 4000, 12000, 60000, 2000000):  # no file may be larger, as if the disk were full
    before = memory.version
    units = [Unit.of_texts(f"{size}-{k}", {"en": f"{size} {k}", "zh": f"{k} {size}"}) for k in range(150)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        memory.add_units(units)
        print("committed", size)
    except UnwritableMemory as error:
        assert memory.version == before
        print("refused", size, error)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes")
def test_a_full_disk_in_the_middle_of_a_commit_loses_nothing(path: Path) -> None:
    """Wherever the disk becomes full, the commit is complete or not there, and the memory stays as it was."""
    before = Memory.open(path)
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | NO_BYTECODE,
    )
    lines = done.stdout.splitlines()
    committed = [line.split()[1] for line in lines if line.startswith("committed")]
    refused = [line for line in lines if line.startswith("refused")]
    assert len(committed) + len(refused) == 7
    assert refused
    assert all("the disk is full: free some space" in line for line in refused)
    opened = Memory.open(path)
    assert opened.verify() == []
    assert opened.version == before.version + len(committed)
    assert len(opened) == len(before) + 150 * len(committed)
    named = {file.name for file in (path / "units").glob("*.parquet")}
    assert len(named) == opened.version  # nothing of the commits that failed is left
