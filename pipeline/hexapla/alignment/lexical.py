"""Lexical evidence for beads: words that both sides print, that one side lacks, and that are just outside the bead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.padded import Floats, run_neighbours, run_sums, run_unions, stack

LEXICAL_FEATURES = (
    "shared words",
    "missing words",
    "crossing words",
    "unmatched figures",
    "other quotations",
)
RARITY = 0.5  # how fast the weight of a word falls with the logarithm of its frequency
FEW_QUOTATIONS = 4  # in a text with fewer, quotation marks say less
MOST_QUOTATIONS = 2  # a larger difference between the sides of a bead counts as this

Words = Sequence[frozenset[str]]


class LexicalSide(Protocol):
    """The segments of one language as lexical evidence needs them."""

    @property
    def anchors(self) -> Words:
        """What each segment prints that all its translations print too."""

    @property
    def cognates(self) -> Words:
        """Stems of each segment that its translations into related languages may share."""

    @property
    def quotations(self) -> NDArray[np.intp]:
        """Number of quotations that each segment opens and closes, *Shape:* ``(segments, 2)``."""


class LexicalEvidence:
    """Lexical evidence on all beads of several problems, padded to the largest.

    Args:
        sources: one side of each problem.
        targets: the other side of each.
    """

    def __init__(self, sources: Sequence[LexicalSide], targets: Sequence[LexicalSide]) -> None:
        words = [_word_matrices(*sides) for sides in zip(sources, targets, strict=True)]
        self._words = tuple(stack([found[side] for found in words]) for side in (0, 1))
        self._rests = tuple(stack([found[side] for found in words]) for side in (2, 3))
        marks = [_quotation_counts(*sides) for sides in zip(sources, targets, strict=True)]
        self._quotations = tuple(stack([found[side] for found in marks]) for side in (0, 1))

    def features(self, a: int, b: int) -> tuple[Floats, ...]:
        """Compute the features of all beads of a and b segments.

        Args:
            a: segments of the source.
            b: segments of the target.

        Returns:
            One array per name in LEXICAL_FEATURES, indexed by the first segments of a bead, *Shape of each:*
            ``(problems, n - a + 1, m - b + 1)``.
        """
        return (*self._word_features(a, b), self._unmatched(a, b), self._other_quotations(a, b))

    def _word_features(self, a: int, b: int) -> tuple[Floats, Floats, Floats]:
        source, target = run_unions(self._words[0], a), run_unions(self._words[1], b)
        shared = source @ target.transpose(0, 2, 1)
        in_source = np.einsum("pij,pij->pi", source, source)
        in_target = np.einsum("pij,pij->pi", target, target)
        missing = in_source[:, :, None] + in_target[:, None] - 2 * shared
        beside_source, beside_target = _beside(self._words[0], source, a), _beside(self._words[1], target, b)
        crossing = source @ beside_target.transpose(0, 2, 1) + beside_source @ target.transpose(0, 2, 1)
        return _root(shared), _root(missing), _root(crossing)

    def _unmatched(self, a: int, b: int) -> Floats:
        return _root(run_sums(self._rests[0], a)[:, :, None] + run_sums(self._rests[1], b)[:, None])

    def _other_quotations(self, a: int, b: int) -> Floats:
        """Difference in quotations opened, or in quotations closed if that is larger."""
        source, target = run_sums(self._quotations[0], a), run_sums(self._quotations[1], b)
        opened, closed = (np.abs(source[:, :, None, mark] - target[:, None, :, mark]) for mark in (0, 1))
        return np.asarray(np.maximum(opened, closed).clip(max=MOST_QUOTATIONS), dtype=np.float32)


def _beside(words: Floats, union: Floats, length: int) -> Floats:
    """Words of the segments next to each run that the run lacks."""
    return np.asarray(np.maximum(run_neighbours(words, length) - union, 0), dtype=np.float32)


def _root(values: Floats) -> Floats:
    """Square roots, since the first shared or missing word says more than the fifth."""
    return np.asarray(np.sqrt(np.maximum(values, 0)), dtype=np.float32)


def _word_matrices(source: LexicalSide, target: LexicalSide) -> tuple[Floats, Floats, Floats, Floats]:
    """Roots of the weights of the words of each side by segment, and summed weights of its unmatched figures."""
    sides = [[a | c for a, c in zip(s.anchors, s.cognates, strict=True)] for s in (source, target)]
    counts = [Counter(word for words in side for word in words) for side in sides]
    common = {word: column for column, word in enumerate(sorted(counts[0].keys() & counts[1].keys()))}
    weights = {word: _weight(counts[0][word], counts[1][word]) for word in common}
    figures = Counter(anchor for side in (source, target) for anchors in side.anchors for anchor in anchors)
    matrices = [_matrix(side, common, weights) for side in sides]
    rests = [
        np.array(
            [
                sum(_rarity(figures[anchor]) for anchor in anchors if anchor not in common)
                for anchors in side.anchors
            ],
            dtype=np.float32,
        )
        for side in (source, target)
    ]
    return matrices[0], matrices[1], rests[0], rests[1]


def _matrix(side: Words, columns: Mapping[str, int], weights: Mapping[str, float]) -> Floats:
    matrix = np.zeros((len(side), len(columns)), dtype=np.float32)
    for row, words in enumerate(side):
        for word in words & columns.keys():
            matrix[row, columns[word]] = np.sqrt(weights[word])
    return matrix


def _weight(in_source: int, in_target: int) -> float:
    """Weight of a word; low if the sides print it unequally often, since it then matches by chance."""
    return min(in_source, in_target) / max(in_source, in_target) * _rarity(in_source + in_target)


def _rarity(count: int) -> float:
    """Rarity of a word: 1 if it is printed once on each side, less if it is printed more often."""
    return float(1 / (1 + RARITY * np.log(max(2, count) / 2)))


def _quotation_counts(source: LexicalSide, target: LexicalSide) -> tuple[Floats, Floats]:
    """Quotations that each segment opens and closes, scaled down where the sides mark speech differently."""
    opened = int(source.quotations[:, 0].sum()), int(target.quotations[:, 0].sum())
    trust = np.float32(min(opened) / max(*opened, FEW_QUOTATIONS))
    return source.quotations * trust, target.quotations * trust
