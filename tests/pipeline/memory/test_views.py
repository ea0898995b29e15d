"""Threads that read one memory while another one refreshes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from hexapla.errors import UnwritableMemory
from hexapla.memory.export import export
from hexapla.memory.memory import Memory
from hexapla.units import Unit

LOOKED_UP = "The pilot boards at the outer buoy."


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory of one unit, whose French text tells the version."""
    memory = Memory.create(tmp_path / "memory")
    memory.add_units([Unit.of_texts("pilot-unit", {"en": LOOKED_UP, "fr": "Version 1"})])
    memory.refresh()
    return memory


def answer(memory: Memory) -> str:
    return memory.lookup(LOOKED_UP, source="en", target="fr", meaning=False)[0].target


def test_a_look_up_that_overlaps_a_refresh_answers_from_one_version(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever thread is first, a memory that shows a version answers from that version."""
    from hexapla.memory.index.fragments import DerivedData

    reading, refreshed = Event(), Event()
    fragments = DerivedData.fragments

    def slow(self: DerivedData, *args: object, **options: object) -> object:
        reading.set()
        refreshed.wait(1)
        return fragments(self, *args, **options)  # type: ignore[arg-type]

    reader = Memory(memory.path)
    reader.edit(
        "pilot-unit", "fr", "Version 2"
    )  # shows version 2, whose look-up is made when it is first used
    memory.edit("pilot-unit", "fr", "Version 3")
    with ThreadPoolExecutor(1) as threads:
        monkeypatch.setattr(DerivedData, "fragments", slow)
        first = threads.submit(answer, reader)
        assert reading.wait(60)
        monkeypatch.setattr(DerivedData, "fragments", fragments)
        reader.refresh()
        refreshed.set()
        assert first.result() == "Version 2"
    assert (reader.version, reader.snapshot.version, answer(reader)) == (3, 3, "Version 3")


def test_a_view_stays_at_its_version(memory: Memory, tmp_path: Path) -> None:
    """A view answers, exports and counts as before, whatever is written to its memory, and cannot be written to."""
    view = memory.view()
    memory.edit("pilot-unit", "fr", "Version 2")
    memory.add_units([Unit.of_texts("tide-unit", {"en": "The tide turns.", "fr": "La marée tourne."})])
    memory.refresh()
    assert (view.version, answer(view), len(view), view.unit("pilot-unit").texts["fr"]) == (
        1,
        "Version 1",
        1,
        "Version 1",
    )
    export(view, tmp_path / "view.tmx")
    assert "Version 1" in (tmp_path / "view.tmx").read_text(encoding="utf-8")
    assert (memory.version, answer(memory), len(memory)) == (3, "Version 2", 2)
    for change in (view.refresh, lambda: view.edit("pilot-unit", "fr", "Never")):
        with pytest.raises(UnwritableMemory, match="version 1 was opened"):
            change()
