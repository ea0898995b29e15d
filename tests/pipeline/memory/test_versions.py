"""History, differences and old versions of a memory, and what people change in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.errors import InputError, UnknownUnit, UnknownVersion, UnwritableMemory
from hexapla.matches import MatchKind
from hexapla.memory.cleaning.duplicates import find_duplicates
from hexapla.memory.cleaning.faulty_units import find_faulty
from hexapla.memory.cleaning.rules import Rules
from hexapla.memory.memory import Memory
from hexapla.units import Status, Unit
from support_documents import CHANGED, paragraphs, with_paragraph, write_document

FIRST = paragraphs()["en"][0]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory of a document to which a later version was added."""
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, paragraphs()))
    memory.add(write_document(tmp_path, with_paragraph(paragraphs(), 0, CHANGED)))
    return memory


def exact(memory: Memory, text: str) -> list[str]:
    found = memory.lookup(text, source="en", target="zh", minimum=100, meaning=False)
    return [match.target for match in found if match.kind is MatchKind.EXACT]


def first_unit(memory: Memory) -> Unit:
    return next(iter(memory.snapshot))


def test_an_old_version_gives_the_old_answer(memory: Memory) -> None:
    """A look-up in an old version finds what that version held, whatever came later."""
    old = Memory.open(memory.path, at=1)
    assert exact(old, FIRST) == [paragraphs()["zh"][0]]
    assert exact(old, CHANGED["en"]) == []
    assert exact(memory, FIRST) == []
    assert exact(memory, CHANGED["en"]) == [CHANGED["zh"]]


def test_restore_brings_a_version_back_as_a_new_one(memory: Memory) -> None:
    """The restored version has the units of the old one, and the versions between can still be read."""
    old = list(Memory.open(memory.path, at=1).snapshot)
    newest = list(memory.snapshot)
    assert memory.restore(1) == memory.version == 3
    assert list(memory.snapshot) == old
    assert exact(Memory.open(memory.path), FIRST) == [paragraphs()["zh"][0]]
    assert list(Memory.open(memory.path, at=2).snapshot) == newest
    assert memory.diff(1, 3) == []


def test_a_restored_memory_goes_on(tmp_path: Path, memory: Memory) -> None:
    """Additions after a restore start from the restored version."""
    memory.restore(1)
    added = memory.add(write_document(tmp_path, with_paragraph(paragraphs(), 0, CHANGED)))
    assert added.updated == 2
    assert exact(memory, CHANGED["en"]) == [CHANGED["zh"]]
    assert memory.diff(2, 4) == []
    assert memory.verify() == []


def test_history_shows_who_did_what(tmp_path: Path, memory: Memory) -> None:
    """Each commit has a number, a time, an operation and counts, the newest first."""
    memory.edit(first_unit(memory).id, "en", "Other text", author="Ada")
    memory.review(first_unit(memory).id, Status.APPROVED, author="Grace")
    history = memory.history()
    assert [commit.version for commit in history] == [4, 3, 2, 1, 0]
    assert [commit.operation for commit in history] == ["review", "edit", "add", "add", "create"]
    assert [commit.author for commit in history[:2]] == ["Grace", "Ada"]
    assert history[2].counts == {"added": 0, "updated": 2, "removed": 0}
    assert history[2].parameters["document"] == "harbour"
    assert sorted(commit.time for commit in history) == [commit.time for commit in reversed(history)]


def test_diff_shows_units_with_different_content(memory: Memory) -> None:
    """Two versions differ in the units whose texts changed, in either direction."""
    changes = memory.diff(1, 2)
    assert [change.before.texts["en"] for change in changes if change.before] == [FIRST] * 2
    assert [change.after.texts["en"] for change in changes if change.after] == [CHANGED["en"]] * 2
    back = memory.diff(2, 1)
    assert [(change.after, change.before) for change in back] == [(c.before, c.after) for c in changes]
    assert {change.before for change in memory.diff(0, 1)} == {None}


def test_an_edit_keeps_the_original_text(memory: Memory) -> None:
    """A corrected text is shown and found, and its original and editor are recorded."""
    unit = first_unit(memory)
    edited = memory.edit(unit.id, "EN", "The keeper notes the wind.", author="Ada")
    english = edited.variant("en")
    assert english is not None
    assert (english.text, english.original) == ("The keeper notes the wind.", CHANGED["en"])
    assert (edited.status, edited.author, edited.created) == (Status.EDITED, "Ada", unit.created)
    assert exact(memory, "The keeper notes the wind.") == [CHANGED["zh"]]
    assert memory.unit(unit.id) == edited


def test_an_edit_back_to_the_original_leaves_no_difference(memory: Memory) -> None:
    """Typing the text of the document again removes the stored original."""
    unit = first_unit(memory)
    memory.edit(unit.id, "en", "Wrong")
    restored = memory.edit(unit.id, "en", CHANGED["en"]).variant("en")
    assert restored is not None
    assert restored.original is None


def test_an_edit_that_changes_nothing_makes_no_version(memory: Memory) -> None:
    """Setting the same text or the same status again makes no commit."""
    unit = first_unit(memory)
    memory.edit(unit.id, "en", unit.texts["en"])
    memory.review(unit.id, Status.ALIGNED)
    assert memory.version == 2


def test_a_rejected_unit_is_no_longer_found(memory: Memory) -> None:
    """A rejected unit stays in the memory, but no look-up finds it."""
    for unit in list(memory.snapshot)[:2] + [u for u in memory.snapshot if u.texts["en"] == CHANGED["en"]]:
        memory.review(unit.id, Status.REJECTED)
    assert exact(memory, CHANGED["en"]) == []
    assert memory.info().statuses["rejected"] >= 2


def test_a_unit_is_known_by_the_first_characters_of_its_identifier(memory: Memory) -> None:
    """Six characters are enough if only one unit has them; the error for fewer or unknown ones says what to do."""
    unit = first_unit(memory)
    assert memory.unit(unit.id[:6]) == unit
    for wrong in (unit.id[:5], "zzzzzz"):
        with pytest.raises(UnknownUnit, match="look up a text"):
            memory.unit(wrong)
    twins = [Unit.of_texts(f"abcdef{n}", {"zh": "甲", "en": "A"}) for n in (1, 2)]
    memory.add_units(twins)
    with pytest.raises(UnknownUnit, match="abcdef1, abcdef2"):
        memory.edit("abcdef", "en", "B")


def test_an_empty_text_is_refused(memory: Memory) -> None:
    """An edit to an empty text is refused, and the error suggests rejecting the unit."""
    with pytest.raises(InputError, match="reject"):
        memory.edit(first_unit(memory).id, "en", " ")


def test_cleaning_makes_a_version_and_a_dry_run_does_not(memory: Memory) -> None:
    """Cleaning removes units in a new version, and restore brings them back; a dry run only lists them."""
    sentences = len(memory)
    found, version = memory.clean(find_duplicates, Rules(), dry_run=True)
    assert (version, memory.version) == (None, 2)
    assert not found.removed
    memory.add_units(
        [Unit.of_texts("wrong", {"en": "The same text, not translated.", "zh": ""}, document="x")]
    )
    found, version = memory.clean(find_faulty, Rules())
    assert found.removed == ("wrong",)
    assert version == memory.version == 4
    assert len(memory) == sentences
    assert memory.history()[0].counts == {"updated": 0, "removed": 1}
    assert memory.clean(find_faulty, Rules())[1] is None


def test_compacting_keeps_all_units_in_one_file(memory: Memory) -> None:
    """A compacted memory gives the same answers, and old versions stay as long as requested."""
    before = list(memory.snapshot)
    done = memory.compact()
    assert list(memory.snapshot) == before
    assert list(Memory.open(memory.path).snapshot) == before
    assert len(list(Memory.open(memory.path, at=1).snapshot)) == len(before)
    assert done.oldest == 0
    assert memory.verify() == []


def test_compacting_removes_files_of_old_versions(memory: Memory) -> None:
    """If no days are kept, old files are removed, older versions are refused, and the newest is whole."""
    before = list(memory.snapshot)
    done = memory.compact(keep_days=0)
    assert done.files == 2
    assert done.oldest == memory.version == 3
    assert list(Memory.open(memory.path).snapshot) == before
    assert memory.verify() == []
    for read in (lambda: Memory.open(memory.path, at=1), lambda: memory.restore(1)):
        with pytest.raises(UnknownVersion, match="version 1 can no longer be read"):
            read()


def test_an_unknown_version_is_refused(memory: Memory) -> None:
    """An unknown version is refused, and the error gives the number of the newest one."""
    with pytest.raises(UnknownVersion, match=r"no version 9.*newest is 2"):
        Memory.open(memory.path, at=9)


def test_an_old_version_cannot_be_written(tmp_path: Path, memory: Memory) -> None:
    """Changes to an old version are refused, and the error says how to make it the newest."""
    old = Memory.open(memory.path, at=1)
    with pytest.raises(UnwritableMemory, match="hexapla restore"):
        old.edit(first_unit(old).id, "en", "Text")
    with pytest.raises(UnwritableMemory, match="hexapla restore"):
        old.add(write_document(tmp_path, paragraphs()))


def test_info_counts_the_content_of_the_version(memory: Memory) -> None:
    """Info has units, documents, languages, statuses, encoder and sizes, with the kind of index and the reason."""
    info = memory.info()
    assert (info.version, info.units, info.documents) == (2, len(memory), 1)
    assert [(each.language, each.texts, each.kind) for each in info.languages] == [
        ("en", len(memory), "exact"),
        ("zh", len(memory), "exact"),
    ]
    assert info.statuses == {"aligned": len(memory)}
    assert (info.encoder, info.dimension) == ("embedded", 512)
    assert info.sizes["units"] > 0
    assert info.sizes["vectors"] > 512 * len(memory)


def test_a_memory_can_be_encoded_again(memory: Memory) -> None:
    """After `reindex` with a model the vectors are made again, and look-up by meaning works as before."""
    question = "Each evening the man at the lighthouse notes how the wind blows."
    before = [match.unit.id for match in memory.lookup(question, source="en", target="zh")]
    memory.reindex("embedded")
    assert [match.unit.id for match in memory.lookup(question, source="en", target="zh")] == before
    assert before
    assert memory.verify() == []
