"""The bilingual Word table shows reviewers what they need, and word processors open it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.table import Table

from hexapla.compare.highlights import Differences
from hexapla.compare.placeables import Repaired, Substitution
from hexapla.formats.bilingual_docx import write_table
from hexapla.matches import MatchKind
from hexapla.pretranslation import Pretranslation, PretranslationSettings, SegmentMatches
from hexapla.units import Status
from support_office import convert_to_pdf
from support_xliff import match_of, pretranslation_of

TEXTS = ["The port opens at 9.", "The wind falls.\x0b Quickly & quietly <b>."]


def table_of(path: Path) -> Table:
    (table,) = docx.Document(str(path)).tables
    return table


def cells(path: Path) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table_of(path).rows]


def test_each_sentence_has_a_row(tmp_path: Path) -> None:
    """A row has number, source, translation, match and comment; the heading names the language pair."""
    match = match_of(
        "The port opens at 9.", "Le port ouvre à 9 heures.", missing=["15"], status=Status.APPROVED
    )
    filled = write_table(pretranslation_of(TEXTS, match), tmp_path / "table.docx")
    assert cells(tmp_path / "table.docx") == [
        ["No.", "en", "fr", "Match", "Comment"],
        [
            "1",
            "The port opens at 9.",
            "Le port ouvre à 9 heures.",
            "100% exact",
            "operative 1; to be inserted: 15; A/1 (approved)",
        ],
        ["2", "The wind falls.", "", "no match", "operative 2"],
        ["3", "Quickly & quietly <b>.", "", "no match", "operative 2"],
    ]
    assert docx.Document(str(tmp_path / "table.docx")).paragraphs[0].text == "tides.docx: en → fr"
    assert (filled.segments, filled.filled, filled.offered) == (3, 1, 0)


def test_the_page_is_landscape_and_the_heading_is_repeated(tmp_path: Path) -> None:
    """The page is landscape, and the first row is repeated on each page."""
    write_table(pretranslation_of(TEXTS), tmp_path / "table.docx")
    (section,) = docx.Document(str(tmp_path / "table.docx")).sections
    assert (section.page_width or 0) > (section.page_height or 0)
    assert [
        bool(row._tr.findall(f"{qn('w:trPr')}/{qn('w:tblHeader')}"))
        for row in table_of(tmp_path / "table.docx").rows
    ] == [True, False, False, False]


def test_differences_and_substitutions_are_marked(tmp_path: Path) -> None:
    """Text that the match lacks is bold in the source, and substituted text is bold in the target."""
    match = replace(
        match_of("The port opens at 8.", "", 99, MatchKind.PLACEABLES),
        differences=Differences(((18, 19),), ((18, 19),)),
        targets={"fr": Repaired("Le port ouvre à 9 heures.", (Substitution(16, 17, "8", "9"),))},
    )
    write_table(pretranslation_of(TEXTS, match), tmp_path / "table.docx")
    row = table_of(tmp_path / "table.docx").rows[1]
    marked = [[run.text for run in cell.paragraphs[0].runs if run.bold] for cell in row.cells]
    assert marked == [[], ["9"], ["9"], [], []]


def test_bands_have_colours(tmp_path: Path) -> None:
    """The cell of a match is coloured by its band; without a match it has no colour."""
    fills = []
    for percentage in (101, 100, 96, 90, 80, 60):
        kind = MatchKind.EXACT if percentage >= 100 else MatchKind.FUZZY
        write_table(pretranslation_of(TEXTS, match_of("x", "y", percentage, kind)), tmp_path / "table.docx")
        shades = (
            table_of(tmp_path / "table.docx").rows[1].cells[3]._tc.findall(f"{qn('w:tcPr')}/{qn('w:shd')}")
        )
        fills.append(shades[0].get(qn("w:fill")) if shades else None)
    assert len(set(fills)) == 6
    assert fills[-1] is None


def test_arabic_is_written_from_right_to_left(tmp_path: Path) -> None:
    """Paragraphs and runs of an Arabic column declare their direction; those of other columns do not."""
    write_table(arabic(), tmp_path / "table.docx")
    row = table_of(tmp_path / "table.docx").rows[1]
    found = [
        bool(cell._tc.findall(f".//{qn('w:bidi')}")) and bool(cell._tc.findall(f".//{qn('w:rtl')}"))
        for cell in row.cells
    ]
    assert found == [False, False, True, False, False]


def arabic() -> Pretranslation:
    """Return a pretranslation with one Arabic translation."""
    match = replace(match_of(TEXTS[0], ""), targets={"ar": Repaired("يفتح الميناء في الساعة 9.")})
    segments = (
        SegmentMatches(TEXTS[0], (match,), match, match),
        SegmentMatches("", ()),
        SegmentMatches("", ()),
    )
    return replace(pretranslation_of(TEXTS), segments=segments, settings=PretranslationSettings("en", "ar"))


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the file depends on when it was written."""
    for name in ("one.docx", "two.docx"):
        write_table(pretranslation_of(TEXTS), tmp_path / name)
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_table(tmp_path: Path) -> None:
    """A word processor prints the table on one landscape page, with all its texts."""
    write_table(arabic(), tmp_path / "table.docx")
    pages = pypdfium2.PdfDocument(str(convert_to_pdf(tmp_path / "table.docx", tmp_path)))
    page = pages[0]
    assert (len(pages), page.get_width() > page.get_height()) == (1, True)
    text = page.get_textpage().get_text_range()
    assert "The port opens at 9." in text
    assert "tides.docx" in text
    pages.close()
