"""Figures as languages write them: separators of thousands, decimal marks, digits of other scripts."""

from __future__ import annotations

import re

from hexapla.align.anchors import western_digits

_COMMA_DECIMAL = frozenset(("fr", "es", "ru", "de", "it", "pt", "nl", "pl", "tr"))
_THOUSANDS = {
    "fr": "\u202f",
    "es": "\u00a0",
    "ru": "\u00a0",
    "de": ".",
    "it": ".",
    "pt": ".",
    "nl": ".",
    "tr": ".",
}
_SEPARATOR = re.compile(r"[.,\u066b\u066c\u00a0\u202f\u2009 '’]")
_ARABIC_DECIMAL, _ARABIC_THOUSANDS = "\u066b", "\u066c"


def read_number(text: str, language: str) -> str:
    """A figure in plain digits.

    Args:
        text: as a text prints it.
        language: BCP 47 tag of the text.

    Returns:
        Western digits with a decimal point, if any, and without separators of thousands: "1234.5".
    """
    plain = western_digits(text)
    decimal = _decimal_mark(plain, language)
    whole, mark, fraction = plain.rpartition(decimal) if decimal else (plain, "", "")
    digits = _SEPARATOR.sub("", whole)
    return f"{digits}.{fraction}" if mark else digits


def write_number(value: str, written: str, like: str, language: str) -> str:
    """Write a figure as a text writes another.

    Args:
        value: as `read_number` gives it.
        written: as the query prints it; tells whether thousands are separated.
        like: what stands in the text.
        language: BCP 47 tag of the text.

    Returns:
        The figure with the separators and digits of the text, and of its language where the text shows none.
    """
    whole, _, fraction = value.partition(".")
    old = western_digits(like)
    decimal = _decimal_mark(old, language)
    separator = next(iter(_SEPARATOR.findall(old.rpartition(decimal)[0] if decimal else old)), "")
    if separator or _grouped(written):
        whole = (separator or _thousands(language)).join(_threes(whole))
    text = whole + ((decimal or _decimal(language)) + fraction if fraction else "")
    return _in_digits_of(like, text)


def _decimal_mark(plain: str, language: str) -> str:
    """The decimal mark of a figure in Western digits; empty if it is a whole number."""
    marks = _SEPARATOR.findall(plain)
    if not marks:
        return ""
    last = marks[-1]
    if last == _ARABIC_DECIMAL:
        return _ARABIC_DECIMAL
    if last not in ".," or marks.count(last) > 1:
        return ""
    before, _, behind = plain.rpartition(last)
    if len(set(marks)) > 1 or len(behind) != 3 or len(before) > 3 or before == "0":
        return str(last)
    return str(last) if last == _decimal(language) else ""


def _threes(whole: str) -> list[str]:
    """Digits in groups of three; the first may have fewer."""
    first = len(whole) % 3 or 3
    return [whole[:first], *(whole[k : k + 3] for k in range(first, len(whole), 3))]


def _grouped(text: str) -> bool:
    return bool(re.search(r"\d[,\u066c\u00a0\u202f\u2009 '’.]\d{3}(?!\d)", western_digits(text)))


def _decimal(language: str) -> str:
    return "," if _primary(language) in _COMMA_DECIMAL else "."


def _thousands(language: str) -> str:
    return _THOUSANDS.get(_primary(language), ",")


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]


def _in_digits_of(like: str, text: str) -> str:
    """Digits of the script in which another figure is written; Arabic separators with Arabic digits."""
    first = next(character for character in like if character.isdecimal())
    zero = ord(first) - int(first)
    if zero == ord("0"):
        return text
    shifted = "".join(chr(zero + int(c)) if c.isdecimal() else c for c in text)
    if 0x660 <= zero <= 0x6F0:
        return shifted.replace(",", _ARABIC_THOUSANDS).replace(".", _ARABIC_DECIMAL)
    return shifted
