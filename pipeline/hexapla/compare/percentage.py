"""The match percentage: how much of a text need not be translated again, by edit distance.

A percentage is 1 minus the Levenshtein distance over the length of the longer text. Chinese and other scripts without
spaces are compared by character. All others are compared both by character and by word, where punctuation marks and
figures count as words, and the higher result is taken. An inflected word then costs only the letters that changed (as
in Virtaal, Pootle and Poedit), and a replaced word costs one word, however long it is (as in OmegaT, whose tokens are
words). Neither measure is enough on its own: by word, a Russian sentence in the plural is entirely new; by character,
one long word weighs as much as four short ones.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from hexapla.compare.comparable import as_seen, comparable
from hexapla_corpora.languages import spaced

_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+|[^\w\s]")
MOST_CHARACTERS_BY_WORD = 5000  # characters; a longer text is compared by character only


@lru_cache(maxsize=64)
def words(text: str) -> tuple[str, ...]:
    """Return the words, figures and punctuation marks of a text in comparable form."""
    return tuple(_WORD.findall(text))


def similarity(query: str, source: str, *, by_word: bool) -> float:
    """Return the similarity of two texts.

    Args:
        query: one text, in comparable form.
        source: the other, in comparable form.
        by_word: whether they are also compared by word.

    Returns:
        The similarity in 0..1 from which `percentage` is computed.
    """
    by_character = Levenshtein.normalized_similarity(query, source)
    return max(by_character, word_similarity(query, source)) if by_word else by_character


def word_similarity(query: str, source: str) -> float:
    """Return the similarity of two texts by word.

    Args:
        query: one text, in comparable form.
        source: the other, in comparable form.

    Returns:
        The similarity in 0..1; 0 for very long texts, which are not compared by word.
    """
    if max(len(query), len(source)) > MOST_CHARACTERS_BY_WORD:
        return 0.0
    return Levenshtein.normalized_similarity(words(query), words(source))


def in_percent(share: float) -> int:
    """Return a similarity in whole percent, rounded down; at most 99, since only texts that look the same reach 100."""
    return min(99, int(share * 100 + 1e-9))


def percentage(query: str, source: str, language: str) -> int:
    """Return the match percentage of two texts.

    Args:
        query: text to translate.
        source: text that was translated.
        language: BCP 47 tag of both.

    Returns:
        0 to 100; 100 only if the texts look the same.
    """
    query, source = as_seen(query), as_seen(source)
    if query == source:
        return 100
    return in_percent(similarity(comparable(query), comparable(source), by_word=spaced(language)))
