"""The weights of the evidence, and the scores of beads that follow from them.

The weights were fitted by likelihood, except those of numbers and classes and the prior, which are set by hand (see
docs/alignment.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hexapla.alignment.evidence import FEATURES, LARGEST_BEAD, NULL_FEATURES, SHAPES, Evidence
from hexapla.alignment.padded import Floats
from hexapla.alignment.posterior import Shape

IMPOSSIBLE = -1e9  # log weight of a bead that does not fit

BIASES = {
    (0, 1): -1.10,
    (1, 1): 0.0,
    (1, 2): -0.05,
    (1, 3): -0.12,
    (1, 4): 0.38,
    (1, 5): -0.15,
    (2, 2): -0.15,
    (2, 3): -0.07,
}  # by bead shape, the shorter side first
OTHER_BIAS = 0.13
WEIGHTS = {
    "cosine": 0.60,
    "cosine by segment": 1.54,
    "cosine squared": 0.53,
    "edge gain": 0.83,
    "edge loss": 0.90,
    "edge cosine": -0.58,
    "opening": 2.26,
    "closing": 1.50,
    "crossing": -0.62,
    "long opening": 1.68,
    "long closing": 1.57,
    "long crossing": -0.81,
    "covered": 0.28,
    "uncovered": 0.76,
    "margin": 0.85,
    "margin loss": 1.07,
    "cosine by length": 0.60,
    "edge gain by length": 1.45,
    "length difference by length": -0.77,
    "length difference": -2.12,
    "length difference squared": 0.74,
    "shared words": -0.23,
    "missing words": -1.31,
    "crossing words": -0.61,
    "unmatched figures": -0.68,
    "other quotations": -1.17,
    "other ending": -0.77,
    "same number": 3.00,
    "other number": -3.00,
    "other class": -6.00,
}
NULL_WEIGHTS = {
    "best cosine": 0.13,
    "log length": 0.42,
    "given": -1.11,
    "given by length": -0.14,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of all evidence.

    Attributes:
        biases: biases of beads by shape, the shorter side first.
        other_bias: bias of beads of all other shapes.
        features: weights by name, for all of FEATURES.
        nulls: weights by name, for all of NULL_FEATURES.
    """

    biases: Mapping[Shape, float]
    other_bias: float
    features: Mapping[str, float]
    nulls: Mapping[str, float]


FITTED = Weights(BIASES, OTHER_BIAS, WEIGHTS, NULL_WEIGHTS)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is expected of a kind of segment before the texts are compared.

    Attributes:
        leaving: log weight of leaving a segment alone, added to its evidence.
        largest: segments on both sides of the largest bead.
        weights: weights of the evidence; weights other than FITTED are for cross-validation.
    """

    leaving: float
    largest: int
    weights: Weights = FITTED


# The weights were fitted on sentences. Translators keep paragraphs, or leave out or add whole ones.
SENTENCES = Prior(leaving=0.0, largest=LARGEST_BEAD)
PARAGRAPHS = Prior(leaving=0.5, largest=5)


def bead_scores(evidence: Evidence, prior: Prior) -> dict[Shape, Floats]:
    """Compute the log weights of all beads.

    Args:
        evidence: evidence on several problems.
        prior: prior for this kind of segment.

    Returns:
        Log weights by shape, at the corner where the bead ends, *Shape of each:* ``(problems, n + 1, m + 1)``;
        IMPOSSIBLE where a bead does not fit.
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
            bias = prior.weights.biases.get((min(a, b), max(a, b)), prior.weights.other_bias)
            score[:, a:, b:] = np.float32(bias) + np.tensordot(weights, evidence.features((a, b)), 1)
        scores[a, b] = score
    return scores


def _null_scores(evidence: Evidence, side: int, prior: Prior) -> Floats:
    """Log weights of leaving segments of one side alone, *Shape:* ``(problems, segments)``."""
    features = zip(NULL_FEATURES, evidence.null_features(side), strict=True)
    fitted = sum(prior.weights.nulls[name] * values for name, values in features)
    return np.asarray(fitted + prior.weights.biases[0, 1] + prior.leaving, dtype=np.float32)
