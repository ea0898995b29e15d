"""Kinds, numbers and levels of the blocks in a document's body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hexapla_corpora.document import Block, BlockKind, Paragraph
from hexapla_corpora.lines import ends_clause, final_character, starts_lowercase, width
from hexapla_corpora.list_numbering import ListReader, starts_with_bullet
from hexapla_corpora.masthead import Head, is_annex
from hexapla_corpora.printed_numbers import NumberStyle, PrintedNumber, parse_number

_HEADING_WIDTH = 160
_HEADINGS_IN_A_ROW = 3
_TWO_SENTENCES = re.compile(r"[^\W\d_]{3}[.;؛]\s+[^\W\d_]|[。；]\S")
_WORDED = frozenset(
    {
        NumberStyle.ARTICLE,
        NumberStyle.CHAPTER,
        NumberStyle.SECTION,
        NumberStyle.PART,
        NumberStyle.ANNEX,
        NumberStyle.GOAL,
    }
)
_HEADING_LEVELS = {NumberStyle.ARTICLE: 2, NumberStyle.LETTER: 2, NumberStyle.DECIMAL: 3}


class _Region(StrEnum):
    TEXT = "text"
    PREAMBLE = "preamble"
    OPERATIVE = "operative"


def classify_blocks(body: Sequence[Paragraph], head: Head, enacting: Sequence[int]) -> list[Block]:
    """Classify the paragraphs of a document's body.

    Args:
        body: its paragraphs, with cut ones joined, and without furniture and footnotes.
        head: its masthead and title.
        enacting: indices of the lines that open a preamble.

    Returns:
        One block for each paragraph, in the same order.
    """
    classifier = _Classifier(body, head, frozenset(enacting), _headings(body, head))
    return [classifier.block(index) for index in range(len(body))]


def _headings(body: Sequence[Paragraph], head: Head) -> frozenset[int]:
    """Return the indices of short lines before running text, at most three in a row, or after an annex heading."""
    found: set[int] = set()
    row: list[int] = []
    for index, paragraph in enumerate(body):
        if index in head.lines:
            continue
        text = paragraph.text
        item = paragraph.kind in (BlockKind.TABLE_CELL, BlockKind.LIST_ITEM) or starts_with_bullet(text)
        if _looks_like_heading(text) and not item:
            row.append(index)
            continue
        if sum(not _has_word(parse_number(body[before].text)) for before in row) <= _HEADINGS_IN_A_ROW:
            found.update(row)
        row = []
    annexes = {index for index, paragraph in enumerate(body) if is_annex(paragraph.text)}
    found.update(
        index + 1 for index in annexes if index + 1 < len(body) and _looks_like_heading(body[index + 1].text)
    )
    return frozenset(found)


def _looks_like_heading(text: str) -> bool:
    """Whether a line is short, does not end with punctuation and does not begin with a lower-case letter."""
    if width(text) > _HEADING_WIDTH or not any(map(str.isalpha, text)):
        return False
    if ends_clause(text) or starts_lowercase(text):
        return False
    number = parse_number(text)
    return not _TWO_SENTENCES.search(text, number.end if number else 0)


@dataclass(slots=True)
class _Classifier:
    body: Sequence[Paragraph]
    head: Head
    enacting: frozenset[int]
    headings: frozenset[int]
    lists: ListReader = field(default_factory=ListReader)
    region: _Region = _Region.TEXT
    numbered: bool = True  # whether the operative paragraphs of this resolution have numbers

    def block(self, index: int) -> Block:
        """Return the block of a paragraph; must be called for every index in order."""
        paragraph = self.body[index]
        number = self._number(index)
        self._enter_region(index, number)
        kind = self._kind(index, number)
        level = self._level(paragraph, kind, number)
        label, ordinal = (number.label, number.ordinal) if number else (None, None)
        return Block(kind, paragraph.text.strip(), label, ordinal, level, paragraph.origin)

    def _number(self, index: int) -> PrintedNumber | None:
        if index in self.head.lines:
            return None
        paragraph = self.body[index]
        if paragraph.number is None:
            following = self.body[index + 1].text if index + 1 < len(self.body) else ""
            return self.lists.read(paragraph.text, following)
        bare = paragraph.number.strip()
        return self.lists.read(bare) or self.lists.read(f"{bare}." if bare[-1:].isdecimal() else f"({bare})")

    def _enter_region(self, index: int, number: PrintedNumber | None) -> None:
        text = self.body[index].text
        if index in self.enacting:
            self.region = _Region.PREAMBLE
            self.numbered = self._has_numbers(index)
        elif is_annex(text) or (_has_word(number) and _looks_like_heading(text)):
            self.region = _Region.TEXT
        elif self.region is _Region.PREAMBLE and index not in self.headings:
            first = (
                _is_paragraph_number(number) if self.numbered else final_character(text) in set(";；؛.。:：")
            )
            self.region = _Region.OPERATIVE if first else self.region

    def _has_numbers(self, enacting: int) -> bool:
        """Whether the paragraphs between a line that opens a preamble and the next such line are numbered from 1."""
        for index in range(enacting + 1, len(self.body)):
            if index in self.enacting or is_annex(self.body[index].text):
                return False
            number = parse_number(self.body[index].number or self.body[index].text)
            if self.body[index].number or (
                _is_paragraph_number(number) and number is not None and number.ordinal == 1
            ):
                return True
        return False

    def _kind(self, index: int, number: PrintedNumber | None) -> BlockKind:
        paragraph = self.body[index]
        if index in self.head.lines:
            return BlockKind.TITLE if index == self.head.title else BlockKind.MASTHEAD
        if paragraph.kind not in (None, BlockKind.PLAIN):
            automatic = (
                paragraph.kind is BlockKind.LIST_ITEM
                and paragraph.level <= 1
                and _is_paragraph_number(number)
            )
            return BlockKind.OPERATIVE if automatic and self.region is _Region.OPERATIVE else paragraph.kind
        if _is_list_number(number) or (number is None and starts_with_bullet(paragraph.text)):
            return BlockKind.LIST_ITEM
        if self.region is _Region.TEXT:
            return self._kind_in_text(index, number)
        return self._kind_in_resolution(index, number)

    def _kind_in_text(self, index: int, number: PrintedNumber | None) -> BlockKind:
        text = self.body[index].text
        if is_annex(text) or (_has_word(number) and _looks_like_heading(text)):
            return BlockKind.HEADING
        if number and number.style is NumberStyle.DECIMAL:
            following = parse_number(self.body[index + 1].text) if index + 1 < len(self.body) else None
            is_heading = index in self.headings and not _is_paragraph_number(following)
            return BlockKind.HEADING if is_heading else BlockKind.PLAIN
        heading = index in self.headings or (number is not None and _looks_like_heading(text))
        return BlockKind.HEADING if heading else BlockKind.PLAIN

    def _kind_in_resolution(self, index: int, number: PrintedNumber | None) -> BlockKind:
        if index in self.enacting:
            return BlockKind.PREAMBULAR
        if index in self.headings and (number is None or not _is_paragraph_number(number)):
            return BlockKind.HEADING
        if self.region is _Region.PREAMBLE:
            return BlockKind.PREAMBULAR
        return BlockKind.OPERATIVE if _is_paragraph_number(number) or not self.numbered else BlockKind.PLAIN

    def _level(self, paragraph: Paragraph, kind: BlockKind, number: PrintedNumber | None) -> int:
        if kind is BlockKind.LIST_ITEM:
            return self.lists.enter(number) if not paragraph.level else self._given_level(paragraph, number)
        if kind is BlockKind.TABLE_CELL:
            return 0
        self.lists.close()
        if kind is BlockKind.HEADING:
            return paragraph.level or (_HEADING_LEVELS.get(number.style, 1) if number else 1)
        return 0

    def _given_level(self, paragraph: Paragraph, number: PrintedNumber | None) -> int:
        self.lists.enter(number)
        return paragraph.level


def _is_paragraph_number(number: PrintedNumber | None) -> bool:
    """Whether a number belongs to a paragraph of the text (1. or 一、) rather than to a list item."""
    styles = (NumberStyle.DECIMAL, NumberStyle.IDEOGRAPH)
    return number is not None and number.style in styles and not number.enclosed


def _has_word(number: PrintedNumber | None) -> bool:
    """Whether a number comes with a word (Article 2, 第二条)."""
    return number is not None and number.style in _WORDED


def _is_list_number(number: PrintedNumber | None) -> bool:
    """Whether a number belongs to a list item: in brackets, or a lower-case letter."""
    if number is None or _has_word(number):
        return False
    lettered = number.style in (NumberStyle.LETTER, NumberStyle.ROMAN)
    return number.enclosed or (lettered and number.label.islower())
