"""Defects of one text, or of two texts that should say the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hexapla.alignment.anchors import anchors
from hexapla.text import matching_text, with_thousands_in_order
from hexapla_corpora.printed_numbers import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPLACED = re.compile("[\ufffd\x80-\x9f]|锟斤拷|烫烫烫")  # U+FFFD, C1 controls, and what GBK makes of U+FFFD
_CHARSETS = ("gbk", "cp1251", "cp1256", "koi8-r")  # ftfy covers only part of one of them
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_MIXED = 8  # characters too many to be valid in two character sets by chance
_YEAR = re.compile(r"(?:19|20)\d\d")


def garbled(text: str) -> bool:
    """Return whether a text was decoded with the wrong character set (mojibake), in whole or in part.

    Args:
        text: a text in any language.

    Returns:
        True for "rÃ©solution", "鍥介檯浼氳", "Ð¡Ð¾Ð²ÐµÑ‚", "r�solution".
    """
    if text.isascii():
        return False
    from ftfy.badness import is_bad

    return bool(_REPLACED.search(text) or is_bad(text) or _decodes_again(text))


def _decodes_again(text: str) -> bool:
    """Return whether long runs of non-ASCII characters are UTF-8 decoded with another character set."""
    runs = "".join(_FOREIGN.findall(text))
    if len(runs) < _MIXED:
        return False
    for charset in _CHARSETS:
        try:
            again = runs.encode(charset).decode("utf-8", "replace")
        except UnicodeEncodeError:
            continue
        if again.count("\ufffd") <= 1:  # the end of a text may be cut within a character
            return True
    return False


@lru_cache(maxsize=4096)  # a text is compared with the texts in all other languages
def numbers_in(text: str, language: str) -> frozenset[str]:
    """Return the numbers in a text, without a printed number at its beginning.

    Args:
        text: a segment.
        language: BCP 47 tag of its language.

    Returns:
        Numbers in Western digits without separators, see `hexapla.alignment.anchors.anchors`.
    """
    printed = parse_number(text)
    rest = text[printed.end :] if printed else text
    return frozenset(
        each for each in anchors(with_thousands_in_order(matching_text(rest, language))) if each.isdecimal()
    )


def unlike_numbers(one: frozenset[str], other: frozenset[str], smallest: int) -> tuple[str, str] | None:
    """Find a number of each of two texts that the other text lacks.

    That one text lacks a number is not enough, since a language may write words where another writes digits. Only if
    each lacks a number of the other do they say different things.

    Args:
        one: numbers of one text.
        other: numbers of the other text.
        smallest: smallest number that is compared.

    Returns:
        The greatest such number of each text; None if either has none.
    """
    mine, theirs = set(_lacking(one, other, smallest)), set(_lacking(other, one, smallest))
    return (max(mine, key=int), max(theirs, key=int)) if mine and theirs else None


def _lacking(numbers: frozenset[str], others: frozenset[str], smallest: int) -> Iterator[str]:
    known = {_significant(other) for other in others} | others
    decades = {other[2:] for other in others if _YEAR.fullmatch(other)}
    years = {number for number in others if len(number) == 2}
    for number in numbers:
        written = number in known or _significant(number) in known or number in decades
        if int(number) >= smallest and not written and not (_YEAR.fullmatch(number) and number[2:] in years):
            yield number


def _significant(number: str) -> str:
    """Return a number without its final zeros: that is all "35 million" and "3500万" have in common."""
    return number.rstrip("0")
