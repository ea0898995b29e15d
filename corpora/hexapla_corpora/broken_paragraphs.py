"""Paragraphs cut in two by a page end, and how they are joined again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.languages import spaced
from hexapla_corpora.lines import (
    ends_clause,
    final_character,
    has_case,
    is_ideographic,
    starts_lowercase,
    starts_uppercase,
    width,
)
from hexapla_corpora.list_numbering import starts_with_bullet
from hexapla_corpora.printed_numbers import NumberStyle, parse_number

# A cut leaves at least one printed line on its page. Without a sign of a page end, a text must be longer than a
# title to count as cut.
_LINE = 40
_LONG_LINE = 60
_LONGEST_TITLE = 100
_INNER = re.compile(r"[,;:،؛.](?=\s)|[，；：。、]")
_HYPHENS = "-\u2010\u00ad"


def join_cut_paragraphs(
    paragraphs: Sequence[Paragraph], clauses: frozenset[int], language: str
) -> list[Paragraph]:
    """Join the parts of paragraphs cut by a page end.

    Args:
        paragraphs: the body, in reading order, without furniture and footnotes.
        clauses: indices of the paragraphs of a resolution, which all end like a clause.
        language: BCP 47 tag; Chinese and Japanese parts are joined without a space.

    Returns:
        The paragraphs; a joined one keeps the origin of its first part.
    """
    between_words = spaced(language)
    joined: list[Paragraph] = []
    first = -1
    for index, paragraph in enumerate(paragraphs):
        if joined and _continues(joined[-1], paragraph, index in clauses and first in clauses):
            text = _join(joined[-1].text, paragraph.text, between_words)
            joined[-1] = replace(joined[-1], text=text, ends_page=paragraph.ends_page)
        else:
            joined.append(paragraph)
            first = index
    return joined


def _continues(before: Paragraph, after: Paragraph, in_clauses: bool) -> bool:
    if not _joinable(before, after):
        return False
    if parse_number(after.text) or starts_with_bullet(after.text) or _parallel(before.text, after.text):
        return False
    if ends_clause(before.text):
        return _cut_after_comma(before, after, in_clauses)
    if (
        final_character(before.text) in _HYPHENS
        and before.text[-2:-1].isalpha()
        and starts_lowercase(after.text)
    ):
        return True
    return _cut_in_clause(before, after, in_clauses)


def _parallel(before: str, after: str) -> bool:
    """Whether both begin with the same words, as clauses of a preamble often do."""
    words = after[:_LONGEST_TITLE].casefold().split()[:2]
    return len(words) == 2 and before[:_LONGEST_TITLE].casefold().split()[:2] == words


def _joinable(before: Paragraph, after: Paragraph) -> bool:
    """Whether both may be parts of one paragraph as far as the file format is concerned."""
    plain = (None, BlockKind.PLAIN)
    if after.kind not in plain or after.number is not None:
        return False
    clauses = (BlockKind.LIST_ITEM, BlockKind.OPERATIVE, BlockKind.PREAMBULAR)
    return before.kind in plain or (before.kind in clauses and before.ends_page)


def _cut_after_comma(before: Paragraph, after: Paragraph, in_clauses: bool) -> bool:
    """Whether a page end after a comma cuts a paragraph that has a number or continues in lower case."""
    if (
        final_character(before.text) not in set(",，،、")
        or not before.ends_page
        or not ends_clause(after.text)
    ):
        return False
    small = starts_lowercase(after.text) and not (in_clauses and starts_lowercase(before.text))
    return _numbered(before) or small


def _cut_in_clause(before: Paragraph, after: Paragraph, in_clauses: bool) -> bool:
    wide = width(before.text)
    if has_case(after.text) and has_case(before.text) and starts_lowercase(after.text):
        return wide >= (_LINE if before.ends_page else _LONG_LINE)
    if not ends_clause(after.text) and not after.ends_page:
        return False  # a line without final punctuation is a heading
    if in_clauses and _numbered(before):
        return wide >= _LINE
    if before.ends_page:
        numbered = _numbered(before) and _has_clauses(before.text)
        return numbered or (wide >= _LONG_LINE and _is_running_text(before, after))
    if wide < _LONGEST_TITLE:
        return False
    if in_clauses:
        return _is_running_text(before, after)
    return not starts_uppercase(after.text) and _has_clauses(before.text)


def _is_running_text(before: Paragraph, after: Paragraph) -> bool:
    """Whether the text at a page end is running text; if a capital follows, more evidence is needed."""
    return not starts_uppercase(after.text) or _numbered(before) or _has_clauses(before.text)


def _has_clauses(text: str) -> bool:
    """Whether there is punctuation inside the text, which is rare in titles."""
    number = parse_number(text)
    return bool(_INNER.search(text, number.end if number else 0))


def _numbered(paragraph: Paragraph) -> bool:
    if paragraph.number is not None:
        return True
    number = parse_number(paragraph.text)
    return number is not None and number.style in {NumberStyle.DECIMAL, NumberStyle.LETTER, NumberStyle.ROMAN}


def _join(before: str, after: str, spaced: bool) -> str:
    before, after = before.rstrip(), after.lstrip()
    if before[-1:] in set(_HYPHENS) and before[-2:-1].isalpha():
        # "Inter-" keeps its hyphen before a capital; before lower case, the hyphen comes from the line end.
        return before + after if not starts_lowercase(after) else before[:-1] + after
    if not spaced and (is_ideographic(before[-1:]) or is_ideographic(after[:1])):
        return before + after
    return f"{before} {after}"
