"""Takes the pages of a PDF apart: furniture, tables, columns, footnotes, and flows of lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hexapla_corpora.readers.pdf_columns import split_columns
from hexapla_corpora.readers.pdf_footnotes import split_footnotes
from hexapla_corpora.readers.pdf_furniture import find_furniture
from hexapla_corpora.readers.pdf_glyphs import Glyph, Page
from hexapla_corpora.readers.pdf_lines import Line, build_lines
from hexapla_corpora.readers.pdf_paragraphs import measure
from hexapla_corpora.readers.pdf_tables import Table, find_tables

_HALF_LINE = 0.5


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines that are read one after the other on a page, or the cells of a table.

    Attributes:
        page: page number, from 1.
        frame: width of the page and number of the column (0: none); flows of one frame are set alike.
        lines: the lines from top to bottom; none for a table.
        cells: the lines of each cell of a table, in reading order.
    """

    page: int
    frame: tuple[int, int]
    lines: list[Line] = field(default_factory=list)
    cells: list[list[Line]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a document.

    Attributes:
        flows: its text in reading order.
        footnotes: lines of the footnotes of each page.
        furniture: lines of headers and footers, page by page.
    """

    flows: list[Flow]
    footnotes: list[list[Line]]
    furniture: list[Line]


def lay_out(pages: Sequence[Page], right_to_left: bool) -> Layout:
    """Take the pages of a document apart.

    Args:
        pages: the pages in order.
        right_to_left: whether the document is written from right to left.

    Returns:
        Its text, footnotes and furniture.
    """
    tables = [find_tables(page.glyphs, page.rules, right_to_left) for page in pages]
    glyphs = [_outside(page.glyphs, found) for page, found in zip(pages, tables, strict=True)]
    lines = [
        build_lines(found, page.number, right_to_left) for page, found in zip(pages, glyphs, strict=True)
    ]
    furniture = find_furniture(lines, [(page.bottom, page.top) for page in pages])
    layout = Layout(
        [], [], [line for place, found in enumerate(furniture) for line in _chosen(lines[place], found)]
    )
    texts = [
        [line for number, line in enumerate(lines[place]) if number not in found]
        for place, found in enumerate(furniture)
    ]
    size = measure(texts).size
    for place, page in enumerate(pages):
        text, notes = split_footnotes(texts[place], page.rules, size, page.right - page.left)
        layout.footnotes.append(notes)
        kept = _of_lines(glyphs[place], text)
        layout.flows.extend(_flows(page, kept, tables[place], right_to_left))
    return layout


def _chosen(lines: Sequence[Line], places: set[int]) -> list[Line]:
    return [lines[place] for place in sorted(places)]


def _outside(glyphs: Sequence[Glyph], tables: Sequence[Table]) -> list[Glyph]:
    inside = {glyph.place for table in tables for cell in table.cells for glyph in cell}
    return [glyph for glyph in glyphs if glyph.place not in inside]


def _of_lines(glyphs: Sequence[Glyph], lines: Sequence[Line]) -> list[Glyph]:
    """Glyphs between the highest and the lowest of the lines."""
    if not lines:
        return []
    top = max(line.baseline + _HALF_LINE * line.size for line in lines)
    bottom = min(line.baseline - _HALF_LINE * line.size for line in lines)
    return [glyph for glyph in glyphs if bottom < glyph.baseline < top]


def _flows(
    page: Page, glyphs: Sequence[Glyph], tables: Sequence[Table], right_to_left: bool
) -> Iterator[Flow]:
    """Bands of text above, between and below the tables of a page, and the tables."""
    rest = list(glyphs)
    width = round(page.right - page.left)
    for table in tables:
        yield from _band(page, [glyph for glyph in rest if glyph.baseline >= table.top], right_to_left)
        rest = [glyph for glyph in rest if glyph.baseline < table.top]
        cells = [build_lines(cell, page.number, right_to_left) for cell in table.cells]
        yield Flow(page.number, (width, 0), cells=cells)
    yield from _band(page, rest, right_to_left)


def _band(page: Page, glyphs: Sequence[Glyph], right_to_left: bool) -> Iterator[Flow]:
    width = round(page.right - page.left)
    for column, part in split_columns(glyphs, page.left, page.right, right_to_left):
        lines = build_lines(part, page.number, right_to_left)
        if lines:
            yield Flow(page.number, (width, column), lines)
