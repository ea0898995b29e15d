"""The door to documents: any file to a Document."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from hexapla_corpora.document import Document, Paragraph
from hexapla_corpora.errors import EmptyDocument, UnknownLanguage, UnreadableDocument
from hexapla_corpora.languages import detect_language, normalise_tag, other_language
from hexapla_corpora.sniff import Format, sniff

SIZE_LIMIT = 100_000_000  # bytes; the longest United Nations reports are below 20 MB with all their pictures


def read_document(path: Path, language: str | None = None) -> Document:
    """Read a .docx, .pdf, .html, .md or .txt file into blocks.

    Args:
        path: the file; its format is told by its content.
        language: BCP 47 tag; detected if None.

    Returns:
        The document, with a warning in it if its text is in another language than was said.

    Raises:
        EmptyDocument: no text in it; other DocumentErrors come from the steps.
    """
    from hexapla_corpora.structure import recognise

    said = None if language is None else _said(language, path)
    data = read_bytes(path)
    paragraphs = read_paragraphs(data, path, sniff(data, path))
    if not paragraphs:
        raise EmptyDocument(f"{path} holds no text: there is nothing to align in it.")
    tag, warnings = _language(paragraphs, path, said)
    structure = recognise(paragraphs, tag)
    if not structure.blocks:
        raise EmptyDocument(
            f"{path} holds no text but page headers and footers: there is nothing to align in it."
        )
    return Document(tag, tuple(structure.blocks), structure.symbol, structure.title, path, warnings)


def read_bytes(path: Path) -> bytes:
    """Read a file that is a file, not empty and not too large, or say which of these it is not.

    Args:
        path: the file.

    Returns:
        Its content.

    Raises:
        UnreadableDocument: missing, a directory, no permission or larger than 100 MB.
        EmptyDocument: no byte in it.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            kind = "a directory" if path.is_dir() else "not a regular file"
            raise UnreadableDocument(
                f"{path} is {kind}: name a document in it." if path.is_dir() else f"{path} is {kind}."
            )
        if size > SIZE_LIMIT:
            raise UnreadableDocument(
                f"{path} has {size / 1e6:,.0f} MB, above the limit of {SIZE_LIMIT / 1e6:,.0f} MB: split it."
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableDocument(f"{path} does not exist: check the name.") from error
    except OSError as error:
        raise UnreadableDocument(f"{path} cannot be read: {error.strerror}.") from error
    if not data:
        raise EmptyDocument(f"{path} is empty.")
    return data


def read_paragraphs(data: bytes, path: Path, document_format: Format) -> list[Paragraph]:
    """Read the paragraphs of a file by the reader of its format, which is imported only now.

    Args:
        data: the whole file.
        path: its name, for messages.
        document_format: what it is.

    Returns:
        Its paragraphs in reading order.
    """
    reader = importlib.import_module(f"hexapla_corpora.readers.{document_format}")
    paragraphs: list[Paragraph] = reader.read_paragraphs(data, path)
    return paragraphs


def _said(language: str, path: Path) -> str:
    try:
        return normalise_tag(language)
    except UnknownLanguage as error:
        raise UnknownLanguage(f"{path}: {error}") from error


def _language(paragraphs: Sequence[Paragraph], path: Path, said: str | None) -> tuple[str, tuple[str, ...]]:
    """Find the language to go by, and a warning if the text is in another than was said."""
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    if said is not None:
        found = other_language(text, said)
        return said, (f"{path} was said to be in {said}, but its text is in {found}.",) if found else ()
    try:
        return detect_language(text), ()
    except UnknownLanguage as error:
        raise UnknownLanguage(f"{path}: {error}. Say it: LANG={path.name}") from error
