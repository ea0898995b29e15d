"""Reader of units from TMX files of any version and tool; `hexapla.formats.tmx.inline_codes` says what is kept.

Standard: TMX 1.4b (GALA/LISA OSCAR, 2005-04-26), and lang instead of xml:lang as in TMX 1.1. The file is read as a
stream.
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
    """Read the units of a TMX file that is plain, compressed with gzip, or the only one in a zip archive.

    Variants without text are left out, so a unit may have fewer than two languages. Of several variants in one
    language, the first belongs to the unit, and each of the others makes a further unit.

    Args:
        path: the file.
        skip: called with each unit that cannot be read; an exception that it raises ends the reading.

    Yields:
        Unit: a unit, in the order of the file.

    Raises:
        InputError: the file is not a TMX file, or is unsafe.
    """
    with open_packed(path, _SUFFIX) as stream:
        yield from _TmxReader(path, skip).units(stream)


class _Misplaced(Exception):
    """A unit is in an element other than body: the end tag of an earlier element is missing."""


class _TmxReader:
    """The state of reading a file.

    Args:
        path: the file.
        skip: called with each unit that cannot be read.
    """

    def __init__(self, path: Path, skip: Skip) -> None:
        self._path, self._skip = path, skip
        self._maker: UnitMaker | None = None
        self._count = 0

    def units(self, stream: BinaryIO) -> Iterator[Unit]:
        """Yield the units of the file."""
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
            raise InputError(f"{self._path}: the file has no header; export it again.")

    def _units_of(self, element: _Element, line: int | None = None) -> Sequence[Unit]:
        """Return the units of a tu, or none for a header; `line` overrides the line that the parser gives."""
        if element.tag == "header":
            self._maker = UnitMaker(dict(element.items()), self._path)  # type: ignore[arg-type]
            return ()
        if self._maker is None:
            line = line_of(element)
            raise InputError(
                f"{self._path}, line {line}: there is a unit before the header; export the file again."
            )
        self._count += 1
        try:
            return self._maker.units(element)
        except ValueError as error:
            self._report(line or line_of(element), element.get("tuid"), str(error))
            return ()

    def _repaired(self, stream: BinaryIO, error: etree.XMLSyntaxError | _Misplaced) -> Iterator[Unit]:
        """Yield the units that can be read after the place where the file stops being well-formed."""
        line, reason = None, "a unit is in an element other than body"
        if isinstance(error, etree.XMLSyntaxError):
            line, reason = error.lineno, reason_of(error)
        if self._maker is None:
            raise InputError(
                f"{self._path}, line {line}: not well-formed XML before the first unit ({reason}); export the file "
                "again."
            )
        sound = True
        for found in units_after(stream, encoding_of(stream), self._count, self._path):
            if isinstance(found, BrokenUnit):
                sound = False
                self._count += 1
                self._report(found.line, found.tuid, found.reason)
            else:
                yield from self._units_of(found[1], found[0])
        if sound:
            self._skip(
                UnitProblem(self._path, line, None, f"not well-formed XML outside the units ({reason})")
            )

    def _report(self, line: int, tuid: str | None, reason: str) -> None:
        name = f"{self._count} ({tuid})" if tuid else str(self._count)
        self._skip(UnitProblem(self._path, line, name, reason))
