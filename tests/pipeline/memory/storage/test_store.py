"""Units in tables, and the fragments made for look-up."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.errors import InputError
from hexapla.memory.additions.fractional_positions import NoRoom, between, completed
from hexapla.memory.memory import Memory
from hexapla.memory.storage.flat_files import Halves, language_folder
from hexapla.memory.storage.vectors import VectorStore, keys_of
from hexapla.unit_records import unit_of_row
from hexapla.unit_table import UNIT, frame_of
from hexapla.units import Status, Unit, Variant
from hexapla_models.encoder import Encoder

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
TIME = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))
NUMBER = st.floats(-1e6, 1e6)
VARIANTS = st.builds(
    Variant,
    st.sampled_from(["zh", "zh-Hant", "en", "ar"]),
    TEXT,
    st.none() | TEXT,
    st.lists(NUMBER, max_size=3).map(tuple),
    st.none() | NUMBER,
    st.none() | TEXT,
)
UNITS = st.builds(
    Unit,
    TEXT,
    st.lists(VARIANTS, max_size=3, unique_by=lambda variant: variant.language).map(tuple),
    document=TEXT,
    symbol=st.none() | TEXT,
    number=st.none() | TEXT,
    position=NUMBER,
    probability=st.floats(0, 1),
    status=st.sampled_from(Status),
    moved=st.booleans(),
    author=st.none() | TEXT,
    created=st.none() | TIME,
    changed=st.none() | TIME,
    properties=st.dictionaries(TEXT, TEXT | st.integers(-9, 9) | st.lists(TEXT, max_size=2), max_size=3),
    sources=st.lists(TEXT, max_size=2).map(tuple),
)


def numbered(count: int, first: int = 0, document: str = "A/1") -> list[Unit]:
    """Make units with texts that are all different."""
    return [
        Unit.of_texts(
            f"{document}-{k:06}",
            {"zh": f"第 {k} 号港口", "en": f"Port number {k}"},
            document=document,
            position=k,
        )
        for k in range(first, first + count)
    ]


def vectors_of(units: list[Unit], encoder: Encoder) -> dict[str, Halves]:
    """Return the same vector for all texts, for tests that are not about vectors."""
    vector = encoder.encode(["A port"]).astype(np.float16)
    return {language: np.repeat(vector, len(units), axis=0) for language in ("zh", "en")}


@settings(max_examples=25, deadline=None)
@given(st.lists(UNITS, max_size=4))
def test_units_come_back_from_a_frame_as_they_were(units: list[Unit]) -> None:
    """Units, rows of a frame and lines of JSON can be converted into each other without loss."""
    frame = frame_of(units)
    assert dict(frame.schema) == UNIT
    assert [unit_of_row(record) for record in frame.iter_rows(named=True)] == units
    lines = frame.write_ndjson().split("\n")[:-1]
    assert [unit_of_row(json.loads(line)) for line in lines] == units


@given(
    st.lists(st.none() | st.integers(0, 30), max_size=12),
    st.none() | st.integers(-5, -1),
    st.none() | st.just(31),
)
def test_numbers_are_found_between_those_that_are_known(
    known: list[int | None], before: int | None, after: int | None
) -> None:
    """Numbers ascend and stay within their limits, and known ascending numbers are kept."""
    found = completed(known, before, after)
    rim = [*([] if before is None else [before]), *found, *([] if after is None else [after])]
    assert rim == sorted(set(rim))
    assert len(found) == len(known)
    given_numbers = [number for number in known if number is not None]
    if given_numbers == sorted(set(given_numbers)):
        assert [b for a, b in zip(known, found, strict=True) if a is not None] == given_numbers


def test_numbers_run_out() -> None:
    """Between two neighbouring floating-point numbers there is no third one."""
    with pytest.raises(NoRoom):
        between(1.0, float(np.nextafter(1.0, 2.0)), 1)


def test_vectors_are_kept_by_text_and_language(tmp_path: Path, encoder: Encoder) -> None:
    """A text is encoded once, whatever its digits and script, and its vector is returned nearly as it was."""
    store = VectorStore(tmp_path / "vectors", encoder.dimension)
    texts = [("zh", "港口開放"), ("en", "The port is open"), ("en", "The port is open")]
    assert store.encode(texts, encoder.encode) == 2
    assert store.encode([("zh", "港口开放"), *texts], encoder.encode) == 0
    found, lacking = store.look_up(keys_of(["The port is open", "The port is shut"], "en"))
    assert lacking.tolist() == [1]
    assert np.allclose(found[0], encoder.encode(["The port is open"])[0], atol=2e-3)


def test_many_units_are_added_in_one_commit(tmp_path: Path, encoder: Encoder) -> None:
    """Many units with vectors are added without the encoder, found, and unchanged when they are added again."""
    units = numbered(1500)
    memory = Memory.create(tmp_path / "memory")
    added = memory.add_units(frame_of(units), vectors_of(units, encoder))
    assert (added.version, added.added, added.encoded) == (1, 1500, 0)
    assert len(memory) == 1500
    again = memory.add_units(units, vectors_of(units, encoder))
    assert (again.version, again.unchanged) == (None, 1500)
    (best, *_) = memory.lookup("Port number 1222", source="en", target="zh", meaning=False)
    assert best.target == "第 1222 号港口"


def test_units_added_again_are_updated_and_keep_changes_by_people(tmp_path: Path) -> None:
    """A unit with a new text is updated; texts that people edited or approved are kept."""
    units = numbered(3)
    memory = Memory.create(tmp_path / "memory")
    memory.add_units(units)
    memory.edit(units[0].id, "en", "The first port")
    memory.review(units[1].id, Status.APPROVED)
    other = renamed(units, 1)
    added = memory.add_units([other[0], units[1], other[2]])
    assert (added.updated, added.unchanged) == (2, 1)
    assert [unit.texts["en"] for unit in memory.snapshot] == [
        "The first port",
        "Port number 1",
        "Port 2 in step 1",
    ]
    assert [unit.status for unit in memory.snapshot] == [Status.EDITED, Status.APPROVED, Status.ALIGNED]


def test_texts_without_vectors_are_encoded(tmp_path: Path) -> None:
    """Units added without vectors can be found by meaning."""
    memory = Memory.create(tmp_path / "memory")
    added = memory.add_units(
        [
            Unit.of_texts(
                "u1", {"en": "The harbour is closed to ships.", "fr": "Le port est fermé aux navires."}
            )
        ]
    )
    assert added.encoded == 2
    (match,) = memory.lookup("No vessel may enter the port.", source="en", target="fr")
    assert match.percentage is None
    assert match.target == "Le port est fermé aux navires."


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.DataFrame({"id": ["a"]}), "no column document, symbol"),
        (frame_of(numbered(1)).with_columns(position=pl.lit("first")), "does not have its type"),
        (frame_of(numbered(1)).with_columns(id=pl.lit(None, pl.String)), "1 units have no identifier"),
    ],
)
def test_frames_that_hold_no_units_are_refused(tmp_path: Path, frame: pl.DataFrame, message: str) -> None:
    """Missing columns, wrong types and missing identifiers are errors."""
    memory = Memory.create(tmp_path / "memory")
    with pytest.raises(InputError, match=message):
        memory.add_units(frame)


def test_vectors_of_another_number_or_dimension_are_refused(tmp_path: Path, encoder: Encoder) -> None:
    """Vectors of the wrong shape are refused, with both shapes."""
    units = numbered(3)
    memory = Memory.create(tmp_path / "memory")
    vectors = vectors_of(units, encoder)
    for wrong in (vectors["en"][:2], vectors["en"][:, :100]):
        with pytest.raises(InputError, match=r"shape \(\d, \d+\), but the texts need \(3, 512\)"):
            memory.add_units(units, {"en": wrong})
    assert memory.version == 0


def renamed(units: list[Unit], step: int) -> list[Unit]:
    """Give units other English texts."""
    return [
        Unit.of_texts(
            unit.id,
            {**unit.texts, "en": f"Port {unit.position} in step {step}"},
            document=unit.document,
            position=unit.position,
        )
        for unit in units
    ]


def test_a_memory_of_many_fragments_is_read_as_one(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Units added, changed and removed over many commits are each found once, in order, in every version."""
    monkeypatch.setattr("hexapla.memory.index.fragments.IN_MEMORY", 200)
    memory = Memory.create(tmp_path / "memory")
    expected: dict[str, str] = {}
    seen = {0: dict(expected)}
    for step, (first, count) in enumerate([(0, 600), (500, 240), (738, 20), (200, 1), (0, 30)]):
        units = renamed(numbered(count, first), step)
        memory.add_units(units, vectors_of(units, encoder))
        expected |= {unit.id: unit.texts["en"] for unit in units}
        seen[memory.version] = dict(expected)
        assert {unit.id: unit.texts["en"] for unit in memory.snapshot} == expected
        assert len(memory) == len(expected)
    opened = Memory.open(memory.path)
    assert len(opened.snapshot.fragments) == 3
    assert [unit.id for unit in opened.snapshot.document("A/1")] == sorted(expected)
    assert opened.units.collect()["id"].to_list() == sorted(expected)
    neighbours = opened.snapshot.neighbours(opened.unit("A/1-000500"))
    assert [unit.id if unit else None for unit in neighbours] == ["A/1-000499", "A/1-000501"]
    for version, texts in seen.items():
        old = Memory.open(memory.path, at=version)
        assert {unit.id: unit.texts["en"] for unit in old.snapshot} == texts
    assert opened.verify() == []


def test_old_fragments_are_removed_when_they_are_no_longer_needed(tmp_path: Path, encoder: Encoder) -> None:
    """A fragment that was merged with a later one is removed, but not while a snapshot reads it."""
    memory = Memory.create(tmp_path / "memory")
    units = numbered(1100)
    memory.add_units(units, vectors_of(units, encoder))
    before = memory.snapshot
    (fragment,) = before.fragments
    assert fragment.folder is not None
    memory.add_units(numbered(1100, 1100), vectors_of(units, encoder))
    memory.refresh()
    assert [unit.texts for unit in before] == [unit.texts for unit in units]
    assert fragment.folder.exists()
    gone = fragment.folder
    del before, fragment
    memory.refresh()
    assert not gone.exists()
    assert [each.folder for each in memory.snapshot.fragments] == list((memory.path / "derived").iterdir())


def test_a_compacted_memory_needs_no_new_indexes(tmp_path: Path, encoder: Encoder) -> None:
    """Compacting changes files, not units: the derived data also serves the new files."""
    memory = Memory.create(tmp_path / "memory")
    for first in (0, 600):
        memory.add_units(numbered(600, first), vectors_of(numbered(600), encoder))
    units = list(memory.snapshot)
    memory.compact(keep_days=0)
    steps: list[str] = []
    opened = Memory.open(memory.path, progress=lambda step, done, total: steps.append(step))
    assert steps == []
    assert list(opened.snapshot) == units
    assert len(list((memory.path / "units").glob("*.parquet"))) == 1
    assert opened.verify() == []


def test_a_memory_that_another_process_compacts_makes_no_new_indexes(
    tmp_path: Path, encoder: Encoder
) -> None:
    """A process that has the memory open uses the derived data of the new files, and leaves it for others."""
    steps: list[str] = []
    memory = Memory.create(tmp_path / "memory")
    memory.add_units(numbered(1200), vectors_of(numbered(1200), encoder))
    opened = Memory.open(memory.path, progress=lambda step, done, total: steps.append(step))
    assert steps  # it made the indexes itself
    memory.compact(keep_days=0)
    (folder,) = (memory.path / "derived").iterdir()
    steps.clear()
    opened.refresh()
    assert opened.version == Memory.open(memory.path).version
    assert [fragment.folder for fragment in opened.snapshot.fragments] == [folder]
    assert steps == []


def test_tags_have_different_folders_on_every_system(tmp_path: Path) -> None:
    """Names are short, of plain characters, none that Windows reserves, and differ in more than case."""
    tags = ("en", "EN", "zh-Hant", "zh-hant", "con", "aux", "x-abc", "x-abd", "../../etc", "a/b", "é" * 500)
    names = [language_folder(tmp_path, tag).relative_to(tmp_path).as_posix().lower() for tag in tags]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,12}-[0-9a-f]{8}", name) for name in names)
