"""Detection of file formats by content; the suffix only helps to distinguish the text formats."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from hexapla_corpora.errors import UnknownFormat, UnreadableDocument


class Format(StrEnum):
    """A supported format; the value is the name of the reader's module."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"


_MAIN_PART = re.compile(r"word/document\d*\.xml", re.IGNORECASE)  # some programs add a number
SUFFIXES = (".docx", ".pdf", ".html", ".htm", ".md", ".markdown", ".txt")
HEAD = 1 << 16  # bytes examined to recognise a text format

_PICTURE = "a picture: run text recognition (OCR) on it, save the result as .docx or .txt"
_SIGNATURES = (
    (b"\x89PNG\r\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"{\\rtf", "an RTF file: open it in a word processor and save it as .docx"),
    (b"%!PS", "a PostScript file: convert it to .pdf"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode(
    "utf-16-le"
)  # [MS-OFFCRYPTO] 2.3.4.4: a password-protected .docx
_ZIP_MEMBERS = (
    ("xl/workbook", "an Excel workbook: save the text as .docx or .txt"),
    ("ppt/presentation", "a PowerPoint presentation: save the text as .docx or .txt"),
    ("META-INF/container.xml", "an EPUB book: save it as .docx or .html"),
    ("content.xml", "an OpenDocument file: open it in a word processor and save it as .docx"),
)

_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|div|body|h[1-6]|br|table|span|li|ul|ol|article|section)\b[^<>]*>", re.IGNORECASE)
_XML_ROOT = re.compile(r"<\?xml[^>]*>\s*(?:<!--.*?-->\s*|<![^>]*>\s*)*<([\w:.-]+)", re.DOTALL)
_MARKDOWN_MARKS = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"(?<![*\w])\*\*[^\s*][^*\n]*\*\*"),
    re.compile(r"\]\([^)\s]*\)"),
    re.compile(r"^\[\^[^\]]+\]:", re.MULTILINE),
    re.compile(r"^\|?(?: *:?-{3,}:? *\|)+", re.MULTILINE),
    re.compile(r"^```", re.MULTILINE),
)


def detect_format(data: bytes, path: Path) -> Format:
    """Detect the format of a file.

    Args:
        data: the whole file, not empty.
        path: its name, with a known suffix or none; .md and .html help where the content leaves doubt.

    Returns:
        The format of the content.

    Raises:
        UnknownFormat: no reader supports the content, or the suffix is unknown; the message says what the content
            is and what to do. The steps raise UnreadableDocument for a truncated or password-protected .docx.
    """
    if data.startswith(b"PK\x03\x04"):
        found = _detect_zip(data, path)
    elif b"%PDF-" in data[:1024]:  # PDF 32000-1, implementation note 13
        found = Format.PDF
    else:
        _refuse_known_binary(data, path)
        found = _detect_text(data[:HEAD].replace(b"\0", b"").decode("latin-1"), path)
    if path.suffix and path.suffix.lower() not in SUFFIXES:
        raise UnknownFormat(
            f"{path}: unknown suffix {path.suffix!r}; known are {' '.join(SUFFIXES)}. Its content is "
            f"{found}: rename it, or save it in one of these formats."
        )
    return found


def _detect_zip(data: bytes, path: Path) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableDocument(
            f"{path} is a truncated or damaged .docx or zip file ({error}). Download it again, or save "
            "it again as .docx."
        ) from error
    if any(map(_MAIN_PART.fullmatch, names)):
        return Format.DOCX
    for member, what in _ZIP_MEMBERS:
        if any(name.startswith(member) for name in names):
            raise UnknownFormat(f"{path} is {what}.")
    raise UnknownFormat(f"{path} is a zip archive without a Word document in it: unpack it first.")


def _refuse_known_binary(data: bytes, path: Path) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise UnreadableDocument(
                f"{path} is protected by a password: open it in Word and save it without one."
            )
        raise UnknownFormat(
            f"{path} is an old Word, Excel or PowerPoint file (.doc): open it and save it as .docx."
        )
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise UnknownFormat(f"{path} is {_PICTURE}.")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise UnknownFormat(f"{path} is {what}.")


def _detect_text(head: str, path: Path) -> Format:
    """Distinguish HTML, Markdown and text by ASCII characters, which all supported encodings share."""
    suffix = path.suffix.lower()
    start = re.sub(r"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*", "", head)
    if start.startswith("<") and _PAGE.search(start):
        return Format.HTML
    if root := _XML_ROOT.match(start):
        raise UnknownFormat(
            f"{path} is an XML file (<{root[1]}>): save the document as .docx, .html, .md or .txt."
        )
    tags = len(_TAG.findall(head))
    if (suffix in (".html", ".htm") and tags) or (
        suffix not in (".md", ".markdown") and start.startswith("<") and tags > 1
    ):
        return Format.HTML
    if suffix in (".md", ".markdown") or _is_markdown(head):
        return Format.MARKDOWN
    return Format.TEXT


def _is_markdown(head: str) -> bool:
    """Whether there is enough Markdown markup to rule out chance: two kinds of it, or three of one kind."""
    counts = [len(mark.findall(head)) for mark in _MARKDOWN_MARKS]
    return sum(count > 0 for count in counts) >= 2 or max(counts) >= 3
