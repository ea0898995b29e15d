"""The weights of the evidence, and the scores of beads that follow from them.

All were fitted by likelihood but those of numbers and classes and the prior, which are set by hand; see
docs/alignment.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hexapla.align.evidence import FEATURES, LARGEST, NULL_FEATURES, SHAPES, Evidence
from hexapla.align.padded import Floats
from hexapla.align.posterior import Shape

IMPOSSIBLE = -1e9  # log weight of a bead that does not fit

BIASES = {
    (0, 1): -1.44,
    (1, 1): 0.0,
    (1, 2): -0.01,
    (1, 3): -0.08,
    (1, 4): 0.49,
    (1, 5): -0.20,
    (2, 2): -0.09,
    (2, 3): -0.06,
}  # by bead shape, the shorter side first
OTHER_BIAS = 0.17
WEIGHTS = {
    "cosine": 0.40,
    "cosine by segment": 1.96,
    "cosine squared": 0.36,
    "edge gain": 1.02,
    "edge loss": 1.28,
    "edge cosine": -0.92,
    "opening": 2.63,
    "closing": 1.61,
    "crossing": -0.68,
    "long opening": 1.95,
    "long closing": 1.85,
    "long crossing": -0.93,
    "covered": 0.08,
    "uncovered": 0.81,
    "margin": 0.86,
    "margin loss": 1.03,
    "cosine by length": 0.61,
    "edge gain by length": 2.02,
    "length difference by length": -0.53,
    "length difference": -2.87,
    "length difference squared": 1.30,
    "shared words": -0.39,
    "missing words": -1.49,
    "crossing words": -0.54,
    "unmatched figures": -0.78,
    "other quotations": -1.33,
    "other ending": -0.85,
    "same number": 3.00,
    "other number": -3.00,
    "other class": -6.00,
}
NULL_WEIGHTS = {
    "best cosine": 0.27,
    "log length": 0.50,
    "given": -1.22,
    "given by length": -0.12,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of all evidence on sentences.

    Attributes:
        biases: of beads, by shape, the shorter side first.
        other_bias: of beads of all other shapes.
        features: by name, for all of FEATURES.
        nulls: by name, for all of NULL_FEATURES.
    """

    biases: Mapping[Shape, float]
    other_bias: float
    features: Mapping[str, float]
    nulls: Mapping[str, float]


FITTED = Weights(BIASES, OTHER_BIAS, WEIGHTS, NULL_WEIGHTS)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is expected of a kind of segments before the texts are looked at, as log weights.

    Attributes:
        merging: of each segment that a bead has beyond one on each side.
        leaving: of leaving a segment of about 150 bytes alone.
        leaving_by_length: of leaving a segment alone, for each factor of e in its bytes.
        largest: segments on both sides of the largest bead.
        weights: of the evidence; others than FITTED are for cross-validation.
    """

    merging: float
    leaving: float
    leaving_by_length: float
    largest: int
    weights: Weights = FITTED


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
    weights = np.array([prior.weights.features[name] for name in FEATURES], dtype=np.float32)
    scores = {}
    for a, b in (shape for shape in SHAPES if sum(shape) <= prior.largest):
        score = np.full((len(evidence.sizes), n + 1, m + 1), IMPOSSIBLE, dtype=np.float32)
        if b == 0:
            score[:, 1:] = _null_scores(evidence, 0, prior)[:, :, None]
        elif a == 0:
            score[:, :, 1:] = _null_scores(evidence, 1, prior)[:, None]
        elif a <= n and b <= m:
            fitted = prior.weights.biases.get((min(a, b), max(a, b)), prior.weights.other_bias)
            bias = fitted + prior.merging * (a + b - 2)
            score[:, a:, b:] = np.float32(bias) + np.tensordot(weights, evidence.features((a, b)), 1)
        scores[a, b] = score
    return scores


def _null_scores(evidence: Evidence, side: int, prior: Prior) -> Floats:
    """Log weights of leaving segments of one side alone, *Shape:* ``(problems, segments)``."""
    features = dict(zip(NULL_FEATURES, evidence.null_features(side), strict=True))
    fitted = prior.weights.biases[0, 1] + sum(prior.weights.nulls[name] * features[name] for name in features)
    expected = prior.leaving + prior.leaving_by_length * (features["log length"] - USUAL_LOG_LENGTH)
    return np.asarray(fitted + expected, dtype=np.float32)
