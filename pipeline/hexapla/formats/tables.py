"""The columns of a unit in a table: one for each of its main attributes, and one for each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hexapla.unit_records import language_tag, record_of, unit_of
from hexapla.units import Unit

ATTRIBUTES = (
    "unit",  # the identifier; `id` is the tag of Indonesian
    "document",
    "symbol",
    "level",
    "kind",
    "number",
    "position",
    "probability",
    "status",
    "author",
    "created",
    "changed",
    "comment",
)
_NUMBERS = ("position", "probability")
COMMENT = "comment"
"""The property of a unit that holds the reviewer's comment."""


def values_of(unit: Unit) -> dict[str, str]:
    """Return the cells of a unit.

    Args:
        unit: the unit.

    Returns:
        Text by column; attributes that the unit lacks are empty, languages that it lacks are left out.
    """
    record = record_of(unit) | {"unit": unit.id, COMMENT: unit.properties.get(COMMENT)}
    cells = {name: "" if record[name] is None else str(record[name]) for name in ATTRIBUTES}
    return cells | unit.texts


def check_columns(names: Sequence[str]) -> None:
    """Refuse a header that does not describe a table of units.

    Args:
        names: names of the columns.

    Raises:
        ValueError: a name is neither an attribute nor a language tag or occurs twice, or there are fewer than two
            languages.
    """
    languages = [language_tag(name) for name in names if name not in ATTRIBUTES]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"the column {twice[0]} occurs twice")
    if len(languages) < 2:
        raise ValueError(
            "there must be columns for at least two languages, named by tags such as en and zh-Hant"
        )


def unit_of_cells(cells: Mapping[str, str]) -> Unit:
    """Make a unit from the cells of a row.

    Args:
        cells: text by column; an empty cell counts as missing.

    Returns:
        The unit.

    Raises:
        ValueError: a value is not valid for its column.
    """
    record: dict[str, Any] = {name: cells[name] for name in ATTRIBUTES if cells.get(name)}
    texts = {name: text for name, text in cells.items() if name not in ATTRIBUTES and text.strip()}
    record |= {name: _number(name, record[name]) for name in _NUMBERS if name in record}
    if comment := record.pop(COMMENT, None):
        record["properties"] = {COMMENT: comment}
    if identifier := record.pop("unit", None):
        record["id"] = identifier
    return unit_of(record | {"texts": texts})


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"{name} is {text[:40]!r} and must be a number such as 0.95") from error
