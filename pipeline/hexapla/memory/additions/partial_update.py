"""Partial update of a document, in which only what changed is aligned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hexapla import __version__
from hexapla.alignment.align import align_documents
from hexapla.memory.additions.counting_encoder import CountingEncoder
from hexapla.memory.additions.document_record import DocumentRecord, RecordedVersion
from hexapla.memory.additions.drafts import Draft
from hexapla.memory.additions.fractional_positions import NoRoom, completed
from hexapla.memory.additions.neighbourhoods import Passage, Stretch, plan, unchanged_blocks
from hexapla.memory.additions.update_plan import AlignmentSettings, Proposal, proposal
from hexapla.progress import Progress
from hexapla.rows import Level, Row, Signature
from hexapla.units import Unit


def update_partially(
    old: DocumentRecord,
    given: Mapping[str, RecordedVersion],
    units: Sequence[Unit],
    settings: AlignmentSettings,
    encoder: CountingEncoder,
    progress: Progress,
) -> Proposal | None:
    """Find what later versions change, and align it.

    Args:
        old: record of the document in the memory.
        given: later versions in some of its languages, numbered from 0.
        units: units of the document.
        settings: how to align it.
        encoder: encoder of the memory.
        progress: progress callback.

    Returns:
        The changes; None if there are, or have been, so many that the whole document has to be aligned again.
    """
    new = {**old.versions, **given}
    same = {tag: unchanged_blocks(version, new[tag]) for tag, version in old.versions.items()}
    try:
        new |= {tag: renumbered(old.versions[tag], version, same[tag]) for tag, version in given.items()}
        record = replace(old, versions=new)
        found = plan(units, old.versions, new, same)
        if found is None:
            return None
        drafts: list[Draft] = []
        realigned = 0
        for done, stretch in enumerate(found.stretches):
            progress("Aligning what changed", done, len(found.stretches))
            aligned, rows = _align(stretch, record, encoder)
            realigned += aligned
            drafts += _drafts(rows, stretch, settings, record)
        signature = Signature(__version__, encoder.name, encoder.hash, {})
        return proposal(record, drafts, found, signature, realigned)
    except NoRoom:
        return None


def renumbered(old: RecordedVersion, new: RecordedVersion, same: Mapping[int, int]) -> RecordedVersion:
    """Return a later version in which unchanged segments keep their numbers.

    Args:
        old: the earlier version.
        new: the later version.
        same: unchanged blocks, see `unchanged_blocks`.

    Returns:
        The later version.

    Raises:
        NoRoom: there are not enough numbers between those of unchanged segments.
    """
    blocks: list[float | None] = [None] * len(new.blocks)
    sentences: list[float | None] = [None] * len(new.sentences)
    for before, now in same.items():
        blocks[now] = old.blocks[before]
        start, end = new.bounds[now : now + 2]
        sentences[start:end] = old.sentences[old.bounds[before] : old.bounds[before + 1]]
    return replace(new, blocks=tuple(completed(blocks)), sentences=tuple(completed(sentences)))


def _align(stretch: Stretch, record: DocumentRecord, encoder: CountingEncoder) -> tuple[int, Sequence[Row]]:
    """Align a stretch; return the number of its blocks, and rows with segments counted in the whole versions."""
    excerpts = [
        replace(record.versions[tag].document, blocks=record.versions[tag].document.blocks[start:end])
        for tag, (start, end) in stretch.window.items()
        if start < end
    ]
    if len(excerpts) < 2:
        return 0, ()
    levels = tuple(Level(level) for level in record.levels)
    found = align_documents(excerpts, encoder, levels=levels, segmented=record.segmented, excerpts=True)
    rows = tuple(_shifted(row, stretch, record) for row in found.rows)
    return sum(len(document.blocks) for document in excerpts), rows


def _shifted(row: Row, stretch: Stretch, record: DocumentRecord) -> Row:
    segments = {}
    for tag, inside in row.segments.items():
        start = stretch.window[tag][0]
        if row.level == Level.SENTENCE:
            start = record.versions[tag].bounds[start]
        segments[tag] = tuple(start + k for k in inside)
    return replace(row, segments=segments)


def _drafts(
    rows: Sequence[Row], stretch: Stretch, settings: AlignmentSettings, record: DocumentRecord
) -> Iterator[Draft]:
    for level in record.levels:
        before, after = _nearest(reversed(stretch.before), level), _nearest(stretch.after, level)
        yield Draft(
            settings.unit_rows(rows, level), level, max(before, default=None), min(after, default=None)
        )


def _nearest(passages: Iterable[Passage], level: str) -> list[float]:
    """Return the positions in the first passage that has units of a level; some have only paragraphs."""
    return next((positions for passage in passages if (positions := passage.positions(level))), [])
