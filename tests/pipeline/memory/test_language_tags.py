"""Language tags of any form: a unit in one of them never harms the others, and impossible ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.errors import InputError
from hexapla.memory.additions.unit_addition import MOST_CHARACTERS, MOST_LANGUAGES
from hexapla.memory.memory import Memory
from hexapla.units import Unit
from support_cli import hexapla

GOOD = {"en": "The pier is closed.", "fr": "La jetée est fermée."}
TAGS = (
    "x-abc",
    "i-klingon",
    "zh-min-nan",
    "en-GB-oed",
    "qaa-x-foo",
    "und",
    "mul",
    "sl-rozaj-biske-1994",
    "de-u-co-phonebk",
    "en-a-bbb-x-a-ccc",
    "de-1901",
    "es-419",
    "con",
    "aux",
)


@pytest.mark.parametrize("tag", TAGS)
def test_a_unit_in_any_tag_harms_no_other_look_up(tmp_path: Path, tag: str) -> None:
    """It is found in its own language and in the others, before and after a document in other languages is there."""
    memory = Memory.create(tmp_path / "memory")
    memory.add_units([Unit.of_texts("u1", GOOD)])
    memory.add_units([Unit.of_texts("u2", {"fr": "Le port est profond.", tag: "Strange words here."})])
    memory = Memory.open(memory.path)
    (match,) = memory.lookup(GOOD["en"], source="en", target="fr", meaning=False)
    assert match.target == GOOD["fr"]
    (match,) = memory.lookup("Le port est profond.", source="fr", target=tag, meaning=False)
    assert match.target == "Strange words here."
    (match,) = memory.lookup("Strange words here.", source=tag, target="fr", meaning=False)
    assert match.target == "Le port est profond."
    assert [hit.unit.id for hit in memory.concordance("strange", language=tag)] == ["u2"]
    assert memory.verify() == []


def test_a_unit_in_an_odd_tag_of_a_large_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its index files are made, though no folder has the name of the tag."""
    monkeypatch.setattr("hexapla.memory.index.fragments.IN_MEMORY", 2)
    units = [
        Unit.of_texts(f"u{number}", {"en": f"Pier {number}.", tag: f"Words of {tag}."})
        for number, tag in enumerate(TAGS)
    ]
    memory = Memory.create(tmp_path / "memory")
    memory.add_units(units)
    memory = Memory.open(memory.path)
    for tag in TAGS:
        (match, *_) = memory.lookup(f"Words of {tag}.", source=tag, target="en", meaning=False)
        assert match.language == tag


IMPOSSIBLE = {
    "long tag": ({"en-x-" + "-".join(["aaaaaaaa"] * 30): "Text.", "fr": "Texte."}, "has 274 characters"),
    "no tag": ({"en": "Text.", "../../etc": "Texte."}, "not a BCP 47 language tag"),
    "empty tag": ({"en": "Text.", "": "Texte."}, "not a BCP 47 language tag"),
    "long text": ({"en": "Text.", "fr": "x" * (MOST_CHARACTERS + 1)}, "has 100,001 characters"),
    "languages": ({f"en-x-a{number}": "Text." for number in range(MOST_LANGUAGES + 1)}, "has 101 languages"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_unit_is_refused_and_nothing_is_committed(tmp_path: Path, name: str) -> None:
    """The message names the unit and both numbers, and a memory that did not exist is not made."""
    texts, words = IMPOSSIBLE[name]
    units = [Unit.of_texts("good", GOOD), Unit.of_texts("bad", texts)]
    for ask in (Memory(tmp_path / "new").add_units, Memory(tmp_path / "new").import_units):
        with pytest.raises(InputError, match=f"unit bad.*{words}"):
            ask(units)
    assert not (tmp_path / "new").exists()


def test_an_impossible_unit_of_a_file_can_be_left_out(tmp_path: Path) -> None:
    """An import ends with one line and changes nothing; with --skip-bad the other units are taken."""
    lines = ['{"id": "good", "texts": {"en": "Text.", "fr": "Texte."}}']
    lines.append(f'{{"id": "bad", "texts": {{"en": "Text.", "fr": "{"x" * (MOST_CHARACTERS + 1)}"}}}}')
    (tmp_path / "units.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = hexapla("import", tmp_path / "memory", tmp_path / "units.jsonl")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "unit bad: its text in fr has 100,001 characters" in done.stderr
    assert not (tmp_path / "memory").exists()
    done = hexapla("import", tmp_path / "memory", tmp_path / "units.jsonl", "--skip-bad")
    assert (done.exit_code, [unit.id for unit in Memory.open(tmp_path / "memory").snapshot]) == (0, ["good"])
