"""Fixed points: passages that people decided on, around which the rest of a document is aligned again.

A decision holds for certain segments. As long as the document has them unchanged, no row may absorb or repeat them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hexapla.alignment.row_assembly import described
from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.rows import Level, Row
from hexapla.units import Status, Unit, Variant, merge_target

CONFIRMED = (Status.EDITED, Status.APPROVED)  # statuses of units that a person confirmed
_CARVED = 0.5  # highest probability of a row from which a fixed point was taken

Segments = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """A passage that is not aligned again.

    Attributes:
        unit: unit of the passage.
        merged: units that were merged into it.
        row: the passage as a row of the document as it is now, with the texts that the document has.
    """

    unit: Unit
    merged: tuple[Unit, ...]
    row: Row

    def placed(self, position: float) -> Iterator[tuple[Unit, Unit]]:
        """Yield the unit and those merged into it, each as it was and as it is at a position in the document.

        Args:
            position: position of the passage.

        Yields:
            tuple[Unit, Unit]: the same object twice if nothing changed.
        """
        step = position - self.unit.position
        for old in (self.unit, *self.merged):
            now = replace(old, position=old.position + step)
            if old is self.unit and not is_later_part(old):
                now = replace(now, kind=self.row.kind, number=self.row.number)
            yield old, (old if now == old else now)


def fixed_points(units: Iterable[Unit], record: DocumentRecord) -> list[FixedPoint]:
    """Find the decisions that still hold.

    Args:
        units: units of one level that might be aligned again.
        record: the document as it is now, in which segments that did not change have kept their numbers.

    Returns:
        The passages, in order of their positions.
    """
    ordered = sorted(units, key=lambda unit: unit.position)
    found = []
    for unit in filter(_is_confirmed, ordered):
        segments = segments_now(unit, record)
        if segments is not None:
            found.append(FixedPoint(unit, tuple(_merged(unit, ordered)), _row(unit, segments, record)))
    return found


def _merged(unit: Unit, units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield the units that were merged into one, and those that were merged into these before."""
    for other in units:
        if merge_target(other) == unit.id and other is not unit:
            yield other
            yield from _merged(other, units)


def refused_passages(units: Iterable[Unit], record: DocumentRecord) -> dict[str, Segments]:
    """Find the passages that people rejected and that the document still has.

    Args:
        units: units of one level that might be aligned again.
        record: the document as it is now.

    Returns:
        The segments of each, by identifier of the unit; those merged into a rejected unit are among them.
    """
    units = list(units)
    found: dict[str, Segments] = {}
    for unit in units:
        if unit.status is Status.REJECTED and not merge_target(unit):
            segments = segments_now(unit, record)
            whole = (unit, *_merged(unit, units)) if segments is not None else ()
            found |= dict.fromkeys((each.id for each in whole), segments or {})
    return found


def is_refused(row: Row, refused: Iterable[Segments]) -> bool:
    """Return whether a row says again what a person rejected, in some languages or in more."""
    return any(
        len(row.segments.keys() & segments.keys()) > 1 and _is_inside(row.segments, segments)
        for segments in refused
    )


def _is_inside(one: Segments, other: Segments) -> bool:
    """Return whether a passage lies in another one, in the languages that both have."""
    shared = one.keys() & other.keys()
    return bool(shared) and all(set(one[tag]) <= set(other[tag]) for tag in shared)


def is_later_part(unit: Unit) -> bool:
    """Return whether a unit is a part of a split passage, other than the first, which has its number."""
    return any(variant.span and variant.span[0] for variant in unit.variants)


def carved(rows: Sequence[Row], points: Sequence[FixedPoint], record: DocumentRecord) -> list[Row]:
    """Put fixed points in the place of what was aligned there.

    Args:
        rows: aligned rows of one level, in order.
        points: fixed points among them.
        record: the document as it is now.

    Returns:
        The rows without the segments of fixed points, and the rows of the fixed points, in order.
    """
    known = {tag for point in points for tag in point.unit.languages}
    gained = record.versions.keys() - known
    fixed = [_with_new_languages(point, rows, record, gained) for point in points]
    taken = {(tag, k) for row in fixed for tag, each in row.segments.items() for k in each}
    left = [rest for row in rows if (rest := _without(row, taken, record))]
    for row in fixed:
        left.insert(_place(left, row), row)
    return left


def _with_new_languages(
    point: FixedPoint, rows: Iterable[Row], record: DocumentRecord, languages: Collection[str]
) -> Row:
    """Return the row of a fixed point with the texts of languages that the document gained.

    Parts of a split passage get none, since the new text was not split.
    """
    fixed = point.row
    if not languages or any(variant.span for variant in point.unit.variants):
        return fixed
    inside = [row for row in rows if _is_inside(row.segments, fixed.segments)]
    for tag in languages:
        segments = tuple(sorted({k for row in inside for k in row.segments.get(tag, ())}))
        if segments and segments == _longest_run(segments):
            texts = {**fixed.texts, tag: record.text(tag, fixed.level, segments)}
            fixed = replace(fixed, texts=texts, segments={**fixed.segments, tag: segments})
    return fixed


def _is_confirmed(unit: Unit) -> bool:
    """Return whether a person confirmed a unit that has a place in the document."""
    return unit.status in CONFIRMED and any(variant.segments for variant in unit.variants)


def segments_now(unit: Unit, record: DocumentRecord) -> Segments | None:
    """Find the segments of a unit in the document as it is now.

    Args:
        unit: the unit.
        record: the document.

    Returns:
        Indices of its segments by language; None if some of them changed, or it has none in two languages.
    """
    found: dict[str, tuple[int, ...]] = {}
    for variant in unit.variants:
        version = record.versions.get(variant.language)
        if not variant.segments or version is None:
            continue
        indices = _indices(version.numbers(unit.level), variant.segments)
        if indices is None or not _has_text(variant, record.text(variant.language, unit.level, indices)):
            return None
        found[variant.language] = indices
    return found if len(found) > 1 else None


def _has_text(variant: Variant, text: str) -> bool:
    """Return whether the document has the text of a variant, apart from white space; a part must be within it."""
    there, here = ("".join(each.split()) for each in (text, variant.source))
    return here in there if variant.span else here == there


def _indices(numbers: Sequence[float], wanted: Sequence[float]) -> tuple[int, ...] | None:
    """Return the places of some numbers; None if one is missing or they no longer follow each other."""
    places = [bisect_left(numbers, number) for number in wanted]
    if any(k == len(numbers) or numbers[k] != number for k, number in zip(places, wanted, strict=True)):
        return None
    followed = all(later == place + 1 for place, later in pairwise(places))
    return tuple(places) if followed else None


def _row(unit: Unit, segments: Segments, record: DocumentRecord) -> Row:
    level = Level(unit.level)
    blocks = [
        version.document.blocks[k if level is Level.PARAGRAPH else version.block_of(k)]
        for tag, indices in segments.items()
        for version in [record.versions[tag]]
        for k in indices
    ]
    texts = {variant.language: variant.source for variant in unit.variants if variant.language in segments}
    kind, number = described(blocks)
    return Row(unit.id, level, kind, number, unit.probability, texts, segments, unit.symbol, unit.moved)


def _without(row: Row, taken: set[tuple[str, int]], record: DocumentRecord) -> Row | None:
    """Return a row without the segments that are taken; None if fewer than two languages are left."""
    segments = {
        tag: kept
        for tag, indices in row.segments.items()
        if (kept := _longest_run([k for k in indices if (tag, k) not in taken]))
    }
    if segments == dict(row.segments):
        return row
    if len(segments) < 2:
        return None
    texts = {tag: record.text(tag, row.level, indices) for tag, indices in segments.items()}
    return replace(row, segments=segments, texts=texts, probability=min(row.probability, _CARVED))


def _longest_run(indices: Sequence[int]) -> tuple[int, ...]:
    """Return the longest run of consecutive indices, as a text with a gap is in no document."""
    runs: list[list[int]] = []
    for k in indices:
        if runs and runs[-1][-1] == k - 1:
            runs[-1].append(k)
        else:
            runs.append([k])
    longest: list[int] = max(runs, key=len, default=[])
    return tuple(longest)


def _place(rows: Sequence[Row], row: Row) -> int:
    """Return where a row belongs among others in order."""
    for place, other in enumerate(rows):
        shared = [tag for tag in row.segments if tag in other.segments]
        if shared and not other.moved and other.segments[shared[0]][0] > row.segments[shared[0]][-1]:
            return place
    return len(rows)
