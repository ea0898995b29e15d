"""Reading of documents from files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hexapla_corpora.document import BlockKind
from hexapla_corpora.errors import (
    DocumentError,
    EmptyDocument,
    UnknownFormat,
    UnknownLanguage,
    UnreadableDocument,
)
from hexapla_corpora.read import read_document
from support_texts import ENCODED, LONG

PAGE = "<html><head><title>no text</title></head><body>{}</body></html>"


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_every_language_in_every_text_format(
    tmp_path: Path, suffix: str, language: str, encoding: str
) -> None:
    """Text, Markdown and HTML without a charset give the right paragraphs and the right language."""
    paragraphs = LONG[language].strip().split("\n\n")
    text = (
        PAGE.format("".join(f"<p>{line}</p>\n" for line in paragraphs))
        if suffix == ".html"
        else LONG[language]
    )
    path = tmp_path / f"paper{suffix}"
    path.write_bytes(text.encode(encoding))
    document = read_document(path)
    assert [block.text for block in document.blocks] == paragraphs
    assert document.language == ("zh-Hans" if language == "zh" else language)
    assert document.path == path
    assert document.warnings == ()


def test_blocks_of_a_page(tmp_path: Path) -> None:
    """Kinds and numbers of the blocks are recognised."""
    path = tmp_path / "paper.md"
    path.write_text(LONG["en"], encoding="utf-8")
    blocks = read_document(path, "en-GB").blocks
    assert [block.kind for block in blocks][-2:] == [BlockKind.OPERATIVE] * 2
    assert [block.ordinal for block in blocks] == [None, None, 1, 2]


def test_text_in_another_than_the_declared_language(tmp_path: Path) -> None:
    """A wrong language is kept, with a warning that names the file and both languages."""
    path = tmp_path / "paper.txt"
    path.write_text(LONG["es"], encoding="utf-8")
    document = read_document(path, "fr")
    assert document.language == "fr"
    assert document.warnings == (f"{path} was declared as fr, but its text is in es.",)


@pytest.mark.parametrize(
    ("name", "data", "error", "message"),
    [
        ("empty.txt", b"", EmptyDocument, "is empty"),
        ("blank.md", b" \n\t\n\xc2\xa0\n", EmptyDocument, "holds no text"),
        (
            "blank.html",
            b"<html><head><title>t</title></head><body></body></html>",
            EmptyDocument,
            "holds no text",
        ),
        ("nul.txt", b"text\0\0\0\0\0\0 with NUL bytes" * 9, UnknownFormat, "NUL bytes"),
        ("notes.rst", b"Some text in a file of another kind.", UnknownFormat, "unknown suffix"),
        (
            "short.txt",
            b"Annex I",
            UnknownLanguage,
            "too short to detect its language.*Give the language as LANG=FILE, such as en=.*short.txt",
        ),
    ],
)
def test_bad_files(tmp_path: Path, name: str, data: bytes, error: type[DocumentError], message: str) -> None:
    """A file that cannot be used raises an error that names it and gives the reason."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=f"{name}.*{message}"):
        read_document(tmp_path / name)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    """A missing file and a folder are refused with their names."""
    with pytest.raises(UnreadableDocument, match=r"none\.txt does not exist"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(UnreadableDocument, match="is a folder"):
        read_document(tmp_path)


def test_pipe(tmp_path: Path) -> None:
    """A pipe is refused without waiting for it."""
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableDocument, match="a pipe or device: save its content"):
        read_document(tmp_path / "pipe.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    """A file without read permission is named, with the reason that the system gives."""
    path = tmp_path / "secret.txt"
    path.write_bytes(b"text")
    path.chmod(0)
    with pytest.raises(UnreadableDocument, match=r"secret\.txt cannot be read: Permission denied"):
        read_document(path)


def test_200_megabytes_of_one_line(tmp_path: Path) -> None:
    """A file above the size limit is refused without being read."""
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(UnreadableDocument, match="200 MB, above the limit of 100 MB"):
        read_document(path)


@pytest.mark.parametrize("tag", ["zh-CN-", "chinese"])
def test_invalid_tag(tmp_path: Path, tag: str) -> None:
    """An invalid BCP 47 tag is refused with the file and the tag."""
    with pytest.raises(UnknownLanguage, match=f"paper.md.*{tag}"):
        read_document(tmp_path / "paper.md", tag)
