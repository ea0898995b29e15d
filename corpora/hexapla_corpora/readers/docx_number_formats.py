"""Number formats of lists and footnotes in Word files (ECMA-376 part 1, ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hexapla_corpora.numerals import ABJAD

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_HIJA = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_IDEOGRAPHS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_REFERENCE_MARKS = "*†‡§"


def format_number(number: int, number_format: str) -> str:
    """Format a number as Word prints it; unknown formats are decimal.

    Args:
        number: the number, from 0.
        number_format: a value of ST_NumberFormat, such as "lowerLetter".

    Returns:
        The printed number without punctuation; empty for the formats "bullet" and "none".
    """
    write = _FORMATS.get(number_format)
    return str(number) if write is None else write(number)


def _roman(number: int) -> str:
    printed = ""
    for step, letters in _ROMAN:
        printed += letters * (number // step)
        number %= step
    return printed


def _letters(number: int, alphabet: Sequence[str]) -> str:
    """Return a letter, doubled after the end of the alphabet (z, aa, bb)."""
    if number < 1:
        return ""
    turns, place = divmod(number - 1, len(alphabet))
    return alphabet[place] * (turns + 1)


def _counting(number: int) -> str:
    """Return a Chinese number with powers of ten: 十二, 一百〇五."""
    if number < 10:
        return _IDEOGRAPHS[number]
    if number >= 10_000:
        return str(number)
    printed, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            printed += ("〇" if gap else "") + (
                "" if name == "十" and digit == 1 and not printed else _IDEOGRAPHS[digit]
            )
            printed += name
        gap = bool(printed) and not digit and number > 0
    return printed


def _digital(number: int) -> str:
    """Return a Chinese number digit by digit: 一〇五."""
    return "".join(_IDEOGRAPHS[int(digit)] for digit in str(number))


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 1 <= number <= 20 else str(number)


def _marks(number: int) -> str:
    return _letters(number, _REFERENCE_MARKS)


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": lambda number: _letters(number, _LATIN),
    "upperLetter": lambda number: _letters(number, _LATIN.upper()),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "russianLower": lambda number: _letters(number, _RUSSIAN),
    "russianUpper": lambda number: _letters(number, _RUSSIAN.upper()),
    "arabicAlpha": lambda number: _letters(number, _HIJA),
    "arabicAbjad": lambda number: _letters(number, ABJAD),
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "chineseLegalSimplified": _counting,
    "japaneseCounting": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "ideographTraditional": lambda number: _letters(number, _STEMS),
    "ideographZodiac": lambda number: _letters(number, _BRANCHES),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "numberInDash": lambda number: f"- {number} -",
    "hindiNumbers": lambda number: str(number).translate(_ARABIC_INDIC),
    "chicago": _marks,
}
