"""The commands on a memory: their output and exit codes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from support_cli import check_golden, hexapla, run_hexapla, write_versions
from support_memory import copy_memory, make_memory, mask, unit_with

GOLDEN = Path(__file__).parent / "golden"
SEIZED = "Decides to remain seized of the matter."
COST = "The cost is shared;"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory of two documents, with an edited unit and an approved one."""
    with pytest.MonkeyPatch.context() as context:
        context.setenv("LOGNAME", "reviser")
        return make_memory(tmp_path_factory.mktemp("memory"))


@pytest.fixture
def memory(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the memory."""
    monkeypatch.setenv("LOGNAME", "reviser")
    return copy_memory(made, tmp_path)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("add", ["add", "NEW", "EN", "FR"]),
        ("add-again", ["add", "MEMORY", "EN", "FR"]),
        ("add-again-json", ["add", "MEMORY", "EN", "FR", "--json"]),
        ("add-quiet", ["add", "NEW", "EN", "FR", "--quiet"]),
        ("lookup", ["lookup", "MEMORY", COST, "--from", "en", "--to", "zh,fr"]),
        ("lookup-json", ["lookup", "MEMORY", COST, "--from", "en", "--to", "fr", "--limit", "1", "--json"]),
        ("lookup-in-context", ["lookup", "MEMORY", COST, "--from", "en", "--to", "fr", "--previous",
                               "1. Requests the secretariat to collect the readings of all 12 ports."]),
        ("lookup-placeables", ["lookup", "MEMORY", "1. 请秘书处汇编 15 个港口的观测数据。", "--from", "zh", "--to", "en"]),
        ("lookup-fuzzy", ["lookup", "MEMORY", "Décide de rester saisi de cette question.", "--from", "fr",
                          "--to", "en", "--min", "50"]),
        ("lookup-none", ["lookup", "MEMORY", "Bananas are yellow.", "--from", "en", "--to", "fr"]),
        ("concordance", ["concordance", "MEMORY", "port", "--from", "en", "--to", "fr"]),
        ("concordance-word", ["concordance", "MEMORY", "port", "--from", "en", "--match", "word"]),
        ("concordance-regex", ["concordance", "MEMORY", r"\d+ 个", "--from", "zh", "--to", "en", "--match", "regex"]),
        ("lookup-subsegment", ["lookup", "MEMORY", "Noting with regret, and in every other respect, that the Committee decides to remain seized of the matter.", "--from", "en", "--to", "fr"]),
        ("concordance-group", ["concordance", "MEMORY", "the of", "--from", "en", "--to", "fr", "--group", "--limit", "2"]),
        ("concordance-limit", ["concordance", "MEMORY", "the of", "--from", "en", "--to", "fr", "--limit", "1"]),
        ("concordance-group-json", ["concordance", "MEMORY", "matter", "--from", "en", "--to", "fr", "--group", "--json"]),
        ("concordance-json", ["concordance", "MEMORY", "matter", "--from", "en", "--to", "fr", "--json"]),
        ("edit", ["edit", "MEMORY", "UNIT", "--lang", "fr", "--text", "Décide de rester saisie de la question."]),
        ("edit-json", ["edit", "MEMORY", "UNIT", "--lang", "de", "--text", "Bleibt damit befasst.", "--json"]),
        ("edit-seen", ["edit", "MEMORY", "UNIT", "--lang", "fr", "--text", "Reste saisi.", "--seen", "4"]),
        ("edit-everywhere", ["edit", "MEMORY", "UNIT", "--lang", "fr", "--text", "Reste saisi.", "--everywhere"]),
        ("edit-everywhere-json", ["edit", "MEMORY", "UNIT", "--lang", "fr", "--text", "Reste saisi.", "--json"]),
        ("replace-dry-run", ["replace", "MEMORY", "--in", "fr", "--find", "question", "--with", "matière", "--dry-run"]),
        ("replace-word", ["replace", "MEMORY", "--in", "fr", "--find", "port", "--with", "havre", "--whole-words"]),
        ("replace-json", ["replace", "MEMORY", "--in", "en", "--find", "matter", "--with", "item", "--limit", "1", "--json"]),
        ("replace-nothing", ["replace", "MEMORY", "--in", "fr", "--find", " ", "--with", "x"]),
        ("delete", ["delete", "MEMORY", "--where", "status=approved"]),
        ("delete-json", ["delete", "MEMORY", "UNIT", "--dry-run", "--json"]),
        ("delete-what", ["delete", "MEMORY"]),
        ("approve-where", ["approve", "MEMORY", "--where", "document=annex"]),
        ("reject-where-dry-run", ["reject", "MEMORY", "--where", "probability<=1", "--dry-run"]),
        ("approve", ["approve", "MEMORY", "UNIT"]),
        ("reject-json", ["reject", "MEMORY", "UNIT", "--json", "--author", "Grace"]),
        ("dedupe", ["dedupe", "MEMORY"]),
        ("dedupe-none", ["dedupe", "MEMORY", "--rules", "OFF.toml"]),
        ("filter-dry-run", ["filter", "MEMORY", "--rules", "LOOSE.toml", "--dry-run"]),
        ("filter", ["filter", "MEMORY"]),
        ("filter-json", ["filter", "MEMORY", "--rules", "LOOSE.toml", "--dry-run", "--json"]),
        ("info", ["info", "MEMORY"]),
        ("info-json", ["info", "MEMORY", "--json"]),
        ("history", ["history", "MEMORY"]),
        ("history-json", ["history", "MEMORY", "--json"]),
        ("diff", ["diff", "MEMORY", "2", "4"]),
        ("diff-added", ["diff", "MEMORY", "2", "1"]),
        ("diff-json", ["diff", "MEMORY", "2", "3", "--json"]),
        ("diff-limit-json", ["diff", "MEMORY", "1", "--limit", "1", "--json"]),
        ("history-limit", ["history", "MEMORY", "--limit", "2"]),
        ("reindex-json", ["reindex", "MEMORY", "--json"]),
        ("lookup-level", ["lookup", "MEMORY", COST, "--from", "En", "--to", "fr", "--level", "paragraph"]),
        ("diff-none", ["diff", "MEMORY", "3", "3"]),
        ("restore", ["restore", "MEMORY", "1"]),
        ("verify", ["verify", "MEMORY"]),
        ("compact", ["compact", "MEMORY"]),
        ("reindex", ["reindex", "MEMORY"]),
        ("missing", ["lookup", "NOWHERE", SEIZED, "--from", "en"]),
        ("not-a-memory", ["info", "EMPTY"]),
        ("no-source", ["lookup", "MEMORY", SEIZED]),
        ("no-query", ["lookup", "MEMORY", " ", "--from", "en"]),
        ("no-words", ["concordance", "MEMORY", "", "--from", "en"]),
        ("bad-expression", ["concordance", "MEMORY", "(ports", "--from", "en", "--match", "regex"]),
        ("bad-language", ["lookup", "MEMORY", SEIZED, "--from", "en", "--to", "fr,klingonish"]),
        ("unknown-language", ["lookup", "MEMORY", SEIZED, "--from", "en", "--to", "de"]),
        ("unknown-language-in", ["concordance", "MEMORY", "Häfen", "--from", "de"]),
        ("unknown-unit", ["approve", "MEMORY", "UNIT", "ffffffff"]),
        ("unknown-version", ["restore", "MEMORY", "99"]),
        ("unknown-status", ["export", "MEMORY", "-o", "OUT.tmx", "--where", "status=fine"]),
        ("unknown-encoder", ["reindex", "MEMORY", "--model", "babel"]),
        ("empty-text", ["edit", "MEMORY", "UNIT", "--lang", "fr", "--text", " "]),
        ("bad-rules", ["filter", "MEMORY", "--rules", "BAD.toml"]),
        ("missing-rules", ["dedupe", "MEMORY", "--rules", "NOWHERE.toml"]),
        ("add-to-a-file", ["add", "OFF.toml", "EN", "FR"]),
        ("add-one", ["add", "NEW", "EN"]),
    ],
)  # fmt: skip
def test_printed(memory: Path, tmp_path: Path, name: str, arguments: list[str]) -> None:
    """Exit code, standard output and standard error of a command are those of the golden file."""
    english, french = write_versions(tmp_path)
    (tmp_path / "EMPTY").mkdir()
    for rules, text in RULES.items():
        (tmp_path / rules).write_text(text, encoding="utf-8")
    words = {"EN": english, "FR": french, "UNIT": unit_with(memory, SEIZED)}
    files = {each: tmp_path / each for each in ("MEMORY", "NEW", "EMPTY", "NOWHERE", "NOWHERE.toml", *RULES)}
    result = hexapla(*((words | files).get(argument, argument) for argument in arguments))
    printed = f"exit {result.exit_code}\n--- stdout\n{result.stdout}--- stderr\n{result.stderr}"
    path = GOLDEN / f"memory-{name}.txt"
    check_golden(path, mask(printed, tmp_path))


RULES = {
    "OFF.toml": "exact.enabled = false\nnear.enabled = false\n",
    "LOOSE.toml": "[length]\nfactor = 4\n[copy.en-fr]\nletters = 100\n",
    "BAD.toml": "[lenght]\nfactor = 2\n",
}


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", ["missing.fr.md", "paper.en.md"])
def test_no_memory_is_made_of_documents_that_do_not_go_together(tmp_path: Path, name: str) -> None:
    """A missing file, or two files in one language, leave no empty memory."""
    english, _ = write_versions(tmp_path)
    result = hexapla("add", tmp_path / "NEW", english, tmp_path / name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert not (tmp_path / "NEW").exists()


def test_lines_of_standard_input_are_looked_up_in_their_context(memory: Path) -> None:
    """A hyphen reads one query per line, in the context of the line before; an empty line has no match."""
    lines = f"1. Requests the secretariat to collect the readings of all 12 ports.\n{COST}\n\n{COST}"
    result = hexapla("lookup", memory, "-", "--from", "en", "--to", "fr", "--json", typed=lines)
    found = records(result.stdout)
    assert [each["query"] for each in found] == lines.split("\n")
    kinds = [each["matches"][0]["match"] if each["matches"] else None for each in found]
    assert kinds == ["exact", "in context", None, "exact"]


def test_standard_input_must_be_utf8(memory: Path) -> None:
    """A line in another encoding is an error that names the line."""
    result = hexapla("lookup", memory, "-", "--from", "fr", typed="ligne\nété\n".encode("latin-1"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: standard input, line 2: b'\\xe9' is not UTF-8")


def test_a_correction_from_standard_input_of_a_unit_named_in_short(memory: Path) -> None:
    """`--text -` reads the text, the first six characters name a unit, and look-up gives the new text."""
    unit = unit_with(memory, SEIZED)
    result = hexapla(
        "edit", memory, unit[:6], "--lang", "fr", "--text", "-", "--quiet", typed="Reste saisi.\n"
    )
    assert (result.exit_code, result.output) == (0, "")
    (found,) = records(
        hexapla(
            "lookup", memory, f"2. {SEIZED}", "--from", "en", "--to", "fr", "--json", "--limit", "1"
        ).stdout
    )
    assert found["matches"][0]["targets"]["fr"]["text"] == "Reste saisi."
    assert "Reste saisi." in hexapla("diff", memory, "4").stdout
    assert unit in hexapla("diff", memory, "4").stdout


def test_rejected_units_are_not_found_until_the_version_before_is_restored(memory: Path) -> None:
    """Reject removes a unit from look-up, and restore brings the old answer back."""

    def matches() -> list[dict[str, Any]]:
        found = hexapla("lookup", memory, COST, "--from", "en", "--to", "fr", "--json", "--min", "100")
        return [match for match in records(found.stdout)[0]["matches"] if match["percentage"]]

    before = matches()
    assert before
    for match in before:
        assert hexapla("reject", memory, match["unit"]["id"], "--quiet").output == ""
    assert matches() == []
    assert hexapla("restore", memory, "4", "--quiet").output == ""
    assert matches() == before


def test_units_kept_by_dedupe_name_all_documents(memory: Path) -> None:
    """Of units with the same texts one is kept, and names the documents of all; a second run finds nothing."""
    counts = json.loads(hexapla("dedupe", memory, "--json").stdout)["counts"]
    assert counts["exact"]["units"] == 2
    (found,) = records(
        hexapla("lookup", memory, f"2. {SEIZED}", "--from", "en", "--json", "--limit", "1").stdout
    )
    best = found["matches"][0]["unit"]
    assert {best["document"], *best["sources"]} == {"paper", "annex"}
    assert json.loads(hexapla("dedupe", memory, "--json").stdout)["counts"] == {}


def test_a_dry_run_changes_nothing(memory: Path) -> None:
    """After `--dry-run` every file is unchanged, except derived data, which opening completes."""

    def files() -> dict[Path, bytes]:
        every = (path for path in memory.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in every if "derived" not in path.parts}

    before = files()
    for command in ("dedupe", "filter"):
        assert hexapla(command, memory, "--dry-run").exit_code == 0
    assert files() == before


def test_damage_is_reported(memory: Path) -> None:
    """`verify` names a damaged file, says what to do and exits with 1."""
    vectors = max(memory.glob("vectors/**/*.vectors"), key=lambda path: path.stat().st_size)
    data = bytearray(vectors.read_bytes())
    data[len(data) // 2] ^= 0xFF
    vectors.write_bytes(data)
    result = hexapla("verify", memory)
    assert result.exit_code == 1
    assert str(vectors) in result.stdout
    assert "copy it back from a backup" in result.stdout
    assert hexapla("verify", memory, "--json").exit_code == 1


def test_a_memory_of_a_later_release_is_refused(memory: Path) -> None:
    """A folder in a newer format is left alone, and the error says what to do."""
    said = json.loads((memory / "memory.json").read_text(encoding="utf-8"))
    (memory / "memory.json").write_text(json.dumps(said | {"format": 99}), encoding="utf-8")
    result = hexapla("lookup", memory, SEIZED, "--from", "en")
    assert result.exit_code == 1
    assert "format 99" in result.stderr
    assert "install a later release" in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_memory_can_be_read_and_not_written(memory: Path) -> None:
    """A user without write permission can look up, and gets an error with advice when changing it."""
    unit = unit_with(memory, SEIZED)
    folders = [memory, *(path for path in memory.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        assert hexapla("lookup", memory, SEIZED, "--from", "en").exit_code == 0
        result = hexapla("approve", memory, unit)
        assert result.exit_code == 1
        assert "ask for permission" in result.stderr
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_a_module_run_keeps_standard_error_clean(memory: Path) -> None:
    """In a pipe there is neither progress nor colour nor warnings."""
    result = run_hexapla("lookup", memory, SEIZED, "--from", "en", "--to", "fr", folder=memory.parent)
    assert (result.returncode, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout
    assert "  fr  Décide de rester saisi de la question." in result.stdout
