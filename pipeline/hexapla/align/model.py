"""The weights of the evidence, and the scores of beads that follow from them.

All were fitted by likelihood but those of numbers and classes and the prior, which are set by hand; see
docs/alignment.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hexapla.align.evidence import FEATURES, LARGEST, SHAPES, Evidence, Floats
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
WEIGHTS = {
    "cosine": 3.4,
    "cosine by segment": 2.62,
    "cosine squared": -0.62,
    "edge gain": 1.36,
    "edge loss": 1.85,
    "edge cosine": 1.06,
    "opening": 3.11,
    "closing": 2.8,
    "cosine by length": 0.7,
    "edge gain by length": 2.68,
    "length difference by length": -2.01,
    "length difference": -1.39,
    "length difference squared": 0.41,
    "shared anchors": 0.45,
    "missing anchors": -2.36,
    "other ending": -0.51,
    "same number": 3.0,
    "other number": -3.0,
    "other class": -6.0,
}
NULL_WEIGHTS = {"best cosine": -0.49, "log length": 0.05}
_WEIGHTS = np.array([WEIGHTS[name] for name in FEATURES], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is expected of a kind of segments before the texts are looked at, as log weights.

    Attributes:
        merging: of each segment that a bead has beyond one on each side.
        leaving: of leaving a segment of about 150 bytes alone.
        leaving_by_length: of leaving a segment alone, for each factor of e in its bytes.
        largest: segments on both sides of the largest bead.
    """

    merging: float
    leaving: float
    leaving_by_length: float
    largest: int


# The weights above were fitted on sentences. Translators keep paragraphs; short ones are often headings or furniture.
SENTENCES = Prior(merging=0.0, leaving=0.0, leaving_by_length=0.0, largest=LARGEST)
PARAGRAPHS = Prior(merging=-0.6, leaving=0.5, leaving_by_length=-0.3, largest=5)
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
    for a, b in (shape for shape in SHAPES if sum(shape) <= prior.largest):
        score = np.full((len(evidence.sizes), n + 1, m + 1), IMPOSSIBLE, dtype=np.float32)
        if b == 0:
            score[:, 1:] = _null_scores(evidence, 0, prior)[:, :, None]
        elif a == 0:
            score[:, :, 1:] = _null_scores(evidence, 1, prior)[:, None]
        elif a <= n and b <= m:
            bias = BIASES.get((min(a, b), max(a, b)), OTHER_BIAS) + prior.merging * (a + b - 2)
            score[:, a:, b:] = np.float32(bias) + np.tensordot(_WEIGHTS, evidence.features((a, b)), 1)
        scores[a, b] = score
    return scores


def _null_scores(evidence: Evidence, side: int, prior: Prior) -> Floats:
    """Log weights of leaving segments of one side alone, *Shape:* ``(problems, segments)``."""
    best, log_length = evidence.null_features(side)
    fitted = BIASES[0, 1] + NULL_WEIGHTS["best cosine"] * best + NULL_WEIGHTS["log length"] * log_length
    expected = prior.leaving + prior.leaving_by_length * (log_length - USUAL_LOG_LENGTH)
    return np.asarray(fitted + expected, dtype=np.float32)
