"""Export of units to files: which ones, in which languages, and always the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from hexapla.api.memory import Memory as ApiMemory
from hexapla.errors import InvalidCondition, MissingLanguage, OutputError
from hexapla.formats.protocols import UnitProblem
from hexapla.formats.registry import unit_reader
from hexapla.memory.conditions import is_selected, parse_condition
from hexapla.memory.export import every_pair, export
from hexapla.memory.memory import Memory
from hexapla.memory.selection import Selection
from hexapla.units import Status, Unit
from support_cli import hexapla
from support_documents import write_document
from support_memory import copy_memory, make_memory
from support_review import read_grid

UNIT = Unit.of_texts(
    "a1",
    {"en": "None.", "fr": "Néant."},
    document="A/79/L.92",
    symbol="A/79/L.92/Rev.1",
    probability=0.9,
    status=Status.APPROVED,
    sources=("A/78/L.1",),
    created=datetime(2026, 1, 1, 10, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory of two documents with an edited unit and an approved one."""
    return make_memory(tmp_path_factory.mktemp("memory"))


@pytest.fixture
def memory(made: Path, tmp_path: Path) -> Path:
    """A copy of the memory."""
    return copy_memory(made, tmp_path)


def read(path: Path) -> list[Unit]:
    findings: list[UnitProblem] = []
    units = list(unit_reader(path)(path, findings.append))
    assert findings == []
    return units


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("status=approved", True),
        ("status != approved", False),
        ("probability>=0.9", True),
        ("probability>0.9", False),
        ("probability = .9", True),
        ("document=A/79/L.92", True),
        ("document=A/79/L.92/Rev.1", True),
        ("document=A/78/L.1", True),
        ("document!=A/78/L.1", False),
        ("document=A/79", False),
        ("created=2026-01-01", True),
        ("created>2026-01-01", False),
        ("created<=2026-01-01", True),
        ("created>=2026-01-01T10:00", True),
        ("created>2026-01-01T10:00Z", False),
        ("created<2026-01-01T12:00+01:00", True),
        ("changed>=1900-01-01", False),
        ("changed!=1900-01-01", False),
    ],
)
def test_conditions(text: str, holds: bool) -> None:
    """A condition compares a field of a unit; a condition on a missing date never holds."""
    assert parse_condition(text).holds(UNIT) is holds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("approved", "'approved' is not a condition: write one such as en~"),
        ("", "is not a condition"),
        ("colour=red", "an unknown field 'colour'"),
        ("status=good", "'good' is not one of aligned, edited, approved, rejected"),
        ("status>aligned", "status can only be compared with = and !="),
        ("document<A", "document can only be compared with =, !=, ~, !~ and =~"),
        ("document=", "'' is not a text or a name"),
        ("probability>=90", "'90' is not a number from 0 to 1"),
        ("probability>=high", "'high' is not a number from 0 to 1"),
        ("probability=nan", "'nan' is not a number from 0 to 1"),
        ("changed>=yesterday", "'yesterday' is not a day or a time"),
        ("changed>=2026-13-01", "'2026-13-01' is not a day or a time"),
    ],
)
def test_invalid_conditions(text: str, problem: str) -> None:
    """The error for an invalid condition lists the fields, or says what the value must be."""
    with pytest.raises(InvalidCondition) as caught:
        parse_condition(text)
    assert problem in str(caught.value)


def test_rejected_units_stay_in() -> None:
    """A rejected unit is exported only if a condition is on the status."""
    rejected = replace(UNIT, status=Status.REJECTED)
    assert not is_selected(rejected, [])
    assert not is_selected(rejected, [parse_condition("probability>0")])
    assert is_selected(rejected, [parse_condition("status=rejected")])
    assert not is_selected(rejected, [parse_condition("status=rejected"), parse_condition("probability<0.5")])


@pytest.mark.parametrize("suffix", [".tmx", ".tmx.gz", ".jsonl"])
def test_exported_units_can_be_read_again(memory: Path, tmp_path: Path, suffix: str) -> None:
    """All exported units are read again unchanged, with dates to the second in TMX."""
    opened = Memory.open(memory)
    export(opened, tmp_path / f"out{suffix}")
    units = {unit.id: unit for unit in opened.snapshot}
    found = read(tmp_path / f"out{suffix}")
    assert [to_the_second(unit) for unit in found] == [to_the_second(units[unit.id]) for unit in found]
    assert found == sorted(found, key=lambda unit: (unit.document, unit.level, unit.position))
    assert len(found) == len(opened)


def to_the_second(unit: Unit) -> Unit:
    assert unit.created
    assert unit.changed
    return replace(
        unit, created=unit.created.replace(microsecond=0), changed=unit.changed.replace(microsecond=0)
    )


@pytest.mark.parametrize("name", ["out.tmx", "out.tmx.gz"])
def test_the_same_version_gives_the_same_bytes(memory: Path, tmp_path: Path, name: str) -> None:
    """A version gives the same file at any time, as an older version, and from one fragment or many."""
    export(Memory.open(memory), tmp_path / name)
    before, version = (tmp_path / name).read_bytes(), Memory.open(memory).version
    newer = Memory.open(memory)
    newer.edit(next(iter(newer.snapshot)).id, "fr", "Autre chose")
    export(Memory.open(memory, at=version), tmp_path / name)
    assert (tmp_path / name).read_bytes() == before
    export(newer, tmp_path / name)
    assert (tmp_path / name).read_bytes() != before


def test_files_of_every_pair(memory: Path, tmp_path: Path) -> None:
    """Each pair of languages has a file in both directions, in which every unit has both, source first."""
    opened = Memory.open(memory)
    done = export(opened, tmp_path / "out.{pair}.tmx", pairs=every_pair(opened), profile="omegat")
    assert [path.name for path in done] == [
        f"out.{a}-{b}.tmx" for a, b in permutations(("en", "fr", "zh"), 2)
    ]
    for path, exported in done.items():
        units = read(path)
        assert {unit.languages for unit in units} == {tuple(path.name.split(".")[1].split("-"))}
        assert 0 < exported.units <= len(units)


def test_a_pair_means_a_language_of_the_memory(tmp_path: Path) -> None:
    """The tag zh means zh-CN if there is no other Chinese; a missing language is an error before any work."""
    memory = Memory.create(tmp_path / "memory")
    memory.add_units([Unit.of_texts("a1", {"zh-CN": "大会，", "en": "The Assembly,", "fr": "L’Assemblée,"})])
    export(memory, tmp_path / "out.tmx", pairs=[("en", "zh")])
    assert [unit.languages for unit in read(tmp_path / "out.tmx")] == [("en", "zh-CN")]
    with pytest.raises(MissingLanguage, match="'de'"):
        export(memory, tmp_path / "none.tmx", pairs=[("en", "de")])
    with pytest.raises(OutputError, match="both languages are zh-CN"):
        export(memory, tmp_path / "none.tmx", pairs=[("zh", "zh-CN")])
    assert not (tmp_path / "none.tmx").exists()


def _varieties(folder: Path) -> Memory:
    memory = Memory.create(folder / "varieties")
    texts = [
        {"zh-CN": "大会，", "zh-Hans": "大會，", "en-US": "The Assembly,"},
        {"zh-Hans": "秘书长", "en-GB": "The Secretary-General"},
        {"zh-TW": "主席", "en": "The Chair"},
        {"zh": "理事会", "en-US": "The color of the Council", "en-GB": "The colour of the Council"},
    ]
    memory.add_units([Unit.of_texts(f"a{place}", each) for place, each in enumerate(texts)])
    return memory


@pytest.mark.parametrize(
    ("pair", "texts", "varieties"),
    [
        (
            ("en", "zh-CN"),
            [
                ("The Assembly,", "大会，"),
                ("The Secretary-General", "秘书长"),
                ("The color of the Council", "理事会"),
            ],
            {("zh-Hans", "zh-CN"): 1, ("en-US", "en"): 2, ("en-GB", "en"): 1, ("zh", "zh-CN"): 1},
        ),
        (
            ("en-US", "en-GB"),
            [("The color of the Council", "The colour of the Council")],
            {},
        ),
        (
            ("zh-TW", "en"),
            [("主席", "The Chair"), ("理事会", "The color of the Council")],
            {("zh", "zh-TW"): 1, ("en-US", "en"): 1},
        ),
        (
            ("zh-CN", "zh-Hans"),
            [("大会，", "大會，")],
            {},
        ),
        (
            ("en-AU", "zh-TW"),
            [("The Chair", "主席"), ("The colour of the Council", "理事会")],
            {("en", "en-AU"): 1, ("en-GB", "en-AU"): 1, ("zh", "zh-TW"): 1},
        ),
    ],
)
def test_a_pair_takes_the_nearest_varieties(
    tmp_path: Path,
    pair: tuple[str, str],
    texts: list[tuple[str, str]],
    varieties: dict[tuple[str, str], int],
) -> None:
    """Of each unit the variety nearest to the tag of the pair is written, under that tag, and counted."""
    out = tmp_path / "out.tmx"
    done = export(_varieties(tmp_path), out, pairs=[pair])
    assert [tuple(unit.texts[tag] for tag in pair) for unit in read(out)] == texts
    assert done[out].varieties == varieties
    assert done[out].units == len(texts)


def test_the_command_counts_varieties(tmp_path: Path) -> None:
    """The summary says which texts were written under another tag, and so does --json."""
    memory = _varieties(tmp_path)
    command = ("export", memory.path, "-o", tmp_path / "out.tsv", "--pair", "zh-CN-en-GB")
    result = hexapla(*command)
    assert result.exit_code == 0, result.output
    assert "out.tsv  3 units, 1 in en-US as en-GB, 1 in zh-Hans as zh-CN, 1 in zh as zh-CN" in result.stdout
    found = json.loads(hexapla(*command, "--json").stdout)["outputs"][str(tmp_path / "out.tsv")]
    assert {"language": "zh-Hans", "written_as": "zh-CN", "units": 1} in found["varieties"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("out.tmx", r"3 pairs need one file each: put \{pair\} in the name"),
        ("out.doc", "unknown output format"),
    ],
)
def test_impossible_outputs(memory: Path, tmp_path: Path, name: str, problem: str) -> None:
    """Several pairs need several files, and a suffix needs a format; nothing is written."""
    pairs = [("en", "fr"), ("fr", "en"), ("en", "zh")]
    with pytest.raises(OutputError, match=problem):
        export(Memory.open(memory), tmp_path / name, pairs=pairs)
    assert not list(tmp_path.glob("out*"))


def test_selected_units(memory: Path, tmp_path: Path) -> None:
    """Levels and conditions select the exported units; all conditions must hold."""
    opened = Memory.open(memory)
    selection = Selection(
        [parse_condition("status=approved"), parse_condition("document=paper")], ("paragraph",)
    )
    export(opened, tmp_path / "out.tmx", selection=selection)
    (unit,) = read(tmp_path / "out.tmx")
    assert (unit.level, unit.status) == ("paragraph", Status.APPROVED)
    assert unit.texts["en"].endswith("The cost is shared;")
    export(opened, tmp_path / "out.tmx", selection=replace(selection, levels=("sentence",)))
    assert read(tmp_path / "out.tmx") == []


def test_an_empty_memory(tmp_path: Path) -> None:
    """A memory without units gives a file without units."""
    memory = Memory.create(tmp_path / "memory")
    (exported,) = export(memory, tmp_path / "out.tmx").values()
    assert exported.units == 0
    assert every_pair(memory) == []


def test_the_command(memory: Path, tmp_path: Path) -> None:
    """The command writes the selected units, and prints their number."""
    out = tmp_path / "out.tmx"
    result = hexapla(
        "export", memory, "-o", out, "--pair", "en-fr", "--where", "status=approved", "--level", "paragraph"
    )
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{out}  1 unit\n", "")
    assert hexapla("export", memory, "-o", out, "--quiet").stdout == ""
    assert len(read(out)) == len(Memory.open(memory))
    assert hexapla("export", memory, "-o", out, "--at", "1").exit_code == 0
    assert len(read(out)) < len(Memory.open(memory))


def test_the_command_lists_units_left_out(tmp_path: Path) -> None:
    """Units that a tool cannot hold are listed on standard error, and in the JSON; the exit code is 0."""
    memory = Memory.create(tmp_path / "memory")
    memory.add_units(
        [
            Unit.of_texts("a1", {"zh": "会" * 2001, "en": "Long."}),
            Unit.of_texts("a2", {"zh": "会", "en": "A."}),
        ]
    )
    out = tmp_path / "out.{pair}.tmx"
    result = hexapla("export", memory.path, "-o", out, "--profile", "trados", "--each-pair")
    written = tmp_path / "out.zh-en.tmx"
    assert result.exit_code == 0
    assert f"{written}  1 unit, 1 left out\n" in result.stdout
    assert f"Left out: {written}, unit a1: its text in zh has 2,001 characters" in result.stderr
    result = hexapla("export", memory.path, "-o", out, "--profile", "trados", "--pair", "zh-en", "--json")
    printed = json.loads(result.stdout)
    assert printed["version"] == memory.version
    assert printed["outputs"][str(written)]["units"] == 1
    assert printed["outputs"][str(written)]["left_out"][0]["unit"] == "a1"


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (
            ["out.tmx", "--where", "colour=red"],
            2,
            "an unknown field 'colour': write a condition such as en~",
        ),
        (["out.tmx", "--pair", "en-fr", "--each-pair"], 2, "do not go together"),
        (["out.jsonl", "--profile", "trados"], 2, "is for .tmx and .tmx.gz, and OUT is out.jsonl"),
        (["out.tmx", "--profile", "excel"], 2, "'excel' is not one of"),
        (["out.{pair}.tmx"], 1, "is replaced by two languages, but none are given"),
        (["out.tmx", "--each-pair"], 1, "6 pairs need one file each"),
        (["out.tmx", "--profile", "trados"], 1, "exactly 2 languages, but there are 3"),
        (["out.tmx", "--pair", "english"], 2, "'english' is not two languages"),
        (["out.doc"], 1, "unknown output format"),
        (["missing/out.tmx"], 1, "does not exist"),
        (["out.tmx", "--at", "99"], 1, "no version 99"),
    ],
)
def test_wrong_commands(memory: Path, tmp_path: Path, arguments: list[str], code: int, problem: str) -> None:
    """Wrong usage exits with 2, an impossible export with 1; the reason is printed and nothing is written."""
    result = hexapla("export", memory, "-o", tmp_path / arguments[0], *arguments[1:])
    assert result.exit_code == code
    assert problem in " ".join(result.stderr.split())
    assert not list(tmp_path.glob("out*"))


def test_a_workbook_has_each_text_once(tmp_path: Path) -> None:
    """A workbook has the sentences, and paragraphs that have none, unless a level is named."""
    files = write_document(
        tmp_path,
        {"en": ["One is open. Two is shut.", "Three."], "fr": ["Un est ouvert. Deux est fermé.", "Trois."]},
    )
    memory = ApiMemory(tmp_path / "memory")
    memory.add({each.language or "": each.path for each in files})
    memory.add_units(
        [Unit.of_texts("p1", {"en": "A bare paragraph.", "fr": "Un paragraphe nu."}, level="paragraph")]
    )
    counts = {}
    for level in (None, "both", "sentence"):
        memory.export(tmp_path / "out.xlsx", level=level)
        counts[level] = sorted(row["en"] for row in read_grid(tmp_path / "out.xlsx"))
    sentences = ["One is open.", "Three.", "Two is shut."]
    assert counts[None] == ["A bare paragraph.", *sentences]
    assert counts["sentence"] == sentences
    assert len(counts["both"]) > len(counts[None])
