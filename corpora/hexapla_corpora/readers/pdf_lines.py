"""Lines of text, built from the glyphs of a PDF page: order, spaces, superscripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from hexapla_corpora.readers.pdf_bidi import (
    fix_paired_marks,
    is_right_to_left,
    needs_reordering,
    reading_order,
)
from hexapla_corpora.readers.pdf_glyphs import Glyph
from hexapla_corpora.readers.pdf_rows import Row, add_marks, build_rows, split_segments
from hexapla_corpora.readers.typography import is_han, superscript
from hexapla_corpora.text_encoding import clean_text

_LIGATURE = 0.05
_LONGEST_MARK = 3
_GAP_OF_WORDS = 0.17
_GAP_IN_HAN = 0.6
_GAP_BESIDE_HAN_SPACED = 0.21
_WIDEST_LETTER_SPACING = 0.1
_TATWEEL_IN_WORD = re.compile("(?<=[\u0620-\u063f\u0641-\u065f])\u0640+(?=[\u0620-\u064a])")
_LAM = "ل"
_HAN_BLANK_LATIN = re.compile("[\u3400-\u9fff] (?=[0-9A-Za-z])|[0-9A-Za-z] (?=[\u3400-\u9fff])")
_HAN_LATIN = re.compile("[\u3400-\u9fff](?=[0-9A-Za-z])|[0-9A-Za-z](?=[\u3400-\u9fff])")
_OPENERS = "《〈「『（【“‘([«"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or the part of a line between wide gaps; lengths in points.

    Attributes:
        text: its characters in reading order.
        start: position at which reading begins: x of its left edge, or in a right-to-left document, minus x of its
            right edge.
        end: position at which reading ends, measured in the same way.
        baseline: height of its baseline.
        size: main font size.
        first_word: width of the first word, which a line breaker would have had to fit into the line before.
        page: page number, from 1.
    """

    text: str
    start: float
    end: float
    baseline: float
    size: float
    first_word: float
    page: int


@dataclass(frozen=True, slots=True)
class Writing:
    """Properties of the writing in a document.

    Attributes:
        right_to_left: whether it is written from right to left.
        gap_beside_han: widest gap, in font sizes, between Chinese and other letters that is not a space.
    """

    right_to_left: bool
    gap_beside_han: float


def find_writing(pages: Iterable[Sequence[Glyph]]) -> Writing:
    """Detect the properties of the writing in a document.

    Word processors add a quarter of the font size between Chinese and other letters. If the text has spaces at such
    places, PDFium may have dropped some of them, and a gap of that width counts as a space.

    Args:
        pages: the characters of each page.

    Returns:
        The direction of writing and the gaps next to Chinese characters.
    """
    text = "\n".join("".join(glyph.text for glyph in page) for page in pages)
    spaced, touching = len(_HAN_BLANK_LATIN.findall(text)), len(_HAN_LATIN.findall(text))
    return Writing(is_right_to_left(text), _GAP_BESIDE_HAN_SPACED if spaced > touching else _GAP_IN_HAN)


def build_lines(glyphs: Sequence[Glyph], page: int, writing: Writing, whole_rows: bool = False) -> list[Line]:
    """Build the lines of a page or part of a page, from top to bottom; parts of a row in reading order.

    Args:
        glyphs: the characters.
        page: page number, from 1.
        writing: how the document is written.
        whole_rows: whether to keep rows whole even at gaps too wide for a space.

    Returns:
        The lines; unless rows are kept whole, a row with gaps too wide for a space gives several.
    """
    marks = [glyph for glyph in glyphs if unicodedata.combining(glyph.text)]
    rows = build_rows([glyph for glyph in glyphs if not unicodedata.combining(glyph.text)])
    lines = []
    for row in rows:
        glyphs_in_row = sorted(row.glyphs, key=lambda glyph: (glyph.origin, glyph.place))
        segments = [glyphs_in_row] if whole_rows else split_segments(glyphs_in_row, writing.right_to_left)
        for segment in segments:
            line = _line(add_marks(segment, marks), row, page, writing)
            if line.text:
                lines.append(line)
    return lines


def _line(glyphs: list[Glyph], row: Row, page: int, writing: Writing) -> Line:
    glyphs = _without_duplicates(glyphs)
    printed = [glyph for glyph in glyphs if not glyph.text.isspace()]
    spaced = _with_superscripts(list(_with_spaces(glyphs, row.raised, writing.gap_beside_han)), row.raised)
    texts = [text for text, _ in spaced]
    turned = writing.right_to_left and needs_reordering("".join(texts))
    if turned:
        order = _keep_ligatures(reading_order(texts), spaced)
        spaced = [spaced[index] for index in order]
    text = _text([text for text, _ in spaced])
    text = fix_paired_marks(text) if turned else text
    size = median(
        glyph.size for glyph in printed if glyph.place not in row.raised or len(row.raised) >= len(printed)
    )
    left, right = min(glyph.left for glyph in printed), max(glyph.right for glyph in printed)
    first = _first_word([item for item in spaced if item[1] is not None])
    start, end = (-right, -left) if writing.right_to_left else (left, right)
    return Line(text, start, end, row.baseline, size, first, page)


def _without_duplicates(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the glyphs without those drawn a second time to look bold."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        double = any(
            glyph.text == other.text
            and glyph.run != other.run
            and abs(glyph.origin - other.origin) < 0.1 * glyph.size
            for other in kept[-3:]
        )
        if not double:
            kept.append(glyph)
    return kept


def _with_spaces(
    glyphs: Sequence[Glyph], raised: set[int], beside_han: float
) -> Iterator[tuple[str, Glyph | None]]:
    """Yield the characters from left to right, with spaces for gaps wider than letter spacing."""
    pairs = [
        (before, glyph) for before, glyph in pairwise(glyphs) if not (before.text + glyph.text).isspace()
    ]
    gaps = [(glyph.left - before.right) / glyph.size for before, glyph in pairs]
    spacing = min(max(0.0, median(gaps)), _WIDEST_LETTER_SPACING) if gaps else 0.0
    before: Glyph | None = None
    end = 0.0
    for glyph in glyphs:
        if before is not None and not glyph.text.isspace() and not before.text.isspace():
            limit = spacing + _limit(before, glyph, beside_han)
            if glyph.left - end > limit * max(glyph.size, before.size) and glyph.place not in raised:
                yield " ", None
        yield glyph.text, glyph
        before, end = glyph, max(end, glyph.right)


def _limit(before: Glyph, glyph: Glyph, beside_han: float) -> float:
    """Return the widest gap between two glyphs that is not a space, in font sizes."""
    han = is_han(before.text[0]) + is_han(glyph.text[0])
    return (_GAP_OF_WORDS, beside_han, _GAP_IN_HAN)[han]


def _keep_ligatures(order: list[int], spaced: Sequence[tuple[str, Glyph | None]]) -> list[int]:
    """Put the parts of each ligature, drawn at one position, in reading order."""
    clusters: list[list[int]] = []
    for index in order:
        if clusters and _drawn_together(spaced[index][1], spaced[clusters[-1][-1]][1]):
            clusters[-1].append(index)
        else:
            clusters.append([index])
    kept: list[int] = []
    for cluster in clusters:
        cluster.sort(key=lambda index: _place(spaced[index][1]))
        kept.extend(reversed(cluster) if _is_reversed([spaced[index] for index in cluster]) else cluster)
    return kept


def _is_reversed(cluster: Sequence[tuple[str, Glyph | None]]) -> bool:
    """Whether PDFium reversed the letters of a ligature; as most begin with lam, any other first letter shows it."""
    boxes = {(glyph.left, glyph.right) for _, glyph in cluster if glyph is not None}
    return len(cluster) > 1 and len(boxes) == 1 and cluster[0][0][0] != _LAM


def _drawn_together(glyph: Glyph | None, other: Glyph | None) -> bool:
    if glyph is None or other is None or glyph.run != other.run:
        return False
    return abs(other.origin - glyph.origin) < _LIGATURE * glyph.size


def _place(glyph: Glyph | None) -> int:
    return glyph.place if glyph is not None else 0


def _with_superscripts(
    spaced: Sequence[tuple[str, Glyph | None]], raised: set[int]
) -> list[tuple[str, Glyph | None]]:
    """Turn raised digits into superscript characters; drop a raised asterisk next to an asterisk.

    LibreOffice prints the custom mark of a footnote twice: once itself, and once as typed in the note.
    """
    done: list[tuple[str, Glyph | None]] = []
    for is_raised, group in groupby(spaced, lambda item: item[1] is not None and item[1].place in raised):
        items = list(group)
        if is_raised and _repeats_mark(items, spaced):
            continue
        if is_raised and len("".join(text for text, _ in items).strip()) <= _LONGEST_MARK:
            items = [(superscript(text), glyph) for text, glyph in items]
        done.extend(items)
    return done


def _repeats_mark(
    items: Sequence[tuple[str, Glyph | None]], spaced: Sequence[tuple[str, Glyph | None]]
) -> bool:
    """Whether the raised characters are an asterisk that the text next to them repeats."""
    place = spaced.index(items[0])
    neighbours = [spaced[near][0] for near in (place - 1, place + len(items)) if 0 <= near < len(spaced)]
    return "".join(text for text, _ in items).strip() == "*" and "*" in neighbours


def _text(characters: Sequence[str]) -> str:
    """Return the text of a line, without the strokes that lengthen Arabic words."""
    joined = re.sub(r"[ \t]+", " ", "".join(characters))
    return clean_text(_TATWEEL_IN_WORD.sub("", joined)).strip()


def _first_word(spaced: Sequence[tuple[str, Glyph | None]]) -> float:
    """Return the width of the first word, or of the first Chinese character with its punctuation."""
    taken: list[Glyph] = []
    for text, glyph in spaced:
        if glyph is None or (text.isspace() and taken):
            break
        if taken and is_han(text[0]) and not _is_unbreakable(taken[-1].text, text):
            break
        taken.append(glyph)
    return max(glyph.right for glyph in taken) - min(glyph.left for glyph in taken) if taken else 0.0


def _is_unbreakable(before: str, text: str) -> bool:
    """Whether a line breaker never breaks between these two characters of Chinese text."""
    return before in _OPENERS or unicodedata.category(text[0]) in ("Po", "Pe", "Pf")
