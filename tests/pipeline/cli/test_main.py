"""The command line: its contract and its output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from hexapla.cli.main import main
from hexapla_corpora.document import Document
from hexapla_corpora.read import read_document
from hexapla_corpora.sample import sample_files
from hexapla_corpora.sentences import split_document
from support_cli import CHINESE, check_golden, hexapla, normalise, run_hexapla, write_versions

GOLDEN = Path(__file__).parent / "golden"
BAD_TMX = '<?xml version="1.0"?>\n<tmx version="1.4"><header segtype="sentence"/><body><tu/></body></tmx>\n'


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("help", ["--help"]),
        ("version", ["--version"]),
        ("align", ["align", "EN", "FR", "-o", "OUT.tmx", "-o", "OUT.jsonl"]),
        ("align-json", ["align", "EN", "FR", "-o", "OUT.tmx", "--level", "sentence", "--json"]),
        ("align-segmented", ["align", "EN", "FR", "-o", "OUT.beads", "--segmented"]),
        ("align-quiet", ["align", "EN", "FR", "-o", "OUT.tmx", "--quiet"]),
        ("align-quiet-json", ["align", "EN", "FR", "-o", "OUT.tmx", "--min-probability", "1", "--quiet", "--json"]),
        ("align-no-units", ["align", "EN", "FR", "-o", "OUT.tmx", "--min-probability", "1"]),
        ("align-mistagged", ["align", "MISTAGGED", "FR", "-o", "OUT.tmx"]),
        ("align-mistagged-segmented", ["align", "--segmented", "MISTAGGED", "FR", "-o", "OUT.tmx"]),
        ("align-no-output", ["align", "EN", "FR"]),
        ("align-unknown-option", ["align", "EN", "FR", "-o", "OUT.tmx", "--fast"]),
        ("align-segmented-paragraphs", ["align", "EN", "FR", "-o", "OUT.tmx", "--segmented", "--level", "paragraph"]),
        ("demo", ["demo", "-o", "OUT"]),
        ("validate-bad", ["validate", "BAD.tmx"]),
        ("validate-missing", ["validate", "MISSING.tmx"]),
    ],
)  # fmt: skip
def test_printed(tmp_path: Path, name: str, arguments: list[str]) -> None:
    """Exit code, standard output and standard error of a command are those of the golden file."""
    english, french = write_versions(tmp_path)
    (tmp_path / "BAD.tmx").write_text(BAD_TMX, encoding="utf-8")
    names = {"EN": english, "FR": french, "MISTAGGED": english.replace("en=", "es=", 1)}
    files = {name: tmp_path / name for name in arguments if name.startswith(("OUT", "BAD", "MISSING"))}
    result = hexapla(*((names | files).get(argument, argument) for argument in arguments))
    printed = f"exit {result.exit_code}\n--- stdout\n{result.stdout}--- stderr\n{result.stderr}"
    check_golden(GOLDEN / f"{name}.txt", normalise(printed, tmp_path))


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_help(name: str) -> None:
    """The help of every command is that of the golden file."""
    check_golden(GOLDEN / f"help-{name}.txt", hexapla(name, "--help").stdout)


def test_valid_memory_validates(tmp_path: Path) -> None:
    """The output of align is valid according to validate, compressed or not."""
    english, french = write_versions(tmp_path)
    outputs = [tmp_path / "out.tmx", tmp_path / "out.tmx.gz"]
    assert hexapla("align", english, french, "-o", outputs[0], "-o", outputs[1]).exit_code == 0
    for output in outputs:
        result = hexapla("validate", output)
        assert (result.exit_code, result.stdout) == (0, f"{output}: valid\n")


def test_module_runs_and_pipes_stay_clean(tmp_path: Path) -> None:
    """`python -m hexapla` writes every format, and nothing to standard error if it is a pipe."""
    inputs = write_versions(tmp_path)
    names = [f"out{suffix}" for suffix in (".tmx", ".tmx.gz", ".jsonl", ".html", ".beads")]
    result = run_hexapla("align", *inputs, *(f"-o{name}" for name in names), folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert [line.split()[0] for line in result.stdout.splitlines()[2:]] == names
    assert all((tmp_path / name).stat().st_size for name in names)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["align", "--help"], ["lookup", "--help"], ["filter", "--help"], ["--version"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Help and version do not import numpy, lxml, rich and other libraries that are slow to load."""
    code = (
        "import sys, hexapla.cli.main\n"
        f"try: hexapla.cli.main.main({arguments})\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'lxml', 'rich', 'jinja2', 'langcodes', 'py3langid', 'sentencepiece', 'opencc', "
        "'polars', 'deltalake', 'faiss', 'rapidfuzz', 'ftfy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert result.stderr == "[]\n"


def test_help_of_one_command_imports_no_other() -> None:
    """The list of commands imports no modules of commands, and the help of a command only those of that command."""
    code = (
        "import sys, hexapla.cli.main\n"
        "try: hexapla.cli.main.main('{}'.split())\n"
        "except SystemExit: pass\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('hexapla.memory', 'hexapla.cli'))), file=sys.stderr)"
    )
    found = {
        word: subprocess.run(
            [sys.executable, "-c", code.format(word)],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=True,
        ).stderr.split()
        for word in ("--help", "info --help")
    }
    shared = {f"hexapla.cli.{name}" for name in ("console", "lazy_group", "main")} | {"hexapla.cli"}
    assert set(found["--help"]) == shared
    assert set(found["info --help"]) == shared | {"hexapla.cli.maintain", "hexapla.cli.options"}


def test_languages_appear_as_given(tmp_path: Path) -> None:
    """Rows and summary have the tags as typed, in that order; a file without a tag has the detected one."""
    english, french = write_versions(tmp_path)
    (tmp_path / "paper.txt").write_text(CHINESE, encoding="utf-8")
    result = hexapla(
        "align", french.replace("fr=", "fr-CA=", 1), english.split("=", 1)[1], tmp_path / "paper.txt",
        "-o", tmp_path / "out.jsonl", "--json",
    )  # fmt: skip
    assert json.loads(result.stdout)["languages"] == ["fr-CA", "en", "zh-Hans"]
    assert {tag for row in rows_of(tmp_path / "out.jsonl") for tag in row["texts"]} == {
        "fr-CA",
        "en",
        "zh-Hans",
    }


@pytest.mark.parametrize(
    ("level", "levels"),
    [("paragraph", ["paragraph"]), ("sentence", ["sentence"]), ("both", ["paragraph", "sentence"])],
)
def test_levels(tmp_path: Path, level: str, levels: list[str]) -> None:
    """--level chooses the rows, and a row has the keys of the contract."""
    inputs = write_versions(tmp_path)
    assert hexapla("align", *inputs, "-o", tmp_path / "out.jsonl", "--level", level).exit_code == 0
    rows = rows_of(tmp_path / "out.jsonl")
    assert list(dict.fromkeys(row["level"] for row in rows)) == levels
    keys = ["id", "level", "kind", "number", "probability", "texts", "segments", "symbol", "moved"]
    assert all(list(row) == keys for row in rows)


@pytest.mark.parametrize(
    ("pair", "tags"),
    [
        ("zh-en", ["zh-CN", "en"]),
        ("fr-zh-CN", ["fr", "zh-CN"]),
        ("en-fr", ["en", "fr"]),
        ("ZH_cn-EN", ["zh-CN", "en"]),
    ],
)
def test_pair(tmp_path: Path, pair: str, tags: list[str]) -> None:
    """--pair makes a bilingual memory, source first; a tag without region means the only file of its language."""
    from lxml import etree

    (tmp_path / "paper.zh.md").write_text(CHINESE, encoding="utf-8")
    inputs = (*write_versions(tmp_path), f"zh-CN={tmp_path / 'paper.zh.md'}")
    result = hexapla("align", *inputs, "-o", tmp_path / "out.tmx", "--pair", pair)
    assert result.exit_code == 0
    tree = etree.parse(tmp_path / "out.tmx")
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {tuple(tuv.get(lang) for tuv in unit.iter("tuv")) for unit in tree.iter("tu")} == {tuple(tags)}
    assert tree.find("header").get("srclang") == tags[0]  # type: ignore[union-attr]


def test_min_probability_keeps_rows_out_of_memories_only(tmp_path: Path) -> None:
    """Rows below --min-probability are not in .tmx, but still in .jsonl."""
    inputs = write_versions(tmp_path)
    outputs = ("-o", tmp_path / "out.tmx", "-o", tmp_path / "out.jsonl")
    everything = json.loads(hexapla("align", *inputs, *outputs, "--json").stdout)["outputs"]
    certain = json.loads(hexapla("align", *inputs, *outputs, "--json", "--min-probability", "1").stdout)[
        "outputs"
    ]
    assert 0 == certain[str(tmp_path / "out.tmx")] < everything[str(tmp_path / "out.tmx")]
    assert certain[str(tmp_path / "out.jsonl")] == everything[str(tmp_path / "out.jsonl")]


def check_once(path: Path, level: str, counts: dict[str, int]) -> None:
    """Every segment from 0 is in exactly one row of the level."""
    rows = [row for row in rows_of(path) if row["level"] == level]
    for language, count in counts.items():
        numbers = [number for row in rows for number in row["segments"].get(language, [])]
        assert sorted(numbers) == list(range(count)), (level, language)
        assert numbers == sorted(numbers)
    assert all(list(row["texts"]) == list(row["segments"]) for row in rows)


def test_every_segment_of_documents_once(tmp_path: Path) -> None:
    """Of six documents, every block and every sentence is in exactly one row of its level."""
    inputs = [f"{language}={path}" for language, path in sample_files().items()]
    assert hexapla("align", *inputs, "-o", tmp_path / "out.jsonl").exit_code == 0
    documents: list[Document] = [read_document(path, language) for language, path in sample_files().items()]
    check_once(tmp_path / "out.jsonl", "paragraph", {d.language: len(d.blocks) for d in documents})
    check_once(tmp_path / "out.jsonl", "sentence", {d.language: len(split_document(d)) for d in documents})


SEGMENTS = "The river rises.\nWater is stored in cisterns.\nThe ports report.\nIt is decided.\n"
SEGMENTED = {
    "plain": (SEGMENTS.encode(), 4),
    "no line end": (SEGMENTS.rstrip().encode(), 4),
    "crlf": (SEGMENTS.replace("\n", "\r\n").encode(), 4),
    "byte order mark": (b"\xef\xbb\xbf" + SEGMENTS.encode(), 4),
    "utf-16": (SEGMENTS.encode("utf-16"), 4),
    "empty lines at the end": (SEGMENTS.encode() + b"\n\n\n", 7),
    "empty lines inside": (SEGMENTS.replace("Water", "\n\nWater").encode(), 6),
    "empty first line": (b"\n" + SEGMENTS.encode(), 5),
    "white space only": (SEGMENTS.replace("Water", " \t \n\u3000\n\u200b\nWater").encode(), 7),
    "white space without line end": (SEGMENTS.encode() + b"   ", 5),
    "separators that end no line": (SEGMENTS.replace("river", "river\u2028\x85\v\f").encode(), 4),
    "one line": (b"Water is stored in cisterns.", 1),
}


@pytest.mark.parametrize("source", SEGMENTED)
@pytest.mark.parametrize("target", ["plain", "one line", "empty lines inside"])
def test_every_line_of_segmented_inputs_once(tmp_path: Path, source: str, target: str) -> None:
    """Every line, numbered from 0 and empty or not, is in one row; an empty one alone; beads say the same."""
    (data, count), (target_data, target_count) = SEGMENTED[source], SEGMENTED[target]
    (tmp_path / "a.en").write_bytes(data)
    (tmp_path / "b.fr").write_bytes(target_data)
    result = hexapla(
        "align", "--segmented", f"en={tmp_path / 'a.en'}", f"fr={tmp_path / 'b.fr'}",
        "-o", tmp_path / "out.jsonl", "-o", tmp_path / "out.beads", "--quiet",
    )  # fmt: skip
    assert (result.exit_code, result.output) == (0, "")
    check_once(tmp_path / "out.jsonl", "sentence", {"en": count, "fr": target_count})
    rows = rows_of(tmp_path / "out.jsonl")
    segments = [row["segments"] for row in rows]
    beads = [f"{part.get('en', [])}:{part.get('fr', [])}" for part in segments]
    assert (tmp_path / "out.beads").read_text().splitlines() == beads
    empty = [row["texts"] for row in rows if "" in row["texts"].values()]
    assert all(len(texts) == 1 for texts in empty)
    filled = 4 if source != "one line" else 1
    assert len([texts for texts in empty if "en" in texts]) == count - filled
