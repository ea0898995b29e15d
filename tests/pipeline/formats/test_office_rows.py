"""The bundled sample gives the same rows as Word or PDF documents as it does as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from hexapla.alignment.align import align_files
from hexapla.inputs import Input
from hexapla.rows import Row
from hexapla_corpora.sample import sample_files

SHARE = 0.98  # of the rows from Markdown


def texts(row: Row) -> tuple[object, ...]:
    """Return level and texts of a row, without white space, which differs between formats."""
    squeezed = tuple((language, "".join(text.split())) for language, text in row.texts.items())
    return (row.level, *squeezed)


@pytest.fixture(scope="module")
def expected() -> Counter[object]:
    """The rows of the sample from Markdown."""
    return rows_of(sample_files())


def rows_of(files: Mapping[str, Path]) -> Counter[object]:
    return Counter(texts(row) for row in align_files([Input(p, tag) for tag, p in files.items()]).rows)


def test_word_documents(expected: Counter[object], sample_docx: dict[str, Path]) -> None:
    """The sample in Word gives at least 98% of the rows."""
    assert (expected & rows_of(sample_docx)).total() >= SHARE * expected.total()


@pytest.mark.libreoffice
def test_pdf_documents(expected: Counter[object], sample_pdf: dict[str, Path]) -> None:
    """The sample printed to PDF gives at least 98% of the rows."""
    assert (expected & rows_of(sample_pdf)).total() >= SHARE * expected.total()
