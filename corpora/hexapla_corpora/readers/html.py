"""Reader for HTML pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from lxml import etree
from lxml.etree import _Element as Element

from hexapla_corpora.document import BlockKind, Origin, Paragraph
from hexapla_corpora.footnotes import parse_mark
from hexapla_corpora.printed_numbers import parse_number
from hexapla_corpora.readers.html_elements import (
    BLOCKS,
    HEADINGS,
    LISTS,
    ListCounter,
    is_layout_cell,
    is_note,
    is_note_link,
    is_raised,
    is_skipped,
)
from hexapla_corpora.readers.text import plain_paragraphs
from hexapla_corpora.readers.typography import superscript, superscript_mark
from hexapla_corpora.readers.wrapped_lines import split_lines
from hexapla_corpora.text_encoding import clean_text, decode_text

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w:-]+)""", re.IGNORECASE)
_DECLARED_WITHIN = 4096  # bytes; the HTML standard requires the first 1,024
_EMPTY_TAG = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([\w:]+)((?:\s[^<>]*)?)/>"
)
_BREAK = "\u2028"
_MARK = re.compile(r"(\s*)[\[(]?\s*(\d{1,3}(?:\s*[,،、–-]\s*\d{1,3})*|\*{1,4}|[†‡])\s*[\])]?(\s*)")
_LINKED_MARK = re.compile(r"(\s*)[\[(]?\s*([a-z])\s*[\])]?(\s*)")


def read_paragraphs(data: bytes, path: Path) -> list[Paragraph]:
    """Read an HTML page, even a broken one: blocks, list items and table cells in reading order.

    Numbers of ordered lists are in Paragraph.number; footnote marks become superscripts. Hidden content, navigation,
    asides and footers with a copyright notice are left out. No other resource is loaded. Binary content and
    undetectable encodings raise a DocumentError.

    Args:
        data: the whole file.
        path: its name, for messages.

    Returns:
        Its paragraphs in order, with their lines.
    """
    declared = _DECLARED.search(data[:_DECLARED_WITHIN].replace(b"\0", b""))
    return html_paragraphs(
        decode_text(data, path, declared[1].decode("ascii", "ignore") if declared else None)
    )


def html_paragraphs(source: str, first_line: int = 1) -> list[Paragraph]:
    """Read HTML, a whole page or part of one.

    Args:
        source: the HTML.
        first_line: line of the file at which it begins, from 1.

    Returns:
        Its paragraphs in order.
    """
    if "xhtml" in source[:_DECLARED_WITHIN].lower():
        source = _EMPTY_TAG.sub(r"<\1\2></\1>", source)  # in HTML, <title/> is a start tag
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    source = re.sub(r"^\s*<\?xml[^>]*>|\0", "", source)
    if not source.strip():
        return []
    root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    return _Walker(first_line - 1).walk(root) if root is not None else []


@dataclass(slots=True)
class _Walker:
    """Walker over the elements of a page that collects their text.

    Attributes:
        lines_before: number of lines of the file before the part that is read.
        paragraphs: the paragraphs read so far.
        pieces: text of the open paragraph.
        line: line at which it begins; 0 before its first text.
        blocks: open block elements, outermost first.
        raised: for each open raised element, where its text begins in pieces.
        counters: counters of the open lists.
        item: whether the next text is the first of a list item.
        number: printed number of that item.
    """

    lines_before: int
    paragraphs: list[Paragraph] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    line: int = 0
    blocks: list[Element] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    counters: list[ListCounter] = field(default_factory=list)
    item: bool = False
    number: str | None = None

    def walk(self, root: Element) -> list[Paragraph]:
        """Return the paragraphs of an element in reading order."""
        steps = etree.iterwalk(root, events=("start", "end"))
        skipped: Element | None = None
        for event, element in steps:
            if event == "start" and is_skipped(element):
                skipped = element
                steps.skip_subtree()
            elif event == "start":
                self._open(element)
                self._add(element.text, element)
            else:
                if element is not skipped:
                    self._close(element)
                self._add(element.tail, element)
        self._flush()
        return self.paragraphs

    def _open(self, element: Element) -> None:
        if element.tag in BLOCKS:
            self._flush()
            self.blocks.append(element)
        if element.tag in LISTS:
            self.counters.append(ListCounter.of(element))
        elif element.tag == "li":
            self.item = True
            self.number = self.counters[-1].number(element) if self.counters else None
        elif element.tag == "br":
            self.pieces.append(_BREAK)
        elif element.tag not in BLOCKS and is_raised(element):
            self.raised.append(len(self.pieces))

    def _close(self, element: Element) -> None:
        if element.tag in BLOCKS:
            self._flush()
            self.blocks.pop()
            if element.tag in LISTS:
                self.counters.pop()
            if element.tag in (*LISTS, "li"):
                self.item, self.number = False, None
        elif is_raised(element) and self.raised:
            begin = self.raised.pop()
            self.pieces[begin:] = [_raised_text("".join(self.pieces[begin:]), is_note_link(element))]

    def _add(self, text: str | None, element: Element) -> None:
        if not text:
            return
        if not self.line and text.strip():
            self.line = self.lines_before + (cast("int | None", element.sourceline) or 0)
        self.pieces.append(text)

    def _flush(self) -> None:
        """End the open paragraph."""
        text, line = "".join(self.pieces), self.line
        self.pieces, self.line = [], 0
        self.raised = [0] * len(self.raised)  # a raised element that contains blocks
        if not text.strip():
            return
        if any(block.tag == "pre" for block in self.blocks):
            self.paragraphs += plain_paragraphs(text.replace(_BREAK, "\n"), line)
            return
        for part in re.split(rf"{_BREAK}(?:\s*{_BREAK})+", text):
            lines = [cleaned for piece in part.split(_BREAK) if (cleaned := clean_text(piece))]
            for group in split_lines(lines):
                self._append(clean_text("\n".join(group)), line)

    def _append(self, text: str, line: int) -> None:
        kind, level = self._context()
        number, self.item, self.number = self.number, False, None
        if kind is BlockKind.FOOTNOTE and number and parse_mark(text) is None:
            text, number = f"{superscript_mark(number.rstrip('.'))} {text}", None
        if number and (typed := parse_number(text)) and f"{typed.label}." == number:
            number = None  # the number is typed, so a style sheet hides the automatic one
        self.paragraphs.append(Paragraph(text, kind, level, number, Origin(line=line or None)))

    def _context(self) -> tuple[BlockKind | None, int]:
        """Return the kind and level of text in the open blocks."""
        if any(is_note(block) for block in self.blocks):
            return BlockKind.FOOTNOTE, 0
        for block in reversed(self.blocks):
            if block.tag in HEADINGS:
                return BlockKind.HEADING, int(block.tag[1])
            if block.tag in ("td", "th"):
                return (None, 0) if is_layout_cell(block) else (BlockKind.TABLE_CELL, 0)
            if block.tag == "li":
                return (BlockKind.LIST_ITEM, len(self.counters)) if self.item else (None, 0)
        return None, 0


def _raised_text(text: str, linked: bool) -> str:
    """Return a raised footnote mark in superscript characters, without brackets; leave other text unchanged."""
    match = _MARK.fullmatch(text) or (_LINKED_MARK.fullmatch(text) if linked else None)
    return f"{match[1]}{superscript_mark(match[2])}{match[3]}" if match else superscript(text)
