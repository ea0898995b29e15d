"""The parts of a unit whose row a reviewer split: a row was inserted below it, and the end of each text moved there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from hexapla.formats.tables import COMMENT
from hexapla.review.corrections import check_all_visible, status_in, status_named, texts_in
from hexapla.unit_records import identifier_of
from hexapla.units import Status, Unit, Variant

_STEP = 2.0**-10  # from a unit to one that was split from it: closer than neighbours in a document


def split_identifier(above: str, values: Mapping[str, str], languages: Sequence[str]) -> str:
    """Return the identifier for the unit of an inserted row; it is the same each time the row is imported.

    Args:
        above: identifier of the unit in the row above.
        values: text by column.
        languages: tags of the text columns.

    Returns:
        The identifier.
    """
    return identifier_of(above, texts_in(values, languages))


def split_unit(unit: Unit, values: Mapping[str, str], languages: Sequence[str], number: int) -> Unit:
    """Return the unit of a row that was inserted below another row.

    Args:
        unit: the unit of the row above.
        values: text by column.
        languages: tags of the text columns.
        number: number of the row among those inserted there, counted from 1.

    Returns:
        The unit.

    Raises:
        ValueError: texts are missing, or the status is invalid.
    """
    check_all_visible(unit, languages)
    texts = texts_in(values, languages)
    if len(texts) < 2:
        raise ValueError("an inserted row is a new unit and needs text in at least two languages")
    comment = values.get(COMMENT, "")
    return replace(
        unit,
        id=split_identifier(unit.id, values, languages),
        variants=tuple(_part(unit, language, text) for language, text in texts.items()),
        number=None,
        position=unit.position + number * _STEP,
        status=status_named(status_in(values) or Status.EDITED.value),
        author=None,
        created=None,
        changed=None,
        properties={COMMENT: comment} if comment.strip() else {},
    )


def with_spans(unit: Unit, whole: Unit, texts: Sequence[Mapping[str, str]], number: int) -> Unit:
    """Say which part of the segments of a split unit one of the parts has.

    Args:
        unit: the part.
        whole: the unit as it was before.
        texts: texts of all parts by language, in order.
        number: number of this part, counted from 0.

    Returns:
        The part.
    """
    variants = []
    for variant in unit.variants:
        before = whole.variant(variant.language)
        parts = [each.get(variant.language, "").strip() for each in texts]
        if before and before.segments and sum(map(bool, parts)) > 1:
            variant = _part_of(variant, before, _spans(before.source, parts)[number])
        variants.append(variant)
    return replace(unit, variants=tuple(variants))


def _part_of(variant: Variant, whole: Variant, span: tuple[int, int]) -> Variant:
    source, start = whole.source[slice(*span)].strip(), whole.span[0] if whole.span else 0
    if not source:  # the text was added, not split off
        return replace(variant, segments=(), block=None)
    original = None if source == variant.text.strip() else source
    return replace(variant, original=original, span=(start + span[0], start + span[1]))


def _spans(source: str, parts: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the parts of a text are, by their words or else by their lengths."""
    bounds, rest = [0], sum(map(len, parts))
    for part in parts[:-1]:
        found = source.find(part, bounds[-1])
        share = len(part) * (len(source) - bounds[-1]) // max(1, rest)
        bounds.append(found + len(part) if found >= 0 else bounds[-1] + share)
        rest -= len(part)
    return list(pairwise([*bounds, len(source)]))


def _part(unit: Unit, language: str, text: str) -> Variant:
    whole = unit.variant(language) or Variant(language, text)
    return replace(whole, text=text, original=None, earlier=())
