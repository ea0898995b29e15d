"""Texts and records in files: they come back as they were, and a damaged one is an error."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.compare.comparable import as_seen, comparable
from hexapla.errors import DamagedMemory
from hexapla.memory.index.fragment_layout import open_fragment, write_fragment
from hexapla.memory.memory import Memory
from hexapla.memory.storage.packed_strings import (
    DICTIONARY,
    PackedStrings,
    PackedWriter,
    compressor,
    packed_as,
)
from hexapla.memory.storage.records import Records
from hexapla.unit_table import frame_of
from hexapla.units import Unit, Variant
from support_lookup import near_duplicates

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


def packed(folder: Path, texts: list[str], bases: list[str]) -> PackedStrings:
    """Write texts that are like others, and open them."""
    encoded, alike = [text.encode() for text in texts], [text.encode() for text in bases]
    with PackedWriter(folder, "texts") as file:
        file.pack(encoded, [packed_as(*pair) for pair in zip(encoded, alike, strict=True)])
    return PackedStrings.open(folder, "texts", lambda place: alike[place])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT) | TEXT.map(lambda text: (text, comparable(text))), max_size=4))
def test_any_text_is_restored_from_any_other(pairs: list[tuple[str, str]]) -> None:
    """A text comes back exactly, whether its comparable form is like it or not."""
    texts, bases = [text for text, _ in pairs], [base for _, base in pairs]
    with TemporaryDirectory() as folder:
        found = packed(Path(folder), texts, bases)
        assert list(found) == found[:] == [found[k - len(texts)] for k in range(len(texts))] == texts


@pytest.mark.parametrize("length", [10, 9_000, 40_000, 300_000])
def test_texts_of_any_length_are_restored(tmp_path: Path, length: int) -> None:
    """Texts longer than the window of the compression are restored too."""
    text = "".join(random.Random(length).choices("Aa bÉé 里ß", k=length))
    assert packed(tmp_path, [text], [comparable(text)])[0] == text


def test_a_text_takes_little_beside_its_comparable_form(tmp_path: Path) -> None:
    """What restores a text from its comparable form takes at most a fifth of its space."""
    texts = [text for language in ("en", "fr", "zh") for text in near_duplicates(language, 50)]
    found = packed(tmp_path, texts, [comparable(as_seen(text)) for text in texts])
    assert len(found.buffer) < 0.2 * sum(len(text.encode()) for text in texts)


def test_a_changed_byte_never_gives_a_wrong_text(tmp_path: Path) -> None:
    """Whichever byte changes in the files of texts, a text is right or an error."""
    texts = near_duplicates("en", 20)
    packed(tmp_path, texts, [text.lower() for text in texts])
    chance, errors = random.Random(0), 0
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        for _ in range(50):
            place = chance.randrange(128 if path.suffix == ".npy" else 0, len(whole))
            path.write_bytes(
                whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
            )
            found = PackedStrings.open(tmp_path, "texts", lambda k: texts[k].lower().encode())
            for number, text in enumerate(texts):
                try:
                    assert found[number] == text
                except DamagedMemory:
                    errors += 1
        path.write_bytes(whole)
    assert errors > 100


def test_records_have_no_texts_and_are_small(tmp_path: Path) -> None:
    """A record takes a fraction of its JSON, and has every column but the texts that are not empty."""
    units = [Unit.of_texts(f"{k:016x}", {"en": f"Port {k}", "fr": ""}, position=k) for k in range(500)]
    Records.write(tmp_path, frame_of(units))
    records = Records.open(tmp_path)
    assert [record["id"] for record in records[:]] == [unit.id for unit in units]
    assert {(each["language"], each["text"]) for each in records[499]["variants"]} == {
        ("en", None),
        ("fr", ""),
    }
    assert len(records.lines.buffer) < 40 * len(units)


@pytest.mark.parametrize("size", [0, 1, DICTIONARY, 3 * DICTIONARY])
def test_the_dictionary_of_records_may_have_any_size(size: int) -> None:
    """A compressed record is shorter if the dictionary is like it, and no dictionary is too long or too short."""
    sample = bytes(random.Random(0).choices(range(256), k=size))
    compressed = compressor(sample)(sample[-300:])
    assert size <= 1 or len(compressed) < 60


def test_units_keep_texts_that_share_a_language_or_are_empty(tmp_path: Path) -> None:
    """Units read from files are as they were, even with two texts in a language, or an empty one."""
    units = [
        Unit("u1", (Variant("en", "One"), Variant("en", "Another one"), Variant("fr", ""))),
        Unit("u2", (Variant("fr", "Deux", original="Two"), Variant("en", "Two"))),
        Unit("u3", ()),
    ]
    memory = Memory.create(tmp_path / "memory")
    log = frame_of(units).with_columns(
        deleted=np.zeros(3, bool), change=np.ones(3, int), commit=np.array(["a"] * 3)
    )
    folder = tmp_path / "fragment"
    folder.mkdir()
    store = memory._folder.vectors
    languages = write_fragment(
        folder,
        log,
        store,
        lambda tag, texts: store.encode_again(texts, tag, memory._folder.encode),
        lambda *step: None,
    )
    assert languages == {"en": 3, "fr": 1}
    fragment = open_fragment(folder, languages, store, None)
    assert [fragment.unit(row) for row in range(3)] == units
