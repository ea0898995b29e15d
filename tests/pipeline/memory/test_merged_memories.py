"""Another memory that is imported, with what was decided in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hexapla.api.memory import Memory
from hexapla.errors import HexaplaError
from hexapla.units import Unit, with_text
from support_documents import paragraphs, write_document

CHANGED = ["The keeper notes the wind.", "The keeper notes the wind and the pressure."]


@pytest.fixture
def memories(tmp_path: Path) -> tuple[Memory, Memory]:
    """Return two memories of the same document."""
    made = Memory(tmp_path / "mine"), Memory(tmp_path / "theirs")
    for memory in made:
        memory.add(write_document(tmp_path, paragraphs()))
    return made


def sentences(memory: Memory) -> list[Unit]:
    found = [unit for unit in memory.snapshot if unit.level == "sentence"]
    return sorted(found, key=lambda unit: unit.position)


def test_decisions_of_both_memories_hold(memories: tuple[Memory, Memory]) -> None:
    """What was decided in one memory holds, whichever was made first; a second import changes nothing."""
    mine, theirs = memories
    ids = [unit.id for unit in sentences(mine)]
    theirs.edit(ids[0], "en", CHANGED[0], author="ana")
    theirs.reject(ids[1], author="ana")
    mine.approve(ids[2])
    mine.edit(ids[3], "en", "It is mine.")
    imported = mine.import_file(theirs.path).imported
    assert (imported.added, mine.import_file(theirs.path).imported.version) == (0, None)
    statuses = [mine.unit(id).status.value for id in ids[:5]]
    assert statuses == ["edited", "rejected", "approved", "edited", "aligned"]
    assert (mine.unit(ids[0]).texts["en"], mine.unit(ids[0]).author) == (CHANGED[0], "ana")
    assert mine.unit(ids[3]).texts["en"] == "It is mine."


@pytest.mark.parametrize("later", ["mine", "theirs"])
def test_the_later_of_two_decisions_on_a_text_holds(memories: tuple[Memory, Memory], later: str) -> None:
    """Where both memories have a decision on a text, the later one holds, and the other text does not come back."""
    mine, theirs = memories
    id = sentences(mine)[0].id
    order = (theirs, mine) if later == "mine" else (mine, theirs)
    for year, memory, text in zip((2031, 2032), order, CHANGED, strict=True):
        edited = with_text(memory.unit(id), "en", text)
        memory.import_units([replace(edited, changed=datetime(year, 1, 1, tzinfo=UTC))])
    for _ in range(2):
        mine.import_file(theirs.path)
        assert mine.unit(id).texts["en"] == CHANGED[1]
    theirs.import_file(mine.path)
    assert theirs.unit(id).texts["en"] == CHANGED[1]


def test_texts_of_the_other_memory_do_not_come_back(memories: tuple[Memory, Memory], tmp_path: Path) -> None:
    """An old file of the other memory changes nothing after the merge."""
    mine, theirs = memories
    id = sentences(mine)[0].id
    theirs.edit(id, "en", CHANGED[0])
    theirs.export(tmp_path / "old.jsonl")
    theirs.edit(id, "en", CHANGED[1])
    mine.import_file(theirs.path)
    mine.import_file(tmp_path / "old.jsonl")
    assert mine.unit(id).texts["en"] == CHANGED[1]


def test_documents_of_the_other_memory_can_be_added_again(tmp_path: Path) -> None:
    """A document that came with another memory is updated as if it had been added here."""
    theirs, mine = Memory(tmp_path / "theirs"), Memory(tmp_path / "mine")
    inputs = write_document(tmp_path, paragraphs())
    theirs.add(inputs)
    mine.import_file(theirs.path)
    assert len(mine) == len(theirs)
    assert mine.add(inputs).version is None


def test_a_folder_that_is_no_memory(tmp_path: Path) -> None:
    """Another folder is refused in one line, and nothing is made."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(HexaplaError, match="holds no memory"):
        Memory(tmp_path / "mine").import_file(tmp_path / "folder")
    assert not (tmp_path / "mine").exists()
