"""The forms in which texts are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.compare.comparable import as_seen, comparable, comparable_places
from support_lookup import SIX, sample_texts

WORDS_ONLY = "瞭"
"""Traditional characters that are simplified in some words only."""


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
        ("co\u00adope\u00adration", "cooperation"),
        ("data\u200bbase", "database"),
        ("A\u2060B", "AB"),
        ("\ufeffThe list", "The list"),
        ("code \u200eA/12\u200e", "code A/12"),
        ("heart \u2764\ufe0f", "heart \u2764"),
        ("a\x02b\x7f", "ab"),
        ("رقم \u2067القرار\u2069 (\u200fثان)", "رقم القرار (ثان)"),
        ("اعتماد الإتفاق في أول آب", "اعتماد الاتفاق في اول اب"),
        ("علی کل", "على كل"),
        ("他看著地圖", "他看着地图"),
        ("著名的", "着名的"),
        ("他瞭解情況", "他了解情况"),
        ("衞生、粧容、臺灣、房間裡、裏面", "卫生、妆容、台湾、房间里、里面"),
        ("共 12 個 港口 A", "共12个港口A"),
    ],
)
def test_differences_that_are_ignored(one: str, other: str) -> None:
    """Differences that a reader does not see or count are ignored: case, script, width, vowel marks, invisible characters."""
    assert comparable(as_seen(one)) == comparable(as_seen(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("cote", "côté"), ("мир", "мор"), ("会议", "会义"), ("1,5", "15"), ("a b", "ab"), ("مدرسة", "مدرسه")],
)
def test_differences_that_count(one: str, other: str) -> None:
    """Accented letters, other letters and separators are kept apart."""
    assert comparable(as_seen(one)) != comparable(as_seen(other))


def test_white_space_belongs_to_the_layout() -> None:
    """Line breaks, tabs and spaces of any kind become one space, and decomposed letters are composed."""
    assert as_seen(" Le\u00a0Comité\n\tse  réunit\u202f: ") == "Le Comité se réunit :"
    assert as_seen(unicodedata.normalize("NFD", "réunie")) == "réunie"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.text(st.sampled_from("了瞭解 著著名後a1\u00adأ"), max_size=20))
def test_places_refer_to_the_text(text: str) -> None:
    """Each character of the comparable form is in the comparable form of the character at its place in the text."""
    seen = as_seen(text)
    folded, places = comparable_places(seen)
    assert folded == comparable(seen)
    assert len(places) == len(folded) + 1 and places[-1] == len(seen)
    assert places == sorted(places)
    one_by_one = [comparable(seen[places[k]]) for k in range(len(folded))]
    assert all(folded[k] in part or part in WORDS_ONLY for k, part in enumerate(one_by_one))


@pytest.mark.parametrize("language", SIX)
def test_it_is_stable(language: str) -> None:
    """The comparable form of a comparable form is the same."""
    for text in sample_texts(language):
        once = comparable(as_seen(text))
        assert comparable(once) == once
