"""The match percentage by edit distance."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.percentage import in_percent, percentage, word_similarity, words
from hexapla_corpora.languages import spaced

LETTERS = "ab会éЖج1 .,"


def edit_distance(one: Sequence[object], other: Sequence[object]) -> int:
    """Levenshtein distance by the algorithm of Wagner and Fischer, as an oracle."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def share(one: Sequence[object], other: Sequence[object]) -> float:
    return 1 - edit_distance(one, other) / max(len(one), len(other), 1)


@settings(max_examples=200, deadline=None)
@given(
    st.text(LETTERS, max_size=30), st.text(LETTERS, max_size=30), st.sampled_from(["zh", "en", "ar", "ru"])
)
def test_it_is_one_minus_the_edit_distance(query: str, source: str, language: str) -> None:
    """A percentage follows from the edit distance by character, or by word in languages with spaces."""
    query, source = as_seen(query), as_seen(source)
    folded = comparable(query), comparable(source)
    expected = share(*folded)
    if language != "zh":
        expected = max(expected, share(*(words(text) for text in folded)))
    found = percentage(query, source, language)
    assert found == (100 if query == source else min(99, int(expected * 100 + 1e-9)))


@pytest.mark.parametrize(
    ("language", "query", "source", "expected"),
    [
        ("zh", "请秘书长向大会报告。", "请秘书长向安理会报告。", 81),  # 2 of 11 characters
        ("en", "The tide gauges are read daily.", "The tide gauges are read hourly.", 87),  # 4 of 32
        (
            "fr",
            "Les marégraphes sont relevés chaque jour.",
            "Les marégraphes sont relevés chaque mois.",
            92,
        ),  # 3 of 41
        ("es", "Pide un informe anual.", "Pide un informe internacional.", 80),  # one word of 5
        ("ru", "Просит представить доклады.", "Просит представить доклад.", 96),  # 1 of 27
        ("ar", "تقرر اللجنة أن تجتمع غدا.", "تقرر اللجنة أن تجتمع اليوم.", 83),  # one word of 6
    ],
)
def test_examples_in_six_languages(language: str, query: str, source: str, expected: int) -> None:
    """Chinese is compared by character; an inflected word costs the changed letters, another word costs one word."""
    assert percentage(query, source, language) == expected


@pytest.mark.parametrize(
    ("language", "query", "source"),
    [
        ("en", "THE COMMITTEE", "The Committee"),
        ("zh-Hant", "請秘書長報告", "请秘书长报告"),
        ("ar", "مُحَمَّد", "محمد"),
        ("fr", "l’eau", "l'eau"),
        ("ar", "المادة ٣", "المادة 3"),
    ],
)
def test_only_texts_that_look_the_same_have_a_hundred(language: str, query: str, source: str) -> None:
    """Differences in case, script, vowel marks, quotation marks and digits cost one per cent together."""
    assert percentage(query, source, language) == 99


def test_it_is_rounded_down() -> None:
    """A percentage is never higher than the similarity."""
    assert [in_percent(value) for value in (0.7499, 0.75, 0.9999, 1.0, 0.29 + 0.46)] == [74, 75, 99, 99, 75]


def test_very_long_texts_are_compared_only_by_character() -> None:
    """The similarity by word is left out where it would take too long."""
    assert word_similarity("a " * 3000, "a " * 3000) == 0
    assert percentage("a " * 3000, "b " + "a " * 2999, "en") == 99


@pytest.mark.parametrize(
    ("language", "expected"), [("zh-Hant", False), ("ja", False), ("ru", True), ("ar", True)]
)
def test_languages_with_words(language: str, expected: bool) -> None:
    """Chinese and Japanese have no spaces between words."""
    assert spaced(language) is expected
