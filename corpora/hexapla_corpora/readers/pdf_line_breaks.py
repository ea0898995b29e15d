"""Line breaks inside a paragraph of a PDF: how lines are joined at hyphens, dashes and Chinese characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from hexapla_corpora.readers.typography import HAN, is_han, restore_no_break_spaces

_HYPHENATED = re.compile(r"(\w+)[-\u2010\u00ad]$")
_WORD = re.compile(r"\w+(?:[-\u2010\u2011]\w+)*")
_HAN_THEN_LATIN = re.compile(rf"[{HAN}](\s?)[0-9A-Za-z]|[0-9A-Za-z](\s?)[{HAN}]")
_CHINESE_PUNCTUATION = "，。；：、！？）》」』】”’（《「『【“‘…"
_FREQUENT = 0.04
_NO_SPACE_AFTER = ("/", "–", "—", "‑")


class LineJoiner:
    """Joiner of lines, which uses the words of the document to distinguish two kinds of hyphens at line ends.

    One kind divides a word and is removed; the other belongs to a compound and stays.

    Args:
        lines: all lines of the document.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._hyphenated: Counter[str] = Counter()
        lines = list(lines)
        for line in lines:
            self._learn(line)
        spaced = Counter(
            bool(blank[1] or blank[2]) for line in lines for blank in _HAN_THEN_LATIN.finditer(line)
        )
        self._is_chinese = spaced.total() > 0
        self._space_beside_han = spaced[True] > spaced[False]
        self._hyphenates = self._is_hyphenated(lines)

    def join(self, lines: Sequence[str]) -> str:
        """Join the lines of a paragraph."""
        text = ""
        for line in lines:
            text = self._append(text, line) if text else line
        return restore_no_break_spaces(text)

    def _learn(self, line: str) -> None:
        words = _WORD.findall(line)
        for word in words[:-1] if _HYPHENATED.search(line) else words:
            (self._hyphenated if re.search(r"[-\u2010\u2011]", word) else self._words)[word.casefold()] += 1

    def _is_hyphenated(self, lines: Sequence[str]) -> bool:
        """Whether the document divides words: more hyphens at line ends divide known words than belong to compounds."""
        pairs = ((_HYPHENATED.search(line), _WORD.match(following)) for line, following in pairwise(lines))
        ends = [(hyphen[1], follower[0]) for hyphen, follower in pairs if hyphen and follower]
        divided = sum((first + second).casefold() in self._words for first, second in ends)
        compounds = sum(f"{first}-{second}".casefold() in self._hyphenated for first, second in ends)
        capitals = sum(second[0].isupper() or second[0].isdigit() for _, second in ends)
        return divided > compounds or (
            divided == compounds and len(ends) > max(capitals * 4, len(lines) * _FREQUENT)
        )

    def _append(self, text: str, line: str) -> str:
        hyphen = _HYPHENATED.search(text)
        follower = _WORD.match(line)
        if hyphen and follower:
            return text[:-1] + line if self._is_divided(hyphen[1], follower[0], text[-1]) else text + line
        return text + self._space(text, line) + line

    def _is_divided(self, first: str, second: str, hyphen: str) -> bool:
        if hyphen == "\u00ad":
            return True
        tail = first.casefold()
        head = re.split(r"[-\u2010\u2011]", second)[0].casefold()
        if f"{tail}-{head}" in self._hyphenated or f"{tail}-{second.casefold()}" in self._hyphenated:
            return False
        if tail + head in self._words or tail + second.casefold() in self._words:
            return True
        both_words = tail in self._words and head in self._words and len(tail) > 2 and len(head) > 2
        unlike = second[0].isupper() or second[0].isdigit() or first[-1].isdigit()
        return self._hyphenates and not unlike and not both_words

    def _space(self, text: str, line: str) -> str:
        last, first = text[-1], line[0]
        if is_han(last) or is_han(first):
            both = is_han(last) and is_han(first)
            punctuated = last in _CHINESE_PUNCTUATION or first in _CHINESE_PUNCTUATION
            return "" if both or punctuated or not self._space_beside_han else " "
        if self._is_chinese and last.isdigit() and first.isdigit():
            return ""
        dash = last in _NO_SPACE_AFTER and len(text) > 1 and not text[-2].isspace()
        return "" if dash else " "
