"""What can be seen to be wrong in one text, or in two that should say the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hexapla.alignment.anchors import anchors
from hexapla.text import matching_text
from hexapla_corpora.printed_numbers import parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPLACED = re.compile("[\ufffd\x80-\x9f]|锟斤拷|烫烫烫")  # U+FFFD, C1 controls, and what GBK makes of U+FFFD
_CHARSETS = ("gbk", "cp1251", "cp1256", "koi8-r")  # of which ftfy knows one in part
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_MIXED = 8  # characters that are valid in two character sets by chance no more
_YEAR = re.compile(r"(?:19|20)\d\d")


def garbled(text: str) -> bool:
    """Whether a text was decoded with the wrong character set (mojibake), in whole or in part.

    Args:
        text: in any language.

    Returns:
        True for "rÃ©solution", "鍥介檯浼氳", "Ð¡Ð¾Ð²ÐµÑ‚", "r�solution".
    """
    if text.isascii():
        return False
    from ftfy.badness import is_bad

    return bool(_REPLACED.search(text) or is_bad(text) or _decodes_again(text))


def _decodes_again(text: str) -> bool:
    """Whether long runs that are not ASCII are UTF-8 that was taken for another character set."""
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


@lru_cache(maxsize=4096)  # a text is compared with those of all other languages
def numbers_in(text: str, language: str) -> frozenset[str]:
    """Numbers in a text, without the one that is printed before it.

    Args:
        text: a segment.
        language: BCP 47 tag of its language.

    Returns:
        Numbers in Western digits without separators, see `hexapla.alignment.anchors.anchors`.
    """
    printed = parse_number(text)
    rest = text[printed.end :] if printed else text
    return frozenset(each for each in anchors(matching_text(rest, language)) if each.isdecimal())


def unlike_numbers(one: frozenset[str], other: frozenset[str], smallest: int) -> tuple[str, str] | None:
    """A number of one text and another of the other, of which neither is in both; None if there are none.

    Texts whose numbers differ because one language writes words where the other writes figures are not told apart by
    this: only where each lacks a number of the other do they say different things.

    Args:
        one: numbers of a text.
        other: numbers of another.
        smallest: smaller numbers are not compared.

    Returns:
        The two, the greatest of each.
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
    """A number without its last zeros, as "35 million" and "3500万" share no others."""
    return number.rstrip("0")
