"""Differences between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.highlights import Span, differences
from support_lookup import SIX, near_duplicates, sample_texts


def marked(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("language", "query", "source", "new", "old"),
    [
        ("zh", "请秘书长向大会报告", "请秘书长向安理会报告", ["大"], ["安理"]),
        (
            "en",
            "The tide gauges are read daily.",
            "The gauges are read hourly.",
            ["tide", "daily"],
            ["hourly"],
        ),
        ("fr", "Le 3 mai, le Comité", "Le 14 mai, le Comité", ["3"], ["14"]),
        ("es", "Pide un nuevo informe anual.", "Pide un informe.", ["nuevo", "anual"], []),
        ("ru", "Просит доклад", "Просит представить доклад", [], ["представить"]),
        ("ar", "تجتمع اللجنة غدا", "تجتمع اللجنة اليوم", ["غدا"], ["اليوم"]),
        ("zh", "预算为1,500美元", "预算为1,600美元", ["1,500"], ["1,600"]),
    ],
)
def test_differences_are_marked(
    language: str, query: str, source: str, new: list[str], old: list[str]
) -> None:
    """Whole words are marked, or characters in languages without spaces; figures are always marked whole."""
    found = differences(query, source, language)
    assert marked(query, found.query) == new
    assert marked(source, found.source) == old


def test_ignored_differences_are_marked_only_if_nothing_else_differs() -> None:
    """Traditional characters are not marked if there is another difference; case is marked if there is none."""
    found = differences("大會請秘書長報告", "大会请主席报告", "zh")
    assert marked("大會請秘書長報告", found.query) == ["秘書長"]
    assert marked("THE Committee", differences("THE Committee", "The Committee", "en").query) == ["THE"]


@pytest.mark.parametrize("language", SIX)
def test_unmarked_text_is_the_same(language: str) -> None:
    """Without the marked stretches both texts have the same words; equal texts have none marked."""
    for query, source in zip(
        near_duplicates(language, 60), near_duplicates(language, 60, seed=1), strict=True
    ):
        query, source = as_seen(query), as_seen(source)
        found = differences(query, source, language)
        rests = [rest(query, found.query), rest(source, found.source)]
        assert rests[0] == rests[1]
        assert differences(query, query, language) == differences("", "", language)


def rest(text: str, spans: tuple[Span, ...]) -> str:
    """The text without some stretches and without white space, as they are compared."""
    kept, done = "", 0
    for start, end in spans:
        kept, done = kept + text[done:start], end
    return comparable("".join((kept + text[done:]).split()))


@settings(max_examples=100, deadline=None)
@given(st.text("ab c会1.", max_size=30), st.text("ab c会1.", max_size=30))
def test_marks_are_in_order(query: str, source: str) -> None:
    """Stretches are not empty, lie inside their text, and follow each other."""
    found = differences(query, source, "en")
    for text, spans in ((query, found.query), (source, found.source)):
        ends = [0, *(place for span in spans for place in span), len(text)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in spans)


def test_long_texts() -> None:
    """In texts of 100,000 characters the common ends are found, and everything between them is marked."""
    text = " ".join(sample_texts("en") * 30)[:100_000]
    found = differences("a new start " + text, text, "en")
    assert marked("a new start " + text, found.query) == ["a new start"]
