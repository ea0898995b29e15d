"""Reader for plain text: paragraphs between blank lines, or one on each line; form feeds end pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path

from hexapla_corpora.document import Origin, Paragraph
from hexapla_corpora.readers.wrapped_lines import Wrapping, find_wrapping
from hexapla_corpora.text_encoding import clean_text, decode_text


def read_paragraphs(data: bytes, path: Path) -> list[Paragraph]:
    """Read a text file in any encoding; join lines that were wrapped, and keep typed numbers.

    Binary content and undetectable encodings raise a DocumentError.

    Args:
        data: the whole file.
        path: its name, for messages.

    Returns:
        Its paragraphs in order, with their lines and, if form feeds end pages, their pages.
    """
    return plain_paragraphs(decode_text(data, path))


def plain_paragraphs(text: str, first_line: int = 1) -> list[Paragraph]:
    """Split plain text, or preformatted text in another format, into paragraphs.

    Args:
        text: its lines.
        first_line: line of the file at which it begins, from 1.

    Returns:
        Its paragraphs in order.
    """
    wrapping = find_wrapping(text.replace("\f", "\n").split("\n"))
    paragraphs: list[Paragraph] = []
    pages = text.split("\f")
    line = first_line
    for number, page in enumerate(pages, 1):
        paragraphs += _page_paragraphs(page, wrapping, Origin(line, number if len(pages) > 1 else None))
        if number < len(pages) and paragraphs:
            paragraphs[-1] = replace(paragraphs[-1], ends_page=True)
        line += page.count("\n")
    return paragraphs


def _page_paragraphs(page: str, wrapping: Wrapping, origin: Origin) -> list[Paragraph]:
    """Split a page, which begins at the origin, into paragraphs."""
    numbered = enumerate(page.split("\n"), origin.line or 1)
    found = []
    for blank, group in groupby(numbered, key=lambda item: not item[1].strip()):
        if not blank:
            chunk = list(group)
            for start, text in wrapping.paragraphs([line for _, line in chunk]):
                if cleaned := clean_text(text):
                    found.append(Paragraph(cleaned, origin=replace(origin, line=chunk[start][0])))
    return found
