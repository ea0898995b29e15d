"""Reader for Markdown (CommonMark with tables and footnotes), written by hand or converted from PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from hexapla_corpora.document import BlockKind, Origin, Paragraph
from hexapla_corpora.lines import ends_clause
from hexapla_corpora.readers.html import html_paragraphs
from hexapla_corpora.readers.markdown_inline import escape_unknown_tags, note_mark, plain_lines
from hexapla_corpora.readers.text import plain_paragraphs
from hexapla_corpora.readers.wrapped_lines import Wrapping, find_wrapping, split_lines
from hexapla_corpora.text_encoding import clean_text, decode_text

_FRONT_MATTER = re.compile(
    r"\A\s*---[ \t]*\n(?=[\w-]+:)(?:[\w\"'-]+:.*\n|[ \t]+.*\n|- .*\n|#.*\n|\n)*---[ \t]*(?:\n|\Z)"
)
_MARK_IN_TEXT = re.compile(r"(?<=\S)\*")
_CELL_END = re.compile(r"(?<!\\)\|")
_CONTAINER = re.compile(
    r"^(?:\s*(?:>|[-+*]|\d{1,9}[.)])\s?)+(?=\s*\|)"
)  # marks of a quotation or list before a table row
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*:|[#/.<]|www\.|\S+\.(?:html?|md|pdf|docx?|png|jpe?g|gif|svg)\b", re.IGNORECASE
)


def read_paragraphs(data: bytes, path: Path) -> list[Paragraph]:
    """Read a Markdown file without losing text, and with numbers as they were typed.

    Text indented by four spaces is text, not code, because files made from PDF contain it. `* text` is a footnote if
    its mark occurs elsewhere in the text. Rules of hyphens or underscores and form feeds are page ends. Link targets,
    comments, pictures and front matter are left out, as they are not printed. Binary content and undetectable
    encodings raise a DocumentError.

    Args:
        data: the whole file.
        path: its name, for messages.

    Returns:
        Its paragraphs in order, with their lines and, if form feeds end pages, their pages.
    """
    text = _FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), decode_text(data, path))
    wrapping = find_wrapping(text.replace("\f", "\n").split("\n"))
    pages = text.split("\f")
    paragraphs: list[Paragraph] = []
    line = 1
    for number, page in enumerate(pages, 1):
        origin = Origin(line, number if len(pages) > 1 else None)
        paragraphs += _Page(page, wrapping, origin).read()
        if number < len(pages) and paragraphs:
            paragraphs[-1] = replace(paragraphs[-1], ends_page=True)
        line += page.count("\n")
    return _settle_asterisks(paragraphs)


@cache
def _parser(references: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"]).disable("code")
    parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    return parser if references else parser.disable("reference")


def _settle_asterisks(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Turn lone items `* text` from footnotes into list items if no asterisk in the text refers to them."""
    lone = [paragraph for paragraph in paragraphs if _is_lone(paragraph)]
    if (
        any(_MARK_IN_TEXT.search(paragraph.text) for paragraph in paragraphs if not _is_lone(paragraph))
        or not lone
    ):
        return list(paragraphs)
    return [
        replace(paragraph, text=paragraph.text[2:], kind=BlockKind.LIST_ITEM, level=1)
        if _is_lone(paragraph)
        else paragraph
        for paragraph in paragraphs
    ]


def _is_lone(paragraph: Paragraph) -> bool:
    return paragraph.kind is BlockKind.FOOTNOTE and paragraph.text.startswith("* ")


@dataclass(slots=True)
class _Page:
    """Reader for the blocks of a page.

    Attributes:
        source: its Markdown.
        wrapping: how the document's lines were wrapped.
        origin: where the page begins.
        paragraphs: the paragraphs read so far.
        depth: number of open lists.
        prefix: printed number or footnote mark at the start of the next text.
        kind: kind of the next text according to the markup.
        level: depth of the next text's heading or list.
        row: source line of the open table row, from 0.
        cells: number of its cells read so far.
        before: number of paragraphs before the open heading.
        lines: lines of the source.
    """

    source: str
    wrapping: Wrapping
    origin: Origin
    paragraphs: list[Paragraph] = field(default_factory=list)
    depth: int = 0
    prefix: str = ""
    kind: BlockKind | None = None
    level: int = 0
    row: int = 0
    cells: int = 0
    before: int = 0
    lines: Sequence[str] = ()

    def read(self) -> list[Paragraph]:
        """Return the paragraphs of the page in order."""
        self.lines = self.source.split("\n")
        environment: dict[str, Any] = {}
        tokens = _parser(references=True).parse(self.source, environment)
        if any(not _ADDRESS.match(link["href"]) for link in environment.get("references", {}).values()):
            tokens = _parser(references=False).parse(
                self.source, environment := {}
            )  # "[1]: A/51/402, annex" is a footnote
        identifiers = environment.get("footnotes", {}).get("refs", {})
        for index, token in enumerate(tokens):
            if token.type == "list_item_open":
                self._open_item(token, lone=_is_lone_item(tokens, index))
            elif token.type == "footnote_reference_open":
                self.kind = BlockKind.FOOTNOTE
                label = token.meta["label"]
                self.prefix = f"{note_mark(label, identifiers.get(f':{label}', -1))} ".lstrip()
            elif token.type.endswith("_close"):
                self._close(token)
            else:
                self._read_token(token)
        return self.paragraphs

    def _open_item(self, token: Token, lone: bool) -> None:
        if token.info:
            self.prefix += f"{token.info}{token.markup} "
            self.kind, self.level = (BlockKind.LIST_ITEM, self.depth) if self.depth > 1 else (None, 0)
        elif self.prefix:
            self.prefix += f"{token.markup} "
        elif lone and self.depth == 1:
            self.prefix, self.kind, self.level = "* ", BlockKind.FOOTNOTE, 0
        else:
            self.kind, self.level = BlockKind.LIST_ITEM, self.depth

    def _close(self, token: Token) -> None:
        if token.type == "heading_close" and token.markup == "-":
            self._end_page()
        if token.type == "tr_close":
            self._add_surplus_cells()
        if token.type in ("bullet_list_close", "ordered_list_close"):
            self.depth -= 1
        if token.type in ("list_item_close", "footnote_reference_close") and self.prefix.strip(" *-+"):
            self._add(self.prefix, self._line(token))
        if token.type in ("list_item_close", "footnote_reference_close"):
            self.prefix = ""
        if token.type != "paragraph_close" or self.kind is not BlockKind.FOOTNOTE:
            self.kind, self.level = None, 0

    def _end_page(self) -> None:
        """Turn a heading that ends like a clause into the last paragraph of a page; its underline is the page end."""
        for heading in self.paragraphs[self.before :][-1:]:
            if ends_clause(heading.text):
                self.paragraphs[-1] = replace(heading, kind=None, level=0, ends_page=True)

    def _read_token(self, token: Token) -> None:
        line = self._line(token)
        match token.type:
            case "inline":
                self._read_inline(token, line)
            case "heading_open":
                self.kind, self.level = BlockKind.HEADING, int(token.tag[1])
                self.before = len(self.paragraphs)
            case "tr_open":
                self.row, self.cells = (token.map or [0])[0], 0
            case "th_open" | "td_open":
                self.kind = BlockKind.TABLE_CELL
                self.cells += 1
            case "bullet_list_open" | "ordered_list_open":
                self.depth += 1
            case "fence":
                self._extend(plain_paragraphs(token.content, line + 1))
            case "html_block":
                self._extend(html_paragraphs(escape_unknown_tags(token.content), line))
            case "hr" if token.markup[0] in "-_" and self.paragraphs:
                self.paragraphs[-1] = replace(self.paragraphs[-1], ends_page=True)

    def _read_inline(self, token: Token, line: int) -> None:
        lines = plain_lines(token.children or [])
        if self.kind in (BlockKind.HEADING, BlockKind.TABLE_CELL):
            groups = [lines] if lines else []
        else:
            groups = split_lines(lines)
        for group in groups:
            self._add(self.prefix + self.wrapping.join(group), line)
            line += len(group)
            self.prefix = ""
            if self.kind is BlockKind.LIST_ITEM:
                self.kind, self.level = None, 0  # what follows has its own printed number

    def _add_surplus_cells(self) -> None:
        """Add the cells after the last column of a row, which the parser ignores, as GitHub does."""
        row = _CONTAINER.sub("", self.lines[self.row]).strip().removeprefix("|").removesuffix("|")
        self.kind = BlockKind.TABLE_CELL
        for cell in _CELL_END.split(row)[self.cells :]:
            token = _parser(references=True).parseInline(cell.strip())[0]
            self._read_inline(token, (self.origin.line or 1) + self.row)

    def _add(self, text: str, line: int) -> None:
        if cleaned := clean_text(text):
            origin = replace(self.origin, line=line)
            self.paragraphs.append(Paragraph(cleaned, self.kind, self.level, origin=origin))

    def _extend(self, paragraphs: Iterable[Paragraph]) -> None:
        """Add paragraphs from another reader."""
        for paragraph in paragraphs:
            origin = replace(self.origin, line=paragraph.origin.line)
            text = clean_text(self.prefix + paragraph.text)
            self.paragraphs.append(replace(paragraph, text=text, origin=origin))
            self.prefix = ""

    def _line(self, token: Token) -> int:
        """Return the line of the file at which a token begins, or, if unknown, the line of the text before it."""
        if token.map:
            return (self.origin.line or 1) + token.map[0]
        return (self.paragraphs[-1].origin.line if self.paragraphs else self.origin.line) or 1


def _is_lone_item(tokens: Sequence[Token], index: int) -> bool:
    """Whether a list item begins with an asterisk and is the only one in its list."""
    item = tokens[index]
    if item.markup != "*" or tokens[index - 1].type != "bullet_list_open":
        return False
    later = (place for place in range(index + 1, len(tokens)) if tokens[place].level <= item.level)
    close = next(later)
    return tokens[close + 1].type == "bullet_list_close"
