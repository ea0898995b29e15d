"""The command that imports the units of files into a memory, as a user runs it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hexapla.memory.memory import Memory
from hexapla.units import Status
from support_cli import hexapla
from support_memory import copy_memory, make_memory, run, unit_with
from support_review import Grid, change

UNIT = (
    '<tu tuid="{name}"><tuv xml:lang="en"><seg>{name}: the weir is {state}.</seg></tuv>'
    '<tuv xml:lang="fr"><seg>{name} : le barrage est {state}.</seg></tuv></tu>\n'
)
BAD = "<tu tuid='bad'><tuv xml:lang='en'><seg>a & b</seg></tuv></tu>\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory that is only copied."""
    return make_memory(tmp_path_factory.mktemp("memory"))


def write(path: Path, *units: str) -> Path:
    header = '<header creationtool="Quill" creationtoolversion="3" srclang="en" segtype="sentence"/>'
    path.write_text(f'<tmx version="1.4">{header}<body>\n{"".join(units)}</body></tmx>', encoding="utf-8")
    return path


def good(name: str, state: str = "open") -> str:
    return UNIT.format(name=name, state=state)


def test_a_memory_is_made(tmp_path: Path) -> None:
    """A missing memory is made from all files, one version each, and importing them again changes nothing."""
    memory = tmp_path / "memory"
    files = [write(tmp_path / "one.tmx", good("a"), good("b")), write(tmp_path / "two.tmx", good("c"))]
    first = hexapla("import", memory, *files)
    assert first.exit_code == 0
    assert first.output.splitlines() == [
        f"{files[0]}: 2 units added",
        f"{files[1]}: 1 unit added",
        f"{memory} is now version 2, 3 units",
    ]
    again = hexapla("import", memory, *files, files[0])
    assert again.output.splitlines() == [
        f"{files[0]}: 2 units as before",
        f"{files[1]}: 1 unit as before",
        f"{memory} is unchanged: this is version 2, 3 units",
    ]


def test_a_bad_unit_stops_the_import(tmp_path: Path) -> None:
    """A bad unit is an error with its place, and nothing is made or changed, not even by the files before it."""
    memory = tmp_path / "memory"
    bad = write(tmp_path / "bad.tmx", good("a"), BAD)
    result = hexapla("import", memory, write(tmp_path / "good.tmx", good("c")), bad)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {bad}, line 3, unit 2 (bad): not well-formed XML")
    assert result.stderr.count("\n") == 1
    assert "--skip-bad" in result.stderr
    assert not memory.exists()


def test_bad_units_are_skipped(tmp_path: Path) -> None:
    """With --skip-bad the rest is imported, the first bad units are listed, all are counted, and --json lists them all."""
    path = write(tmp_path / "bad.tmx", good("a"), *[BAD] * 25, good("b"))
    result = hexapla("import", tmp_path / "memory", path, "--skip-bad")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"{path}: 2 units added, 25 skipped"
    listed = result.stderr.splitlines()
    assert len(listed) == 21
    assert listed[0].startswith(f"Skipped: {path}, line 3, unit 2 (bad): not well-formed XML")
    assert listed[-1] == f"Skipped: 5 more of {path}; see them all with --json"
    as_json = hexapla("import", tmp_path / "memory", path, "--skip-bad", "--json")
    (record,) = json.loads(as_json.stdout)["files"]
    assert (record["file"], record["added"], record["unchanged"], record["version"]) == (
        str(path),
        0,
        2,
        None,
    )
    assert [each["line"] for each in record["skipped"]] == list(range(3, 28))
    assert record["skipped"][0]["unit"] == "2 (bad)"
    assert as_json.stderr == ""


def test_oversized_units_are_skipped(tmp_path: Path) -> None:
    """Texts, inline codes and properties without measure are left out, each with its reason, and the rest is read."""
    codes, prop = good("b").replace("<seg>", "<seg>" + "<ph/>" * 60_000, 1), '<prop type="x-a">{}</prop>'
    units = [
        good("a"),
        codes,
        good("c").replace("<seg>", "<seg>" + "mot " * 30_000, 1),
        re.sub("<tuv", prop.format("x" * 1_000_001) + "<tuv", good("d"), count=1),
        re.sub("<tuv", prop.format("x") * 50_000 + "<tuv", good("e"), count=1),
    ]
    result = hexapla("import", tmp_path / "memory", write(tmp_path / "in.tmx", *units), "--skip-bad")
    assert result.exit_code == 0, result.output
    assert "1 unit added, 4 skipped" in result.stdout
    assert "60,000 inline codes, but at most 2,000 are allowed" in result.stderr
    assert result.stderr.count("but at most 100,000 are allowed") == 1
    assert result.stderr.count("but at most 1,000,000 are allowed: leave some of them out\n") == 2


def test_units_left_out(tmp_path: Path) -> None:
    """Units in one language are counted, and are not an error."""
    path = write(tmp_path / "in.tmx", good("a"), re.sub(r'<tuv xml:lang="fr">.*</tuv>', "", good("b")))
    result = hexapla("import", tmp_path / "memory", path)
    assert result.output.splitlines()[0] == f"{path}: 1 unit added, 1 in one language only"


def test_quiet(tmp_path: Path) -> None:
    """With --quiet nothing is printed."""
    path = write(tmp_path / "bad.tmx", good("a"), BAD)
    result = hexapla("import", tmp_path / "memory", path, "--skip-bad", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("in.docx", "units cannot be read from a file with this suffix"),
        ("in.tmx", "cannot be read (No such file"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, reason: str) -> None:
    """Another format and a missing file give one line, and no memory is made."""
    result = hexapla("import", tmp_path / "memory", tmp_path / name)
    assert result.exit_code == 1
    assert reason in result.stderr
    assert not (tmp_path / "memory").exists()


def test_a_folder_that_is_not_a_memory(tmp_path: Path) -> None:
    """A folder with other files is left unchanged."""
    path = write(tmp_path / "in.tmx", good("a"))
    result = hexapla("import", tmp_path, path)
    assert result.exit_code == 1
    assert "is not an empty folder" in result.stderr


def test_usage(tmp_path: Path) -> None:
    """A command without a file is wrong usage."""
    assert hexapla("import", tmp_path / "memory").exit_code == 2


def test_out_and_in_again(made: Path, tmp_path: Path) -> None:
    """An exported memory changes nothing when it is imported again, and makes an equal memory elsewhere."""
    memory, path = copy_memory(made, tmp_path), tmp_path / "out.tmx.gz"
    run("export", memory, "-o", path)
    back = hexapla("import", memory, path)
    assert "is unchanged: this is version 4" in back.output
    run("import", tmp_path / "other", path)
    seconds = {"created": None, "changed": None}
    ours, others = ({u.id: u for u in Memory.open(each).snapshot} for each in (memory, tmp_path / "other"))
    assert ours.keys() == others.keys()
    for id, unit in ours.items():
        assert unit.texts == others[id].texts
        assert unit.variants == others[id].variants
        for name in set(unit.__dataclass_fields__) - seconds.keys():
            assert getattr(unit, name) == getattr(others[id], name), name


def test_two_reviewers(made: Path, tmp_path: Path) -> None:
    """The changes of two reviewers that are imported together are both applied, even in one unit."""
    memory, books = copy_memory(made, tmp_path), [tmp_path / f"{name}.xlsx" for name in ("ana", "ben")]
    better = {"en": "The costs are shared;", "fr": "Les coûts sont partagés;"}
    for book, (language, text) in zip(books, better.items(), strict=True):
        run("export", memory, "-o", book, "--level", "sentence")

        def edit(grid: Grid, language: str = language, text: str = text) -> None:
            next(row for row in grid if row.get("en") == "The cost is shared;")[language] = text

        change(book, edit)
    result = hexapla("import", memory, *books)
    assert result.exit_code == 0, result.stderr
    texts = Memory.open(memory).unit(unit_with(memory, better["fr"], "sentence")).texts
    assert {language: texts[language] for language in better} == better


def test_changed_in_a_tool(made: Path, tmp_path: Path) -> None:
    """A change in the exported file makes an edited unit, with the name of that person and that time."""
    memory, path = copy_memory(made, tmp_path), tmp_path / "out.tmx"
    run("export", memory, "-o", path, "--pair", "fr-en")
    text, better = "Les frais sont partagés;", "Les coûts sont partagés;"
    content = path.read_text(encoding="utf-8")
    start = content.rindex("<tu ", 0, content.index(f"<seg>{text}"))
    changed = re.sub(r' change(date|id)="[^"]*"', "", content[start:]).replace(
        "<tu ", '<tu changedate="20310504T030201Z" changeid="ana" ', 1
    )
    changed = changed.replace(text, better, 1)
    path.write_text(
        content[:start].replace('creationtool="hexapla"', 'creationtool="Quill"') + changed, encoding="utf-8"
    )
    result = hexapla("import", memory, path)
    assert "1 unit updated" in result.output
    unit = Memory.open(memory).unit(unit_with(memory, better, "sentence"))
    assert (unit.status, unit.author, unit.changed) == (
        Status.EDITED,
        "ana",
        datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC),
    )
    french = unit.variant("fr")
    assert french is not None
    assert (french.text, french.original) == (better, text)
    assert set(unit.languages) > {"fr", "en"}


def _rows(path: Path, french: str) -> Path:
    """Write two pairs without identifiers, the second of which has this French text."""
    pairs = [
        {"en": "The port is open.", "fr": "Le port est ouvert."},
        {"en": "The quay is wet.", "fr": french},
    ]
    if path.suffix == ".jsonl":
        lines = [json.dumps({"texts": pair}) for pair in pairs]
    else:
        separator = "\t" if path.suffix == ".tsv" else ","
        lines = [separator.join(values) for values in (pairs[0], *(pair.values() for pair in pairs))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".tsv", ".csv", ".jsonl"])
def test_a_translation_changed_in_a_file_without_identifiers(tmp_path: Path, suffix: str) -> None:
    """It is an edit in the same file, and a further unit in another file; each file again changes nothing."""
    memory, path, other = tmp_path / "memory", tmp_path / f"monday{suffix}", tmp_path / f"other{suffix}"
    run("import", memory, _rows(path, "Le quai est mouillé."))
    assert (
        "1 unit updated, 1 as before" in hexapla("import", memory, _rows(path, "Le quai est humide.")).stdout
    )
    assert "2 units as before" in hexapla("import", memory, path).stdout
    assert (
        "1 unit added, 1 as before" in hexapla("import", memory, _rows(other, "Le quai est trempé.")).stdout
    )
    assert "2 units as before" in hexapla("import", memory, other).stdout
    found = [
        unit.texts["fr"] for unit in Memory.open(memory).snapshot if unit.texts["en"] == "The quay is wet."
    ]
    assert sorted(found) == ["Le quai est humide.", "Le quai est trempé."]
