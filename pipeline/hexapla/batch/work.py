"""The work on one document, in any process: read, align, filter and encode it, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hexapla.batch.messages import Prepared, Task
from hexapla.memory.additions.counting_encoder import CountingEncoder
from hexapla.memory.additions.document_addition import known_document, stamped
from hexapla.memory.additions.document_update import propose
from hexapla.memory.additions.language_versions import read_versions
from hexapla.memory.additions.update_plan import AlignmentSettings, KnownDocument, Proposal
from hexapla.memory.cleaning.faulty_units import find_faulty
from hexapla.memory.cleaning.rules import Rules
from hexapla.memory.storage.flat_files import Halves
from hexapla.memory.storage.vectors import key_of
from hexapla.progress import quiet
from hexapla.rows import BOTH_LEVELS
from hexapla.text import matching_text
from hexapla.unit_table import frame_of
from hexapla.units import Unit
from hexapla_models.encoder import Encoder

_SETTINGS = AlignmentSettings(BOTH_LEVELS, segmented=False, minimum=0.0)


def prepare(task: Task, encoder: Encoder, rules: Rules) -> Prepared:
    """Prepare the changes that a document makes to the memory.

    Args:
        task: the document.
        encoder: encoder of the memory.
        rules: rules of cleaning; units that break one do not enter the memory.

    Returns:
        The changes.

    Raises:
        InputError: there is only one file, or two are in the same language.
        NotParallel: a file is not a version of the others.
        DocumentError: a file cannot be read.
    """
    versions = replace(read_versions(task.inputs, False, quiet), name=task.document)
    known = KnownDocument((), None) if task.known is None else known_document(task.known)
    proposal = propose(versions, known, _SETTINGS, CountingEncoder(encoder), quiet)
    old = {unit.id for unit in known.units}
    units, wrong, filtered = _filtered(proposal.changed, rules)
    removed = (*proposal.removed, *(id for id in wrong if id in old))
    keys, vectors = _encoded(units, encoder)
    record = proposal.record.to_unit()  # with the hashes of the files, by which a later batch recognises them
    records = [] if known.record and known.record.to_unit() == record else [record]
    return Prepared(
        frame_of(stamped([*units, *records])),
        removed,
        sum(unit.id not in old for unit in units),
        _rows(proposal, wrong),
        filtered,
        keys,
        vectors,
        tuple(warning for document in versions.documents for warning in document.warnings),
    )


def _filtered(units: Sequence[Unit], rules: Rules) -> tuple[list[Unit], frozenset[str], int]:
    """Units that pass the rules, identifiers of those that do not, and the number of units removed or changed."""
    found = find_faulty(frame_of(units), rules)
    wrong, fixed = frozenset(found.removed), {unit.id: unit for unit in found.changed}
    kept = [fixed.get(unit.id, unit) for unit in units if unit.id not in wrong]
    return kept, wrong, len(wrong) + len(fixed)


def _rows(proposal: Proposal, wrong: frozenset[str]) -> int:
    return len(proposal.changed) + proposal.unchanged - len(wrong)


def _encoded(units: Sequence[Unit], encoder: Encoder) -> tuple[tuple[bytes, ...], Halves]:
    """Keys of the texts of units, each text once, with their vectors."""
    texts = {
        key_of(variant.text, variant.language): matching_text(variant.text, variant.language)
        for unit in units
        for variant in unit.variants
    }
    return tuple(texts), encoder.encode(list(texts.values())).astype(np.float16)
