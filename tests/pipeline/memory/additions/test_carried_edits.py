"""Edits carried between a sentence and the paragraph that holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hexapla.memory.memory import Memory
from hexapla.units import Status, Unit
from support_documents import write_document

ENGLISH = [
    "The harbour master keeps the log of the tides. The log is open to all ships. It is read every day.",
    "The pier was built in 1904. It is lit at night. It is lit at night. Nobody lives on it.",
    "All ships pay the same fee.",
]
FRENCH = [
    "Le capitaine du port tient le registre des marées. Le registre est ouvert à tous les navires. Il est lu chaque jour.",
    "La jetée a été construite en 1904. Elle est éclairée la nuit. Elle est éclairée la nuit. Personne n’y habite.",
    "Tous les navires paient le même droit.",
]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Return a memory of paragraphs with several sentences."""
    memory = Memory.create(tmp_path / "memory")
    memory.add(write_document(tmp_path, {"en": ENGLISH, "fr": FRENCH}))
    return memory


def unit_with(memory: Memory, level: str, start: str, nth: int = 0) -> Unit:
    units = [unit for unit in memory.snapshot if unit.level == level and unit.texts["en"].startswith(start)]
    return sorted(units, key=lambda unit: unit.position)[nth]


def offered(memory: Memory, text: str) -> list[str]:
    """Return the translations that are offered at 100%."""
    return [
        match.target or ""
        for match in memory.lookup(text, source="en", target="fr", limit=20, meaning=False, subsegments=False)
        if (match.percentage or 0) >= 100
    ]


def test_an_edited_sentence_changes_its_paragraph(memory: Memory) -> None:
    """The paragraph has the new wording of the sentence, and keeps its status and what the document has."""
    sentence = unit_with(memory, "sentence", "The log is open")
    before = unit_with(memory, "paragraph", "The harbour master")
    memory.edit(sentence.id, "fr", "Le registre peut être consulté par tous les navires.", author="reader")
    after = memory.unit(before.id)
    assert after.texts["fr"] == FRENCH[0].replace("est ouvert à", "peut être consulté par")
    assert (after.status, after.author, memory.version) == (Status.ALIGNED, "reader", 2)
    (variant,) = [variant for variant in after.variants if variant.language == "fr"]
    assert variant.original == FRENCH[0]
    assert offered(memory, ENGLISH[0]) == [after.texts["fr"]]


@pytest.mark.parametrize("nth", [0, 1])
def test_a_repeated_sentence_changes_where_it_stands(memory: Memory, nth: int) -> None:
    """Of two equal sentences in a paragraph, the edited one changes."""
    sentence = unit_with(memory, "sentence", "It is lit", nth)
    memory.edit(sentence.id, "fr", "On l’éclaire.")
    old = "Elle est éclairée la nuit."
    both = f"On l’éclaire. {old}" if nth == 0 else f"{old} On l’éclaire."
    assert unit_with(memory, "paragraph", "The pier").texts["fr"] == FRENCH[1].replace(f"{old} {old}", both)


def test_an_edited_paragraph_changes_its_sentences(memory: Memory) -> None:
    """Each sentence gets its part of the new paragraph, and the others stay as they are."""
    paragraph = unit_with(memory, "paragraph", "The harbour master")
    memory.edit(
        paragraph.id, "fr", FRENCH[0].replace("est ouvert à tous", "s’ouvre à tous").replace("lu", "relevé")
    )
    texts = {
        start: unit_with(memory, "sentence", start).texts["fr"]
        for start in ("The harbour", "The log", "It is read")
    }
    assert texts == {
        "The harbour": "Le capitaine du port tient le registre des marées.",
        "The log": "Le registre s’ouvre à tous les navires.",
        "It is read": "Il est relevé chaque jour.",
    }


def test_a_sentence_that_cannot_be_told_apart_is_no_longer_offered(memory: Memory) -> None:
    """Where a paragraph was rewritten across its sentences, these are rejected, and say why."""
    paragraph = unit_with(memory, "paragraph", "The harbour master")
    old = offered(memory, "The log is open to all ships.")
    memory.edit(
        paragraph.id,
        "fr",
        "Quotidiennement consulté par l’équipage de tout bateau, un journal consigne les niveaux d’eau.",
    )
    sentence = unit_with(memory, "sentence", "The log is open")
    assert old
    assert offered(memory, "The log is open to all ships.") == []
    assert (sentence.status, sentence.properties["outdated"]) == (Status.REJECTED, paragraph.id)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED])
def test_a_paragraph_of_one_sentence_shares_its_decisions(memory: Memory, status: Status) -> None:
    """A paragraph that is one sentence is approved, rejected and edited with it."""
    sentence, paragraph = (unit_with(memory, level, "All ships") for level in ("sentence", "paragraph"))
    memory.edit(paragraph.id, "fr", "Le droit est le même pour tous les navires.")
    assert memory.unit(sentence.id).status is Status.EDITED
    memory.review(sentence.id, status)
    assert [memory.unit(unit.id).status for unit in (sentence, paragraph)] == [status, status]
    assert memory.unit(sentence.id).texts == memory.unit(paragraph.id).texts


def test_an_imported_edit_is_carried_too(memory: Memory) -> None:
    """A file in which a translator changed a sentence changes its paragraph; the same file again changes nothing."""
    file = list(memory.snapshot)
    old, new = "est ouvert à", "s’ouvre à"
    edited = [_replaced(unit, old, new) if unit.level == "sentence" else unit for unit in file]
    imported = memory.import_units(edited)
    assert (imported.updated, imported.carried) == (1, 1)
    assert unit_with(memory, "paragraph", "The harbour master").texts["fr"] == FRENCH[0].replace(old, new)
    assert memory.import_units(edited).version is None


def _replaced(unit: Unit, old: str, new: str) -> Unit:
    variants = tuple(replace(variant, text=variant.text.replace(old, new)) for variant in unit.variants)
    return replace(unit, variants=variants)


@pytest.mark.parametrize("change", [str.upper, lambda text: text + " !", lambda text: text[::-1]])
def test_no_unit_of_a_passage_offers_the_old_wording(memory: Memory, change: Callable[[str], str]) -> None:
    """After any edit of a sentence, no unit of its document has its old wording where it stood."""
    for sentence in [unit for unit in memory.snapshot if unit.level == "sentence"]:
        now = memory.unit(sentence.id)
        if now.status is not Status.REJECTED:
            memory.edit(sentence.id, "fr", change(now.texts["fr"]))
    shown = [unit.texts["fr"] for unit in memory.snapshot if unit.status is not Status.REJECTED]
    assert not set(shown) & set(FRENCH)
    for paragraph in FRENCH:
        assert " ".join(change(each + ".") for each in paragraph.removesuffix(".").split(". ")) in shown
