"""Which of the known models can be used here, found without the network and without importing anything large."""

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
    """Whose numbers make the probabilities of an encoder."""

    MEASURED = "measured"
    FITTED = "fitted by you"
    BORROWED = "no"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model of the registry on this machine.

    Attributes:
        model: what is known of it.
        place: where its weights are.
        installed: whether the packages that it needs are there.
        calibrated: whose numbers make its probabilities.
    """

    model: KnownModel
    place: Place
    installed: bool
    calibrated: CalibrationSource


def list_models() -> list[ListedModel]:
    """The models of the registry.

    Returns:
        What is known of each, and whether it can be used here.

    Raises:
        hexapla_models.errors.InvalidCalibration: the user's file of calibrations cannot be read.
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
