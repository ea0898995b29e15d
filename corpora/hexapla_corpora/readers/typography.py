"""Typography that the readers share: superscripts, white space, and the characters of Chinese text."""

from __future__ import annotations

import re
from functools import cache

_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
HAN = "\u2e80-\u303f\u3041-\u31ff\u3300-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_BREAK_IN_HAN = re.compile(rf"(?<=[{HAN}])[ \t]*\n\s*(?=[{HAN}])")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_NO_BREAK = re.compile(
    r"(?<=\b\d) (?=\d{3}\b)|(?<=\b\d\d) (?=\d{3}\b)|(?<=\b\d\d\d) (?=\d{3}\b)"
    r"|(?<=\d) (?=%|млн\b|млрд\b|тыс\.)|(?<=\bn°) (?=\d)"
    r"|(?<=\S) (?=[;:!?](?:\s|$))|(?<=«) | (?=»)|(?<=[а-яё»)]) (?=— )"
)
_DIGITS_OR_STARS = re.compile(r"\s*(?:[0-9]+|\*+)\s*")


def superscript_mark(mark: str) -> str:
    """Return a footnote mark in superscript characters: ¹² for 12, ᵃ for a; * stays."""
    return mark.translate(_DIGITS).translate(_LETTERS)


def superscript(text: str) -> str:
    """Return raised digits as superscript characters; other raised text, such as the er of 1er, is unchanged."""
    return text.translate(_DIGITS) if _DIGITS_OR_STARS.fullmatch(text) else text


def one_line(text: str) -> str:
    """Return a text without line breaks and runs of spaces; a break between Chinese characters leaves no space."""
    return _BLANKS.sub(" ", _BREAK_IN_HAN.sub("", text)).strip()


def restore_no_break_spaces(text: str) -> str:
    """Return a text with the no-break spaces that typography requires; PDF has ordinary spaces instead.

    They are used between groups of digits (8 400), in French before ; : ! ? and inside quotation marks, and in
    Russian before a dash.
    """
    return _NO_BREAK.sub("\u00a0", text)


@cache
def is_han(character: str) -> bool:
    """Whether a character belongs to Chinese text: ideographs, Chinese punctuation, full-width forms."""
    return bool(re.match(rf"[{HAN}]", character))
