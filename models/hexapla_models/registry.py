"""The only door to an encoder: by a name of the registry, an id on a hub, a folder or the address of a server."""

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
        name: of the registry, such as labse; an id on the Hugging Face hub, with a revision behind @ or without; a
            folder; or the address of a server, such as http://localhost:8080/v1#MODEL.
        threads: threads to encode in; of the embedded encoder the machine's cores if None, of a server how many
            requests are on their way at once.
        progress: told how many texts were encoded, by encoders that take their time.

    Returns:
        The encoder.

    Raises:
        UnknownEncoder: nothing has that name.
        MissingExtra: the encoder needs packages that are not installed.
        UnusableModel: the model is not here and cannot be fetched, or cannot be read.
        ServerError: the server does not answer.
        DamagedWeights: the weights of the embedded encoder are missing.
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
    """An encoder that is loaded once in a process; see `load_encoder`.

    Args:
        name: see `load_encoder`.
        progress: told from now on how many texts were encoded.

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
