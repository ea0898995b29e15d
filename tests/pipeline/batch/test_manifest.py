"""Manifests: all forms give the same documents, and errors name the line."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from hexapla.batch.manifest import open_manifest
from hexapla.errors import InvalidManifest

ROWS: list[dict[str, str | None]] = [
    {"document": "A/1", "en": "one.en.txt", "fr": "one.fr.txt"},
    {"document": "A/2", "en": "sub/two.en.txt", "fr": None},
]


def documents(name: str | Path) -> list[tuple[str, dict[str | None, str]]]:
    """Names and paths by language of the documents in a manifest."""
    return [
        (entry.document, {item.language: item.path.as_posix() for item in entry.inputs})
        for entry in open_manifest(str(name))
    ]


def write(folder: Path, suffix: str) -> Path:
    """Write ROWS in a format."""
    path = folder / f"manifest{suffix}"
    if suffix == ".parquet":
        pl.DataFrame(ROWS).write_parquet(path)
    elif suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")
    else:
        separator = {".tsv": "\t", ".csv": ";"}[suffix]
        cells = [list(ROWS[0]), *([cell or "" for cell in row.values()] for row in ROWS)]
        path.write_text(
            "\ufeff" + "\r\n".join(separator.join(row) for row in cells) + "\r\n\r\n", encoding="utf-8"
        )
    return path


@pytest.mark.parametrize("suffix", [".tsv", ".csv", ".jsonl", ".parquet"])
def test_a_table_names_documents_with_paths_from_its_folder(tmp_path: Path, suffix: str) -> None:
    """Each format gives the same documents; an empty cell is a language that the document lacks."""
    folder = tmp_path.as_posix()
    assert documents(write(tmp_path, suffix)) == [
        ("A/1", {"en": f"{folder}/one.en.txt", "fr": f"{folder}/one.fr.txt"}),
        ("A/2", {"en": f"{folder}/sub/two.en.txt"}),
    ]


def test_a_manifest_can_be_iterated_again(tmp_path: Path) -> None:
    """A manifest is read again each time, and gives its number of documents."""
    manifest = open_manifest(str(write(tmp_path, ".tsv")))
    assert list(manifest) == list(manifest)
    assert manifest.count == 2


def test_without_a_name_a_document_is_named_after_its_files(tmp_path: Path) -> None:
    """The common name of the files is used, as in `hexapla add` if no symbol is printed."""
    (tmp_path / "m.tsv").write_text("en\tzh-Hant\nreport.en.pdf\treport.zh-Hant.docx\n", encoding="utf-8")
    assert [name for name, _ in documents(tmp_path / "m.tsv")] == ["report"]


def test_a_pattern_finds_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are grouped by symbol; languages may have scripts, suffixes may differ, and other files are ignored."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d[1]").mkdir()
    for name in ("A_2.en.txt", "A_2.zh-Hant.md", "A_1.B.fr.txt", "A_1.B.en.txt", "readme.txt"):
        (tmp_path / "d[1]" / name).touch()
    assert documents("d[1]/{symbol}.{lang}.*") == [
        ("A_1.B", {"en": "d[1]/A_1.B.en.txt", "fr": "d[1]/A_1.B.fr.txt"}),
        ("A_2", {"en": "d[1]/A_2.en.txt", "zh-Hant": "d[1]/A_2.zh-Hant.md"}),
    ]
    assert [name for name, _ in documents(tmp_path / "d[1]" / "{symbol}.{lang}.txt")] == ["A_1.B", "A_2"]


def test_a_folder_may_be_a_language(tmp_path: Path) -> None:
    """The fields may be in any part of a path."""
    for language in ("en", "fr"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "A_1.txt").touch()
    assert [set(paths) for _, paths in documents(tmp_path / "{lang}" / "{symbol}.txt")] == [{"en", "fr"}]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.tsv", "", "names no documents"),
        ("m.tsv", "document\ten\tfr\n", "names no documents"),
        ("m.tsv", "document\ten\tfr\nA\ta\tb\nB\ta\n", r"m\.tsv, line 3: there are 2 cells, and the header has 3"),
        ("m.tsv", "document\ten\ten\nA\ta\tb\n", r"line 1: the column 'en' appears twice"),
        ("m.tsv", "name\ten\nA\ta\n", r"line 2: the column 'name' is neither a language"),
        ("m.tsv", "document\tzh_C!\nA\ta\n", r"line 2: the column 'zh_C!' .* write one such as zh"),
        ("m.tsv", "document\ten\nA\ta\nB\tb\nA\tc\n", r"line 4: the document 'A' is also in .*m\.tsv, line 2"),
        ("m.tsv", "en\tfr\n1/en.txt\t1/fr.txt\n2/en.txt\t2/fr.txt\n", r"line 3: the document 'en' is also in"),
        ("m.tsv", "document\ten\nA\t \n", r"line 2: no file is named"),
        ("m.tsv", "document\tsymbol\ten\nA\tB\tx\n", r"line 2: there are two names, 'A' and 'B'"),
        ("m.tsv", b"document\ten\nA\t\xff\n", r"line 2: this is not valid UTF-8"),
        ("m.jsonl", '{"en": "a"}\n{"en": \n', r"m\.jsonl, line 2: this is not valid JSON"),
        ("m.jsonl", "[1]\n", r"line 1: this is not a JSON object"),
        ("m.jsonl", '{"en": 3}\n', r"line 1: 3 is not a string"),
        ("m.jsonl", '{"en": "a", "fr": "b\\udce9"}\n', r"line 1: 'b\\udce9' is not valid UTF-8: rename the file"),
        ("m.parquet", "PAR", r"m\.parquet cannot be read as Parquet"),
        ("m.xls", "", r"m\.xls: a manifest is a file ending in \.tsv, \.csv, \.jsonl, \.parquet"),
        ("m.csv", 'document,en\nA,"a', r"m\.csv, line 2: this is not CSV"),
        ("m.csv", "document,en\nA,a,b\n", r"m\.csv, line 2: there are 3 cells, and the header has 2"),
    ],
)  # fmt: skip
def test_a_bad_manifest_is_refused_with_its_line(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    """The error is raised before any work is done."""
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InvalidManifest, match=message):
        open_manifest(str(tmp_path / name))


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{symbol}.txt", "must contain {symbol} and {lang}, once each"),
        ("{symbol}.{lang}.{lang}", "once each"),
        ("{symbol}.{lang}.pdf", "no file matches"),
        ("{symbol}.{lang}.*", "both belong to the document 'A' in 'en': make the pattern match only one"),
        ("missing.tsv", r"missing.tsv cannot be read \(No such file or directory\)"),
    ],
)
def test_a_bad_pattern_is_refused(tmp_path: Path, pattern: str, message: str) -> None:
    """A pattern is refused if it matches nothing, or two files instead of one."""
    for name in ("A.en.txt", "A.en.md"):
        (tmp_path / name).touch()
    with pytest.raises(InvalidManifest, match=message):
        open_manifest(str(tmp_path / pattern))
