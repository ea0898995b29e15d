"""Several processes that use one memory."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hexapla.memory.memory import Memory
from hexapla.units import Unit
from support_documents import CHANGED, INSERTED, paragraphs, with_inserted, with_paragraph, write_document

ROUNDS = 3
ADD = """
import sys
from hexapla.memory.memory import Memory
from hexapla.units import Unit

memory, name = Memory.open(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for step in range(int(sys.argv[3])):
    texts = {"zh": f"{name}第{step}件", "en": f"Item {step} of {name}"}
    memory.add_units([Unit.of_texts(f"{name}-{step}", texts, document=name)])
    memory.edit("shared", "en", f"{memory.unit('shared').texts['en']} {name}{step}")
"""


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory of a document."""
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, paragraphs()))
    return memory


def test_two_processes_that_write_at_once_both_succeed(memory: Memory) -> None:
    """Each commit of two processes that start together is there, and history has each of them."""
    memory.add_units([Unit.of_texts("shared", {"zh": "共有", "en": "Shared"})])
    before = memory.version
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, str(memory.path), name, str(ROUNDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in processes] == ["", ""]
    memory.refresh()
    assert memory.version == before + 2 * 2 * ROUNDS
    for name in ("left", "right"):
        assert [unit.id for unit in memory.snapshot.document(name)] == [f"{name}-{k}" for k in range(ROUNDS)]
    assert memory.verify() == []


def test_two_threads_that_change_one_document_lose_nothing(tmp_path: Path, memory: Memory) -> None:
    """Two versions of a document added at the same time are both aligned with the other languages."""
    one = write_document(tmp_path / "one", with_paragraph(paragraphs(), 0, CHANGED))
    two = write_document(tmp_path / "two", with_inserted(paragraphs(), 7, INSERTED))
    with ThreadPoolExecutor(2) as threads:
        added = list(threads.map(lambda inputs: Memory.open(memory.path).add(inputs), (one, two)))
    memory.refresh()
    assert sorted(each.version or 0 for each in added) == [2, 3]
    last = max(added, key=lambda each: each.version or 0)
    texts = (
        with_paragraph(paragraphs(), 0, CHANGED)
        if last is added[0]
        else with_inserted(paragraphs(), 7, INSERTED)
    )
    units = [unit for unit in memory.snapshot if unit.level == "sentence"]
    assert [unit.texts["en"] for unit in units] == texts["en"]


def test_an_edit_while_a_document_is_updated_is_not_lost(tmp_path: Path, memory: Memory) -> None:
    """An edit made between alignment and commit is kept: the document is compared again."""
    unit = next(iter(memory.snapshot))
    other = Memory.open(memory.path)

    def edit_meanwhile(step: str, done: int, total: int) -> None:
        if step == "Aligning what changed" and other.version == 1:
            other.edit(unit.id, "en", "What the editor wrote.")

    memory.add(write_document(tmp_path, with_paragraph(paragraphs(), 4, CHANGED)), progress=edit_meanwhile)
    assert other.version == 2
    assert memory.version == 3
    assert memory.unit(unit.id).texts["en"] == "What the editor wrote."
    assert CHANGED["en"] in {each.texts["en"] for each in memory.snapshot}


def test_readers_keep_their_version(tmp_path: Path, memory: Memory) -> None:
    """An open memory gives the same answers while others write, until it is refreshed."""
    reader = Memory.open(memory.path)
    before = list(reader.snapshot)
    memory.add(write_document(tmp_path, with_paragraph(paragraphs(), 0, CHANGED)))
    memory.compact()
    text = paragraphs()["en"][0]
    assert list(reader.snapshot) == before
    assert reader.lookup(text, source="en", target="zh", meaning=False)[0].percentage == 100
    reader.refresh()
    assert reader.version == memory.version
    assert reader.lookup(text, source="en", target="zh", minimum=100, meaning=False, subsegments=False) == ()


def test_one_of_two_makes_the_memory(tmp_path: Path) -> None:
    """Two processes that make the same memory at the same time both get it."""
    both = [Memory(tmp_path / "memory") for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda memory: memory.import_units([]), both))
    assert [memory.version for memory in both] == [0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["memory"]
