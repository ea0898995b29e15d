"""Tests of the inventory of models on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla_models.hub import snapshot
from hexapla_models.inventory import Place, list_models


def test_cached_models_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A snapshot with weights is found by branch and by commit, in the folder that the variables name."""
    monkeypatch.delenv("SENTENCE_TRANSFORMERS_HOME", raising=False)
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    model = tmp_path / "hub" / "models--BAAI--bge-m3"
    folder = model / "snapshots" / "abc"
    folder.mkdir(parents=True)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("abc")
    assert snapshot("BAAI/bge-m3") is None
    (folder / "model.safetensors").write_bytes(b"weights")
    assert snapshot("BAAI/bge-m3") == snapshot("BAAI/bge-m3", "abc") == folder
    assert snapshot("BAAI/bge-m3", "other") is None
    places = {each.model.name: each.place for each in list_models()}
    assert (places["bge-m3"], places["labse"], places["embedded"]) == (
        Place.CACHED,
        Place.HUB,
        Place.BUILT_IN,
    )
