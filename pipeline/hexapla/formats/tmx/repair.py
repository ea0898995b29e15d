"""Units of a malformed TMX file: cut out of its text one by one, so that a broken unit does not affect the others."""

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
_LONGEST = 14  # characters of a mark; that many at the end of the text may be the beginning of one
_CLOSING = {"<!--": "-->", "<![CDATA[": "]]>"}
_TUID = re.compile(r"""<tu[^>]*?\stuid\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NO_CHARACTER = "\uffff"  # replaces bytes that are invalid in the encoding; XML forbids this character
_ERRORS = "hexapla.no_character"

codecs.register_error(_ERRORS, lambda error: (_NO_CHARACTER, getattr(error, "end", 0)))


@dataclass(frozen=True, slots=True)
class BrokenUnit:
    """A unit that cannot be read.

    Attributes:
        line: the line in which it is broken.
        tuid: its tuid, or None.
        reason: what is wrong.
    """

    line: int
    tuid: str | None
    reason: str


def units_after(
    stream: BinaryIO, encoding: str, count: int, path: Path
) -> Iterator[BrokenUnit | tuple[int, _Element]]:
    """Yield the units of a file after the first ones.

    Args:
        stream: the file, at its beginning.
        encoding: encoding of its text.
        count: number of units to leave out at the beginning.
        path: path of the file, for messages.

    Yields:
        BrokenUnit | tuple[int, _Element]: a broken unit, or the line and element of a unit.

    Raises:
        InputError: a unit is too long, or Python does not know the encoding.
    """
    try:
        text = io.TextIOWrapper(stream, encoding, _ERRORS, newline="")
    except LookupError as error:
        raise InputError(f"{path}: its encoding {encoding} is unknown; export the file in UTF-8.") from error
    try:
        for line, xml in islice(_pieces(text, path), count, None):
            yield _parsed(line, xml, encoding)
    finally:
        text.detach()


def _pieces(text: io.TextIOBase, path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and XML of each unit, up to its end tag, the start of the next unit, or the end of the file."""
    cutter = _Cutter()
    while data := text.read(_CHUNK_CHARACTERS):
        yield from cutter.cut(data)
        if cutter.waiting > MAXIMUM_BETWEEN:
            raise InputError(
                f"{path}: a unit has no end within {cutter.waiting:,} characters; export the file again."
            )
    yield from cutter.rest()


class _Cutter:
    """Cuts units out of a text that arrives in parts; no character is examined twice, however long a unit is."""

    def __init__(self) -> None:
        self._rest, self._line = "", 1  # text that is not cut yet, and the line in which it begins
        self._seen = 0  # where the search goes on
        self._start: int | None = None  # start of the open unit
        self._closing = ""  # what ends the open comment or section

    @property
    def waiting(self) -> int:
        """Number of characters of the open unit."""
        return len(self._rest)

    def cut(self, data: str) -> Iterator[tuple[int, str]]:
        """Yield the line and XML of each unit that ends in the next part of the text."""
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

    def rest(self) -> Iterator[tuple[int, str]]:
        """Yield the last unit, if it has no end."""
        if self._start is not None:
            yield self._line_of(self._start), self._rest[self._start :]

    def _next(self) -> re.Match[str] | None:
        """Return the next mark that is not in a comment or section."""
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
        """Drop text that was cut, or that is outside units."""
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
