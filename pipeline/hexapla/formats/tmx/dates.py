"""When and by whom a unit of a TMX file was made and changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

# YYYYMMDDThhmmssZ is that of the standard (TMX 1.4b, ISO 8601); the others are what tools write.
_DATE = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*"
    r"(?:Z|UTC|GMT|([+-])(\d\d):?(\d\d))?\s*",
    re.IGNORECASE,
)


_NAMES = ("creationdate", "creationid", "changedate", "changeid")


@dataclass(frozen=True, slots=True)
class EditHistory:
    """What a file says of the making of a unit.

    Attributes:
        author: who changed it last, else who made it.
        created: when it was made, UTC; if it does not say so, when it was changed.
        changed: when it was changed last, UTC; else when it was made.
    """

    author: str | None = None
    created: datetime | None = None
    changed: datetime | None = None


def edit_history_of(properties: Mapping[str, Any]) -> EditHistory:
    """What the file said of a unit that came from it.

    Args:
        properties: of the unit, see `hexapla.formats.tmx.inline_codes`.

    Returns:
        The first date of making and the last of changing, of the tu and its tuv elements, and who did that.
    """
    variants = properties.get("tuv", {}).values()
    return edit_history(
        [properties.get("tmx", {}).get("attributes", {}), *(each.get("attributes", {}) for each in variants)]
    )


def edit_history(elements: Iterable[Mapping[str, str]]) -> EditHistory:
    """The same of the attributes of tu and tuv elements."""
    return _edit_history(tuple([tuple(map(each.get, _NAMES)) for each in elements if each]))


@lru_cache(maxsize=4096)
def _edit_history(elements: tuple[tuple[str | None, ...], ...]) -> EditHistory:
    """The same of the values of _NAMES."""
    made = [(date, by) for each in elements if (date := date_of(each[0])) for by in each[1:2]]
    changes = [(date, by) for each in elements if (date := date_of(each[2])) for by in each[3:4]]
    created, changed = min(made, key=_date, default=None), max(changes, key=_date, default=None)
    last = changed or created
    said = [name for each in elements for name in (each[3], each[1]) if name]
    author = (last[1] if last else None) or (said[0] if said else None)
    first = created or changed
    return EditHistory(author, first and first[0], last and last[0])


@lru_cache(maxsize=4096)
def date_of(text: str | None) -> datetime | None:
    """A date, in UTC if it does not say otherwise.

    Args:
        text: in the form of TMX or another of ISO 8601.

    Returns:
        The date; None if there is none.
    """
    found = _DATE.fullmatch(text) if text else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    offset = timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0)) * (-1 if found[7] == "-" else 1)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return None


def _date(stamp: tuple[datetime, str | None]) -> datetime:
    return stamp[0]
