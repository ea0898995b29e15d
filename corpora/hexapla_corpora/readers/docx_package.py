"""The zip package of a Word file, opened safely: limited sizes, no entities, no network (ECMA-376 part 2)."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from lxml import etree
from lxml.etree import _Element

from hexapla_corpora.errors import UnreadableDocument
from hexapla_corpora.zip_limits import DAMAGE, MAXIMUM_ENTRIES, MAXIMUM_RATIO, unpacked_limit

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_TO_TRANSITIONAL = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_MAXIMUM_TOTAL = 2_000_000_000
_MAXIMUM_PART = 200_000_000
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED = (*DAMAGE, OSError, ValueError)
_Result = TypeVar("_Result")


class Package:
    """The parts of a Word file, parsed on demand; `document` is the name of the main part.

    Args:
        data: content of the file.
        path: the file, for messages.

    Raises:
        UnreadableDocument: the file is truncated, damaged, encrypted, too large when unpacked, or an old .doc.
    """

    def __init__(self, data: bytes, path: Path) -> None:
        self._path = path
        if data.startswith(_OLE_SIGNATURE):
            raise UnreadableDocument(_explain_ole(data, path))
        self._archive = self._report_damage(lambda: zipfile.ZipFile(io.BytesIO(data)))
        self._check_sizes()
        self._names = {name.lower(): name for name in self._archive.namelist()}
        main = self.related("", "officeDocument")
        self.document = main[0] if main else "word/document.xml"

    def part(self, name: str) -> _Element | None:
        """Parse a part and return its root element, or None if the package has no such part."""
        stored = self._names.get(name.lower())
        if stored is None:
            return None
        content = self._report_damage(lambda: self._archive.read(stored))
        for strict, transitional in _STRICT_TO_TRANSITIONAL:
            content = content.replace(strict, transitional)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(
                f"{self._path}: its part {name} is damaged XML ({error.msg}). Open the file in Word or "
                "LibreOffice, which can repair it, save it again and try the new file."
            ) from error

    def related(self, part: str, kind: str) -> Sequence[str]:
        """Return the names of the parts to which a part ("" for the package) has relationships of a kind."""
        return [
            self._resolve(part, relation)
            for relation in self._relations(part)
            if relation.get("Type", "").endswith("/" + kind) and relation.get("TargetMode") != "External"
        ]

    def target(self, part: str, identifier: str) -> str | None:
        """Return the name of the part that a relationship of a part points to, or None."""
        for relation in self._relations(part):
            if relation.get("Id") == identifier:
                return self._resolve(part, relation)
        return None

    def _relations(self, part: str) -> Sequence[_Element]:
        folder, name = posixpath.split(part)
        root = self.part(posixpath.join(folder, "_rels", name + ".rels"))
        return [] if root is None else [child for child in root if isinstance(child.tag, str)]

    @staticmethod
    def _resolve(part: str, relation: _Element) -> str:
        joined = posixpath.join("/", posixpath.dirname(part), relation.get("Target", ""))
        return posixpath.normpath(joined).lstrip("/")

    def _check_sizes(self) -> None:
        entries = self._archive.infolist()
        total = sum(entry.file_size for entry in entries)
        largest = max((entry.file_size for entry in entries if entry.filename.endswith(".xml")), default=0)
        bombs = [entry.filename for entry in entries if entry.file_size > unpacked_limit(entry.compress_size)]
        if len(entries) > MAXIMUM_ENTRIES or total > _MAXIMUM_TOTAL or largest > _MAXIMUM_PART or bombs:
            raise UnreadableDocument(
                f"{self._path}: it would unpack to {total:,} bytes in {len(entries):,} parts, far more than a "
                f"document needs (at most {_MAXIMUM_PART:,} bytes in a part and a compression ratio of "
                f"{MAXIMUM_RATIO}); it looks like a zip bomb. If you trust it, save it again from Word or split it."
            )

    def _report_damage(self, read: Callable[[], _Result]) -> _Result:
        try:
            return read()
        except _DAMAGED as error:
            raise UnreadableDocument(
                f"{self._path}: the Word file is truncated or damaged ({error}). Download or copy it again; "
                "Word or LibreOffice may be able to repair it."
            ) from error


def _explain_ole(data: bytes, path: Path) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return (
            f"{path}: the Word file is encrypted with a password. Open it in Word, remove the password "
            "(File > Info > Protect Document) and save it again."
        )
    return (
        f"{path}: this is a Word 97-2003 document (.doc), not .docx. Open it in Word or LibreOffice and "
        "save it as .docx."
    )
