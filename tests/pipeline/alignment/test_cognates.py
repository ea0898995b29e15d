"""Words that related languages write alike."""

from __future__ import annotations

import pytest

from hexapla.alignment.anchors import cognates

ALIKE = [
    ("commission", "Kommission", "comisión", "комиссия", "commissione"),
    ("Organisation", "organización", "организация", "organizações"),
    ("geography", "géographie", "geografía", "география", "Geografie"),
    ("Himalaya", "HIMALAYA", "Himálaya"),
    ("Theodore", "Teodoro", "Теодор"),
]


@pytest.mark.parametrize("words", ALIKE, ids=lambda words: str(words[0]))
def test_cognates_have_one_spelling(words: tuple[str, ...]) -> None:
    """Case, diacritics, script, double letters and endings make no difference."""
    assert len({cognates(word) for word in words}) == 1


def test_short_words_are_left_out() -> None:
    """Words of three letters are alike by chance."""
    assert cognates("Der See lag im Tal, 1234.") == frozenset()


@pytest.mark.parametrize("text", ["联合国大会通过决议", "テスト会議", "", "12 345", "การประชุม"])
def test_what_is_written_without_spaces_has_no_words(text: str) -> None:
    """Nothing is made of scripts without spaces between words, of figures and of nothing."""
    assert cognates(text) == frozenset()


def test_names_in_another_script_are_found() -> None:
    """Latin names inside a Chinese text are words."""
    assert cognates("马丁·Schneider先生说") == cognates("schneider")
