"""HTML pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.readers.html import html_paragraphs, read_paragraphs
from support_texts import ENCODED, LONG

PATH = Path("page.html")


def _page(language: str, head: str) -> str:
    return (
        f"<html><head>{head}</head><body><p>"
        + "<p>".join(LONG[language].strip().split("\n\n"))
        + "</body></html>"
    )


def _texts(paragraphs: list[Paragraph]) -> list[str]:
    return [paragraph.text for paragraph in paragraphs]


@pytest.mark.parametrize(("language", "encoding"), [*ENCODED, *((language, "utf-8") for language in LONG)])
@pytest.mark.parametrize(
    "head",
    [
        "",
        '<meta charset="{encoding}">',
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
        '<meta charset="utf-8">',
    ],
    ids=["no charset", "right charset", "Latin-1 declared", "UTF-8 declared"],
)
def test_encodings(head: str, language: str, encoding: str) -> None:
    """A page is decoded correctly whether its charset is right, missing or wrong."""
    data = _page(language, head.format(encoding=encoding)).encode(encoding)
    assert _texts(read_paragraphs(data, PATH)) == LONG[language].strip().split("\n\n")


def test_xml_declaration() -> None:
    """The encoding in an XML declaration is used, and <title/> does not swallow the page."""
    page = (
        '<?xml version="1.0" encoding="iso-8859-2"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        "<body><p>Żegluga i łodzie są małe<br/>w porcie</p></body></html>"
    )
    assert _texts(read_paragraphs(page.encode("iso-8859-2"), PATH)) == ["Żegluga i łodzie są małe w porcie"]


def test_blocks_in_reading_order() -> None:
    """Headings, paragraphs, loose text and table cells are read in order, each with its line."""
    page = (
        "<body>loose<h1>Title</h1>\n<header><h2>Preamble</h2><p>One <b>bold</b> word</p></header>\n<div>"
        "before<p>in</p>after</div>\n<table><caption>Levels</caption><tr><th>Port<td>3<td> <tr><td>South"
        "</table><dl><dt>term<dd>what it is</dl>"
    )
    assert [(p.text, p.kind, p.level, p.origin.line) for p in html_paragraphs(page)] == [
        ("loose", None, 0, 1),
        ("Title", BlockKind.HEADING, 1, 1),
        ("Preamble", BlockKind.HEADING, 2, 2),
        ("One bold word", None, 0, 2),
        ("before", None, 0, 3),
        ("in", None, 0, 3),
        ("after", None, 0, 3),
        ("Levels", None, 0, 4),
        ("Port", BlockKind.TABLE_CELL, 0, 4),
        ("3", BlockKind.TABLE_CELL, 0, 4),
        ("South", BlockKind.TABLE_CELL, 0, 4),
        ("term", None, 0, 4),
        ("what it is", None, 0, 4),
    ]


def test_cells_that_lay_out_a_page() -> None:
    """Paragraphs in a table used only for layout are not table cells."""
    found = html_paragraphs(
        "<table><tr><td><h1>Title</h1><p>One</p><table><tr><td>3</td></tr></table></td></tr></table>"
    )
    assert [p.kind for p in found] == [BlockKind.HEADING, None, BlockKind.TABLE_CELL]


def test_lists() -> None:
    """Automatic numbers follow start, type and value; typed numbers stay in the text."""
    page = (
        '<ol start="3"><li>a<ol type="a"><li>x<li><p>y<p>more</ol><li value="9"><p>b<li>10. c</ol>'
        "<ul><li>bullet</ul>"
        '<ol type="I" reversed><li>p<li>q</ol><ol style="list-style: none"><li>(a) typed</ol>'
    )
    assert [(p.text, p.number, p.level) for p in html_paragraphs(page)] == [
        ("a", "3.", 1),
        ("x", "a.", 2),
        ("y", "b.", 2),
        ("more", None, 0),
        ("b", "9.", 1),
        ("10. c", None, 1),
        ("bullet", None, 1),
        ("p", "II.", 1),
        ("q", "I.", 1),
        ("(a) typed", None, 1),
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("report<sup>1</sup> and<sup>[2]</sup>", "report¹ and²"),
        ('report<a href="#fn3" role="doc-noteref">3</a>', "report³"),
        ('report<sup><a href="#cite_note-4">[4]</a></sup>', "report⁴"),
        ('report<a href="#_ftn5"><span class="MsoFootnoteReference"><sup>[5]</sup></span></a>', "report⁵"),
        ('report<a href="#ftna"><sup>a</sup></a>', "reportᵃ"),
        ("report<sup>6,7</sup> States<sup>*</sup>", "report⁶,⁷ States*"),
        ("1<sup>er</sup> n<sup>o</sup> 2 m<sup>2</sup> 3<sup>a</sup>", "1er no 2 m² 3a"),
        ('<a href="#part1">1</a> part', "1 part"),
    ],
)
def test_footnote_marks(markup: str, text: str) -> None:
    """Raised figures and references to notes become superscripts; ordinals and other links stay."""
    assert _texts(html_paragraphs(f"<p>{markup}</p>")) == [text]


@pytest.mark.parametrize(
    "notes",
    [
        '<section role="doc-endnotes"><hr><ol><li id="fn1"><p>First. '
        '<a href="#r1" role="doc-backlink">↩︎</a></p>'
        '<li id="fn2"><p>Second. <a href="#r2">↩</a></p></ol></section>',
        '<div class="footnotes"><p><sup>1</sup> First.</p><p><sup>2</sup> Second.</p></div>',
        '<p class="MsoFootnoteText"><a href="#_ftnref1"><span class="MsoFootnoteReference">[1]</span></a> '
        "First.</p>"
        '<div id="ftn2"><p><a href="#_ftnref2"><sup>[2]</sup></a> Second.</p></div>',
        '<aside role="doc-footnote"><sup>1</sup> First.</aside>'
        '<footer><p class="footnote"><sup>2</sup> Second.</footer>',
    ],
    ids=["pandoc", "class", "Word", "aside and footer"],
)
def test_footnotes(notes: str) -> None:
    """Notes of pandoc, Word and others begin with their mark, without the link back."""
    found = html_paragraphs(f"<body><p>Text.</p>{notes}</body>")[1:]
    assert [(p.text, p.kind, p.number) for p in found] == [
        ("¹ First.", BlockKind.FOOTNOTE, None),
        ("² Second.", BlockKind.FOOTNOTE, None),
    ]


def test_line_breaks() -> None:
    """One <br> joins lines, two separate paragraphs; items are paragraphs; Chinese lines are joined without a space."""
    page = "<p>one<br>two<br/> <br>three</p><p>(a) x;<br>(b) y</p><p>第一<br>第二\n第三</p>"
    assert _texts(html_paragraphs(page)) == ["one two", "three", "(a) x;", "(b) y", "第一第二第三"]


def test_preformatted_text() -> None:
    """Text in <pre> is read like plain text."""
    assert _texts(html_paragraphs("<pre>\n   TITLE\n\n1. One\n\n2. Two</pre>")) == [
        "TITLE",
        "1. One",
        "2. Two",
    ]


def test_hidden_content() -> None:
    """Scripts, hidden text and site furniture are left out; a page's header and signature stay."""
    page = (
        "<head><title>t</title><style>p{}</style></head><nav>menu</nav><header><p>Preamble</p></header>"
        '<script>x()</script><p hidden>h<p style="display: none">d<p>Te<!-- c -->xt<aside>aside</aside>'
        '<div role="navigation">n</div><footer><p>Signed</p></footer><footer>© The Commission</footer>'
        "<button>Print</button><noscript>n</noscript>"
    )
    assert _texts(html_paragraphs(page)) == ["Preamble", "Text", "Signed"]


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("", []),
        ("<p>", []),
        ("just text & 5 < 6", ["just text & 5 < 6"]),
        ("<p>unclosed <i>word<p>next &eacute;&foo; &#x200f;x", ["unclosed word", "next é&foo; x"]),
        ("</div></p>text</b>", ["text"]),
        ('<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>a&x;b', ["a&x;b"]),
    ],
)
def test_broken_pages(page: str, texts: list[str]) -> None:
    """Broken pages give their text, and no external resource is loaded."""
    assert [text.replace("]> ", "") for text in _texts(html_paragraphs(page)) if text != "]>"] == texts


def test_deep_pages() -> None:
    """A page with a thousand nested elements is read."""
    assert _texts(html_paragraphs("<div>" * 1000 + "deep" + "</div>" * 1000)) == ["deep"]


TAGS = "<p> </p> <li> <ol> </ol> <td> <sup> </sup> <br> <pre> </pre> <h1> <div> </div> word"


@given(st.lists(st.sampled_from(TAGS.split())))
def test_any_markup(pieces: list[str]) -> None:
    """No word is lost, whatever the order of tags."""
    printed = "".join(_texts(html_paragraphs("".join(pieces))))
    assert printed.count("word") == pieces.count("word")
