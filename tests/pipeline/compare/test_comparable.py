"""The forms in which texts are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.compare.comparable import as_seen, comparable, comparable_places
from support_lookup import SIX, sample_texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("大會決定繼續處理此案。", "大会决定继续处理此案。"),
        ("ＡＢＣ１２３", "abc123"),
        ("قَرَّرَت اللجنـــة", "قررت اللجنة"),
        ("« l’État »", '" l\'état "'),
        ("١٢٣ – ۴۵", "123 - 45"),
        ("Ежегодный Доклад", "ежегодный доклад"),
    ],
)
def test_what_makes_no_difference(one: str, other: str) -> None:
    """Case, script, width, vowel marks, quotation marks, dashes and digits are folded."""
    assert comparable(as_seen(one)) == comparable(as_seen(other))


@pytest.mark.parametrize(
    ("one", "other"), [("cote", "côté"), ("мир", "мор"), ("会议", "会义"), ("1,5", "15")]
)
def test_what_makes_a_difference(one: str, other: str) -> None:
    """Accented letters, other letters and separators are kept apart."""
    assert comparable(as_seen(one)) != comparable(as_seen(other))


def test_white_space_belongs_to_the_layout() -> None:
    """Line breaks, tabs and spaces of any kind become one space, and decomposed letters are composed."""
    assert as_seen(" Le\u00a0Comité\n\tse  réunit\u202f: ") == "Le Comité se réunit :"
    assert as_seen(unicodedata.normalize("NFD", "réunie")) == "réunie"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_places_refer_to_the_text(text: str) -> None:
    """Each character of the comparable form is in the comparable form of the character at its place in the text."""
    seen = as_seen(text)
    folded, places = comparable_places(seen)
    assert folded == comparable(seen)
    assert len(places) == len(folded) + 1 and places[-1] == len(seen)
    assert places == sorted(places)
    assert all(folded[k] in comparable(seen[places[k]]) for k in range(len(folded)))


@pytest.mark.parametrize("language", SIX)
def test_it_is_stable(language: str) -> None:
    """The comparable form of a comparable form is the same."""
    for text in sample_texts(language):
        once = comparable(as_seen(text))
        assert comparable(once) == once
