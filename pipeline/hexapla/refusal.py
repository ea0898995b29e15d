"""Inputs that are not versions of one text are refused, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from hexapla.align.joint import JointRow
from hexapla.align.model import Prior
from hexapla.align.parallel import strangers
from hexapla.align.segments import Segments
from hexapla.errors import NotParallel
from hexapla_corpora.document import Document
from hexapla_models.encoder import Encoder


def refuse_strangers(
    rows: Sequence[JointRow],
    segments: Sequence[Segments],
    prior: Prior,
    documents: Sequence[Document],
    encoder: Encoder,
) -> None:
    """Refuse documents of which one is not a version of the others.

    Documents of a few segments are not judged, nor are those in languages that the encoder does not know.

    Args:
        rows: over all documents.
        segments: of each document.
        prior: of the kind of segments.
        documents: what was aligned.
        encoder: what made the vectors.

    Raises:
        NotParallel: one of them does not belong.
    """
    judged = [i for i, document in enumerate(documents) if _knows(encoder, document.language)]
    found = strangers(rows, segments, prior, judged)
    if not found:
        return
    parts = []
    for number, (other, likeness) in found.items():
        parts.append(
            f"{_name(documents[number])} is not a version of {_name(documents[other])}: {likeness.shared:.0%} of its "
            f"text was aligned at a mean probability of {likeness.probability:.2f}, and what was aligned is nearer to "
            f"its counterpart than to other passages by {likeness.contrast:.1f} standard deviations; figures and "
            f"symbols agree in {likeness.agreeing:,} places and differ in {likeness.differing:,} (score "
            f"{likeness.score:.1f}, 0 is needed)"
        )
    raise NotParallel(f"{'; '.join(parts)}. No rows were written: check that the files are one document.")


def _knows(encoder: Encoder, language: str) -> bool:
    return not encoder.languages or language.lower().split("-")[0] in encoder.languages


def _name(document: Document) -> str:
    return f"{document.path or 'the document'} ({document.language})"
