"""What can go wrong with an encoder.

EncoderError              base; the message says which encoder, what is wrong and what to do
├── UnknownEncoder        no model of that name in the registry, and no folder, hub id or address either
├── MissingExtra          a package is missing that only some encoders need
├── UnusableModel         a model is not here, cannot be read, or would run code of its own
├── ServerError           an embedding server does not answer, refuses, or answers something else
├── InvalidCalibration    the file of calibrations cannot be read or written
└── DamagedWeights        weights are missing or not those that this version was measured with
"""


class EncoderError(Exception):
    """An encoder cannot be loaded or used."""


class UnknownEncoder(EncoderError):
    """No model of that name is in the registry, and it is no folder, hub id or address."""


class MissingExtra(EncoderError):
    """A package is missing that only some encoders need."""


class UnusableModel(EncoderError):
    """A model is not here, cannot be read, or would run code of its own."""


class ServerError(EncoderError):
    """An embedding server does not answer, refuses, or answers something else."""


class InvalidCalibration(EncoderError):
    """The file of calibrations cannot be read or written."""


class DamagedWeights(EncoderError):
    """The weights are missing or not those that this version was measured with."""
