"""Text normalisation shared by alignment, comparison and memory."""

from __future__ import annotations

import re
import unicodedata

from hexapla_corpora.languages import spaced
from hexapla_corpora.variants import to_simplified

_ARABIC_LETTER = re.compile("[\u0620-\u064a]")
_SPACE = "[ \u00a0\u202f]"
_GROUPS = re.compile(
    rf"(?<![\d.,])(?<!\d[ \u00a0\u202f])\d{{3}}(?:{_SPACE}\d{{3}}){{0,4}}{_SPACE}\d{{1,3}}(?!{_SPACE}?\d)(?![.,]\d)"
)  # no more groups than a number has, so that the search stays linear
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_ARABIC_MARKS = re.compile(
    r"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)  # vowel marks and tatweel


def western_digits(text: str) -> str:
    """Return the text with the decimal digits of all scripts (٣, ３) replaced with 0 to 9."""
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def with_thousands_in_order(text: str) -> str:
    """Return an Arabic text with its numbers in the order of their value: "12 000" for "000 12".

    Documents of the United Nations in Arabic print groups of three digits so that they look right from right to left,
    which leaves the first group last in the text. Only numbers that have no other reading are changed: those whose last
    group has one or two digits, or whose first group begins with a zero.

    Args:
        text: a text in any language.

    Returns:
        A text of the same length.
    """
    if not _ARABIC_LETTER.search(text):
        return text
    return _GROUPS.sub(_in_order, text)


def _in_order(found: re.Match[str]) -> str:
    *rest, last = re.split(_SPACE, found[0])
    if unicodedata.decimal(last[0]) == 0 or (len(last) == 3 and unicodedata.decimal(rest[0][0])):
        return found[0]
    return found[0][3].join((last, *reversed(rest)))


def matching_text(text: str, language: str) -> str:
    """Return the text in the form that encoders handle best: Simplified Chinese, Western digits, no vowel marks."""
    if text.isascii():
        return text
    western = _ARABIC_MARKS.sub("", western_digits(text))
    return to_simplified(western) if language.lower().startswith(("zh", "yue")) else western


def joiner(language: str) -> str:
    """Return the separator between two sentences of a language: a space, or nothing."""
    return " " if spaced(language) else ""
