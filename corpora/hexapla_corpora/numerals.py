"""Values of the numerals used to number paragraphs: Roman, Chinese, letters, ordinal words."""

from __future__ import annotations

import re
import unicodedata

# Arabic lists use the traditional (abjad) order of the alphabet; Russian lists leave out ё, й, ъ, ы and ь.
ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"

_UNITS = {ideograph: value for value, ideograph in enumerate("零一二三四五六七八九")}
_UNITS |= {"〇": 0, "两": 2, "兩": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
IDEOGRAPHS = "".join(_UNITS) + "".join(_POWERS)

_ROMAN = re.compile(r"(m{0,3})(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN_STEPS = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))

_ORDINALS = (
    "premier première primero primera первая первый первое الأول الأولى",
    "deuxième second seconde segundo segunda вторая второй второе الثاني الثانية",
    "troisième tercero tercera третья третий третье الثالث الثالثة",
    "quatrième cuarto cuarta четвертая четвертый четвертое الرابع الرابعة",
    "cinquième quinto quinta пятая пятый пятое الخامس الخامسة",
    "sixième sexto sexta шестая шестой шестое السادس السادسة",
    "septième séptimo séptima седьмая седьмой седьмое السابع السابعة",
    "huitième octavo octava восьмая восьмой восьмое الثامن الثامنة",
    "neuvième noveno novena девятая девятый девятое التاسع التاسعة",
    "dixième décimo décima десятая десятый десятое العاشر العاشرة",
)
_ENGLISH_ORDINALS = "one two three four five six seven eight nine ten"
_ARABIC_TEENS = (
    ("الحادي عشر", "الحادية عشرة"),
    ("الثاني عشر", "الثانية عشرة"),
    ("الثالث عشر", "الثالثة عشرة"),
    ("الرابع عشر", "الرابعة عشرة"),
    ("الخامس عشر", "الخامسة عشرة"),
)
ORDINAL_WORDS: dict[str, int] = {
    **{word: value for value, words in enumerate(_ORDINALS, 1) for word in words.split()},
    **{word: value for value, word in enumerate(_ENGLISH_ORDINALS.split(), 1)},
    **{word: value for value, words in enumerate(_ARABIC_TEENS, 11) for word in words},
}

# First, second ... in section headings, and the names of the letters in the order used in lists.
ARABIC_ADVERBS: dict[str, int] = {
    word: value
    for value, word in enumerate(
        (
            *("أولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا", "عاشرا"),
            *("حادي عشر", "ثاني عشر", "ثالث عشر", "رابع عشر", "خامس عشر"),
        ),
        1,
    )
}
_LETTER_NAMES = "ألف باء جيم دال هاء واو زاي حاء طاء ياء كاف لام ميم نون سين عين فاء صاد قاف راء"
ARABIC_LETTER_NAMES: dict[str, int] = {name: value for value, name in enumerate(_LETTER_NAMES.split(), 1)}


def roman_value(text: str) -> int | None:
    """Return the value of a well-formed Roman numeral, all upper or all lower case; None for anything else."""
    if not text or not (text.islower() or text.isupper()) or not _ROMAN.fullmatch(text.lower()):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text.lower()]
    return sum(-value if value < max(values[index:]) else value for index, value in enumerate(values))


def roman_label(value: int) -> str:
    """Return the lower-case Roman numeral of an integer from 1 to 89."""
    label = ""
    for step, letters in _ROMAN_STEPS:
        label += letters * (value // step)
        value %= step
    return label


def ideograph_value(text: str) -> int | None:
    """Return the value of a Chinese numeral with powers of ten (二十三) or digits (二〇); None for anything else."""
    if not text or any(letter not in IDEOGRAPHS for letter in text):
        return None
    if not any(letter in _POWERS for letter in text):
        return int("".join(str(_UNITS[letter]) for letter in text))
    total, unit = 0, None
    for letter in text:
        if letter in _POWERS:
            total += (1 if unit is None or (unit == 0 and letter == "十") else unit) * _POWERS[letter]
            unit = None
        else:
            unit = _UNITS[letter]
    return total + (unit or 0)


def letter_value(text: str) -> int | None:
    """Return the position of a letter in its alphabet, from 1; doubled letters (aa) continue from 27. Else None."""
    letters = text.lower().rstrip("ـ")
    if len(letters) == 2 and letters[0] == letters[1] and letters[0] in _LATIN:
        return len(_LATIN) + _LATIN.index(letters[0]) + 1
    if len(letters) != 1:
        return None
    if letters == "ñ":
        return _LATIN.index("n") + 2
    for alphabet in (_LATIN, ABJAD, CYRILLIC):
        if letters in alphabet:
            return alphabet.index(letters) + 1
    return None


def letter_label(value: int) -> str:
    """Return the lower-case Latin letter at a position in the alphabet, doubled (aa) after the twenty-sixth."""
    turns, place = divmod(value - 1, len(_LATIN))
    return _LATIN[place] * (turns + 1)


def circled_value(letter: str) -> int:
    """Return the value of a circled or bracketed number such as ①, ⑴ or ㈠."""
    return int(unicodedata.numeric(letter))
