"""Tests of sentence-transformers encoders: random models in folders, and the embedded encoder in torch."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hexapla_models.encoder import Encoder, Vectors
from hexapla_models.errors import EncoderError, MissingExtra, UnusableModel
from hexapla_models.model_loader import load_sentence_transformer
from hexapla_models.model_spec import Kind, ModelSpec
from hexapla_models.registry import load_encoder
from support_models import COMPOSED, MODELS, make_model, reference
from support_sentences import LANGUAGES, PASSAGES, passages

if TYPE_CHECKING:  # torch takes seconds to import
    from hexapla_models.sentence_transformer import SentenceTransformerEncoder

pytestmark = pytest.mark.torch
TEXTS = [passage[language][:50] for passage in PASSAGES for language in LANGUAGES]
COMMIT = "0123456789" * 4
ODD = ["", " ", "a", "。", "\x00", "🙂🙂", "x" * 500, "<s>", "\u202bنص\u202c", "词" * 900, "word " * 900]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each random model."""
    return {kind: make_model(kind, tmp_path_factory.mktemp(kind)) for kind in MODELS}


def loaded(folder: Path) -> SentenceTransformerEncoder:
    return load_sentence_transformer(ModelSpec.of(str(folder)), threads=1, device="cpu")


@pytest.mark.parametrize("kind", MODELS)
def test_vectors_are_those_of_sentence_transformers(folders: dict[str, Path], kind: str) -> None:
    """Texts that the model can read at once have the vectors of the package itself."""
    vectors = loaded(folders[kind]).encode(TEXTS)
    np.testing.assert_allclose(vectors, reference(folders[kind], TEXTS), atol=1e-5)


@pytest.mark.parametrize("kind", MODELS)
def test_no_part_of_a_long_text_is_lost(folders: dict[str, Path], kind: str) -> None:
    """Texts too long for the model are cut, and their beginnings and ends count."""
    long = " ".join(passage["en"] for passage in passages())
    encoder = loaded(folders[kind])
    first, second, third = encoder.encode([long, f"{long} {'词' * 60}", f"{'词' * 60} {long}"])
    assert max(first @ second, first @ third) < 0.9999
    assert encoder.encode(["词" * 500]).shape == (1, encoder.dimension)


@pytest.mark.parametrize("kind", COMPOSED)
def test_runs_are_means_of_token_vectors(folders: dict[str, Path], kind: str) -> None:
    """The vector of a run is the mean of its token vectors, including special tokens before and after the run."""
    encoder = loaded(folders[kind])
    texts = [passage["fr"][:40] for passage in PASSAGES[:4]]
    tokens = [token_vectors(folders[kind], text) for text in texts]
    edge = 1 if kind == "mean" else 0
    inner = [rows[edge : len(rows) - edge] for rows in tokens]
    expected = np.concatenate([tokens[1][:edge], *inner[1:4], tokens[3][len(tokens[3]) - edge :]]).mean(
        axis=0
    )
    run = encoder.read(texts).vectors(np.array([1]), np.array([4]))[0]
    np.testing.assert_allclose(run, expected / np.linalg.norm(expected), atol=1e-5)


def token_vectors(folder: Path, text: str) -> Vectors:
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    if not hasattr(model[0], "embedding"):
        rows: Vectors = model.encode([text], output_value="token_embeddings")[0].numpy()
        return rows
    ids = model.tokenizer.encode(text, add_special_tokens=False).ids
    weights: Vectors = model[0].embedding.weight.detach().numpy()[ids]
    return weights


def test_a_long_segment_is_whole_in_its_runs(folders: dict[str, Path]) -> None:
    """A segment read in pieces has the vector, opening, closing and clauses of its whole text."""
    encoder = loaded(folders["mean"])
    long = " ".join(passage["en"] for passage in PASSAGES)
    spans = encoder.read([long, "Rain fell."])
    both = np.arange(2)
    np.testing.assert_allclose(spans.vectors(both, both + 1), encoder.encode([long, "Rain fell."]), atol=1e-5)
    head, tail = encoder.read([PASSAGES[0]["en"]]), encoder.read([PASSAGES[-1]["en"]])
    assert (spans.openings(both)[0, 0] @ head.openings(both[:1])[0, 0]) > 0.9
    assert (spans.closings(both)[0, 0] @ tail.closings(both[:1])[0, 0]) > 0.9
    chunks = spans.chunks(0, 1)
    assert chunks.tokens.sum() == pytest.approx(len(long.replace(" ", "")), abs=2)


def test_small_batches_give_the_same(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a batch holds, a text has one vector, and progress counts all texts."""
    from hexapla_models import sentence_transformer

    reports: list[tuple[int, int]] = []
    encoder = loaded(folders["mean"])
    whole = encoder.encode(TEXTS)
    encoder.progress = lambda step, done, total: reports.append((done, total))
    monkeypatch.setitem(sentence_transformer.BATCH_TOKENS, "cpu", 100)
    np.testing.assert_allclose(encoder.encode(TEXTS), whole, atol=1e-5)
    assert len(reports) > 10
    assert reports[-1] == (len(set(TEXTS)), len(set(TEXTS)))


@pytest.mark.parametrize("kind", ["mean", "first"])
def test_threads_may_share_an_encoder(folders: dict[str, Path], kind: str) -> None:
    """Texts encoded in several threads have the same vectors as in one."""
    encoder = loaded(folders[kind])
    parts = [[f"{text} {number}" for text in TEXTS[:12]] + ["词" * 150] for number in range(16)]
    alone = [encoder.encode(part) for part in parts]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(encoder.encode, parts))
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_prompt_is_put_before_every_text(folders: dict[str, Path]) -> None:
    """A model trained with a prompt gets it, and the prompt's tokens do not count as the text's."""
    known = ModelSpec.of("multilingual-e5-small")
    spec = ModelSpec(known.name, Kind.FOLDER, str(folders["mean"]), known=known.known)
    encoder = load_sentence_transformer(spec, threads=1, device="cpu")
    prompted = reference(folders["mean"], [f"query: {text}" for text in TEXTS])
    np.testing.assert_allclose(encoder.encode(TEXTS), prompted, atol=1e-5)
    assert encoder.read(["Rain fell."]).chunks(0, 1).tokens.sum() == len("Rainfell.")


def test_the_hash_is_of_the_weights(folders: dict[str, Path], tmp_path: Path) -> None:
    """A copy of a folder has the same hash; other weights or another pooling give another hash."""
    copied = shutil.copytree(folders["mean"], tmp_path / "copied")
    other = make_model("mean", tmp_path, seed=6)
    pooled = shutil.copytree(folders["mean"], tmp_path / "pooled")
    config = next(pooled.glob("*Pooling/config.json"))
    config.write_text(config.read_text().replace('"mean"', '"max"'))
    hashes = [loaded(folder).hash for folder in (folders["mean"], copied, other, pooled)]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_the_torch_module_has_the_vectors_of_the_embedded_encoder(encoder: Encoder) -> None:
    """In six languages, for long, empty and odd texts: within a thousandth, as encoder and in the package itself."""
    from hexapla_models.torch_module import embedded_model

    texts = [passage[language] for passage in passages()[::4] for language in LANGUAGES] + ODD
    expected = encoder.encode(texts)
    module = load_sentence_transformer(ModelSpec.of("embedded-torch"), threads=1, device="cpu")
    np.testing.assert_allclose(module.encode(texts), expected, atol=1e-3)
    np.testing.assert_allclose(embedded_model("cpu").encode(texts), expected, atol=1e-3)
    assert (module.hash, module.dimension, module.languages) == (encoder.hash, 512, encoder.languages)


def test_the_torch_module_composes_as_the_embedded_encoder_does(encoder: Encoder) -> None:
    """Runs, edges and clauses of segments have the same vectors too."""
    texts = [passage["ru"] for passage in passages()[:20]] + ODD
    module = load_encoder("embedded-torch", threads=1)
    ours, theirs = encoder.read(texts), module.read(texts)
    every = np.arange(len(texts) - 3)
    np.testing.assert_allclose(theirs.vectors(every, every + 3), ours.vectors(every, every + 3), atol=1e-3)
    np.testing.assert_allclose(theirs.openings(every), ours.openings(every), atol=1e-3)
    np.testing.assert_allclose(theirs.closings(every), ours.closings(every), atol=1e-3)
    for found, expected in zip(chunks_of(theirs), chunks_of(ours), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-3)


def chunks_of(spans: object) -> Sequence[Vectors]:
    chunks = spans.chunks(0, 20)  # type: ignore[attr-defined]
    return chunks.vectors, chunks.tokens, chunks.bounds


def test_the_torch_module_is_saved_and_loaded(tmp_path: Path, encoder: Encoder) -> None:
    """sentence-transformers saves it, and loads it where code outside the package is trusted; Hexapla does not."""
    from sentence_transformers import SentenceTransformer

    from hexapla_models.torch_module import embedded_model

    embedded_model("cpu").save(str(tmp_path), create_model_card=False)
    again = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True, local_files_only=True)
    np.testing.assert_allclose(again.encode(TEXTS), encoder.encode(TEXTS), atol=1e-3)
    with pytest.raises(UnusableModel, match="its own code"):
        load_encoder(str(tmp_path))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The error names the folder and says what it should contain."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UnusableModel, match="complete sentence-transformers model") as caught:
        load_encoder(str(tmp_path))
    assert str(tmp_path) in str(caught.value)


def test_damaged_weights_are_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    """A truncated file of weights is an error."""
    damaged = shutil.copytree(folders["mean"], tmp_path / "damaged")
    weights = damaged / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(UnusableModel, match="cannot be loaded"):
        load_encoder(str(damaged))


def test_a_model_with_its_own_code_is_refused() -> None:
    """gte-multilingual is registered, but the error says why it is not run and what to do."""
    with pytest.raises(UnusableModel, match=r"its own code.*text-embeddings-inference"):
        load_encoder("gte-multilingual-base")


def test_offline_a_model_that_is_not_cached_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """If the user forbids the network, the error says how to download the model elsewhere."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UnusableModel) as caught:
        load_encoder("intfloat/multilingual-e5-small@v1")
    assert "hf download intfloat/multilingual-e5-small --revision v1" in str(caught.value)
    assert "--model FOLDER" in str(caught.value)


def test_without_a_network_the_error_comes_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An unreachable hub is an error at once, rather than after minutes of retries."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UnusableModel, match=r"127\.0\.0\.1:9 cannot be reached"):
        load_encoder("labse")


def test_a_cached_model_is_loaded_without_the_network(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A model in the hub's cache is found by its revision, and has the same hash as in a folder."""
    model = tmp_path / "models--ours--tiny"
    shutil.copytree(folders["mean"], model / "snapshots" / COMMIT)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(COMMIT)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(socket.socket, "connect", refuse)
    encoder, expected = load_encoder("ours/tiny", threads=1), loaded(folders["mean"])
    assert (encoder.name, encoder.hash) == ("ours/tiny", expected.hash)
    np.testing.assert_allclose(encoder.encode(["Rain."]), expected.encode(["Rain."]), atol=1e-5)


def refuse(*_: object) -> None:
    raise AssertionError("the network was used")


@pytest.mark.parametrize("model", ["embedded-torch", "labse", "some/model"])
def test_without_the_extra_the_command_to_install_it_is_given(model: str) -> None:
    """Without sentence-transformers, every model that needs it gives the exact command to install it."""
    code = (
        "import sys; sys.modules['sentence_transformers'] = None; "
        "from hexapla_models.registry import load_encoder; from hexapla_models.errors import MissingExtra\n"
        f"try: load_encoder({model!r})\n"
        "except MissingExtra as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(": pip install 'hexapla[sentence-transformers]'")
    assert issubclass(MissingExtra, EncoderError)
