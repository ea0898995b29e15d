"""Wrapped lines: which line breaks were made only to fit a width, and how the lines are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hexapla_corpora.lines import (
    SUPERSCRIPTS,
    ends_clause,
    ends_sentence,
    is_ideographic,
    starts_lowercase,
    width,
)
from hexapla_corpora.list_numbering import starts_with_bullet
from hexapla_corpora.printed_numbers import parse_number

NARROWEST = 30  # columns; if all lines are shorter, they are verse, names or headings, not wrapped text
WIDEST = 130  # columns; text is not wrapped at a greater width, so longer lines are paragraphs
# Proportional fonts fill lines unevenly, so a line is full if the next word makes it longer than this share.
FULL = 0.85

_HYPHENATED = re.compile(r"[^\W\d_]+[-\u2010]$")
# Only from the start of a word, so that a file of one endless word is not searched from each letter.
_DIVIDED = re.compile(r"(?<![^\W\d_])[^\W\d_]++[-\u2010]\s*\n\s*[^\W\d_]+")
_MARK = re.compile(rf"(?:[{SUPERSCRIPTS}]+|\*+|[†‡])\s?(?=[^\W\d])")
_INDENT = re.compile(r"[ \t\u3000\xa0]*")
# Prefixes that English, French, Spanish and Russian follow with a hyphen wherever the word is printed.
_PREFIXES = (
    "all anti co counter cross ex high inter long low micro mid multi non off post pre pro pseudo quasi "
    "re self semi short socio sub third two under vice well contre demi haut mi sous северо юго "
    "восточно западно социально"
)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How the lines of a document were wrapped.

    Attributes:
        width: width of the wrapped lines in columns, or None if every line is a paragraph.
        words: all words of the document in lower case, including hyphenated ones.
    """

    width: int | None
    words: frozenset[str]

    def paragraphs(self, lines: Sequence[str]) -> list[tuple[int, str]]:
        """Split the lines between two blank lines into paragraphs.

        Args:
            lines: the lines, none of them blank.

        Returns:
            The index of the first line and the text, without line breaks, of each paragraph.
        """
        starts = [
            index for index in range(len(lines)) if index == 0 or self._ends(lines[index - 1], lines[index])
        ]
        return [
            (start, self.join(lines[start:end]))
            for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
        ]

    def join(self, lines: Iterable[str]) -> str:
        """Join the lines of a paragraph, Chinese ones without a space, and rejoin divided words."""
        text = ""
        for line in lines:
            text = self._join_two(text, line.strip()) if text else line.strip()
        return text

    def _ends(self, line: str, following: str) -> bool:
        """Whether a paragraph ends with the line."""
        if self.width is None:
            return True
        if starts_item(following) and (ends_clause(line) or not self._full(line, following)):
            return True
        if ends_sentence(line) and _indent(following) > _indent(line):
            return True
        return not self._full(line, following) and (ends_clause(line) or not starts_lowercase(following))

    def _full(self, line: str, following: str) -> bool:
        return self.width is not None and _reach(line, following) > FULL * self.width

    def _join_two(self, text: str, line: str) -> str:
        if text.endswith("\xad"):
            return text[:-1] + line
        if match := _HYPHENATED.search(text):
            return text + line if self._hyphen_stays(match[0][:-1], line) else text[:-1] + line
        if re.search(r"\w[-/\u2010]$", text) or (is_ideographic(text[-1]) and is_ideographic(line[:1])):
            return text + line
        return f"{text} {line}"

    def _hyphen_stays(self, left: str, line: str) -> bool:
        """Whether the hyphen at a line end belongs to the word; the other words of the document decide first."""
        right = re.match(r"[^\W\d_]*", line)
        begin, end = left.lower(), right[0].lower() if right else ""
        if not end or not line[0].islower() or f"{begin}-{end}" in self.words:
            return True
        if begin + end in self.words:
            return False
        return begin in _PREFIXES.split() or (begin in self.words and end in self.words)


def split_lines(lines: Iterable[str]) -> list[list[str]]:
    """Split the lines of a paragraph in markup where a line must begin a new paragraph.

    Args:
        lines: its lines, none of them blank.

    Returns:
        Groups of lines. A new group begins at a printed number, bullet or footnote mark after the end of a clause or
        after another such line, and after a line too long to have been wrapped.
    """
    groups: list[list[str]] = []
    for line in lines:
        before = groups[-1][-1] if groups else ""
        item = starts_item(line) and (ends_clause(before) or starts_item(before))
        if not before or item or width(before) > WIDEST:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def find_wrapping(lines: Sequence[str]) -> Wrapping:
    """Detect how the lines of a document were wrapped, from lines that do not end a clause and have a line after them.

    Args:
        lines: all lines of the document.

    Returns:
        The width that most of these lines fill, if they do, and the words of the document.
    """
    pairs = [(line, following) for line, following in pairwise(lines) if line.strip() and following.strip()]
    undivided = _DIVIDED.sub(" ", "\n".join(lines)).lower().replace("\u2010", "-")
    words = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", undivided))
    widths = sorted(width(line.strip()) for line, _ in pairs)
    if not widths or not NARROWEST <= (limit := widths[len(widths) * 9 // 10]) <= WIDEST:
        return Wrapping(None, words)
    cut = [_reach(line, following) > FULL * limit for line, following in pairs if not ends_clause(line)]
    return Wrapping(limit if sum(cut) > 0.5 * len(cut) else None, words)


def starts_item(line: str) -> bool:
    """Whether a line begins with a printed number, a bullet or a footnote mark."""
    line = line.strip()
    return starts_with_bullet(line) or parse_number(line) is not None or _MARK.match(line) is not None


def _reach(line: str, following: str) -> int:
    """Return the width that the line would have with the next word on it."""
    word = following.split(maxsplit=1)[0]
    blank = not is_ideographic(word[0])
    return width(line.strip()) + blank + (width(word) if blank else 2)


def _indent(line: str) -> int:
    match = _INDENT.match(line)
    return len(match[0].expandtabs(4)) if match else 0
