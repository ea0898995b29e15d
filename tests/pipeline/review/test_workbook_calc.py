"""A review that is opened, edited and saved in LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.formats.protocols import WriteOptions
from hexapla.formats.xlsx.reader import read_units
from hexapla.formats.xlsx.spreadsheet import Spreadsheet
from hexapla.formats.xlsx.writer import write_units
from hexapla.review.workbook import is_review
from hexapla.units import Status, Unit
from support_calc import convert_in_calc, edit_in_calc, insert_row, require_locked, type_into
from support_review import TEXTS, read_grid, refuse, review, write_review

pytestmark = pytest.mark.libreoffice


def test_reviewed_in_calc(tmp_path: Path) -> None:
    """Rows that were edited, approved, rejected, merged and split in Calc are read; identifiers are locked there."""
    path = tmp_path / "review.xlsx"
    memory = write_review(path)
    steps = [
        require_locked("A2", locked=True),
        require_locked("I2", locked=False),
        type_into("F2", "approved"),
        type_into("I3", "Prie les capitaines de port\nde tenir un registre."),
        type_into("K3", "A shorter text, with a line of its own"),
        type_into("G3", "merge with next"),
        type_into("H5", "It is kept for ten years."),
        type_into("I5", "Il est conservé dix ans."),
        insert_row(6),
        require_locked("I6", locked=False),
        type_into("H6", "=It is then given to the archive."),
        type_into("I6", "Il est ensuite versé aux archives."),
        type_into("F7", "rejected"),
    ]

    edit_in_calc(path, steps, tmp_path / "calc")

    changed, problems = review(path, memory)
    assert problems == []
    assert list(changed)[:4] == ["a0", "a1", "a2", "a3"]
    assert changed["a0"].status is Status.APPROVED
    assert changed["a1"].texts["fr"] == f"Prie les capitaines de port\nde tenir un registre. {TEXTS[2]['fr']}"
    assert changed["a1"].texts["ar"] == f"{TEXTS[1]['ar']} {TEXTS[2]['ar']}"
    assert changed["a1"].properties == {"comment": "A shorter text, with a line of its own"}
    assert changed["a2"].properties == {"merged": "a1"}
    assert changed["a3"].texts | {"ar": ""} == {
        "en": "It is kept for ten years.",
        "fr": "Il est conservé dix ans.",
        "ar": "",
    }
    split = next(unit for unit in changed.values() if unit.position % 1)
    assert split.texts == {
        "en": "=It is then given to the archive.",
        "fr": "Il est ensuite versé aux archives.",
    }
    assert changed["a4"].status is Status.REJECTED
    assert len(changed) == 6


ODD = {
    "controls": "a\x00b\x01c\x0bd\x0ce\x1ff\x7f",
    "white space": "  two  spaces\xa0and one that does not break\u3000 ",
    "tabs and lines": "a\tb\nc\r\nd\n\n",
    "marks": "\u200f\u202bالبند\u202c\u200e (1)",
    "separators": "a\u2028b\u2029c\x85d",
    "escapes": "_x000B_ _X000b_ _x0041_ &amp; &#10;",
    "rich text": "<r><t>x & y</r>",
    "formula": "=1+1",
    "signs": "+1 -1",
    "minus": "-1",
    "at": "@SUM(A1)",
    "apostrophe": "'quoted'",
    "emoji": "😀 👩‍👩‍👧 𝔘 e\u0301",
    "tags": "<b>bold</b> <x1/> {0} %s",
    "number": "2019",
    "date": "2019-01-02",
    "truth": "TRUE",
    "error": "#REF!",
    "zero width": "\ufeffa\u200b",
    "nonsense": "a\ufffeb\uffff",
    "long": "x" * 10_000,
    "longest": "é" * 32_767,
}


@pytest.mark.parametrize("suffixes", [["xlsx"], ["ods", "xlsx"]], ids="-".join)
def test_odd_texts_through_calc(suffixes: list[str], tmp_path: Path) -> None:
    """Changes that Calc makes to odd texts do not count as edits, and formulas, dates and marks stay texts."""
    path = tmp_path / "review.xlsx"
    memory = [Unit.of_texts(name, {"en": text, "ar": f"نص {name}"}) for name, text in ODD.items()]
    assert write_units(memory, path, WriteOptions(languages=("en", "ar"))).units == len(ODD)

    back = convert_in_calc(path, suffixes, tmp_path)

    assert is_review(back)
    assert review(back, memory) == ({}, [])
    texts = {unit.id: unit.texts["en"] for unit in read_units(back, refuse)}
    lost_on_the_way = {"controls", "tabs and lines", "nonsense"}
    assert {name: text for name, text in texts.items() if name not in lost_on_the_way} == {
        name: text for name, text in ODD.items() if name not in lost_on_the_way
    }


def test_calc_keeps_the_sheets(tmp_path: Path) -> None:
    """The hidden sheet, the header and the instructions are still there after Calc has saved the file."""
    path = tmp_path / "review.xlsx"
    write_review(path)

    back = convert_in_calc(path, ["xlsx"], tmp_path)

    with Spreadsheet(back) as book:
        assert list(book.sheets) == ["Review", "How to review", "hexapla exported"]
    assert read_grid(back) == read_grid(path)
    assert read_grid(back, "How to review") == read_grid(path, "How to review")
