"""Drafts: aligned rows that become units of a memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from hexapla.alignment.row_assembly import described
from hexapla.memory.additions.continued_units import continued
from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.memory.additions.fixed_points import (
    CONFIRMED,
    FixedPoint,
    Segments,
    carved,
    fixed_points,
    is_later_part,
    is_refused,
    refused_passages,
    segments_now,
)
from hexapla.memory.additions.fractional_positions import completed
from hexapla.rows import Row, Signature
from hexapla.units import DECIDED, MERGED, Status, Unit, Variant, merge_target, with_earlier_texts


@dataclass(frozen=True, slots=True)
class Draft:
    """Consecutive rows of one level that become units.

    Attributes:
        rows: aligned rows; their segments are indices in the versions of the record.
        level: level of the rows.
        before: position that comes before all of theirs; None if there is none.
        after: position that comes after all of theirs; None if there is none.
        renumbered: whether positions are counted from 0, whatever they were.
    """

    rows: Sequence[Row]
    level: str
    before: float | None = None
    after: float | None = None
    renumbered: bool = False

    def around(
        self, points: Sequence[FixedPoint], refused: Sequence[Segments], record: DocumentRecord
    ) -> Draft:
        """Return the draft with the fixed points in the place of what was aligned there, and without refused rows."""
        mine = [point for point in points if self._holds(point.unit.position)]
        rows = [row for row in self.rows if not is_refused(row, refused)]
        return replace(self, rows=carved(rows, mine, record))

    def _holds(self, position: float) -> bool:
        after_start = self.before is None or self.before < position
        return after_start and (self.after is None or position < self.after)


class Drafter:
    """Makes units from rows.

    Args:
        record: record of the document as it is now.
        signature: signature of the alignment.
        kept: units that stay as they are; those that lost their place in the document may find it again.
    """

    def __init__(self, record: DocumentRecord, signature: Signature, kept: Sequence[Unit]) -> None:
        self._record, self._signature = record, signature
        self._taken = {unit.id for unit in kept}
        self._detached = {(unit.level, _sources(unit)): unit for unit in kept if _is_detached(unit)}
        self._indices = {
            (tag, level): version.numbers(level)
            for tag, version in record.versions.items()
            for level in ("paragraph", "sentence")
        }

    def units(self, drafts: Sequence[Draft], replaced: Sequence[Unit]) -> Iterator[tuple[Unit | None, Unit]]:
        """Make units from rows.

        Args:
            drafts: the rows.
            replaced: units that the rows may continue.

        Yields:
            tuple[Unit | None, Unit]: the unit that a row continues, and what it becomes; the same object if nothing
            changed.

        Raises:
            NoRoom: there are not enough positions between the units that stay.
        """
        self._taken |= {unit.id for unit in replaced}
        for level in dict.fromkeys(draft.level for draft in drafts):
            units = [unit for unit in replaced if unit.level == level]
            points = fixed_points(units, self._record)
            refused = refused_passages(units, self._record)
            settled = {unit.id for point in points for unit in (point.unit, *point.merged)} | refused.keys()
            free = sorted((unit for unit in units if unit.id not in settled), key=lambda unit: unit.position)
            mine = [
                draft.around(points, list(refused.values()), self._record)
                for draft in drafts
                if draft.level == level
            ]
            yield from self._continued(mine, free, {point.unit.id: point for point in points})

    def _continued(
        self, drafts: Sequence[Draft], units: Sequence[Unit], points: Mapping[str, FixedPoint]
    ) -> Iterator[tuple[Unit | None, Unit]]:
        """Make units from the rows of one level, among which are those of fixed points."""
        texts = [row.texts for draft in drafts for row in draft.rows if row.id not in points]
        found = iter(continued(units, texts))
        for draft in drafts:
            same = [points[row.id].unit if row.id in points else next(found) for row in draft.rows]
            yield from self._placed(draft, same, points)

    def described(self, unit: Unit) -> Unit:
        """Update the kind and number of a unit that stays; return the same object if nothing changed."""
        if is_later_part(unit):
            return unit
        blocks = [
            version.document.blocks[k]
            for variant in unit.variants
            if (version := self._record.versions.get(variant.language))
            for k in version.blocks_of(unit.level, variant.segments)
        ]
        if not blocks:
            return unit
        kind, number = described(blocks)
        same = (kind, number) == (unit.kind, unit.number)
        return unit if same else replace(unit, kind=kind, number=number)

    def _placed(
        self, draft: Draft, found: Sequence[Unit | None], points: Mapping[str, FixedPoint]
    ) -> Iterator[tuple[Unit | None, Unit]]:
        known = [None if draft.renumbered or unit is None else unit.position for unit in found]
        positions = completed(known, draft.before, draft.after)
        for row, unit, position in zip(draft.rows, found, positions, strict=True):
            if unit and row.id in points:
                yield from self._fixed(points[row.id], row, position)
                continue
            old = unit or self._detached.get((draft.level, frozenset(row.texts.items())))
            made = self._unit(row, position, old)
            yield old, (old if old and _same(old, made) else made)

    def _fixed(self, point: FixedPoint, row: Row, position: float) -> Iterator[tuple[Unit, Unit]]:
        """Yield the units of a fixed point; only the first gets texts in languages that the document gained."""
        for old, now in point.placed(position):
            gained = row.texts.keys() - old.texts.keys() if old is point.unit else ()
            more = tuple(self._variant(row, tag) for tag in row.texts if tag in gained)
            yield old, (replace(now, variants=(*now.variants, *more)) if more else now)

    def _unit(self, row: Row, position: float, old: Unit | None) -> Unit:
        fresh = Unit(
            old.id if old else self._identifier(row),
            tuple(self._variant(row, tag) for tag in row.texts),
            self._record.name,
            row.symbol,
            row.level.value,
            row.kind,
            row.number,
            position,
            row.probability,
            moved=row.moved,
            model=self._signature.model,
            model_hash=self._signature.model_hash,
            aligner=self._signature.version,
        )
        return with_human_changes(fresh, old) if old else fresh

    def _variant(self, row: Row, tag: str) -> Variant:
        version = self._record.versions[tag]
        numbers = self._indices[tag, row.level]
        segments = tuple(numbers[k] for k in row.segments[tag])
        return Variant(tag, row.texts[tag], None, segments, self._block(row, tag), version.file)

    def _block(self, row: Row, tag: str) -> float:
        version, first = self._record.versions[tag], row.segments[tag][0]
        return version.blocks[version.block_of(first) if row.level == "sentence" else first]

    def _identifier(self, row: Row) -> str:
        """Return the row's identifier if the symbol makes it unique, else one made with the document's name."""
        known = row.symbol == self._record.name
        id = row.id if known else sha256(f"{self._record.name}\x1f{row.id}".encode()).hexdigest()[:16]
        while id in self._taken:
            id = sha256(id.encode()).hexdigest()[:16]
        self._taken.add(id)
        return id


def with_human_changes(fresh: Unit, old: Unit) -> Unit:
    """Copy the texts, status and properties that people gave a unit to the unit that continues it.

    If the document has other texts now, the unit is to be reviewed again, and its property `decided` says what was
    decided.
    """
    before = {variant.language: variant for variant in old.variants}
    variants = [_edited(variant, before.get(variant.language)) for variant in fresh.variants]
    texts = {variant.language for variant in variants}
    variants += [replace(v, segments=()) for v in old.variants if v.language not in texts and _by_people(v)]
    now = {variant.language: variant.text for variant in variants}
    seen = not merge_target(old) and all(now.get(tag) == text for tag, text in old.texts.items())
    unit = replace(
        fresh,
        variants=tuple(variants),
        status=old.status if seen else Status.ALIGNED,
        author=old.author,
        created=old.created,
        properties=old.properties if seen else _with_decision(old),
        sources=old.sources,
        subset=old.subset,
    )
    return with_earlier_texts(unit, old)


def _with_decision(old: Unit) -> Mapping[str, Any]:
    """Return the properties of a unit with what was decided on it, if a person decided anything."""
    properties = {name: value for name, value in old.properties.items() if name != MERGED}
    if old.status is Status.ALIGNED or merge_target(old):
        return properties
    decision = {"status": old.status.value, "author": old.author or "", "texts": old.texts}
    return {**properties, DECIDED: decision}


def _edited(fresh: Variant, old: Variant | None) -> Variant:
    """Return a text of the document, or what a person made of it; texts without a document never undo an edit."""
    if old is None or old.original is None or (fresh.segments and fresh.text != old.original):
        return fresh
    return replace(fresh, text=old.text, original=fresh.text)


def _by_people(variant: Variant) -> bool:
    """Return whether a person changed or added a text."""
    return variant.original is not None or not variant.segments


def _same(old: Unit, made: Unit) -> bool:
    """Return whether a unit is unchanged, apart from its file and from the model and aligner that made it."""
    variants = tuple(replace(variant, file=None) for variant in old.variants)
    return replace(made, variants=tuple(replace(variant, file=None) for variant in made.variants)) == replace(
        old,
        variants=variants,
        probability=made.probability,
        model=made.model,
        model_hash=made.model_hash,
        aligner=made.aligner,
        changed=made.changed,
    )


def left_over(
    replaced: Sequence[Unit], continued_ids: Collection[str], record: DocumentRecord
) -> tuple[list[Unit], list[Unit]]:
    """Find the units that no row continues.

    A rejected unit stays as it is while the document has its segments, so that it is not made again.

    Args:
        replaced: units that rows might have continued.
        continued_ids: identifiers of the units that rows continue.
        record: the document as it is now.

    Returns:
        Units to remove; and units to keep without a place in the document, since a person confirmed them.
    """
    rest = [
        unit for unit in replaced if unit.id not in continued_ids and any(v.segments for v in unit.variants)
    ]
    gone = [unit for unit in rest if not _is_by_people(unit) and not _is_tombstone(unit, record)]
    return gone, [_detached(unit) for unit in rest if _is_by_people(unit)]


def _is_by_people(unit: Unit) -> bool:
    """Return whether a person confirmed a unit or changed one of its texts."""
    edited = any(variant.original is not None for variant in unit.variants)
    return unit.status in CONFIRMED or (edited and unit.status is not Status.REJECTED)


def _is_tombstone(unit: Unit, record: DocumentRecord) -> bool:
    return unit.status is Status.REJECTED and segments_now(unit, record) is not None


def _is_detached(unit: Unit) -> bool:
    return unit.status in CONFIRMED and not any(variant.segments for variant in unit.variants)


def _sources(unit: Unit) -> frozenset[tuple[str, str]]:
    return frozenset((variant.language, variant.source) for variant in unit.variants)


def _detached(unit: Unit) -> Unit:
    variants = tuple(replace(v, segments=(), block=None, span=None) for v in unit.variants)
    return replace(unit, variants=variants)
