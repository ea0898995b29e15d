"""The registry of models, and the only door to an encoder."""

from __future__ import annotations

from collections.abc import Mapping

from hexapla_models.encoder import Encoder
from hexapla_models.errors import UnknownEncoder

DEFAULT_ENCODER = "embedded"

CALIBRATIONS: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "embedded": {
        "aligned": (0.411, 0.724, 0.269, -0.716, -0.076, 0.372, -0.193),
        "alone": (0.375, 0.787, -2.741),
    },
}
"""For each encoder what makes the support of a row a probability; benchmarks/calibration.py fits the numbers."""


def calibration_numbers(encoder: str) -> Mapping[str, tuple[float, ...]]:
    """The calibration of an encoder; that of the default one for an encoder that has none of its own."""
    return CALIBRATIONS.get(encoder, CALIBRATIONS[DEFAULT_ENCODER])


def load_encoder(name: str = DEFAULT_ENCODER, *, threads: int | None = None) -> Encoder:
    """Load an encoder.

    Args:
        name: name of a model in the registry.
        threads: threads to encode in, each with one BLAS thread; the machine's cores if None.

    Returns:
        The encoder.

    Raises:
        UnknownEncoder: no model has that name.
    """
    if name != DEFAULT_ENCODER:
        raise UnknownEncoder(f"no encoder is named {name!r}. This version knows: {DEFAULT_ENCODER}.")
    from hexapla_models.embedded import EmbeddedEncoder

    return EmbeddedEncoder(threads)
