"""Ruled tables on PDF pages: the grid, its merged cells, and the characters in each cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hexapla_corpora.readers.pdf_glyphs import Glyph, Rule

_TOUCH = 3.0
_SMALLEST_CELL = 6.0


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table.

    Attributes:
        top: height of its upper edge, in points.
        bottom: height of its lower edge.
        cells: glyphs of each cell that is not empty, row by row in reading order.
    """

    top: float
    bottom: float
    cells: list[list[Glyph]]


def find_tables(glyphs: Sequence[Glyph], rules: Sequence[Rule], right_to_left: bool) -> list[Table]:
    """Find the tables with ruled cells.

    Args:
        glyphs: characters of a page.
        rules: thin straight lines of the page.
        right_to_left: whether rows are read from right to left.

    Returns:
        Tables with at least two cells, from top to bottom.
    """
    tables = []
    for cluster in _clusters(rules):
        columns = _positions((rule.left + rule.right) / 2 for rule in cluster if not rule.horizontal)
        rows = _positions((rule.bottom + rule.top) / 2 for rule in cluster if rule.horizontal)
        if len(columns) < 2 or len(rows) < 2 or len(columns) + len(rows) < 5:
            continue
        cells = _cells(cluster, columns, rows, glyphs, right_to_left)
        if len(cells) > 1:
            tables.append(Table(rows[-1], rows[0], cells))
    return sorted(tables, key=lambda table: -table.top)


def _clusters(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Group the rules whose boxes touch, directly or through other rules."""
    clusters: list[tuple[Rule, list[Rule]]] = []
    for rule in sorted(rules, key=lambda rule: (-rule.top, rule.left)):
        frame, members, apart = rule, [rule], []
        for other_frame, others in clusters:
            if _touch(frame, other_frame):
                frame, members = _around(frame, other_frame), others + members
            else:
                apart.append((other_frame, others))
        clusters = [*apart, (frame, members)]
    return [members for _, members in clusters]


def _around(first: Rule, second: Rule) -> Rule:
    return Rule(
        min(first.left, second.left),
        min(first.bottom, second.bottom),
        max(first.right, second.right),
        max(first.top, second.top),
    )


def _touch(first: Rule, second: Rule) -> bool:
    return (
        first.left <= second.right + _TOUCH
        and second.left <= first.right + _TOUCH
        and first.bottom <= second.top + _TOUCH
        and second.bottom <= first.top + _TOUCH
    )


def _positions(values: Iterable[float]) -> list[float]:
    """Return the distinct positions in ascending order; those closer together than the smallest cell count as one."""
    positions: list[float] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > _SMALLEST_CELL:
            positions.append(value)
    return positions


def _cells(
    rules: Sequence[Rule],
    columns: Sequence[float],
    rows: Sequence[float],
    glyphs: Sequence[Glyph],
    right_to_left: bool,
) -> list[list[Glyph]]:
    """Return the glyphs of each cell in reading order; a merged cell has the position of its first part."""
    order = [
        (row, column)
        for row in reversed(range(len(rows) - 1))
        for column in (reversed(range(len(columns) - 1)) if right_to_left else range(len(columns) - 1))
    ]
    owner = {place: place for place in order}
    for row, column in order:
        right = (row, column + 1)
        if right in owner and not _is_separated(
            rules, columns[column + 1], (rows[row] + rows[row + 1]) / 2, False
        ):
            _merge(owner, order, (row, column), right)
        below = (row - 1, column)
        middle = (columns[column] + columns[column + 1]) / 2
        if below in owner and not _is_separated(rules, middle, rows[row], True):
            _merge(owner, order, (row, column), below)
    cells: dict[tuple[int, int], list[Glyph]] = {place: [] for place in order}
    for glyph in glyphs:
        place = (
            _interval(rows, glyph.baseline + 0.3 * glyph.size),
            _interval(columns, (glyph.left + glyph.right) / 2),
        )
        if place in owner:
            cells[owner[place]].append(glyph)
    return [cell for cell in cells.values() if any(not glyph.text.isspace() for glyph in cell)]


def _is_separated(rules: Sequence[Rule], x: float, y: float, horizontal: bool) -> bool:
    """Whether a rule of the given direction passes through a point."""
    return any(
        rule.horizontal == horizontal
        and rule.left - _TOUCH <= x <= rule.right + _TOUCH
        and rule.bottom - _TOUCH <= y <= rule.top + _TOUCH
        for rule in rules
    )


def _merge(
    owner: dict[tuple[int, int], tuple[int, int]],
    order: Sequence[tuple[int, int]],
    first: tuple[int, int],
    second: tuple[int, int],
) -> None:
    """Give two cells, and all cells merged with them, one owner: the cell that is read first."""
    kept, dropped = sorted((owner[first], owner[second]), key=order.index)
    for place, belongs in owner.items():
        if belongs == dropped:
            owner[place] = kept


def _interval(positions: Sequence[float], value: float) -> int:
    for place in range(len(positions) - 1):
        if positions[place] <= value < positions[place + 1]:
            return place
    return -1
