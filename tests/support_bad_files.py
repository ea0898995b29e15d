"""Files that cannot be read, each bad in the way that its name says, and the messages about them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import docx
from PIL import Image

from support_cli import FRENCH

_SCRIPTS = "<!doctype html><html><body><script>let a = 'Decides to remain seized';</script></body></html>"


def _encrypted_pdf() -> bytes:
    """Make a password-protected PDF (PDF 32000-1, 7.6.3) with one empty page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>",
    )
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def write_bad_file(path: Path) -> None:
    """Write the file that is bad in the way its name says."""
    match path.stem:
        case "missing":
            pass
        case "directory":
            path.mkdir()
        case "link":
            path.symlink_to("nowhere.md")
        case "pipe":
            os.mkfifo(path)
        case "scanned":
            Image.new("RGB", (90, 90), "white").save(path)
        case "picture":
            Image.new("RGB", (4, 4)).save(path, "PNG")
        case "large":
            with path.open("wb") as file:  # sparse: takes no space on disk
                file.truncate(200_000_000)
        case "truncated":
            docx.Document().save(str(path))
            path.write_bytes(path.read_bytes()[:9000])
        case "bomb":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("word/document.xml", bytes(60_000_000))
        case name:
            path.write_bytes(_CONTENTS[name])


_CONTENTS = {
    "empty": b"",
    "blank": b" \n\t\n \n",
    "encrypted": _encrypted_pdf(),
    "suffix": FRENCH.encode(),
    "oneline": b"Noter les niveaux. " * 20_000,
    "word": b"x" * 300_000,
    "nul": FRENCH[:80].encode() + b"\0\0" + FRENCH[80:].encode(),
    "scripts": _SCRIPTS.encode(),
    "frontmatter": b"---\ntitle: Navires\n---\n",
}
BAD_FILES = [  # names, and words of their messages
    ("missing.md", "does not exist: check the name"),
    ("empty.md", "is empty"),
    ("blank.txt", "holds no text"),
    ("directory.md", "is a folder: name a document in it"),
    ("link.md", "is a link to nowhere.md, which does not exist"),
    ("pipe.txt", "is a pipe or device: save its content as a file"),
    ("encrypted.pdf", "encrypted with a password. Save a copy without"),
    ("scanned.pdf", "optical character recognition"),
    ("truncated.docx", "truncated or damaged .docx"),
    ("bomb.docx", "zip bomb"),
    ("picture.docx", "is a picture: run text recognition"),
    ("suffix.rst", "unknown suffix '.rst'; known are .docx .pdf"),
    ("large.txt", "has 200 MB, above the limit of 100 MB: split it"),
    ("oneline.txt", "a paragraph of 379,999 characters, above the limit of 100,000: break it"),
    ("word.md", "a paragraph of 300,000 characters"),
    ("nul.txt", "is not text: it holds NUL bytes"),
    ("scripts.html", "holds no text"),
    ("frontmatter.md", "holds no text"),
]
