"""Bad input gives one line with the file, the fault and what to do, and no output."""

from __future__ import annotations

import os
import resource
import tempfile
from pathlib import Path

import docx
import pytest

from support_bad_files import BAD_FILES, write_bad_file
from support_cli import CHINESE, ENGLISH, FRENCH, hexapla, run_hexapla, write_versions

TRADITIONAL = "委員會，\n\n注意到沿岸各國報告說，去年夏季的水位比往年低；\n"


@pytest.mark.parametrize(("name", "message"), BAD_FILES)
def test_bad_file(tmp_path: Path, name: str, message: str) -> None:
    """A file that cannot be read is named with what is wrong; an older output stays unchanged."""
    english, _ = write_versions(tmp_path)
    write_bad_file(tmp_path / name)
    old = tmp_path / "old.tmx"
    old.write_text("older", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    result = hexapla("align", english, f"fr={tmp_path / name}", "-o", old, "-o", tmp_path / "new.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert str(tmp_path / name) in result.stderr
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert "fault of hexapla" not in result.stderr
    assert (old.read_text(encoding="utf-8"), sorted(tmp_path.iterdir())) == ("older", before)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_file_without_permission(tmp_path: Path) -> None:
    """A file that the user may not read is named."""
    english, french = write_versions(tmp_path)
    (tmp_path / "paper.fr.md").chmod(0)
    result = hexapla("align", english, french, "-o", tmp_path / "out.tmx")
    assert result.exit_code == 1
    assert "paper.fr.md cannot be read (Permission denied)" in result.stderr


FILES = {
    "en.md": ENGLISH,
    "fr.md": FRENCH,
    "zh.md": CHINESE,
    "trad.md": TRADITIONAL,
    "digits.txt": "12 34\n\n5\n",
    "out.tmx": "older",
}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["en.md", "-o", "o.tmx"], "only one file was given"),
        (["en=en.md", "en=fr.md", "-o", "o.tmx"], r"en\.md \(en\) and fr\.md \(en\) are in one language"),
        (["en.md", "en=fr.md", "-o", "o.tmx"], r"are in one language: give one file for each"),
        (["zh-CN=zh.md", "zh-cn=trad.md", "-o", "o.tmx"], r"zh\.md \(zh-CN\) and trad\.md \(zh-CN\)"),
        (["zh=zh.md", "zh.md", "-o", "o.tmx"], r"\(zh\) and zh\.md \(zh-Hans\) are in one language"),
        (["en-GB=en.md", "en.md", "-o", "o.tmx"], r"\(en-GB\) and en\.md \(en\) are in one language"),
        (["xx_YY=en.md", "fr.md", "-o", "o.tmx"], r"en\.md: 'xx_YY' is not a BCP 47 language tag: write one"),
        (["1=zh.md", "fr.md", "-o", "o.tmx"], r"zh\.md: '1' is not a BCP 47 language tag"),
        (["zh=", "fr.md", "-o", "o.tmx"], r"'zh=' has no file after the equals sign: write LANG=FILE"),
        (["=zh.md", "fr.md", "-o", "o.tmx"], r"'=zh\.md' has no language before the equals sign"),
        (["en.md", "digits.txt", "-o", "o.tmx"], r"digits\.txt: .*too short.*LANG=FILE, such as en=digits"),
        (["--segmented", "en.md", "digits.txt", "-o", "o.tmx"], r"digits\.txt: .*too short.*LANG=FILE"),
        (["--segmented", "en.md", "xx_YY=fr.md", "-o", "o.tmx"], r"fr\.md: 'xx_YY' is not"),
        (["en.md", "fr.md", "-o", "none/o.tmx"], r"none/o\.tmx: the folder .*none does not exist; create it"),
        (["en.md", "fr.md", "-o", "en.md/o.tmx"], r"en\.md is not a folder"),
        (["en.md", "fr.md", "-o", "o.xlsx"], r"o\.xlsx: unknown output format '\.xlsx'; use one of"),
        (["en.md", "out.tmx", "-o", "out.tmx"], r"out\.tmx: this is an input and would be lost"),
        (["en.md", "fr.md", "-o", "o.tmx", "-o", "./o.tmx"], r"o\.tmx: this output is named twice"),
        (["en.md", "fr.md", "zh.md", "-o", "o.beads"], r"o\.beads: beads link exactly 2 languages"),
        (["en.md", "fr.md", "-o", "o.tmx", "--pair", "zh-en"], r"zh is not among the languages; choose two"),
        (["en.md", "fr.md", "-o", "o.tmx", "--pair", "en-en"], "en is named twice"),
    ],
)
def test_bad_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    """Arguments that do not go together are refused in one line, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    result = hexapla("align", *arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    with pytest.raises(AssertionError, match=f"^Error: .*{message}"):
        raise AssertionError(result.stderr)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    assert Path("out.tmx").read_text(encoding="utf-8") == "older"


def allow_200_bytes() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))


def test_full_disk(tmp_path: Path) -> None:
    """An output that does not fit is removed, the older one stays, and the message says so."""
    (tmp_path / "zh.md").write_text("决定继续审议此事。", encoding="utf-8")
    (tmp_path / "en.md").write_text("Decides so.", encoding="utf-8")  # too short to call the detector
    (tmp_path / "out.tmx").write_text("older", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    arguments = ("align", "zh=zh.md", "en=en.md", "-o", "out.tmx")
    result = run_hexapla(*arguments, folder=tmp_path, prepare=allow_200_bytes)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("Error: out.tmx: cannot be written (File too large); the older file is")
    assert (sorted(tmp_path.iterdir()), (tmp_path / "out.tmx").read_text()) == (before, "older")


def test_full_temporary_folder(tmp_path: Path) -> None:
    """If the language detector cannot unpack its model, the message names the temporary folder."""
    inputs = write_versions(tmp_path)
    result = run_hexapla("align", *inputs, "-o", "out.tmx", folder=tmp_path, prepare=allow_200_bytes)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert f"no temporary file can be written in {tempfile.gettempdir()} (File too large)" in result.stderr
    assert not (tmp_path / "out.tmx").exists()


LONG_PAPER = "\n\n".join(
    f"{n}. The port of station {n} shall report {n * 7} readings a year." for n in range(300)
)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (b"Decides to remain seized of the matter.", "Décide de rester saisi de la question.".encode()),
        (LONG_PAPER.encode(), b"Les ports rendent compte."),
        (b"The ports report.", LONG_PAPER.encode()),
        (ENGLISH.encode(), "Ma grand-mère cuit des pommes. Le chat dort sous la table.".encode()),
        (ENGLISH.encode(), b"12 34\n\n5\n"),
    ],
    ids=["one line", "300 to 1", "1 to 300", "not versions", "digits only"],
)  # fmt: skip
@pytest.mark.parametrize("segmented", [False, True])
def test_odd_input_runs(tmp_path: Path, english: bytes, french: bytes, segmented: bool) -> None:
    """Texts of one line, of very different lengths or on unrelated subjects are aligned without an error."""
    (tmp_path / "en.txt").write_bytes(english)
    (tmp_path / "fr.txt").write_bytes(french)
    result = hexapla(
        "align", f"en={tmp_path / 'en.txt'}", f"fr={tmp_path / 'fr.txt'}", "-o", tmp_path / "o.jsonl",
        *(["--segmented"] if segmented else []), "--quiet",
    )  # fmt: skip
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "o.jsonl").stat().st_size


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ok.docx", "ok.docx is not text"),
        ("encrypted.pdf", "encrypted.pdf is a PDF, and --segmented takes text"),
    ],
)
def test_segmented_accepts_only_text(tmp_path: Path, name: str, message: str) -> None:
    """With --segmented, a Word file or PDF is refused."""
    english, _ = write_versions(tmp_path)
    if name.endswith(".pdf"):
        write_bad_file(tmp_path / name)
    else:
        docx.Document().save(str(tmp_path / name))
    result = hexapla("align", "--segmented", english, f"fr={tmp_path / name}", "-o", tmp_path / "o.jsonl")
    assert result.exit_code == 1
    assert message in result.stderr
