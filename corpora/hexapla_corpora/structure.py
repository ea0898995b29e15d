"""The structure of a United Nations document: masthead, title, preamble, operative part, lists, footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hexapla_corpora.block_kinds import classify_blocks
from hexapla_corpora.broken_paragraphs import join_cut_paragraphs
from hexapla_corpora.document import Block, BlockKind, Paragraph
from hexapla_corpora.footnotes import mark_label, parse_mark, take_footnotes
from hexapla_corpora.furniture import strip_furniture
from hexapla_corpora.lines import without_marks
from hexapla_corpora.masthead import enacting_lines, find_head, is_annex, own_symbol


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure of a document.

    Attributes:
        symbol: its own United Nations document symbol, or None.
        title: its title without footnote marks, or None.
        blocks: its blocks in reading order; footnotes come last, in printed order.
    """

    symbol: str | None
    title: str | None
    blocks: tuple[Block, ...]


def recognise(paragraphs: Sequence[Paragraph], language: str) -> Structure:
    """Recognise the structure of a document.

    Page furniture is removed, footnotes are moved to the end, and paragraphs cut by a page end are joined. Every
    other paragraph becomes part of exactly one block.

    Args:
        paragraphs: paragraphs as read from the file, in reading order; empty ones are skipped.
        language: BCP 47 tag of the document.

    Returns:
        The structure.
    """
    printed = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    stripped = strip_furniture(printed)
    separated = take_footnotes(stripped.paragraphs)
    body = join_cut_paragraphs(separated.body, _clauses(separated.body), language)
    enacting = enacting_lines(body)
    head = find_head(body, enacting)
    symbol = own_symbol([body[index] for index in sorted(head.lines)], stripped.removed)
    title = without_marks(body[head.title].text).strip() if head.title is not None else None
    return Structure(
        symbol, title, (*classify_blocks(body, head, enacting), *map(_footnote, separated.notes))
    )


def _clauses(body: Sequence[Paragraph]) -> frozenset[int]:
    """Return the indices of the paragraphs between a line that opens a preamble and the next annex."""
    inside = False
    enacting = set(enacting_lines(body))
    found = set()
    for index, paragraph in enumerate(body):
        if index in enacting:
            inside = True
        elif is_annex(paragraph.text):
            inside = False
        elif inside:
            found.add(index)
    return frozenset(found)


def _footnote(note: Paragraph) -> Block:
    label = parse_mark(note.text) or (mark_label(note.number) if note.number else None)
    ordinal = int(label) if label and re.fullmatch(r"[0-9]{1,4}", label) else None
    return Block(BlockKind.FOOTNOTE, note.text.strip(), label, ordinal or None, 0, note.origin)
