"""Segmented inputs: text files with one segment per line."""

from __future__ import annotations

from pathlib import Path

from hexapla_corpora.document import Block, BlockKind, Document, Origin
from hexapla_corpora.errors import EmptyDocument, UnknownFormat
from hexapla_corpora.read import check_lengths, choose_language, declared_language, read_bytes
from hexapla_corpora.text_encoding import clean_text, decode_lines


def read_segmented(path: Path, language: str | None = None) -> Document:
    """Read a file with one segment per line as a document with one block per line.

    Args:
        path: a text file with any suffix.
        language: BCP 47 tag; if None, the language is detected.

    Returns:
        The document; a line without visible text becomes an empty block, so that lines keep their numbers.

    Raises:
        EmptyDocument: no line has any text.
        UnknownFormat: the file is not a text file.
    """
    declared = None if language is None else declared_language(language, path)
    data = read_bytes(path)
    if data.startswith(b"%PDF-"):  # other binary formats cannot be mistaken for text
        raise UnknownFormat(
            f"{path} is a PDF, and --segmented takes text files with one segment per line: leave out --segmented."
        )
    lines = decode_lines(data, path)
    check_lengths(lines, path)
    texts = [clean_text(line) for line in lines]
    if not any(texts):
        raise EmptyDocument(
            f"{path} holds no text, so there is nothing to align. Check that it is the right file."
        )
    tag, warnings = choose_language("\n".join(texts), path, declared)
    blocks = tuple(
        Block(BlockKind.PLAIN, text, origin=Origin(line=number)) for number, text in enumerate(texts, 1)
    )
    return Document(tag, blocks, path=path, warnings=warnings)
