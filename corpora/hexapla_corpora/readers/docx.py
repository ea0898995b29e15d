"""Reader for Word files (Office Open XML, ECMA-376): the text as printed, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml.etree import _Element

from hexapla_corpora.document import BlockKind, Origin, Paragraph
from hexapla_corpora.errors import UnreadableDocument
from hexapla_corpora.readers.docx_lists import ListCounters, ListNumber
from hexapla_corpora.readers.docx_notes import Notes
from hexapla_corpora.readers.docx_package import RELATIONSHIP, Package, W
from hexapla_corpora.readers.docx_styles import Styles, is_on, value
from hexapla_corpora.readers.docx_text import TextReader, chosen_alternative
from hexapla_corpora.readers.typography import one_line
from hexapla_corpora.symbols import find_symbol
from hexapla_corpora.text_encoding import clean_text

_LIST_FORMATS = ("bullet", "lowerLetter", "lowerRoman")
_MASTHEAD_PARAGRAPHS = 20


def read_paragraphs(data: bytes, path: Path) -> list[Paragraph]:
    """Read the paragraphs of a Word file, with tracked changes accepted.

    Args:
        data: content of the .docx file.
        path: the file, for messages.

    Returns:
        Body paragraphs, headings, list items and table cells in reading order, then footnotes and endnotes. A
        document symbol that occurs only in the page header comes first.

    Raises:
        UnreadableDocument: the file is damaged, encrypted, too large when unpacked, or not a Word document.
    """
    package = Package(data, path)
    root = package.part(package.document)
    body = None if root is None else root.find(W + "body")
    if body is None:
        raise UnreadableDocument(
            f"{path}: a zip file without a Word document in it ({package.document} is missing or has no "
            "body). Give a .docx file, or save the document as .docx."
        )
    reader = _Reader(package, body)
    paragraphs = reader.read(body)
    if reader.loses_text:
        paragraphs = _Reader(package, body, fields=False).read(body)
    return [*_header_symbol(package, body, paragraphs), *paragraphs]


@dataclass
class _Pending:
    """A paragraph whose mark was deleted or hidden, so that the next paragraph continues it."""

    text: str = ""
    origin: Origin | None = None


class _Reader:
    """Reader of the body, for a single pass, as its counters of lists, notes and fields advance."""

    def __init__(self, package: Package, body: _Element, *, fields: bool = True) -> None:
        self._styles = Styles(_first_part(package, "styles"))
        self._numbering = ListCounters(_first_part(package, "numbering"), self._styles)
        self._notes = Notes(package, body)
        self._text = TextReader(self._styles, self._notes.refer, fields=fields)
        self._count = 0

    def read(self, body: _Element) -> list[Paragraph]:
        """Return all paragraphs of the body, then the notes."""
        return [*self._blocks(body), *self._footnotes()]

    @property
    def loses_text(self) -> bool:
        """Whether a field never ended, so that the text after it was not read."""
        return self._text.in_field

    def _footnotes(self) -> Iterator[Paragraph]:
        for mark, element in self._notes.texts():
            text = " ".join(paragraph.text for paragraph in self._blocks(element))
            while mark and text.startswith(mark):  # typed in the note; twice if a program added its own
                text = text.removeprefix(mark).lstrip()
            yield Paragraph(f"{mark} {text}".strip(), BlockKind.FOOTNOTE)

    def _blocks(self, container: _Element) -> Iterator[Paragraph]:
        pending = _Pending()
        for element in _shown_blocks(container):
            if element.tag == W + "tbl":
                yield from self._flush(pending)
                yield from self._table(element)
            else:
                yield from self._paragraph(element, pending)
        yield from self._flush(pending)

    def _flush(self, pending: _Pending) -> Iterator[Paragraph]:
        text = _clean(pending.text)
        if text:
            yield Paragraph(text, origin=pending.origin or Origin())
        pending.text, pending.origin = "", None

    def _paragraph(self, element: _Element, pending: _Pending) -> Iterator[Paragraph]:
        self._count += 1
        origin = pending.origin or Origin(paragraph=self._count)
        raw = pending.text + self._text.read(element)
        boxes, self._text.boxes = self._text.boxes, []
        if _continues(element):
            pending.text, pending.origin = raw, origin
        else:
            pending.text, pending.origin = "", None
            yield from self._finish(element, _clean(raw), origin)
        for box in boxes:
            yield from self._blocks(box)

    def _finish(self, element: _Element, text: str, origin: Origin) -> Iterator[Paragraph]:
        number = self._numbering.advance(element)
        if not text:
            return
        heading = self._styles.heading(element)
        kind, level = heading if heading is not None else _list_kind(number)
        printed = _clean(number.printed) if number else ""
        yield Paragraph(text, kind, level, printed or None, origin)

    def _table(self, table: _Element) -> Iterator[Paragraph]:
        cells = [cell for row in _shown(table, "tr") if not _row_deleted(row) for cell in _shown(row, "tc")]
        if len(cells) == 1:
            yield from self._blocks(cells[0])
            return
        for cell in cells:
            if not _covered(cell):
                yield from self._cell(cell)

    def _cell(self, cell: _Element) -> Iterator[Paragraph]:
        """Yield one paragraph each for the text before, between and after the cell's nested tables."""
        collected: list[Paragraph] = []
        for paragraph in self._blocks(cell):
            if paragraph.kind is BlockKind.TABLE_CELL:
                yield from _joined(collected)
                collected = []
                yield paragraph
            else:
                collected.append(paragraph)
        yield from _joined(collected)


def _first_part(package: Package, kind: str) -> _Element | None:
    names = package.related(package.document, kind)
    return package.part(names[0]) if names else None


def _clean(raw: str) -> str:
    return one_line(clean_text(raw.replace("\u00ad", "")))


def _list_kind(number: ListNumber | None) -> tuple[BlockKind | None, int]:
    """Return the kind and level of a numbered paragraph; a plain "1." may be an operative paragraph, so has no kind."""
    if number is None:
        return None, 0
    is_item = number.level > 0 or number.number_format in _LIST_FORMATS
    return (BlockKind.LIST_ITEM if is_item else None), number.level + 1


def _joined(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    if not paragraphs:
        return
    texts = [paragraphs[0].text, *(f"{item.number or ''} {item.text}".strip() for item in paragraphs[1:])]
    yield replace(paragraphs[0], text=" ".join(texts), kind=BlockKind.TABLE_CELL, level=0)


def _shown_blocks(container: Iterable[_Element]) -> Iterator[_Element]:
    """Yield paragraphs and tables, including those in content controls, custom XML and alternatives."""
    for child in container:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag == W + "sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
            yield from _shown_blocks(child.iterchildren(W + "sdtContent"))
        elif child.tag in (W + "sdtContent", W + "customXml", W + "ins", W + "moveTo"):
            yield from _shown_blocks(child)
        elif isinstance(child.tag, str) and child.tag.endswith("}AlternateContent"):
            yield from _shown_blocks(chosen_alternative(child))


def _shown(container: _Element, name: str) -> Iterator[_Element]:
    """Yield the rows of a table or cells of a row, including those in content controls and custom XML."""
    for child in container:
        if child.tag == W + name:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo"):
            yield from _shown(child, name)


def _row_deleted(row: _Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _covered(cell: _Element) -> bool:
    """Whether a cell was deleted, or is merged into the cell above or to the left."""
    properties = cell.find(W + "tcPr")
    if properties is None:
        return False
    merged = [properties.find(W + "vMerge"), properties.find(W + "hMerge")]
    continued = any(merge is not None and value(merge) != "restart" for merge in merged)
    return continued or properties.find(W + "cellDel") is not None


def _continues(paragraph: _Element) -> bool:
    """Whether a paragraph's mark was deleted, moved or hidden, so that the next paragraph continues it."""
    properties = paragraph.find(f"{W}pPr/{W}rPr")
    if properties is None:
        return False
    hidden = properties.find(W + "vanish")
    gone = properties.find(W + "del") is not None or properties.find(W + "moveFrom") is not None
    return gone or (hidden is not None and is_on(hidden.get(W + "val")))


def _header_symbol(package: Package, body: _Element, paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the document symbol of the first section's page headers, unless the first paragraphs contain it."""
    section = next(body.iter(W + "sectPr"), None)
    references = () if section is None else section.iterchildren(W + "headerReference")
    for reference in references:
        name = package.target(package.document, reference.get(RELATIONSHIP, ""))
        header = package.part(name) if name else None
        lines = () if header is None else header.iter(W + "p")
        for line in lines:
            symbol = find_symbol(_clean("".join(text.text or "" for text in line.iter(W + "t"))))
            if symbol:
                shown = any(symbol in paragraph.text for paragraph in paragraphs[:_MASTHEAD_PARAGRAPHS])
                return [] if shown else [Paragraph(symbol, BlockKind.MASTHEAD)]
    return []
