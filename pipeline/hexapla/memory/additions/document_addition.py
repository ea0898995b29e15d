"""Addition of documents to a memory: changes are found and encoded first, then committed in one step."""

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
    """The result of adding a document or units.

    Attributes:
        version: new version of the memory, or None if nothing changed.
        document: name of the document.
        added: number of new units.
        updated: number of changed units.
        removed: number of removed units.
        unchanged: number of unchanged units of the document.
        encoded: number of texts sent to the encoder.
        realigned: number of blocks that were aligned, in all languages.
        reopened: identifiers of units that are to be reviewed again: a person had decided on them, and the document
            has other texts now.
    """

    version: int | None
    document: str
    added: int
    updated: int
    removed: int
    unchanged: int
    encoded: int
    realigned: int = 0
    reopened: tuple[str, ...] = ()


def add_document(
    folder: Folder,
    versions: LanguageVersions,
    settings: AlignmentSettings,
    info: dict[str, Any],
    progress: Progress,
) -> Added:
    """Add a document, or update it.

    Args:
        folder: folder of the memory.
        versions: language versions of the document.
        settings: how to align it.
        info: description of the commit for the history.
        progress: progress callback.

    Returns:
        What was done.

    Raises:
        InputError: there is only one language version.
        NotParallel: a file is not a version of the same document as the others.
        UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
    """

    def change(known: KnownDocument, encoder: CountingEncoder) -> Proposal:
        return propose(versions, known, settings, encoder, progress)

    return _add(folder, versions.name, change, info, progress)


def add_rows(
    folder: Folder, alignment: Alignment, minimum: float, info: dict[str, Any], progress: Progress
) -> Added:
    """Add a document that is already aligned, or update it; see `add_document`.

    Args:
        folder: folder of the memory.
        alignment: alignment of the document.
        minimum: least probability of a row that becomes a unit.
        info: description of the commit for the history.
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
    """Commit the changes; they are found before locking, and again if another process changed the document."""
    encoder = CountingEncoder(folder.encoder)
    prepared = _prepare(folder, name, propose, encoder, progress)
    while prepared.frame is not None:
        with folder.writing():
            state = folder.units.state()
            if row_versions(Log(state).of_document(name)) == prepared.seen:
                parameters = {"document": name} | info["parameters"]
                info = info | {"counts": _counts(prepared.proposal), "parameters": parameters}
                version = folder.commit(state, prepared.frame, prepared.proposal.removed, info)
                return _added(version, name, prepared.proposal, encoder)
        prepared = _prepare(folder, name, propose, encoder, progress)
    return _added(None, name, prepared.proposal, encoder)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What to commit, unless another process changes the document first.

    Attributes:
        seen: versions of the rows from which it was made, see `row_versions`.
        proposal: the changes.
        frame: rows to commit; None if nothing changes.
    """

    seen: frozenset[tuple[str, int, str]]
    proposal: Proposal
    frame: pl.DataFrame | None


def _prepare(
    folder: Folder, name: str, propose: Propose, encoder: CountingEncoder, progress: Progress
) -> _Prepared:
    """Find the changes, and store the vectors of their texts before the units that need them."""
    rows = Log(folder.units.state()).of_document(name)
    known = known_document(rows)
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
    """Store the vectors of the texts of units.

    Args:
        folder: folder of the memory.
        units: the units.
        encoder: encoder of the memory; if None, it is loaded when it is needed.
        progress: progress callback.

    Raises:
        UnwritableMemory: the folder is read-only or the disk is full.
    """
    texts = [(variant.language, variant.text) for unit in units for variant in unit.variants]
    encode = encoder.encode if encoder else folder.encode
    folder.vectors.encode(texts, encode, partial(progress, "Encoding"))


def known_document(rows: pl.DataFrame) -> KnownDocument:
    """Return what a memory knows of a document.

    Args:
        rows: live rows of the document in the log.

    Returns:
        Units and record of the document.
    """
    units = units_of(rows)
    records = [DocumentRecord.of_unit(unit) for unit in units if unit.level == RECORD]
    return KnownDocument(
        tuple(unit for unit in units if unit.level != RECORD), records[0] if records else None
    )


def stamped(units: Iterable[Unit]) -> list[Unit]:
    """Set the time of change of units to now."""
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
        reopened=proposal.reopened,
    )
