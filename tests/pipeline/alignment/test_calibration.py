"""Calibration: the support of a row turned into a chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.alignment.calibration import Calibration, Support, aligned_features, alone_features, calibrated
from hexapla_models.registry import DEFAULT_ENCODER, calibration_numbers

CALIBRATION = Calibration.of(calibration_numbers(DEFAULT_ENCODER))
SUPPORTS = st.builds(
    Support,
    weakest=st.floats(0, 1),
    typical=st.floats(0, 1),
    languages=st.integers(2, 7),
    present=st.integers(1, 2),
    segments=st.integers(1, 9),
)


@given(support=SUPPORTS)
def test_a_chance_is_a_probability(support: Support) -> None:
    """Whatever the support, the chance is between 0 and 1."""
    assert 0 <= calibrated(support, CALIBRATION) <= 1


@given(support=SUPPORTS, weaker=st.floats(0, 1))
def test_more_support_is_never_a_smaller_chance(support: Support, weaker: float) -> None:
    """A row with less support from all pairs is not more likely to be right."""
    least = Support(
        support.weakest * weaker,
        support.typical * weaker,
        support.languages,
        support.present,
        support.segments,
    )
    assert calibrated(least, CALIBRATION) <= calibrated(support, CALIBRATION) + 1e-12


@pytest.mark.parametrize("present", [1, 2])
def test_support_may_be_taken_unchanged(present: int) -> None:
    """If only the support has a weight, the chance is the support."""
    taken = Calibration(
        tuple(float(place == 1) for place in range(len(CALIBRATION.aligned))),
        tuple(float(place == 1) for place in range(len(CALIBRATION.alone))),
    )
    assert calibrated(Support(0.7, 0.7, 2, present, 1), taken) == pytest.approx(0.7)


def test_one_version_cannot_be_wrong() -> None:
    """A row with nothing to align with is right."""
    assert calibrated(Support(1.0, 1.0, 1, 1, 1), CALIBRATION) == 1.0


def test_registry_holds_a_number_for_each_feature() -> None:
    """There is a weight for each feature, even for an encoder that has no calibration."""
    support = Support(0.5, 0.5, 3, 2, 1)
    for encoder in (DEFAULT_ENCODER, "an encoder of ours"):
        calibration = Calibration.of(calibration_numbers(encoder))
        assert len(calibration.aligned) == len(aligned_features(support))
        assert len(calibration.alone) == len(alone_features(support))
