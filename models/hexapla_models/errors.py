"""Errors of encoders.

EncoderError              base; the message names the encoder and says what is wrong and what to do
├── UnknownEncoder        not a registered name, an existing folder, a hub id or an address
├── MissingExtra          an optional package that the encoder needs is not installed
├── UnusableModel         a model is not on this machine, cannot be read, or would run its own code
├── ServerError           an embedding server does not answer, rejects a request, or sends an unexpected answer
├── InvalidCalibration    the calibration file cannot be read or written
└── DamagedWeights        weights are missing or cannot be read
"""


class EncoderError(Exception):
    """An encoder cannot be loaded or used."""


class UnknownEncoder(EncoderError):
    """The name is not in the registry, and is not an existing folder, a hub id or an address either."""


class MissingExtra(EncoderError):
    """An optional package that the encoder needs is not installed."""


class UnusableModel(EncoderError):
    """A model is not on this machine, cannot be read, or would run its own code."""


class ServerError(EncoderError):
    """An embedding server does not answer, rejects a request, or sends an unexpected answer."""


class InvalidCalibration(EncoderError):
    """The calibration file cannot be read or written."""


class DamagedWeights(EncoderError):
    """The weights of the embedded encoder are missing or cannot be read."""
