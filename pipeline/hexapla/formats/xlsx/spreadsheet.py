"""Cells of an .xlsx file that others wrote (ECMA-376, Office Open XML), read as a stream within bounds.

Libraries that read whole sheets make room for every cell between the first and the last one, so that a small file can
ask for more memory than there is; and they give what a formula once came to, without saying that it is one.
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
"""Bytes that the parts of a file may have when they are unpacked."""
_OLD = b"\xd0\xcf\x11\xe0"  # begins the older format, and files with a password
_CELL = re.compile("([A-Z]{1,3})[0-9]+")
_DAMAGED = (*DAMAGE, etree.XMLSyntaxError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet.

    Attributes:
        number: from 1.
        cells: by column from 0; empty ones are missing.
    """

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are merged into one.

    Attributes:
        range: such as A1:B2.
        first: number of the first row, from 1.
        last: of the last.
    """

    range: str
    first: int
    last: int


class Spreadsheet:
    """An .xlsx file, open.

    Args:
        path: the file.

    Raises:
        InputError: it cannot be read, is damaged, or would be too large.
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
        """Be closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._archive.close()
        self._file.close()

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """The part of the archive that each sheet is in, by the name of the sheet."""
        with self._damage():
            workbook = self._workbook
            targets = {identifier: target for identifier, _, target in self._relations(workbook)}
            return {
                sheet.get("name", ""): targets[_relation_of(sheet)]
                for sheet in self._elements(workbook, "sheet")
            }

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """The rows of a sheet in their order; rows that the file does not have are missing.

        Args:
            sheet: its name.

        Yields:
            SheetRow: the row.

        Raises:
            InputError: the file is damaged.
        """
        with self._damage():
            number = 0
            for element in self._elements(self.sheets[sheet], "row"):
                following = int(element.get("r", number + 1))
                if not number < following <= MAXIMUM_ROWS:
                    raise ValueError(f"row {following} behind row {number}")
                number = following
                yield SheetRow(number, dict(self._cells(element)))

    def merged(self, sheet: str) -> Iterator[Merged]:
        """Cells of a sheet that are merged.

        Args:
            sheet: its name.

        Yields:
            Merged: the cells.

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
        """Texts that cells refer to by their number."""
        parts = [target for _, kind, target in self._relations(self._workbook) if kind == "sharedStrings"]
        return [text_of(element) for part in parts for element in self._elements(part, "si")]

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Identifier, kind and target of what a part of the archive refers to."""
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
            raise ValueError(f"text {number}")
        return self._strings[number]

    def _checked(self) -> zipfile.ZipFile:
        """The archive, unless it is of another format or a bomb."""
        start = self._file.read(len(_OLD))
        self._file.seek(0)
        if start == _OLD:
            raise InputError(
                f"{self._path}: is protected by a password, or in the format of Excel 97: save it as .xlsx "
                "without a password"
            )
        archive = checked_zip(self._file, self._path)
        size = sum(part.file_size for part in archive.infolist())
        if size > MAXIMUM_BYTES:
            raise InputError(
                f"{self._path}: is {size:,} bytes when it is unpacked, more than the {MAXIMUM_BYTES:,} that are "
                "read: export and review fewer units at a time"
            )
        return archive

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """Turn what a damaged file makes fail into an error that users can understand."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise InputError(
                f"{self._path}: cannot be read ({reason}); check the name and the permission"
            ) from error
        except _DAMAGED as error:
            raise InputError(
                f"{self._path}: is no .xlsx file, or is damaged ({error}): save it again as Excel workbook (.xlsx)"
            ) from error


def _relation_of(sheet: _Element) -> str:
    """The attribute r:id, whose namespace is another one in the strict form of the format."""
    return next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
