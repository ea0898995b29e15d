"""Vectors in files: kept in 8 bits, never moved, checked when they are read, and converted from format 1."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hexapla.errors import DamagedMemory
from hexapla.memory.memory import Memory
from hexapla.memory.storage.store import VersionedTable
from hexapla.memory.storage.vector_files import KEY, Keys, VectorFile, append, quantised, unit_vectors
from hexapla.memory.storage.vectors import VectorStore, keys_of
from hexapla.units import Unit

DIMENSION = 32
Singles = NDArray[np.float32]


def vectors_of(count: int, seed: int = 0) -> Singles:
    """Return random vectors of length 1."""
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def keys_from(first: int, count: int) -> Keys:
    return keys_of([f"text {k}" for k in range(first, first + count)], "en")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VectorStore:
    """A store with ten vectors in files of at most four."""
    monkeypatch.setattr("hexapla.memory.storage.vector_files.FILE_ROWS", 4)
    store = VectorStore(tmp_path / "vectors", DIMENSION)
    store.add(keys_from(0, 10), vectors_of(10))
    return store


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=8, max_size=8), max_size=5))
def test_eight_bits_keep_the_direction(rows: list[list[float]]) -> None:
    """A vector read from 8 bits has length 1 and nearly the direction of the original; a vector of zeros stays so."""
    vectors = np.array(rows, dtype=np.float32).reshape(-1, 8)
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    for vector, length, found in zip(vectors, lengths, unit_vectors(quantised(vectors)), strict=True):
        if length > 1e-30:
            assert found @ vector / length == pytest.approx(1, abs=1e-3)
        elif length == 0:
            assert not found.any()


def test_vectors_in_several_files_are_found_by_key(store: VectorStore) -> None:
    """Vectors of full files and of a file that was continued are found, and missing ones are named."""
    store.add(keys_from(8, 6), vectors_of(6, seed=1))  # two of them are there
    assert [len(file) for file in store.files()].count(4) == 3
    found, lacking = VectorStore(store.path, DIMENSION).look_up(keys_from(0, 16))
    assert lacking.tolist() == [14, 15]
    expected = np.concatenate([vectors_of(10), vectors_of(6, seed=1)[2:]])
    assert np.einsum("ij,ij->i", found[:14], expected) == pytest.approx(np.ones(14), abs=1e-3)
    assert store.missing(keys_from(9, 7)).tolist() == [5, 6]


def test_a_reader_keeps_the_vectors_that_were_there_when_it_opened_them(store: VectorStore) -> None:
    """Files that grow, or are replaced when a memory is compacted, stay as a reader has opened them."""
    files, places = store.find(keys_from(0, 10))
    before = [file.read(np.arange(len(file))) for file in files]
    store.add(keys_from(10, 9), vectors_of(9, seed=1))
    assert store.compact(keys_from(3, 2))
    assert len(places) == 10
    assert all(
        np.array_equal(file.read(np.arange(len(file))), rows)
        for file, rows in zip(files, before, strict=True)
    )
    found, lacking = store.look_up(keys_from(0, 19))
    assert np.setdiff1d(np.arange(19), lacking).tolist() == [3, 4]
    assert np.einsum("ij,ij->i", found[3:5], vectors_of(10)[3:5]) == pytest.approx(np.ones(2), abs=1e-3)
    assert not store.compact(keys_from(3, 2))


def test_what_a_killed_process_left_is_not_read(store: VectorStore) -> None:
    """A file whose last row is incomplete is not continued, and its whole rows stay readable."""
    (last,) = (file for file in store.files() if len(file) == 2)
    with last.path.with_suffix(".vectors").open("ab") as file:
        file.write(b"half a vector")
    store.add(keys_from(10, 1), vectors_of(1, seed=1))
    assert VectorStore(store.path, DIMENSION).missing(keys_from(0, 11)).tolist() == []
    assert len(VectorFile.open(last.path, DIMENSION)) == 2
    assert list(store.damaged()) == []


@pytest.mark.parametrize("suffix", [".keys", ".vectors"])
def test_every_changed_byte_is_found(tmp_path: Path, suffix: str) -> None:
    """Wherever a byte changes, verification names that file; its vector is missing, or reading it is an error."""
    store = VectorStore(tmp_path / "vectors", DIMENSION)
    store.add(keys_from(0, 10), vectors_of(10))
    (file,) = store.path.glob(f"*{suffix}")
    whole, chance = file.read_bytes(), random.Random(suffix)
    for _ in range(100):
        place = chance.randrange(len(whole))
        file.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        damaged = VectorStore(store.path, DIMENSION)
        assert [path for path, _ in damaged.damaged()] == [file]
        _, lacking = damaged.look_up(keys_from(0, 10))
        assert lacking.tolist() == [place * 10 // len(whole)]
        if suffix == ".vectors":
            (opened,) = damaged.files()
            with pytest.raises(DamagedMemory, match=r"differs from what was written.*hexapla reindex"):
                opened.read(lacking)


def test_a_store_without_files_has_no_vectors(tmp_path: Path) -> None:
    """A folder that was lost because it was empty is an empty store."""
    store = VectorStore(tmp_path / "vectors", DIMENSION)
    assert store.missing(keys_from(0, 2)).tolist() == [0, 1]
    assert store.look_up(keys_from(0, 0))[0].shape == (0, DIMENSION)
    append(tmp_path, (), np.zeros(0, dtype=KEY), vectors_of(0))
    assert list(tmp_path.iterdir()) == []


def as_format_1(memory: Memory) -> Path:
    """Replace the vectors of a memory by the table that releases before format 2 wrote; return its folder."""
    folder = memory._folder.vectors.path
    texts = [(tag, text) for unit in memory.snapshot for tag, text in unit.texts.items()]
    keys = [keys_of([text], tag).tobytes() for tag, text in texts]
    rows = memory._folder.encode([text for _, text in texts]).astype("<f2")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    frame = pl.DataFrame({"key": keys, "vector": [row.tobytes() for row in rows]})
    VersionedTable.create(folder, dict(frame.schema), {"operation": "create"}).append(
        [frame[:3], frame[3:]], {"operation": "add"}
    )
    return folder


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    """A memory whose vectors are those of format 1, and whose units are all in files of fragments."""
    monkeypatch.setattr("hexapla.memory.index.fragments.IN_MEMORY", 2)
    memory = Memory.create(tmp_path / "memory")
    memory.add_units(
        [
            Unit.of_texts("u1", {"en": "The harbour is closed to ships.", "fr": "Le port est fermé."}),
            Unit.of_texts("u2", {"en": "The lamp burns at night.", "fr": "La lampe brûle la nuit."}),
            Unit.of_texts("u3", {"en": "Bread is baked at dawn.", "fr": "Le pain est cuit à l’aube."}),
        ]
    )
    as_format_1(memory)
    return memory


def meant(memory: Memory) -> str | None:
    """Look up a text that only has a match by meaning."""
    (match, *_) = Memory.open(memory.path).lookup("No vessel may enter the port.", source="en", target="fr")
    return match.target


def test_vectors_of_format_1_are_read_where_they_are(older: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being converted, the vectors of an older release are found, and none of their texts is encoded again."""
    monkeypatch.setattr("hexapla.memory.storage.vectors.VectorStore.encode_again", None)
    folder, before = older._folder.vectors.path, len(list(older._folder.vectors.path.rglob("*")))
    assert meant(older) == "Le port est fermé."
    assert len(list(folder.rglob("*"))) == before
    assert older._folder.vectors.encode([("en", "Bread is baked at dawn.")], older._folder.encode) == 0
    assert older.verify() == []


def test_vectors_of_format_1_are_converted(older: Memory) -> None:
    """Converting leaves only files of this release, encodes nothing, and can be repeated."""
    store = older._folder.vectors
    for _ in range(2):
        store.convert()
    assert {path.suffix for path in store.path.iterdir() if path.name != "lock"} == {".keys", ".vectors"}
    assert store.encode([("fr", "Le port est fermé.")], older._folder.encode) == 0
    assert meant(older) == "Le port est fermé."
    assert older.verify() == []


def test_a_damaged_table_of_format_1_loses_only_its_own_vectors(older: Memory) -> None:
    """A file of the table that cannot be read is named by verify, and its texts are encoded again."""
    folder = older._folder.vectors.path
    file = max(folder.glob("*.parquet"), key=lambda path: path.stat().st_size)
    file.write_bytes(file.read_bytes()[:200])
    assert meant(older) == "Le port est fermé."
    assert [problem.path for problem in older.verify()] == [file]
