"""The door for XML that others wrote: nothing is loaded from elsewhere, and nothing in it grows beyond bounds.

No entity is expanded, no DTD loaded and no address opened, and a file that declares entities is refused: billion
laughs, quadratic blow-up and external entities (OWASP, XML External Entity Prevention). Depth (256 elements), length of
a text and of an attribute (10 million characters) have the bounds of libxml2; what stands between two elements that are
asked for has one of its own, so that a file of any size needs the space of one element.
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
"""Bytes that may stand between the ends of two elements that are asked for."""
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
    """A stream that ends with an error when too much is read without a pause.

    Args:
        stream: the bytes.
        path: the file, for messages.
    """

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path, self._read = stream, path, 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._stream.read(size)
        self._read += len(data)
        if self._read > MAXIMUM_BETWEEN:
            raise InputError(
                f"{self._path}: {self._read:,} bytes without the end of a unit, more than the {MAXIMUM_BETWEEN:,} that "
                "one may have: check that the file is what it says it is."
            )
        return data

    @property
    def is_empty(self) -> bool:
        """Whether nothing was there to read."""
        return self._read == 0

    def pause(self) -> None:
        """Allow as much again."""
        self._read = 0


def root_of(stream: BinaryIO, path: Path) -> _Element:
    """The root element of a file, with its attributes alone.

    Args:
        stream: of the file, at its beginning; it can be set back there.
        path: the file, for messages.

    Returns:
        The element.

    Raises:
        InputError: this is not XML, or it declares entities.
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
            f"{path}, line {error.lineno}: this is no XML ({error.msg}); export it again."
        ) from error
    raise InputError(f"{path}: there is no element in it; export it again.")


def elements(stream: BinaryIO, path: Path, tags: Sequence[str]) -> Iterator[_Element]:
    """The elements of some names, each when its end is read; what was read before it is forgotten.

    Args:
        stream: of the file, at its beginning.
        path: the file, for messages.
        tags: names of the elements, none of which is inside another.

    Yields:
        _Element: whole until the next one is asked for.

    Raises:
        InputError: too much stands between two of them.
        lxml.etree.XMLSyntaxError: the file is not well-formed from here on.
    """
    bounded = _Bounded(stream, path)
    events = etree.iterparse(cast(BinaryIO, bounded), ("end",), tag=tags, **cast(Any, _PARSING))
    for _, element in events:
        bounded.pause()
        yield element
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while parent[0] is not element:
                del parent[0]


def parse_element(xml: str) -> _Element:
    """An element of a text.

    Args:
        xml: one element.

    Returns:
        The element.

    Raises:
        lxml.etree.XMLSyntaxError: the text is no XML.
    """
    return etree.fromstring(xml, _FRAGMENTS)


def parse_fragment(xml: str) -> _Element | None:
    """An element of a text; None if the text is no XML.

    Args:
        xml: one element.

    Returns:
        The element.
    """
    try:
        return parse_element(xml)
    except (etree.XMLSyntaxError, ValueError):
        return None


def read_tree(data: bytes, path: Path) -> etree._ElementTree:
    """A whole file, to be changed and written again: its comments and processing instructions stay.

    Args:
        data: the file.
        path: its name, for messages.

    Returns:
        Its content; a named character that it does not declare is a node of its own.

    Raises:
        InputError: this is not XML, or it declares entities.
    """
    try:
        root = etree.fromstring(data, etree.XMLParser(**cast(Any, _PARSING | _KEEPING)))
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"{path}, line {error.lineno or 1}: this is no XML ({error.msg}); export it again."
        ) from error
    _refuse_entities(root, path)
    return root.getroottree()


def encoding_of(stream: BinaryIO) -> str:
    """Name of the encoding of an XML file, as Python knows it (XML 1.0, appendix F).

    Args:
        stream: of the file, at its beginning, to which it is set back.

    Returns:
        The name; a byte order mark is no part of the text that it decodes to.
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
    """What is wrong with a text that is no XML, without the lines, which are not those of the file if it is a part."""
    return _LINES.sub("", str(error.msg))


def _refuse_entities(root: _Element, path: Path) -> None:
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise InputError(
            f"{path}: it declares entities, which can hide other files or fill the memory; export it again with the "
            "characters themselves."
        )
