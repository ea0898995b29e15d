"""Layout of PDF pages: furniture, tables, columns, footnotes, and flows of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hexapla_corpora.readers.pdf_columns import split_columns
from hexapla_corpora.readers.pdf_footnotes import split_footnotes
from hexapla_corpora.readers.pdf_furniture import find_furniture
from hexapla_corpora.readers.pdf_glyphs import Glyph, Page, Rule
from hexapla_corpora.readers.pdf_lines import Line, Writing, build_lines, find_writing
from hexapla_corpora.readers.pdf_paragraphs import measure
from hexapla_corpora.readers.pdf_tables import Table, find_tables

_HALF_LINE = 0.5
_MARGIN = 10.0


@dataclass(frozen=True, slots=True)
class Flow:
    """Consecutive lines on a page, or the cells of a table.

    Attributes:
        page: page number, from 1.
        frame: width of the page and number of the column (0: none); flows in the same frame have the same layout.
        lines: the lines from top to bottom; empty for a table.
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
        flows: the text in reading order.
        footnotes: lines of the footnotes on each page.
        furniture: lines of headers and footers, in page order.
    """

    flows: list[Flow]
    footnotes: list[list[Line]]
    furniture: list[Line]


def lay_out(pages: Sequence[Page]) -> Layout:
    """Analyse the layout of a document.

    Args:
        pages: the pages in order.

    Returns:
        Its text, footnotes and furniture.
    """
    writing = find_writing([page.glyphs for page in pages])
    tables = [find_tables(page.glyphs, page.rules, writing.right_to_left) for page in pages]
    glyphs = [_outside(page.glyphs, found) for page, found in zip(pages, tables, strict=True)]
    lines = [build_lines(found, page.number, writing) for page, found in zip(pages, glyphs, strict=True)]
    furniture = find_furniture(lines, [(page.bottom, page.top) for page in pages])
    layout = Layout([], [], [])
    size = measure([_without(found, lines) for found, lines in zip(furniture, lines, strict=True)]).size
    for place, page in enumerate(pages):
        layout.furniture.extend(lines[place][number] for number in sorted(furniture[place]))
        kept = _of_lines(glyphs[place], _without(furniture[place], lines[place]))
        flows, notes = _read_page(page, kept, tables[place], size, writing)
        layout.flows.extend(flows)
        layout.footnotes.append(notes)
    return layout


def _without(places: set[int], lines: Sequence[Line]) -> list[Line]:
    return [line for place, line in enumerate(lines) if place not in places]


def _outside(glyphs: Sequence[Glyph], tables: Sequence[Table]) -> list[Glyph]:
    inside = {glyph.place for table in tables for cell in table.cells for glyph in cell}
    return [glyph for glyph in glyphs if glyph.place not in inside]


def _of_lines(glyphs: Sequence[Glyph], lines: Sequence[Line]) -> list[Glyph]:
    """Return the glyphs between the highest and the lowest line."""
    if not lines:
        return []
    top = max(line.baseline + _HALF_LINE * line.size for line in lines)
    bottom = min(line.baseline - _HALF_LINE * line.size for line in lines)
    return [glyph for glyph in glyphs if bottom < glyph.baseline < top]


def _read_page(
    page: Page, glyphs: Sequence[Glyph], tables: Sequence[Table], size: float, writing: Writing
) -> tuple[list[Flow], list[Line]]:
    """Return the flows of a page, text and tables in reading order, and the lines of its footnotes."""
    width = round(page.right - page.left)
    flows: list[Flow] = []
    rest = list(glyphs)
    for table in tables:
        above = [glyph for glyph in rest if glyph.baseline >= table.top]
        rest = [glyph for glyph in rest if glyph.baseline < table.top]
        for column, part in split_columns(above, page.left, page.right, writing.right_to_left):
            flows.append(Flow(page.number, (width, column), _lines(page, column, part, writing)))
        cells = [build_lines(cell, page.number, writing) for cell in table.cells]
        flows.append(Flow(page.number, (width, 0), cells=cells))
    parts = split_columns(rest, page.left, page.right, writing.right_to_left)
    notes: list[Line] = []
    for column, part in parts:
        lines = _lines(page, column, part, writing)
        if column == parts[-1][0] or parts[-1][0]:
            lines, below = split_footnotes(lines, _rules_of(page, part), size, width)
            notes.extend(below)
        flows.append(Flow(page.number, (width, column), lines))
    return [flow for flow in flows if flow.lines or flow.cells], notes


def _lines(page: Page, column: int, glyphs: Sequence[Glyph], writing: Writing) -> list[Line]:
    return build_lines(glyphs, page.number, writing, whole_rows=column > 0)


def _rules_of(page: Page, glyphs: Sequence[Glyph]) -> list[Rule]:
    """Return the rules within the width of a column."""
    left = min((glyph.left for glyph in glyphs), default=page.left) - _MARGIN
    right = max((glyph.right for glyph in glyphs), default=page.right) + _MARGIN
    return [rule for rule in page.rules if left <= rule.left and rule.right <= right]
