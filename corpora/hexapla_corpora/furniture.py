"""Page furniture: headers, footers, page numbers and the like, which are not part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.lines import ends_clause, final_character
from hexapla_corpora.symbols import SYMBOL

_DIGIT = "0-9٠-٩۰-۹"
# A line that consists only of such pieces is furniture; a lone figure or symbol needs more evidence.
_PIECES = re.compile(
    rf"(?P<job>(?<![{_DIGIT}])[{_DIGIT}]{{2}}-[{_DIGIT}]{{5}}(?![{_DIGIT}])(?:\s?\([A-Z]\))?(?:\s+[{_DIGIT}]{{6}})*)"
    rf"|(?P<bar>\*?(?<![{_DIGIT}])[{_DIGIT}]{{7}}\*|\*[{_DIGIT}]{{7,8}}\*?)"
    rf"|(?P<fraction>(?<![{_DIGIT}/])[{_DIGIT}]{{1,4}}\s?/\s?[{_DIGIT}]{{1,4}}(?![{_DIGIT}/]))"
    rf"|(?P<page>(?:\b(?:page|página|pág\.|стр\.|страница|p\.)|الصفحة|صفحة)\s*[{_DIGIT}]{{1,4}}"
    rf"(?:\s*(?:/|of|de|из|sur|من)\s*[{_DIGIT}]{{1,4}})?"
    rf"|第\s*[{_DIGIT}]{{1,4}}\s*[页頁](?:[,，]?\s*共\s*[{_DIGIT}]{{1,4}}\s*[页頁])?|[-–—]\s?[{_DIGIT}]{{1,4}}\s?[-–—])"
    rf"|(?P<recycle>please recycle|merci de recycler|se ruega reciclar|请回收|الرجاء إعادة استعمال الورق)"
    rf"|(?P<symbol>(?-i:{SYMBOL.pattern}))"
    rf"|(?P<figure>(?<![{_DIGIT}])[{_DIGIT}]{{1,3}}(?![{_DIGIT}]))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s|*♲♻\u200e\u200f]*")
_SURE = frozenset({"job", "bar", "page", "recycle"})
_HEADER_REPEATS = 3
_HEADER_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Stripped:
    """Paragraphs without page furniture.

    Attributes:
        paragraphs: the remaining paragraphs; ends_page is set for each one before furniture.
        removed: the texts of the furniture, in order.
    """

    paragraphs: tuple[Paragraph, ...]
    removed: tuple[str, ...]


def strip_furniture(paragraphs: Sequence[Paragraph]) -> Stripped:
    """Remove page numbers, job numbers, bar codes, repeated symbols and running headers.

    Args:
        paragraphs: paragraphs of a document, in reading order.

    Returns:
        The remaining paragraphs, with the page ends that the furniture reveals, and the removed texts.
    """
    furniture = _furniture(paragraphs)
    furniture |= _running_headers(paragraphs, furniture)
    kept: list[Paragraph] = []
    for index, paragraph in enumerate(paragraphs):
        if index not in furniture:
            kept.append(paragraph)
        elif kept and not kept[-1].ends_page:
            kept[-1] = replace(kept[-1], ends_page=True)
    return Stripped(tuple(kept), tuple(paragraphs[index].text for index in sorted(furniture)))


def _furniture(paragraphs: Sequence[Paragraph]) -> set[int]:
    pieces = {
        index: found
        for index, paragraph in enumerate(paragraphs)
        if paragraph.kind in (None, BlockKind.PLAIN) and (found := _pieces(paragraph.text))
    }
    sure = {index for index, found in pieces.items() if _SURE & found.keys() or len(found) > 1}
    sure |= _header_symbols(paragraphs, pieces, sure)
    for name in ("fraction", "figure"):
        figures = {index: found[name] for index, found in pieces.items() if name in found}
        sure |= _page_numbers(paragraphs, figures, sure)
    return sure


def _pieces(text: str) -> dict[str, str]:
    """Return the pieces of furniture in a line, by name; empty if the line contains anything else."""
    found: dict[str, str] = {}
    position = 0
    stripped = text.strip()
    while position < len(stripped):
        match = _PIECES.match(stripped, position)
        if not match or not match.lastgroup:
            return {}
        found[match.lastgroup] = match[0]
        between = _BETWEEN.match(stripped, match.end())
        position = between.end() if between else match.end()
    return found


def _header_symbols(
    paragraphs: Sequence[Paragraph], pieces: dict[int, dict[str, str]], sure: set[int]
) -> set[int]:
    """Find lines with only a symbol at the head of a page; the first one, before the text, belongs to the masthead."""
    symbols = {index: found["symbol"] for index, found in pieces.items() if found.keys() == {"symbol"}}
    clauses = (
        i
        for i, p in enumerate(paragraphs)
        if ends_clause(p.text) and final_character(p.text) not in {":", "："}
    )
    text_start = next(clauses, len(paragraphs))
    times = Counter(symbols.values())
    masthead = " ".join(paragraph.text for paragraph in paragraphs[:text_start])
    headers: set[int] = set()
    for index, symbol in symbols.items():
        if index < text_start:
            repeated = any(symbols.get(before) == symbol for before in range(index))
        else:
            repeated = times[symbol] > 1 or symbol in masthead or _at_page_end(paragraphs, index, sure)
        if repeated:
            headers.add(index)
    return headers


def _at_page_end(paragraphs: Sequence[Paragraph], index: int, furniture: set[int]) -> bool:
    """Whether furniture is next to a line, or a page ends before it."""
    if index - 1 in furniture or index + 1 in furniture:
        return True
    if index == 0:
        return False
    before = paragraphs[index - 1]
    return before.ends_page or before.origin.page != paragraphs[index].origin.page


def _page_numbers(paragraphs: Sequence[Paragraph], figures: dict[int, str], sure: set[int]) -> set[int]:
    """Find lines with only a figure or fraction at a place where there is evidence of a page end."""
    pages = {index: int(re.split(r"\s?/\s?", text)[0]) for index, text in figures.items()}
    at_page_ends = {index for index in pages if _at_page_end(paragraphs, index, sure)}
    ordered = sorted(pages)
    counted: set[int] = set()
    for run in _counting_runs(ordered, pages):
        if len(run) >= _HEADER_REPEATS:
            counted.update(run)
    return at_page_ends | counted


def _counting_runs(ordered: list[int], pages: dict[int, int]) -> list[list[int]]:
    """Return the runs of lines whose figures increase by one, with other text between them."""
    runs: list[list[int]] = []
    for index in ordered:
        last = runs[-1][-1] if runs else None
        if last is not None and index > last + 1 and pages[index] == pages[last] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _running_headers(paragraphs: Sequence[Paragraph], furniture: set[int]) -> set[int]:
    """Find short lines without final punctuation that recur at page ends, such as a title at the head of each page."""
    lines = {
        index: paragraph.text.strip()
        for index, paragraph in enumerate(paragraphs)
        if index > 0
        and index not in furniture
        and paragraph.kind in (None, BlockKind.PLAIN)
        and len(paragraph.text) <= _HEADER_WIDTH
        and not ends_clause(paragraph.text)
        and _at_page_end(paragraphs, index, furniture)
    }
    times = Counter(lines.values())
    return {index for index, line in lines.items() if times[line] >= _HEADER_REPEATS}
