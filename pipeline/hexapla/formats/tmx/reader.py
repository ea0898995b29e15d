"""Units of TMX files, of any version and tool; see `hexapla.formats.tmx.inline_codes` for what is kept of each.

Standard: TMX 1.4b (GALA/LISA OSCAR, 2005-04-26), with lang for xml:lang as in TMX 1.1. The file is read as a stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from lxml import etree
from lxml.etree import _Element

from hexapla.errors import InputError
from hexapla.formats.io.archives import open_packed
from hexapla.formats.io.safe_xml import elements, encoding_of, reason_of, root_of
from hexapla.formats.protocols import Skip, UnitProblem
from hexapla.formats.tmx.repair import BrokenUnit, units_after
from hexapla.formats.tmx.rules import line_of
from hexapla.formats.tmx.units import UnitMaker
from hexapla.units import Unit

_SUFFIX = ".tmx"


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read the units of a TMX file, plain, compressed by gzip, or the only one in a zip archive.

    A variant without text is left out, so that a unit may have less than two languages. Of several variants in one
    language the first is that of the unit, and each other one makes a further unit.

    Args:
        path: the file.
        skip: is told of each unit that cannot be read; what it raises ends the reading.

    Yields:
        Unit: in the order of the file.

    Raises:
        InputError: this is no TMX file, or an unsafe one.
    """
    with open_packed(path, _SUFFIX) as stream:
        yield from _TmxReader(path, skip).units(stream)


class _Misplaced(Exception):
    """A unit stands in another element than body: the end of one before it is missing."""


class _TmxReader:
    """The state of reading a file.

    Args:
        path: the file.
        skip: is told of units that cannot be read.
    """

    def __init__(self, path: Path, skip: Skip) -> None:
        self._path, self._skip = path, skip
        self._maker: UnitMaker | None = None
        self._count = 0

    def units(self, stream: BinaryIO) -> Iterator[Unit]:
        """The units of a file."""
        root = root_of(stream, self._path)
        if root.tag != "tmx":
            raise InputError(f"{self._path}: the root element is {root.tag}, not tmx; export it as TMX.")
        stream.seek(0)
        try:
            for element in elements(stream, self._path, ("header", "tu")):
                parent = element.getparent()
                if parent is not None and parent.tag not in ("body", "tmx"):
                    raise _Misplaced
                yield from self._units_of(element)
        except (etree.XMLSyntaxError, _Misplaced) as error:
            stream.seek(0)
            yield from self._repaired(stream, error)
        if self._maker is None:
            raise InputError(f"{self._path}: it has no header; export it again.")

    def _units_of(self, element: _Element, line: int | None = None) -> Sequence[Unit]:
        """The units of a tu, which begins in a line if that is not the one that the parser says; of a header none."""
        if element.tag == "header":
            self._maker = UnitMaker(dict(element.items()), self._path)  # type: ignore[arg-type]
            return ()
        if self._maker is None:
            line = line_of(element)
            raise InputError(f"{self._path}, line {line}: a unit stands before the header; export it again.")
        self._count += 1
        try:
            return self._maker.units(element)
        except ValueError as error:
            self._found(line or line_of(element), element.get("tuid"), str(error))
            return ()

    def _repaired(self, stream: BinaryIO, error: etree.XMLSyntaxError | _Misplaced) -> Iterator[Unit]:
        """The units that can be read behind a place where the file is no XML."""
        line, reason = None, "a unit is in another element than body"
        if isinstance(error, etree.XMLSyntaxError):
            line, reason = error.lineno, reason_of(error)
        if self._maker is None:
            raise InputError(
                f"{self._path}, line {line}: not well-formed XML before the first unit ({reason}); export it again."
            )
        sound = True
        for found in units_after(stream, encoding_of(stream), self._count, self._path):
            if isinstance(found, BrokenUnit):
                sound = False
                self._count += 1
                self._found(found.line, found.tuid, found.reason)
            else:
                yield from self._units_of(found[1], found[0])
        if sound:
            self._skip(
                UnitProblem(self._path, line, None, f"not well-formed XML outside of the units ({reason})")
            )

    def _found(self, line: int, tuid: str | None, reason: str) -> None:
        name = f"{self._count} ({tuid})" if tuid else str(self._count)
        self._skip(UnitProblem(self._path, line, name, reason))
