"""The door to documents: any file to a Document."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path

from hexapla_corpora.document import Document, Paragraph
from hexapla_corpora.errors import EmptyDocument, UnknownLanguage, UnreadableDocument
from hexapla_corpora.file_formats import Format, detect_format
from hexapla_corpora.languages import detect_language, normalise_tag, other_language

SIZE_LIMIT = 100_000_000  # bytes; the longest United Nations reports are below 20 MB with all their pictures
LENGTH_LIMIT = 100_000  # characters of a paragraph, 15,000 words: far more than anybody writes in one


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

    declared = None if language is None else declared_language(language, path)
    data = read_bytes(path)
    paragraphs = read_paragraphs(data, path, detect_format(data, path))
    check_lengths((paragraph.text for paragraph in paragraphs), path)
    if not paragraphs:
        raise EmptyDocument(f"{path} holds no text: there is nothing to align in it.")
    tag, warnings = choose_language("\n".join(paragraph.text for paragraph in paragraphs), path, declared)
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
            raise UnreadableDocument(
                f"{path} is a directory: name a document in it."
                if path.is_dir()
                else f"{path} is a pipe or device: save its content as a file and name that."
            )
        if size > SIZE_LIMIT:
            raise UnreadableDocument(
                f"{path} has {size / 1e6:,.0f} MB, above the limit of {SIZE_LIMIT / 1e6:,.0f} MB: split it."
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        link = f" is a link to {path.readlink()}, which" if path.is_symlink() else ""
        raise UnreadableDocument(f"{path}{link} does not exist: check the name.") from error
    except OSError as error:
        raise UnreadableDocument(
            f"{path} cannot be read ({error.strerror}): check its name and permissions."
        ) from error
    if not data:
        raise EmptyDocument(f"{path} is empty: there is nothing to align in it. Get or save it again.")
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


def check_lengths(texts: Iterable[str], path: Path) -> None:
    """Refuse a text that is not written in paragraphs: sentences inside one take space by their square.

    Args:
        texts: paragraphs or lines.
        path: the file, for messages.

    Raises:
        UnreadableDocument: one of them has more than 100,000 characters.
    """
    longest = max(map(len, texts), default=0)
    if longest > LENGTH_LIMIT:
        raise UnreadableDocument(
            f"{path} has a paragraph of {longest:,} characters, above the limit of {LENGTH_LIMIT:,}: "
            "break it into paragraphs."
        )


def declared_language(language: str, path: Path) -> str:
    """Check the tag that a file was given.

    Args:
        language: the tag.
        path: the file, for messages.

    Returns:
        The tag without white space around.

    Raises:
        UnknownLanguage: it is not BCP 47.
    """
    try:
        return normalise_tag(language)
    except UnknownLanguage as error:
        raise UnknownLanguage(f"{path}: {error}") from error


def choose_language(text: str, path: Path, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """Find the language to go by.

    Args:
        text: the text of the whole document.
        path: the file, for messages.
        declared: the tag it was given, or None.

    Returns:
        The tag that was said, or else the detected one, and a warning if the text is surely in another than
        was said.

    Raises:
        UnknownLanguage: none was said, and none can be told.
    """
    if declared is not None:
        found = other_language(text, declared)
        return declared, (
            f"{path} was said to be in {declared}, but its text is in {found}.",
        ) if found else ()
    try:
        return detect_language(text), ()
    except UnknownLanguage as error:
        raise UnknownLanguage(f"{path}: {error}. Say it as LANG=FILE, such as en={path}.") from error
