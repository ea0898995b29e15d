"""Inputs that are segmented already: one segment a line."""

from __future__ import annotations

from pathlib import Path

from hexapla_corpora.document import Block, BlockKind, Document, Origin
from hexapla_corpora.errors import EmptyDocument, UnknownFormat
from hexapla_corpora.read import check_lengths, choose_language, declared_language, read_bytes
from hexapla_corpora.text_encoding import clean_text, decode_lines


def read_segmented(path: Path, language: str | None = None) -> Document:
    """Read a file of one segment a line as a document of one block a line.

    Args:
        path: a text file of any suffix.
        language: BCP 47 tag; detected if None.

    Returns:
        The document; a line without visible text is a block without text, so that lines keep their numbers.

    Raises:
        EmptyDocument: no line holds text.
        UnknownFormat: the file is not text.
    """
    said = None if language is None else declared_language(language, path)
    data = read_bytes(path)
    if data.startswith(b"%PDF-"):  # what other formats hold cannot be taken for text
        raise UnknownFormat(f"{path} is a PDF: --segmented takes text of one segment a line; leave it out.")
    lines = decode_lines(data, path)
    check_lengths(lines, path)
    texts = [clean_text(line) for line in lines]
    if not any(texts):
        raise EmptyDocument(f"{path} holds no text: there is nothing to align in it.")
    tag, warnings = choose_language("\n".join(texts), path, said)
    blocks = tuple(
        Block(BlockKind.PLAIN, text, origin=Origin(line=number)) for number, text in enumerate(texts, 1)
    )
    return Document(tag, blocks, path=path, warnings=warnings)
