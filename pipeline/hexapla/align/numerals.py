"""Chinese numerals as figures."""

from __future__ import annotations

import re

_DIGITS = {"〇": 0, "零": 0, "两": 2} | {
    digit: value for value, digit in enumerate("一二三四五六七八九", start=1)
}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_DIGIT, _PART = "〇零一二三四五六七八九两十", "〇零一二三四五六七八九两十百千万亿"
_NUMERAL = re.compile(f"(?<=第)[{_PART}]{{1,16}}|[{_DIGIT}][{_PART}]{{1,15}}")


def chinese_numbers(text: str) -> set[str]:
    """Numbers that a text writes in Chinese numerals, in figures.

    Args:
        text: a segment in Simplified Chinese, or in any language that has none.

    Returns:
        Ordinals ("3" for "第三") and numerals of two characters or more ("2030" for "二〇三〇"); a single one is too
        often part of a word.
    """
    return {str(_value(numeral)) for numeral in _NUMERAL.findall(text)}


def _value(numeral: str) -> int:
    """Value of a numeral, written with units ("一百二十") or digit by digit ("二〇三〇")."""
    if all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total = section = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
            continue
        if character in _UNITS:
            section += (digit or 1) * _UNITS[character]
        elif character == "万":
            total, section = total + (section + digit or 1) * 10_000, 0
        else:  # 亿 counts all that stands before it
            total, section = (total + section + digit or 1) * 100_000_000, 0
        digit = 0
    return total + section + digit
