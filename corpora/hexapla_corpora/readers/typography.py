"""Characters that several readers must write alike: superscripts and white space beside Chinese."""

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
    """Write a footnote mark in superscript characters: 12 becomes ¹², a becomes ᵃ, * stays."""
    return mark.translate(_DIGITS).translate(_LETTERS)


def superscript(text: str) -> str:
    """Write raised digits in superscript characters; ordinals such as the er of 1er stay letters."""
    return text.translate(_DIGITS) if _DIGITS_OR_STARS.fullmatch(text) else text


def one_line(text: str) -> str:
    """Text without line breaks and runs of blanks; a break between Chinese characters leaves no space."""
    return _BLANKS.sub(" ", _BREAK_IN_HAN.sub("", text)).strip()


def restore_no_break_spaces(text: str) -> str:
    """Text with the no-break spaces that typography demands; PDF shows them as common spaces.

    They stand in groups of figures (8 400), before French ; : ! ? and inside its quotation marks, and before
    a Russian dash.
    """
    return _NO_BREAK.sub("\u00a0", text)


@cache
def is_han(character: str) -> bool:
    """Whether a character belongs to Chinese text: ideographs, Chinese punctuation, full-width forms."""
    return bool(re.match(rf"[{HAN}]", character))
