"""Names in XLIFF: versions, namespaces, and the name of hexapla as a tool."""

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
    """Versions of XLIFF that can be written."""

    V1_2 = "1.2"
    V2_1 = "2.1"


def local(element: _Element) -> str:
    """Return the name of an element without its namespace; empty for comments, processing instructions and entities."""
    return QName(element).localname if isinstance(element.tag, str) else ""


def qualified(element: _Element, name: str) -> str:
    """Return a name qualified with the namespace of an element."""
    namespace = QName(element).namespace
    return f"{{{namespace}}}{name}" if namespace else name


def line_of(element: _Element) -> int | None:
    """Return the line of the file in which an element begins, or None if it was not read from a file."""
    line: int | None = element.sourceline  # type: ignore[assignment]
    return line
