"""The registry of models, and the only door to an encoder."""

from __future__ import annotations

from hexapla_models.encoder import Encoder
from hexapla_models.errors import UnknownEncoder

DEFAULT_ENCODER = "embedded"


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
