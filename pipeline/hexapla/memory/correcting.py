"""What people change in units, and say of them."""

from __future__ import annotations

import getpass
from dataclasses import replace

from hexapla.errors import InputError
from hexapla.memory.storage.units import Status, Unit, Variant


def with_text(unit: Unit, language: str, text: str) -> Unit:
    """A unit with the right text in a language.

    Args:
        unit: as it is.
        language: BCP 47 tag, of a variant or a further one.
        text: the right text.

    Returns:
        The unit; the same object if the text was right.

    Raises:
        InputError: the text is empty.
    """
    if not text.strip():
        raise InputError(
            f"the text for {language!r} of unit {unit.id} is empty: reject the unit if it is of no use."
        )
    tag = next((tag for tag in unit.languages if tag.lower() == language.lower()), language)
    before = unit.variant(tag)
    if before is None:
        return replace(unit, variants=(*unit.variants, Variant(tag, text)), status=Status.EDITED)
    if before.text == text:
        return unit
    edited = replace(before, text=text, original=None if text == before.source else before.source)
    variants = tuple(edited if variant is before else variant for variant in unit.variants)
    return replace(unit, variants=variants, status=Status.EDITED)


def with_status(unit: Unit, status: Status) -> Unit:
    """A unit of which a person said what it is worth; the same object if that was said before."""
    return unit if unit.status is status else replace(unit, status=status)


def account() -> str | None:
    """Name of the account, or None if it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None
