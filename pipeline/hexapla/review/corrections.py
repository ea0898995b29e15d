"""Corrections made in the row of a unit, applied to the unit as it is now in the memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hexapla.formats.tables import COMMENT
from hexapla.formats.xlsx.review_sheet import fingerprint
from hexapla.unit_records import shown
from hexapla.units import MERGED, Status, Unit, Variant, merge_target, with_status, with_text
from hexapla_corpora.languages import spaced


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """A row as it was exported.

    Attributes:
        index: number of the row, counted from 0.
        status: status of the unit.
        comment: fingerprint of the comment.
        texts: fingerprints of the texts by language; those of empty texts may be missing.
    """

    index: int
    status: str
    comment: str
    texts: Mapping[str, str]

    def differs(self, values: Mapping[str, str], languages: Sequence[str]) -> bool:
        """Return whether the row was edited.

        Args:
            values: text by column.
            languages: tags of the text columns.

        Returns:
            Whether anything differs from what was exported.
        """
        return (
            status_in(values) not in ("", self.status)
            or fingerprint(values.get(COMMENT, "")) != self.comment
            or any(self.differing(values, languages))
        )

    def differing(self, values: Mapping[str, str], languages: Sequence[str]) -> list[str]:
        """Return the languages in which the text was edited; see `differs`."""
        return [tag for tag in languages if fingerprint(values.get(tag, "")) != self.texts.get(tag, "")]


def corrected(unit: Unit, exported: ExportedRow, values: Mapping[str, str], languages: Sequence[str]) -> Unit:
    """Return a unit with the corrections from its row.

    Args:
        unit: the unit in the memory.
        exported: the row as it was exported.
        values: text by column, as it is now in the row.
        languages: tags of the text columns.

    Returns:
        The unit; the same object if the memory has all the corrections already.

    Raises:
        ValueError: a value is invalid, or was changed in the memory too.
    """
    status = status_in(values)
    if status not in ("", exported.status):  # a change of status refers to the texts that the reviewer saw
        check_unchanged(unit, exported, values, languages)
    if texts_in(values, languages):  # otherwise the unit was rejected and its texts deleted
        for language in languages:
            unit = _with_text(unit, language, values.get(language, ""), exported.texts.get(language, ""))
    if len(unit.variants) < 2:
        raise ValueError(f"only the text in {unit.languages[0]} is left: to remove the unit, choose rejected")
    unit = _with_status(unit, status, exported.status)
    return _with_comment(unit, values.get(COMMENT, ""), exported.comment)


def joined_texts(rows: Sequence[tuple[Mapping[str, str], Unit]], languages: Sequence[str]) -> dict[str, str]:
    """Return the texts of rows that are merged into one.

    Args:
        rows: text by column, and the unit, of each row.
        languages: tags of the text columns.

    Returns:
        Texts by language, empty if no row has one.
    """
    texts = {}
    for language in languages:
        parts = [_text_of(values.get(language, ""), unit.texts.get(language, "")) for values, unit in rows]
        texts[language] = _joined(parts, language)
    return texts


def with_hidden_texts(unit: Unit, others: Sequence[Unit], languages: Sequence[str]) -> Unit:
    """Add the texts of merged units in languages that the workbook does not show.

    Args:
        unit: the unit into which others are merged, as it is in the memory.
        others: the units that follow it, as they are in the memory.
        languages: tags of the text columns.

    Returns:
        The unit; units that were merged into it before are not merged again.
    """
    whole = [unit, *(other for other in others if merge_target(other) != unit.id)]
    for language in hidden_languages(whole, languages):
        text = _joined([each.texts.get(language, "") for each in whole], language)
        unit = with_text(unit, language, text)
    return unit


def with_segments(unit: Unit, parts: Sequence[Unit]) -> Unit:
    """Give a unit the segments of the units that were merged into it.

    Args:
        unit: the unit with the texts of all.
        parts: the units as they were, in order.

    Returns:
        The unit; units that were merged into it before are not counted again.
    """
    parts = [part for part in parts if merge_target(part) != unit.id]
    return replace(unit, variants=tuple(_whole(variant, parts) for variant in unit.variants))


def _whole(variant: Variant, parts: Sequence[Unit]) -> Variant:
    known = [part for unit in parts if (part := unit.variant(variant.language))]
    segments = tuple(sorted({number for part in known for number in part.segments}))
    source = _joined([part.source for part in known], variant.language)
    if not segments:
        return variant
    first = next(part for part in known if part.segments)
    original = None if source == variant.text else source
    start = first.span[0] if first.span else 0
    span = (start, start + len(source)) if any(part.span for part in known) else None
    return replace(
        variant, segments=segments, block=first.block, file=first.file, original=original, span=span
    )


def hidden_languages(units: Sequence[Unit], languages: Sequence[str]) -> list[str]:
    """Return the languages of units for which a workbook has no column."""
    return list(dict.fromkeys(tag for unit in units for tag in unit.languages if tag not in languages))


def check_unchanged(
    unit: Unit, exported: ExportedRow, values: Mapping[str, str], languages: Sequence[str]
) -> None:
    """Refuse the texts of a row if they were changed in the memory in the meantime; see `corrected`."""
    for language in languages:
        now = unit.texts.get(language, "")
        if fingerprint(now) not in (exported.texts.get(language, ""), fingerprint(values.get(language, ""))):
            raise ValueError(_conflict(f"the text in {language}", values.get(language, ""), now))


def merged_into(unit: Unit, into: str) -> Unit:
    """Mark a unit as merged into another one.

    Args:
        unit: the unit in the memory.
        into: identifier of the other unit.

    Returns:
        The unit, rejected.
    """
    return replace(unit, status=Status.REJECTED, properties={**unit.properties, MERGED: into})


def check_all_visible(unit: Unit, languages: Sequence[str]) -> None:
    """Refuse to move parts of a unit's texts if it has texts that its row does not show."""
    if tags := hidden_languages([unit], languages):
        raise ValueError(
            f"the unit also has text in {', '.join(tags)}, which this workbook does not show: export all its languages "
            "to move parts of it into another row"
        )


def contains_texts(values: Mapping[str, str], changed: Sequence[str], unit: Unit) -> bool:
    """Return whether the texts of a unit were moved into another row by hand.

    Args:
        values: text by column of the other row.
        changed: languages in which the text of the other row was edited.
        unit: the unit whose row was emptied or deleted.

    Returns:
        Whether the other row contains all its texts.
    """
    return all(
        tag in changed and _without_space(text) in _without_space(values.get(tag, ""))
        for tag, text in unit.texts.items()
    )


def texts_in(values: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """Return the texts of a row by language, without empty ones."""
    return {tag: values[tag] for tag in languages if values.get(tag, "").strip()}


def _with_text(unit: Unit, language: str, text: str, known: str) -> Unit:
    now = unit.texts.get(language, "")
    if fingerprint(text) in (known, fingerprint(now)):
        return unit
    if fingerprint(now) != known:
        raise ValueError(_conflict(f"the text in {language}", text, now))
    if text.strip():
        return with_text(unit, language, text)
    rest = tuple(variant for variant in unit.variants if variant.language != language)
    return replace(unit, variants=rest, status=Status.EDITED)


def _with_status(unit: Unit, value: str, known: str) -> Unit:
    if value in ("", known):
        return unit
    status = status_named(value)
    # A text that was edited in the same row makes the unit edited, so that status is not a conflict.
    if unit.status.value not in (known, status.value, Status.EDITED.value):
        raise ValueError(_conflict("the status", value, unit.status.value))
    return with_status(unit, status)


def _with_comment(unit: Unit, comment: str, known: str) -> Unit:
    now = str(unit.properties.get(COMMENT, ""))
    if fingerprint(comment) in (known, fingerprint(now)):
        return unit
    if fingerprint(now) != known:
        raise ValueError(_conflict("the comment", comment, now))
    others = {name: value for name, value in unit.properties.items() if name != COMMENT}
    return replace(unit, properties=others | ({COMMENT: comment} if comment.strip() else {}))


def status_in(values: Mapping[str, str]) -> str:
    """Return the status in a row, in lower case; empty if there is none."""
    return values.get("status", "").strip().lower()


def status_named(value: str) -> Status:
    """Return a status by its name; raise ValueError if there is no such status."""
    if value not in {status.value for status in Status}:
        known = ", ".join(status.value for status in Status)
        raise ValueError(f"the status is {shown(value)} but must be one of {known}")
    return Status(value)


def _conflict(what: str, here: str, there: str) -> str:
    return (
        f"{what} was changed in the memory since the export: {shown(here)} here, {shown(there)} there; the unit in "
        "the memory stays as it is"
    )


def _text_of(here: str, there: str) -> str:
    """Return the text of a cell, or that of the memory if they differ only by what spreadsheets change themselves."""
    return there if fingerprint(here) == fingerprint(there) else here


def _joined(parts: Sequence[str], language: str) -> str:
    return (" " if spaced(language) else "").join(part for part in parts if part.strip())


def _without_space(text: str) -> str:
    return "".join(text.split())
