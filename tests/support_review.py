"""Workbooks for review: made from a few units, changed as a reviewer would, and read back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import xlsxwriter

from hexapla.formats.protocols import UnitProblem, WriteOptions
from hexapla.formats.xlsx.review_sheet import REVIEW
from hexapla.formats.xlsx.spreadsheet import Spreadsheet
from hexapla.formats.xlsx.writer import write_units
from hexapla.review.workbook import read_review
from hexapla.units import Unit

Grid = list[dict[str, str]]

TEXTS = (
    {"en": "The Committee,", "fr": "Le Comité,", "ar": "إن اللجنة،"},
    {
        "en": "Requests the harbour masters to keep a record of the tides.",
        "fr": "Prie les capitaines de port de tenir un registre des marées.",
        "ar": "تطلب إلى رؤساء الموانئ أن يحتفظوا بسجل للمد والجزر.",
    },
    {"en": "The record is public.", "fr": "Ce registre est public.", "ar": "والسجل متاح للجمهور."},
    {
        "en": "It is kept for ten years. It is then given to the archive.",
        "fr": "Il est conservé dix ans. Il est ensuite versé aux archives.",
        "ar": "ويُحفظ لمدة عشر سنوات. ثم يودع في المحفوظات.",
    },
    {"en": "Decides to meet again in May.", "fr": "Décide de se réunir à nouveau en mai."},
)


def sample_units() -> list[Unit]:
    """Return the units a0, a1, ... of one document, at positions 0, 1, ..."""
    return [
        Unit.of_texts(
            f"a{index}", texts, document="A/98/L.7", position=float(index), probability=0.95 - index / 10
        )
        for index, texts in enumerate(TEXTS)
    ]


def write_review(path: Path, units: Iterable[Unit] | None = None) -> list[Unit]:
    """Write units for review, and return them."""
    written = sample_units() if units is None else list(units)
    write_units(written, path, WriteOptions(languages=("en", "fr", "ar")))
    return written


def read_grid(path: Path, sheet: str = REVIEW) -> Grid:
    """Return the rows of a sheet below its header, as text by column."""
    with Spreadsheet(path) as book:
        head, *rows = book.rows(sheet)
        names = {place: cell.text for place, cell in head.cells.items()}
        return [{names[place]: cell.text for place, cell in row.cells.items()} for row in rows]


def change(path: Path, edit: Callable[[Grid], object]) -> None:
    """Change the rows of a review with a function, and save them with all other sheets."""
    with Spreadsheet(path) as book:
        sheets = {
            name: [{place: cell.text for place, cell in row.cells.items()} for row in book.rows(name)]
            for name in book.sheets
        }
    names = list(sheets[REVIEW][0].values())
    rows = read_grid(path)
    edit(rows)
    sheets[REVIEW][1:] = [{names.index(name): text for name, text in row.items()} for row in rows]
    with xlsxwriter.Workbook(path) as saved:
        for name, cells in sheets.items():
            sheet = saved.add_worksheet(name)
            for number, row in enumerate(cells):
                for place, text in row.items():
                    sheet.write_string(number, place, text)


def refuse(problem: UnitProblem) -> None:
    """Fail at the first problem."""
    raise AssertionError(str(problem))


def review(path: Path, memory: Collection[Unit]) -> tuple[dict[str, Unit], list[UnitProblem]]:
    """Return the units that a review changes, by identifier, and the problems."""
    problems: list[UnitProblem] = []

    def find(ids: Collection[str]) -> list[Unit]:
        return [unit for unit in memory if unit.id in ids]

    return {unit.id: unit for unit in read_review(path, find, problems.append)}, problems
