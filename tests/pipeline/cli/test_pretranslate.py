"""The commands pretranslate and analyse, as a translator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from hexapla.memory.memory import Memory
from support_cli import CHINESE, hexapla
from support_lookup import memory_of, units_of
from support_xliff import FIRST

PAIRS = [
    {"zh": "委员会，", "en": "The Committee,"},
    {
        "zh": "注意到沿岸各国报告说，去年夏季的水位比往年低；",
        "en": "Noting that the riparian States reported lower water;",
    },
    {
        "zh": "1. 请秘书处汇编 9 个港口的观测数据。",
        "en": "1. Requests the secretariat to collect the readings of all 9 ports.",
    },
    {"zh": "费用共同承担；", "en": "The cost is shared;"},
]
SAME = ("--from", "zh", "--to", "en")


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory of four units in Chinese and English."""
    return memory_of(tmp_path_factory.mktemp("commands"), units_of(PAIRS)).path


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A Chinese draft of five sentences."""
    path = tmp_path / "draft.md"
    path.write_text(CHINESE, encoding="utf-8")
    return path


def targets(path: Path) -> list[str | None]:
    """Targets of an XLIFF file whose state says that they are translations."""
    elements = etree.parse(str(path)).iterfind(".//{*}trans-unit/{*}target")
    return [element.text for element in elements if element.get("state") != "needs-translation"]


def test_a_draft_becomes_xliff_with_its_analysis(memory: Path, draft: Path, tmp_path: Path) -> None:
    """Translations from the memory are in the file, and the summary is the table of a CAT tool."""
    result = hexapla("pretranslate", memory, draft, *SAME, "-o", tmp_path / "draft.xlf")
    assert (result.exit_code, result.stderr) == (0, "")
    assert targets(tmp_path / "draft.xlf") == ["The Committee,", PAIRS[1]["en"], "The cost is shared;"]
    lines = {" ".join(line.split()) for line in result.stdout.splitlines()}
    assert {
        "in context (101%) 1 3 4 5.5",
        "exact (100%) 2 27 30 49.1",
        "placeables (99%) 1 16 19 29.1",
        "no match 1 9 11 16.4",
        "total 5 55 64 100.0",
        f"{tmp_path / 'draft.xlf'}: 3 of 5 segments filled, 1 with matches",
    } <= lines


def test_placeables_are_inserted_on_request(memory: Path, draft: Path, tmp_path: Path) -> None:
    """With --fill 99 the number of the draft is in the translation, which is marked for review."""
    hexapla("pretranslate", memory, draft, *SAME, "-o", tmp_path / "draft.xlf", "--fill", "99")
    assert "1. Requests the secretariat to collect the readings of all 12 ports." in targets(
        tmp_path / "draft.xlf"
    )
    assert 'state="needs-review-translation"' in (tmp_path / "draft.xlf").read_text("utf-8")


@pytest.mark.parametrize(
    ("option", "root"), [((), "1.2"), (("--xliff", "1.2"), "1.2"), (("--xliff", "2.1"), "2.1")]
)
def test_the_version_of_xliff_may_be_chosen(
    memory: Path, draft: Path, tmp_path: Path, option: tuple[str, ...], root: str
) -> None:
    """The default is 1.2, which every CAT tool reads."""
    assert hexapla("pretranslate", memory, draft, *SAME, "-o", tmp_path / "d.xliff", *option).exit_code == 0
    assert etree.parse(str(tmp_path / "d.xliff")).getroot().get("version") == root


def test_xliff_keeps_its_version_and_languages(memory: Path, draft: Path, tmp_path: Path) -> None:
    """An XLIFF file needs no language options; its translations stay, and the memory fills the rest."""
    first, second = tmp_path / "one.xlf", tmp_path / "two.xlf"
    hexapla("pretranslate", memory, draft, *SAME, "-o", first, "--xliff", "2.1", "--fill", "101", "--quiet")
    result = hexapla("pretranslate", memory, first, "-o", second, "--json")
    record = json.loads(result.stdout)
    assert (record["from"], record["to"], record["segments"]) == ("zh", "en", 5)
    assert (record["translated"], record["filled"], record["offered"]) == (1, 2, 1)
    assert record["analysis"]["bands"]["placeables"] == {"segments": 1, "words": 16, "characters": 19}
    assert etree.parse(str(second)).getroot().get("version") == "2.1"


def test_a_table_for_reviewers(memory: Path, draft: Path, tmp_path: Path) -> None:
    """The suffix .docx gives the bilingual table, and --quiet prints nothing."""
    result = hexapla("pretranslate", memory, draft, *SAME, "-o", tmp_path / "table.docx", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "table.docx").read_bytes().startswith(b"PK")


def test_analyse_counts_files_and_all_of_them(memory: Path, draft: Path, tmp_path: Path) -> None:
    """Each file has a table, and several files have one for all, with repetitions across files."""
    result = hexapla("analyse", memory, draft, draft, *SAME)
    tables = result.stdout.split("\n\n")
    assert (result.exit_code, len(tables)) == (0, 3)
    assert "cross-file repetitions 4 52 60 94.5" in " ".join(tables[1].split())
    record = json.loads(hexapla("analyse", memory, draft, draft, *SAME, "--json").stdout)
    assert [file["file"] for file in record["files"]] == [str(draft), str(draft)]
    assert record["total"]["total"] == {"segments": 10, "words": 110, "characters": 128}


def test_analyse_reads_xliff(memory: Path, draft: Path, tmp_path: Path) -> None:
    """The analysis of an XLIFF file is that of the document it was made from."""
    hexapla("pretranslate", memory, draft, *SAME, "-o", tmp_path / "draft.xlf")
    one, two = (
        json.loads(hexapla("analyse", memory, path, "--json", *option).stdout)["total"]
        for path, option in ((draft, SAME), (tmp_path / "draft.xlf", ()))
    )
    assert one == two


def test_another_language_gives_a_warning(memory: Path, tmp_path: Path) -> None:
    """A text in a language other than the declared one gives a warning."""
    path = tmp_path / "draft.md"
    path.write_text(
        "Le comité s’est réuni hier soir pour examiner le rapport annuel sur les marées.\n", "utf-8"
    )
    result = hexapla("analyse", memory, path, *SAME)
    assert (result.exit_code, result.stderr) == (
        0,
        f"Warning: {path} was declared as zh, but its text is in fr.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("{draft}", "--from", "zh", "--to", "de", "-o", "{out}.xlf"),
            "Error: the memory has no text in 'de': it has en, zh.",
        ),
        (
            ("{draft}", "--from", "fr", "--to", "en", "-o", "{out}.xlf"),
            "Error: the memory has no text in 'fr'",
        ),
        (
            ("{draft}", "--from", "zh", "--to", "ZH", "-o", "{out}.xlf"),
            "Error: source and target are both zh",
        ),
        (
            ("{draft}", *SAME, "-o", "{out}.pdf"),
            "out.pdf: unknown output format '.pdf'; use one of .docx, .xlf, .xliff",
        ),
        (("{draft}", *SAME, "-o", "{folder}/no/out.xlf"), "does not exist; create it or choose another one"),
        (("{folder}/none.md", *SAME, "-o", "{out}.xlf"), "none.md does not exist: check the name"),
        (("{folder}/empty.md", *SAME, "-o", "{out}.xlf"), "empty.md is empty"),
        (("{folder}/empty.xlf", "-o", "{out}.xlf"), "empty.xlf is empty"),
        (("{folder}/in.xlf", "-o", "{folder}/in.xlf"), "this is the input and would be lost"),
        (
            ("{folder}/in.xlf", "-o", "{out}.docx"),
            "an XLIFF file becomes an XLIFF file: end the name with .xlf",
        ),
        (
            ("{folder}/in.xlf", "-o", "{out}.xlf", "--to", "de"),
            "in.xlf: its target language is fr, not de: leave the language out, or use another file.",
        ),
        (
            ("{folder}/bare.xlf", "-o", "{out}.xlf"),
            "bare.xlf: it does not declare its target language: give it with --to.",
        ),
    ],
)
def test_impossible_requests_are_refused_in_one_line(
    memory: Path, draft: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """Wrong files, languages and outputs give one line and exit code 1, and nothing is written."""
    (tmp_path / "in.xlf").write_text(FIRST, "utf-8")
    (tmp_path / "bare.xlf").write_text(FIRST.replace('target-language="fr" ', ""), "utf-8")
    (tmp_path / "empty.md").touch()
    (tmp_path / "empty.xlf").touch()
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    given = [each.format(draft=draft, folder=tmp_path, out=tmp_path / "out") for each in arguments]
    result = hexapla("pretranslate", memory, *given)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("draft.md", "--to", "en", "-o", "out.xlf"),
            "--from is missing: a document does not declare it itself.",
        ),
        (
            ("draft.md", "--from", "zh", "-o", "out.xlf"),
            "--to is missing: a document does not declare it itself.",
        ),
        (
            ("draft.md", *SAME, "-o", "out.docx", "--xliff", "2.1"),
            "--xliff is for documents that become XLIFF",
        ),
        (("in.xlf", "-o", "out.xlf", "--xliff", "2.1"), "--xliff is for documents that become XLIFF"),
        (("draft.md", *SAME, "-o", "out.xlf", "--fill", "90"), "90 is not in the range 99<=x<=101"),
        (("draft.md", *SAME), "Missing option '-o'"),
    ],
)
def test_wrong_usage_exits_with_2(
    memory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    """Options that do not go together are usage errors."""
    monkeypatch.chdir(tmp_path)
    result = hexapla("pretranslate", memory, *arguments)
    assert (result.exit_code, words in " ".join(result.stderr.split())) == (2, True), result.stderr


def test_an_empty_memory_is_refused(draft: Path, tmp_path: Path) -> None:
    """A memory without units can translate nothing, and the message says how to fill it."""
    empty = Memory.create(tmp_path / "empty").path
    result = hexapla("analyse", empty, draft, *SAME)
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {empty} is empty: add documents to it with `hexapla add`.\n",
    )
