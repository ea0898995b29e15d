"""Reader for PDF files with a text layer: paragraphs in reading order, without page furniture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hexapla_corpora.document import BlockKind, Origin, Paragraph
from hexapla_corpora.readers.pdf_footnotes import Note, mark_number, read_notes
from hexapla_corpora.readers.pdf_glyphs import read_pages
from hexapla_corpora.readers.pdf_layout import Flow, Layout, lay_out
from hexapla_corpora.readers.pdf_line_breaks import LineJoiner
from hexapla_corpora.readers.pdf_lines import Line
from hexapla_corpora.readers.pdf_paragraphs import Cut, Measure, find_cut, measure, split_paragraphs
from hexapla_corpora.symbols import find_symbol


@dataclass(slots=True)
class _Piece:
    """The lines of a paragraph or table cell, across page ends."""

    lines: list[Line]
    frame: tuple[int, int]
    is_cell: bool = False
    ends_page: bool = False


def read_paragraphs(data: bytes, path: Path) -> list[Paragraph]:
    """Read the paragraphs of a PDF; a damaged or encrypted PDF, or one without text, raises a DocumentError.

    Args:
        data: content of the file.
        path: the file, for messages.

    Returns:
        Paragraphs and table cells in reading order, then the footnotes. A document symbol that occurs only in page
        headers comes first. The last paragraph of a page has ends_page set if it may continue on the next page.
    """
    layout = lay_out(read_pages(data, path))
    joiner = LineJoiner(_all_texts(layout))
    body = [_paragraph(piece, joiner) for piece in _pieces(layout.flows)]
    return [*_masthead(layout), *body, *_footnotes(layout, joiner)]


def _all_texts(layout: Layout) -> Iterator[str]:
    for flow in layout.flows:
        for lines in (flow.lines, *flow.cells):
            yield from (line.text for line in lines)
    for notes in layout.footnotes:
        yield from (line.text for line in notes)


def _masthead(layout: Layout) -> Iterator[Paragraph]:
    """Yield the document symbol of the page headers, unless the text of the first page contains it."""
    symbols = ((find_symbol(line.text), line) for line in layout.furniture)
    for symbol, line in symbols:
        if symbol:
            first_page = (shown for flow in layout.flows if flow.page == 1 for shown in flow.lines)
            if not any(symbol in shown.text for shown in first_page):
                yield Paragraph(symbol, BlockKind.MASTHEAD, origin=Origin(page=line.page))
            return


def _pieces(flows: Sequence[Flow]) -> list[_Piece]:
    """Return paragraphs and cells in reading order, joined where the end of a page or column clearly cuts them."""
    frames = {flow.frame for flow in flows}
    measures = {frame: measure([flow.lines for flow in flows if flow.frame == frame]) for frame in frames}
    pieces: list[_Piece] = []
    for flow in flows:
        pieces.extend(_Piece(cell, flow.frame, is_cell=True) for cell in flow.cells)
        new = [_Piece(lines, flow.frame) for lines in split_paragraphs(flow.lines, measures[flow.frame])]
        if pieces and new and not pieces[-1].is_cell and not flow.cells:
            _connect(pieces[-1], new, measures)
        pieces.extend(new)
    return pieces


def _connect(before: _Piece, new: list[_Piece], measures: dict[tuple[int, int], Measure]) -> None:
    """Join the first new paragraph to the one before if that was clearly cut; set ends_page if it may have been."""
    cut = find_cut(before.lines, new[0].lines, measures[before.frame], measures[new[0].frame])
    if cut is Cut.SURE:
        before.lines.extend(new.pop(0).lines)
    elif cut is Cut.POSSIBLE:
        before.ends_page = True


def _paragraph(piece: _Piece, joiner: LineJoiner) -> Paragraph:
    text = joiner.join([line.text for line in piece.lines])
    kind = BlockKind.TABLE_CELL if piece.is_cell else None
    return Paragraph(text, kind, origin=Origin(page=piece.lines[0].page), ends_page=piece.ends_page)


def _footnotes(layout: Layout, joiner: LineJoiner) -> Iterator[Paragraph]:
    notes: list[Note] = []
    last_number = 0
    for lines in layout.footnotes:
        for note in read_notes(lines, last_number):
            if note.mark is None and notes:
                notes[-1] = Note(notes[-1].mark, notes[-1].lines + note.lines, notes[-1].page)
            else:
                notes.append(note)
                last_number = mark_number(note.mark or "") or last_number
    for note in notes:
        text = joiner.join(note.lines)
        yield Paragraph(
            f"{note.mark or ''} {text}".strip(), BlockKind.FOOTNOTE, origin=Origin(page=note.page)
        )
