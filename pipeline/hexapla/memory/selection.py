"""A selection of units: levels, and conditions that must hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from hexapla.memory.conditions import Condition, is_selected, parse_condition
from hexapla.rows import Level
from hexapla.unit_records import identity
from hexapla.units import Status, Unit

if TYPE_CHECKING:
    import polars as pl

    from hexapla.memory.storage.log import Log

_COLUMNS = ("id", "document", "symbol", "sources", "level", "status", "probability", "created", "changed")


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection of units of a memory.

    Attributes:
        conditions: conditions that must all hold; rejected units are selected only if one is on the status.
        levels: levels of the units.
    """

    conditions: Sequence[Condition] = ()
    levels: Collection[str] = frozenset(Level)

    @classmethod
    def of(cls, where: Sequence[str], levels: Collection[str]) -> Self:
        """Make a selection from conditions as text.

        Args:
            where: conditions such as `status=approved`.
            levels: levels of the units.

        Returns:
            The selection.

        Raises:
            InvalidCondition: a condition cannot be read.
        """
        texts = [where] if isinstance(where, str) else where
        return cls(tuple(map(parse_condition, texts)), frozenset(levels))

    @property
    def is_everything(self) -> bool:
        """Whether all units except rejected ones are selected."""
        return not self.conditions and set(self.levels) >= set(Level)

    def holds(self, unit: Unit) -> bool:
        """Return whether a unit is selected."""
        return unit.level in self.levels and is_selected(unit, self.conditions)

    def units(self, log: Log) -> list[Unit]:
        """Return the selected units.

        Args:
            log: log of the memory version.

        Returns:
            The units, in order of document, level and position.
        """
        from hexapla.memory.storage.log import units_of

        if self.is_everything:
            return [unit for unit in units_of(log.read(log.units)) if self.holds(unit)]
        wanted = set(self.identities(log).tolist())
        ids = [id for id in log.read(log.units.select("id"))["id"] if identity(id) in wanted]
        units = {unit.id: unit for unit in units_of(log.of_ids(ids))}
        return [units[id] for id in ids]

    def identities(self, log: Log) -> NDArray[np.uint64]:
        """Return the hashes of the identifiers of the selected units.

        Args:
            log: log of the memory version.

        Returns:
            Hashes, see `hexapla.unit_records.identity`, *Shape:* ``(units,)``.
        """
        import polars as pl

        expression = pl.col("level").is_in(list(self.levels))
        for condition in self.conditions:
            expression &= _expression(condition)
        if all(condition.field != "status" for condition in self.conditions):
            expression &= pl.col("status") != Status.REJECTED.value
        found = log.read(log.units.select(_COLUMNS).filter(expression).select("id"))["id"]
        return np.fromiter(map(identity, found), dtype=np.uint64, count=len(found))


def _expression(condition: Condition) -> pl.Expr:
    """Return a condition as a polars expression; see `Condition.holds`."""
    from datetime import datetime

    import polars as pl

    value, column = condition.value, pl.col(condition.field)
    if condition.field == "document":
        named: pl.Expr = (
            (column == value) | pl.col("symbol").eq_missing(value) | pl.col("sources").list.contains(value)
        )
        return named if condition.sign == "=" else named.not_()
    if condition.field in ("created", "changed") and not isinstance(value, datetime):
        column = column.dt.date()
    found: pl.Expr = condition.compare(column, value.value if isinstance(value, Status) else value)
    filled: pl.Expr = found.fill_null(value=False)
    return filled
