"""Features of beads, computed for many pairs of sides at once.

The log weight of a bead is the weighted sum of its features, so the posteriors are those of a semi-Markov conditional
random field (Sarawagi and Cohen, 2004). The weights are in `hexapla.alignment.model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.coverage import Coverage
from hexapla.alignment.lexical import LEXICAL_FEATURES, LexicalEvidence
from hexapla.alignment.padded import Floats, run_sums, stack
from hexapla.alignment.posterior import Shape
from hexapla_models.encoder import EDGES, Chunks

LONGEST_SIDE = 5  # segments on one side of a bead
LARGEST_BEAD = 7  # segments on both sides
SHAPES: tuple[Shape, ...] = (
    (1, 0),
    (0, 1),
    *(
        (a, b)
        for a in range(1, LONGEST_SIDE + 1)
        for b in range(1, LONGEST_SIDE + 1)
        if a + b <= LARGEST_BEAD
    ),
)
FEATURES = (
    "cosine", "cosine by segment", "cosine squared", "edge gain", "edge loss", "edge cosine",
    "opening", "closing", "crossing", "long opening", "long closing", "long crossing",
    "covered", "uncovered", "margin", "margin loss",
    "cosine by length", "edge gain by length", "length difference by length", "length difference",
    "length difference squared", *LEXICAL_FEATURES, "other ending", "same number", "other number", "other class",
)  # fmt: skip
NULL_FEATURES = ("best cosine", "log length", "given", "given by length")


@dataclass(frozen=True, slots=True)
class Side:
    """The segments of one language as the evidence needs them.

    Attributes:
        vectors: centred vectors of the spans of 1, 2, ... segments that begin at each segment,
            *Shape:* ``(longest, segments, dimension)``; zero where a span would pass the end.
        openings: centred vectors of the first words of each segment, *Shape:* ``(len(EDGES), segments, dimension)``.
        closings: centred vectors of the last words of each segment, *Shape:* ``(len(EDGES), segments, dimension)``.
        chunks: the clauses of each segment, with centred vectors.
        lengths: UTF-8 bytes of each segment, *Shape:* ``(segments,)``; a better signal for Chinese than characters.
        anchors: what each segment prints that all its translations print too.
        cognates: stems of each segment that translations into related languages may share.
        quotations: number of quotations that each segment opens and closes, *Shape:* ``(segments, 2)``.
        endings: class of the mark that ends each segment (see `hexapla.alignment.anchors.ending`), *Shape:*
            ``(segments,)``.
        ordinals: printed number of each segment, or 0 if it has none, *Shape:* ``(segments,)``.
        classes: small integers for kinds that never mix in a bead, *Shape:* ``(segments,)``.
    """

    vectors: Floats
    openings: Floats
    closings: Floats
    chunks: Chunks
    lengths: Floats
    anchors: Sequence[frozenset[str]]
    cognates: Sequence[frozenset[str]]
    quotations: NDArray[np.intp]
    endings: NDArray[np.intp]
    ordinals: NDArray[np.intp]
    classes: NDArray[np.intp]

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self.lengths)


@dataclass(frozen=True, slots=True)
class Problem:
    """Two sides to align.

    Attributes:
        source: one side.
        target: the other side.
        ratio: bytes of the target language per byte of the source language, over the whole document.
    """

    source: Side
    target: Side
    ratio: float


class Evidence:
    """Features of all beads of several problems, padded to the largest.

    Args:
        problems: pairs of sides, none of them empty.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        sources, targets = [p.source for p in problems], [p.target for p in problems]
        self.sizes = [(len(source), len(target)) for source, target in zip(sources, targets, strict=True)]
        self._source, self._target = (
            stack([s.vectors for s in sources]),
            stack([t.vectors for t in targets]),
        )
        self._cosines: dict[Shape, Floats] = {}
        self._edges = [_edges(sources, targets, place) for place in range(len(EDGES))]
        self._coverage = Coverage([s.chunks for s in sources], [t.chunks for t in targets], LONGEST_SIDE)
        ratios = np.array([[p.ratio] for p in problems], dtype=np.float32)
        self._source_lengths = stack([s.lengths for s in sources]) * ratios
        self._target_lengths = stack([t.lengths for t in targets])
        self._endings = stack([s.endings for s in sources]), stack([t.endings for t in targets])
        self._ordinals = stack([s.ordinals for s in sources]), stack([t.ordinals for t in targets])
        self._classes = stack([s.classes for s in sources]), stack([t.classes for t in targets])
        self._lexical = LexicalEvidence(sources, targets)

    def features(self, shape: Shape) -> Floats:
        """Compute the features of all beads of one shape.

        Args:
            shape: segments on each side, both at least 1.

        Returns:
            *Shape:* ``(len(FEATURES), problems, n - a + 1, m - b + 1)``, indexed by the first segments of a bead.
        """
        a, b = shape
        cosine = self._cosine(a, b)
        n, m = cosine.shape[1:]
        gain = self._edge_gain(a, b)
        longer = run_sums(self._source_lengths, a)[:, :, None] + 20
        shorter = run_sums(self._target_lengths, b)[:, None] + 20
        length = np.abs(np.log(shorter / longer))
        size = np.log1p((longer + shorter) / 200)
        half = np.float32((a + b) / 2)
        return np.stack(
            [
                cosine, cosine * half, cosine * np.abs(cosine), gain, np.minimum(gain, 0), self._edge_cosine(a, b),
                *self._edge_features(a, b), *self._coverage.features(a, b),
                cosine * size, gain * size, length * size, length, np.minimum(length**2, 4),
                *self._lexical.features(a, b), self._ending_feature(a, b),
                *self._number_features(n, m), self._class_feature(a, b),
            ]
        )  # fmt: skip

    def null_features(self, side: int) -> Floats:
        """Compute the features of leaving segments of one side alone.

        Args:
            side: 0 for the source, 1 for the target.

        Returns:
            *Shape:* ``(len(NULL_FEATURES), problems, segments)``.
        """
        lengths = (self._source_lengths, self._target_lengths)[side]
        best = self._cosine(1, 1).max(axis=2 - side, initial=0)
        return np.stack([best, np.log(lengths + 1), *self._coverage.given(side)], dtype=np.float32)

    def _cosine(self, a: int, b: int) -> Floats:
        """Cosines of all spans of a and b segments, *Shape:* ``(problems, n - a + 1, m - b + 1)``."""
        if (a, b) not in self._cosines:
            source, target = self._source[:, a - 1], self._target[:, b - 1]
            n, m = source.shape[1] - a + 1, target.shape[1] - b + 1
            self._cosines[a, b] = source[:, :n] @ target[:, :m].transpose(0, 2, 1)
        return self._cosines[a, b]

    def _edge_gain(self, a: int, b: int) -> Floats:
        """Cosine of each bead, less that of the best bead without one of its outer segments; 0 for 1:1."""
        cosine = self._cosine(a, b)
        n, m = cosine.shape[1:]
        smaller = []
        if a > 1:
            smaller += [self._cosine(a - 1, b)[:, :n], self._cosine(a - 1, b)[:, 1 : n + 1]]
        if b > 1:
            smaller += [self._cosine(a, b - 1)[:, :, :m], self._cosine(a, b - 1)[:, :, 1 : m + 1]]
        return cosine - np.maximum.reduce(smaller) if smaller else np.zeros_like(cosine)

    def _edge_cosine(self, a: int, b: int) -> Floats:
        """Cosine of the outer segment that is least similar to the other side of its bead; 0 for 1:1."""
        n, m = self._cosine(a, b).shape[1:]
        edges = []
        if a > 1:
            edges += [self._cosine(1, b)[:, :n], self._cosine(1, b)[:, a - 1 : a - 1 + n]]
        if b > 1:
            edges += [self._cosine(a, 1)[:, :, :m], self._cosine(a, 1)[:, :, b - 1 : b - 1 + m]]
        return np.minimum.reduce(edges) if edges else np.zeros((len(self.sizes), n, m), dtype=np.float32)

    def _edge_features(self, a: int, b: int) -> list[Floats]:
        """Cosines of the openings and of the closings of beads, and of closings with openings across their corners."""
        found: list[Floats] = []
        for opening, closing, crossing in self._edges:
            n, m = opening.shape[1] - a + 1, opening.shape[2] - b + 1
            found += [
                opening[:, :n, :m],
                closing[:, a - 1 :, b - 1 :],
                crossing[:, :n, :m] + crossing[:, a:, b:],
            ]
        return found

    def _ending_feature(self, a: int, b: int) -> Floats:
        source, target = self._endings[0][:, a - 1 :, None], self._endings[1][:, None, b - 1 :]
        return np.asarray(source != target, dtype=np.float32)

    def _number_features(self, n: int, m: int) -> tuple[Floats, Floats]:
        source, target = self._ordinals[0][:, :n, None], self._ordinals[1][:, None, :m]
        numbered = (source > 0) & (target > 0)
        same = numbered & (source == target)
        return same.astype(np.float32), (numbered & ~same).astype(np.float32)

    def _class_feature(self, a: int, b: int) -> Floats:
        n, m = self._classes[0].shape[1] - a + 1, self._classes[1].shape[1] - b + 1
        mixed = np.zeros((len(self.sizes), n, m), dtype=np.float32)
        for i in range(a):
            for j in range(b):
                mixed += self._classes[0][:, i : i + n, None] != self._classes[1][:, None, j : j + m]
        return np.asarray(mixed / (a * b), dtype=np.float32)


def _edges(sources: Sequence[Side], targets: Sequence[Side], place: int) -> tuple[Floats, Floats, Floats]:
    """Cosines of openings, of closings, and, at each corner, of the closing before it with the opening after it."""
    (source_openings, source_closings), (target_openings, target_closings) = (
        (stack([s.openings[place] for s in sides]), stack([s.closings[place] for s in sides]))
        for sides in (sources, targets)
    )
    opening = source_openings @ target_openings.transpose(0, 2, 1)
    closing = source_closings @ target_closings.transpose(0, 2, 1)
    crossing = np.zeros((len(sources), opening.shape[1] + 1, opening.shape[2] + 1), dtype=np.float32)
    crossing[:, 1:, :-1] += source_closings @ target_openings.transpose(0, 2, 1)
    crossing[:, :-1, 1:] += source_openings @ target_closings.transpose(0, 2, 1)
    return opening, closing, crossing
