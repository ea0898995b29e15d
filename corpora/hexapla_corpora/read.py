"""Entry point of this package: reads any supported file as a Document."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path

from hexapla_corpora.document import Document, Paragraph
from hexapla_corpora.errors import EmptyDocument, UnknownLanguage, UnreadableDocument
from hexapla_corpora.file_formats import Format, detect_format
from hexapla_corpora.languages import detect_language, normalise_tag, other_language

SIZE_LIMIT = 100_000_000  # bytes; even long United Nations reports with pictures are below 20 MB
LENGTH_LIMIT = 100_000  # characters in a paragraph, about 15,000 words: far more than any real paragraph has


def read_document(path: Path, language: str | None = None) -> Document:
    """Read a .docx, .pdf, .html, .md or .txt file into blocks.

    Args:
        path: the file; its format is detected from its content.
        language: BCP 47 tag; detected if None.

    Returns:
        The document, with a warning if its text is not in the declared language.

    Raises:
        EmptyDocument: it contains no text; other kinds of DocumentError come from the steps.
    """
    from hexapla_corpora.structure import recognise

    declared = None if language is None else declared_language(language, path)
    data = read_bytes(path)
    paragraphs = read_paragraphs(data, path, detect_format(data, path))
    check_lengths((paragraph.text for paragraph in paragraphs), path)
    if not paragraphs:
        raise EmptyDocument(
            f"{path} holds no text, so there is nothing to align. Check that it is the right file."
        )
    tag, warnings = choose_language("\n".join(paragraph.text for paragraph in paragraphs), path, declared)
    structure = recognise(paragraphs, tag)
    if not structure.blocks:
        raise EmptyDocument(
            f"{path} holds no text except page headers and footers, so there is nothing to align. "
            "Check that it is the right file."
        )
    return Document(tag, tuple(structure.blocks), structure.symbol, structure.title, path, warnings)


def read_bytes(path: Path) -> bytes:
    """Read a regular file that is neither empty nor too large.

    Args:
        path: the file.

    Returns:
        Its content.

    Raises:
        UnreadableDocument: it is missing, a folder, not readable, or larger than 100 MB.
        EmptyDocument: it has no content.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableDocument(
                f"{path} is a folder: name a document in it."
                if path.is_dir()
                else f"{path} is a pipe or device: save its content as a file and give that file."
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
        raise EmptyDocument(f"{path} is empty, so there is nothing to align. Download or save it again.")
    return data


def read_paragraphs(data: bytes, path: Path, document_format: Format) -> list[Paragraph]:
    """Read the paragraphs of a file with the reader for its format, which is imported only when needed.

    Args:
        data: the whole file.
        path: its name, for messages.
        document_format: its format.

    Returns:
        Its paragraphs in reading order.
    """
    reader = importlib.import_module(f"hexapla_corpora.readers.{document_format}")
    paragraphs: list[Paragraph] = reader.read_paragraphs(data, path)
    return paragraphs


def check_lengths(texts: Iterable[str], path: Path) -> None:
    """Refuse a text without paragraph breaks, because memory use grows with the square of a paragraph's length.

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
            "break it into shorter paragraphs."
        )


def declared_language(language: str, path: Path) -> str:
    """Check the language tag given for a file.

    Args:
        language: the tag.
        path: the file, for messages.

    Returns:
        The tag without surrounding white space.

    Raises:
        UnknownLanguage: it is not BCP 47.
    """
    try:
        return normalise_tag(language)
    except UnknownLanguage as error:
        raise UnknownLanguage(f"{path}: {error}") from error


def choose_language(text: str, path: Path, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """Choose the language of a document.

    Args:
        text: the text of the whole document.
        path: the file, for messages.
        declared: the tag given by the user, or None.

    Returns:
        The declared tag, or else the detected one, and a warning if the text is clearly not in the declared
        language.

    Raises:
        UnknownLanguage: none was declared, and none can be detected.
    """
    if declared is not None:
        found = other_language(text, declared)
        warning = f"{path} was declared as {declared}, but its text is in {found}."
        return declared, (warning,) if found else ()
    try:
        return detect_language(text), ()
    except UnknownLanguage as error:
        raise UnknownLanguage(
            f"{path}: {error}. Give the language as LANG=FILE, such as en={path}."
        ) from error
