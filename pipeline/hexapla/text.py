"""Text normalisation shared by alignment, comparison and memory."""

from __future__ import annotations

import re
import unicodedata

from hexapla_corpora.languages import spaced
from hexapla_corpora.variants import to_simplified

_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_ARABIC_MARKS = re.compile(
    r"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)  # vowel marks and tatweel


def western_digits(text: str) -> str:
    """Return the text with the decimal digits of all scripts (٣, ３) replaced with 0 to 9."""
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def matching_text(text: str, language: str) -> str:
    """Return the text in the form that encoders handle best: Simplified Chinese, Western digits, no vowel marks."""
    if text.isascii():
        return text
    western = _ARABIC_MARKS.sub("", western_digits(text))
    return to_simplified(western) if language.lower().startswith(("zh", "yue")) else western


def joiner(language: str) -> str:
    """Return the separator between two sentences of a language: a space, or nothing."""
    return " " if spaced(language) else ""
