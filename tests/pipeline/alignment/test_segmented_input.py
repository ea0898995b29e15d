"""Inputs with one segment per line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.alignment.segmented_input import read_segmented
from hexapla_corpora.errors import DocumentError, EmptyDocument, UnreadableDocument

TEXT = "The rain came late this year.\n\nThe farmers waited for it.\n"


def write(folder: Path, data: bytes, name: str = "lines.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\ntwo", ["one", "two"]),
        (b"one\r\ntwo\r\n", ["one", "two"]),
        (b"\none\n\ntwo\n", ["", "one", "", "two"]),
        (b"one\n\n\n", ["one", "", ""]),
        (b"  one \t\n \t \ntwo\n", ["one", "", "two"]),
        (b"\xef\xbb\xbfone\n", ["one"]),
        ("一\u3000二\n\u3000\n三\n".encode(), ["一 二", "", "三"]),
        (b"One. Two. Three.\n# Four\n- five\n", ["One. Two. Three.", "# Four", "- five"]),
        ("\N{ARABIC LETTER MEEM INITIAL FORM}\ne\u0301\n".encode(), ["م", "é"]),
    ],
)
def test_lines_keep_their_numbers(tmp_path: Path, data: bytes, texts: list[str]) -> None:
    """Each line is a block, even an empty one; nothing is read as markup, and text is cleaned as in other formats."""
    document = read_segmented(write(tmp_path, data), "en")
    assert [block.text for block in document.blocks] == texts
    assert [block.origin.line for block in document.blocks] == list(range(1, len(texts) + 1))


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0c", "\x0b"])
def test_only_line_feeds_end_a_line(tmp_path: Path, separator: str) -> None:
    """Other separators inside a line do not change the numbers of the lines after it."""
    data = f"The first{separator}line is here.\nThe second line.\n".encode()
    document = read_segmented(write(tmp_path, data), "en")
    assert [block.text for block in document.blocks] == ["The first line is here.", "The second line."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_detected(tmp_path: Path, encoding: str) -> None:
    """A segmented file may be in any encoding that a document may be in."""
    text = "Les pluies sont arrivées très tard cette année.\n\nLes récoltes ont été détruites par la grêle.\n"
    document = read_segmented(write(tmp_path, text.encode(encoding)))
    assert document.language == "fr"
    assert [block.text for block in document.blocks] == text.split("\n")[:-1]


def test_language_is_declared_or_detected(tmp_path: Path) -> None:
    """A declared tag is used; otherwise the language is detected."""
    path = write(tmp_path, TEXT.encode())
    assert read_segmented(path).language == "en"
    assert read_segmented(path, "en-GB").language == "en-GB"
    assert read_segmented(path).path == path


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyDocument),
        (b"\n\n \n", EmptyDocument),
        ("\u3000\n".encode(), EmptyDocument),
        (bytes(2000), DocumentError),
    ],
)
def test_a_file_without_text_is_an_error(tmp_path: Path, data: bytes, error: type[DocumentError]) -> None:
    """A file without text is an error that names the file."""
    path = write(tmp_path, data)
    with pytest.raises(error, match=r"lines\.txt"):
        read_segmented(path, "en")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """The error names the missing file."""
    with pytest.raises(UnreadableDocument, match=r"none\.txt"):
        read_segmented(tmp_path / "none.txt", "en")
