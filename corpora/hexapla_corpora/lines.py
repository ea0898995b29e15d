"""What the look of a line tells: how it ends, how it begins, how wide it is printed."""

from __future__ import annotations

import re
import unicodedata

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARKS = rf"[{SUPERSCRIPTS}⁽⁾ᵃ-ᶻ*†‡]"
_TAIL = 200  # no longer run of marks, quotes and brackets ends a line
_BEGINNING = 1_000
_TRAILING = re.compile(rf"(?:{_MARKS}|\[\d{{1,3}}\]|[\s»”’\"'“」』）)\]\u200e\u200f])+$")
_OPENING = re.compile(r"^[\s«“‘\"'(（\[¿¡„”\u200e\u200f]+")

SENTENCE_ENDS = ".。!！?？؟…"
CLAUSE_ENDS = ";；؛,，،、:："


def closing(text: str) -> str:
    """The last character that is no quote, bracket or footnote mark, or "" if there is none."""
    return _TRAILING.sub("", text[-_TAIL:])[-1:]


def ends_clause(text: str) -> bool:
    """Whether a sentence or clause ends with the text."""
    return closing(text) in set(SENTENCE_ENDS + CLAUSE_ENDS)


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends with the text."""
    return closing(text) in set(SENTENCE_ENDS)


def opening(text: str) -> str:
    """The first character that is no quote or bracket, or "" if there is none."""
    return _OPENING.sub("", text)[:1]


def starts_small(text: str) -> bool:
    """Whether the text begins with a small letter."""
    return opening(text).islower()


def starts_capital(text: str) -> bool:
    """Whether the text begins with a capital letter."""
    return opening(text).isupper()


def has_case(text: str) -> bool:
    """Whether the script of the text tells capitals from small letters."""
    return opening(text).lower() != opening(text).upper()


def ideographic(letter: str) -> bool:
    """Whether a character is written without a space beside it (Chinese, Japanese)."""
    return unicodedata.east_asian_width(letter) in {"W", "F"} if letter else False


def width(text: str) -> int:
    """Printed width in half-width columns, an ideograph taking two; of a long text, that of its beginning."""
    return sum(2 if ideographic(letter) else 1 for letter in text[:_BEGINNING])


def without_marks(text: str) -> str:
    """The text without the footnote marks at its end."""
    return text[:-_TAIL] + re.sub(rf"(?:\s|{_MARKS})+$", "", text[-_TAIL:])
