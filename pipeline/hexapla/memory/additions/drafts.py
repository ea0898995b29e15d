"""Drafts: aligned rows that become units of a memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from hexapla.alignment.row_assembly import described
from hexapla.memory.additions.continued_units import continued
from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.memory.additions.fractional_positions import completed
from hexapla.rows import Row, Signature
from hexapla.units import Status, Unit, Variant, with_earlier_texts

HUMAN_STATUSES = (Status.EDITED, Status.APPROVED)  # statuses of units that a person confirmed


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


class Drafter:
    """Makes units from rows.

    Args:
        record: record of the document as it is now.
        signature: signature of the alignment.
        taken: identifiers of the units that stay.
    """

    def __init__(self, record: DocumentRecord, signature: Signature, taken: Sequence[str]) -> None:
        self._record, self._signature = record, signature
        self._taken = set(taken)
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
            mine = [draft for draft in drafts if draft.level == level]
            units = sorted((u for u in replaced if u.level == level), key=lambda unit: unit.position)
            texts = [row.texts for draft in mine for row in draft.rows]
            found = zip(texts, continued(units, texts), strict=True)
            same = iter([unit if unit and not _is_overtaken(unit, row) else None for row, unit in found])
            for draft in mine:
                yield from self._placed(draft, [next(same) for _ in draft.rows])

    def described(self, unit: Unit) -> Unit:
        """Update the kind and number of a unit that stays; return the same object if nothing changed."""
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

    def _placed(self, draft: Draft, found: Sequence[Unit | None]) -> Iterator[tuple[Unit | None, Unit]]:
        known = [None if draft.renumbered or unit is None else unit.position for unit in found]
        positions = completed(known, draft.before, draft.after)
        for row, unit, position in zip(draft.rows, found, positions, strict=True):
            made = self._unit(row, position, unit)
            yield unit, (unit if unit and _same(unit, made) else made)

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


def _is_overtaken(unit: Unit, texts: Mapping[str, str]) -> bool:
    """Return whether the document now has another text in place of one that a person changed.

    The change would not fit new translations: the unit stays unchanged, and the row becomes a separate unit.
    """
    return any(
        variant.original is not None
        and texts.get(variant.language, variant.original) not in (variant.original, variant.text)
        for variant in unit.variants
    )


def with_human_changes(fresh: Unit, old: Unit) -> Unit:
    """Copy the texts, status and properties that people gave a unit to the unit that continues it."""
    before = {variant.language: variant for variant in old.variants}
    variants = [_edited(variant, before.get(variant.language)) for variant in fresh.variants]
    texts = {variant.language for variant in variants}
    variants += [replace(v, segments=()) for v in old.variants if v.language not in texts and _by_people(v)]
    now = {variant.language: variant.text for variant in variants}
    seen = all(now.get(tag) == text for tag, text in old.texts.items())
    unit = replace(
        fresh,
        variants=tuple(variants),
        status=old.status if seen or old.status is Status.EDITED else Status.ALIGNED,
        author=old.author,
        created=old.created,
        properties=old.properties,
        sources=old.sources,
        subset=old.subset,
    )
    return with_earlier_texts(unit, old)


def _edited(fresh: Variant, old: Variant | None) -> Variant:
    if old is None or old.original is None:
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


def left_over(replaced: Sequence[Unit], continued_ids: Collection[str]) -> tuple[list[Unit], list[Unit]]:
    """Find the units that no row continues.

    Args:
        replaced: units that rows might have continued.
        continued_ids: identifiers of the units that rows continue.

    Returns:
        Units to remove; and units to keep without a place in the document, since a person confirmed them.
    """
    rest = [
        unit for unit in replaced if unit.id not in continued_ids and any(v.segments for v in unit.variants)
    ]
    gone = [unit for unit in rest if unit.status not in HUMAN_STATUSES]
    return gone, [_detached(unit) for unit in rest if unit.status in HUMAN_STATUSES]


def _detached(unit: Unit) -> Unit:
    return replace(unit, variants=tuple(replace(v, segments=(), block=None) for v in unit.variants))
