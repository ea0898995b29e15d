"""The contract of all document readers, tested on the bundled sample."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from hexapla_corpora.document import BlockKind, Document
from hexapla_corpora.read import read_document
from hexapla_corpora.sample import sample_files

Maker = Callable[[str, Path], Path]


def as_markdown(language: str, folder: Path) -> Path:
    """Return the bundled sample."""
    return sample_files()[language]


def as_text(language: str, folder: Path) -> Path:
    """Write the blocks of the sample as plain text."""
    path = folder / f"{language}.txt"
    blocks = read_document(sample_files()[language], language).blocks
    path.write_text("\n\n".join(block.text for block in blocks), encoding="utf-8")
    return path


def as_html(language: str, folder: Path) -> Path:
    """Write the blocks of the sample as an HTML page without a declared encoding."""
    path = folder / f"{language}.html"
    blocks = read_document(sample_files()[language], language).blocks
    body = "\n".join(f"<p>{html.escape(block.text)}</p>" for block in blocks)
    path.write_text(f"<!doctype html><html><body>{body}</body></html>", encoding="utf-8")
    return path


MAKERS: dict[str, Maker] = {"markdown": as_markdown, "text": as_text, "html": as_html}
CASES = [
    pytest.param(name, language, marks=[pytest.mark.libreoffice] if name == "pdf" else [])
    for name in (*MAKERS, "docx", "pdf")
    for language in ("zh", "en", "ar")
]


@pytest.fixture
def path(name: str, language: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The sample in one of the formats; those of an office program are made once for all tests."""
    if name in MAKERS:
        return MAKERS[name](language, tmp_path)
    made: dict[str, Path] = request.getfixturevalue(f"sample_{name}")
    return made[language]


@pytest.mark.parametrize(("name", "language"), CASES)
def test_reader(name: str, language: str, path: Path) -> None:
    """Blocks are single lines in NFC, in the order of the Markdown, footnotes last; symbol and title are found."""
    expected = read_document(sample_files()[language], language)

    document = read_document(path, language)

    assert similar(document, expected) >= 0.98
    for block in document.blocks:
        assert block.text == unicodedata.normalize("NFC", block.text).strip()
        assert "\n" not in block.text
        assert block.text.isprintable() or "\u00a0" in block.text or "\u202f" in block.text
    notes = [block.kind == BlockKind.FOOTNOTE for block in document.blocks]
    assert notes == sorted(notes)
    assert sum(notes) == sum(block.kind == BlockKind.FOOTNOTE for block in expected.blocks)
    assert (document.symbol, document.title) == (expected.symbol, expected.title)


def similar(document: Document, expected: Document) -> float:
    """Return the share of blocks with the same text in the same order, relative to the longer document."""
    texts = [["".join(block.text.split()) for block in each.blocks] for each in (document, expected)]
    blocks = SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(map(len, texts))
