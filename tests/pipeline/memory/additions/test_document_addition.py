"""Documents added to a memory, and added again after changes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from hexapla.alignment.align import align_files
from hexapla.errors import InputError, NotParallel
from hexapla.inputs import Input
from hexapla.memory.memory import Memory
from hexapla.rows import Level
from hexapla.units import Status, Unit
from hexapla_corpora.sample import gold_rows, sample_files
from support_documents import CHANGED, INSERTED, paragraphs, with_inserted, with_paragraph, write_document

MIDDLE = 5


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory of the document in Chinese and English."""
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, paragraphs()))
    return memory


def units_of(memory: Memory) -> dict[str, Unit]:
    return {unit.id: unit for unit in memory.snapshot}


def sentence(memory: Memory, text: str) -> Unit:
    return next(unit for unit in memory.snapshot if unit.level == "sentence" and text in unit.texts.values())


def differing(before: Mapping[str, Unit], after: Mapping[str, Unit]) -> set[str]:
    return {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)}


def test_units_are_the_aligned_rows_of_both_levels(tmp_path: Path) -> None:
    """Every row of the sample in at least two languages is a unit with its texts, symbol, segments and model."""
    inputs = [Input(sample_files()[tag], tag) for tag in ("zh", "en", "ar")]
    alignment = align_files(inputs)
    memory = Memory.create(tmp_path / "memory")
    added = memory.add(inputs)
    rows = [row for row in alignment.rows if row.aligned]
    units = memory.snapshot.document("A/81/L.47")
    assert added.version == memory.version == 1
    assert added.added == len(units) == len(rows)
    for row, unit in zip(rows, units, strict=True):
        assert (unit.id, unit.level, unit.kind, unit.number) == (row.id, row.level, row.kind, row.number)
        assert unit.texts == row.texts
        assert {v.language: v.segments for v in unit.variants} == row.segments
    assert {unit.model_hash for unit in units} == {alignment.signature.model_hash}
    assert all(variant.file and len(variant.file) == 16 for unit in units for variant in unit.variants)


def test_an_existing_alignment_can_be_added(tmp_path: Path) -> None:
    """The rows of an alignment become the same units as its files, and nothing is aligned again."""
    inputs = write_document(tmp_path, paragraphs())
    memory, other = Memory.create(tmp_path / "one"), Memory.create(tmp_path / "other")
    memory.add(inputs)
    added = other.add_alignment(align_files(inputs))
    assert [unit.texts for unit in other.snapshot] == [unit.texts for unit in memory.snapshot]
    assert units_of(other).keys() == units_of(memory).keys()
    assert added.realigned == 0


def test_the_sample_added_twice_changes_nothing(tmp_path: Path) -> None:
    """Adding an unchanged document commits, encodes and aligns nothing."""
    inputs = [Input(sample_files()[tag], tag) for tag in ("zh", "en", "ar")]
    memory = Memory.create(tmp_path / "memory")
    memory.add(inputs)
    before = units_of(memory)
    again = Memory.open(memory.path).add(inputs)
    memory.refresh()
    assert (again.version, again.encoded, again.realigned, again.unchanged) == (None, 0, 0, len(before))
    assert memory.version == 1
    assert units_of(memory) == before


def test_a_changed_paragraph_updates_its_neighbourhood_only(tmp_path: Path, memory: Memory) -> None:
    """Only the paragraph and its neighbours are encoded and aligned, and its units keep their identifiers."""
    before = units_of(memory)
    old = sentence(memory, paragraphs()["en"][MIDDLE])
    changed = write_document(tmp_path, with_paragraph(paragraphs(), MIDDLE, CHANGED))
    added = memory.add(changed)
    after = units_of(memory)
    assert added.version == 2
    assert added.realigned == 6  # three paragraphs in two languages
    assert added.encoded <= 6 + 4  # their sentences, and the texts of the two units
    touched = differing(before, after)
    assert {after[id].texts["en"] for id in touched if id in after} == {CHANGED["en"]}
    assert sentence(memory, CHANGED["en"]).position == old.position
    assert len(after) == len(before)


def test_a_small_change_keeps_the_unit(tmp_path: Path, memory: Memory) -> None:
    """A passage with one changed word is the same unit with the new text."""
    old = sentence(memory, paragraphs()["en"][0])
    memory.add(write_document(tmp_path, with_paragraph(paragraphs(), 0, CHANGED)))
    now = memory.unit(old.id)
    assert now.texts == CHANGED
    assert (now.created, now.position) == (old.created, old.position)
    assert now.changed is not None
    assert old.changed is not None
    assert now.changed > old.changed


def test_an_inserted_paragraph_changes_no_others(tmp_path: Path, memory: Memory) -> None:
    """New units are placed between those of their neighbours, and no other unit gets a new row."""
    before = units_of(memory)
    added = memory.add(write_document(tmp_path, with_inserted(paragraphs(), MIDDLE, INSERTED)))
    after = units_of(memory)
    assert (added.added, added.updated, added.removed) == (2, 0, 0)
    assert {after[id].texts["en"] for id in differing(before, after)} == {INSERTED["en"]}
    previous, following = memory.snapshot.neighbours(sentence(memory, INSERTED["en"]))
    assert previous is not None
    assert following is not None
    assert previous.texts["en"] == paragraphs()["en"][MIDDLE - 1]
    assert following.texts["en"] == paragraphs()["en"][MIDDLE]


def test_units_of_a_removed_paragraph_are_removed(tmp_path: Path, memory: Memory) -> None:
    """Units of a paragraph that a later version lacks are removed, and return with the paragraph."""
    before = {unit.texts["en"] for unit in memory.snapshot}
    shorter = {tag: each[:MIDDLE] + each[MIDDLE + 1 :] for tag, each in paragraphs().items()}
    added = memory.add(write_document(tmp_path, shorter))
    assert added.removed == 2
    assert {unit.texts["en"] for unit in memory.snapshot} == before - {paragraphs()["en"][MIDDLE]}
    memory.add(write_document(tmp_path, paragraphs()))
    assert {unit.texts["en"] for unit in memory.snapshot} == before


def test_a_passage_missing_in_one_version_is_aligned_once_it_is_there(tmp_path: Path) -> None:
    """A paragraph without counterpart makes no unit, until a later version of the other language has it."""
    lacking = {"zh": paragraphs()["zh"], "en": [*paragraphs()["en"][:4], *paragraphs()["en"][5:]]}
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, lacking))
    added = memory.add(write_document(tmp_path, {"en": paragraphs()["en"]}))
    assert added.realigned < 10
    assert sentence(memory, paragraphs()["en"][4]).texts["zh"] == paragraphs()["zh"][4]


def test_changes_by_people_survive_a_later_version(tmp_path: Path, memory: Memory) -> None:
    """Approvals and added texts of unchanged passages stay as they are."""
    (approved,) = memory.review(sentence(memory, paragraphs()["en"][1]).id, Status.APPROVED)
    added = memory.edit(sentence(memory, paragraphs()["en"][2]).id, "de", "Der Bus fuhr drei Tage nicht.")
    memory.add(write_document(tmp_path, with_paragraph(paragraphs(), 0, CHANGED)))
    assert memory.unit(approved.id) == approved
    assert memory.unit(added.id) == added


@pytest.mark.parametrize("status", [Status.EDITED, Status.APPROVED, Status.REJECTED])
def test_a_decision_does_not_hold_for_another_text(tmp_path: Path, memory: Memory, status: Status) -> None:
    """A unit whose text changed in the document has the new text, and what was decided, and is reported."""
    unit = sentence(memory, paragraphs()["en"][0])
    if status is Status.EDITED:
        decided = memory.edit(unit.id, "en", "The keeper notes wind and pressure.", author="reader")
    else:
        (decided,) = memory.review(unit.id, status, author="reader")
    added = memory.add(write_document(tmp_path, with_paragraph(paragraphs(), 0, CHANGED)))
    now = memory.unit(unit.id)
    assert (now.texts, now.status, unit.id in added.reopened) == (CHANGED, Status.ALIGNED, True)
    assert now.properties["decided"] == {"status": status, "author": "reader", "texts": decided.texts}
    assert [each.id for each in memory.snapshot if each.texts == CHANGED and each.level == "sentence"] == [
        unit.id
    ]


def test_the_same_version_again_reopens_nothing_more(tmp_path: Path, memory: Memory) -> None:
    """A unit is to be reviewed again once, and stays approved when a person has seen the new text."""
    unit = sentence(memory, paragraphs()["en"][0])
    memory.review(unit.id, Status.APPROVED)
    changed = write_document(tmp_path, with_paragraph(paragraphs(), 0, CHANGED))
    memory.add(changed)
    memory.review(unit.id, Status.APPROVED)
    added = memory.add(
        write_document(tmp_path, with_inserted(with_paragraph(paragraphs(), 0, CHANGED), 1, INSERTED))
    )
    assert (added.reopened, memory.unit(unit.id).status) == ((), Status.APPROVED)


def test_a_rejected_unit_is_not_made_again(tmp_path: Path, memory: Memory) -> None:
    """What a person rejected stays rejected when its neighbourhood or the whole document is aligned again."""
    unit = sentence(memory, paragraphs()["en"][MIDDLE])
    memory.review(unit.id, Status.REJECTED)
    memory.add(write_document(tmp_path, with_paragraph(paragraphs(), MIDDLE - 1, CHANGED)))
    memory.add(write_document(tmp_path, paragraphs(["fr"])))
    texts = [
        each for each in memory.snapshot if each.level == "sentence" and each.texts["en"] == unit.texts["en"]
    ]
    assert [(each.id, each.status) for each in texts] == [(unit.id, Status.REJECTED)]


def test_a_passage_that_returns_finds_its_approved_unit(tmp_path: Path, memory: Memory) -> None:
    """An approved passage that a version lacks and the next one has again is one unit, still approved."""
    (unit,) = memory.review(sentence(memory, paragraphs()["en"][MIDDLE]).id, Status.APPROVED)
    shorter = {tag: each[:MIDDLE] + each[MIDDLE + 1 :] for tag, each in paragraphs().items()}
    memory.add(write_document(tmp_path, shorter))
    memory.add(write_document(tmp_path, paragraphs()))
    again = [each for each in memory.snapshot if each.level == "sentence" and each.texts == unit.texts]
    assert [(each.id, each.status) for each in again] == [(unit.id, Status.APPROVED)]
    assert all(variant.segments for variant in again[0].variants)


def test_an_approved_unit_stays_when_its_passage_is_removed(tmp_path: Path, memory: Memory) -> None:
    """An approved unit is kept, now and later, although the document no longer has its text."""
    (unit,) = memory.review(sentence(memory, paragraphs()["en"][MIDDLE]).id, Status.APPROVED)
    shorter = {tag: each[:MIDDLE] + each[MIDDLE + 1 :] for tag, each in paragraphs().items()}
    memory.add(write_document(tmp_path, shorter))
    assert memory.unit(unit.id).texts == unit.texts
    memory.add(write_document(tmp_path, with_paragraph(shorter, 0, CHANGED)))
    assert memory.unit(unit.id).texts == unit.texts


def test_a_further_language_joins_the_units(tmp_path: Path, memory: Memory) -> None:
    """A document that gains a language is aligned again as a whole, and its units keep their identifiers."""
    before = units_of(memory)
    added = memory.add(write_document(tmp_path, paragraphs(["fr"])))
    after = units_of(memory)
    assert after.keys() == before.keys()
    assert added.realigned == 3 * len(paragraphs()["en"])
    assert all(unit.languages == ("zh", "en", "fr") for unit in after.values())


def test_a_level_can_be_added_later(tmp_path: Path) -> None:
    """A document added by sentence can get its paragraphs too."""
    inputs = write_document(tmp_path, paragraphs())
    memory = Memory.create(tmp_path / "memory")
    memory.add(inputs, levels=[Level.SENTENCE])
    assert {unit.level for unit in memory.snapshot} == {"sentence"}
    memory.add(inputs, levels=[Level.PARAGRAPH])
    assert {unit.level for unit in memory.snapshot} == {"sentence", "paragraph"}


def test_sentences_alone_are_updated_in_their_neighbourhood_too(tmp_path: Path) -> None:
    """Without units of paragraphs, the sentences show which blocks belong together."""
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, paragraphs()), levels=[Level.SENTENCE])
    changed = with_paragraph(paragraphs(), MIDDLE, CHANGED)
    added = memory.add(write_document(tmp_path, changed), levels=[Level.SENTENCE])
    assert added.realigned == 6
    assert sentence(memory, CHANGED["en"]).texts == CHANGED


def test_lines_of_segmented_files_are_updated_in_their_neighbourhood(tmp_path: Path) -> None:
    """A changed line is aligned again with its neighbours only."""

    def write(texts: Mapping[str, list[str]]) -> list[Input]:
        inputs = write_document(tmp_path, texts)
        for item in inputs:
            item.path.write_text("\n".join(texts[item.language or ""]) + "\n", encoding="utf-8")
        return inputs

    memory = Memory.create(tmp_path / "memory")
    memory.add(write(paragraphs()), segmented=True)
    added = memory.add(write(with_paragraph(paragraphs(), MIDDLE, CHANGED)), segmented=True)
    assert added.realigned == 6
    assert sentence(memory, CHANGED["en"]).texts == CHANGED


def test_a_document_changed_beyond_recognition_is_aligned_as_a_whole(tmp_path: Path, memory: Memory) -> None:
    """Files of the same name that are not versions of one text are refused, and nothing is committed."""
    other = {"zh": paragraphs()["zh"], "en": ["Wrong text, and nothing else but it."] * 8}
    with pytest.raises(NotParallel):
        memory.add(
            write_document(tmp_path, {"zh": other["zh"], "en": other["en"] + paragraphs()["en"][9:10]})
        )
    assert memory.version == 1


def test_one_place_can_be_added_to_many_times(tmp_path: Path) -> None:
    """When the numbers between two passages are used up, the document is renumbered and nothing is lost."""
    texts = paragraphs()
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, texts), levels=[Level.PARAGRAPH])
    last = positions(memory)[texts["en"][-1]]
    for step in range(20):  # a number has 53 binary digits, and each step leaves a ninth of the room
        for number in range(8 * step, 8 * step + 8):
            more = {"zh": f"第{number}号渡轮已经取消。", "en": f"Ferry number {number} has been cancelled."}
            texts = with_inserted(texts, 3, more)
        memory.add(write_document(tmp_path, texts), levels=[Level.PARAGRAPH])
        if positions(memory)[texts["en"][-1]] != last:
            break
    else:
        pytest.fail("the numbers were not used up")
    units = list(memory.snapshot)
    assert [unit.texts["en"] for unit in units] == texts["en"]
    assert len({unit.position for unit in units}) == len(units)


def positions(memory: Memory) -> dict[str, float | None]:
    return {unit.texts["en"]: unit.position for unit in memory.snapshot}


def test_many_changes_give_the_same_units_as_a_new_memory(tmp_path: Path) -> None:
    """After versions with changed, inserted, removed and repeated paragraphs the units are those of the last version."""
    drawn, pool = random.Random(4), [dict(row.texts) for row in gold_rows()[10:]]
    rows, pool = pool[:14], pool[14:]
    memory = Memory.create(tmp_path / "memory")
    for step in range(5):
        texts = {tag: [row[tag] for row in rows if tag in row] for tag in ("zh", "en")}
        inputs = write_document(tmp_path, texts)
        memory.add(inputs)
        fresh = Memory.create(tmp_path / f"fresh{step}")
        fresh.add(inputs)
        assert [unit.texts for unit in memory.snapshot] == [unit.texts for unit in fresh.snapshot]
        place = drawn.randrange(len(rows))
        rows.insert(drawn.randrange(len(rows)), pool[step])
        rows[place] = {"zh": rows[place]["zh"]} if step % 2 else dict(rows[place // 2])
        rows.pop(drawn.randrange(len(rows)))


def test_rows_below_a_probability_make_no_unit(tmp_path: Path) -> None:
    """Rows below the given probability are left out."""
    inputs = write_document(tmp_path, paragraphs())
    memory = Memory.create(tmp_path / "memory")
    added = memory.add(inputs, minimum_probability=1.0)
    assert added.added < len(paragraphs()["en"])
    assert all(unit.probability == 1.0 for unit in memory.snapshot)


def test_one_file_needs_a_counterpart_in_the_memory(tmp_path: Path) -> None:
    """A single file is refused with advice unless the memory has the document in another language."""
    memory = Memory.create(tmp_path / "memory")
    with pytest.raises(InputError, match="give at least two files"):
        memory.add(write_document(tmp_path, paragraphs(["en"])))
    with pytest.raises(InputError, match="no file"):
        memory.add([])


def test_documents_of_one_text_do_not_share_units(tmp_path: Path) -> None:
    """The same passages under another name are separate units."""
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, paragraphs(), "harbour"))
    memory.add(write_document(tmp_path, paragraphs(), "lighthouse"))
    assert {unit.document for unit in memory.snapshot} == {"harbour", "lighthouse"}
    assert len(memory) == 2 * len(memory.snapshot.document("harbour"))
