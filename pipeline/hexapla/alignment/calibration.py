"""The chance that a row is exactly right, from its support in the posteriors.

The model knows less than a reader, so its posteriors are too sure in some texts and not sure enough in others. A
logistic regression on the support of a row, fitted by `hexapla.alignment.calibration_fit`, turns them into chances. Its
weights belong to an encoder; see `hexapla_models.calibrations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

SUREST = 8.0  # larger logits of support count as this


@dataclass(frozen=True, slots=True)
class Support:
    """Support of a row in the posteriors.

    Attributes:
        weakest: support of the language that the others support least, in 0..1.
        typical: geometric mean of the support over all pairs of languages, in 0..1.
        languages: number of versions that were aligned.
        present: number of versions that are in the row.
        segments: number of segments of the version that has most in the row.
    """

    weakest: float
    typical: float
    languages: int
    present: int
    segments: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the logistic regression.

    Attributes:
        aligned: weights for rows with two or more languages, one per value of `aligned_features`.
        alone: weights for rows with one language, one per value of `alone_features`.
    """

    aligned: tuple[float, ...]
    alone: tuple[float, ...]

    @classmethod
    def of(cls, numbers: Mapping[str, tuple[float, ...]]) -> Calibration:
        """Return the calibration that a registry entry holds as plain numbers."""
        return cls(numbers["aligned"], numbers["alone"])


def aligned_features(support: Support) -> tuple[float, ...]:
    """Return the features of a row with two or more languages."""
    several = float(support.languages > 2)
    missing = (support.languages - support.present) / support.languages
    size = min(support.segments - 1, 4)
    weakest, typical = _logit(support.weakest), _logit(support.typical)
    return (1.0, weakest, typical, several, missing, float(size > 0), float(size))


def alone_features(support: Support) -> tuple[float, ...]:
    """Return the features of a row with one language."""
    return (1.0, _logit(support.weakest), float(support.languages > 2))


def calibrated(support: Support, calibration: Calibration) -> float:
    """Return the chance that a row is exactly right; for a row with one language, that no other has the passage.

    Args:
        support: support of the row.
        calibration: calibration of the encoder.

    Returns:
        Probability in 0..1; 1 if there is only one version.
    """
    if support.languages < 2:
        return 1.0
    aligned = support.present > 1
    features = aligned_features(support) if aligned else alone_features(support)
    weights = calibration.aligned if aligned else calibration.alone
    total = sum(weight * feature for weight, feature in zip(weights, features, strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _logit(probability: float) -> float:
    least = 1 / (1 + exp(SUREST))
    kept = min(max(probability, least), 1 - least)
    return log(kept / (1 - kept))
