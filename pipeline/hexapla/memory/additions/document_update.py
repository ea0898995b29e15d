"""Update of a document: finds what adding it changes in a memory, without changing the memory."""

from __future__ import annotations

from collections.abc import Mapping

from hexapla.alignment.align import align_documents
from hexapla.memory.additions.counting_encoder import CountingEncoder
from hexapla.memory.additions.document_record import DocumentRecord, RecordedVersion, first_numbers
from hexapla.memory.additions.drafts import Draft
from hexapla.memory.additions.fractional_positions import NoRoom
from hexapla.memory.additions.language_versions import LanguageVersions
from hexapla.memory.additions.neighbourhoods import RealignmentPlan, unchanged_blocks
from hexapla.memory.additions.partial_update import renumbered, update_partially
from hexapla.memory.additions.update_plan import AlignmentSettings, KnownDocument, Proposal, proposal
from hexapla.progress import Progress
from hexapla.rows import Alignment


def propose(
    versions: LanguageVersions,
    known: KnownDocument,
    settings: AlignmentSettings,
    encoder: CountingEncoder,
    progress: Progress,
) -> Proposal:
    """Find what new versions of a document change, and align what is new in them.

    Args:
        versions: versions in some languages of the document; versions in other languages are unchanged.
        known: what the memory knows of the document.
        settings: how to align it.
        encoder: encoder of the memory.
        progress: progress callback.

    Returns:
        The changes.

    Raises:
        InputError: there is only one language version.
        NotParallel: a file is not a version of the same document as the others.
    """
    record = known.record
    versions = versions.named_as(record)
    if record and _comparable(record, versions, settings):
        given = {d.language: versions.numbered(d, settings.segmented) for d in versions.documents}
        found = update_partially(record, given, known.units, settings, encoder, progress)
        if found:
            return found
    whole = versions.completed(record)
    levels, segmented = settings.levels_with(record), settings.segmented
    alignment = align_documents(
        whole.documents, encoder, levels=levels, segmented=segmented, progress=progress
    )
    realigned = sum(len(document.blocks) for document in whole.documents)
    return propose_rows(versions.name, alignment, whole.files, known, settings, realigned)


def propose_rows(
    name: str,
    alignment: Alignment,
    files: Mapping[str, str | None],
    known: KnownDocument,
    settings: AlignmentSettings,
    realigned: int = 0,
) -> Proposal:
    """Find what an alignment of a whole document changes.

    Args:
        name: name of the document.
        alignment: alignment of all its languages.
        files: hash of the file of each language.
        known: what the memory knows of the document.
        settings: how it was aligned.
        realigned: number of blocks that were aligned.

    Returns:
        The changes.
    """
    old = known.record.versions if known.record else {}
    versions = {}
    for document in alignment.documents:
        tag = document.language
        version = first_numbers(document, settings.segmented, files.get(tag))
        versions[tag] = _continuing(old[tag], version) if tag in old else version
    levels = tuple(dict.fromkeys(row.level for row in alignment.rows))
    record = DocumentRecord(name, versions, levels, settings.segmented)
    drafts = [Draft(settings.unit_rows(alignment.rows, level), level, renumbered=True) for level in levels]
    return proposal(record, drafts, RealignmentPlan((), known.units, ()), alignment.signature, realigned)


def _continuing(old: RecordedVersion, new: RecordedVersion) -> RecordedVersion:
    """Let unchanged segments keep their numbers, by which decisions on them are found again."""
    try:
        return renumbered(old, new, unchanged_blocks(old, new))
    except NoRoom:
        return new


def _comparable(record: DocumentRecord, versions: LanguageVersions, settings: AlignmentSettings) -> bool:
    """Return whether the record has all languages and levels, so that versions can be compared with it."""
    languages = {document.language for document in versions.documents}
    return (
        languages <= record.versions.keys()
        and set(settings.levels_with(record)) == set(record.levels)
        and settings.segmented == record.segmented
    )
