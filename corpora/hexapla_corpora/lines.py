"""Properties of a line of text: how it begins, how it ends, and its printed width."""

from __future__ import annotations

import re

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARKS = rf"[{SUPERSCRIPTS}⁽⁾ᵃ-ᶻ*†‡]"
_TAIL = 200  # characters; marks, quotes and brackets at the end of a line are never more
_BEGINNING = 1_000
_TRAILING = re.compile(rf"(?:{_MARKS}|\[\d{{1,3}}\]|[\s»”’\"'“」』）)\]\u200e\u200f])+$")
_OPENING = re.compile(r"^[\s«“‘\"'(（\[¿¡„”\u200e\u200f]+")

SENTENCE_ENDS = ".。!！?？؟…"
CLAUSE_ENDS = ";；؛,，،、:："


def final_character(text: str) -> str:
    """Return the last character that is not a quote, bracket or footnote mark; "" if there is none."""
    return _TRAILING.sub("", text[-_TAIL:])[-1:]


def ends_clause(text: str) -> bool:
    """Whether the text ends a sentence or clause."""
    return final_character(text) in set(SENTENCE_ENDS + CLAUSE_ENDS)


def ends_sentence(text: str) -> bool:
    """Whether the text ends a sentence."""
    return final_character(text) in set(SENTENCE_ENDS)


def first_character(text: str) -> str:
    """Return the first character that is not a quote or bracket; "" if there is none."""
    return _OPENING.sub("", text)[:1]


def starts_lowercase(text: str) -> bool:
    """Whether the text begins with a lower-case letter."""
    return first_character(text).islower()


def starts_uppercase(text: str) -> bool:
    """Whether the text begins with an upper-case letter."""
    return first_character(text).isupper()


def has_case(text: str) -> bool:
    """Whether the text begins in a script that has upper and lower case."""
    return first_character(text).lower() != first_character(text).upper()


# East Asian Width W and F (Unicode Standard Annex #11), except for a few symbols.
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003fffd]"
)


def is_ideographic(letter: str) -> bool:
    """Whether a character is written without spaces around it (Chinese, Japanese)."""
    return bool(_WIDE.match(letter))


def width(text: str) -> int:
    """Return the printed width of the first 1,000 characters, in half-width columns; an ideograph has two."""
    beginning = text[:_BEGINNING]
    return len(beginning) if beginning.isascii() else len(beginning) + len(_WIDE.findall(beginning))


def without_marks(text: str) -> str:
    """Return the text without the footnote marks at its end."""
    return text[:-_TAIL] + re.sub(rf"(?:\s|{_MARKS})+$", "", text[-_TAIL:])
