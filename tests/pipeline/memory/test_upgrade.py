"""A memory that the release with format 1 wrote: how it is read, and upgraded when it is first written."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from hexapla.memory.memory import Memory
from hexapla.units import Status

ARCHIVE = Path(__file__).parent / "data" / "format-1.zip"
EDITED = "2a32d211d5dea38d"
DOCUMENT, FIRST, SECOND = (
    "Le registre est ouvert à tous les navires.",
    "Le registre peut être lu par tous les navires.",
    "Le registre peut être consulté par tous les navires.",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the folder of a memory of format 1, at version 4."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "port.hexapla"


def _format(path: Path) -> int:
    return int(json.loads((path / "memory.json").read_text())["format"])


def test_reading_does_not_upgrade(path: Path) -> None:
    """An earlier release can still open a memory that this one has only read."""
    memory = Memory.open(path)
    (match, *_) = memory.lookup("The log is open to all ships.", source="en", target="fr")
    assert (match.percentage, match.target) == (100, SECOND)

    assert (_format(path), memory.version) == (1, 4)


def test_the_first_change_upgrades_in_a_version_of_its_own(path: Path) -> None:
    """A change makes two versions, of which the first differs only in its format."""
    memory = Memory.open(path)
    before = {unit.id: unit for unit in memory.snapshot}
    memory.edit(EDITED, "fr", DOCUMENT)
    assert (_format(path), memory.version) == (2, 6)
    assert [each.operation for each in memory.history()[:2]] == ["edit", "upgrade"]
    assert memory.diff(4, 5) == []
    assert {id: replace(unit, variants=()) for id, unit in before.items()} == {
        unit.id: replace(unit, variants=()) for unit in Memory.open(path, at=5).snapshot
    }


def test_an_upgrade_can_be_taken_back(path: Path) -> None:
    """The version before the upgrade can be restored, and changed again."""
    memory = Memory.open(path)
    memory.review(EDITED, Status.APPROVED)
    memory.restore(4)
    assert memory.unit(EDITED).status is Status.EDITED
    memory.review(EDITED, Status.REJECTED)
    assert Memory.open(path).unit(EDITED).status is Status.REJECTED


def test_an_upgrade_keeps_the_texts_that_units_had(path: Path) -> None:
    """A text of an earlier version does not come back with an old file, even when the earlier versions are gone."""
    memory = Memory.open(path)
    unit = memory.unit(EDITED)
    memory.compact(keep_days=0)
    assert memory.unit(EDITED).texts["fr"] == SECOND
    for text in (DOCUMENT, FIRST):
        variants = tuple(replace(v, text=text) if v.language == "fr" else v for v in unit.variants)
        memory.import_units([replace(unit, variants=variants, changed=None)])
        assert memory.unit(EDITED).texts["fr"] == SECOND


def test_an_upgrade_converts_the_vectors(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vectors are kept in the new files, and no text of any version has to be encoded again."""
    monkeypatch.setattr("hexapla.memory.storage.vectors.VectorStore.encode_again", None)
    memory = Memory.open(path)
    memory.review(EDITED, Status.APPROVED)
    kinds = {file.suffix for file in (path / "vectors").rglob("*.*")}
    assert kinds == {".keys", ".vectors"}
    memory.restore(1)
    memory.reindex()
    (match, *_) = memory.lookup("The log is open to every vessel of the fleet.", source="en", target="fr")
    assert match.target == DOCUMENT
    assert memory.verify() == []
