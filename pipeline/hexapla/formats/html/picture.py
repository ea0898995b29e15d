"""The picture of an alignment: a bar for each language, with ribbons between aligned segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hexapla.formats.html.view import Certainty, PageRow

WIDTH = 1000  # the length of the document, in user units of the drawing
BAR = 12  # thickness of a bar
GAP = 30  # height of the ribbons between two bars
# More shapes than this would be narrower than a line on the screen, so neighbours that look the same are drawn as one.
MOST_SHAPES = 400

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One row of the picture, or several neighbours that look the same.

    Attributes:
        rows: the rows drawn.
        certainty: determines the colour.
        bars: SVG path data of its spans on the bars.
        ribbons: SVG path data of the ribbons between them; empty for one language.
    """

    rows: tuple[PageRow, ...]
    certainty: Certainty
    bars: str
    ribbons: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, in user units.

    Attributes:
        width: width of the view box.
        height: height of the view box.
        bar: thickness of a bar.
        step: distance from one bar to the next.
        shapes: the shapes, in reading order.
        dense: whether shapes are too narrow to be drawn with a line between them.
    """

    width: int
    height: int
    bar: int
    step: int
    shapes: tuple[Shape, ...]
    dense: bool


def draw(rows: Sequence[PageRow], languages: Sequence[str]) -> Picture:
    """Draw the rows of one level.

    Args:
        rows: the rows in reading order.
        languages: tags from the top bar to the bottom bar.

    Returns:
        A picture with one shape per row, or about MOST_SHAPES shapes if there are more rows. A row that lacks a
        language or differs in certainty from its neighbours keeps its own shape.
    """
    spans = {language: _spans(rows, language) for language in languages}
    size = -(-len(rows) // MOST_SHAPES)
    shapes = tuple(_shape(bin_, languages, spans) for bin_ in _bins(rows, size))
    return Picture(
        width=WIDTH,
        height=BAR + (BAR + GAP) * (len(languages) - 1),
        bar=BAR,
        step=BAR + GAP,
        shapes=shapes,
        dense=len(shapes) > MOST_SHAPES // 2,
    )


def _spans(rows: Sequence[PageRow], language: str) -> dict[str, list[Span]]:
    """Place each row (by id) on the bar of a language: one span per segment, in proportion to its text."""
    pieces = [
        (segment, row.row.id, len(text) + 1)
        for row in rows
        for cell in row.cells
        if cell.column.tag == language
        for segment, text in cell.pieces
    ]
    scale = WIDTH / max(1, sum(weight for _, _, weight in pieces))
    spans: dict[str, list[Span]] = {}
    position = 0.0
    for _, row_id, weight in sorted(pieces):
        spans.setdefault(row_id, []).append((position, position + weight * scale))
        position += weight * scale
    return spans


def _bins(rows: Sequence[PageRow], size: int) -> Iterator[tuple[PageRow, ...]]:
    """Split the rows into runs of neighbours that look the same, with at most `size` rows in a run."""
    run: list[PageRow] = []
    for row in rows:
        if run and (len(run) >= size or not _alike(run[-1], row)):
            yield tuple(run)
            run = []
        run.append(row)
    if run:
        yield tuple(run)


def _alike(left: PageRow, right: PageRow) -> bool:
    return (
        left.certainty is right.certainty
        and left.row.texts.keys() == right.row.texts.keys()
        and all(
            left.row.segments[language][-1] + 1 == right.row.segments[language][0]
            for language in left.row.texts
        )
    )


def _shape(
    rows: tuple[PageRow, ...], languages: Sequence[str], spans: dict[str, dict[str, list[Span]]]
) -> Shape:
    places = []
    for index, language in enumerate(languages):
        found = [span for row in rows for span in spans[language].get(row.row.id, ())]
        if found:
            places.append((index * (BAR + GAP), found))
    bars = "".join(_bar(top, span) for top, found in places for span in _merged(found))
    ribbons = "".join(
        _ribbon(upper + BAR, _hull(above), lower, _hull(below))
        for (upper, above), (lower, below) in pairwise(places)
    )
    return Shape(rows, rows[0].certainty, bars, ribbons)


def _merged(spans: list[Span]) -> Iterator[Span]:
    """Join spans that touch."""
    start, end = spans[0]
    for left, right in spans[1:]:
        if left - end > 1e-6:
            yield start, end
            start = left
        end = right
    yield start, end


def _hull(spans: list[Span]) -> Span:
    return spans[0][0], spans[-1][1]


def _bar(top: int, span: Span) -> str:
    left, right = span
    return f"M{left:.2f} {top}H{right:.2f}V{top + BAR}H{left:.2f}Z"


def _ribbon(top: int, above: Span, bottom: int, below: Span) -> str:
    """Draw an area bounded by two curves that meet both bars at a right angle."""
    middle = (top + bottom) / 2
    (a, b), (c, d) = above, below
    return (
        f"M{a:.2f} {top}C{a:.2f} {middle} {c:.2f} {middle} {c:.2f} {bottom}"
        f"H{d:.2f}C{d:.2f} {middle} {b:.2f} {middle} {b:.2f} {top}Z"
    )
