"""Tests of model specifications."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla_models.model_spec import Kind, ModelSpec


@pytest.mark.parametrize(
    ("typed", "name", "kind", "source", "revision"),
    [
        ("embedded", "embedded", Kind.PACKAGE, "embedded", None),
        ("labse", "labse", Kind.HUB, "sentence-transformers/LaBSE", None),
        ("sentence-transformers/LaBSE", "labse", Kind.HUB, "sentence-transformers/LaBSE", None),
        ("BAAI/bge-m3@5617a9f", "BAAI/bge-m3@5617a9f", Kind.HUB, "BAAI/bge-m3", "5617a9f"),
        ("ours/model.v2", "ours/model.v2", Kind.HUB, "ours/model.v2", None),
        ("http://host:80/v1#m", "http://host:80/v1#m", Kind.SERVER, "http://host:80/v1#m", None),
    ],
)
def test_a_name_says_where_a_model_is(
    typed: str, name: str, kind: Kind, source: str, revision: str | None
) -> None:
    """A registered model gets its short name however it was typed, unless a revision was given."""
    spec = ModelSpec.of(typed)
    assert (spec.name, spec.kind, spec.source, spec.revision) == (name, kind, source, revision)
    assert (spec.known is not None) == (source in ("embedded", "sentence-transformers/LaBSE", "BAAI/bge-m3"))


def test_a_folder_is_recorded_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder takes precedence over a hub model with the same name, and is found again from elsewhere."""
    (tmp_path / "ours" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    spec = ModelSpec.of("ours/model")
    assert (spec.name, spec.kind) == (str((tmp_path / "ours" / "model").resolve()), Kind.FOLDER)
