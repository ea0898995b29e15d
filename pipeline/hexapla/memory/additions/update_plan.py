"""The changes that adding a document makes in a memory, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.memory.additions.drafts import Draft, Drafter, left_over
from hexapla.memory.additions.neighbourhoods import RealignmentPlan
from hexapla.rows import Level, Row, Signature
from hexapla.units import Status, Unit, merge_target


@dataclass(frozen=True, slots=True)
class AlignmentSettings:
    """How a document is aligned.

    Attributes:
        levels: levels of its units.
        segmented: whether each block is one segment.
        minimum: least probability of a row that becomes a unit.
    """

    levels: tuple[Level, ...]
    segmented: bool
    minimum: float

    def levels_with(self, record: DocumentRecord | None) -> tuple[Level, ...]:
        """Return the levels of the units: those of the settings, and those that the document already has."""
        wanted = {*self.levels, *(record.levels if record else ())}
        return (Level.SENTENCE,) if self.segmented else tuple(level for level in Level if level in wanted)

    def unit_rows(self, rows: Sequence[Row], level: str) -> list[Row]:
        """Return the rows of a level that become units."""
        return [row for row in rows if row.level == level and row.aligned and row.probability >= self.minimum]


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """What a memory knows of a document.

    Attributes:
        units: units of the document.
        record: record of its versions, or None.
    """

    units: tuple[Unit, ...]
    record: DocumentRecord | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The changes that adding a document makes.

    Attributes:
        changed: new and changed units.
        removed: identifiers of the units to remove.
        record: new record of the document.
        added: how many of the changed units are new.
        unchanged: number of units that stay as they are.
        realigned: number of blocks that were aligned.
        reopened: identifiers of units on which a person had decided, and whose texts are others now.
    """

    changed: tuple[Unit, ...]
    removed: tuple[str, ...]
    record: DocumentRecord
    added: int
    unchanged: int
    realigned: int
    reopened: tuple[str, ...]


def proposal(
    record: DocumentRecord,
    drafts: Sequence[Draft],
    plan: RealignmentPlan,
    signature: Signature,
    realigned: int,
) -> Proposal:
    """Find what new rows change.

    Args:
        record: new record of the document.
        drafts: rows that become units.
        plan: which units the rows may continue, and which stay.
        signature: signature of the alignment.
        realigned: number of blocks that were aligned.

    Returns:
        The changes.

    Raises:
        NoRoom: there are not enough positions between the units that stay.
    """
    drafter = Drafter(record, signature, plan.kept)
    pairs = list(drafter.units(drafts, plan.replaced))
    continued_ids = {old.id for old, _ in pairs if old}
    gone, detached = left_over(plan.replaced, continued_ids, record)
    kept = [(unit, drafter.described(unit)) for unit in plan.kept if unit.id not in continued_ids]
    changed = [now for old, now in (*pairs, *kept) if old is not now]
    return Proposal(
        (*changed, *detached),
        tuple(unit.id for unit in gone),
        record,
        sum(old is None for old, _ in pairs),
        sum(old is now for old, now in (*pairs, *kept)),
        realigned,
        tuple(now.id for old, now in pairs if old and _is_reopened(old, now)),
    )


def _is_reopened(old: Unit, now: Unit) -> bool:
    """Return whether a person had decided on a unit whose texts are others now."""
    return old.status is not Status.ALIGNED and not merge_target(old) and now.status is Status.ALIGNED
