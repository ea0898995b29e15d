"""The content of the page, computed from an alignment: cells, groups of rows, counts, certainty of a row."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

from langcodes import Language

from hexapla.rows import DOUBTFUL_BELOW, Alignment, Level, Row
from hexapla_corpora.document import Document

# Scripts written from right to left (Unicode Standard, chapters 9 and 19).
_RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Mand", "Samr", "Rohg"})


class Certainty(StrEnum):
    """How far a reader can trust a row; each certainty has a colour on the page."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"
    DOUBTFUL = "doubtful"
    UNALIGNED = "unaligned"


# The lowest probability for each certainty of an aligned row, highest first.
FLOORS = {
    Certainty.CERTAIN: 0.95,
    Certainty.LIKELY: DOUBTFUL_BELOW,
    Certainty.UNSURE: 0.5,
    Certainty.DOUBTFUL: 0.0,
}


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A language of the page.

    Attributes:
        index: position of the column, from 0.
        tag: BCP 47 tag.
        direction: "ltr" or "rtl".
        file: name of the file that the document was read from, or None.
        size: number of blocks in the document.
    """

    index: int
    tag: str
    direction: str
    file: str | None
    size: int


@dataclass(frozen=True, slots=True)
class PageCell:
    """The text of one language in one row.

    Attributes:
        column: its language.
        parts: text of each segment if they can be separated, otherwise one text; empty if the language is missing.
        segments: indices of the segments in it.
    """

    column: PageColumn
    parts: tuple[str, ...]
    segments: tuple[int, ...]

    @property
    def pieces(self) -> list[tuple[int, str]]:
        """Each part, with the index of the segment in which it begins."""
        return list(zip(self.segments, self.parts, strict=False))


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row as the page shows it.

    Attributes:
        row: the row itself.
        cells: one cell for each language of the page.
        depth: depth of a list item or heading, 0 for body text.
        children: its sentence rows, in reading order.
    """

    row: Row
    cells: tuple[PageCell, ...]
    depth: int
    children: list[PageRow] = field(default_factory=list)

    @property
    def certainty(self) -> Certainty:
        """How far a reader can trust the row."""
        return certainty(self.row)

    @property
    def percent(self) -> int:
        """Probability in whole per cent, rounded down, so that an uncertain row never shows 100."""
        return int(self.row.probability * 100)

    @property
    def checks(self) -> tuple[str, ...]:
        """Reasons to check the row: unaligned, doubtful, incomplete (a language is missing)."""
        if not self.row.aligned:
            return ("unaligned",)
        doubtful = ("doubtful",) if self.row.probability < DOUBTFUL_BELOW else ()
        return doubtful + (("incomplete",) if len(self.row.texts) < len(self.cells) else ())

    @property
    def shape(self) -> str | None:
        """Number of segments in each language ("1:2:1"), or None if each has one."""
        sizes = [len(cell.segments) for cell in self.cells]
        return None if set(sizes) == {1} else ":".join(map(str, sizes))

    @property
    def weakest_child(self) -> PageRow:
        """The sentence row that most needs checking; there must be at least one."""
        return min(self.children, key=lambda child: (child.row.aligned, child.row.probability))


@dataclass(frozen=True, slots=True)
class LevelSummary:
    """Counts of the rows of one level.

    Attributes:
        level: the level.
        rows: number of rows.
        complete: rows that have every language.
        incomplete: rows that have at least two languages, but not all.
        unaligned: rows that have one language.
        doubtful: aligned rows below DOUBTFUL_BELOW.
        certainties: number of rows by certainty.
    """

    level: Level
    rows: int
    complete: int
    incomplete: int
    unaligned: int
    doubtful: int
    certainties: dict[Certainty, int]


def certainty(row: Row) -> Certainty:
    """Return how far a reader can trust a row."""
    if not row.aligned:
        return Certainty.UNALIGNED
    return next(name for name, floor in FLOORS.items() if row.probability >= floor)


def direction(tag: str) -> str:
    """Return the writing direction of a BCP 47 tag, "ltr" or "rtl", based on its likely script."""
    return "rtl" if Language.get(tag).maximize().script in _RIGHT_TO_LEFT else "ltr"


def columns(documents: Sequence[Document]) -> tuple[PageColumn, ...]:
    """Return the languages of the page, in the order of the documents."""
    return tuple(
        PageColumn(
            index=index,
            tag=document.language,
            direction=direction(document.language),
            file=document.path.name if document.path else None,
            size=len(document.blocks),
        )
        for index, document in enumerate(documents)
    )


def summarise(rows: Iterable[PageRow], level: Level) -> LevelSummary:
    """Count the rows of one level."""
    rows = list(rows)
    checks = Counter(check for row in rows for check in row.checks)
    found = Counter(row.certainty for row in rows)
    return LevelSummary(
        level=level,
        rows=len(rows),
        complete=sum(len(row.row.texts) == len(row.cells) > 1 for row in rows),
        incomplete=checks["incomplete"],
        unaligned=checks["unaligned"],
        doubtful=checks["doubtful"],
        certainties={name: found[name] for name in Certainty},
    )


def page_rows(alignment: Alignment) -> list[PageRow]:
    """Return the rows of the page in reading order, with sentence rows under the row of their paragraph.

    Args:
        alignment: rows of one or both levels.

    Returns:
        Rows of the higher level; if there is only one level, none of them has children.
    """
    shown = columns(alignment.documents)
    rows = [_page_row(row, alignment.documents, shown) for row in alignment.rows]
    paragraphs = [row for row in rows if row.row.level is Level.PARAGRAPH]
    sentences = [row for row in rows if row.row.level is Level.SENTENCE]
    if not paragraphs:
        return sentences
    _attach(sentences, paragraphs, shown)
    return paragraphs


def _page_row(row: Row, documents: Sequence[Document], shown: Sequence[PageColumn]) -> PageRow:
    cells = tuple(
        PageCell(
            column=column,
            parts=_parts(row, document),
            segments=tuple(row.segments.get(document.language, ())),
        )
        for document, column in zip(documents, shown, strict=True)
    )
    return PageRow(row=row, cells=cells, depth=_depth(row, documents))


def _parts(row: Row, document: Document) -> tuple[str, ...]:
    """Return the texts of a cell: one per segment if they match the document's blocks, otherwise joined."""
    text = row.texts.get(document.language)
    if text is None:
        return ()
    segments = row.segments[document.language]
    if len(segments) > 1 and max(segments) < len(document.blocks):
        parts = tuple(document.blocks[segment].text for segment in segments)
        if _squeeze("".join(parts)) == _squeeze(text):
            return parts
    return (text,)


def _depth(row: Row, documents: Sequence[Document]) -> int:
    if row.level is not Level.PARAGRAPH:
        return 0
    return max(
        (
            document.blocks[segment].level
            for document in documents
            for segment in row.segments.get(document.language, ())
            if segment < len(document.blocks)
        ),
        default=0,
    )


def _squeeze(text: str) -> str:
    """Remove white space, which may or may not be added between joined segments, depending on the language."""
    return "".join(text.split())


def _attach(sentences: Sequence[PageRow], paragraphs: Sequence[PageRow], shown: Sequence[PageColumn]) -> None:
    """Attach each sentence row to the row of the paragraph that contains its text."""
    owners: dict[str, PageRow] = {}
    for column in reversed(shown):
        owners |= _owners(column.index, paragraphs, sentences)
    for sentence in sentences:
        owners[sentence.row.id].children.append(sentence)


def _owners(index: int, paragraphs: Sequence[PageRow], sentences: Sequence[PageRow]) -> dict[str, PageRow]:
    """Return the paragraph row of each sentence row (by id), found in the text of one column.

    Both levels hold the same text in the same order, so the search for a sentence starts after the one before it.
    """
    blocks = _in_order(paragraphs, index)
    texts = [_squeeze(text) for text, _ in blocks]
    starts = list(accumulate(map(len, texts), initial=0))
    stream = "".join(texts)
    owners, position = {}, 0
    for text, sentence in _in_order(sentences, index):
        squeezed = _squeeze(text)
        found = stream.find(squeezed, position)
        position = found if found >= 0 else position
        owner = bisect_right(starts, min(position, len(stream) - 1)) - 1
        owners[sentence.row.id] = blocks[owner][1]
        position += len(squeezed)
    return owners


def _in_order(rows: Sequence[PageRow], index: int) -> list[tuple[str, PageRow]]:
    """Return the texts of one column in the order of its document, each with its row."""
    found = [(segment, text, row) for row in rows for segment, text in row.cells[index].pieces]
    return [(text, row) for _, text, row in sorted(found, key=lambda item: item[0])]
