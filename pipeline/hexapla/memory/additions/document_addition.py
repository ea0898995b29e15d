"""Adding documents to a memory: what changed is found and encoded first, then committed at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import polars as pl

from hexapla.memory.additions.counting_encoder import CountingEncoder
from hexapla.memory.additions.document_record import DocumentRecord
from hexapla.memory.additions.document_update import propose, propose_rows
from hexapla.memory.additions.language_versions import LanguageVersions
from hexapla.memory.additions.update_plan import AlignmentSettings, KnownDocument, Proposal
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.log import Log, row_versions, units_of
from hexapla.progress import Progress, quiet
from hexapla.rows import Alignment
from hexapla.unit_records import RECORD
from hexapla.unit_table import frame_of
from hexapla.units import Unit
from hexapla_models.encoder import Encoder

Propose = Callable[[KnownDocument, CountingEncoder], Proposal]


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did.

    Attributes:
        version: of the memory, or None if nothing changed.
        document: what it is known by.
        added: number of units that are new.
        updated: number of units that changed.
        removed: number of units that went.
        unchanged: number of units of the document that stay as they were.
        encoded: texts that were sent to the encoder.
        realigned: blocks that were aligned, in all languages.
    """

    version: int | None
    document: str
    added: int
    updated: int
    removed: int
    unchanged: int
    encoded: int
    realigned: int


def add_document(
    folder: Folder,
    versions: LanguageVersions,
    settings: AlignmentSettings,
    info: dict[str, Any],
    progress: Progress,
) -> Added:
    """Add a document, or update it.

    Args:
        folder: of the memory.
        versions: of the document.
        settings: how it is aligned.
        info: what the history says of it.
        progress: progress callback.

    Returns:
        What was done.

    Raises:
        InputError: there is nothing to align a version with.
        NotParallel: a version is not one of the others.
        UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
    """

    def change(known: KnownDocument, encoder: CountingEncoder) -> Proposal:
        return propose(versions, known, settings, encoder, progress)

    return _add(folder, versions.name, change, info, progress)


def add_rows(
    folder: Folder, alignment: Alignment, minimum: float, info: dict[str, Any], progress: Progress
) -> Added:
    """Add a document that was aligned already, or update it; see `add_document`.

    Args:
        folder: of the memory.
        alignment: of the document.
        minimum: probability below which rows make no unit.
        info: what the history says of it.
        progress: progress callback.

    Returns:
        What was done.
    """
    versions = LanguageVersions.of(alignment.documents)
    segmented = bool(alignment.signature.parameters.get("segmented"))
    settings = AlignmentSettings(
        tuple(dict.fromkeys(row.level for row in alignment.rows)), segmented, minimum
    )

    def change(known: KnownDocument, encoder: CountingEncoder) -> Proposal:
        return propose_rows(versions.name, alignment, versions.files, known, settings)

    return _add(folder, versions.name, change, info, progress)


def _add(folder: Folder, name: str, propose: Propose, info: dict[str, Any], progress: Progress) -> Added:
    """Commit what changes; it is found while others may write, and found again if they changed the document."""
    encoder = CountingEncoder(folder.encoder)
    prepared = _prepare(folder, name, propose, encoder, progress)
    while prepared.frame is not None:
        with folder.writing():
            state = folder.units.state()
            if row_versions(Log(state).of_document(name)) == prepared.seen:
                about = {"document": name} | info["parameters"]
                said = info | {"counts": _counts(prepared.proposal), "parameters": about}
                version = folder.commit(state, prepared.frame, prepared.proposal.removed, said)
                return _added(version, name, prepared.proposal, encoder)
        prepared = _prepare(folder, name, propose, encoder, progress)
    return _added(None, name, prepared.proposal, encoder)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is to be committed, if nobody changes the document meanwhile.

    Attributes:
        seen: what it was made from.
        proposal: what changes.
        frame: rows of what is new or differs; None if nothing does.
    """

    seen: frozenset[tuple[str, int, str]]
    proposal: Proposal
    frame: pl.DataFrame | None


def _prepare(
    folder: Folder, name: str, propose: Propose, encoder: CountingEncoder, progress: Progress
) -> _Prepared:
    """Find what changes; the vectors of its texts are kept before any unit is committed that needs them."""
    rows = Log(folder.units.state()).of_document(name)
    known = known_of(rows)
    proposal = propose(known, encoder)
    same = known.record is not None and known.record.same_as(proposal.record)
    if same and not proposal.changed and not proposal.removed:
        return _Prepared(row_versions(rows), proposal, None)
    changed = stamped(proposal.changed)
    keep_texts(folder, changed, encoder, progress)
    record = [] if same else [proposal.record.to_unit()]
    return _Prepared(row_versions(rows), proposal, frame_of([*changed, *record]))


def keep_texts(
    folder: Folder,
    units: Iterable[Unit],
    encoder: Encoder | None = None,
    progress: Progress = quiet,
) -> None:
    """Keep the vectors of the texts of units.

    Args:
        folder: of the memory.
        units: whose texts have a vector afterwards.
        encoder: of the memory; loaded if it is needed and None.
        progress: progress callback.

    Raises:
        UnwritableMemory: the folder is read-only or the disk is full.
    """
    texts = [(variant.language, variant.text) for unit in units for variant in unit.variants]
    encode = encoder.encode if encoder else folder.encode
    folder.vectors.encode(texts, encode, partial(progress, "Encoding"))


def known_of(rows: pl.DataFrame) -> KnownDocument:
    """What a memory has of a document.

    Args:
        rows: of the log, live ones of the document.

    Returns:
        Its units and its record.
    """
    units = units_of(rows)
    records = [DocumentRecord.of_unit(unit) for unit in units if unit.level == RECORD]
    return KnownDocument(
        tuple(unit for unit in units if unit.level != RECORD), records[0] if records else None
    )


def stamped(units: Iterable[Unit]) -> list[Unit]:
    """Units that change now."""
    now = datetime.now(UTC)
    return [replace(unit, created=unit.created or now, changed=now) for unit in units]


def _counts(proposal: Proposal) -> dict[str, int]:
    updated = len(proposal.changed) - proposal.added
    return {"added": proposal.added, "updated": updated, "removed": len(proposal.removed)}


def _added(version: int | None, name: str, proposal: Proposal, encoder: CountingEncoder) -> Added:
    counts = _counts(proposal)
    return Added(
        version,
        name,
        **counts,
        unchanged=proposal.unchanged,
        encoded=encoder.texts,
        realigned=proposal.realigned,
    )
