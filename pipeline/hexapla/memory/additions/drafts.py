"""Aligned rows as units of a memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from hexapla.alignment.row_assembly import described
from hexapla.memory.additions.continued_units import continued
from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.memory.additions.fractional_positions import completed
from hexapla.rows import Row, Signature
from hexapla.units import Status, Unit, Variant

PEOPLE = (Status.EDITED, Status.APPROVED)  # who said that a unit is right


@dataclass(frozen=True, slots=True)
class Draft:
    """Rows of one level that follow each other, to become units.

    Attributes:
        rows: aligned ones, whose segments are indices in the versions of the record.
        level: theirs.
        before: position that theirs are greater than; None if there is none.
        behind: position that theirs are smaller than; None if there is none.
        afresh: whether positions are counted from 0, whatever they were.
    """

    rows: Sequence[Row]
    level: str
    before: float | None = None
    behind: float | None = None
    afresh: bool = False


class Drafter:
    """Makes units of rows.

    Args:
        record: of the document, as it is now.
        signature: what made the rows.
        taken: identifiers of units that stay.
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
        """Units of rows.

        Args:
            drafts: the rows.
            replaced: units that they may continue.

        Yields:
            tuple[Unit | None, Unit]: the unit that a row continues, and what it becomes; the same object if nothing
            changed.

        Raises:
            NoRoom: there are not as many positions between units that stay.
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
        """A unit that stays, with the kind and number that its blocks have now; the same object if it has them."""
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
        known = [None if draft.afresh or unit is None else unit.position for unit in found]
        positions = completed(known, draft.before, draft.behind)
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
        return with_what_people_did(fresh, old) if old else fresh

    def _variant(self, row: Row, tag: str) -> Variant:
        version = self._record.versions[tag]
        numbers = self._indices[tag, row.level]
        segments = tuple(numbers[k] for k in row.segments[tag])
        return Variant(tag, row.texts[tag], None, segments, self._block(row, tag), version.file)

    def _block(self, row: Row, tag: str) -> float:
        version, first = self._record.versions[tag], row.segments[tag][0]
        return version.blocks[version.block_of(first) if row.level == "sentence" else first]

    def _identifier(self, row: Row) -> str:
        """The row's identifier, which a symbol makes unique; else one that the name of the document makes so."""
        known = row.symbol == self._record.name
        id = row.id if known else sha256(f"{self._record.name}\x1f{row.id}".encode()).hexdigest()[:16]
        while id in self._taken:
            id = sha256(id.encode()).hexdigest()[:16]
        self._taken.add(id)
        return id


def _is_overtaken(unit: Unit, texts: Mapping[str, str]) -> bool:
    """Whether the document now says something else in the place of a text that a person changed.

    The change would not fit beside new translations: such a unit stays as it is, and the row becomes one of its own.
    """
    return any(
        variant.original is not None
        and texts.get(variant.language, variant.original) not in (variant.original, variant.text)
        for variant in unit.variants
    )


def with_what_people_did(fresh: Unit, old: Unit) -> Unit:
    """A unit that continues another one, with what people changed in that one and said of it."""
    before = {variant.language: variant for variant in old.variants}
    variants = [_edited(variant, before.get(variant.language)) for variant in fresh.variants]
    texts = {variant.language for variant in variants}
    variants += [replace(v, segments=()) for v in old.variants if v.language not in texts and _by_people(v)]
    now = {variant.language: variant.text for variant in variants}
    seen = all(now.get(tag) == text for tag, text in old.texts.items())
    return replace(
        fresh,
        variants=tuple(variants),
        status=old.status if seen or old.status is Status.EDITED else Status.ALIGNED,
        author=old.author,
        created=old.created,
        properties=old.properties,
        sources=old.sources,
    )


def _edited(fresh: Variant, old: Variant | None) -> Variant:
    if old is None or old.original is None:
        return fresh
    return replace(fresh, text=old.text, original=fresh.text)


def _by_people(variant: Variant) -> bool:
    """Whether a person changed a text, or added it."""
    return variant.original is not None or not variant.segments


def _same(old: Unit, made: Unit) -> bool:
    """Whether a unit stays as it is: what made it, and in which file it stands now, are no reason to change it."""
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
    """Units that no row continues.

    Args:
        replaced: units that rows might have continued.
        continued_ids: identifiers of those that rows continue.

    Returns:
        Units that go; and those that stay, since a person said that they are right, but stand nowhere in the document.
    """
    rest = [
        unit for unit in replaced if unit.id not in continued_ids and any(v.segments for v in unit.variants)
    ]
    gone = [unit for unit in rest if unit.status not in PEOPLE]
    return gone, [_adrift(unit) for unit in rest if unit.status in PEOPLE]


def _adrift(unit: Unit) -> Unit:
    return replace(unit, variants=tuple(replace(v, segments=(), block=None) for v in unit.variants))
