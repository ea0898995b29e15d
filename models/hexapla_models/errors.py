"""What can go wrong with an encoder.

EncoderError              base; the message says which encoder, what is wrong and what to do
├── UnknownEncoder        no model of that name in the registry
└── DamagedWeights        weights are missing or not those that this version was measured with
"""


class EncoderError(Exception):
    """An encoder cannot be loaded or used."""


class UnknownEncoder(EncoderError):
    """No model of that name is in the registry."""


class DamagedWeights(EncoderError):
    """The weights are missing or not those that this version was measured with."""
