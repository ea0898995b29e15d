"""Scaling of vectors to Euclidean length 1."""

from __future__ import annotations

import numpy as np

from hexapla_models.encoder import Vectors

_SMALLEST_LENGTH = 1e-12


def normalise(vectors: Vectors) -> Vectors:
    """Scale vectors to Euclidean length 1.

    Args:
        vectors: *Shape:* ``(n, dimension)``. A zero vector, such as that of a text without known tokens, is replaced
            by the unit vector with equal components.

    Returns:
        *Shape:* ``(n, dimension)``, 32-bit floats.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    nonzero = np.where(lengths > _SMALLEST_LENGTH, vectors, 1)
    return np.asarray(nonzero / np.linalg.norm(nonzero, axis=1, keepdims=True), dtype=np.float32)
