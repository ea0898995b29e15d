"""Detection of file formats by content."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from PIL import Image

from hexapla_corpora.errors import UnknownFormat, UnreadableDocument
from hexapla_corpora.file_formats import Format, detect_format
from support_texts import LONG

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("The Committee,")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def _png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("part", ["word/document2.xml", "Word/Document.xml"])
def test_docx_whose_main_part_has_another_name(part: str) -> None:
    """Some programs number the main part of a Word document, or capitalise its name."""
    assert detect_format(_zip(part), Path("a.docx")) is Format.DOCX


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a"])
def test_docx_by_content(name: str) -> None:
    """A Word document is recognised with any known suffix."""
    assert detect_format(_docx(), Path(name)) is Format.DOCX


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (b"%PDF-1.7\n", "a.txt", Format.PDF),
        (b"\r\n%PDF-1.4\n", "a.pdf", Format.PDF),
        (b"<!DOCTYPE html><p>x</p>", "a.txt", Format.HTML),
        (b'\xef\xbb\xbf <?xml version="1.0"?><!DOCTYPE html><html><p>x</html>', "a.html", Format.HTML),
        ("<html><p>x</p></html>".encode("utf-16"), "a.htm", Format.HTML),
        (b"<p>one</p><p>two</p>", "a", Format.HTML),
        (b"text <p>with tags", "a.html", Format.HTML),
        (b"plain text called HTML", "a.html", Format.TEXT),
        (b"<div>\n\n# Title\n\n</div>", "a.md", Format.MARKDOWN),
        (b"plain", "a.md", Format.MARKDOWN),
        (b"plain", "a.MARKDOWN", Format.MARKDOWN),
        (b"# Title\n\n1. **Welcomes** the report;\n", "a.txt", Format.MARKDOWN),
        (b"1. Welcomes the report*\n\n# 5\n\n* note\n", "a.txt", Format.TEXT),
        (LONG["zh"].encode("gb18030"), "a.txt", Format.TEXT),
        (LONG["ru"].encode("utf-16"), "a", Format.TEXT),
    ],
)
def test_text_formats(data: bytes, name: str, found: Format) -> None:
    """HTML and Markdown are recognised by their markup in every encoding; the suffix helps if there is little."""
    assert detect_format(data, Path(name)) is found


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (_png(), "scan.docx", "a picture.*OCR"),
        (b"\xff\xd8\xff\xe0", "scan.txt", "a picture"),
        (OLE, "old.doc", r"\.doc\).*save it as \.docx"),
        (b"{\\rtf1 text}", "a.txt", "an RTF file"),
        (_zip("xl/workbook.xml"), "a.docx", "an Excel workbook"),
        (_zip("ppt/presentation.xml"), "a.docx", "a PowerPoint"),
        (_zip("mimetype", "content.xml"), "a.odt", "an OpenDocument file"),
        (_zip("META-INF/container.xml", "content.xml"), "a.docx", "an EPUB"),
        (_zip("readme.txt"), "a.docx", "a zip archive without a Word document"),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">',
            "a.txt",
            "XML file .<tmx>",
        ),
        (b"plain text", "a.rst", "unknown suffix '.rst'.*Its content is text: rename it"),
        (b"plain text", "a.csv", r"known are \.docx \.pdf"),
        (_docx(), "a.docm", "unknown suffix '.docm'"),
    ],
)
def test_unknown_formats(data: bytes, name: str, message: str) -> None:
    """For unsupported content, the message names the format and says what to do."""
    with pytest.raises(UnknownFormat, match=f"{name}.*{message}"):
        detect_format(data, Path(name))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_docx()[:3000], "truncated or damaged"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    ],
)
def test_unreadable_word_documents(data: bytes, message: str) -> None:
    """Truncated and password-protected Word documents are distinguished from unknown formats."""
    with pytest.raises(UnreadableDocument, match=f"a.docx.*{message}"):
        detect_format(data, Path("a.docx"))
