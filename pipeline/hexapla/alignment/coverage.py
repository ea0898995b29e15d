"""Evidence below the segment: how far the chunks of a bead find their translations inside the bead.

Every chunk of one side is softly assigned to those of the other by cosine. The share of one side of a bead that is
assigned to the other is a sum over a rectangle of segments, so all beads of a shape are computed in one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from hexapla.alignment.padded import Floats, run_sums, stack
from hexapla_models.encoder import Chunks

SHARPNESS = 12.0  # of the assignment: log weight of a cosine of 1 over a cosine of 0
ELSEWHERE = 0.2  # cosine of assigning a chunk to nothing
REACH = 3  # segments on either side of a bead that compete with it for a chunk
LARGEST_MARGIN = 0.3  # larger differences of cosines count as this


class Coverage:
    """Chunks of several pairs of sides, assigned to each other, padded to the largest pair.

    Args:
        sources: chunks of the source side of each pair.
        targets: chunks of the target side of each pair.
        longest: segments on one side of the longest bead.
    """

    def __init__(self, sources: Sequence[Chunks], targets: Sequence[Chunks], longest: int) -> None:
        cosines = stack([s.vectors for s in sources]) @ stack([t.vectors for t in targets]).transpose(0, 2, 1)
        owners = _owners(sources), _owners(targets)
        tokens = [stack([chunks.tokens for chunks in side])[:, None] for side in (sources, targets)]
        weighted = owners[0] * tokens[0], owners[1] * tokens[1]
        self._tokens = weighted[0].sum(axis=2), weighted[1].sum(axis=2)
        shares = _shares(cosines, *(owner.sum(axis=1) for owner in owners))
        forward = weighted[0] @ shares @ owners[1].transpose(0, 2, 1)
        backward = owners[0] @ shares @ weighted[1].transpose(0, 2, 1)
        self._mass = forward, backward
        self._given = forward.sum(axis=2), backward.sum(axis=1)
        reverse = _margins(cosines.transpose(0, 2, 1), weighted[1], sources, longest)
        self._margins = (
            _margins(cosines, weighted[0], targets, longest),
            [margin.transpose(0, 1, 3, 2) for margin in reverse],
        )

    def features(self, a: int, b: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Compute the coverage of all beads of a source and b target segments.

        Args:
            a: source segments.
            b: target segments.

        Returns:
            The covered share of the less covered side, the logarithm of the number of tokens not covered, and the
            summed margin of the chunks over the segments next to the bead, in full and its negative part only, *Shape
            of each:* ``(pairs, n - a + 1, m - b + 1)``.
        """
        covered = [run_sums(run_sums(np.asarray(mass, dtype=np.float32), a, 1), b, 2) for mass in self._mass]
        sizes = run_sums(self._tokens[0], a, 1)[:, :, None], run_sums(self._tokens[1], b, 1)[:, None]
        shares = [part / np.maximum(size, 1) for part, size in zip(covered, sizes, strict=True)]
        rests = [np.log1p(np.maximum(size - part, 0)) for part, size in zip(covered, sizes, strict=True)]
        n, m = covered[0].shape[1:]
        forward = run_sums(self._margins[0][b - 1], a, 2)[:, :, :, :m]
        backward = run_sums(self._margins[1][a - 1], b, 3)[:, :, :n]
        margin, loss = np.asarray((forward + backward) / 10, dtype=np.float32)
        return np.minimum(*shares), rests[0] + rests[1], margin, loss

    def given(self, side: int) -> tuple[Floats, Floats]:
        """Compute how much of each segment of one side is assigned to the other side, wherever that is.

        Args:
            side: 0 for the source, 1 for the target.

        Returns:
            The assigned share of each segment, and the logarithm of its assigned tokens, *Shape of each:* ``(pairs,
            segments)``.
        """
        given = self._given[side]
        return given / np.maximum(self._tokens[side], 1), np.log1p(given)


def _owners(sides: Sequence[Chunks]) -> Floats:
    """Whether a chunk belongs to a segment, *Shape:* ``(pairs, segments, chunks)``."""
    longest = max(len(side.bounds) - 1 for side in sides), max(len(side.tokens) for side in sides)
    owners: Floats = np.zeros((len(sides), *longest), dtype=np.float32)
    for place, side in enumerate(sides):
        segments = np.repeat(np.arange(len(side.bounds) - 1), np.diff(side.bounds))
        owners[place, segments, np.arange(len(segments))] = 1
    return owners


def _shares(cosines: Floats, real_source: Floats, real_target: Floats) -> Floats:
    """How far chunks are assigned to each other: the geometric mean of both directions."""
    weights = np.exp(SHARPNESS * (cosines - ELSEWHERE)) * real_source[:, :, None] * real_target[:, None]
    rows, columns = 1 + weights.sum(axis=2), 1 + weights.sum(axis=1)
    return np.asarray(weights / np.sqrt(rows[:, :, None] * columns[:, None]), dtype=np.float32)


def _margins(cosines: Floats, weighted: Floats, others: Sequence[Chunks], longest: int) -> list[Floats]:
    """Compare the best cosine of chunks to a run of the other side's segments with that to the segments next to it.

    Args:
        cosines: cosines of the chunks, *Shape:* ``(pairs, chunks, other chunks)``.
        weighted: tokens of each chunk at the segment it belongs to, *Shape:* ``(pairs, n, chunks)``.
        others: chunks of the other sides.
        longest: segments in the longest run.

    Returns:
        For runs of 1 to longest segments, the margins summed over the chunks of each segment, weighted by tokens: all
        margins, and negative ones only, *Shape of each:* ``(2, pairs, n, m)``, indexed by the first segment of the run.
    """
    m = max(len(side.bounds) - 1 for side in others)
    best = np.full((*cosines.shape[:2], m + 2 * REACH + longest), -1, dtype=np.float32)
    for place, side in enumerate(others):
        for j, (start, end) in enumerate(pairwise(side.bounds), start=REACH):
            best[place, :, j] = cosines[place, :, start:end].max(axis=1, initial=-1)
    beside = np.maximum.reduce([best[:, :, k : best.shape[2] - REACH + 1 + k] for k in range(REACH)])
    inside = best[:, :, REACH : REACH + m]
    margins = []
    for length in range(1, longest + 1):
        inside = np.maximum(inside, best[:, :, REACH + length - 1 : REACH + length - 1 + m])
        outside = np.maximum(beside[:, :, :m], beside[:, :, REACH + length : REACH + length + m])
        margin = np.clip(inside - outside, -LARGEST_MARGIN, LARGEST_MARGIN)
        margins.append(np.stack([weighted @ margin, weighted @ np.minimum(margin, 0)]))
    return margins
