"""Vectors of Euclidean length 1."""

from __future__ import annotations

import numpy as np

from hexapla_models.encoder import Vectors

_LEAST = 1e-12


def normalise(vectors: Vectors) -> Vectors:
    """Vectors scaled to Euclidean length 1.

    Args:
        vectors: *Shape:* ``(n, dimension)``; one without a direction, as a text of no known token may have, gets that
            in which all values are equal.

    Returns:
        *Shape:* ``(n, dimension)``, 32-bit floats.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directed = np.where(lengths > _LEAST, vectors, 1)
    return np.asarray(directed / np.linalg.norm(directed, axis=1, keepdims=True), dtype=np.float32)
