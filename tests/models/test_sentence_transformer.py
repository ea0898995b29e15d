"""Models of sentence-transformers behind the protocol: random ones in folders, and the embedded encoder in torch."""

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
from hexapla_models.loading import load_sentence_transformer
from hexapla_models.named import Kind, Named
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
    """A folder with each random model."""
    return {kind: make_model(kind, tmp_path_factory.mktemp(kind)) for kind in MODELS}


def loaded(folder: Path) -> SentenceTransformerEncoder:
    return load_sentence_transformer(Named.of(str(folder)), threads=1, device="cpu")


@pytest.mark.parametrize("kind", MODELS)
def test_vectors_are_those_of_sentence_transformers(folders: dict[str, Path], kind: str) -> None:
    """Texts that the model reads at once have the vectors that the package itself gives."""
    vectors = loaded(folders[kind]).encode(TEXTS)
    np.testing.assert_allclose(vectors, reference(folders[kind], TEXTS), atol=1e-5)


@pytest.mark.parametrize("kind", MODELS)
def test_no_part_of_a_long_text_is_lost(folders: dict[str, Path], kind: str) -> None:
    """Texts beyond the length that the model reads are cut, and what stands at their ends counts."""
    long = " ".join(passage["en"] for passage in passages())
    encoder = loaded(folders[kind])
    first, second, third = encoder.encode([long, f"{long} {'词' * 60}", f"{'词' * 60} {long}"])
    assert max(first @ second, first @ third) < 0.9999
    assert encoder.encode(["词" * 500]).shape == (1, encoder.dimension)


@pytest.mark.parametrize("kind", COMPOSED)
def test_runs_are_means_of_token_vectors(folders: dict[str, Path], kind: str) -> None:
    """The vector of a run is the mean of the vectors of its tokens, with those before the first and behind the last."""
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


def test_a_long_segment_is_in_its_runs_whole(folders: dict[str, Path]) -> None:
    """A segment that is read in pieces has the vector of its text, its first and last words, and all its clauses."""
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

    told: list[tuple[int, int]] = []
    encoder = loaded(folders["mean"])
    whole = encoder.encode(TEXTS)
    encoder.progress = lambda step, done, total: told.append((done, total))
    monkeypatch.setitem(sentence_transformer.BATCH_TOKENS, "cpu", 100)
    np.testing.assert_allclose(encoder.encode(TEXTS), whole, atol=1e-5)
    assert len(told) > 10
    assert told[-1] == (len(set(TEXTS)), len(set(TEXTS)))


@pytest.mark.parametrize("kind", ["mean", "first"])
def test_threads_may_share_an_encoder(folders: dict[str, Path], kind: str) -> None:
    """Texts of several threads have the vectors that they have one after the other."""
    encoder = loaded(folders[kind])
    parts = [[f"{text} {number}" for text in TEXTS[:12]] + ["词" * 150] for number in range(16)]
    alone = [encoder.encode(part) for part in parts]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(encoder.encode, parts))
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_prompt_is_written_before_every_text(folders: dict[str, Path]) -> None:
    """A model that was trained with a prompt gets it, and its tokens are not taken for the text's."""
    known = Named.of("multilingual-e5-small")
    named = Named(known.name, Kind.FOLDER, str(folders["mean"]), known=known.known)
    encoder = load_sentence_transformer(named, threads=1, device="cpu")
    prompted = reference(folders["mean"], [f"query: {text}" for text in TEXTS])
    np.testing.assert_allclose(encoder.encode(TEXTS), prompted, atol=1e-5)
    assert encoder.read(["Rain fell."]).chunks(0, 1).tokens.sum() == len("Rainfell.")


def test_the_hash_is_of_the_weights(folders: dict[str, Path], tmp_path: Path) -> None:
    """A copy of a folder has the same hash; other weights and another way of pooling have others."""
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
    module = load_sentence_transformer(Named.of("embedded-torch"), threads=1, device="cpu")
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
    with pytest.raises(UnusableModel, match="code of its own"):
        load_encoder(str(tmp_path))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """A folder that holds something else is named, with what it should hold."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UnusableModel, match="whole model of sentence-transformers") as caught:
        load_encoder(str(tmp_path))
    assert str(tmp_path) in str(caught.value)


def test_damaged_weights_are_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    """A file of weights that ends early is an error of one line."""
    damaged = shutil.copytree(folders["mean"], tmp_path / "damaged")
    weights = damaged / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(UnusableModel, match="cannot be loaded"):
        load_encoder(str(damaged))


def test_a_model_with_code_of_its_own_is_refused() -> None:
    """gte-multilingual is named in the registry, with the reason why it is not run and what to do."""
    with pytest.raises(UnusableModel, match=r"code of its own.*text-embeddings-inference"):
        load_encoder("gte-multilingual-base")


def test_offline_a_model_that_is_not_cached_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the user forbids the network, the error says how to fetch the model elsewhere."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UnusableModel) as caught:
        load_encoder("intfloat/multilingual-e5-small@v1")
    assert "hf download intfloat/multilingual-e5-small --revision v1" in str(caught.value)
    assert "--model FOLDER" in str(caught.value)


def test_without_a_network_the_error_comes_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An address that nobody serves is said to be out of reach, and no package tries again for minutes."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UnusableModel, match=r"127\.0\.0\.1:9 cannot be reached"):
        load_encoder("labse")


def test_a_cached_model_is_loaded_without_the_network(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the cache of the hub holds is found, at its revision, and told apart by its weights as a folder is."""
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
    """Where sentence-transformers is not installed, every model that needs it says the exact command."""
    code = (
        "import sys; sys.modules['sentence_transformers'] = None; "
        "from hexapla_models.registry import load_encoder; from hexapla_models.errors import MissingExtra\n"
        f"try: load_encoder({model!r})\n"
        "except MissingExtra as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(": pip install 'hexapla[sentence-transformers]'")
    assert issubclass(MissingExtra, EncoderError)
