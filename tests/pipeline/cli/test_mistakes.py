"""Typical mistakes, each answered by a line with what is wrong and the corrected command."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from support_cli import ENGLISH, FRENCH, hexapla
from support_memory import run

MISTAKES = [
    ("align en:a.md fr:b.md -o t.tmx", 1, "align en=a.md fr=b.md -o t.tmx"),
    ("align en = a.md fr = b.md -o t.tmx", 1, "align en=a.md fr=b.md -o t.tmx"),
    ("align en=a.md fr=b.md t.tmx", 2, "align en=a.md fr=b.md -o t.tmx"),
    ("align en=a.md fr=b.md", 2, "align en=a.md fr=b.md -o OUT.tmx"),
    ("align en=a.md fr=b.md -o t", 1, "align en=a.md fr=b.md -o t.tmx"),
    ("align en=a.md fr=b.md -o t.tmx --pair en:fr", 2, "align en=a.md fr=b.md -o t.tmx --pair en-fr"),
    ("align en=a.md fr=b.md -o t.tmx --pair 'en,fr'", 2, "align en=a.md fr=b.md -o t.tmx --pair en-fr"),
    ("align en=a.md fr=b.md -o t.tmx --pair 'en > fr'", 2, "align en=a.md fr=b.md -o t.tmx --pair en-fr"),
    (
        "align en=a.md fr=b.md -o t.tmx --pair English-French",
        2,
        "align en=a.md fr=b.md -o t.tmx --pair en-fr",
    ),
    (
        "align en=a.md fr=b.md -o t.tmx --level sentences",
        2,
        "align en=a.md fr=b.md -o t.tmx --level sentence",
    ),
    (
        "align en=a.md fr=b.md -o t.tmx --min-probability 95",
        2,
        "align en=a.md fr=b.md -o t.tmx --min-probability 0.95",
    ),
    (
        "align en=a.md fr=b.md -o t.tmx --min-probability 80%",
        2,
        "align en=a.md fr=b.md -o t.tmx --min-probability 0.8",
    ),
    ("alig en=a.md fr=b.md -o t.tmx", 2, "align en=a.md fr=b.md -o t.tmx"),
    ("convert en=a.md fr=b.md -o t.tmx", 2, "align en=a.md fr=b.md -o t.tmx"),
    ("demo --out d", 2, "demo -o d"),
    ("check old.tmx", 2, "validate old.tmx"),
    ("add en=a.md fr=b.md", 1, "add un.hexapla en=a.md fr=b.md"),
    ("add a.md b.md", 1, "add un.hexapla a.md b.md"),
    ("add un.hexapla en:a.md fr:b.md", 1, "add un.hexapla en=a.md fr=b.md"),
    ("add en=a.md fr=b.md un.hexapla", 1, "add un.hexapla en=a.md fr=b.md"),
    ("add un.hexapla t.csv", 1, "import un.hexapla t.csv"),
    ("add un.hexapla old.tmx", 1, "import un.hexapla old.tmx"),
    ("import un.hexapla a.md b.md", 1, "add un.hexapla a.md b.md"),
    ("import old.tmx un.hexapla", 1, "import un.hexapla old.tmx"),
    ("import old.tmx", 2, "import un.hexapla old.tmx"),
    ("import un.hexapla", 2, "import un.hexapla FILE"),
    ("lookup matter un.hexapla --from en", 1, "lookup un.hexapla matter --from en"),
    ("lookup un.hexapla matter", 2, "lookup un.hexapla matter --from LANG"),
    ("lookup un.hexapla matter --from English", 2, "lookup un.hexapla matter --from en"),
    ("lookup un.hexapla matter --source en --target fr", 2, "lookup un.hexapla matter --from en --to fr"),
    ("lookup un.hexapla matter --from en --to fr es", 2, "lookup un.hexapla matter --from en --to fr,es"),
    ("lookup un.hexapla matter --from en --min 0.75", 2, "lookup un.hexapla matter --from en --min 75"),
    ("lookup un.hexapla matter --from en --min 75%", 2, "lookup un.hexapla matter --from en --min 75"),
    ("lookup old.tmx matter --from en", 1, "import un.hexapla old.tmx"),
    ("search un.hexapla matter --from en", 2, "lookup un.hexapla matter --from en"),
    ("concordance un.hexapla matter --in en", 2, "concordance un.hexapla matter --from en"),
    ("grep un.hexapla matter --from en", 2, "concordance un.hexapla matter --from en"),
    ("export un.hexapla out.tmx", 2, "export un.hexapla -o out.tmx"),
    ("export un.hexapla -o out", 1, "export un.hexapla -o out.tmx"),
    ("export un.hexapla -o out.tmx --profile Trado", 2, "export un.hexapla -o out.tmx --profile trados"),
    (
        "export un.hexapla -o o.tmx --where status:edited",
        2,
        "export un.hexapla -o o.tmx --where status=edited",
    ),
    (
        "export un.hexapla -o o.tmx --where status==edited",
        2,
        "export un.hexapla -o o.tmx --where status=edited",
    ),
    ("export un.hexapla -o out.tmx --version 1", 2, "export un.hexapla -o out.tmx --at 1"),
    (
        "pretranslate un.hexapla a.md -o d.xlf",
        2,
        "pretranslate un.hexapla a.md -o d.xlf --from LANG --to LANG",
    ),
    (
        "pretranslate un.hexapla a.md d.xlf --from en --to fr",
        2,
        "pretranslate un.hexapla a.md -o d.xlf --from en --to fr",
    ),
    (
        "pretranslate a.md un.hexapla --from en --to fr -o d.xlf",
        1,
        "pretranslate un.hexapla a.md --from en --to fr -o d.xlf",
    ),
    ("analyze un.hexapla a.md --from en --to fr", 2, "analyse un.hexapla a.md --from en --to fr"),
    ("review un.hexapla 123456 --status rejected", 2, "reject un.hexapla 123456"),
    ("edit un.hexapla 123456 --language fr --text x", 2, "edit un.hexapla 123456 --lang fr --text x"),
    ("edit un.hexapla 123456 --text x", 2, "edit un.hexapla 123456 --text x --lang LANG"),
    ("restore un.hexapla", 2, "restore un.hexapla VERSION"),
    ("undo un.hexapla 1", 2, "restore un.hexapla 1"),
    ("batch manifest.tsv -m un.hexapla", 2, "batch un.hexapla manifest.tsv"),
    ("batch status -m un.hexapla", 2, "batch status un.hexapla"),
    ("info", 2, "info un.hexapla"),
    ("calibrate gold.en-fr", 2, "calibrate gold.en-fr --model NAME"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two documents, a memory of them, and files exported from it."""
    folder = tmp_path_factory.mktemp("mistakes")
    (folder / "a.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "b.md").write_text(FRENCH, encoding="utf-8")
    run("add", folder / "un.hexapla", f"en={folder / 'a.md'}", f"fr={folder / 'b.md'}")
    for name in ("old.tmx", "t.csv"):
        run("export", folder / "un.hexapla", "-o", folder / name)
    return folder


@pytest.mark.parametrize(("typed", "code", "meant"), MISTAKES)
def test_the_command_that_was_meant(
    folder: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, meant: str
) -> None:
    """The last line says what is wrong, and ends with the command that was meant; nothing is done."""
    monkeypatch.chdir(folder)
    before = sorted(path.name for path in folder.iterdir())
    result = hexapla(*shlex.split(typed))
    last = result.stderr.splitlines()[-1]
    assert (result.exit_code, last.partition(" Try: ")[2]) == (code, f"hexapla {meant}")
    assert last.startswith("Error: ")
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    "typed",
    [
        "align en=a.md fr=missing.md -o t.tmx",
        "align en=a.md en=b.md -o t.tmx",
        "lookup nowhere.hexapla matter --from en",
        "lookup un.hexapla matter --from en --to de",
        "restore un.hexapla 99",
        "export un.hexapla -o out.tmx --pair en-de",
        "batch un.hexapla missing.tsv",
        "edit un.hexapla ffffff --lang fr --text x",
    ],
)
def test_a_command_of_the_right_form_is_not_corrected(
    folder: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """If the words are right and only the files or units are wrong, no other command is suggested."""
    monkeypatch.chdir(folder)
    result = hexapla(*shlex.split(typed))
    assert result.exit_code == 1
    assert "Try:" not in result.stderr
