"""What people wrote into the row of a unit, applied to the unit as the memory has it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hexapla.formats.tables import COMMENT
from hexapla.formats.xlsx.review_sheet import fingerprint
from hexapla.unit_records import identifier_of, shown
from hexapla.units import Status, Unit, Variant, with_status, with_text
from hexapla_corpora.languages import spaced

MERGED = "merged"
"""The property in which a rejected unit has the identifier of the one that it was merged into."""
_STEP = 2.0**-10  # from a unit to the one that was split from it: nearer than neighbours are in a document


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """What a row was like when it was written.

    Attributes:
        place: number of the row among all, from 0.
        status: of the unit.
        comment: its fingerprint.
        texts: fingerprints by language; empty ones may be missing.
    """

    place: int
    status: str
    comment: str
    texts: Mapping[str, str]

    def differs(self, values: Mapping[str, str], languages: Sequence[str]) -> bool:
        """Whether people changed the row.

        Args:
            values: text by column.
            languages: of the columns of texts.

        Returns:
            Whether anything is not as it was written.
        """
        return (
            _status_in(values) not in ("", self.status)
            or fingerprint(values.get(COMMENT, "")) != self.comment
            or any(self.differing(values, languages))
        )

    def differing(self, values: Mapping[str, str], languages: Sequence[str]) -> list[str]:
        """Languages of which people changed the text; see `differs`."""
        return [tag for tag in languages if fingerprint(values.get(tag, "")) != self.texts.get(tag, "")]


def corrected(unit: Unit, exported: ExportedRow, values: Mapping[str, str], languages: Sequence[str]) -> Unit:
    """A unit with what people wrote into its row.

    Args:
        unit: as the memory has it.
        exported: what the row was like when it was written.
        values: text by column as they are now.
        languages: of the columns of texts.

    Returns:
        The unit; the same object if the memory has all that already.

    Raises:
        ValueError: a value makes no sense, or was changed in the memory too.
    """
    said = _status_in(values)
    if said not in ("", exported.status):  # who approves a unit has seen its texts
        check_unchanged(unit, exported, values, languages)
    if _texts(values, languages):  # else it was rejected and emptied
        for language in languages:
            unit = _with_text(unit, language, values.get(language, ""), exported.texts.get(language, ""))
    if len(unit.variants) < 2:
        raise ValueError(f"only the text in {unit.languages[0]} is left: to remove the unit, choose rejected")
    unit = _with_status(unit, said, exported.status)
    return _with_comment(unit, values.get(COMMENT, ""), exported.comment)


def joined_texts(rows: Sequence[tuple[Mapping[str, str], Unit]], languages: Sequence[str]) -> dict[str, str]:
    """The texts of rows that become one.

    Args:
        rows: text by column, and the unit, of each row.
        languages: of the columns of texts.

    Returns:
        Texts by language, empty where no row has one.
    """
    texts = {}
    for language in languages:
        parts = [_text_of(values.get(language, ""), unit.texts.get(language, "")) for values, unit in rows]
        texts[language] = _joined(parts, language)
    return texts


def with_hidden_texts(unit: Unit, others: Sequence[Unit], languages: Sequence[str]) -> Unit:
    """A unit into which others are merged, with their texts in the languages that the reviewer did not see.

    Args:
        unit: as the memory has it.
        others: whose texts follow, as the memory has them.
        languages: of the columns of texts.

    Returns:
        The unit; those of the others that were merged into it before are not merged again.
    """
    whole = [unit, *(other for other in others if other.properties.get(MERGED) != unit.id)]
    for language in hidden_languages(whole, languages):
        text = _joined([each.texts.get(language, "") for each in whole], language)
        unit = with_text(unit, language, text)
    return unit


def hidden_languages(units: Sequence[Unit], languages: Sequence[str]) -> list[str]:
    """Languages of units that have no column among those of a workbook."""
    return list(dict.fromkeys(tag for unit in units for tag in unit.languages if tag not in languages))


def check_unchanged(
    unit: Unit, exported: ExportedRow, values: Mapping[str, str], languages: Sequence[str]
) -> None:
    """Refuse to use the texts of a row if the memory has others meanwhile; see `corrected`."""
    for language in languages:
        now = unit.texts.get(language, "")
        if fingerprint(now) not in (exported.texts.get(language, ""), fingerprint(values.get(language, ""))):
            raise ValueError(_conflict(f"the text in {language}", values.get(language, ""), now))


def merged_into(unit: Unit, into: str) -> Unit:
    """A unit whose texts another one has now.

    Args:
        unit: as the memory has it.
        into: identifier of the other one.

    Returns:
        The unit, rejected.
    """
    return replace(unit, status=Status.REJECTED, properties={**unit.properties, MERGED: into})


def check_all_visible(unit: Unit, languages: Sequence[str]) -> None:
    """Refuse to move parts of the texts of a unit that has more of them than its row shows."""
    if tags := hidden_languages([unit], languages):
        raise ValueError(
            f"the unit has text in {', '.join(tags)} too, which this workbook does not show: export all its languages "
            "to move parts of it into another row"
        )


def contains_texts(values: Mapping[str, str], changed: Sequence[str], unit: Unit) -> bool:
    """Whether the texts of a unit were moved by hand into another row.

    Args:
        values: of the other row.
        changed: languages of which people changed the text there.
        unit: whose row was emptied or deleted.

    Returns:
        Whether all of its texts are there.
    """
    return all(
        tag in changed and _without_space(text) in _without_space(values.get(tag, ""))
        for tag, text in unit.texts.items()
    )


def split_identifier(above: str, values: Mapping[str, str], languages: Sequence[str]) -> str:
    """Identifier of the unit of a row that was inserted below another one; the same whenever the row is imported.

    Args:
        above: identifier of the unit above.
        values: text by column.
        languages: of the columns of texts.

    Returns:
        The identifier.
    """
    return identifier_of(above, _texts(values, languages))


def split_unit(unit: Unit, values: Mapping[str, str], languages: Sequence[str], number: int) -> Unit:
    """The unit of a row that was inserted below another one.

    Args:
        unit: of the row above.
        values: text by column.
        languages: of the columns of texts.
        number: of the row among those inserted there, from 1.

    Returns:
        The unit.

    Raises:
        ValueError: texts are missing, or the status is none.
    """
    check_all_visible(unit, languages)
    texts = _texts(values, languages)
    if len(texts) < 2:
        raise ValueError("an inserted row is a new unit and needs text in two languages at least")
    comment = values.get(COMMENT, "")
    return replace(
        unit,
        id=split_identifier(unit.id, values, languages),
        variants=tuple(_part(unit, language, text) for language, text in texts.items()),
        number=None,
        position=unit.position + number * _STEP,
        status=_status(_status_in(values) or Status.EDITED.value),
        author=None,
        created=None,
        changed=None,
        properties={COMMENT: comment} if comment.strip() else {},
    )


def _texts(values: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    return {tag: values[tag] for tag in languages if values.get(tag, "").strip()}


def _part(unit: Unit, language: str, text: str) -> Variant:
    whole = unit.variant(language) or Variant(language, text)
    return replace(whole, text=text, original=None, segments=())


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


def _with_status(unit: Unit, said: str, known: str) -> Unit:
    if said in ("", known):
        return unit
    status = _status(said)
    # A text that was changed in the same row makes the unit edited; that is no other person's doing.
    if unit.status.value not in (known, status.value, Status.EDITED.value):
        raise ValueError(_conflict("the status", said, unit.status.value))
    return with_status(unit, status)


def _with_comment(unit: Unit, comment: str, known: str) -> Unit:
    now = str(unit.properties.get(COMMENT, ""))
    if fingerprint(comment) in (known, fingerprint(now)):
        return unit
    if fingerprint(now) != known:
        raise ValueError(_conflict("the comment", comment, now))
    others = {name: value for name, value in unit.properties.items() if name != COMMENT}
    return replace(unit, properties=others | ({COMMENT: comment} if comment.strip() else {}))


def _status_in(values: Mapping[str, str]) -> str:
    return values.get("status", "").strip().lower()


def _status(said: str) -> Status:
    if said not in {status.value for status in Status}:
        known = ", ".join(status.value for status in Status)
        raise ValueError(f"the status is {shown(said)} and must be one of {known}")
    return Status(said)


def _conflict(what: str, here: str, there: str) -> str:
    return (
        f"{what} was changed in the memory since the export: {shown(here)} here, {shown(there)} there; the unit stays "
        "as it is there"
    )


def _text_of(here: str, there: str) -> str:
    """The text of a cell, or that of the memory if they differ only in what a spreadsheet changes."""
    return there if fingerprint(here) == fingerprint(there) else here


def _joined(parts: Sequence[str], language: str) -> str:
    return (" " if spaced(language) else "").join(part for part in parts if part.strip())


def _without_space(text: str) -> str:
    return "".join(text.split())
