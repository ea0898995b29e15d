"""Paragraphs in the lines of a PDF, recognised by gaps, indents, font sizes and lines that are not filled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from hexapla_corpora.printed_numbers import parse_number
from hexapla_corpora.readers.pdf_lines import Line

_ENDS_CLAUSE = re.compile(r"[.;:,!?。；：，、！？؛،؟”»][\"”’»)）]*[⁰¹²³⁴-⁹*]*$")
_BULLET = re.compile(r"[•●▪◦·–—-]\s")
_HANGING = "，。、；：！？"  # Chinese punctuation may hang in the margin
_SAME_SIZE = 0.08
_EXTRA_GAP = 0.3
_INDENT = 0.8
_TOLERANCE = 0.3
_BIN = 2.0
_USUAL_PITCH = 1.25
_FEWEST = 3


class Cut(Enum):
    """Whether the end of a page cuts a paragraph."""

    SURE = "sure"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Measure:
    """Measurements of the lines of a document, in points.

    Attributes:
        pitch: distance between the baselines of successive lines of a paragraph, by rounded font size.
        edge: position at which filled lines end, in the direction of reading.
        margin: position at which lines begin.
        size: main font size.
    """

    pitch: dict[int, float]
    edge: float
    margin: float
    size: float

    def pitch_of(self, size: float) -> float:
        """Return the distance between lines of a font size."""
        return self.pitch.get(round(size), _USUAL_PITCH * size)


def measure(flows: Iterable[Sequence[Line]]) -> Measure:
    """Measure the lines of flows with the same layout.

    Args:
        flows: lines from top to bottom, each flow of one page, column or part of it.

    Returns:
        Their common measurements.
    """
    flows = [flow for flow in flows if flow]
    lines = [line for flow in flows for line in flow]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    size = max(sizes, key=lambda key: sizes[key], default=10.0)
    body = [line for line in lines if abs(line.size - size) < _SAME_SIZE * size] or lines
    edge = _outermost([line.end for line in body])
    margin = -_outermost([-line.start for line in body])
    pitches: dict[int, Counter[float]] = {}
    for flow in flows:
        for first, second in pairwise(flow):
            distance = first.baseline - second.baseline
            if round(first.size) == round(second.size) and 0.8 * first.size < distance < 3 * first.size:
                pitches.setdefault(round(first.size), Counter())[round(2 * distance) / 2] += 1
    return Measure({key: _usual_pitch(found, key) for key, found in pitches.items()}, edge, margin, size)


def _usual_pitch(found: Counter[float], size: int) -> float:
    """Return the smallest distance that is not rare; distances between paragraphs may be more frequent."""
    total = sum(found.values())
    frequent = [distance for distance, count in found.items() if count * 8 >= total]
    return min(frequent) if total >= _FEWEST and frequent else min(min(found), 1.6 * size)


def _outermost(values: Sequence[float]) -> float:
    """Return the largest value that a few other values share; if there is none, the largest of all."""
    bins = Counter(round(value / _BIN) for value in values)
    shared = [place for place in bins if bins[place] + bins[place + 1] + bins[place - 1] >= _FEWEST]
    limit = (max(shared) + 1) * _BIN if shared else float("inf")
    return max((value for value in values if value <= limit), default=0.0)


def split_paragraphs(flow: Sequence[Line], measured: Measure) -> list[list[Line]]:
    """Split a flow of lines into paragraphs.

    Args:
        flow: lines from top to bottom.
        measured: measurements of the lines.

    Returns:
        The lines of each paragraph.
    """
    paragraphs: list[list[Line]] = []
    for block in _blocks(flow, measured):
        edge = _edge_of(block, measured)
        paragraphs.append([block[0]])
        for line in block[1:]:
            if _begins_paragraph(paragraphs[-1], line, edge, measured):
                paragraphs.append([])
            paragraphs[-1].append(line)
    return paragraphs


def find_cut(before: Sequence[Line], after: Sequence[Line], measured: Measure, following: Measure) -> Cut:
    """Decide whether the end of a page or column cuts a paragraph.

    Args:
        before: the last paragraph before the end.
        after: the first paragraph after it.
        measured: measurements of the lines before.
        following: measurements of the lines after.

    Returns:
        Whether both are parts of one paragraph.
    """
    last, first = before[-1], after[0]
    indent = following.margin + _INDENT * first.size
    if abs(last.size - first.size) > _SAME_SIZE * last.size or not _is_filled(last, first, measured.edge):
        return Cut.NONE
    if _begins_numbered(first.text) and _ENDS_CLAUSE.search(last.text):
        return Cut.NONE
    if first.start > indent and len(after) > 1 and after[1].start < first.start - _INDENT * first.size:
        return Cut.NONE
    if _ENDS_CLAUSE.search(last.text):
        cased = before[0].text[:1].isupper() or _begins_numbered(before[0].text)
        continues = last.text[-1] == "," and first.text[:1].islower() and cased
        return Cut.SURE if continues else Cut.POSSIBLE
    return Cut.SURE


def _begins_numbered(text: str) -> bool:
    """Whether a line begins with a number or bullet."""
    number = parse_number(text)
    return bool(_BULLET.match(text)) or (number is not None and number.end < len(text))


def _is_filled(line: Line, following: Line, edge: float) -> bool:
    """Whether the first word of the following line would not have fitted on this line."""
    return edge - line.end < following.first_word + _TOLERANCE * line.size


def _blocks(flow: Sequence[Line], measured: Measure) -> Iterator[list[Line]]:
    """Split lines into runs of one font size without extra gaps."""
    block: list[Line] = []
    for line in flow:
        if block:
            before = block[-1]
            distance = before.baseline - line.baseline
            usual = measured.pitch_of(max(line.size, before.size))
            resized = abs(line.size - before.size) > _SAME_SIZE * max(line.size, before.size)
            if resized or distance > usual + _EXTRA_GAP * line.size or distance < 0.5 * line.size:
                yield block
                block = []
        block.append(line)
    if block:
        yield block


def _edge_of(block: Sequence[Line], measured: Measure) -> float:
    """Return the position at which lines of a block end: its own edge if it is justified and narrower than the text."""
    own = max(line.end - (line.size if line.text[-1] in _HANGING else 0) for line in block)
    reaching = sum(abs(own - line.end) < _BIN for line in block[:-1])
    return own if reaching >= _FEWEST and reaching * 2 > len(block) else max(own, measured.edge)


def _begins_paragraph(paragraph: Sequence[Line], line: Line, edge: float, measured: Measure) -> bool:
    """Whether a line begins a new paragraph, given the lines of the paragraph before it."""
    first, last = paragraph[0], paragraph[-1]
    indent = _INDENT * line.size
    if _centred(last, line, measured, edge):
        return last.end - last.start < (edge - measured.margin) / 2 and not _is_filled_centred(
            last, line, measured, edge
        )
    if not _is_filled(last, line, edge):
        return True
    if _begins_numbered(line.text) and _ENDS_CLAUSE.search(last.text):
        return True
    hanging = len(paragraph) > 1 and paragraph[1].start > first.start + indent
    if hanging and line.start < paragraph[1].start - indent:
        return True
    indented = not hanging and line.start > last.start + indent
    return indented and not (len(paragraph) == 1 and _begins_numbered(first.text))


def _centred(first: Line, second: Line, measured: Measure, edge: float) -> bool:
    middle = (measured.margin + edge) / 2
    return all(
        abs((line.start + line.end) / 2 - middle) < line.size and line.start > measured.margin + line.size
        for line in (first, second)
    )


def _is_filled_centred(line: Line, following: Line, measured: Measure, edge: float) -> bool:
    """Whether the first word of the following line would not have fitted on this centred line."""
    return edge - measured.margin - (line.end - line.start) < following.first_word + _TOLERANCE * line.size
