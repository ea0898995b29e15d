"""What the look of a line tells: how it ends, how it begins, how wide it is printed."""

from __future__ import annotations

import re

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARKS = rf"[{SUPERSCRIPTS}⁽⁾ᵃ-ᶻ*†‡]"
_TAIL = 200  # no longer run of marks, quotes and brackets ends a line
_BEGINNING = 1_000
_TRAILING = re.compile(rf"(?:{_MARKS}|\[\d{{1,3}}\]|[\s»”’\"'“」』）)\]\u200e\u200f])+$")
_OPENING = re.compile(r"^[\s«“‘\"'(（\[¿¡„”\u200e\u200f]+")

SENTENCE_ENDS = ".。!！?？؟…"
CLAUSE_ENDS = ";；؛,，،、:："


def final_character(text: str) -> str:
    """The last character that is no quote, bracket or footnote mark, or "" if there is none."""
    return _TRAILING.sub("", text[-_TAIL:])[-1:]


def ends_clause(text: str) -> bool:
    """Whether a sentence or clause ends with the text."""
    return final_character(text) in set(SENTENCE_ENDS + CLAUSE_ENDS)


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends with the text."""
    return final_character(text) in set(SENTENCE_ENDS)


def first_character(text: str) -> str:
    """The first character that is no quote or bracket, or "" if there is none."""
    return _OPENING.sub("", text)[:1]


def starts_lowercase(text: str) -> bool:
    """Whether the text begins with a small letter."""
    return first_character(text).islower()


def starts_uppercase(text: str) -> bool:
    """Whether the text begins with a capital letter."""
    return first_character(text).isupper()


def has_case(text: str) -> bool:
    """Whether the script of the text tells capitals from small letters."""
    return first_character(text).lower() != first_character(text).upper()


# East Asian Width W and F (Unicode Standard Annex 11), but for a few symbols.
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003fffd]"
)


def is_ideographic(letter: str) -> bool:
    """Whether a character is written without a space beside it (Chinese, Japanese)."""
    return bool(_WIDE.match(letter))


def width(text: str) -> int:
    """Printed width in half-width columns, an ideograph taking two; of a long text, that of its beginning."""
    beginning = text[:_BEGINNING]
    return len(beginning) if beginning.isascii() else len(beginning) + len(_WIDE.findall(beginning))


def without_marks(text: str) -> str:
    """The text without the footnote marks at its end."""
    return text[:-_TAIL] + re.sub(rf"(?:\s|{_MARKS})+$", "", text[-_TAIL:])
