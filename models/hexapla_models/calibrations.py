"""Calibrations of encoders: measured for this release, or fitted by the user."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hexapla_models.errors import InvalidCalibration

Numbers = Mapping[str, tuple[float, ...]]

MEASURED: Mapping[str, Numbers] = {
    "embedded": {
        "aligned": (0.411, 0.724, 0.269, -0.716, -0.076, 0.372, -0.193),
        "alone": (0.375, 0.787, -2.741),
    },
}
"""The numbers that turn the support of a row into a probability, by encoder; fitted by benchmarks/calibration.py."""
SAME_VECTORS = {"embedded-torch": "embedded"}
DEFAULT = MEASURED["embedded"]
FILE = "calibrations.json"


def calibration_file() -> Path:
    """Return the path of the user's calibration file: in HEXAPLA_CONFIG if set, else in the system's usual place."""
    chosen = os.environ.get("HEXAPLA_CONFIG")
    if chosen:
        return Path(chosen).expanduser() / FILE
    if sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA") or "~/AppData/Roaming")
    elif sys.platform == "darwin":
        folder = Path("~/Library/Application Support")
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config")
    return folder.expanduser() / "hexapla" / FILE


def calibration_numbers(encoder: str, hash: str | None = None) -> Numbers:
    """Return the calibration of an encoder: the user's, else this release's, else that of the default encoder.

    Args:
        encoder: name of the encoder.
        hash: hash of its weights, by which the user's calibrations are stored; None to ignore those.

    Returns:
        The numbers.

    Raises:
        InvalidCalibration: the user's file cannot be read, or was fitted for another release.
    """
    fitted = fitted_calibration(hash) if hash else None
    return fitted or measured_calibration(encoder) or DEFAULT


def measured_calibration(encoder: str) -> Numbers | None:
    """Return the calibration of an encoder that comes with this release, if any."""
    return MEASURED.get(SAME_VECTORS.get(encoder, encoder))


def fitted_calibration(hash: str) -> Numbers | None:
    """Return the calibration that the user fitted for an encoder.

    Args:
        hash: hash of the encoder's weights.

    Returns:
        The numbers; None if the user has not fitted any.

    Raises:
        InvalidCalibration: the file cannot be read, or was fitted for another release.
    """
    record = fitted_calibrations().get(hash)
    if record is None:
        return None
    try:
        numbers = {name: tuple(float(value) for value in record[name]) for name in DEFAULT}
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidCalibration(_unusable(f"the entry {hash} is not a calibration: {error!r}")) from error
    if any(len(numbers[name]) != len(DEFAULT[name]) for name in DEFAULT):
        raise InvalidCalibration(_unusable(f"the entry {hash} was fitted for another release of hexapla"))
    return numbers


def fitted_calibrations() -> dict[str, dict[str, Any]]:
    """Return all calibrations that the user fitted, by the hash of the encoder's weights.

    Returns:
        For each, the numbers, the name of the model, the number of rows and the time of fitting.

    Raises:
        InvalidCalibration: the file cannot be read.
    """
    try:
        records = json.loads(calibration_file().read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise InvalidCalibration(_unusable(str(error))) from error
    if not isinstance(records, dict) or not all(isinstance(record, dict) for record in records.values()):
        raise InvalidCalibration(_unusable("it is not a JSON object of calibrations"))
    return records


def store_calibration(hash: str, numbers: Numbers, **details: object) -> Path:
    """Store a calibration, replacing any earlier one for the same encoder.

    Args:
        hash: hash of the encoder's weights.
        numbers: the calibration.
        **details: further JSON values to store with it.

    Returns:
        Path of the file.

    Raises:
        InvalidCalibration: the file cannot be read or written.
    """
    path, records = calibration_file(), fitted_calibrations()
    records[hash] = {name: list(values) for name, values in numbers.items()} | details
    partial = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(records, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise InvalidCalibration(
            f"{path} cannot be written ({error.strerror}): nothing was stored. Set HEXAPLA_CONFIG to a folder that you "
            "can write to."
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()
    return path


def _unusable(why: str) -> str:
    return f"{calibration_file()} cannot be used ({why}): delete it, and run `hexapla calibrate` again."
