"""Units as .xlsx: what is written, and what can be read from other workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from hexapla.errors import InputError, OutputError
from hexapla.formats.protocols import UnitProblem, WriteOptions
from hexapla.formats.xlsx import writer
from hexapla.formats.xlsx.reader import read_units
from hexapla.formats.xlsx.spreadsheet import Spreadsheet
from hexapla.formats.xlsx.writer import write_units
from hexapla.review.workbook import is_review, read_review
from hexapla.units import Unit
from support_review import TEXTS, refuse, sample_units, write_review


def made(path: Path, fill: Callable[[Any, Any], object]) -> Path:
    """Make a workbook with columns for English and French, filled by a function of book and sheet."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, name in enumerate(("unit", "en", "fr")):
            sheet.write_string(0, place, name)
        fill(book, sheet)
    return path


def read(path: Path) -> tuple[list[Unit], list[str]]:
    """Return the units of a file, and problems without the name of the file."""
    problems: list[UnitProblem] = []
    units = list(read_units(path, problems.append))
    return units, [str(problem).removeprefix(f"{path}, ") for problem in problems]


def member(path: Path, name: str) -> str:
    """Return a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")


def replace_member(path: Path, name: str, content: str) -> None:
    """Replace the content of a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in (parts | {name: content.encode()}).items():
            archive.writestr(each, data)


def test_another_library_reads_it(tmp_path: Path) -> None:
    """Another reader finds the same columns and texts."""
    path = tmp_path / "review.xlsx"
    write_review(path)

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Review").to_python()

    assert rows[0] == [
        *(
            "unit",
            "document",
            "number",
            "level",
            "probability",
            "status",
            "action",
            "en",
            "fr",
            "ar",
            "comment",
        )
    ]
    assert rows[1][:6] == ["a0", "A/98/L.7", "", "sentence", 0.95, "aligned"]
    assert [row[9] for row in rows[1:]] == [texts.get("ar", "") for texts in TEXTS]


def test_help_in_the_sheet(tmp_path: Path) -> None:
    """Identifiers are locked, Arabic runs right to left, probability is coloured, status and action have lists."""
    path = tmp_path / "review.xlsx"
    write_review(path)

    sheet, styles = member(path, "xl/worksheets/sheet1.xml"), member(path, "xl/styles.xml")

    assert "<sheetProtection" in sheet
    assert 'insertRows="0"' in sheet
    assert "<autoFilter" in sheet
    assert "<colorScale>" in sheet
    assert '<formula1>"aligned,edited,approved,rejected"</formula1>' in sheet
    assert '<formula1>"merge with next"</formula1>' in sheet
    assert 'state="frozen"' in sheet
    assert 'readingOrder="2"' in styles
    assert 'locked="0"' in styles
    assert 'state="veryHidden"' in member(path, "xl/workbook.xml")


def test_text_is_not_a_formula(tmp_path: Path) -> None:
    """A text that begins like a formula stays a text."""
    path = tmp_path / "review.xlsx"
    write_units([Unit.of_texts("u", {"en": "=1+1", "fr": "@SUM(A1)"})], path, WriteOptions(("en", "fr")))

    assert "<f>" not in member(path, "xl/worksheets/sheet1.xml")
    assert read(path)[0][0].texts == {"en": "=1+1", "fr": "@SUM(A1)"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 32_768, "en has 32,768 characters, but a cell holds at most 32,767"),
        ("😀" * 16_384, "en has 32,768 characters, but a cell holds at most 32,767"),
        ("_x005F_x000B_", "en has text such as _x000B_ that spreadsheets would read as another character"),
        ("<r>\x0b</r>", "en has text such as _x000B_ that spreadsheets would read as another character"),
    ],
    ids=["long", "long emoji", "escapes", "rich"],
)
def test_left_out(text: str, reason: str, tmp_path: Path) -> None:
    """A unit that a sheet cannot hold is left out and listed."""
    path = tmp_path / "review.xlsx"
    units = [Unit.of_texts("u", {"en": text, "fr": "Oui."}), Unit.of_texts("v", {"en": "Yes.", "fr": "Oui."})]

    exported = write_units(units, path, WriteOptions(("en", "fr")))

    assert [(problem.unit, problem.reason) for problem in exported.left_out] == [("u", reason)]
    assert [unit.id for unit in read(path)[0]] == ["v"]


def test_more_units_than_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More units than a sheet has rows are refused, and no file is left over."""
    monkeypatch.setattr(writer, "MAXIMUM_ROWS", 5)

    with pytest.raises(OutputError, match="a sheet has at most 5 rows: export fewer units"):
        write_review(tmp_path / "review.xlsx", sample_units())
    assert list(tmp_path.iterdir()) == []


def test_table_made_by_hand(tmp_path: Path) -> None:
    """A table with a column per language is read as units; without an identifier they get one from their texts."""

    def fill(book: Any, sheet: Any) -> None:  # noqa: ANN401
        sheet.write_row(1, 0, ["u1", "Yes.", "Oui."])
        sheet.write_row(3, 1, ["No.", "Non."])

    path = made(tmp_path / "table.xlsx", fill)

    units, problems = read(path)
    assert problems == []
    assert [unit.texts for unit in units] == [{"en": "Yes.", "fr": "Oui."}, {"en": "No.", "fr": "Non."}]
    assert units[0].id == "u1"
    assert len(units[1].id) == 16
    assert read(path)[0] == units
    assert not is_review(path)
    assert not is_review(path)


WRONG: dict[str, tuple[Callable[[Any, Any], object], str]] = {
    "formula": (
        lambda book, sheet: sheet.write_formula("C2", '="Ou"&"i."', None, "Oui."),
        "line 2: the column fr holds a formula, 'Oui.', but must hold text: paste it as a value",
    ),
    "number": (
        lambda book, sheet: sheet.write_number("C2", 2019),
        "line 2: the column fr holds a number, '2019': format the cell as text, and enter it again",
    ),
    "error": (
        lambda book, sheet: sheet.write_formula("C2", "=1/0", None, "#DIV/0!"),
        "line 2: the column fr holds a formula, '#DIV/0!'",
    ),
    "merged cells": (
        lambda book, sheet: sheet.merge_range("B2:C3", "Yes. Oui."),
        "line 2: the cells B2:C3 are merged: unmerge them, and write each text into its own cell",
    ),
    "column without a name": (
        lambda book, sheet: sheet.write_string("E2", "Sí."),
        "line 2: 'Sí.' is in a column without a name: move it to the column of its language",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_cells_that_cannot_be_used(name: str, tmp_path: Path) -> None:
    """A row with an unusable cell is reported with its number and the reason, and the others are read."""
    fill, reason = WRONG[name]

    def with_another(book: Any, sheet: Any) -> None:  # noqa: ANN401
        fill(book, sheet)
        sheet.write_row("A4", ["u3", "No.", "Non."])

    units, problems = read(made(tmp_path / "table.xlsx", with_another))

    assert [unit.id for unit in units] == ["u3"]
    assert problems[0].startswith(reason)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), "it has no sheet|does not name the columns"),
        (("unit", "en"), "there must be columns for at least two languages"),
        (("en", "fr", "words"), "'words' is not a BCP 47 language tag"),
        (("en", "fr", "en"), "the column en occurs twice"),
    ],
    ids=["empty", "one language", "no language", "twice"],
)
def test_names_of_columns(names: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    """A sheet whose first row does not name languages is refused with the reason."""
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Words").write_row(0, 0, names)

    with pytest.raises(InputError, match=reason):
        read(path)


def test_hidden_sheet_that_was_changed(tmp_path: Path) -> None:
    """A review whose hidden sheet was changed is refused."""
    path = tmp_path / "review.xlsx"
    write_review(path)
    sheet = member(path, "xl/worksheets/sheet3.xml")
    replace_member(path, "xl/worksheets/sheet3.xml", sheet.replace("<t>unit</t>", "<t>hello</t>"))
    assert is_review(path)

    with pytest.raises(InputError, match="its hidden sheet 'hexapla exported' was changed: export again"):
        list(read_review(path, lambda ids: [], refuse))


def test_far_cell(tmp_path: Path) -> None:
    """A cell at the far end of a sheet costs no memory."""
    path = made(tmp_path / "table.xlsx", lambda book, sheet: sheet.write_string(1_048_575, 16_383, "far"))

    units, problems = read(path)

    assert units == []
    assert problems == [
        "line 1048576: 'far' is in a column without a name: move it to the column of its language"
    ]


def test_entities_are_refused(tmp_path: Path) -> None:
    """A part that declares entities is refused before any is read."""
    path = tmp_path / "review.xlsx"
    write_review(path)
    sheet = member(path, "xl/worksheets/sheet1.xml")
    declared = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    replace_member(path, "xl/worksheets/sheet1.xml", sheet.replace("?>", f"?>{declared}", 1))

    with pytest.raises(InputError, match="declares entities"):
        read(path)


def test_bomb(tmp_path: Path) -> None:
    """A small file that unpacks to a huge one is refused before it is unpacked."""
    path = tmp_path / "review.xlsx"
    write_review(path)
    replace_member(path, "xl/worksheets/sheet1.xml", " " * 60_000_000)

    with pytest.raises(InputError, match="looks like a zip bomb"):
        read(path)


def test_old_or_protected(tmp_path: Path) -> None:
    """A workbook with a password, or in the older format, is refused, and the message says what to do."""
    path = tmp_path / "review.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))

    with pytest.raises(InputError, match="protected with a password, or in the format of Excel 97"):
        read(path)


def test_workbooks_of_other_programs(tmp_path: Path) -> None:
    """Absolute targets, cells without a place, formatted and phonetic text, and other prefixes are understood."""
    path = made(tmp_path / "table.xlsx", lambda book, sheet: None)
    relations = member(path, "xl/_rels/workbook.xml.rels")
    replace_member(
        path, "xl/_rels/workbook.xml.rels", relations.replace('Target="worksheets', 'Target="/xl/worksheets')
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    replace_member(
        path,
        "xl/worksheets/sheet1.xml",
        f'<s:worksheet xmlns:s="{main}"><s:sheetData><s:row>'
        '<s:c t="str"><s:v>ja</s:v></s:c><s:c t="inlineStr"><s:is><s:t>en</s:t></s:is></s:c></s:row><s:row r="3">'
        '<s:c t="inlineStr"><s:is><s:r><s:t xml:space="preserve">港 </s:t></s:r><s:r><s:rPr><s:b/></s:rPr><s:t>湾</s:t></s:r>'
        '<s:rPh sb="0" eb="1"><s:t>みなと</s:t></s:rPh></s:is></s:c><s:c t="str"><s:v>Har_x000D_bour</s:v></s:c>'
        "</s:row></s:sheetData></s:worksheet>",
    )

    units, problems = read(path)

    assert problems == []
    assert [unit.texts for unit in units] == [{"ja": "港 湾", "en": "Har\rbour"}]


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    """A number in an attribute column is read as people write it."""
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["number", "probability", "en", "fr"])
        sheet.write_row(1, 0, [12, 0.5, "Yes.", "Oui."])

    (unit,), _ = read(path)

    assert (unit.number, unit.probability) == ("12", 0.5)
    with Spreadsheet(path) as opened:
        assert [cell.text for cell in list(opened.rows("Sheet1"))[1].cells.values()] == [
            "12",
            "0.5",
            "Yes.",
            "Oui.",
        ]
