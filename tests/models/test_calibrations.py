"""Tests of calibrations, measured and fitted by the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla_models.calibrations import (
    DEFAULT,
    calibration_file,
    calibration_numbers,
    fitted_calibration,
    fitted_calibrations,
    store_calibration,
)
from hexapla_models.errors import InvalidCalibration
from hexapla_models.inventory import CalibrationSource, list_models

NUMBERS = {name: tuple(value + 1 for value in values) for name, values in DEFAULT.items()}


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A configuration folder without fitted calibrations."""
    monkeypatch.setenv("HEXAPLA_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def test_a_fitted_calibration_takes_precedence(config: Path) -> None:
    """A fitted calibration is found by the hash of the weights; without one, the measured or default one is used."""
    assert calibration_numbers("embedded", "0" * 12) == calibration_numbers("other", "0" * 12) == DEFAULT
    path = store_calibration("0" * 12, NUMBERS, model="other")
    assert path == calibration_file() == config / "calibrations.json"
    assert calibration_numbers("other", "0" * 12) == NUMBERS
    assert calibration_numbers("other", "1" * 12) == calibration_numbers("other") == DEFAULT
    store_calibration("1" * 12, DEFAULT, model="embedded")
    assert set(fitted_calibrations()) == {"0" * 12, "1" * 12}
    assert [each.calibrated for each in list_models()][:2] == [
        CalibrationSource.FITTED,
        CalibrationSource.MEASURED,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"000000000000": 1}',
        '{"000000000000": {}}',
        '{"000000000000": {"aligned": [1], "alone": [1]}}',
    ],
)
def test_a_damaged_calibration_file_is_named(config: Path, text: str) -> None:
    """A file that cannot be read, or is from another release, is an error that says what to do."""
    config.mkdir()
    (config / "calibrations.json").write_text(text)
    with pytest.raises(InvalidCalibration, match=r"calibrations\.json.*delete it"):
        fitted_calibration("0" * 12)


def test_a_folder_that_cannot_be_written_is_named(config: Path) -> None:
    """The error names the variable to set."""
    config.write_text("a file")
    with pytest.raises(InvalidCalibration, match="HEXAPLA_CONFIG"):
        store_calibration("0" * 12, NUMBERS)
