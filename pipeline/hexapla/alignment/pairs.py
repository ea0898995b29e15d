"""Posteriors of many pairs of sides, computed in batches of similar size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.evidence import Evidence, Problem
from hexapla.alignment.model import Prior, bead_scores
from hexapla.alignment.posterior import Posteriors, Shape, forward_backward
from hexapla.alignment.threads import threads

Cells = NDArray[np.float64]

BATCH_CELLS = 200_000  # padded cells in a batch, about 250 MB with all bead shapes


@dataclass(frozen=True, slots=True)
class PairPosterior:
    """Posteriors of one pair of sides with n and m segments.

    Attributes:
        cells: probability that two segments are in one bead, *Shape:* ``(n, m)``.
        corners: probability that the alignment passes a corner, *Shape:* ``(n + 1, m + 1)``.
        beads: probability of beads by shape, at their end corner, *Shape of each:* ``(n + 1, m + 1)``.
    """

    cells: Cells
    corners: Cells
    beads: Mapping[Shape, Cells]

    def flipped(self) -> PairPosterior:
        """Return the same pair with its sides exchanged."""
        return PairPosterior(
            self.cells.T, self.corners.T, {(b, a): bead.T for (a, b), bead in self.beads.items()}
        )


def pair_posteriors(problems: Sequence[Problem], prior: Prior) -> list[PairPosterior]:
    """Compute the posteriors of many pairs.

    Args:
        problems: pairs of sides, none of them empty.
        prior: prior for this kind of segment.

    Returns:
        One posterior per problem, in order.
    """
    sizes = [(len(problem.source), len(problem.target)) for problem in problems]
    batches = list(_batches(sizes))
    results: dict[int, PairPosterior] = {}
    with ThreadPoolExecutor(threads()) as pool:
        found = pool.map(lambda batch: _solve([problems[i] for i in batch], prior), batches)
        for batch, posteriors in zip(batches, found, strict=True):
            results |= zip(batch, posteriors, strict=True)
    return [results[i] for i in range(len(problems))]


def _solve(problems: Sequence[Problem], prior: Prior) -> list[PairPosterior]:
    """Compute the posteriors of the problems of one batch."""
    evidence = Evidence(problems)
    posteriors = forward_backward(bead_scores(evidence, prior), evidence.sizes)
    return [pair_of(posteriors, place, size) for place, size in enumerate(evidence.sizes)]


def _batches(sizes: Sequence[Shape]) -> Iterator[list[int]]:
    """Yield problems by increasing size, in batches of similar size that fit in memory and occupy all threads."""
    most = -(-len(sizes) // threads())
    batch: list[int] = []
    for i in sorted(range(len(sizes)), key=lambda i: (max(sizes[i]), sizes[i])):
        largest = max(sizes[i])
        cells = (len(batch) + 1) * (largest + 1) ** 2
        if batch and (len(batch) == most or largest > 2 * max(sizes[batch[0]]) or cells > BATCH_CELLS):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def pair_of(posteriors: Posteriors, place: int, size: Shape) -> PairPosterior:
    """Return the posteriors of one problem of a batch, cut to its size and copied, so that the batch can be freed."""
    n, m = size
    beads = {
        shape: bead[place, : n + 1, : m + 1].copy()
        for shape, bead in posteriors.beads.items()
        if shape[0] <= n and shape[1] <= m
    }
    cells = np.zeros((n, m))
    for (a, b), bead in beads.items():
        for i in range(a):
            for j in range(b):
                cells[i : n - a + 1 + i, j : m - b + 1 + j] += bead[a:, b:]
    return PairPosterior(np.minimum(cells, 1), posteriors.corners[place, : n + 1, : m + 1].copy(), beads)
