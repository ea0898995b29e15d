"""What adding a document changes in a memory, found without changing it."""

from __future__ import annotations

from collections.abc import Mapping

from hexapla.alignment.align import align_documents
from hexapla.memory.additions.counting_encoder import CountingEncoder
from hexapla.memory.additions.document_record import DocumentRecord, first_numbers
from hexapla.memory.additions.drafts import Draft
from hexapla.memory.additions.language_versions import LanguageVersions
from hexapla.memory.additions.neighbourhoods import RealignmentPlan
from hexapla.memory.additions.partial_update import update_in_places
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
    """Find what a version of a document changes, and align what is new in it.

    Args:
        versions: in some of the document's languages; those in the others are as they were.
        known: what the memory has of it.
        settings: how it is aligned.
        encoder: of the memory.
        progress: progress callback.

    Returns:
        What changes.

    Raises:
        InputError: there is nothing to align a version with.
        NotParallel: a document is not a version of the others.
    """
    record = known.record
    versions = versions.named_as(record)
    if record and _comparable(record, versions, settings):
        given = {d.language: versions.numbered(d, settings.segmented) for d in versions.documents}
        found = update_in_places(record, given, known.units, settings, encoder, progress)
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
        name: what the document is known by.
        alignment: of all its languages.
        files: hash of the file of each language.
        known: what the memory has of it.
        settings: how it was aligned.
        realigned: blocks that were aligned.

    Returns:
        What changes.
    """
    versions = {
        document.language: first_numbers(document, settings.segmented, files.get(document.language))
        for document in alignment.documents
    }
    levels = tuple(dict.fromkeys(row.level for row in alignment.rows))
    record = DocumentRecord(name, versions, levels, settings.segmented)
    drafts = [Draft(settings.worth(alignment.rows, level), level, afresh=True) for level in levels]
    return proposal(record, drafts, RealignmentPlan((), known.units, ()), alignment.signature, realigned)


def _comparable(record: DocumentRecord, versions: LanguageVersions, settings: AlignmentSettings) -> bool:
    """Whether the record has all that is to be aligned, so that versions can be compared with it."""
    languages = {document.language for document in versions.documents}
    return (
        languages <= record.versions.keys()
        and set(settings.levels_with(record)) == set(record.levels)
        and settings.segmented == record.segmented
    )
