"""Corrections of many units in one version."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.errors import InputError, UnknownUnit
from hexapla.memory.memory import Memory
from hexapla.units import Unit


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory of three units."""
    memory = Memory.create(tmp_path / "memory")
    memory.add_units(
        Unit.of_texts(f"harbour-{k}", {"en": f"Harbour {k}", "fr": f"Port {k}"}, document="list", position=k)
        for k in range(3)
    )
    return memory


def test_many_edits_make_one_version(memory: Memory) -> None:
    """Each text is corrected, those of one unit together; what was right already stays."""
    edits = [
        ("harbour-0", "fr", "Port zéro"),
        ("harbour-1", "en", "Harbour one"),
        ("harbour-1", "fr", "Port un"),
        ("harbour-2", "fr", "Port 2"),
    ]
    before = memory.version
    units = memory.edit_many(edits, author="reviser")
    assert memory.version == before + 1
    assert [(unit.texts["en"], unit.texts["fr"], unit.author) for unit in units] == [
        ("Harbour 0", "Port zéro", "reviser"),
        ("Harbour one", "Port un", "reviser"),
        ("Harbour 2", "Port 2", None),
    ]
    assert [memory.unit(unit.id) for unit in units] == units
    assert memory.edit_many(edits) == units
    assert memory.edit_many([]) == []
    assert memory.version == before + 1


@pytest.mark.parametrize(
    ("wrong", "error"), [(("harbour-1", "fr", " "), InputError), (("quay-1", "fr", "Quai"), UnknownUnit)]
)
def test_one_wrong_edit_of_many_changes_nothing(
    memory: Memory, wrong: tuple[str, str, str], error: type[Exception]
) -> None:
    """The error names the unit, and the others are not corrected either."""
    before = memory.version
    with pytest.raises(error, match=wrong[0]):
        memory.edit_many([("harbour-0", "fr", "Port zéro"), wrong])
    memory.refresh()
    assert (memory.version, memory.unit("harbour-0").texts["fr"]) == (before, "Port 0")
