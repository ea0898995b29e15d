"""The check that the inputs are versions of one document, and the evidence that is shown when they are not.

Each pair of versions gets a score from how much of them was aligned and how well, and from the anchors that both sides
of a row print. Versions whose score is above 0 belong together; those outside the largest group are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.links import even_sample
from hexapla.alignment.model import Prior
from hexapla.alignment.moved_passages import join_moved
from hexapla.alignment.padded import Floats
from hexapla.alignment.segments import Segments
from hexapla.alignment.windowed_alignment import align_segments
from hexapla.alignment.windows import Span
from hexapla.errors import NotParallel
from hexapla_corpora.document import Document
from hexapla_models.encoder import Encoder

FEWEST = 4  # segments that the shorter version needs to be judged
SAMPLE = 400  # rows that are compared with each other
LEAST_DEVIATION = 0.02  # of cosines; a smaller standard deviation counts as this
FEW_PRINTED = 8  # anchors; with fewer, agreement says less
# Fitted on passages of development texts; the bias makes refused versions half as frequent as accepted unrelated texts.
TRUST, CONTRAST, CLOSING, SHARED, PRINTED, BIAS = 14.2, 3.04, 9.0, -5.26, 9.05, -8.8


@dataclass(frozen=True, slots=True)
class ParallelEvidence:
    """Evidence that two texts are versions of each other.

    Attributes:
        shared: share in 0..1 of the bytes of one version that are in rows with the other; the larger of the two shares,
            since the other version may have an annex or lack a half.
        probability: mean probability of these rows, weighted by bytes.
        contrast: by how many standard deviations their sides are nearer to each other than to other passages.
        closing: mean cosine of the last words of their sides, weighted by bytes.
        agreeing: number of anchors, such as figures and symbols, that both sides of a row print, in up to SAMPLE rows.
        differing: number of anchors that only one side prints, in the same rows.
    """

    shared: float
    probability: float
    contrast: float
    closing: float
    agreeing: int
    differing: int

    @property
    def score(self) -> float:
        """Summary of the evidence: above 0, the texts are versions of each other."""
        strength = TRUST * self.probability + CONTRAST * self.contrast + CLOSING * self.closing + SHARED
        printed = (self.agreeing - self.differing) / (self.agreeing + self.differing + FEW_PRINTED)
        return float(np.sqrt(self.shared) * strength) + PRINTED * printed + BIAS


def check_parallel(
    rows: Sequence[JointRow],
    segments: Sequence[Segments],
    prior: Prior,
    documents: Sequence[Document],
    encoder: Encoder,
) -> None:
    """Refuse documents that are not all versions of each other.

    Documents of very few segments are not judged, nor are those in languages that the encoder does not know.

    Args:
        rows: rows over all documents.
        segments: segments of each document.
        prior: prior for this kind of segment.
        documents: the documents that were aligned.
        encoder: the encoder that made the vectors.

    Raises:
        NotParallel: at least one document is not a version of the others.
    """
    judged = [i for i, document in enumerate(documents) if _knows(encoder, document.language)]
    found = unrelated_documents(rows, segments, prior, judged)
    if not found:
        return
    parts = []
    for number, (other, evidence) in found.items():
        parts.append(
            f"{_name(documents[number])} is not a version of {_name(documents[other])}: {evidence.shared:.0%} of its "
            f"text was aligned, at a mean probability of {evidence.probability:.2f}, and the aligned text is nearer to "
            f"its counterpart than to other passages by {evidence.contrast:.1f} standard deviations; figures and "
            f"symbols agree in {evidence.agreeing:,} places and differ in {evidence.differing:,} (score "
            f"{evidence.score:.1f}; it must be above 0)"
        )
    raise NotParallel(
        f"{'; '.join(parts)}. No rows were written: check that all files are versions of one document."
    )


def _knows(encoder: Encoder, language: str) -> bool:
    return not encoder.languages or language.lower().split("-")[0] in encoder.languages


def _name(document: Document) -> str:
    return f"{document.path or 'the document'} ({document.language})"


def unrelated_documents(
    rows: Sequence[JointRow], versions: Sequence[Segments], prior: Prior, judged: Collection[int]
) -> dict[int, tuple[int, ParallelEvidence]]:
    """Return the documents that are not versions of the others.

    Args:
        rows: rows over all documents.
        versions: segments of each document.
        prior: prior for this kind of segment.
        judged: numbers of the documents that may be judged; very short ones among them are not.

    Returns:
        For each document outside the largest group of documents that belong together, the number of the document that
        it is nearest to, and the evidence on the two. Of only two documents, the second is returned.
    """
    groups = [[i] for i in sorted(judged) if len(versions[i]) >= FEWEST]
    unrelated: dict[tuple[int, int], ParallelEvidence] = {}
    for a, b in combinations([group[0] for group in groups], 2):
        one, two = (next(group for group in groups if i in group) for i in (a, b))
        if one is two:
            continue
        evidence = _best_evidence(rows, versions, a, b, prior)
        if evidence.score > 0:
            groups.remove(two)
            one += two
        else:
            unrelated[a, b] = unrelated[b, a] = evidence
    largest = max(groups, key=len, default=[])
    outside = sorted(i for group in groups if group is not largest for i in group)
    return {i: max(_evidence_on(i, unrelated), key=lambda other: other[1].score) for i in outside}


def _evidence_on(
    number: int, unrelated: Mapping[tuple[int, int], ParallelEvidence]
) -> Iterator[tuple[int, ParallelEvidence]]:
    yield from ((b, evidence) for (a, b), evidence in unrelated.items() if a == number)


def _best_evidence(
    rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int, prior: Prior
) -> ParallelEvidence:
    """Evidence on two versions; where the joint rows do not convince, that of aligning the two by themselves."""
    evidence = parallel_evidence(rows, versions, a, b)
    if len(versions) == 2 or evidence.score > 0:
        return evidence
    pair = [versions[a], versions[b]]  # one unrelated text among many spoils the rows of all
    return parallel_evidence(join_moved(align_segments(pair, prior), pair, prior), pair, 0, 1)


def parallel_evidence(
    rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int
) -> ParallelEvidence:
    """Measure how much of two versions was aligned, and how well.

    Args:
        rows: rows that hold every segment once.
        versions: segments of each language.
        a: number of one version.
        b: number of the other.

    Returns:
        The evidence; all zeros if no row has both.
    """
    both = [row for row in rows if a in row.spans and b in row.spans]
    if not both:
        return ParallelEvidence(0.0, 0.0, 0.0, 0.0, 0, 0)
    lengths = np.array([[_bytes(versions[i], row.spans[i]) for i in (a, b)] for row in both])
    totals = np.array([_bytes(versions[i], (0, len(versions[i]))) for i in (a, b)])
    weights = lengths.sum(axis=1) / lengths.sum()
    probabilities = np.array([row.probability for row in both])
    sample = even_sample(len(both), SAMPLE)
    chosen = [both[k] for k in sample]
    shares = weights[sample] / weights[sample].sum()
    ends = [versions[i].closings(np.array([row.spans[i][1] - 1 for row in chosen])) for i in (a, b)]
    return ParallelEvidence(
        float((lengths.sum(axis=0) / totals).max()),
        float(weights @ probabilities),
        float(shares @ _contrasts(chosen, versions, a, b)),
        float(shares @ np.einsum("ij,ij->i", *ends)),
        *_anchor_counts(chosen, versions, a, b),
    )


def _bytes(version: Segments, span: Span) -> float:
    """Bytes of a span; each segment counts 20 more, so that headings still carry weight."""
    return float((version.lengths[slice(*span)] + 20).sum())


def _contrasts(rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int) -> Floats:
    """Cosine of the two sides of each row, less their mean cosine to other segments, in standard deviations."""
    sides = [_vectors(rows, versions[i], i) for i in (a, b)]
    inside = np.einsum("ij,ij->i", *sides)
    others = [_others(sides[0], rows, versions[b], b), _others(sides[1], rows, versions[a], a)]
    both = np.concatenate(others, axis=1)
    deviation = np.nanstd(both) if np.isfinite(both).any() else 0.0
    count = np.maximum(np.isfinite(both).sum(axis=1), 1)
    contrasts = (inside - np.nansum(both, axis=1) / count) / (deviation + LEAST_DEVIATION)
    return np.asarray(contrasts, dtype=np.float32)


def _vectors(rows: Sequence[JointRow], version: Segments, language: int) -> Floats:
    starts, ends = np.array([row.spans[language] for row in rows]).T
    return version.vectors(starts, ends)


def _others(vectors: Floats, rows: Sequence[JointRow], version: Segments, language: int) -> Floats:
    """Cosines to single segments of a version, NaN for segments of the row itself."""
    sample = even_sample(len(version), SAMPLE)
    cosines = vectors @ version.vectors(sample, sample + 1).T
    starts, ends = np.array([row.spans[language] for row in rows]).T
    own = (sample >= starts[:, None]) & (sample < ends[:, None])
    return np.where(own, np.float32(np.nan), cosines)


def _anchor_counts(rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int) -> tuple[int, int]:
    """Number of anchors that both sides of the rows print, and number that only one side prints."""
    agreeing = differing = 0
    for row in rows:
        one, two = (versions[i].anchors(*row.spans[i]) for i in (a, b))
        agreeing += len(one & two)
        differing += len(one ^ two)
    return agreeing, differing
