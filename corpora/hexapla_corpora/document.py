"""The data that every reader makes and every later step takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class BlockKind(StrEnum):
    """What a block is in a United Nations document."""

    MASTHEAD = "masthead"
    TITLE = "title"
    HEADING = "heading"
    PREAMBULAR = "preambular"
    OPERATIVE = "operative"
    LIST_ITEM = "list item"
    FOOTNOTE = "footnote"
    TABLE_CELL = "table cell"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in the source file a block begins; what a format does not have is None.

    Attributes:
        line: line of the file, from 1 (text, Markdown, HTML).
        page: page, from 1 (PDF; text and Markdown made from PDF where page ends are known).
        paragraph: paragraph of the file, from 1, table cells counted (Word).
    """

    line: int | None = None
    page: int | None = None
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a reader found it, before the structure of the document is recognised.

    Attributes:
        text: one line of plain text in Unicode NFC: no markup, no line breaks, footnote marks as superscript
            characters (¹ ² or *), typed numbers kept where they were typed.
        kind: what the file format itself says (a heading style, a footnote part, a table); None if it says nothing.
        level: depth of a heading or list from 1 where the format tells it, else 0.
        number: the printed number that the format generates and that is not in the text (automatic numbering), or None.
        origin: where in the file it begins.
        ends_page: True for the last paragraph before a page end or for one that a page end cuts.
    """

    text: str
    kind: BlockKind | None = None
    level: int = 0
    number: str | None = None
    origin: Origin = Origin()
    ends_page: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, footnote or table cell of a document.

    Attributes:
        kind: what it is.
        text: its text as a CAT tool shows it: a typed number is in it, a number made by automatic numbering is not.
        number: its printed number in Western form without punctuation ("1", "a", "iv", "12" for Article 12; the mark
            of a footnote, such as "3" or "*"); None if it has none.
        ordinal: the number as an integer from 1, comparable across the numbering conventions of the languages
            (1., 一、, ١ -, (a), أ, I.); None if it has none.
        level: 0 in the body, else the depth of a heading or of a list from 1.
        origin: where in the source file it begins.
    """

    kind: BlockKind
    text: str
    number: str | None = None
    ordinal: int | None = None
    level: int = 0
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Document:
    """One language version of a document.

    Attributes:
        language: BCP 47 tag as the user gave it, or as it was detected.
        blocks: its blocks in reading order; footnotes, gathered from page ends, come last in the order of their marks.
        symbol: United Nations document symbol (A/79/L.92), or None.
        title: its title, or None.
        path: the file it was read from, or None.
        warnings: sentences for the user, such as a text in another language than was said.
    """

    language: str
    blocks: tuple[Block, ...]
    symbol: str | None = None
    title: str | None = None
    path: Path | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence of a block.

    Attributes:
        text: the sentence, without white space around it.
        block: index of its block in the document, from 0.
        start: offset of its first character in the block's text.
        end: offset behind its last character in the block's text.
    """

    text: str
    block: int
    start: int
    end: int
