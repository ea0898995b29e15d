"""The registered models that can be used on this machine, found without the network or large imports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hexapla_models.calibrations import fitted_calibrations, measured_calibration
from hexapla_models.catalogue import KNOWN, KnownModel
from hexapla_models.hub import snapshot
from hexapla_models.model_loader import installed


class Place(StrEnum):
    """Where the weights of a model are."""

    BUILT_IN = "built in"
    CACHED = "cached"
    HUB = "on the hub"


class CalibrationSource(StrEnum):
    """Where the calibration of an encoder comes from."""

    MEASURED = "measured"
    FITTED = "fitted by you"
    BORROWED = "no"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A registered model and its state on this machine.

    Attributes:
        model: the model.
        place: where its weights are.
        installed: whether the packages it needs are installed.
        calibrated: where its calibration comes from.
    """

    model: KnownModel
    place: Place
    installed: bool
    calibrated: CalibrationSource


def list_models() -> list[ListedModel]:
    """List the registered models.

    Returns:
        Each model with its state on this machine, in display order.

    Raises:
        hexapla_models.errors.InvalidCalibration: the user's calibration file cannot be read.
    """
    fitted = {str(record.get("model")) for record in fitted_calibrations().values()}
    extra = installed()
    return [
        ListedModel(model, _place(model), extra or not model.torch, _calibrated(model, fitted))
        for model in KNOWN.values()
    ]


def _place(model: KnownModel) -> Place:
    if model.hub is None:
        return Place.BUILT_IN
    return Place.CACHED if snapshot(model.hub) is not None else Place.HUB


def _calibrated(model: KnownModel, fitted: set[str]) -> CalibrationSource:
    if model.name in fitted:
        return CalibrationSource.FITTED
    return (
        CalibrationSource.MEASURED
        if measured_calibration(model.name) is not None
        else CalibrationSource.BORROWED
    )
