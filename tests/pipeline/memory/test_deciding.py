"""Decisions on one unit or many: edits that were overtaken, identical pairs, replacement, and deletion."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.api.memory import Memory
from hexapla.errors import EditConflict, InputError
from hexapla.units import Status, Unit

TEXTS = [
    {"en": "The port is open.", "fr": "Le port est ouvert."},
    {"en": "The port is open.", "fr": "Le port est ouvert."},
    {"en": "The port is open.", "fr": "Le port reste ouvert."},
    {"en": "The ports are closed.", "fr": "Les ports sont fermés."},
]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Return a memory of four units, two of which have the same pair."""
    memory = Memory(tmp_path / "memory")
    memory.add_units(
        [
            Unit.of_texts(f"unit-{k}", texts, document=f"paper {k}", position=float(k))
            for k, texts in enumerate(TEXTS)
        ]
    )
    return memory


def french(memory: Memory) -> list[str]:
    return [memory.unit(f"unit-{k}").texts["fr"] for k in range(len(TEXTS))]


def test_an_edit_of_a_text_that_was_changed_meanwhile(memory: Memory) -> None:
    """The edit is refused, and both texts are in the message; an edit of another text goes through."""
    seen = memory.version
    memory.edit("unit-0", "fr", "Le port demeure ouvert.", author="first")
    with pytest.raises(
        EditConflict, match=r"'Le port est ouvert\.' in version 1.*'Le port demeure ouvert\.' now, by first"
    ):
        memory.edit("unit-0", "fr", "Le port est accessible.", seen=seen)
    memory.edit("unit-0", "en", "The port stays open.", seen=seen)
    assert memory.unit("unit-0").texts == {"en": "The port stays open.", "fr": "Le port demeure ouvert."}


def test_a_language_in_another_case_is_checked_too(memory: Memory) -> None:
    """An edit that was overtaken is refused, and identical pairs are corrected, however a unit spells the language."""
    memory.add_units(
        [Unit.of_texts(f"odd-{k}", {"EN": "The dock is dry.", "FR": "Le bassin est sec."}) for k in "ab"]
    )
    seen = memory.version
    memory.edit("odd-a", "fr", "Le bassin est à sec.", everywhere=True)
    assert [memory.unit(f"odd-{k}").texts["FR"] for k in "ab"] == ["Le bassin est à sec."] * 2
    with pytest.raises(EditConflict):
        memory.edit("odd-a", "fr", "Le bassin est vide.", seen=seen)


def test_identical_pairs(memory: Memory) -> None:
    """Units with the same text and translation are named, and corrected in the same version if wanted."""
    assert [unit.id for unit in memory.identical_pairs("unit-0", "fr")] == ["unit-1"]
    assert [unit.id for unit in memory.identical_pairs("unit-0", "en")] == ["unit-1"]
    assert memory.identical_pairs("unit-0", "de") == []
    memory.edit("unit-0", "fr", "Le port est en service.", everywhere=True)
    assert french(memory) == ["Le port est en service."] * 2 + [TEXTS[2]["fr"], TEXTS[3]["fr"]]
    assert memory.version == 2


def test_replacement(memory: Memory) -> None:
    """Words are replaced in all units, or in those that are selected, in one version that can be taken back."""
    changes = memory.replace("port", "havre", language="fr", dry_run=True)
    assert (len(changes), memory.version, french(memory)) == (4, 1, [texts["fr"] for texts in TEXTS])
    memory.replace("port", "havre", language="fr", whole_words=True, where=["document=paper 2"])
    assert french(memory)[1:] == ["Le port est ouvert.", "Le havre reste ouvert.", "Les ports sont fermés."]
    memory.replace("port", "havre", language="FR", whole_words=True)
    assert french(memory) == ["Le havre est ouvert."] * 2 + [
        "Le havre reste ouvert.",
        "Les ports sont fermés.",
    ]
    assert memory.version == 3
    memory.restore(1)
    assert french(memory) == [texts["fr"] for texts in TEXTS]


def test_replacement_takes_words_as_they_are(memory: Memory) -> None:
    """Signs of regular expressions have no meaning, neither in the words nor in what replaces them."""
    assert memory.replace("ouv.rt", "x", language="fr") == []
    memory.replace("ouvert.", r"ouvert\\1 (\\g<0>).", language="fr", where=["document=paper 0"])
    assert french(memory)[0] == r"Le port est ouvert\\1 (\\g<0>)."
    for find, replacement in (("", "x"), (" ", "x"), ("Les ports sont fermés.", "")):
        with pytest.raises(InputError):
            memory.replace(find, replacement, language="fr")


def test_deletion(memory: Memory) -> None:
    """Deleted units are gone, in one version that can be taken back."""
    assert [change.id for change in memory.delete("unit-3", dry_run=True)] == ["unit-3"]
    memory.delete(["unit-0", "unit-3"])
    assert (sorted(unit.id for unit in memory.snapshot), memory.version) == (["unit-1", "unit-2"], 2)
    memory.delete(where=["document!=paper 1"])
    assert [unit.id for unit in memory.snapshot] == ["unit-1"]
    memory.restore(1)
    assert len(memory) == len(TEXTS)


def test_a_document_whose_units_were_deleted_can_be_added_again(tmp_path: Path, memory: Memory) -> None:
    """When all units of a document are deleted, the same files make them again."""
    for tag in ("en", "fr"):
        text = "\n\n".join(texts[tag] for texts in TEXTS)
        (tmp_path / f"ports.{tag}.txt").write_text(text, encoding="utf-8")
    files = {tag: tmp_path / f"ports.{tag}.txt" for tag in ("en", "fr")}
    made = memory.add(files).added
    memory.delete(where=["document=ports"])
    assert made
    assert memory.add(files).added == made


def test_review_by_conditions(memory: Memory) -> None:
    """Units are approved and rejected by conditions, which can be tried first."""
    where = ["document!=paper 3"]
    assert [unit.status for unit in memory.approve(where=where, dry_run=True)] == [Status.APPROVED] * 3
    assert memory.version == 1
    memory.approve(where=where)
    memory.reject("unit-0", where=["document=paper 3"])
    statuses = [memory.unit(f"unit-{k}").status.value for k in range(len(TEXTS))]
    assert statuses == ["rejected", "approved", "approved", "rejected"]
