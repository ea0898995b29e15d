"""Fixtures that every room's tests share."""

from __future__ import annotations

import pytest

from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default encoder, loaded once; one thread, so that a busy machine does not slow it down."""
    return load_encoder(threads=1)
