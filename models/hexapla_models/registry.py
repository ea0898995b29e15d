"""The single entry point for loading encoders: by registered name, hub id, folder or server address."""

from __future__ import annotations

from functools import cache

from hexapla_models.calibrations import calibration_numbers
from hexapla_models.encoder import Encoder, Progress, ReportsProgress, quiet
from hexapla_models.model_spec import Kind, ModelSpec

__all__ = ["DEFAULT_ENCODER", "calibration_numbers", "load_encoder", "shared_encoder"]

DEFAULT_ENCODER = "embedded"


def load_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    threads: int | None = None,
    progress: Progress = quiet,
) -> Encoder:
    """Load an encoder.

    Args:
        name: a registered name, such as labse; an id on the Hugging Face hub, optionally followed by @ and a
            revision; a folder; or the address of a server, such as http://localhost:8080/v1#MODEL.
        threads: number of encoding threads, or of concurrent requests to a server; if None, the embedded encoder uses
            all cores, and the others their own defaults.
        progress: progress callback, counting texts; only slow encoders call it.

    Returns:
        The encoder.

    Raises:
        UnknownEncoder: not a registered name, an existing folder, a hub id or an address.
        MissingExtra: the encoder needs packages that are not installed.
        UnusableModel: the model cannot be found or downloaded, cannot be read, or would run its own code.
        ServerError: the address is invalid, or the server does not answer as expected.
        DamagedWeights: the weights of the embedded encoder are missing or cannot be read.
    """
    spec = ModelSpec.of(name)
    if spec.name == DEFAULT_ENCODER:
        from hexapla_models.embedded import EmbeddedEncoder

        return EmbeddedEncoder(threads)
    if spec.kind is Kind.SERVER:
        from hexapla_models.server import ServerEncoder

        return ServerEncoder(name, requests=threads, progress=progress)
    from hexapla_models.model_loader import load_sentence_transformer

    return load_sentence_transformer(spec, threads=threads, progress=progress)


def shared_encoder(name: str = DEFAULT_ENCODER, *, progress: Progress = quiet) -> Encoder:
    """Return an encoder that is loaded only once per process.

    Args:
        name: see `load_encoder`.
        progress: progress callback, which replaces that of earlier calls.

    Returns:
        The encoder.
    """
    encoder = _shared(name)
    if isinstance(encoder, ReportsProgress):
        encoder.progress = progress
    return encoder


@cache
def _shared(name: str) -> Encoder:
    return load_encoder(name)
