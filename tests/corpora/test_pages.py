"""Effects of page ends: furniture, footnotes between paragraphs, cut paragraphs."""

import pytest

from hexapla_corpora.document import Block, BlockKind, Origin, Paragraph
from hexapla_corpora.structure import recognise
from support_structure import H, L, X, kinds, recognise_lines, texts

FIRST = "23. Asks the harbour master to keep the lamps of the harbour burning in all"
CUTS = [
    ("en", FIRST, "seasons of the year, and to report on it;", " "),
    (
        "en",
        "23. Asks the harbour master, in accordance with the customs of the",
        "United Ports, to report;",
        " ",
    ),
    ("en", FIRST + " months,", "including those in which nobody sails;", " "),
    (
        "fr",
        "23. Prie le capitaine du port de veiller sur les lampes du port en toute",
        "saison de l’année ;",
        " ",
    ),
    ("ru", "23. просит капитана порта поддерживать горение ламп гавани во все", "времена года;", " "),
    ("ar", "23 - تطلب إلى قبطان الميناء أن يبقي مصابيح الميناء مضاءة في جميع", "فصول السنة؛", " "),
    (
        "zh",
        "23. 请港务长在全年所有季节保持港口灯火通明，并就此向理事会提交报告，特别是说明增",
        "加灯具的情况；",
        "",
    ),
]


@pytest.mark.parametrize(("language", "first", "second", "joint"), CUTS)
@pytest.mark.parametrize("between", [["⁹ Resolution 1/1."], ["A/91/L.1", "36-12345  2/7"], ["٢/٧"], []])
def test_cut_paragraph_is_joined(
    language: str, first: str, second: str, joint: str, between: list[str]
) -> None:
    """A paragraph cut by footnotes, furniture or a page end is joined, with a space if its language uses spaces."""
    body = ["Bridges⁹", "The Council,", "Recalling bridges,", "1. Decides;"]
    paragraphs = [Paragraph(line) for line in body]
    paragraphs += [Paragraph(first, ends_page=not between or between == ["٢/٧"])]
    paragraphs += [Paragraph(line) for line in [*between, second, "24. Says so."]]
    found = recognise(paragraphs, language)

    assert first + joint + second in texts(found)
    assert "24. Says so." in texts(found)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("the inter-", "faith dialogue of all", "the interfaith dialogue of all"),
        ("the Inter-", "Port Union of all", "the Inter-Port Union of all"),
    ],
)
def test_hyphen_at_page_end_is_repaired(first: str, second: str, whole: str) -> None:
    """A hyphen due to the page end is removed; one before a capital stays."""
    before, after = "The harbour master is asked, in the light of the report, to take note of ", " ports."
    found = recognise([Paragraph(before + first, ends_page=True), Paragraph(second + after)], "en")

    assert texts(found) == [before + whole + after]


NOT_CUT = [
    ["Rules for all the bridges of the United Ports and of the rivers behind them", "The rules are short."],
    ["Bridges", "and tunnels", "They stand."],
    ["صون الجسور القديمة والأنفاق الجديدة في جميع الموانئ المطلة على البحر", "إن الجسور قديمة."],
    ["关于在所有港口和河流上维护旧桥梁和新隧道的若干规则的说明", "桥梁很旧。"],
    [
        "принимая во внимание, что мосты стоят на всех реках всех стран мира, и",
        "принимая во внимание, что мосты нужны всем,",
    ],
    ["The bridges that we looked at in the last ten years are these", "(a) the old one;", "(b) the new one."],
    ["1. The first bridge is old,", "2. The second one is new."],
]


@pytest.mark.parametrize("lines", NOT_CUT)
def test_whole_paragraphs_stay_apart(lines: list[str]) -> None:
    """Headings, parallel clauses and list items are not joined with the paragraph after them."""
    assert texts(recognise_lines(lines)) == lines


@pytest.mark.parametrize(
    "furniture",
    [
        "36-12345 (E)",
        "36-12345 (E)    070636    080636",
        "*3612345*",
        "2/9",
        "٢/٩",
        "36-12345    2/9",
        "2/9    A/91/150    36-12345",
        "Page 3",
        "page 3 of 9",
        "Página 3",
        "Стр. 3",
        "الصفحة ٣",
        "第 3 页",
        "– 3 –",
        "A/91/150",
        "3",
    ],
)
def test_page_furniture_is_removed(furniture: str) -> None:
    """Symbols, job numbers, bar codes and page numbers between two pages are removed."""
    page = "The bridges of the world were counted, measured, painted and photographed in 2035."
    found = recognise(
        [
            Paragraph("A/91/150"),
            Paragraph(page, ends_page=True),
            Paragraph(furniture),
            Paragraph("They stand."),
        ],
        "en",
    )

    assert texts(found) == ["A/91/150", page, "They stand."]
    assert found.symbol == "A/91/150"


def test_running_header_is_removed() -> None:
    """A line repeated at every page end is a running header."""
    lines: list[Paragraph] = []
    for page in "one", "two", "three", "four":
        lines += [Paragraph("Bridges of the world"), Paragraph(f"This is page {page}.", ends_page=True)]

    assert texts(recognise(lines, "en")).count("Bridges of the world") == 1


def test_numbered_headings_at_page_ends_stay() -> None:
    """Headings that differ only in their number are not running headers."""
    lines = [Paragraph(f"Article {number}", ends_page=number % 2 == 0) for number in range(1, 10)]

    assert len(recognise(lines, "en").blocks) == 9


@pytest.mark.parametrize(
    "lines", [["Figures", "2031", "2032", "2034"], ["1/2 of it.", "3/4", "of it."], ["12", "13", "14"]]
)
def test_figures_of_the_text_stay(lines: list[str]) -> None:
    """Figures without a sign of a page end are text."""
    assert texts(recognise_lines(lines)) == lines


def test_several_footnotes_in_one_paragraph_are_split() -> None:
    """Footnotes merged by a conversion are split at their marks."""
    found = recognise_lines(
        ["Bridges¹ and tunnels² are old.³", "¹ Resolution 1/1. ² A/2/3, para. 4. ³ See note 1."]
    )

    assert texts(found)[1:] == ["¹ Resolution 1/1.", "² A/2/3, para. 4.", "³ See note 1."]


def test_superscript_inside_footnote_does_not_split_it() -> None:
    """A mark out of sequence does not begin a new footnote."""
    note = "¹ See the table. ³ after a figure marks an estimate."

    assert texts(recognise_lines(["Bridges¹ are old and long.³", note]))[1:] == [note]


def test_asterisks_of_a_list_are_not_footnotes() -> None:
    """Lines with asterisks to which no text refers are list items."""
    found = recognise_lines(["These are the bridges:", "* The old one", "* The new one"])

    assert kinds(found) == [X, L, L]


def test_symbol_of_page_header_is_the_documents_own() -> None:
    """A symbol printed only at the head of pages is the document's own; one cited in its text is not."""
    long = "The bridges of the world, described in document A/80/1, are counted every year by the ports."
    paragraphs = [
        Paragraph(long, ends_page=True),
        Paragraph("A/91/150"),
        Paragraph("They stand, as A/81/2 says."),
    ]

    assert recognise(paragraphs, "en").symbol == "A/91/150"
    assert recognise([Paragraph(long)], "en").symbol is None


def test_joined_paragraph_keeps_origin_of_first_part() -> None:
    """A joined block has the origin of its first part."""
    first = Paragraph(
        "The harbour master is asked to keep the lamps of the harbour burning in all", origin=Origin(line=3)
    )
    found = recognise([first, Paragraph("seasons.", origin=Origin(line=9))], "en")

    assert found.blocks == (Block(X, f"{first.text} seasons.", origin=Origin(line=3)),)


def test_symbol_at_head_of_second_page_is_furniture() -> None:
    """The symbol at the head of the second page is removed, even if a two-page document prints it only there."""
    before = Paragraph("1. Decides to repair the lighthouse;", origin=Origin(page=1))
    header = Paragraph("S/RES/9999 (2031)", origin=Origin(page=2))
    after = Paragraph("2. Decides to remain seized of the matter.", origin=Origin(page=2))
    found = recognise([before, header, after], "en")

    assert texts(found) == [before.text, after.text]
    assert found.symbol == "S/RES/9999 (2031)"


def test_captions_of_table_are_headings() -> None:
    """Short lines above a table are headings, however many cells or items are around them."""
    cells = [Paragraph(cell, BlockKind.TABLE_CELL) for cell in ("Port", "Lamps", "North", "South")]
    items = [Paragraph(item, L) for item in ("Lamps", "Oil", "Ropes")]
    lines = [*items, Paragraph("Table 1"), Paragraph("Lamps by port"), *cells]

    assert kinds(recognise([Paragraph("These are needed:"), *lines], "en"))[4:6] == [H, H]
