"""Anchors: what a text prints alike in every language, such as figures, symbols, marks and names in Latin script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from hexapla.text import western_digits

_NUMBER = re.compile(r"\d{1,3}(?:[.,\u066c\u00a0\u202f\u2009 ’']\d{3})+(?!\d)|\d+")
_SYMBOL = re.compile(r"\b[A-Z]{1,6}(?:/[A-Z0-9.()-]+)+", re.ASCII)
_LATIN = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|[A-Z]{2,}", re.ASCII)
_MARK = re.compile(r"[¹²³⁰⁴⁵⁶⁷⁸⁹]+|(?<!\*)\*(?!\*)")
_BEHIND = " \u00a0\u202f\"'”’»›)]}」』）》】*¹²³⁰⁴⁵⁶⁷⁸⁹"
_ENDINGS = {
    mark: number
    for number, marks in enumerate((".。．…۔", "?？؟", "!！", ":：", ";；؛,，、،"), start=1)
    for mark in marks
}


@lru_cache(maxsize=4096)  # a paragraph of one sentence is asked for twice
def anchors(text: str) -> frozenset[str]:
    """What a text prints that its translations print too.

    Args:
        text: a segment in any language.

    Returns:
        Figures without separators of thousands and in Western digits ("2030", also for "二〇三〇"), document symbols
        ("A/79/L.92"), acronyms ("UNESCO") and footnote marks ("^4", "^*").
    """
    marks = {"^" + unicodedata.normalize("NFKC", mark) for mark in _MARK.findall(text)}
    plain = western_digits(_MARK.sub(" ", text))
    symbols = set(_SYMBOL.findall(plain))
    rest = _SYMBOL.sub(" ", plain)
    numbers = {re.sub(r"\D", "", number).lstrip("0") or "0" for number in _NUMBER.findall(rest)}
    numbers |= chinese_numbers(rest)
    return frozenset(marks | symbols | numbers | set(_LATIN.findall(rest)))


def ending(text: str) -> int:
    """Class of the mark that ends a segment, behind which quotes, brackets and footnote marks may stand.

    Args:
        text: a segment in any language.

    Returns:
        1 for a full stop, 2 a question mark, 3 an exclamation mark, 4 a colon, 5 a semicolon or comma, 0 for none.
    """
    bare = text.rstrip(_BEHIND)
    return _ENDINGS.get(bare[-1:], 0)


SHORTEST = 4  # letters; shorter words are alike by chance
STEM = 5  # letters that are compared: endings differ between languages

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_CYRILLIC = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфхыэ", "abvgdeziklmnoprstufhie", strict=True))
    | {"ж": "j", "ц": "ts", "ч": "h", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": ""}
)
_LETTERS = str.maketrans(
    {"c": "k", "q": "k", "y": "i", "j": "i", "w": "v", "z": "s", "ß": "ss", "œ": "oe", "æ": "ae"}
)
_DIGRAPHS = (("ph", "f"), ("th", "t"), ("ch", "h"), ("ck", "k"), ("qu", "k"))
_DOUBLE = re.compile(r"(.)\1+")


def cognates(text: str) -> frozenset[str]:
    """Stems of the words of a text that may be alike in other languages.

    Args:
        text: a segment in any language.

    Returns:
        The first letters of its words in one spelling ("komis" for "Kommission", "commission" and "комиссия"); none of
        what is written without spaces between words.
    """
    spellings = map(_spelling, _WORD.findall(_UNSPACED.sub(" ", text)))
    return frozenset(spelling[:STEM] for spelling in spellings if len(spelling) >= SHORTEST)


@lru_cache(maxsize=65_536)  # texts repeat their words
def _spelling(word: str) -> str:
    """A word in lower case, without diacritics, by sound rather than by the spelling of its language."""
    decomposed = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_CYRILLIC)
    for digraph, letter in _DIGRAPHS:
        plain = plain.replace(digraph, letter)
    return _DOUBLE.sub(r"\1", plain.translate(_LETTERS))


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


# A mark that may also be an apostrophe or stand on either side is told by what stands beside it.
_BEFORE_OPENING = r"\s(\[{—–…“\"-"
_AFTER_CLOSING = r"\s.,?!;:)\]—–\"'”’-"
_OPENING = re.compile(rf"[“«‹「『„‟〝‘]|(?:^|(?<=[{_BEFORE_OPENING}]))['\"`](?=[\w“\".…—])")
_CLOSING = re.compile(
    rf"[”»›」』〞]|(?<=[.,?!;:…—–)\]。，？！\"'”-])['’`](?=[{_AFTER_CLOSING}]|$)|(?<=\S)\"(?=[{_AFTER_CLOSING}]|$)"
)


def quotations(text: str) -> tuple[int, int]:
    """How many quotations a text opens and how many it closes.

    Args:
        text: a segment in any language.

    Returns:
        Counts of opening and of closing marks; an apostrophe is none of them.
    """
    return len(_OPENING.findall(text)), len(_CLOSING.findall(text))
