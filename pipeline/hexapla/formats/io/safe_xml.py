"""Untrusted XML: nothing is loaded from elsewhere, and nothing grows without limit.

No entity is expanded, no DTD loaded and no address opened, and a file that declares entities is refused: this rules out
billion laughs, quadratic blow-up and external entities (OWASP, XML External Entity Prevention). The limits of libxml2
apply to depth (256 elements) and to the length of a text or attribute (10 million characters). The data between two
requested elements has a limit too, so that a file of any size needs the memory of one element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree
from lxml.etree import _Element

from hexapla.errors import InputError

MAXIMUM_BETWEEN = 64_000_000
"""Bytes that may lie between the ends of two requested elements."""
_PARSING = {
    "load_dtd": False,
    "no_network": True,
    "resolve_entities": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_KEEPING = {"remove_comments": False, "remove_pis": False, "strip_cdata": False}
_FRAGMENTS = etree.XMLParser(**cast(Any, _PARSING))
_DECLARATION = 1000  # bytes in which it ends
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)""")
_LINES = re.compile(r",? line \d+(?:, column \d+)?")
_WIDE = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be", b"<\0t\0": "utf-16-le", b"\0<\0t": "utf-16-be"}


class _Bounded:
    """A stream that fails when too much is read from it without a reset.

    Args:
        stream: the bytes.
        path: the file, for messages.
    """

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path, self._read = stream, path, 0

    def read(self, size: int = -1) -> bytes:
        """Read the next bytes."""
        data = self._stream.read(size)
        self._read += len(data)
        if self._read > MAXIMUM_BETWEEN:
            raise InputError(
                f"{self._path}: {self._read:,} bytes without the end of a unit, more than the {MAXIMUM_BETWEEN:,} that "
                "a unit may have: check that the file is really in this format."
            )
        return data

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to read."""
        return self._read == 0

    def reset(self) -> None:
        """Start counting from 0 again."""
        self._read = 0


def root_of(stream: BinaryIO, path: Path) -> _Element:
    """Return the root element of a file, with its attributes but without its content.

    Args:
        stream: the file, at its beginning; it must be seekable.
        path: its path, for messages.

    Returns:
        The element.

    Raises:
        InputError: the file is not XML, or declares entities.
    """
    bounded = _Bounded(stream, path)
    try:
        for _, element in etree.iterparse(cast(BinaryIO, bounded), ("start",), **cast(Any, _PARSING)):
            root: _Element = element
            _refuse_entities(root, path)
            return root
    except etree.XMLSyntaxError as error:
        if bounded.is_empty:
            raise InputError(f"{path}: the file is empty; export it again.") from error
        raise InputError(
            f"{path}, line {error.lineno}: not well-formed XML ({error.msg}); export the file again."
        ) from error
    raise InputError(f"{path}: it contains no element; export the file again.")


def elements(stream: BinaryIO, path: Path, tags: Sequence[str]) -> Iterator[_Element]:
    """Yield the elements with certain names, each when its end is read; everything read before it is dropped.

    Args:
        stream: the file, at its beginning.
        path: its path, for messages.
        tags: names of the elements, which must not be nested.

    Yields:
        _Element: complete until the next element is requested.

    Raises:
        InputError: there is too much data between two elements.
        lxml.etree.XMLSyntaxError: the file is not well-formed from here on.
    """
    bounded = _Bounded(stream, path)
    events = etree.iterparse(cast(BinaryIO, bounded), ("end",), tag=tags, **cast(Any, _PARSING))
    for _, element in events:
        bounded.reset()
        yield element
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while parent[0] is not element:
                del parent[0]


def parse_element(xml: str) -> _Element:
    """Parse the XML of an element.

    Args:
        xml: the text of one element.

    Returns:
        The element.

    Raises:
        lxml.etree.XMLSyntaxError: the text is not well-formed XML.
    """
    return etree.fromstring(xml, _FRAGMENTS)


def parse_fragment(xml: str) -> _Element | None:
    """Parse the XML of an element, which may be malformed.

    Args:
        xml: the text of one element.

    Returns:
        The element, or None if the text is not well-formed XML.
    """
    try:
        return parse_element(xml)
    except (etree.XMLSyntaxError, ValueError):
        return None


def read_tree(data: bytes, path: Path) -> etree._ElementTree:
    """Parse a whole file that is to be changed and written again: comments and processing instructions are kept.

    Args:
        data: the file.
        path: its path, for messages.

    Returns:
        The tree; a reference to an undeclared entity is a separate node.

    Raises:
        InputError: the file is not XML, or declares entities.
    """
    try:
        root = etree.fromstring(data, etree.XMLParser(**cast(Any, _PARSING | _KEEPING)))
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"{path}, line {error.lineno or 1}: not well-formed XML ({error.msg}); export the file again."
        ) from error
    _refuse_entities(root, path)
    return root.getroottree()


def encoding_of(stream: BinaryIO) -> str:
    """Return Python's name for the encoding of an XML file (XML 1.0, appendix F).

    Args:
        stream: the file, at its beginning, where it is left again.

    Returns:
        The name; decoding removes a byte order mark.
    """
    start = stream.read(_DECLARATION)
    stream.seek(0)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if start[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    declared = _DECLARED.match(start)
    return _WIDE.get(start[:4]) or (declared[1].decode() if declared else "utf-8")


def reason_of(error: etree.XMLSyntaxError) -> str:
    """Return the message of an error without line numbers, which are wrong if only a part of the file was parsed."""
    return _LINES.sub("", str(error.msg))


def _refuse_entities(root: _Element, path: Path) -> None:
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise InputError(
            f"{path}: the file declares entities, which can include other files or exhaust memory; export it again "
            "with the characters themselves."
        )
