"""Writer of the workbook for reviewing units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from hexapla.errors import OutputError
from hexapla.formats.html.view import direction
from hexapla.formats.io.output import open_output
from hexapla.formats.protocols import UnitProblem, WriteOptions, Written
from hexapla.formats.tables import COMMENT, values_of
from hexapla.formats.unit_selection import selected, with_languages
from hexapla.formats.xlsx.review_sheet import (
    ACTION,
    EXPORTED,
    HELP,
    INSTRUCTIONS,
    LANGUAGE_WIDTH,
    LEFT_COLUMNS,
    LOCKED,
    MAXIMUM_LENGTH,
    MERGE,
    REVIEW,
    RIGHT_COLUMNS,
    WIDTHS,
    fingerprint,
)
from hexapla.formats.xlsx.spreadsheet import MAXIMUM_ROWS
from hexapla.rows import DOUBTFUL_BELOW
from hexapla.units import Status, Unit

_RICH = ("<r>", "</r>")
_ESCAPED = "_x[0-9A-Fa-f]{4}"
_OVERLAP = re.compile(f"{_ESCAPED}(?={_ESCAPED}_)")  # text that looks like two overlapping escapes
_ESCAPED_TWICE = re.compile(f"<r>.*(?:{_ESCAPED}_|[\x00-\x08\x0b-\x1f]).*</r>", re.DOTALL)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\U0001f300-\U0003fffd]"
)
_LINE, _HIGHEST = 15, 409  # points
_HELP_WIDTH, _INDENT = 96, 2  # characters
_ALLOWED = (
    "format_cells",
    "format_columns",
    "format_rows",
    "insert_rows",
    "delete_rows",
    "sort",
    "autofilter",
)
_RED, _YELLOW, _GREEN, _GREY, _LIGHT, _DARK = "#F8B4A8", "#FFE9A8", "#B5DFB8", "#8A8A8A", "#F2F2F2", "#1F3A5F"


def write_units(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write units for people to review; see `hexapla.formats.protocols.UnitWriter`."""
    languages, units = with_languages(units, options)
    left_out: list[UnitProblem] = []
    with open_workbook(path) as book:
        created = (options.created or _EPOCH).astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": options.title, "created": created})
        sheet = _Sheet(book, languages)
        for unit in selected(units, languages, path, left_out):
            if problem := _problem(unit):
                left_out.append(UnitProblem(path, None, unit.id, problem))
            elif sheet.count == MAXIMUM_ROWS - 1:
                raise OutputError(f"{path}: a sheet has at most {MAXIMUM_ROWS:,} rows: export fewer units")
            else:
                sheet.add(unit)
        sheet.finish()
    return Written(sheet.count, tuple(left_out))


@contextmanager
def open_workbook(path: Path) -> Iterator[Any]:
    """Open a workbook that is written row by row.

    Args:
        path: the output.

    Yields:
        Any: the workbook.

    Raises:
        OutputError: it cannot be written.
    """
    with TemporaryDirectory() as folder, open_output(path) as stream:
        book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": folder})
        try:
            yield book
            book.close()
        except XlsxFileError as error:
            raise OutputError(f"{path}: cannot be written ({error}); choose another folder") from error
        finally:
            for sheet in book.worksheets():  # otherwise their files stay open if writing was interrupted
                if sheet.row_data_fh is not None:
                    sheet.row_data_fh.close()


def _problem(unit: Unit) -> str | None:
    """Return why a sheet cannot hold a unit, or None if it can."""
    texts = unit.texts | {
        COMMENT: str(unit.properties.get(COMMENT, "")),
        "unit": unit.id,
        "document": unit.document,
    }
    for name, text in texts.items():
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if length > MAXIMUM_LENGTH:
            return f"{name} has {length:,} characters, but a cell holds at most {MAXIMUM_LENGTH:,}"
        if _OVERLAP.search(text) or _ESCAPED_TWICE.fullmatch(text):
            return f"{name} has text such as _x000B_ that spreadsheets would read as another character"
    return None


class _Sheet:
    """The sheets of a workbook, filled unit by unit.

    Args:
        book: the workbook.
        languages: tags of the text columns.
    """

    def __init__(self, book: Any, languages: Sequence[str]) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book = book
        self._languages = languages
        self._columns = (*LEFT_COLUMNS, *languages, *RIGHT_COLUMNS)
        self._review, guide = book.add_worksheet(REVIEW), book.add_worksheet(HELP)
        self._exported = book.add_worksheet(EXPORTED)
        self._exported.very_hidden()
        self._formats = {column: book.add_format(self._style(column)) for column in self._columns}
        self._plain = book.add_format()
        self.count = 0
        self._head()
        self._explain(guide)

    def add(self, unit: Unit) -> None:
        """Write a unit below the others."""
        self.count += 1
        values = values_of(unit)
        texts = [(values.get(column, ""), WIDTHS.get(column, LANGUAGE_WIDTH)) for column in self._columns[1:]]
        self._review.set_row(self.count, _height(texts))
        for place, column in enumerate(self._columns):
            cell_format = self._formats[column]
            if column == "probability":
                self._review.write_number(self.count, place, round(unit.probability, 4), cell_format)
            elif text := values.get(column, ""):
                self._write_text(self._review, self.count, place, text, cell_format)
            else:
                self._review.write_blank(self.count, place, None, cell_format)
        kept = [unit.id, unit.status.value, fingerprint(values[COMMENT])]
        kept += [fingerprint(values.get(language, "")) for language in self._languages]
        self._write(self._exported, self.count, kept)

    def finish(self) -> None:
        """Add everything that applies to all rows."""
        review, last = self._review, max(self.count, 1)
        review.autofilter(0, 0, last, len(self._columns) - 1)
        review.repeat_rows(0)
        review.data_validation(*self._below("status"), _choice([status.value for status in Status], "status"))
        review.data_validation(*self._below(ACTION), _choice([MERGE], ACTION))
        scale = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num"}
        scale |= {"min_value": "0", "mid_value": str(DOUBTFUL_BELOW), "max_value": "1"}
        scale |= {"min_color": _RED, "mid_color": _YELLOW, "max_color": _GREEN}
        review.conditional_format(*self._below("probability"), scale)
        faded = self._book.add_format({"font_color": _GREY, "font_strikeout": True})
        column = chr(ord("A") + LEFT_COLUMNS.index("status"))
        rejected = {"type": "formula", "criteria": f'=${column}2="{Status.REJECTED.value}"', "format": faded}
        review.conditional_format(1, 0, MAXIMUM_ROWS - 1, len(self._columns) - 1, rejected)

    def _below(self, column: str) -> tuple[int, int, int, int]:
        """Return the cells of a column below its header, including rows that may be inserted later."""
        place = self._columns.index(column)
        return 1, place, MAXIMUM_ROWS - 1, place

    def _head(self) -> None:
        bold = {"bold": True, "font_color": "white", "bg_color": _DARK, "valign": "vcenter"}
        for place, column in enumerate(self._columns):
            head = bold | self._side(column)
            width = WIDTHS.get(column, LANGUAGE_WIDTH)
            self._review.set_column(place, place, width, self._formats[column])
            self._review.write_string(0, place, column, self._book.add_format(head))
        self._review.set_row(0, 22)
        self._review.freeze_panes(1, 0)
        self._review.protect("", dict.fromkeys(_ALLOWED, True))
        self._review.set_landscape()
        self._review.fit_to_pages(1, 0)
        self._write(self._exported, 0, ["unit", "status", COMMENT, *self._languages])

    def _explain(self, guide: Any) -> None:  # noqa: ANN401
        bold = self._book.add_format({"bold": True, "valign": "top"})
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        guide.set_column(0, 0, 18)
        guide.set_column(1, 1, _HELP_WIDTH)
        guide.hide_gridlines(2)
        guide.fit_to_pages(1, 0)
        for row, (word, text) in enumerate(INSTRUCTIONS):
            guide.set_row(row, _height([(text, _HELP_WIDTH)]))
            guide.write_string(row, 0, word, bold)
            guide.write_string(row, 1, text, wrapped)

    def _style(self, column: str) -> dict[str, Any]:
        if column in LOCKED:
            number = {"num_format": "0.00"} if column == "probability" else {"num_format": "@"}
            wraps = {"text_wrap": column != "unit"}  # identifiers need not be visible in full
            side = {} if column == "probability" else self._side(column)
            return {"valign": "top", "font_color": _GREY, "bg_color": _LIGHT} | number | wraps | side
        style = {"valign": "top", "text_wrap": True, "num_format": "@", "locked": False}
        return style | self._side(column)

    def _side(self, column: str) -> dict[str, Any]:
        """Return the alignment of a text, with a small indent."""
        if column in self._languages and direction(column) == "rtl":
            return {"align": "right", "reading_order": 2, "indent": 1}
        return {"align": "left", "indent": 1}

    def _write(self, sheet: Any, row: int, texts: Sequence[str]) -> None:  # noqa: ANN401
        for place, text in enumerate(texts):
            self._write_text(sheet, row, place, text)

    def _write_text(self, sheet: Any, row: int, place: int, text: str, *cell_format: Any) -> None:  # noqa: ANN401
        """Write a text; one that xlsxwriter would mistake for its own XML is passed in two parts."""
        if text.startswith(_RICH[0]) and text.endswith(_RICH[1]):
            sheet.write_rich_string(row, place, self._plain, text[:1], self._plain, text[1:], *cell_format)
        else:
            sheet.write_string(row, place, text, *cell_format)


def _height(texts: Iterable[tuple[str, int]]) -> float:
    """Return the height of a row in points, from texts and column widths; LibreOffice does not compute it by itself."""
    lines = max(sum(_lines(line, width) for line in text.split("\n")) for text, width in texts)
    return min(_LINE * lines + 1, _HIGHEST)


def _lines(text: str, width: int) -> int:
    """Estimate the number of lines that a text needs in a column."""
    length = len(text) + len(_WIDE.findall(text))
    return 1 + length // (width - _INDENT)


def _choice(values: Sequence[str], column: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": list(values),
        "error_title": column,
        "error_message": f"Choose one of: {', '.join(values)}.",
    }
