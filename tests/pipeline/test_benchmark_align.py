"""benchmarks/align.py and scale.py run on any folder, with or without the peers."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
ENGLISH = [
    "The ferry leaves the harbour at seven.",
    "Nobody had told the captain about the fog.",
    "She counted 42 passengers and closed the gate.",
    "The children slept on the benches.",
    "An old man sold oranges from a basket.",
    "At noon the island came into sight.",
]
FRENCH = [
    "Le ferry quitte le port à sept heures.",
    "Personne n'avait parlé du brouillard au capitaine.",
    "Elle compta 42 passagers et ferma la grille.",
    "Les enfants dormaient sur les bancs.",
    "Un vieil homme vendait des oranges dans un panier.",
    "À midi, l'île apparut.",
]


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, BENCHMARKS / script, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents with gold, and the same lines in parallel."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.en").write_text("\n".join(ENGLISH) + "\n", encoding="utf-8")
        (tmp_path / f"{name}.fr").write_text("\n".join(FRENCH) + "\n", encoding="utf-8")
        (tmp_path / f"{name}.gold").write_text("".join(f"[{n}]:[{n}]\n" for n in range(6)), encoding="utf-8")
    return tmp_path


def test_align_prints_each_document_and_all(folder: Path) -> None:
    """align.py scores each document and all together, and draws every aligner that it ran."""
    picture = folder / "picture.svg"
    arguments = ("--data", folder, "--languages", "en", "fr", "--picture", picture, "--aligners", "hexapla")
    result = run("align.py", *arguments)
    assert result.returncode == 0, result.stderr
    tables = result.stdout.split("\n\n")
    assert [line.split("|")[1].strip() for line in tables[0].splitlines()[2:]] == ["one", "two"]
    assert tables[1].splitlines()[2].split("|")[1].strip() == "Hexapla"
    assert len(ET.parse(picture).findall(".//{*}circle")) == 1


def test_a_missing_peer_is_left_out_with_a_message(folder: Path) -> None:
    """A missing peer gives one line that says how to install it, and the table has the others."""
    arguments = ("--data", folder, "--languages", "en", "fr", "--aligners", "hexapla", "bertalign")
    result = run("align.py", *arguments, "--bertalign", folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Bertalign is left out: pip install numba scipy")
    assert "| Bertalign" not in result.stdout


def test_a_pattern_without_files_is_refused(folder: Path) -> None:
    """A pattern that matches no file is refused, and the error names the option to change."""
    result = run("align.py", "--data", folder, "--languages", "en", "fr", "--pattern", "*.none")
    assert result.returncode == 2
    assert "give --pattern" in result.stderr


def test_scale_prints_each_size(tmp_path: Path) -> None:
    """scale.py prints one row for each size, relative to the first."""
    (tmp_path / "ferry.en.txt").write_text("\n".join(ENGLISH) + "\n", encoding="utf-8")
    (tmp_path / "ferry.fr.txt").write_text("\n".join(FRENCH) + "\n", encoding="utf-8")
    result = run("scale.py", "--data", tmp_path, "--sizes", "20", "40")
    assert result.returncode == 0, result.stderr
    rows = [[cell.strip() for cell in line.split("|")] for line in result.stdout.splitlines()[2:]]
    assert [row[1] for row in rows] == ["20", "40"]
    assert rows[0][4] == rows[0][7] == "1.00"


def test_gold_of_a_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gold beads join segments that share a passage, and leave out passages that one version lacks."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from scale import gold_beads, long_text

    def version(*segments: tuple[int, ...]) -> list[tuple[frozenset[int], str]]:
        return [(frozenset(units), "") for units in segments]

    source, target = version((0,), (1,), (2,), (4, 5)), version((0, 1), (2,), (3,), (4,), (5,))
    assert gold_beads(source, target) == {((0, 1), (0,)), ((2,), (1,)), ((3,), (3, 4))}
    passages = [{"en": [a], "fr": [b]} for a, b in zip(ENGLISH, FRENCH, strict=True)]
    made = [long_text(passages, 9, ("en", "fr"), random.Random(seed)) for seed in (3, 3, 4)]
    assert made[0] == made[1] != made[2]
    assert {len(unit["en"]) for unit in made[0]} == {1}
