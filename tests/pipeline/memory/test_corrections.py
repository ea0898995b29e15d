"""A memory exported for review, changed by a reviewer, and imported by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hexapla.memory.memory import Memory
from hexapla.units import Status, Unit
from support_cli import CHINESE, hexapla, write_versions
from support_memory import copy_memory, make_memory, run
from support_review import Grid, change, read_grid


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory that is only copied."""
    return make_memory(tmp_path_factory.mktemp("memory"))


def exported(folder: Path, made: Path) -> tuple[Path, Path]:
    """A memory, and its sentences in a workbook."""
    memory, workbook = copy_memory(made, folder), folder / "review.xlsx"
    run("export", memory, "-o", workbook, "--level", "sentence")
    return memory, workbook


def row(grid: Grid, text: str) -> dict[str, str]:
    """Return the row whose English text begins with this text."""
    return next(each for each in grid if each.get("en", "").startswith(text))


def sentence(memory: Path, text: str) -> Unit:
    """Return the sentence whose English text begins with this text."""
    units = Memory.open(memory).snapshot
    return next(
        unit for unit in units if unit.level == "sentence" and unit.texts.get("en", "").startswith(text)
    )


def test_an_unchanged_workbook(made: Path, tmp_path: Path) -> None:
    """Importing an unchanged workbook changes nothing."""
    memory, workbook = exported(tmp_path, made)

    result = hexapla("import", memory, workbook)

    assert result.exit_code == 0
    assert "is unchanged: this is version 4" in result.output
    assert result.stderr == ""


def test_reviewed(made: Path, tmp_path: Path) -> None:
    """Corrections make one version of the memory; what cannot be applied is listed by row, and affects no other row."""
    memory, workbook = exported(tmp_path, made)

    def edit(grid: Grid) -> None:
        row(grid, "Noting that the riparian").update(
            en="Noting that all riparian States reported lower water;"
        )
        row(grid, "1. Requests").update(action="merge with next")
        row(grid, "2. Decides").update(status="perfect")

    change(workbook, edit)
    line = 2 + next(
        place for place, each in enumerate(read_grid(workbook)) if each.get("status") == "perfect"
    )

    result = hexapla("import", memory, workbook)

    assert result.exit_code == 0, result.stderr
    assert "is now version 5" in result.output
    (finding,) = result.stderr.splitlines()
    assert finding.startswith(f"Not applied: {workbook}, line {line}, unit ")
    assert finding.endswith("the status is 'perfect' but must be one of aligned, edited, approved, rejected")
    merged = sentence(memory, "1. Requests")
    assert merged.texts["en"].endswith("of all 12 ports. The cost is shared;")
    assert merged.status is Status.EDITED
    assert "is unchanged: this is version 5" in hexapla("import", memory, workbook).output


def test_reviewed_as_json(made: Path, tmp_path: Path) -> None:
    """Programs get line, unit and reason of what could not be applied."""
    memory, workbook = exported(tmp_path, made)
    change(workbook, lambda grid: grid[0].update(unit="0123"))

    result = hexapla("import", memory, workbook, "--json")

    (file,) = json.loads(result.stdout)["files"]
    assert [(each["line"], each["unit"]) for each in file["skipped"]] == [(2, "0123"), (None, None)]


def test_changed_meanwhile(made: Path, tmp_path: Path) -> None:
    """An edit made in the memory since the export is kept, and the reviewer's text is in the message."""
    memory, workbook = exported(tmp_path, made)
    unit = sentence(memory, "The Committee,").id
    run("edit", memory, unit, "--lang", "fr", "--text", "La Sous-Commission,")
    change(workbook, lambda grid: row(grid, "The Committee,").update(fr="Le Comité plénier,"))

    result = hexapla("import", memory, workbook)

    assert "here, 'La Sous-Commission,' there" in result.stderr
    assert Memory.open(memory).unit(unit).texts["fr"] == "La Sous-Commission,"


def merged_and_split(folder: Path) -> tuple[Path, tuple[str, str]]:
    """Make a memory of a document, in which a reviewer merged two sentences and split one; return it and the files."""
    memory, workbook = folder / "memory", folder / "review.xlsx"
    versions = write_versions(folder)
    run("add", memory, *versions)
    run("export", memory, "-o", workbook, "--level", "sentence")

    def edit(grid: Grid) -> None:
        row(grid, "1. Requests").update(action="merge with next")
        last = row(grid, "2. Decides")
        last.update(en="2. Decides", fr="2. Décide")
        grid.append({"en": "to remain seized of the matter.", "fr": "de rester saisi de la question."})

    change(workbook, edit)
    run("import", memory, workbook)
    return memory, versions


def test_document_added_again_after_the_review(tmp_path: Path) -> None:
    """Merged, split and rejected units stay as the reviewer left them when the document is added again."""
    memory, versions = merged_and_split(tmp_path)
    before = {unit.id: unit for unit in Memory.open(memory).snapshot}

    run("add", memory, *versions)

    assert {unit.id: unit for unit in Memory.open(memory).snapshot} == before
    assert any(unit.texts["en"] == "to remain seized of the matter." for unit in before.values())


@pytest.mark.parametrize("changed", ["neighbour", "whole"])
def test_merged_and_split_passages_are_fixed_points(tmp_path: Path, changed: str) -> None:
    """Merged and split passages are neither absorbed nor doubled when their surroundings are aligned again."""
    memory, versions = merged_and_split(tmp_path)
    before = {unit.id: unit for unit in Memory.open(memory).snapshot if unit.level == "sentence"}
    if changed == "neighbour":
        for version in versions:
            path = Path(version.partition("=")[2])
            text = path.read_text(encoding="utf-8").replace(" lower", " much lower")
            path.write_text(text.replace("plus basses", "bien plus basses"), encoding="utf-8")
        run("add", memory, *versions)
    else:
        (tmp_path / "paper.zh.md").write_text(CHINESE, encoding="utf-8")
        run("add", memory, *versions, f"zh={tmp_path / 'paper.zh.md'}")

    after = {unit.id: unit for unit in Memory.open(memory).snapshot if unit.level == "sentence"}
    decided = {id: unit for id, unit in before.items() if unit.status is not Status.ALIGNED}
    assert len(decided) == 4
    for id, unit in decided.items():
        assert (after[id].texts | unit.texts, after[id].status) == (after[id].texts, unit.status)
    assert sum("zh" in after[id].texts for id in decided) == (changed == "whole")
    taken = {(v.language, k) for id in decided for v in after[id].variants for k in v.segments}
    others = [unit for unit in after.values() if unit.id not in decided]
    assert not any((v.language, k) in taken for unit in others for v in unit.variants for k in v.segments)
