"""The HTML page of an alignment."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from lxml import html

from hexapla.errors import OutputError
from hexapla.formats.html.picture import MOST_SHAPES, draw
from hexapla.formats.html.view import certainty, direction, page_rows
from hexapla.formats.registry import write_alignment
from hexapla.rows import Alignment, Level, Row
from hexapla_corpora.document import Block, BlockKind, Document
from support_alignment import make_alignment, make_row
from support_page import HOSTILE, LANGUAGES, harbour, only, with_text


def _tree(alignment: Alignment, folder: Path) -> html.HtmlElement:
    path = folder / "page.html"
    write_alignment(alignment, path)
    return _parse(path)


def _parse(path: Path) -> html.HtmlElement:
    return cast(html.HtmlElement, html.document_fromstring(path.read_bytes()))


def _xpath(element: html.HtmlElement, path: str) -> list[Any]:
    return cast(list[Any], element.xpath(path))


def _texts(element: html.HtmlElement, path: str) -> list[str]:
    return [found.text_content() for found in _xpath(element, path)]


def _squeeze(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    write_alignment(harbour(), path)
    return path


@pytest.mark.parametrize("level", [None, *Level])
def test_every_row_and_every_text_is_in_the_page(level: Level | None, tmp_path: Path) -> None:
    """Nothing of the alignment is lost: each row has an element, and each text a cell in its language."""
    alignment = only(harbour(), level) if level else harbour()
    tree = _tree(alignment, tmp_path)
    assert len(tree.find_class("row")) == len(alignment.rows)
    for row in alignment.rows:
        element = tree.get_element_by_id(f"row-{row.id}")
        cells = _xpath(element, "./td")
        assert [cell.get("data-language") for cell in cells] == list(LANGUAGES)
        for cell in cells:
            text = row.texts.get(cell.get("data-language"))
            shown = "".join(paragraph.text_content() for paragraph in _xpath(cell, "./p"))
            assert _squeeze(shown) == _squeeze(text or "")
            assert ("missing" in cell.get("class").split()) == (text is None)


def test_the_page_parses_as_html(page: Path) -> None:
    """No element is left open or closed twice, and no id is used twice."""
    parser = html.HTMLParser()
    tree = html.document_fromstring(page.read_bytes(), parser=parser)
    # The parser of libxml2 only knows the elements of HTML 4 and reports newer ones.
    errors = [error.message for error in parser.error_log if not re.match(r"Tag \w+ invalid", error.message)]
    assert errors == []
    ids = _xpath(tree, "//@id")
    assert len(ids) == len(set(ids))


def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    """Markup in a document, a title, a warning or a file name stays text everywhere."""
    tree = _tree(with_text(harbour(), HOSTILE), tmp_path)
    assert [len(_xpath(tree, f"//{tag}")) for tag in ("script", "style", "textarea")] == [1, 1, 0]
    assert _xpath(tree, "//p/b | //h1/*") == []
    assert _texts(tree, "//h1") == [HOSTILE]
    assert set(_texts(tree, "//td[contains(@class, 'cell')]/p")) == {HOSTILE}
    assert _texts(tree, "//section//li") == [HOSTILE] * 3


def test_the_page_needs_nothing_from_outside(page: Path) -> None:
    """No link, style, font, image or script refers to anything outside the file."""
    text = page.read_text(encoding="utf-8")
    tree = _parse(page)
    assert all(link.startswith("#row-") or link == "#rows" for link in _xpath(tree, "//@href"))
    assert not _xpath(tree, "//@src | //link | //img | //iframe")
    assert not re.search(r"@import|url\(|fetch\(", text)
    assert set(re.findall(r"https?://[^\"' ]+", text)) <= {
        "http://www.w3.org/2000/svg"
    }  # the name of a namespace


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa", "rtl"),
        ("ur-PK", "rtl"),
        ("az-Arab", "rtl"),
        ("az", "ltr"),
        ("zh-Hant", "ltr"),
        ("ru", "ltr"),
        ("und", "ltr"),
    ],
)
def test_the_script_determines_the_writing_direction(tag: str, expected: str) -> None:
    """A language is written from right to left if its likely script is."""
    assert direction(tag) == expected


def test_cells_carry_language_and_direction(page: Path) -> None:
    """Browsers choose fonts, line breaks and directions by the attributes of each cell."""
    tree = _parse(page)
    cells = _xpath(tree, "//td[contains(@class, 'cell')][p]")
    assert {(cell.get("lang"), cell.get("dir")) for cell in cells} == {
        ("en", "ltr"),
        ("ar", "rtl"),
        ("zh-Hans", "ltr"),
    }


def test_merged_blocks_are_shown_separately(page: Path) -> None:
    """A cell that joins two paragraphs shows both, and the row says how many each language has."""
    row = _parse(page).get_element_by_id("row-p1")
    assert [part.text for part in _xpath(row, "./td[@lang='zh-Hans']/p")] == [
        "1. 图书馆出借海图。",
        "并保存登记册。",
    ]
    assert row.find_class("shape")[0].text == "1:1:2"


def test_sentences_are_under_their_paragraph(page: Path) -> None:
    """Identical sentences in two paragraphs are each put under their own paragraph, by their order."""
    tree = _parse(page)
    groups = [[row.get("id") for row in group.find_class("row")] for group in tree.find_class("group")]
    assert groups == [
        ["row-p0", "row-p0s0"],
        ["row-p1", "row-p1s0", "row-p1s1"],
        ["row-p2", "row-p2s0"],
        ["row-p3", "row-p3s0"],
        ["row-p4", "row-p4s0", "row-p4s1"],
    ]


def test_sentences_find_their_paragraph_when_text_was_left_out() -> None:
    """A paragraph whose beginning is not in any sentence does not shift the sentences after it."""
    alignment = harbour()
    rows = tuple(
        replace(row, texts={"en": row.texts["en"].removeprefix("1. Libraries ")}, segments={"en": (1,)})
        if row.id == "p1s0"
        else row
        for row in alignment.rows
    )
    found = {
        row.row.id: [child.row.id for child in row.children]
        for row in page_rows(replace(alignment, rows=rows))
    }
    assert found["p1"] == ["p1s0", "p1s1"]
    assert found["p4"] == ["p4s0", "p4s1"]


def test_counts_are_printed(page: Path) -> None:
    """The header counts all rows, rows in all languages, in some, unaligned and doubtful ones, for each level."""
    tree = _parse(page)
    counts = [
        [cell.text for cell in _xpath(line, "./*")]
        for line in _xpath(tree.find_class("counts")[0], "./tbody/tr")
    ]
    assert counts == [["paragraphs", "5", "3", "1", "1", "2"], ["sentences", "7", "5", "1", "1", "3"]]


@pytest.mark.parametrize(
    ("probability", "languages", "expected"),
    [
        (1.0, 2, "certain"),
        (0.95, 2, "certain"),
        (0.9499, 2, "likely"),
        (0.8, 3, "likely"),
        (0.5, 2, "unsure"),
        (0.0, 2, "doubtful"),
        (0.99, 1, "unaligned"),
    ],
)
def test_certainty(probability: float, languages: int, expected: str) -> None:
    """The colour of a row depends on its probability, or on its being unaligned."""
    texts = dict.fromkeys(LANGUAGES[:languages], "Harbour")
    segments = dict.fromkeys(texts, (0,))
    row = Row("r", Level.SENTENCE, "plain", None, probability, texts, segments, None)
    assert certainty(row) == expected


def test_probability_is_never_rounded_up(tmp_path: Path) -> None:
    """A row that is not certain does not show 100 per cent."""
    alignment = harbour()
    rows = tuple(replace(row, probability=0.999) for row in alignment.rows)
    trust = _tree(replace(alignment, rows=rows), tmp_path).get_element_by_id("row-p0").find_class("trust")
    assert trust[0].text_content() == "99\xa0%"


def test_picture_has_a_shape_for_each_row() -> None:
    """Every row is drawn, with ribbons between its languages, or none if it is unaligned."""
    rows = page_rows(harbour())
    picture = draw(rows, LANGUAGES)
    assert [shape.rows[0].row.id for shape in picture.shapes] == ["p0", "p1", "p2", "p3", "p4"]
    assert [shape.ribbons.count("M") for shape in picture.shapes] == [2, 2, 1, 0, 2]
    assert [shape.bars.count("M") for shape in picture.shapes] == [3, 3, 2, 1, 3]


def test_picture_of_a_long_document_keeps_rows_to_check() -> None:
    """Thousands of rows are drawn as a few hundred shapes, and a doubtful row keeps its own shape."""
    rows = page_rows(_long(3000, doubtful=1234))
    picture = draw(rows, ("en", "fr"))
    assert len(picture.shapes) <= MOST_SHAPES + 2
    assert [
        [row.row.id for row in shape.rows] for shape in picture.shapes if shape.certainty == "doubtful"
    ] == [["r1234"]]
    assert sum(len(shape.rows) for shape in picture.shapes) == 3000


def test_bars_fill_the_width() -> None:
    """The segments of a language fill the whole length of its bar without gaps."""
    picture = draw(page_rows(harbour()), LANGUAGES)
    spans = sorted(
        (float(left), float(right))
        for shape in picture.shapes
        for left, top, right in re.findall(r"M([\d.]+) (\d+)H([\d.]+)", shape.bars)
        if top == "0"
    )
    assert spans[0][0] == 0
    assert spans[-1][1] == picture.width
    assert all(before[1] == after[0] for before, after in pairwise(spans))


def test_no_rows_give_a_page(tmp_path: Path) -> None:
    """An alignment without rows gives a page without rows, not a crash."""
    tree = _tree(replace(harbour(), rows=()), tmp_path)
    assert not tree.find_class("row")
    assert _texts(tree, "//h1") == ["Lending of sea charts"]


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(OutputError, match=r"nowhere.*page\.html"):
        write_alignment(harbour(), tmp_path / "nowhere" / "page.html")


def _long(size: int, doubtful: int) -> Alignment:
    """Return an alignment of short paragraphs in two languages, one of them doubtful."""
    rows = tuple(
        Row(
            f"r{place}",
            Level.PARAGRAPH,
            BlockKind.PLAIN.value,
            None,
            0.2 if place == doubtful else 0.97,
            {"en": f"Buoy {place}.", "fr": f"Bouée {place}."},
            {"en": (place,), "fr": (place,)},
            None,
        )
        for place in range(size)
    )
    documents = tuple(
        Document(language, tuple(Block(BlockKind.PLAIN, row.texts[language]) for row in rows))
        for language in ("en", "fr")
    )
    return Alignment(documents, rows, harbour().signature)


def test_moved_rows_are_marked(tmp_path: Path) -> None:
    """A row that is at another place in one language is marked as moved, and no other is."""
    rows = [
        make_row({"zh": "甲。", "en": "A."}),
        replace(make_row({"zh": "乙。", "en": "B."}, 1), moved=True),
    ]
    tree = _tree(make_alignment(rows, ("zh", "en")), tmp_path)
    marks = [_texts(row, ".//span[@class='shape']") for row in tree.find_class("row")]
    assert marks == [[], ["moved"]]
