"""The data classes that readers produce and all later steps use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class BlockKind(StrEnum):
    """The role of a block in a United Nations document."""

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
    """Where a block begins in the source file; None for what the format does not have.

    Attributes:
        line: line of the file, from 1 (text, Markdown, HTML).
        page: page, from 1 (PDF, and text or Markdown made from PDF where page ends are known).
        paragraph: paragraph of the file, from 1, including those in table cells (Word).
    """

    line: int | None = None
    page: int | None = None
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as read from the file, before the structure of the document is recognised.

    Attributes:
        text: one line of plain text in Unicode NFC: no markup, no line breaks, footnote marks as superscript
            characters (¹ ² or *), typed numbers where they were typed.
        kind: what the file format itself says (a heading style, a footnote part, a table); None if it says nothing.
        level: depth of a heading or list, from 1, where the format gives it, else 0.
        number: the printed number from automatic numbering, which is not part of the text, or None.
        origin: where it begins in the file.
        ends_page: whether it is the last paragraph before a page end, or a page end cuts it.
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
        kind: its role in the document.
        text: its text as a CAT tool shows it: includes a typed number, but not a number from automatic numbering.
        number: its printed number in Western form without punctuation ("1", "a", "iv", "12" for Article 12), or
            the mark of a footnote, such as "3" or "*"; None if it has none.
        ordinal: the number as an integer from 1, comparable across the numbering conventions of the languages
            (1., 一、, ١ -, (a), أ, I.); None if it has none.
        level: 0 in the body, else the depth of a heading or list, from 1.
        origin: where it begins in the source file.
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
        language: BCP 47 tag as given by the user, or as detected.
        blocks: its blocks in reading order; footnotes come last, in the order of their marks.
        symbol: United Nations document symbol (A/79/L.92), or None.
        title: its title, or None.
        path: the file it was read from, or None.
        warnings: sentences for the user, such as that the text is not in the declared language.
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
        text: the sentence, without surrounding white space.
        block: index of its block in the document, from 0.
        start: offset of its first character in the block's text.
        end: offset just after its last character in the block's text.
    """

    text: str
    block: int
    start: int
    end: int
