"""Edits carried between a sentence and the paragraph that holds it, so that neither offers the old wording any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl
from rapidfuzz.distance import Levenshtein, Opcodes

from hexapla.memory.additions.document_addition import known_document
from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.memory.storage.log import Log
from hexapla.rows import Level
from hexapla.units import OUTDATED, Status, Unit, merge_target, with_earlier_texts, with_wording

Edit = tuple[Unit, Unit]
"""A unit before and after a change by a person."""
Block = tuple[str, int]
"""Language and index of a block."""


def carried_edits(edits: Sequence[Edit], log: Log) -> list[Edit]:
    """Find what changes in other units when a person changes some.

    A sentence and the paragraph that holds it are one text: a new wording is put into the other. Where the place of the
    old wording cannot be found, the other unit is rejected, and its property `outdated` names the unit that was edited.
    A sentence that is a whole paragraph shares every decision with it.

    Args:
        edits: the changed units, with their dates and authors.
        log: log of the newest version.

    Returns:
        The other units, before and after.
    """
    edited = {after.id for _, after in edits}
    return [
        edit
        for document, changes in _by_document(edits).items()
        for edit in _in_document(log.of_document(document), changes, edited)
    ]


def _by_document(edits: Sequence[Edit]) -> dict[str, list[Edit]]:
    """Group the edits that have a place in a document, and keep their boundaries, by document."""
    grouped: defaultdict[str, list[Edit]] = defaultdict(list)
    for before, after in edits:
        if not merge_target(after) and _places(before) == _places(after) and any(_places(before).values()):
            grouped[before.document].append((before, after))
    return grouped


def _places(unit: Unit) -> dict[str, object]:
    return {
        variant.language: variant.segments and (variant.segments, variant.span) for variant in unit.variants
    }


def _in_document(rows: pl.DataFrame, changes: Sequence[Edit], edited: Collection[str]) -> Iterator[Edit]:
    """Yield the other units of a document that change, before and after."""
    known = known_document(rows)
    if known.record is None:
        return
    passages = _Passages(known.units, known.record)
    now = {unit.id: unit for unit in known.units}
    for before, after in sorted(changes, key=lambda change: change[0].position):
        for other in passages.around(before):
            if other.id not in edited:
                now[other.id] = _carried(before, after, now[other.id], passages.preceding(before, other, now))
        now[before.id] = after
    yield from (
        (unit, now[unit.id]) for unit in known.units if unit.id not in edited and now[unit.id] is not unit
    )


class _Passages:
    """The units of a document by the blocks in which they are."""

    def __init__(self, units: Sequence[Unit], record: DocumentRecord) -> None:
        self._record = record
        self._units: defaultdict[Block, list[Unit]] = defaultdict(list)
        for unit in units:
            for block in self._blocks(unit):
                self._units[block].append(unit)

    def _blocks(self, unit: Unit) -> set[Block]:
        return {
            (variant.language, block)
            for variant in unit.variants
            if (version := self._record.versions.get(variant.language))
            for block in version.blocks_of(unit.level, variant.segments)
        }

    def around(self, unit: Unit) -> list[Unit]:
        """Return the units of the other level that share a block with a unit."""
        found = {other.id: other for block in self._blocks(unit) for other in self._units[block]}
        return [
            other
            for other in found.values()
            if other.level != unit.level and other.status is not Status.REJECTED
        ]

    def preceding(self, one: Unit, other: Unit, now: Mapping[str, Unit]) -> Mapping[str, list[str]]:
        """Return the texts of the sentences before a sentence in its paragraph, as they are now, by language."""
        sentence, paragraph = sorted((one, other), key=lambda unit: unit.level, reverse=True)
        beside = {unit.id: unit for block in self._blocks(paragraph) for unit in self._units[block]}
        places = {variant.language: variant.segments for variant in sentence.variants}
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for unit in sorted(beside.values(), key=lambda unit: unit.position):
            for variant in now[unit.id].variants if unit.level == sentence.level else ():
                if variant.segments and variant.segments < places.get(variant.language, ()):
                    texts[variant.language].append(variant.text)
        return texts


def _carried(before: Unit, after: Unit, other: Unit, preceding: Mapping[str, Sequence[str]]) -> Unit:
    """Return another unit of the passage with an edit or a decision carried over; the same object if none applies."""
    tags = [tag for tag, text in after.texts.items() if text != before.texts.get(tag, text)]
    texts = {
        tag: _text(before, after, other.texts[tag], tag, preceding.get(tag, ()))
        for tag in tags
        if tag in other.texts
    }
    stamped = replace(other, author=after.author, changed=after.changed)
    if other.texts == before.texts:
        stamped, texts = replace(stamped, status=after.status), {tag: after.texts[tag] for tag in texts}
    lost = [tag for tag, text in texts.items() if text is None]
    if lost:
        return replace(stamped, status=Status.REJECTED, properties={**other.properties, OUTDATED: before.id})
    variants = tuple(
        variant if text is None or text == variant.text else with_wording(variant, text)
        for variant in other.variants
        for text in [texts.get(variant.language)]
    )
    now = replace(stamped, variants=variants)
    unchanged = (now.variants, now.status) == (other.variants, other.status)
    return other if unchanged else with_earlier_texts(now, other)


def _text(before: Unit, after: Unit, theirs: str, tag: str, preceding: Sequence[str]) -> str | None:
    """Return the text of the other unit with the new wording; None if the place of the old one cannot be found."""
    old, new = before.texts[tag], after.texts[tag]
    if before.level == Level.PARAGRAPH:
        return _part_after(old, new, theirs, preceding)
    found = _find(theirs, old, preceding)
    if found:
        return theirs[: found[0]] + new + theirs[found[1] :]
    return theirs if _find(theirs, new) else None


def _part_after(old: str, new: str, part: str, preceding: Sequence[str]) -> str | None:
    """Return what has become of a part of a text; None if the change crosses an end of the part."""
    if not (found := _find(old, part, preceding)):
        return part if _find(new, part) else None
    steps = Levenshtein.opcodes(old, new)
    is_first, is_last = not old[: found[0]].strip(), not old[found[1] :].strip()
    start = 0 if is_first else _mapped(steps, found[0])
    end = len(new) if is_last else _mapped(steps, found[1])
    return (new[start:end].strip() or None) if start is not None and end is not None else None


def _mapped(steps: Opcodes, place: int) -> int | None:
    """Return the place in the new text of a place in the old one; None within what was replaced."""
    for step in steps:
        if step.src_start < place < step.src_end or (step.tag == "equal" and step.src_start == place):
            if step.tag == "equal":
                return int(step.dest_start + place - step.src_start)
            return int(step.dest_start) if step.tag == "delete" else None
    return None


def _find(text: str, part: str, preceding: Sequence[str] = ()) -> tuple[int, int] | None:
    """Return start and end of a part of a text that comes after other parts, whatever the white space."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    letters, wanted = "".join(text.split()), "".join(part.split())
    cursor = 0
    for each in ("".join(text.split()) for text in preceding):
        found = letters.find(each, cursor)
        cursor = found + len(each) if found >= 0 else cursor
    start = letters.find(wanted, cursor)
    return None if start < 0 or not wanted else (places[start], places[start + len(wanted) - 1] + 1)
