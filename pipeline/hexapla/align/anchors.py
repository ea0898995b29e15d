"""Anchors: what a text prints alike in every language, such as figures, symbols, marks and names in Latin script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from hexapla.align.numerals import chinese_numbers

_NUMBER = re.compile(r"\d{1,3}(?:[.,\u066c\u00a0\u202f\u2009 ’']\d{3})+(?!\d)|\d+")
_SYMBOL = re.compile(r"\b[A-Z]{1,6}(?:/[A-Z0-9.()-]+)+", re.ASCII)
_LATIN = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|[A-Z]{2,}", re.ASCII)
_MARK = re.compile(r"[¹²³⁰⁴⁵⁶⁷⁸⁹]+|(?<!\*)\*(?!\*)")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_BEHIND = " \u00a0\u202f\"'”’»›)]}」』）》】*¹²³⁰⁴⁵⁶⁷⁸⁹"
_ENDINGS = {
    mark: number
    for number, marks in enumerate((".。．…۔", "?？؟", "!！", ":：", ";；؛,，、،"), start=1)
    for mark in marks
}


@lru_cache(maxsize=4096)  # a paragraph of one sentence is asked for twice
def anchors(text: str) -> frozenset[str]:
    """What a text prints that its translations print too.

    Args:
        text: a segment in any language.

    Returns:
        Figures without separators of thousands and in Western digits ("2030", also for "二〇三〇"), document symbols
        ("A/79/L.92"), acronyms ("UNESCO") and footnote marks ("^4", "^*").
    """
    marks = {"^" + unicodedata.normalize("NFKC", mark) for mark in _MARK.findall(text)}
    plain = western_digits(_MARK.sub(" ", text))
    symbols = set(_SYMBOL.findall(plain))
    rest = _SYMBOL.sub(" ", plain)
    numbers = {re.sub(r"\D", "", number).lstrip("0") or "0" for number in _NUMBER.findall(rest)}
    numbers |= chinese_numbers(rest)
    return frozenset(marks | symbols | numbers | set(_LATIN.findall(rest)))


def ending(text: str) -> int:
    """Class of the mark that ends a segment, behind which quotes, brackets and footnote marks may stand.

    Args:
        text: a segment in any language.

    Returns:
        1 for a full stop, 2 a question mark, 3 an exclamation mark, 4 a colon, 5 a semicolon or comma, 0 for none.
    """
    bare = text.rstrip(_BEHIND)
    return _ENDINGS.get(bare[-1:], 0)


def western_digits(text: str) -> str:
    """The text with the decimal digits of all scripts (٣, ３) as 0 to 9."""
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
