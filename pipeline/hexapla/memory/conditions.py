"""Conditions that select units of a memory, such as `status=approved` or `fr~marégraphe`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.regular_expression import RegularExpression
from hexapla.errors import InputError, InvalidCondition
from hexapla.memory.unit_fields import PROPERTY, TEXT, values_of
from hexapla.units import Status, Unit
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag
from hexapla_corpora.text_encoding import LONE_SURROGATE

_CONDITION = re.compile(
    r"\s*(?P<field>[^=~!<>]*[^=~!<>\s])\s*(?P<sign>>=|<=|!=|=~|!~|=|~|>|<)(?P<value>.*)", re.DOTALL
)
_QUOTES = ('""', "''", "“”", "„“", "«»", "‘’", "「」")
LONGEST = 1_000  # characters of a value
_EXAMPLES = {
    "status": "status=approved",
    "probability": "probability>=0.9",
    "document": "document=A/79/L.92",
    "symbol": "symbol~A/79/",
    "author": "author=jane",
    "created": "created<2026-01-01",
    "changed": "changed>=2026-01-01T12:00",
    TEXT: 'text!~"tide gauge"',
    PROPERTY: "property.client=ACME",
}
_TEXTUAL = 'en~"tide gauge"'
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_EQUAL, _WORDS = ("=", "!="), ("=", "!=", "~", "!~", "=~")
_NEEDED = ("status", "probability", "created", "changed")  # without a value, no condition holds


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a field of a unit.

    Attributes:
        field: name of the field, see `hexapla.memory.unit_fields.values_of`.
        sign: sign of the condition.
        value: status, number, day, time or text as it was read.
        test: function that says whether a value of a unit is what the sign asks for, or rules out.
    """

    field: str
    sign: str
    value: Any
    test: Callable[[Any], bool]

    @property
    def rules_out(self) -> bool:
        """Whether the test says which units do not fulfil the condition."""
        return self.sign.startswith("!")

    @property
    def is_textual(self) -> bool:
        """Whether the condition is on texts: in all languages, or in one."""
        return self.field == TEXT or (self.field not in _EXAMPLES and not self.field.startswith(PROPERTY))

    @property
    def needs_value(self) -> bool:
        """Whether a unit without a value never fulfils the condition."""
        return self.is_textual or self.field in _NEEDED

    def holds(self, unit: Unit) -> bool:
        """Return whether a unit fulfils the condition; a unit without the text or date in question does not."""
        values = values_of(unit, self.field)
        if not values:
            return self.rules_out and not self.needs_value
        return any(map(self.test, values)) is not self.rules_out


def parse_condition(text: str) -> Condition:
    """Parse a condition.

    Args:
        text: field, sign and value, as in `status=approved`.

    Returns:
        The condition.

    Raises:
        InvalidCondition: the text is not a condition, or its field, sign or value is invalid.
    """
    shown = repr(text if len(text) <= 100 else f"{text[:100]}...")
    found = None if LONE_SURROGATE.search(text) else _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidCondition(f"{shown} is not a condition: write one such as {_examples()}.")
    field, sign, value = _field(found["field"], shown), found["sign"], _unquoted(found["value"].strip())
    example = _EXAMPLES.get(PROPERTY if field.startswith(PROPERTY) else field, _TEXTUAL)
    signs = _SIGNS.get(field, _WORDS)
    if sign not in signs:
        raise InvalidCondition(
            f"{shown}: {field} can only be compared with {', '.join(signs[:-1])} and {signs[-1]}, as in {example}."
        )
    try:
        read = _READERS.get(field, _words)(value)
        return Condition(field, sign, read, _test(sign, read))
    except ValueError as error:
        raise InvalidCondition(f"{shown}: {value[:60]!r} is not {error}, as in {example}.") from error
    except InputError as error:
        raise InvalidCondition(f"{shown}: {error}") from error


def is_selected(unit: Unit, conditions: Sequence[Condition]) -> bool:
    """Return whether all conditions hold for a unit; a rejected unit also needs a condition on the status."""
    if unit.status is Status.REJECTED and all(each.field != "status" for each in conditions):
        return False
    return all(each.holds(unit) for each in conditions)


def _examples() -> str:
    return ", ".join((_TEXTUAL, *_EXAMPLES.values()))


def _field(name: str, shown: str) -> str:
    """Return the field of a name: one of a unit, a property, or a language tag in its usual spelling."""
    if name in _EXAMPLES and name != PROPERTY:
        return name
    if name.startswith(PROPERTY) and name != PROPERTY:
        return name
    try:
        return normalise_tag(name)
    except UnknownLanguage:
        raise InvalidCondition(
            f"{shown} has an unknown field {name[:60]!r}: write a condition such as {_examples()}."
        ) from None


def _unquoted(value: str) -> str:
    """Remove the quotation marks around a value, if it begins and ends with a pair of them."""
    quoted = len(value) > 1 and value[0] + value[-1] in _QUOTES
    return value[1:-1].strip() if quoted else value


def _test(sign: str, value: Any) -> Callable[[Any], bool]:  # noqa: ANN401
    """Return the test of a sign and a value."""
    if sign == "=~":
        expression = RegularExpression.of(value)
        return lambda found: bool(expression.find(as_seen(found)))
    if sign in ("~", "!~"):
        words = comparable(as_seen(value))
        if not words:
            raise ValueError("a text with a letter or a figure")
        return lambda found: words in comparable(as_seen(found))
    compare = _COMPARISONS[sign]
    if isinstance(value, date) and not isinstance(value, datetime):
        return lambda found: compare(found.date(), value)
    if isinstance(value, str) and not isinstance(value, Status):
        value = as_seen(value)
        return lambda found: as_seen(found) == value
    return lambda found: compare(found, value)


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


def _words(text: str) -> str:
    if not text:
        raise ValueError("a text or a name")
    if len(text) > LONGEST:
        raise InputError(f"the text has {len(text):,} characters: give {LONGEST:,} or fewer.")
    return text


def _time(text: str) -> date | datetime:
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a day or a time, UTC") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


_SIGNS: dict[str, tuple[str, ...]] = {
    "status": _EQUAL,
    "probability": tuple(_COMPARISONS),
    "created": tuple(_COMPARISONS),
    "changed": tuple(_COMPARISONS),
}
_READERS: dict[str, Callable[[str], Any]] = {
    "status": _status,
    "probability": _probability,
    "created": _time,
    "changed": _time,
}
