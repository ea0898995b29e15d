"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

# threads of torch that wait for each other must not take the cores of a busy machine
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(scope="session", autouse=True)
def _no_calibrations_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the account that runs the tests has fitted does not count."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEXAPLA_CONFIG", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default encoder, loaded once; one thread, so that a busy machine does not slow it down."""
    return load_encoder(threads=1)
