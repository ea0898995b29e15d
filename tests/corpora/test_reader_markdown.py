"""Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.readers.markdown import read_paragraphs
from support_texts import ENCODED, LONG

PATH = Path("paper.md")


def _paragraphs(text: str) -> list[Paragraph]:
    return read_paragraphs(text.encode(), PATH)


def _read(text: str) -> list[str]:
    return [paragraph.text for paragraph in _paragraphs(text)]


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
def test_encodings(language: str, encoding: str) -> None:
    """Markdown in every encoding gives its paragraphs with their typed numbers."""
    found = read_paragraphs(LONG[language].encode(encoding), PATH)
    assert [paragraph.text for paragraph in found] == LONG[language].strip().split("\n\n")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (
            "**Welcomes** the _report_ of the [Commission](https://example.org 'x')",
            "Welcomes the report of the Commission",
        ),
        ("resolution [57/32](#) of 2002", "resolution 57/32 of 2002"),
        ("**欢迎**各国，**《公约》**的规定和**（一）**项", "欢迎各国，《公约》的规定和（一）项"),
        ("one\ntwo  \nthree\\\nfour", "one two three four"),
        ("第一\n第二", "第一第二"),
        ("navi-\ngation and navigation", "navigation and navigation"),
        ("Tanzania:* draft \\* x", "Tanzania:* draft * x"),
        ("葡萄牙*和斯洛文尼亚：* *大会*", "葡萄牙*和斯洛文尼亚：* 大会"),
        ("a &lt; b &amp; c, 5 < 6, <State concerned>", "a < b & c, 5 < 6, <State concerned>"),
        ("m<sup>2</sup> and report<sup>1</sup> of the 1<sup>er</sup>", "m² and report¹ of the 1er"),
        ("report,$^{12}$ and^3^ and[^4]", "report,¹² and³ and⁴"),
        ("a<br>b <!-- not this --> `c` ~~d~~", "a b c d"),
        ("![a map](map.png) text", "text"),
        ("    indented like a page of a PDF", "indented like a page of a PDF"),
        ("A** and B**: draft", "A** and B**: draft"),
        ("1\\. Welcomes", "1. Welcomes"),
    ],
)
def test_inline_markup(markdown: str, text: str) -> None:
    """Markup is removed, printed text stays."""
    assert _read(markdown) == [text]


@pytest.mark.parametrize(
    "line",
    [
        "1. 欢迎各国",
        "7. Welcomes",
        "31) Decides",
        "007. Notes",
        "2024. The year began",
        "1 - ترحب",
        "١ - ترحب",
        "(a) First",
        "（一）第一",
        "一、第一",
        "第十二条",
        "I. Introduction",
        "1. - both",
        "¹ Report 12.",
        "** Second note",
        "1.",
    ],
)
def test_typed_numbers(line: str) -> None:
    """A typed number stays in the text as it was typed."""
    assert _read(f"Before.\n\n{line}\n\nAfter.") == ["Before.", line, "After."]


def test_numbers_are_not_recounted() -> None:
    """Numbers that a Markdown parser would count from the first are kept as typed."""
    assert _read("1. a\n1. b\n5. c\n\n¹ note\n\n7. d") == ["1. a", "1. b", "5. c", "¹ note", "7. d"]


def test_kinds_levels_and_lines() -> None:
    """Headings and bullets have a kind and level; numbered paragraphs are classified later."""
    found = _paragraphs(
        "# Title\n\n1. One\n   - bullet\n     - deeper;\n   (a) text\n\nSub\n---\n\n- top\n\n  more"
    )
    assert [(p.text, p.kind, p.level, p.origin.line) for p in found] == [
        ("Title", BlockKind.HEADING, 1, 1),
        ("1. One", None, 0, 3),
        ("bullet", BlockKind.LIST_ITEM, 2, 4),
        ("deeper;", BlockKind.LIST_ITEM, 3, 5),
        ("(a) text", None, 0, 6),
        ("Sub", BlockKind.HEADING, 2, 8),
        ("top", BlockKind.LIST_ITEM, 1, 11),
        ("more", None, 0, 13),
    ]


def test_lines_that_begin_items() -> None:
    """Items and footnotes on their own lines are paragraphs even without blank lines between them."""
    text = "1. Requests:\n(a) The first;\n(b) The second;¹\n¹ A note.\n² Another\nthat goes on."
    assert _read(text) == [
        "1. Requests:",
        "(a) The first;",
        "(b) The second;¹",
        "¹ A note.",
        "² Another that goes on.",
    ]


def test_an_asterisk_that_marks_a_word() -> None:
    """A lone item after an asterisk is a footnote if the text has the mark."""
    found = _paragraphs("Tanzania:* draft resolution\n\n* Any changes will be recorded.\n\n- bullet")
    assert [(p.text, p.kind) for p in found][1:] == [
        ("* Any changes will be recorded.", BlockKind.FOOTNOTE),
        ("bullet", BlockKind.LIST_ITEM),
    ]


@pytest.mark.parametrize("text", ["No mark\n\n* item", "A mark*\n\n* one\n* two"])
def test_an_asterisk_that_is_a_bullet(text: str) -> None:
    """Asterisks of lists, and those to which no word refers, are bullets."""
    found = _paragraphs(text)[1:]
    assert all(p.kind is BlockKind.LIST_ITEM and not p.text.startswith("*") for p in found)


def test_markdown_footnotes() -> None:
    """A reference and its note have the same mark: a numeric label, or the position of the first reference."""
    notes = "[^1]: First\n    goes on.\n\n[^long]: Second.\n\n    More.\n\n[^9]: Unused."
    text = f"One[^1] and[^long] three[^3]\n\n{notes}"
    found = _paragraphs(text)
    assert [p.text for p in found] == [
        "One¹ and² three³",
        "¹ First goes on.",
        "² Second.",
        "More.",
        "⁹ Unused.",
    ]
    assert {p.kind for p in found[1:]} == {BlockKind.FOOTNOTE}


def test_footnotes_that_look_like_link_definitions() -> None:
    """Notes written as "[1]: text" are text; only addresses are link targets."""
    assert _read("As in [1].\n\n[1]: A/51/402") == ["As in [1].", "[1]: A/51/402"]
    assert _read("As in [the report][1].\n\n[1]: https://example.org") == ["As in the report."]


def test_tables() -> None:
    """Cells are in reading order, without empty ones and with surplus ones, in Markdown and HTML tables."""
    text = (
        "| Port | Level |\n|---|---|\n| North | **3** |\n| South | | low |\n\n<table><tr><td>a<td>b</table>"
    )
    found = _paragraphs(text)
    assert [p.text for p in found] == ["Port", "Level", "North", "3", "South", "low", "a", "b"]
    assert {p.kind for p in found} == {BlockKind.TABLE_CELL}
    assert [p.origin.line for p in found] == [1, 1, 3, 3, 4, 4, 6, 6]


@pytest.mark.parametrize("lead", [("> ", "> "), ("- ", "  "), ("> - ", ">   ")])
def test_tables_in_quotations_and_lists(lead: tuple[str, str]) -> None:
    """The marks of a quotation or list around a table are not cells."""
    rows = ("| Port | Level |", "|---|---|", "| North | 3 | low |")
    text = "\n".join(lead[min(number, 1)] + row for number, row in enumerate(rows))
    assert _read(text) == ["Port", "Level", "North", "3", "low"]


def test_a_heading_without_text() -> None:
    """A picture above a line of hyphens does not change the paragraph before it."""
    assert _read("![logo](a.png)\n---\n\nText;\n") == ["Text;"]
    (before,) = _paragraphs("# Title;\n\n![logo](a.png)\n---\n")
    assert (before.kind, before.ends_page) == (BlockKind.HEADING, False)


def test_page_ends() -> None:
    """Form feeds and rules end pages, even right below a clause; asterisks between paragraphs do not."""
    found = _paragraphs("One\n\n---\n\nTwo;\n---\nThree\n\x0cFour\n\n* * *\n\nFive")
    assert [(p.text, p.kind, p.ends_page, p.origin.page) for p in found] == [
        ("One", None, True, 1),
        ("Two;", None, True, 1),
        ("Three", None, True, 1),
        ("Four", None, False, 2),
        ("Five", None, False, 2),
    ]


def test_front_matter_quotes_and_code() -> None:
    """Front matter is left out, quotes and code are read, and a rule at the start is not front matter."""
    assert _read("---\ntitle: x\nlang: en\n---\n> quoted\n> text\n\n```\ncode\n```") == [
        "quoted text",
        "code",
    ]
    assert _paragraphs("---\ntitle: x\n---\ntext")[0].origin.line == 4
    assert _read("---\n\ntext\n\n---\n\nmore") == ["text", "more"]


@given(
    st.lists(st.from_regex(r"[a-zа-яا-ي一-龥0-9.,;()*_\[\]>#|`~^!\\ -]{1,40}", fullmatch=True), max_size=6)
)
def test_no_letter_is_lost(lines: list[str]) -> None:
    """Whatever the markup, no word is lost outside tags, link targets and names of code blocks."""
    text = "\n\n".join(lines)
    words = [
        word
        for line in lines
        if not set(line) & set("[]!") and not line.lstrip(" >").startswith(("```", "~~~"))
        for word in line.split()
        if word.isalpha() and len(word) > 2
    ]
    printed = " ".join(_read(text))
    assert all(word in printed for word in words)
