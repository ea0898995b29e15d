"""Inputs that are not versions of one text are refused, with the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.links import spread
from hexapla.alignment.model import Prior
from hexapla.alignment.moved_passages import join_moved
from hexapla.alignment.padded import Floats
from hexapla.alignment.segments import Segments
from hexapla.alignment.windowed_alignment import align_segments
from hexapla.alignment.windows import Span
from hexapla.errors import NotParallel
from hexapla_corpora.document import Document
from hexapla_models.encoder import Encoder


def check_parallel(
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
    found = unrelated_documents(rows, segments, prior, judged)
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


FEWEST = 4  # segments of the shorter version from which it can be judged
SAMPLE = 400  # rows that are compared with each other
SPREAD = 0.02  # least standard deviation of cosines
FEW_PRINTED = 8  # anchors; of fewer, agreement says less
# Fitted on passages of development texts; the bias so that versions are refused half as often as unrelated documents are accepted.
TRUST, CONTRAST, CLOSING, SHARED, PRINTED, BIAS = 14.2, 3.04, 9.0, -5.26, 9.05, -8.8


@dataclass(frozen=True, slots=True)
class ParallelEvidence:
    """What speaks for two versions being versions of each other.

    Attributes:
        shared: share in 0..1 of the bytes of one version that stand in rows with the other; of the version that has
            more of it, since the other may have an annex or lack a half.
        probability: mean probability of these rows, weighted by bytes.
        contrast: by how many standard deviations their sides are nearer to each other than to other passages.
        closing: mean cosine of the last words of their sides, weighted by bytes.
        agreeing: anchors, such as figures and symbols, that both sides of a row print, in SAMPLE rows at most.
        differing: anchors that one side prints and the other does not, in these rows.
    """

    shared: float
    probability: float
    contrast: float
    closing: float
    agreeing: int
    differing: int

    @property
    def score(self) -> float:
        """Evidence that they are versions of each other: above 0 they are."""
        strength = TRUST * self.probability + CONTRAST * self.contrast + CLOSING * self.closing + SHARED
        printed = (self.agreeing - self.differing) / (self.agreeing + self.differing + FEW_PRINTED)
        return float(np.sqrt(self.shared) * strength) + PRINTED * printed + BIAS


def unrelated_documents(
    rows: Sequence[JointRow], versions: Sequence[Segments], prior: Prior, judged: Collection[int]
) -> dict[int, tuple[int, ParallelEvidence]]:
    """Versions that do not belong to the others.

    Args:
        rows: over all versions.
        versions: segments of each language.
        prior: of the kind of segments.
        judged: numbers of the versions that may be judged; of these, very short ones are not.

    Returns:
        For each version outside the largest group of versions that belong together, the version that it is most like,
        and how much it is; of two that do not belong together, the second.
    """
    groups = [[i] for i in sorted(judged) if len(versions[i]) >= FEWEST]
    unlike: dict[tuple[int, int], ParallelEvidence] = {}
    for a, b in combinations([group[0] for group in groups], 2):
        one, two = (next(group for group in groups if i in group) for i in (a, b))
        if one is two:
            continue
        likeness = _likeness(rows, versions, a, b, prior)
        if likeness.score > 0:
            groups.remove(two)
            one += two
        else:
            unlike[a, b] = unlike[b, a] = likeness
    largest = max(groups, key=len, default=[])
    outside = sorted(i for group in groups if group is not largest for i in group)
    return {i: max(_others_of(i, unlike), key=lambda other: other[1].score) for i in outside}


def _others_of(
    version: int, unlike: Mapping[tuple[int, int], ParallelEvidence]
) -> Iterator[tuple[int, ParallelEvidence]]:
    yield from ((b, likeness) for (a, b), likeness in unlike.items() if a == version)


def _likeness(
    rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int, prior: Prior
) -> ParallelEvidence:
    likeness = parallel_evidence(rows, versions, a, b)
    if len(versions) == 2 or likeness.score > 0:
        return likeness
    pair = [versions[a], versions[b]]  # if one of many does not belong, their rows say little on any two
    return parallel_evidence(join_moved(align_segments(pair, prior), pair, prior), pair, 0, 1)


def parallel_evidence(
    rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int
) -> ParallelEvidence:
    """How much of two versions was aligned, and how well.

    Args:
        rows: in which every segment is once.
        versions: segments of each language.
        a: number of one version.
        b: number of the other.

    Returns:
        The evidence; zeros if no row has both.
    """
    both = [row for row in rows if a in row.spans and b in row.spans]
    if not both:
        return ParallelEvidence(0.0, 0.0, 0.0, 0.0, 0, 0)
    lengths = np.array([[_bytes(versions[i], row.spans[i]) for i in (a, b)] for row in both])
    totals = np.array([_bytes(versions[i], (0, len(versions[i]))) for i in (a, b)])
    weights = lengths.sum(axis=1) / lengths.sum()
    probabilities = np.array([row.probability for row in both])
    sample = spread(len(both), SAMPLE)
    chosen = [both[k] for k in sample]
    shares = weights[sample] / weights[sample].sum()
    ends = [versions[i].closings(np.array([row.spans[i][1] - 1 for row in chosen])) for i in (a, b)]
    return ParallelEvidence(
        float((lengths.sum(axis=0) / totals).max()),
        float(weights @ probabilities),
        float(shares @ _contrasts(chosen, versions, a, b)),
        float(shares @ np.einsum("ij,ij->i", *ends)),
        *_anchors(chosen, versions, a, b),
    )


def _anchors(rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int) -> tuple[int, int]:
    """How many anchors both sides of the rows print, and how many only one of them."""
    agreeing = differing = 0
    for row in rows:
        one, two = (versions[i].anchors(*row.spans[i]) for i in (a, b))
        agreeing += len(one & two)
        differing += len(one ^ two)
    return agreeing, differing


def _bytes(version: Segments, span: Span) -> float:
    """Bytes of a span; each segment counts a little more, so that headings do not count for nothing."""
    return float((version.lengths[slice(*span)] + 20).sum())


def _contrasts(rows: Sequence[JointRow], versions: Sequence[Segments], a: int, b: int) -> Floats:
    """Nearness of the sides of each row to each other, less that to other segments, in standard deviations."""
    sides = [_vectors(rows, versions[i], i) for i in (a, b)]
    inside = np.einsum("ij,ij->i", *sides)
    others = [_others(sides[0], rows, versions[b], b), _others(sides[1], rows, versions[a], a)]
    both = np.concatenate(others, axis=1)
    spread = np.nanstd(both) if np.isfinite(both).any() else 0.0
    count = np.maximum(np.isfinite(both).sum(axis=1), 1)
    return np.asarray((inside - np.nansum(both, axis=1) / count) / (spread + SPREAD), dtype=np.float32)


def _vectors(rows: Sequence[JointRow], version: Segments, language: int) -> Floats:
    starts, ends = np.array([row.spans[language] for row in rows]).T
    return version.vectors(starts, ends)


def _others(vectors: Floats, rows: Sequence[JointRow], version: Segments, language: int) -> Floats:
    """Cosines to single segments of a version, NaN for those that stand in the row itself."""
    sample = spread(len(version), SAMPLE)
    cosines = vectors @ version.vectors(sample, sample + 1).T
    starts, ends = np.array([row.spans[language] for row in rows]).T
    own = (sample >= starts[:, None]) & (sample < ends[:, None])
    return np.where(own, np.float32(np.nan), cosines)
