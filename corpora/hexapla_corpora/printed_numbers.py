"""Printed numbers at the start of paragraphs, in the conventions of the United Nations languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from hexapla_corpora.numerals import (
    ABJAD,
    ARABIC_ADVERBS,
    ARABIC_LETTER_NAMES,
    CYRILLIC,
    IDEOGRAPHS,
    ORDINAL_WORDS,
    circled_value,
    ideograph_value,
    letter_label,
    letter_value,
    roman_label,
    roman_value,
)


class NumberStyle(StrEnum):
    """What a printed number is made of, or the word that comes with it."""

    DECIMAL = "decimal"
    LETTER = "letter"
    ROMAN = "roman"
    IDEOGRAPH = "ideograph"
    ARTICLE = "article"
    CHAPTER = "chapter"
    SECTION = "section"
    PART = "part"
    ANNEX = "annex"
    GOAL = "goal"


LIST_STYLES = (NumberStyle.DECIMAL, NumberStyle.LETTER, NumberStyle.ROMAN, NumberStyle.IDEOGRAPH)
"""Styles of item numbers; with automatic numbering, such numbers are not part of the text."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number at the start of a paragraph.

    Attributes:
        printed: the number as printed, with its punctuation ("1 -", "（一）", "Article 12").
        label: the number in Western form without punctuation ("1", "a", "iv", "12").
        ordinal: the number as an integer from 1; 2 for "1.2".
        style: what it is made of.
        enclosed: whether it ends with a bracket, as in "(a)", "a)" or ㈠.
        end: offset in the paragraph at which the text after the number begins.
    """

    printed: str
    label: str
    ordinal: int
    style: NumberStyle
    enclosed: bool
    end: int


_DIGIT = "0-9٠-٩۰-۹０-９"
_OPEN, _CLOSE = r"[(（]\s?", r"\s?[)）]"
_CASELESS = "\u0590-\u08ff\u2e80-\u9fff"  # scripts without capitals: a number may touch its text

# The full stop must not be part of a figure (1.5), nor the hyphen part of a range (1-5) or compound (2-year).
_DECIMAL = re.compile(
    rf"(?:{_OPEN}(?P<closed>[{_DIGIT}]{{1,3}}){_CLOSE}"
    rf"|[‘’'](?P<quoted>[{_DIGIT}]{{1,3}})[‘’']"
    rf"|(?P<half>[{_DIGIT}]{{1,3}})\s?[)）]"
    rf"|(?P<plain>[{_DIGIT}]{{1,3}})(?:\s?[.．](?![{_DIGIT}.])|\s?、|[°º](?=\s)"
    rf"|\s?[-–—](?=\s*$|\s+[^\s{_DIGIT}]|[{_CASELESS}])))"
)
_CIRCLED = re.compile(r"[①-⑳⑴-⒇㈠-㈩]")
# "1.2" must be followed by a full stop or a capital: "1.2 million" is an amount.
_COMPOUND = re.compile(
    rf"(?P<value>[{_DIGIT}]{{1,2}}(?:\.[{_DIGIT}]{{1,2}}){{1,3}})(?:\.(?=\s|$)|(?=\s+[^\W\d_]))"
)
_IDEOGRAPH = re.compile(
    rf"(?:{_OPEN}(?P<closed>[{IDEOGRAPHS}]{{1,5}}){_CLOSE}|(?P<plain>[{IDEOGRAPHS}]{{1,5}})\s?[、．.](?!\S?[、]))"
)
_LETTERS = rf"[a-zñ]{{1,6}}|[A-ZÑ]{{1,6}}|[{ABJAD}]|ه[ـ]|[{CYRILLIC}{CYRILLIC.upper()}]"
_LETTER = re.compile(
    rf"(?:{_OPEN}(?P<closed>{_LETTERS}){_CLOSE}|(?P<half>{_LETTERS})\s?[)）]"
    rf"|(?P<plain>[A-Z]{{1,6}}|[a-z]|[{ABJAD}]|ه[ـ]|[{CYRILLIC}])(?:\.(?=\s|$)|\s?[-–—](?=\s)))"
)
_LONE = re.compile(r"\s*(?P<plain>[IVXL]{1,6}|[A-H])\s*$")

_WORDS = {
    NumberStyle.ARTICLE: "article|artículo|articulo|статья|المادة|مادة",
    NumberStyle.CHAPTER: "chapter|chapitre|capítulo|глава|الفصل",
    NumberStyle.SECTION: "section|sección|раздел|الفرع|القسم",
    NumberStyle.PART: "part|partie|parte|часть|الجزء|الباب",
    NumberStyle.ANNEX: (
        "annex|annexe|anexo|приложение|المرفق|مرفق|appendix|appendice|apéndice|добавление|التذييل"
        "|附件|附录|附錄|附文|enclosure|pièce jointe"
    ),
    NumberStyle.GOAL: "goal|objectif|objetivo|цель|الهدف|具体目标|目标|目標",
}
_STYLE_OF_WORD = {word: style for style, words in _WORDS.items() for word in words.split("|")}
_ORDINALS = "|".join(sorted(ORDINAL_WORDS, key=len, reverse=True))
_WORDED = re.compile(
    rf"(?P<word>{'|'.join(sorted(_STYLE_OF_WORD, key=len, reverse=True))})"
    rf"(?:\s+|(?=[{_DIGIT}{IDEOGRAPHS}])|(?<=[\u3400-\u9fff]))"  # only a Chinese word may touch a letter
    rf"(?P<value>[{_DIGIT}]{{1,3}}|[IVXL]{{1,6}}|[A-Z]|[{IDEOGRAPHS}]{{1,5}}|{_ORDINALS})(?![\w/])",
    re.IGNORECASE,
)
_ORDINAL_FIRST = re.compile(
    rf"(?P<value>{_ORDINALS})\s+(?P<word>partie|parte|часть|глава|section|sección|раздел)(?!\w)",
    re.IGNORECASE,
)
_CHINESE_WORDS = {
    "条": NumberStyle.ARTICLE,
    "條": NumberStyle.ARTICLE,
    "章": NumberStyle.CHAPTER,
    "节": NumberStyle.SECTION,
    "節": NumberStyle.SECTION,
    "部分": NumberStyle.PART,
    "编": NumberStyle.PART,
    "編": NumberStyle.PART,
}
_CHINESE = re.compile(
    rf"第\s?(?P<value>[{IDEOGRAPHS}]{{1,6}}|[{_DIGIT}]{{1,3}})\s?(?P<word>{'|'.join(_CHINESE_WORDS)})"
    r"(?=\s|$|[:：.、—])"
)
_SPELLED = re.compile(r"(?P<word>[\u0621-\u0652]{3,8}(?:\s+عشرة?)?)\s?(?:[-–—.:](?=\s|$))")
_AFTER_WORDED = re.compile(r"\s?[.:：．、)–—-]?\s*")
_LONGEST_HEADING = 120


def parse_number(text: str) -> PrintedNumber | None:
    """Return the likeliest reading of the number at the start of a paragraph; None if there is no number."""
    found = readings(text)
    return found[0] if found else None


def readings(text: str) -> tuple[PrintedNumber, ...]:
    """Return all readings of the number at the start of a paragraph, the likeliest first.

    "(i)" is Roman one or the ninth letter, "(ii)" is Roman two or a doubled letter; only the numbers around it
    decide.

    Args:
        text: a paragraph, or just a printed number.

    Returns:
        The readings; empty if the paragraph does not begin with a number.
    """
    head = text[: _LONGEST_HEADING + 1]
    lead = len(head) - len(head.lstrip())
    for read in (_worded, _spelled, _decimal, _ideograph, _letter):
        found = read(head, lead)
        if found:
            return found
    return ()


def _number(
    text: str, end: int, label: str, ordinal: int, style: NumberStyle, enclosed: bool = False
) -> PrintedNumber:
    while end < len(text) and text[end].isspace():
        end += 1
    return PrintedNumber(text[:end].strip(), label, ordinal, style, enclosed, end)


def _decimal(text: str, lead: int) -> tuple[PrintedNumber, ...]:
    if match := _DECIMAL.match(text, lead):
        value = int(match["closed"] or match["quoted"] or match["half"] or match["plain"])
        enclosed = match["plain"] is None
        return (
            (_number(text, match.end(), str(value), value, NumberStyle.DECIMAL, enclosed),) if value else ()
        )
    if match := _CIRCLED.match(text, lead):
        value = circled_value(match[0])
        style = NumberStyle.IDEOGRAPH if match[0] >= "㈠" else NumberStyle.DECIMAL
        return (_number(text, match.end(), str(value), value, style, enclosed=True),)
    if match := _COMPOUND.match(text, lead):
        parts = [int(part) for part in match["value"].split(".")]
        follower = text[match.end() :].lstrip()[:1]
        if match[0].endswith(".") or follower.isupper():
            label = ".".join(map(str, parts))
            return (_number(text, match.end(), label, max(parts[-1], 1), NumberStyle.DECIMAL),)
    return ()


def _ideograph(text: str, lead: int) -> tuple[PrintedNumber, ...]:
    match = _IDEOGRAPH.match(text, lead)
    value = ideograph_value(match["closed"] or match["plain"]) if match else None
    if not match or not value:
        return ()
    return (_number(text, match.end(), str(value), value, NumberStyle.IDEOGRAPH, match["plain"] is None),)


def _letter(text: str, lead: int) -> tuple[PrintedNumber, ...]:
    match = _LETTER.match(text, lead) or _LONE.match(text, lead)
    if not match:
        return ()
    groups = match.groupdict()
    printed = groups.get("closed") or groups.get("half") or groups["plain"]
    enclosed = groups["plain"] is None
    # "p. 5", "v. the State": a lone lower-case letter before a full stop counts only if a new clause follows.
    if not enclosed and printed.islower() and not _begins_clause(text[match.end() :].lstrip()):
        return ()
    found = []
    if (roman := roman_value(printed)) and roman < 50:
        label = printed if printed.isupper() else roman_label(roman)
        found.append(_number(text, match.end(), label, roman, NumberStyle.ROMAN, enclosed))
    if (letter := letter_value(printed)) and (enclosed or len(printed) == 1):
        label = letter_label(letter)
        label = label.upper() if printed.isupper() else label
        found.append(_number(text, match.end(), label, letter, NumberStyle.LETTER, enclosed))
    if printed in {"C", "D", "L", "M"}:
        found.reverse()
    return tuple(found)


def _spelled(text: str, lead: int) -> tuple[PrintedNumber, ...]:
    """Read an Arabic heading number: an ordinal word for I, II ..., or the name of a letter for A, B ..."""
    match = _SPELLED.match(text, lead)
    if not match:
        return ()
    word = _plain_arabic(match["word"])
    if word in ARABIC_ADVERBS:
        value = ARABIC_ADVERBS[word]
        return (_number(text, match.end(), roman_label(value).upper(), value, NumberStyle.ROMAN),)
    value = ARABIC_LETTER_NAMES.get(word, 0)
    return (
        (_number(text, match.end(), letter_label(value).upper(), value, NumberStyle.LETTER),) if value else ()
    )


def _plain_arabic(word: str) -> str:
    return " ".join(re.sub("[\u064b-\u0652]", "", word).split())


def _begins_clause(text: str) -> bool:
    return bool(text) and text[0].isalpha() and not text[0].islower()


def _folded(word: str) -> str:
    """Return a word in lower case; ſ and ı become s and i, which they match in a case-insensitive search."""
    return word.lower().translate({0x17F: "s", 0x131: "i"})


def _worded(text: str, lead: int) -> tuple[PrintedNumber, ...]:
    if match := _CHINESE.match(text, lead):
        style, value = _CHINESE_WORDS[match["word"]], _value(match["value"])
    elif match := _WORDED.match(text, lead) or _ORDINAL_FIRST.match(text, lead):
        style, value = _STYLE_OF_WORD[_folded(match["word"])], _value(match["value"])
    else:
        return ()
    after = _AFTER_WORDED.match(text, match.end())
    end = after.end() if after else match.end()
    if not value or not _ends_number(text, match.end(), end):
        return ()
    label = match["value"] if match["value"].isascii() and match["value"].isupper() else str(value)
    return (_number(text, end, label, value, style),)


def _ends_number(text: str, stop: int, rest: int) -> bool:
    """Whether "Article 12" is a number and not the beginning of a sentence ("Article 12 of the Covenant")."""
    if rest >= len(text) or text[stop:rest].strip():
        return True
    if text[stop:rest] and text.lstrip().startswith("第"):
        return True
    short = len(text) <= _LONGEST_HEADING and text.rstrip()[-1] not in ".;,。；，؛،"
    return short and text[rest].isupper()


def _value(printed: str) -> int | None:
    if printed.isdecimal():
        return int(printed)
    word = ORDINAL_WORDS.get(printed.lower())
    return word or ideograph_value(printed) or roman_value(printed) or letter_value(printed)
