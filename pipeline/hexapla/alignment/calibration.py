"""The chance that a row is exactly right, from how the posteriors support it.

Posteriors are those of a model that knows less than a reader, so they are too sure in some texts and not sure enough in
others. A logistic regression on what they say of a row, fitted by fitting.py, makes them chances. Its numbers
belong to an encoder; see `hexapla_models.calibrations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

SUREST = 8.0  # logit beyond which support is taken for equal


@dataclass(frozen=True, slots=True)
class Support:
    """What the posteriors say of a row.

    Attributes:
        weakest: support of the language that the others support least, in 0..1.
        typical: geometric mean of the support of all pairs of languages, in 0..1.
        languages: versions that were aligned.
        present: versions that have the row.
        segments: of the version that has most in the row.
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
        aligned: of rows with two languages or more, one for each of aligned_features.
        alone: of rows with one language, one for each of alone_features.
    """

    aligned: tuple[float, ...]
    alone: tuple[float, ...]

    @classmethod
    def of(cls, numbers: Mapping[str, tuple[float, ...]]) -> Calibration:
        """The calibration that a registry entry holds as plain numbers."""
        return cls(numbers["aligned"], numbers["alone"])


def aligned_features(support: Support) -> tuple[float, ...]:
    """What is weighed of a row with two languages or more."""
    several = float(support.languages > 2)
    missing = (support.languages - support.present) / support.languages
    size = min(support.segments - 1, 4)
    weakest, typical = _logit(support.weakest), _logit(support.typical)
    return (1.0, weakest, typical, several, missing, float(size > 0), float(size))


def alone_features(support: Support) -> tuple[float, ...]:
    """What is weighed of a row with one language."""
    return (1.0, _logit(support.weakest), float(support.languages > 2))


def calibrated(support: Support, calibration: Calibration) -> float:
    """The chance that a row is exactly right, or of a row with one language that no other has the passage.

    Args:
        support: of the row.
        calibration: of the encoder.

    Returns:
        Probability in 0..1; 1 if there is but one version.
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
