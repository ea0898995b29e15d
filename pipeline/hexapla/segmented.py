"""Inputs that are segmented already: one segment a line."""

from __future__ import annotations

from pathlib import Path

from hexapla_corpora.decode import decode_text
from hexapla_corpora.document import Block, BlockKind, Document, Origin
from hexapla_corpora.errors import EmptyDocument
from hexapla_corpora.languages import detect_language, normalise_tag
from hexapla_corpora.read import read_bytes


def read_segmented(path: Path, language: str | None = None) -> Document:
    """Read a file of one segment a line as a document of one block a line.

    Args:
        path: a text file.
        language: BCP 47 tag; detected if None.

    Returns:
        The document; an empty line is a block without text, so that lines keep their numbers.

    Raises:
        EmptyDocument: no line holds text.
    """
    lines = decode_text(read_bytes(path), path).split("\n")
    if lines and not lines[-1].strip():
        lines.pop()
    texts = [" ".join(line.split(" ")).strip() for line in lines]
    if not any(texts):
        raise EmptyDocument(f"{path} holds no text: there is nothing to align in it.")
    tag = normalise_tag(language) if language else detect_language("\n".join(texts))
    blocks = tuple(
        Block(BlockKind.PLAIN, text, origin=Origin(line=number)) for number, text in enumerate(texts, 1)
    )
    return Document(tag, blocks, path=path)
