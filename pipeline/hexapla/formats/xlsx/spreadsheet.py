"""Cells of an untrusted .xlsx file (ECMA-376, Office Open XML), read as a stream within limits.

Libraries that read whole sheets allocate every cell between the first and the last one, so that a small file can
exhaust memory; and they return the saved result of a formula without saying that it is a formula.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from lxml import etree
from lxml.etree import _Element

from hexapla.errors import InputError
from hexapla.formats.io.archives import checked_zip
from hexapla.formats.io.safe_xml import elements, root_of
from hexapla.formats.xlsx.cells import Cell, CellKind, cell_of, column_of, text_of
from hexapla_corpora.zip_limits import DAMAGE

MAXIMUM_ROWS, MAXIMUM_COLUMNS = 1_048_576, 16_384
MAXIMUM_BYTES = 2**30
"""Bytes that the parts of a file may have in all when unpacked."""
_OLD = b"\xd0\xcf\x11\xe0"  # signature of the older format, and of files with a password
_CELL = re.compile("([A-Z]{1,3})[0-9]+")
_DAMAGED = (*DAMAGE, etree.XMLSyntaxError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet.

    Attributes:
        number: row number, counted from 1.
        cells: cells by column, counted from 0; empty cells are missing.
    """

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are merged into one.

    Attributes:
        range: the cells, such as A1:B2.
        first: number of the first row, counted from 1.
        last: number of the last row.
    """

    range: str
    first: int
    last: int


class Spreadsheet:
    """An .xlsx file, open.

    Args:
        path: the file.

    Raises:
        InputError: the file cannot be read, is damaged, or is too large.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._damage():
            self._file = path.open("rb")
        try:
            with self._damage():
                self._archive = self._checked()
        except InputError:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Return the file, which is closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._archive.close()
        self._file.close()

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """The part of the archive that holds each sheet, by the name of the sheet."""
        with self._damage():
            workbook = self._workbook
            targets = {identifier: target for identifier, _, target in self._relations(workbook)}
            return {
                sheet.get("name", ""): targets[_relation_of(sheet)]
                for sheet in self._elements(workbook, "sheet")
            }

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """Yield the rows of a sheet in their order; empty rows may be missing.

        Args:
            sheet: name of the sheet.

        Yields:
            SheetRow: a row.

        Raises:
            InputError: the file is damaged.
        """
        with self._damage():
            number = 0
            for element in self._elements(self.sheets[sheet], "row"):
                following = int(element.get("r", number + 1))
                if not number < following <= MAXIMUM_ROWS:
                    raise ValueError(f"row {following} after row {number}")
                number = following
                yield SheetRow(number, dict(self._cells(element)))

    def merged(self, sheet: str) -> Iterator[Merged]:
        """Yield the merged cells of a sheet.

        Args:
            sheet: name of the sheet.

        Yields:
            Merged: cells that are merged into one.

        Raises:
            InputError: the file is damaged.
        """
        with self._damage():
            for element in self._elements(self.sheets[sheet], "mergeCell"):
                cells = element.get("ref", "")
                rows = [int(number) for number in re.findall("[0-9]+", cells)]
                yield Merged(cells, min(rows), max(rows))

    @cached_property
    def _workbook(self) -> str:
        parts = [target for _, kind, target in self._relations("") if kind == "officeDocument"]
        return parts[0]

    @cached_property
    def _strings(self) -> list[str]:
        """The shared strings, to which cells refer by number."""
        parts = [target for _, kind, target in self._relations(self._workbook) if kind == "sharedStrings"]
        return [text_of(element) for part in parts for element in self._elements(part, "si")]

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Yield the identifier, type and target of each relationship of a part of the archive."""
        folder, name = posixpath.split(part)
        for element in self._elements(posixpath.join(folder, "_rels", f"{name}.rels"), "Relationship"):
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
            yield element.get("Id", ""), posixpath.basename(element.get("Type", "")), target.lstrip("/")

    def _elements(self, part: str, tag: str) -> Iterator[_Element]:
        with self._archive.open(part) as stream:
            root_of(cast(BinaryIO, stream), self._path)
        with self._archive.open(part) as stream:
            yield from elements(cast(BinaryIO, stream), self._path, [f"{{*}}{tag}"])

    def _cells(self, row: _Element) -> Iterator[tuple[int, Cell]]:
        column = -1
        for element in row.iterchildren("{*}c"):
            match = _CELL.fullmatch(element.get("r", ""))
            column = column_of(match[1]) if match else column + 1
            if column >= MAXIMUM_COLUMNS:
                raise ValueError(f"a cell in column {column + 1}")
            if len(element):
                cell = cell_of(element, self._string)
                if cell.text or cell.kind is CellKind.FORMULA:
                    yield column, cell

    def _string(self, number: int) -> str:
        if number < 0:
            raise ValueError(f"shared string {number}")
        return self._strings[number]

    def _checked(self) -> zipfile.ZipFile:
        """Return the archive, unless the file has another format or is a zip bomb."""
        start = self._file.read(len(_OLD))
        self._file.seek(0)
        if start == _OLD:
            raise InputError(
                f"{self._path}: is protected with a password, or in the format of Excel 97: save it as .xlsx "
                "without a password"
            )
        archive = checked_zip(self._file, self._path)
        size = sum(part.file_size for part in archive.infolist())
        if size > MAXIMUM_BYTES:
            raise InputError(
                f"{self._path}: has {size:,} bytes when unpacked, more than the {MAXIMUM_BYTES:,} allowed: export and "
                "review fewer units at a time"
            )
        return archive

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """Turn exceptions caused by a damaged file into an error that users can understand."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise InputError(
                f"{self._path}: cannot be read ({reason}); check its name and permissions"
            ) from error
        except _DAMAGED as error:
            raise InputError(
                f"{self._path}: is not an .xlsx file, or is damaged ({error}): save it again as Excel workbook (.xlsx)"
            ) from error


def _relation_of(sheet: _Element) -> str:
    """Return the attribute r:id, whose namespace differs in the strict form of the format."""
    return next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
