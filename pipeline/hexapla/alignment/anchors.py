"""Lexical features of a segment that its translations share.

- *Anchors* are printed alike in every language: figures, document symbols, acronyms and footnote marks. Chinese
  numerals count as figures.
- *Cognates* are stems that related languages share once their spelling is unified.
- *Quotations* are counted as they open and close.
- The *ending* is the class of the closing punctuation mark.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from hexapla.text import western_digits

_NUMBER = re.compile(r"\d{1,3}(?:[.,\u066c\u00a0\u202f\u2009 ’']\d{3})+(?!\d)|\d+")
_SYMBOL = re.compile(r"\b[A-Z]{1,6}(?:/[A-Z0-9.()-]+)+", re.ASCII)
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|[A-Z]{2,}", re.ASCII)
_FOOTNOTE_MARK = re.compile(r"[¹²³⁰⁴⁵⁶⁷⁸⁹]+|(?<!\*)\*(?!\*)")

_CHINESE_DIGITS = {"〇": 0, "零": 0, "两": 2} | {
    digit: value for value, digit in enumerate("一二三四五六七八九", start=1)
}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1_000}
_FIRST, _FURTHER = "〇零一二三四五六七八九两十", "〇零一二三四五六七八九两十百千万亿"
_CHINESE_NUMERAL = re.compile(f"(?<=第)[{_FURTHER}]{{1,16}}|[{_FIRST}][{_FURTHER}]{{1,15}}")

SHORTEST_WORD = 4  # letters; shorter words are alike by chance
STEM = 5  # letters that are compared, since endings differ between languages
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

# A mark that may also be an apostrophe, or may both open and close, is classified by the characters next to it.
_BEFORE_OPENING = r"\s(\[{—–…“\"-"
_AFTER_CLOSING = r"\s.,?!;:)\]—–\"'”’-"
_OPENING = re.compile(rf"[“«‹「『„‟〝‘]|(?:^|(?<=[{_BEFORE_OPENING}]))['\"`](?=[\w“\".…—])")
_CLOSING = re.compile(
    rf"[”»›」』〞]|(?<=[.,?!;:…—–)\]。，？！\"'”-])['’`](?=[{_AFTER_CLOSING}]|$)|(?<=\S)\"(?=[{_AFTER_CLOSING}]|$)"
)

_AFTER_ENDING = " \u00a0\u202f\"'”’»›)]}」』）》】*¹²³⁰⁴⁵⁶⁷⁸⁹"
_ENDINGS = {
    mark: number
    for number, marks in enumerate((".。．…۔", "?？؟", "!！", ":：", ";；؛,，、،"), start=1)
    for mark in marks
}


@lru_cache(maxsize=4096)  # a paragraph of one sentence is looked up twice
def anchors(text: str) -> frozenset[str]:
    """Return what a text prints that its translations print too.

    Args:
        text: a segment in any language.

    Returns:
        Figures in Western digits without thousands separators ("2030", also for "二〇三〇"), document symbols
        ("A/79/L.92"), acronyms ("UNESCO") and footnote marks ("^4", "^*").
    """
    marks = {"^" + unicodedata.normalize("NFKC", mark) for mark in _FOOTNOTE_MARK.findall(text)}
    plain = western_digits(_FOOTNOTE_MARK.sub(" ", text))
    symbols = set(_SYMBOL.findall(plain))
    rest = _SYMBOL.sub(" ", plain)
    numbers = {re.sub(r"\D", "", number).lstrip("0") or "0" for number in _NUMBER.findall(rest)}
    numbers |= chinese_numbers(rest)
    return frozenset(marks | symbols | numbers | set(_ACRONYM.findall(rest)))


def chinese_numbers(text: str) -> set[str]:
    """Return the numbers that a text writes in Chinese numerals, as figures.

    Args:
        text: a segment in Simplified Chinese, or in a language without Chinese numerals.

    Returns:
        Ordinals ("3" for "第三") and numerals of two or more characters ("2030" for "二〇三〇"); a single character is
        too often part of a word.
    """
    return {str(_value(numeral)) for numeral in _CHINESE_NUMERAL.findall(text)}


def _value(numeral: str) -> int:
    """Value of a numeral, written with units ("一百二十") or digit by digit ("二〇三〇")."""
    if all(character in _CHINESE_DIGITS for character in numeral):
        return int("".join(str(_CHINESE_DIGITS[character]) for character in numeral))
    total = section = digit = 0
    for character in numeral:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
            continue
        if character in _CHINESE_UNITS:
            section += (digit or 1) * _CHINESE_UNITS[character]
        elif character == "万":
            total, section = total + (section + digit or 1) * 10_000, 0
        else:  # 亿 multiplies everything before it
            total, section = (total + section + digit or 1) * 100_000_000, 0
        digit = 0
    return total + section + digit


def cognates(text: str) -> frozenset[str]:
    """Return stems of the words of a text that may be alike in other languages.

    Args:
        text: a segment in any language.

    Returns:
        The first letters of its words in a unified spelling ("komis" for "Kommission", "commission" and "комиссия");
        none from scripts that are written without spaces between words.
    """
    spellings = map(_spelling, _WORD.findall(_UNSPACED.sub(" ", text)))
    return frozenset(spelling[:STEM] for spelling in spellings if len(spelling) >= SHORTEST_WORD)


@lru_cache(maxsize=65_536)  # texts repeat their words
def _spelling(word: str) -> str:
    """A word in lower case without diacritics, spelt by sound rather than by the rules of its language."""
    decomposed = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_CYRILLIC)
    for digraph, letter in _DIGRAPHS:
        plain = plain.replace(digraph, letter)
    return _DOUBLE.sub(r"\1", plain.translate(_LETTERS))


def quotations(text: str) -> tuple[int, int]:
    """Count the quotations that a text opens and closes.

    Args:
        text: a segment in any language.

    Returns:
        Number of opening and of closing marks; apostrophes are not counted.
    """
    return len(_OPENING.findall(text)), len(_CLOSING.findall(text))


def ending(text: str) -> int:
    """Return the class of the mark that ends a segment; quotes, brackets and footnote marks after it are skipped.

    Args:
        text: a segment in any language.

    Returns:
        1 for a full stop, 2 a question mark, 3 an exclamation mark, 4 a colon, 5 a semicolon or comma, 0 for none.
    """
    bare = text.rstrip(_AFTER_ENDING)
    return _ENDINGS.get(bare[-1:], 0)
