"""Dates and authors of a unit in a TMX file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

# YYYYMMDDThhmmssZ is the form of the standard (TMX 1.4b, ISO 8601); tools write the others too.
_DATE = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*"
    r"(?:Z|UTC|GMT|([+-])(\d\d):?(\d\d))?\s*",
    re.IGNORECASE,
)


_NAMES = ("creationdate", "creationid", "changedate", "changeid")


@dataclass(frozen=True, slots=True)
class EditHistory:
    """Author and dates of a unit, as stated in a file.

    Attributes:
        author: who last changed the unit, or else who created it.
        created: when it was created (UTC), or else when it was first changed.
        changed: when it was last changed (UTC), or else when it was created.
    """

    author: str | None = None
    created: datetime | None = None
    changed: datetime | None = None


def edit_history_of(properties: Mapping[str, Any]) -> EditHistory:
    """Return the edit history stated in the TMX file that a unit came from.

    Args:
        properties: properties of the unit, see `hexapla.formats.tmx.inline_codes`.

    Returns:
        The earliest creation date and the latest change date of the tu and its tuv elements, and the author.
    """
    variants = properties.get("tuv", {}).values()
    return edit_history(
        [properties.get("tmx", {}).get("attributes", {}), *(each.get("attributes", {}) for each in variants)]
    )


def edit_history(elements: Iterable[Mapping[str, str]]) -> EditHistory:
    """Return the edit history given by the attributes of tu and tuv elements."""
    return _edit_history(tuple([tuple(map(each.get, _NAMES)) for each in elements if each]))


@lru_cache(maxsize=4096)
def _edit_history(elements: tuple[tuple[str | None, ...], ...]) -> EditHistory:
    """Return the edit history given by the values of the attributes in _NAMES."""
    creations = [(date, by) for each in elements if (date := date_of(each[0])) for by in each[1:2]]
    changes = [(date, by) for each in elements if (date := date_of(each[2])) for by in each[3:4]]
    created, changed = min(creations, key=_date, default=None), max(changes, key=_date, default=None)
    last = changed or created
    authors = [name for each in elements for name in (each[3], each[1]) if name]
    author = (last[1] if last else None) or (authors[0] if authors else None)
    first = created or changed
    return EditHistory(author, first and first[0], last and last[0])


@lru_cache(maxsize=4096)
def date_of(text: str | None) -> datetime | None:
    """Parse a date, which is taken as UTC if it has no offset.

    Args:
        text: a date in the form of TMX or another form of ISO 8601.

    Returns:
        The date in UTC, or None if the text is not a date.
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


def _date(edit: tuple[datetime, str | None]) -> datetime:
    return edit[0]
