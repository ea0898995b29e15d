"""The bundled sample gives the same rows as Word or PDF documents as it does as Markdown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hexapla.alignment.align import align_files
from hexapla.inputs import Input
from hexapla.rows import Row
from hexapla_corpora.sample import sample_files
from support_office import convert_to_pdf, write_docx

SHARE = 0.98  # of the rows from Markdown


def texts(row: Row) -> tuple[object, ...]:
    """Return level and texts of a row, without white space, which differs between formats."""
    squeezed = tuple((language, "".join(text.split())) for language, text in row.texts.items())
    return (row.level, *squeezed)


def share_of_rows(files: dict[str, Path]) -> float:
    """Return the share of the rows from Markdown that these files give too."""
    expected = Counter(
        texts(row) for row in align_files([Input(p, tag) for tag, p in sample_files().items()]).rows
    )
    found = Counter(texts(row) for row in align_files([Input(p, tag) for tag, p in files.items()]).rows)
    return (expected & found).total() / expected.total()


@pytest.fixture(scope="module")
def word_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the sample as Word documents, by tag."""
    folder = tmp_path_factory.mktemp("word")
    files = {}
    for language, path in sample_files().items():
        files[language] = folder / f"sample.{language}.docx"
        write_docx(files[language], path.read_text(encoding="utf-8"), language)
    return files


def test_word_documents(word_files: dict[str, Path]) -> None:
    """The sample in Word gives at least 98% of the rows."""
    assert share_of_rows(word_files) >= SHARE


@pytest.mark.libreoffice
def test_pdf_documents(word_files: dict[str, Path], tmp_path: Path) -> None:
    """The sample printed to PDF gives at least 98% of the rows."""
    files = {language: convert_to_pdf(path, tmp_path) for language, path in word_files.items()}

    assert share_of_rows(files) >= SHARE
