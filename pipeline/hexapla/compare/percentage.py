"""The match percentage: how much of a text need not be translated anew, by edit distance.

A percentage is 1 minus the Levenshtein distance over the length of the longer text. Chinese and other scripts that
write no spaces are compared by character. Others are compared by character and by word, where marks and figures are
words too, and the higher of the two counts: an inflected word then costs the letters that changed (as in Virtaal,
Pootle and Poedit), and a word that was put for another costs one word however long it is (as in OmegaT, whose tokens
are words). Neither alone serves: by word, a plural in each place makes a Russian sentence new; by character, one long
word weighs as much as four short ones.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from hexapla.compare.comparable import as_seen, comparable
from hexapla_corpora.languages import spaced

_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+|[^\w\s]")
MOST_CHARACTERS_BY_WORD = 5000  # characters of a text that is compared by word too


@lru_cache(maxsize=64)
def words(text: str) -> tuple[str, ...]:
    """Words, figures and marks of a text in comparable form."""
    return tuple(_WORD.findall(text))


def similarity(query: str, source: str, *, by_word: bool) -> float:
    """Share in 0..1 of two texts that is the same.

    Args:
        query: in comparable form.
        source: likewise.
        by_word: whether they are compared by word too.

    Returns:
        The similarity of which `percentage` is made.
    """
    by_character = Levenshtein.normalized_similarity(query, source)
    return max(by_character, word_similarity(query, source)) if by_word else by_character


def word_similarity(query: str, source: str) -> float:
    """Share in 0..1 of the words of two texts that is the same; 0 for very long texts, which are not compared so.

    Args:
        query: in comparable form.
        source: likewise.

    Returns:
        The similarity by word.
    """
    if max(len(query), len(source)) > MOST_CHARACTERS_BY_WORD:
        return 0.0
    return Levenshtein.normalized_similarity(words(query), words(source))


def in_percent(share: float) -> int:
    """A similarity in full percent, rounded down; 99 at most, since only texts that look the same match by 100."""
    return min(99, int(share * 100 + 1e-9))


def percentage(query: str, source: str, language: str) -> int:
    """The match percentage of two texts.

    Args:
        query: what is to be translated.
        source: what was translated.
        language: BCP 47 tag of both.

    Returns:
        0 to 100; 100 only if they look the same.
    """
    query, source = as_seen(query), as_seen(source)
    if query == source:
        return 100
    return in_percent(similarity(comparable(query), comparable(source), by_word=spaced(language)))
