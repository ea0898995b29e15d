"""The words of a concordance: several in any order, phrases in quotation marks, and wildcards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from hexapla.compare.comparable import as_seen, comparable, comparable_places
from hexapla.compare.highlights import Span
from hexapla.compare.regular_expression import RegularExpression
from hexapla.errors import InputError
from hexapla.memory.search.query import encodable

MOST_WORDS = 50  # words and phrases of a search
LONGEST = 1_000  # characters of a search
_QUOTES = '"“”„‟«»″「」『』＂'
_PARTS = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]|([^\\s{_QUOTES}]+)")
_WILDCARD = "*"
_LETTER = r"[^\W_]"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase to find, in comparable form.

    Attributes:
        literal: its longest stretch without a wildcard.
        expression: what to find if there is a wildcard or if it must be a whole word; None to find the literal.
    """

    literal: str
    expression: RegularExpression | None

    @classmethod
    def of(cls, text: str, *, whole: bool, by_word: bool) -> Self:
        """Read a word or phrase.

        Args:
            text: what a user typed, of which `*` stands for any letters.
            whole: whether only whole words are to be found; a word with a wildcard always is one.
            by_word: whether the language has spaces between words; else any part of a text counts as a word.

        Returns:
            The word, of which the literal may be empty.
        """
        folded = comparable(as_seen(text))
        pieces = folded.split(_WILDCARD)
        literal = max(pieces, key=len)
        if len(pieces) == 1 and not (whole and by_word):
            return cls(literal, None)
        letters = rf"{_LETTER}*" if by_word else rf"{_LETTER}{{0,20}}?"
        pattern = letters.join(map(re.escape, pieces))
        if by_word and folded[:1] and (folded[0].isalnum() or folded[0] == _WILDCARD):
            pattern = rf"(?<!{_LETTER}){pattern}"
        if by_word and folded[:1] and (folded[-1].isalnum() or folded[-1] == _WILDCARD):
            pattern = rf"{pattern}(?!{_LETTER})"
        return cls(literal, RegularExpression.of(pattern))

    def find(self, folded: str) -> Iterator[Span]:
        """Yield where the word is in a text in comparable form."""
        if self.expression is not None:
            yield from self.expression.find(folded)
            return
        place = folded.find(self.literal)
        while place >= 0:
            yield place, place + len(self.literal)
            place = folded.find(self.literal, place + len(self.literal))

    def is_in(self, folded: str) -> bool:
        """Return whether a text in comparable form has the word."""
        return self.literal in folded and (self.expression is None or bool(self.expression.find(folded)))


def parse_words(text: str, *, whole: bool, by_word: bool) -> tuple[Word, ...]:
    """Read the words of a search.

    Args:
        text: words separated by spaces, and phrases in quotation marks of any form.
        whole: see `Word.of`.
        by_word: see `Word.of`.

    Returns:
        Words and phrases, which must all be in a text, in any order.

    Raises:
        InputError: there is none, one has no letter, or there are too many.
    """
    typed = as_seen(encodable(text))
    if len(typed) > LONGEST:
        raise InputError(f"the words have {len(typed):,} characters: search for {LONGEST:,} or fewer.")
    parts = [phrase or word for phrase, word in _PARTS.findall(typed) if (phrase or word).strip()]
    words = tuple(Word.of(part, whole=whole, by_word=by_word) for part in dict.fromkeys(parts))
    if not words or not all(word.literal for word in words):
        shown = text if len(text) <= 60 else f"{text[:60]}..."
        raise InputError(f"there is nothing to search for in {shown!r}: give at least one letter.")
    if len(words) > MOST_WORDS:
        raise InputError(f"there are {len(words)} words: search for {MOST_WORDS} or fewer.")
    return words


def marked_spans(words: Sequence[Word], text: str) -> list[Span]:
    """Return where words are in a text.

    Args:
        words: the words.
        text: the text as translators see it.

    Returns:
        Starts and ends in characters, in order; where words overlap or follow each other, they share one.
    """
    folded, origins = comparable_places(text)
    found = sorted(span for word in words for span in word.find(folded))
    spans: list[Span] = []
    for start, end in ((origins[a], max(origins[b], origins[b - 1] + 1)) for a, b in found):
        if spans and (
            start < spans[-1][1] or (start > spans[-1][1] and text[spans[-1][1] : start].isspace())
        ):
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        else:
            spans.append((start, end))
    return spans
