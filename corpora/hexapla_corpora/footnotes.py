"""Footnotes: recognised by their marks, and separated from the body."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.lines import SUPERSCRIPTS, ends_clause

_FIGURE = rf"⁽?[{SUPERSCRIPTS}]{{1,3}}⁾?|\[\d{{1,3}}\]"
_SIGN = r"\*{1,4}|[†‡§]{1,2}|[ᵃ-ᶻ]"
_MARK = re.compile(rf"(?:{_FIGURE}|{_SIGN})")
_START = re.compile(rf"\s*(?P<mark>{_FIGURE}|{_SIGN})/?(?=\s*\S)\s*")
_NEXT_NOTE = re.compile(rf"\s(?=(?P<mark>⁽?[{SUPERSCRIPTS}]{{1,3}}⁾?)\s)")


@dataclass(frozen=True, slots=True)
class Separated:
    """A document's body and its footnotes.

    Attributes:
        body: paragraphs of the body; ends_page is set for each one before a footnote.
        notes: footnotes in printed order, one in each paragraph, each beginning with its mark.
    """

    body: tuple[Paragraph, ...]
    notes: tuple[Paragraph, ...]


def mark_label(mark: str) -> str:
    """Return a footnote mark in plain characters: "3" for ³ or [3], "*" for an asterisk."""
    return unicodedata.normalize("NFKC", mark).strip("()[]/ ")


def parse_mark(text: str) -> str | None:
    """Return the label of the footnote mark at the start of a paragraph ("3", "*"), or None."""
    match = _START.match(text)
    return mark_label(match["mark"]) if match else None


def take_footnotes(paragraphs: Sequence[Paragraph]) -> Separated:
    """Separate the footnotes from the body.

    A paragraph is a footnote if the file format says so, or if it begins with a mark that also occurs elsewhere in
    the text.

    Args:
        paragraphs: paragraphs of a document without page furniture.

    Returns:
        The body and the footnotes, with no text lost.
    """
    references = _references(paragraphs)
    starts = Counter(label for paragraph in paragraphs if (label := parse_mark(paragraph.text)))
    body: list[Paragraph] = []
    notes: list[Paragraph] = []
    last_mark: str | None = None  # of the footnote just before
    for paragraph in paragraphs:
        if paragraph.kind is BlockKind.FOOTNOTE:
            found = _split(paragraph, references)
        elif _is_note(paragraph, references, starts, last_mark):
            found = _split(replace(paragraph, kind=BlockKind.FOOTNOTE), references)
            if body and not body[-1].ends_page:
                body[-1] = replace(body[-1], ends_page=True)
        else:
            found = []
            body.append(paragraph)
        notes.extend(found)
        last_mark = parse_mark(found[-1].text) if found else None
    return Separated(tuple(body), tuple(notes))


def _references(paragraphs: Sequence[Paragraph]) -> Counter[str]:
    """Count each mark in the text, except at the start of paragraphs."""
    found: Counter[str] = Counter()
    for paragraph in paragraphs:
        start = _START.match(paragraph.text)
        marks = _MARK.finditer(paragraph.text, start.end() if start else 0)
        found.update(mark_label(match[0]) for match in marks)
    return found


def _is_note(
    paragraph: Paragraph, references: Counter[str], starts: Counter[str], last_mark: str | None
) -> bool:
    label = parse_mark(paragraph.text)
    if paragraph.kind not in (None, BlockKind.PLAIN) or label is None:
        return False
    if label.isdigit():
        counts_on = last_mark is not None and last_mark.isdigit() and int(label) == int(last_mark) + 1
        return references[label] > 0 or counts_on
    # Asterisks are also bullets: if more lines begin with one than the text has marks, they are not footnotes.
    return starts[label] <= references[label]


def _split(note: Paragraph, references: Counter[str]) -> list[Paragraph]:
    """Split a paragraph that contains several footnotes, at consecutive marks after the end of a clause."""
    cuts = [0]
    label = parse_mark(note.text)
    for match in _NEXT_NOTE.finditer(note.text):
        follows = label is not None and label.isdigit() and mark_label(match["mark"]) == str(int(label) + 1)
        if follows and references[mark_label(match["mark"])] > 1 and ends_clause(note.text[: match.start()]):
            cuts.append(match.end())
            label = mark_label(match["mark"])
    if len(cuts) == 1:
        return [note]
    ends = [*cuts[1:], len(note.text)]
    return [replace(note, text=note.text[cut:end].strip()) for cut, end in zip(cuts, ends, strict=True)]
