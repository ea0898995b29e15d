"""A selection of units: levels, and conditions that must hold."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from hexapla.errors import MissingLanguage
from hexapla.memory.conditions import Condition, is_selected, parse_condition
from hexapla.memory.unit_fields import PROPERTY, is_of, property_values
from hexapla.rows import Level
from hexapla.unit_records import ORDER, identity
from hexapla.units import Status, Unit

if TYPE_CHECKING:
    import polars as pl

    from hexapla.memory.storage.log import Log


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

    def check(self, languages: Collection[str]) -> None:
        """Refuse conditions on languages in which no unit has a text.

        Args:
            languages: language tags of the units.

        Raises:
            MissingLanguage: there is such a condition.
        """
        for condition in self.conditions:
            wanted = condition.field
            if condition.is_textual and languages and not any(is_of(tag, wanted) for tag in languages):
                raise MissingLanguage(
                    f"the memory has no text in {wanted!r}, which a condition names: it has "
                    f"{', '.join(sorted(languages))}."
                )

    def identities(self, log: Log) -> NDArray[np.uint64]:
        """Return the hashes of the identifiers of the selected units.

        Args:
            log: log of the memory version.

        Returns:
            Hashes, see `hexapla.unit_records.identity`, *Shape:* ``(units,)``.

        Raises:
            MissingLanguage: a condition is on a language in which no unit has a text.
        """
        found = self._ids(log)
        return np.fromiter(map(identity, found), dtype=np.uint64, count=len(found))

    def units(self, log: Log) -> list[Unit]:
        """Return the selected units in order of document, level and position.

        Args:
            log: log of the memory version.

        Returns:
            The units.

        Raises:
            MissingLanguage: a condition is on a language in which no unit has a text.
        """
        from hexapla.memory.storage.log import units_of

        found = self._ids(log)
        chosen = log.units.join(found.to_frame().lazy(), on="id", how="semi").sort(ORDER)
        return units_of(log.read(chosen))

    def _ids(self, log: Log) -> pl.Series:
        """Return the identifiers of the selected units."""
        import polars as pl

        textual = any(condition.is_textual for condition in self.conditions)
        languages = _languages(log) if textual else []
        self.check(languages)
        units = log.units.filter(pl.col("level").is_in(list(self.levels)))
        if all(condition.field != "status" for condition in self.conditions):
            units = units.filter(pl.col("status") != Status.REJECTED.value)
        columns = [_values(each, languages).alias(str(place)) for place, each in enumerate(self.conditions)]
        frame = log.read(units.select("id", *columns))
        for place, condition in enumerate(self.conditions):
            frame = frame.filter(_holding(condition, frame[str(place)]))
        return frame["id"]


def conditional(where: Sequence[str]) -> Selection | None:
    """Return the selection of the units that fulfil conditions; None if there are no conditions.

    Args:
        where: conditions such as `status=approved`.

    Returns:
        The selection.

    Raises:
        InvalidCondition: a condition cannot be read.
    """
    return Selection.of(where, frozenset(Level)) if where else None


def _languages(log: Log) -> list[str]:
    """Return the language tags of all units."""
    import polars as pl

    tags = pl.col("variants").list.eval(pl.element().struct.field("language")).alias("tag")
    found = log.read(log.units.select(tags).explode("tag").drop_nulls().unique())
    return found["tag"].to_list()


def _values(condition: Condition, languages: Sequence[str]) -> pl.Expr:
    """Return the values of units in the field of a condition, as lists; see `hexapla.memory.unit_fields.values_of`."""
    import polars as pl

    field = condition.field
    if condition.is_textual:
        tags = [tag for tag in languages if is_of(tag, field)]
        element = pl.element().struct
        texts = element.field("text").filter(element.field("language").is_in(tags))
        return pl.col("variants").list.eval(texts)
    if field == "document":
        return pl.concat_list("document", "symbol", pl.col("sources"))
    return pl.concat_list("properties" if field.startswith(PROPERTY) else field)


def _holding(condition: Condition, lists: pl.Series) -> pl.Series:
    """Return whether a condition holds for units with these values; each distinct value is tested once."""
    import polars as pl

    long = pl.DataFrame({"row": pl.int_range(len(lists), eager=True), "value": lists})
    long = long.explode("value").drop_nulls()
    if long["value"].dtype == pl.String:
        long = long.filter(pl.col("value") != "")
    values = long["value"].unique()
    tested = pl.Series([_fulfils(condition, value) for value in values.to_list()], dtype=pl.Boolean)
    chosen = long.join(values.filter(tested).to_frame(), on="value", how="semi")
    has, fulfils = np.zeros((2, len(lists)), dtype=bool)
    has[long["row"]] = fulfils[chosen["row"]] = True
    holding = fulfils != condition.rules_out
    return pl.Series(holding & has if condition.needs_value else holding)


def _fulfils(condition: Condition, value: Any) -> bool:  # noqa: ANN401
    """Test a value of the table, which for properties is all of them."""
    if not condition.field.startswith(PROPERTY):
        return condition.test(value)
    return any(
        map(condition.test, property_values(json.loads(value), condition.field.removeprefix(PROPERTY)))
    )
