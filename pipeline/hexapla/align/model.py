"""The fitted weights of the evidence, and the scores of beads that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hexapla.align.evidence import SHAPES, Evidence, Floats
from hexapla.align.posterior import Shape

IMPOSSIBLE = -1e9  # log weight of a bead that does not fit

BIASES = {
    (0, 1): -1.77,
    (1, 1): 0.0,
    (1, 2): -0.83,
    (1, 3): -1.05,
    (1, 4): -1.02,
    (1, 5): -1.78,
    (2, 2): -1.84,
    (2, 3): -2.00,
}  # by bead shape, the shorter side first
OTHER_BIAS = -3.12
WEIGHTS = np.array(
    [3.40, 2.62, -0.62, 1.36, 1.85, 1.06, 3.11, 2.80, 0.70, 2.68, -2.01, -1.39, 0.41, 0.45, -2.36, -0.51, 3.00, -3.00, -6.00], dtype=np.float32
)
NULL_WEIGHTS = np.array([-0.49, 0.05], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is expected of a kind of segments before the texts are looked at, as log weights.

    Attributes:
        merging: of each segment that a bead has beyond one on each side.
        leaving: of leaving a segment of about 150 bytes alone.
        leaving_by_length: of leaving a segment alone, for each factor of e in its bytes.
    """

    merging: float
    leaving: float
    leaving_by_length: float


SENTENCES = Prior(0.0, 0.0, 0.0)  # the weights above were fitted on these
PARAGRAPHS = Prior(-0.6, 0.5, -0.3)  # translators keep paragraphs; short ones are often headings or page furniture
USUAL_LOG_LENGTH = 5.0  # of a segment in bytes


def bead_scores(evidence: Evidence, prior: Prior) -> dict[Shape, Floats]:
    """Log weights of all beads.

    Args:
        evidence: of several problems.
        prior: of the kind of segments.

    Returns:
        By shape, *Shape of each:* ``(problems, n + 1, m + 1)`` at the corner where the bead ends; IMPOSSIBLE where a
        bead does not fit.
    """
    n, m = (max(size[side] for size in evidence.sizes) for side in (0, 1))
    scores = {}
    for a, b in SHAPES:
        score = np.full((len(evidence.sizes), n + 1, m + 1), IMPOSSIBLE, dtype=np.float32)
        if b == 0:
            score[:, 1:] = _null_scores(evidence, 0, prior)[:, :, None]
        elif a == 0:
            score[:, :, 1:] = _null_scores(evidence, 1, prior)[:, None]
        elif a <= n and b <= m:
            bias = BIASES.get((min(a, b), max(a, b)), OTHER_BIAS) + prior.merging * (a + b - 2)
            score[:, a:, b:] = np.float32(bias) + np.tensordot(WEIGHTS, evidence.features((a, b)), 1)
        scores[a, b] = score
    return scores


def _null_scores(evidence: Evidence, side: int, prior: Prior) -> Floats:
    """Log weights of leaving segments of one side alone, *Shape:* ``(problems, segments)``."""
    best, log_length = evidence.null_features(side)
    fitted = BIASES[0, 1] + NULL_WEIGHTS[0] * best + NULL_WEIGHTS[1] * log_length
    expected = prior.leaving + prior.leaving_by_length * (log_length - USUAL_LOG_LENGTH)
    return np.asarray(fitted + expected, dtype=np.float32)
