"""Conditions that select units of a memory, such as `status=approved` or `changed>=2026-01-01`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hexapla.errors import InvalidCondition
from hexapla.units import Status, Unit

_CONDITION = re.compile(r"\s*(?P<field>\w+)\s*(?P<sign>>=|<=|!=|=|>|<)\s*(?P<value>.*?)\s*", re.DOTALL)
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_EXAMPLES = {
    "status": "status=approved",
    "probability": "probability>=0.9",
    "document": "document=A/79/L.92",
    "created": "created<2026-01-01",
    "changed": "changed>=2026-01-01T12:00",
}
_EQUAL = ("=", "!=")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a field of a unit.

    Attributes:
        field: name of the field.
        sign: sign of the comparison.
        value: a status, a number, a name, a day or a time to compare with.
    """

    field: str
    sign: str
    value: Any

    @property
    def compare(self) -> Callable[[Any, Any], Any]:
        """Function that compares two values by the sign."""
        return _SIGNS[self.sign]

    def holds(self, unit: Unit) -> bool:
        """Return whether a unit fulfils the condition; a unit without the date in question does not."""
        if self.field == "document":  # a unit may be in several
            return (self.value in (unit.document, unit.symbol, *unit.sources)) is (self.sign == "=")
        found = getattr(unit, self.field)
        if isinstance(found, datetime) and not isinstance(self.value, datetime):
            found = found.date()
        return found is not None and bool(self.compare(found, self.value))


def parse_condition(text: str) -> Condition:
    """Parse a condition.

    Args:
        text: field, sign and value, as in `status=approved`.

    Returns:
        The condition.

    Raises:
        InvalidCondition: the text is not a condition, or its field, sign or value is invalid.
    """
    found = _CONDITION.fullmatch(text)
    if found is None or found["field"] not in _EXAMPLES:
        problem = "is not a condition" if found is None else f"has an unknown field {found['field']!r}"
        raise InvalidCondition(f"{text!r} {problem}: write one such as {', '.join(_EXAMPLES.values())}.")
    field, sign, value = found.group("field", "sign", "value")
    if field in ("status", "document") and sign not in _EQUAL:
        raise InvalidCondition(
            f"{text!r}: {field} can only be compared with = and !=, as in {_EXAMPLES[field]}."
        )
    try:
        return Condition(field, sign, _READERS[field](value))
    except ValueError as error:
        raise InvalidCondition(f"{text!r}: {value!r} is not {error}, as in {_EXAMPLES[field]}.") from error


def is_selected(unit: Unit, conditions: Sequence[Condition]) -> bool:
    """Return whether all conditions hold for a unit; a rejected unit also needs a condition on the status."""
    if unit.status is Status.REJECTED and all(each.field != "status" for each in conditions):
        return False
    return all(each.holds(unit) for each in conditions)


def _status(text: str) -> Status:
    if text not in set(Status):
        raise ValueError(f"one of {', '.join(Status)}")
    return Status(text)


def _probability(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ValueError("a number from 0 to 1")
    return number


def _name(text: str) -> str:
    if not text:
        raise ValueError("the name of a document")
    return text


def _time(text: str) -> date | datetime:
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a day or a time, UTC") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


_READERS: dict[str, Callable[[str], Any]] = {
    "status": _status,
    "probability": _probability,
    "document": _name,
    "created": _time,
    "changed": _time,
}
