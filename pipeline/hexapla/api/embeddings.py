"""Embeddings of texts, by the encoder that alignment and memories use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hexapla.api.errors import hexapla_errors
from hexapla.errors import InputError
from hexapla.text import matching_text


def embed(
    texts: Sequence[str], *, language: str | None = None, model: str | None = None
) -> NDArray[np.float32]:
    """Embed texts in any language, so that texts of the same meaning are near.

    Args:
        texts: the texts.
        language: tag of their language, by which the text is normalised as for alignment: Traditional Chinese
            characters become Simplified ones. If None, texts are taken as they are.
        model: name of the encoder, see `hexapla models`; the embedded one if None.

    Returns:
        Vectors of Euclidean length 1, *Shape:* ``(texts, dimension)``; the dot product of two is their cosine.

    Raises:
        InputError: a single text was given.
        EncoderError: the encoder cannot be loaded or used.

    Example:
        vectors = hexapla.embed(["The meeting was adjourned.", "La séance a été levée."])
        cosine = vectors[0] @ vectors[1]
    """
    if isinstance(texts, str):
        raise InputError("one text was given: give a list of texts, as in hexapla.embed([text])")
    from hexapla_models.registry import DEFAULT_ENCODER, shared_encoder

    with hexapla_errors():
        encoder = shared_encoder(model or DEFAULT_ENCODER)
        matching = [matching_text(text, language) if language else text for text in texts]
        return np.asarray(encoder.encode(matching), dtype=np.float32).reshape(len(texts), encoder.dimension)
