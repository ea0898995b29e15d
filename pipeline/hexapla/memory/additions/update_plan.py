"""What adding a document changes in a memory, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.memory.additions.drafts import Draft, Drafter, left_over
from hexapla.memory.additions.neighbourhoods import RealignmentPlan
from hexapla.rows import Level, Row, Signature
from hexapla.units import Unit


@dataclass(frozen=True, slots=True)
class AlignmentSettings:
    """How a document is aligned.

    Attributes:
        levels: of its units.
        segmented: whether a block is one segment.
        minimum: probability below which rows make no unit.
    """

    levels: tuple[Level, ...]
    segmented: bool
    minimum: float

    def levels_with(self, record: DocumentRecord | None) -> tuple[Level, ...]:
        """Levels of the units: those asked for, and those that the document has."""
        asked = {*self.levels, *(record.levels if record else ())}
        return (Level.SENTENCE,) if self.segmented else tuple(level for level in Level if level in asked)

    def worth(self, rows: Sequence[Row], level: str) -> list[Row]:
        """Rows of a level that make a unit."""
        return [row for row in rows if row.level == level and row.aligned and row.probability >= self.minimum]


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """What a memory has of a document.

    Attributes:
        units: its units.
        record: its versions, or None.
    """

    units: tuple[Unit, ...]
    record: DocumentRecord | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What adding a document changes.

    Attributes:
        changed: units that are new or differ.
        removed: identifiers of units that go.
        record: the versions of the document.
        added: how many of the changed units are new.
        unchanged: number of units that stay as they are.
        realigned: blocks that were aligned.
    """

    changed: tuple[Unit, ...]
    removed: tuple[str, ...]
    record: DocumentRecord
    added: int
    unchanged: int
    realigned: int


def proposal(
    record: DocumentRecord,
    drafts: Sequence[Draft],
    plan: RealignmentPlan,
    signature: Signature,
    realigned: int,
) -> Proposal:
    """What rows change.

    Args:
        record: the versions of the document.
        drafts: rows that are to become units.
        plan: which units they may continue, and which stay.
        signature: what made the rows.
        realigned: blocks that were aligned.

    Returns:
        What changes.

    Raises:
        NoRoom: there are not as many positions between units that stay.
    """
    drafter = Drafter(record, signature, [unit.id for unit in plan.kept])
    pairs = list(drafter.units(drafts, plan.replaced))
    gone, adrift = left_over(plan.replaced, {old.id for old, _ in pairs if old})
    kept = [(unit, drafter.described(unit)) for unit in plan.kept]
    changed = [now for old, now in (*pairs, *kept) if old is not now]
    return Proposal(
        (*changed, *adrift),
        tuple(unit.id for unit in gone),
        record,
        sum(old is None for old, _ in pairs),
        sum(old is now for old, now in (*pairs, *kept)),
        realigned,
    )
