"""Small files of the table of units, which later commits merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.memory.memory import Memory
from hexapla.units import Unit


def test_single_edits_leave_few_files_and_all_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many edits there are, the newest version has few files, and each older one reads as it was."""
    monkeypatch.setattr("hexapla.memory.storage.small_files.MOST_FILES", 4)
    memory = Memory.create(tmp_path / "memory")
    memory.add_units([Unit.of_texts("buoy-number", {"en": "Buoy 0", "fr": "Bouée 0"})])
    first = memory.version
    for k in range(1, 10):
        memory.edit("buoy-number", "en", f"Buoy {k}")
        assert len(list(Memory.open(memory.path).view().snapshot)) == 1
    units = Memory.open(memory.path)
    assert len(units._folder.units.state().files) <= 4
    for k in range(10):
        assert Memory.open(memory.path, at=first + k).unit("buoy-number").texts["en"] == f"Buoy {k}"
    assert units.verify() == []
