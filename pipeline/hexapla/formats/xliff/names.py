"""Names of XLIFF: versions, namespaces, and what hexapla calls itself in it."""

from __future__ import annotations

from enum import StrEnum

from lxml.etree import QName, _Element

XLIFF_1, XLIFF_2 = "urn:oasis:names:tc:xliff:document:1.2", "urn:oasis:names:tc:xliff:document:2.0"
MATCHES = "urn:oasis:names:tc:xliff:matches:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
SUFFIXES = (".xlf", ".xliff")
TOOL = "hexapla"


class XliffVersion(StrEnum):
    """Versions of XLIFF that are written."""

    V1_2 = "1.2"
    V2_1 = "2.1"


def local(element: _Element) -> str:
    """Name of an element without its namespace; empty for a comment, a processing instruction or an entity."""
    return QName(element).localname if isinstance(element.tag, str) else ""


def qualified(element: _Element, name: str) -> str:
    """A name in the namespace of an element."""
    space = QName(element).namespace
    return f"{{{space}}}{name}" if space else name


def line_of(element: _Element) -> int | None:
    """The line of the file in which an element begins; None if it was not read from one."""
    line: int | None = element.sourceline  # type: ignore[assignment]
    return line
