"""Units of a TMX file that is not well-formed: cut out of its text one by one, so that a broken one spoils no other."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from lxml import etree
from lxml.etree import _Element

from hexapla.errors import InputError
from hexapla.formats.io.safe_xml import MAXIMUM_BETWEEN, parse_element, reason_of

_CHUNK_CHARACTERS = 1 << 16
_TU = "<tu"
_MARKS = re.compile(r"<!--|<!\[CDATA\[|<tu(?=[\s>/])|</tu\s{0,9}>")
_LONGEST = 14  # characters of a mark; so many at the end may be the beginning of one
_CLOSING = {"<!--": "-->", "<![CDATA[": "]]>"}
_TUID = re.compile(r"""<tu[^>]*?\stuid\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NO_CHARACTER = "\uffff"  # stands for bytes that the encoding does not have; no XML file may have it
_ERRORS = "hexapla.no_character"

codecs.register_error(_ERRORS, lambda error: (_NO_CHARACTER, getattr(error, "end", 0)))


@dataclass(frozen=True, slots=True)
class BrokenUnit:
    """A unit that cannot be read.

    Attributes:
        line: where it is broken.
        tuid: its identifier, or None.
        reason: what is wrong.
    """

    line: int
    tuid: str | None
    reason: str


def units_after(
    stream: BinaryIO, encoding: str, count: int, path: Path
) -> Iterator[BrokenUnit | tuple[int, _Element]]:
    """The units of a file behind the first ones.

    Args:
        stream: of the file, at its beginning.
        encoding: of its text.
        count: how many units come before.
        path: the file, for messages.

    Yields:
        BrokenUnit | tuple[int, _Element]: a unit that is broken, or its line and element.

    Raises:
        InputError: a unit has no end for too long, or Python does not know the encoding.
    """
    try:
        text = io.TextIOWrapper(stream, encoding, _ERRORS, newline="")
    except LookupError as error:
        raise InputError(f"{path}: its encoding {encoding} is not known; export it in UTF-8.") from error
    try:
        for line, xml in islice(_pieces(text, path), count, None):
            yield _parsed(line, xml, encoding)
    finally:
        text.detach()


def _pieces(text: io.TextIOBase, path: Path) -> Iterator[tuple[int, str]]:
    """Line and XML of each unit: up to its end, else to where the next one starts, or to the end of the file."""
    cutter = _Cutter()
    while data := text.read(_CHUNK_CHARACTERS):
        yield from cutter.cut(data)
        if cutter.waiting > MAXIMUM_BETWEEN:
            raise InputError(f"{path}: a unit has no end within {cutter.waiting:,} characters.")
    yield from cutter.left()


class _Cutter:
    """Cuts units out of a text that comes in parts; no character is looked at twice, however long a unit is."""

    def __init__(self) -> None:
        self._rest, self._line = "", 1  # what is not cut yet, and the line in which it begins
        self._seen = 0  # where to go on
        self._start: int | None = None  # of the unit that is open
        self._closing = ""  # what ends the comment or the section that is open

    @property
    def waiting(self) -> int:
        """Characters of the unit that is open."""
        return len(self._rest)

    def cut(self, data: str) -> Iterator[tuple[int, str]]:
        """Line and XML of each unit that ends in the next part of the text."""
        self._rest += data
        while mark := self._next():
            if mark[0] in _CLOSING:
                self._closing = _CLOSING[mark[0]]
            elif self._start is not None:
                end = mark.start() if mark[0] == _TU else mark.end()
                yield self._line_of(self._start), self._rest[self._start : end]
                self._forget(end)
            if mark[0] == _TU:
                self._start = self._seen - len(_TU)
        self._forget(self._seen if self._start is None else self._start)

    def left(self) -> Iterator[tuple[int, str]]:
        """The unit that has no end."""
        if self._start is not None:
            yield self._line_of(self._start), self._rest[self._start :]

    def _next(self) -> re.Match[str] | None:
        """The next mark that is not in a comment or section."""
        if self._closing:
            end = self._rest.find(self._closing, self._seen)
            if end < 0:
                self._seen = max(self._seen, len(self._rest) - len(self._closing) + 1)
                return None
            self._seen, self._closing = end + len(self._closing), ""
        found = _MARKS.search(self._rest, self._seen)
        self._seen = found.end() if found else max(self._seen, len(self._rest) - _LONGEST)
        return found

    def _line_of(self, place: int) -> int:
        return self._line + self._rest.count("\n", 0, place)

    def _forget(self, end: int) -> None:
        """Drop what was cut, or is outside of units."""
        self._line = self._line_of(end)
        self._rest, self._seen = self._rest[end:], self._seen - end
        self._start = None if self._start is None or self._start < end else self._start - end


def _parsed(line: int, xml: str, encoding: str) -> BrokenUnit | tuple[int, _Element]:
    named = _TUID.match(xml)
    tuid = named and (named[1] or named[2])
    if (place := xml.find(_NO_CHARACTER)) >= 0:
        return BrokenUnit(line + xml.count("\n", 0, place), tuid, f"it has bytes that are not {encoding}")
    try:
        return line, parse_element(xml.rstrip())
    except etree.XMLSyntaxError as error:
        return BrokenUnit(
            line + max((error.lineno or 1) - 1, 0), tuid, f"not well-formed XML ({reason_of(error)})"
        )
