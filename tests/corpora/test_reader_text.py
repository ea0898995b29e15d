"""Plain text."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from hexapla_corpora.readers.text import plain_paragraphs, read_paragraphs
from support_texts import LONG

PATH = Path("paper.txt")


def _read(text: str) -> list[str]:
    return [paragraph.text for paragraph in read_paragraphs(text.encode(), PATH)]


def _wrapped(text: str, columns: int) -> str:
    if text.isascii() or "，" not in text:
        return textwrap.fill(text, columns)
    return "\n".join(text[start : start + columns // 2] for start in range(0, len(text), columns // 2))


@pytest.mark.parametrize("columns", [45, 64, 78])
@pytest.mark.parametrize("between", ["\n\n", "\n"], ids=["blank lines", "no blank lines"])
@pytest.mark.parametrize("language", LONG)
def test_wrapped_lines_are_joined(language: str, between: str, columns: int) -> None:
    """Lines that fill a width are joined to paragraphs, with and without blank lines between paragraphs."""
    paragraphs = LONG[language].strip().split("\n\n")
    assert _read(between.join(_wrapped(paragraph, columns) for paragraph in paragraphs)) == paragraphs


@pytest.mark.parametrize("language", LONG)
def test_one_paragraph_on_each_line(language: str) -> None:
    """Without blank lines, lines of uneven length are paragraphs."""
    paragraphs = LONG[language].strip().split("\n\n")
    assert _read("\n".join(["Annex I", *paragraphs, *paragraphs])) == ["Annex I", *paragraphs, *paragraphs]


def test_short_lines_stay_apart() -> None:
    """A list of names is not joined to a paragraph."""
    assert _read("Northern Port\nEastern Port\nLock Seven\nThe Island\n") == [
        "Northern Port",
        "Eastern Port",
        "Lock Seven",
        "The Island",
    ]


def test_items_and_footnotes_begin_paragraphs() -> None:
    """Printed numbers, bullets and footnote marks after a clause begin a paragraph even without a blank line."""
    text = (
        "The Committee requests the secretariat of the river commission to:\n"
        "(a) Collect the readings of all ports that lie between the two\n"
        "locks before the next session, and publish them in its report;¹\n"
        "(b) Report on the cost.\n"
        "¹ The readings of the winter are not complete.\n"
    )
    assert _read(text) == [
        "The Committee requests the secretariat of the river commission to:",
        "(a) Collect the readings of all ports that lie between the two locks before the next session, and "
        "publish them in its report;¹",
        "(b) Report on the cost.",
        "¹ The readings of the winter are not complete.",
    ]


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("publi-", "cation", "publication"),
        ("non-", "navigable", "non-navigable"),
        ("river-", "bank", "river-bank"),
        ("commis-", "sion", "commission"),
        ("Inter-", "American", "Inter-American"),
        ("2025-", "2030", "2025-2030"),
        ("co\xad", "operation", "cooperation"),
    ],
)
def test_hyphens_at_line_ends(left: str, right: str, joined: str) -> None:
    """A word divided at a line end is rejoined; compounds, figures and names keep their hyphen."""
    text = (
        "The river and its bank are watched by the commission, with a publication\n"
        f"of its own on what passes between the locks, in words such as {left}\n"
        f"{right}, which stand at the end of a line and continue after it."
    )
    assert f"such as {joined}, which" in _read(text)[0]


def test_form_feeds_end_pages() -> None:
    """A form feed ends a page, and cuts a paragraph that continues after it."""
    paragraphs = read_paragraphs("One.\n\nTwo begins\n\x0cand ends.\n\nThree.\n\x0c".encode("utf-16"), PATH)
    assert [(p.text, p.ends_page, p.origin.page, p.origin.line) for p in paragraphs] == [
        ("One.", False, 1, 1),
        ("Two begins", True, 1, 3),
        ("and ends.", False, 2, 4),
        ("Three.", True, 2, 6),
    ]


def test_numbers_and_spaces() -> None:
    """Typed numbers and no-break spaces inside stay; layout spaces are removed."""
    assert _read("\u3000\u3000一、\u3000欢迎\n\n1 -   نص\n\n  Question\xa0; oui\xa0\n") == [
        "一、 欢迎",
        "1 - نص",
        "Question\xa0; oui",
    ]


def test_lines_are_counted_from_the_given_line() -> None:
    """Lines in a part of a file are counted from the line at which the part begins."""
    assert [paragraph.origin.line for paragraph in plain_paragraphs("\none\n\ntwo", first_line=10)] == [
        11,
        13,
    ]
