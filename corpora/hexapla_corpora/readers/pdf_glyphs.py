"""Characters and ruled lines of PDF pages with their positions, read with PDFium."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from hexapla_corpora.errors import EmptyDocument, UnreadableDocument
from hexapla_corpora.readers.pdf_rules import Box, find_rules

_FEWEST_GLYPHS_A_PAGE = 5
_ASKEW = 0.02
_FLAT = 0.2
_LINE_END_HYPHEN = 2  # PDFium's code for a hyphen at the end of a line
_NARROWEST_BLANK = 0.02
_FORMATTING = frozenset({0xAD, 0x200E, 0x200F, 0xFEFF} | set(range(0x202A, 0x202F)))
_CONTROL = _FORMATTING | set(range(32)) | {0x7F}
_ASCII = 0x80
_FLAT_MARKS = frozenset(map(ord, " -_.,=~^`'\"*"))
_ARABIC = re.compile("[\u0620-\u065f]")
_TATWEEL = "\u0640"
_UNKNOWN = "\ufffd"
_NO_CHARACTERS = (_UNKNOWN, "\ufffe", "\uffff")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character on a page; lengths in points, measured from the left and bottom of the upright page.

    Attributes:
        text: the character.
        origin: horizontal position at which it was drawn; the parts of a ligature share it.
        left: left end of its advance.
        right: right end of its advance.
        baseline: height of its baseline.
        size: font size.
        place: index in the page's stream of characters; gives the order of the parts of a ligature.
        run: identifier of the text object that contains it.
    """

    text: str
    origin: float
    left: float
    right: float
    baseline: float
    size: float
    place: int
    run: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin straight line."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def horizontal(self) -> bool:
        """Whether the line is wider than it is high."""
        return self.right - self.left > self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a page, turned upright; lengths in points.

    Attributes:
        number: page number, from 1.
        left: left edge.
        bottom: bottom edge.
        right: right edge.
        top: top edge.
        glyphs: its upright characters.
        rules: its thin straight lines.
    """

    number: int
    left: float
    bottom: float
    right: float
    top: float
    glyphs: list[Glyph]
    rules: list[Rule]


def read_pages(data: bytes, path: Path) -> list[Page]:
    """Read the characters and rules of every page of a PDF.

    Args:
        data: content of the file.
        path: the file, for messages.

    Returns:
        The pages in order.

    Raises:
        UnreadableDocument: the file is damaged or encrypted, or its fonts lack Unicode values.
        EmptyDocument: the pages contain no text, as in a scan.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            pages = [_read_page(document[index], index + 1) for index in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(_explain(str(error), path)) from error
    characters = [glyph.text for page in pages for glyph in page.glyphs if not glyph.text.isspace()]
    if len(characters) < max(1, _FEWEST_GLYPHS_A_PAGE * len(pages)):
        raise EmptyDocument(_explain_scan(len(pages), len(characters), path))
    unknown = sum(
        character in _NO_CHARACTERS or "\ue000" <= character <= "\uf8ff" for character in characters
    )
    if unknown * 3 > len(characters):
        raise UnreadableDocument(_explain_fonts(unknown, len(characters), path))
    return pages


def _explain(message: str, path: Path) -> str:
    if "password" in message.lower() or "security" in message.lower():
        return f"{path}: the PDF is encrypted with a password. Save a copy without the password and use the copy."
    return f"{path}: the PDF is truncated or damaged ({message}). Download or copy it again."


def _explain_scan(pages: int, characters: int, path: Path) -> str:
    return (
        f"{path}: its {pages} pages hold {characters} characters of text, so it is a scan or empty. Run "
        "optical character recognition (OCR) on it first, for example with OCRmyPDF, and use the result."
    )


def _explain_fonts(unknown: int, characters: int, path: Path) -> str:
    return (
        f"{path}: {unknown} of its {characters} characters have no Unicode value, so its text cannot be read. Run "
        "optical character recognition (OCR) on it, or use the document in another format."
    )


def _read_page(page: Any, number: int) -> Page:  # noqa: ANN401 - pypdfium2 has no types
    text_page = page.get_textpage()
    try:
        found = list(_characters(text_page))
    finally:
        text_page.close()
    turn = Counter(angle for angle, _ in found).most_common(1)[0][0] if found else 0
    glyphs = [_turned_glyph(glyph, turn) for angle, glyph in found if angle == turn]
    left, bottom, right, top = _turned(page.get_bbox(), turn)
    return Page(
        number, left, bottom, right, top, glyphs, [Rule(*_turned(rule, turn)) for rule in find_rules(page)]
    )


def _characters(text_page: Any) -> Iterator[tuple[int, tuple[Glyph, Box]]]:  # noqa: ANN401
    """Yield the quarter turns, glyph and box of each character."""
    runs: dict[int, tuple[int, float]] = {}
    origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    before = ""
    for place in range(text_page.count_chars()):
        drawn = ctypes.cast(pdfium.FPDFText_GetTextObject(text_page, place), ctypes.c_void_p).value
        if drawn is None:  # a space or line end inferred by PDFium; build_lines infers its own
            continue
        if drawn not in runs:
            runs[drawn] = _turn_and_size(text_page, place)
        turn, size = runs[drawn]
        pdfium.FPDFText_GetLooseCharBox(text_page, place, box)
        pdfium.FPDFText_GetCharOrigin(text_page, place, origin_x, origin_y)
        text = _character(text_page, place, size, before)
        if text and (text != " " or box.right - box.left > _NARROWEST_BLANK * size or turn % 2):
            corners = (box.left, box.bottom, box.right, box.top)
            origin = (origin_x.value, origin_y.value)
            before = text
            yield turn, (Glyph(text, origin[0], box.left, box.right, origin[1], size, place, drawn), corners)


def _turned_glyph(found: tuple[Glyph, Box], turn: int) -> Glyph:
    glyph, corners = found
    if turn <= 0:
        return glyph
    left, _, right, _ = _turned(corners, turn)
    origin, baseline, _, _ = _turned((glyph.origin, glyph.baseline, glyph.origin, glyph.baseline), turn)
    return replace(glyph, origin=origin, left=left, right=right, baseline=baseline)


def _turned(box: Box, turn: int) -> Box:
    """Turn a box back by quarter turns, so that the text of its page is upright."""
    left, bottom, right, top = box
    for _ in range(turn):
        left, bottom, right, top = bottom, -right, top, -left
    return left, bottom, right, top


def _turn_and_size(text_page: Any, place: int) -> tuple[int, float]:  # noqa: ANN401
    """Return the quarter turns of a character (-1 if askew) and its font size on the page."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, place, matrix)
    size = pdfium.FPDFText_GetFontSize(text_page, place) * math.hypot(matrix.c, matrix.d)
    turns = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
    return (round(turns) % 4 if abs(turns - round(turns)) < _ASKEW else -1), size


def _character(text_page: Any, place: int, size: float, before: str) -> str:  # noqa: ANN401
    """Return a character; after an Arabic letter, a flat stroke with a wrong code is a tatweel."""
    code = pdfium.FPDFText_GetUnicode(text_page, place)
    if code == _LINE_END_HYPHEN:
        return "-"
    may_be_stroke = code < _ASCII and code not in _FLAT_MARKS and _ARABIC.match(before)
    if may_be_stroke and _is_flat(text_page, place, size):
        return _TATWEEL
    if code in _CONTROL or 0xD800 <= code < 0xE000:
        unnamed = pdfium.FPDFText_HasUnicodeMapError(text_page, place) == 1
        return _UNKNOWN if unnamed and code not in _FORMATTING else ""
    return chr(code)


def _is_flat(text_page: Any, place: int, size: float) -> bool:  # noqa: ANN401
    """Whether a glyph is one flat stroke; PDFs by LibreOffice have no code for the one that lengthens Arabic words."""
    sides = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(text_page, place, *sides)
    return 0 < sides[3].value - sides[2].value < _FLAT * size
