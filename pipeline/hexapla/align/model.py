"""The fitted weights of the evidence, and the scores of beads that follow from them."""

from __future__ import annotations

import numpy as np

from hexapla.align.evidence import SHAPES, Evidence, Floats
from hexapla.align.posterior import Shape

IMPOSSIBLE = -1e9  # log weight of a bead that does not fit

BIASES = {
    (0, 1): -2.07,
    (1, 1): 0.0,
    (1, 2): -1.18,
    (1, 3): -1.48,
    (1, 4): -1.61,
    (1, 5): -2.51,
    (2, 2): -2.31,
    (2, 3): -2.60,
}  # by bead shape, the shorter side first
OTHER_BIAS = -4.03
WEIGHTS = np.array(
    [5.84, 2.36, 0.72, 1.62, 2.47, 1.75, 0.79, 3.26, -2.38, -1.13, 0.40, 0.20, -2.59, -0.66, 3.00, -3.00, -6.00], dtype=np.float32
)
NULL_WEIGHTS = np.array([-0.21, 0.03], dtype=np.float32)


def bead_scores(evidence: Evidence) -> dict[Shape, Floats]:
    """Log weights of all beads.

    Args:
        evidence: of several problems.

    Returns:
        By shape, *Shape of each:* ``(problems, n + 1, m + 1)`` at the corner where the bead ends; IMPOSSIBLE where a
        bead does not fit.
    """
    n, m = (max(size[side] for size in evidence.sizes) for side in (0, 1))
    scores = {}
    for a, b in SHAPES:
        score = np.full((len(evidence.sizes), n + 1, m + 1), IMPOSSIBLE, dtype=np.float32)
        bias = np.float32(BIASES.get((min(a, b), max(a, b)), OTHER_BIAS))
        if b == 0:
            score[:, 1:] = (bias + np.tensordot(NULL_WEIGHTS, evidence.null_features(0), 1))[:, :, None]
        elif a == 0:
            score[:, :, 1:] = (bias + np.tensordot(NULL_WEIGHTS, evidence.null_features(1), 1))[:, None]
        elif a <= n and b <= m:
            score[:, a:, b:] = bias + np.tensordot(WEIGHTS, evidence.features((a, b)), 1)
        scores[a, b] = score
    return scores
