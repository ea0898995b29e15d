"""The contract of every encoder: local or on a server, with or without composed vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hexapla_models.encoder import Encoder, Spans
from hexapla_models.registry import DEFAULT_ENCODER, load_encoder
from support_encoders import PlainEncoder
from support_models import COMPOSED, make_model
from support_sentences import LANGUAGES, PASSAGES, passages
from support_server import Server, serving

TRAINED = (DEFAULT_ENCODER, "plain", "embedded-torch", "server")
Load = Callable[[str, int], Encoder]
RANDOM = ("mean", "first", "static")
COMPOSING = (DEFAULT_ENCODER, "embedded-torch", *COMPOSED)
ODD = (
    "",
    " ",
    "\u3000",
    "a",
    "。",
    "!!!",
    "\x00",
    "🙂🙂",
    "A/79/L.92",
    "½ ² ①",
    "<s>",
    "\u202bنص\u202c",
    "x" * 500,
)


def params(kinds: tuple[str, ...]) -> list[Any]:
    """Kinds of encoders as parameters, with a marker for those that need torch."""
    needing = (*RANDOM, "embedded-torch")
    return [pytest.param(kind, marks=pytest.mark.torch if kind in needing else ()) for kind in kinds]


SIX = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def address(encoder: Encoder) -> Iterator[str]:
    """The address of a server of the default encoder."""
    with serving(Server(encoder)) as server:
        yield f"{server.address}#embedded"


@pytest.fixture(scope="module")
def source_of(tmp_path_factory: pytest.TempPathFactory, address: str) -> Callable[[str], str]:
    """The name of an encoder: the folder of a model made here, the address of a server, or the kind itself."""

    @cache
    def source_of(kind: str) -> str:
        if kind in RANDOM:
            return str(make_model(kind, tmp_path_factory.mktemp(kind)))
        return address if kind == "server" else kind

    return source_of


@pytest.fixture(scope="module")
def load(source_of: Callable[[str], str]) -> Load:
    """Load an encoder of a kind, once for all tests."""

    @cache
    def load(kind: str, threads: int) -> Encoder:
        return PlainEncoder(threads) if kind == "plain" else load_encoder(source_of(kind), threads=threads)

    return load


@pytest.fixture(scope="module", params=params((*TRAINED, *RANDOM)))
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of encoder in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def any_encoder(kind: str, load: Load) -> Encoder:
    """Each encoder in turn."""
    return load(kind, 1)


@pytest.fixture(scope="module")
def second(kind: str, load: Load) -> Encoder:
    """The same encoder loaded again, with two threads and an empty cache."""
    return load(kind, 2)


@pytest.fixture(scope="module", params=params(TRAINED))
def trained(request: pytest.FixtureRequest, load: Load) -> Encoder:
    """Each trained encoder in turn."""
    return load(request.param, 1)


def texts_of(language: str) -> list[str]:
    """Our passages and some paragraphs of the sample."""
    return [passage[language] for passage in (*PASSAGES, *passages()[len(PASSAGES) :: 4])]


def runs(spans: Spans, *bounds: tuple[int, int]) -> NDArray[np.float32]:
    starts, ends = np.array(bounds, dtype=np.intp).reshape(-1, 2).T
    return spans.vectors(starts, ends)


@SIX
def test_vectors_have_unit_length(any_encoder: Encoder, language: str) -> None:
    """Each text has a vector of 32-bit floats, of Euclidean length 1."""
    texts = texts_of(language)
    vectors = any_encoder.encode(texts)
    assert vectors.shape == (len(texts), any_encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_have_vectors(any_encoder: Encoder, text: str) -> None:
    """An empty text, a single mark or a text without known letters gets a finite vector of length 1."""
    vector = any_encoder.encode([text])
    assert np.isfinite(vector).all()
    np.testing.assert_allclose(np.linalg.norm(vector), 1, atol=1e-5)


def test_no_texts_give_no_vectors(any_encoder: Encoder) -> None:
    """An empty list of texts or runs gives an empty array with the right number of columns."""
    assert any_encoder.encode([]).shape == (0, any_encoder.dimension)
    assert len(any_encoder.read([])) == 0
    assert runs(any_encoder.read(["a"])).shape == (0, any_encoder.dimension)
    assert any_encoder.read([]).chunks(0, 0).vectors.shape == (0, any_encoder.dimension)


def test_a_vector_does_not_depend_on_its_batch(any_encoder: Encoder, second: Encoder) -> None:
    """A text has the same vector by itself or in a batch, in any order, repeated, with one thread or two."""
    texts = [f"{text} (99)" for language in LANGUAGES for text in texts_of(language)[:6]] + list(ODD)
    order = np.random.default_rng(7).permutation(len(texts))
    mixed = second.encode([texts[i] for i in order] * 2)
    single = np.vstack([any_encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(mixed, np.vstack([single[order]] * 2), atol=1e-5)


def test_vectors_are_the_same_every_time(any_encoder: Encoder, second: Encoder) -> None:
    """Encoding again, from the cache or with another encoder and more threads, gives the same vectors."""
    texts = [f"{text} (98)" for language in LANGUAGES for text in texts_of(language)[:8]]
    first = any_encoder.encode(texts)
    np.testing.assert_array_equal(any_encoder.encode(texts), first)
    np.testing.assert_allclose(second.encode(texts), first, atol=1e-5)


def test_a_very_long_text_has_a_vector(trained: Encoder) -> None:
    """A text of ten pages is encoded, and its end counts."""
    english, arabic = (" ".join(passage[language] for passage in passages()) for language in ("en", "ar"))
    pages = " ".join([english] * 3)
    vectors = trained.encode([pages, f"{pages} {arabic}"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] < 0.99


@SIX
def test_a_run_of_one_is_its_text(any_encoder: Encoder, language: str) -> None:
    """The vector of a run of one segment is that of its text."""
    texts = texts_of(language)
    spans = any_encoder.read(texts)
    assert len(spans) == len(texts)
    singles = runs(spans, *((i, i + 1) for i in range(len(texts))))
    np.testing.assert_allclose(singles, any_encoder.encode(texts), atol=1e-5)


@SIX
@pytest.mark.parametrize(("length", "mean", "least"), [(2, 0.95, 0.92), (3, 0.93, 0.9)])
def test_a_run_is_close_to_its_joined_text(
    trained: Encoder, language: str, length: int, mean: float, least: float
) -> None:
    """The vector of a run of sentences, even unrelated ones, is close to that of their joined text."""
    texts = [passage[language] for passage in PASSAGES]
    bounds = [(i, i + length) for i in range(len(texts) - length + 1)]
    composed = runs(trained.read(texts), *bounds)
    joiner = "" if language == "zh" else " "
    joined = trained.encode([joiner.join(texts[slice(*run)]) for run in bounds])
    cosines = (composed * joined).sum(axis=1)
    assert cosines.mean() > mean
    assert cosines.min() > least
    np.testing.assert_allclose(np.linalg.norm(composed, axis=1), 1, atol=1e-5)


def test_a_run_does_not_depend_on_its_neighbours(any_encoder: Encoder) -> None:
    """A run has the same vector wherever it is among other segments."""
    texts = texts_of("fr")
    first, second = texts[:3], texts[3:]
    before = runs(any_encoder.read([*first, *second]), (0, 3))
    after = runs(any_encoder.read([*second, *first]), (len(second), len(texts)))
    np.testing.assert_allclose(before, after, atol=1e-5)


@SIX
def test_openings_and_closings_are_the_first_and_last_words(trained: Encoder, language: str) -> None:
    """Texts with the same beginning have the most similar openings; likewise ends and closings."""
    first, second, third = (passage[language] for passage in PASSAGES[:3])
    gap = "" if language == "zh" else " "
    spans = trained.read([f"{first}{gap}{second}", f"{first}{gap}{third}", f"{third}{gap}{second}"])
    openings, closings = spans.openings(np.arange(3))[0], spans.closings(np.arange(3))[0]
    assert openings[0] @ openings[1] > openings[0] @ openings[2]
    assert closings[0] @ closings[2] > closings[0] @ closings[1]
    np.testing.assert_allclose(spans.openings(np.array([2, 0]))[0], openings[[2, 0]], atol=1e-5)


@SIX
def test_chunks_cover_their_segments(any_encoder: Encoder, language: str) -> None:
    """Every segment has at least one chunk, with a vector of length 1, and a long segment has several."""
    texts = [*texts_of(language)[:5], *ODD, " ".join(texts_of(language)[:4])]
    spans = any_encoder.read(texts)
    chunks = spans.chunks(0, len(texts))
    assert (np.diff(chunks.bounds) >= 1).all()
    assert np.diff(chunks.bounds)[-1] > 3
    assert len(chunks.vectors) == len(chunks.tokens) == chunks.bounds[-1]
    assert (chunks.tokens > 0).all()
    np.testing.assert_allclose(np.linalg.norm(chunks.vectors, axis=1), 1, atol=1e-5)
    later = spans.chunks(2, 4)
    first, last = chunks.bounds[2], chunks.bounds[4]
    np.testing.assert_allclose(later.vectors, chunks.vectors[first:last], atol=1e-5)


@SIX
def test_translations_are_nearest(trained: Encoder, language: str) -> None:
    """The nearest passage to an English one is its translation."""
    english = trained.encode([passage["en"] for passage in PASSAGES])
    other = trained.encode([passage[language] for passage in PASSAGES])
    assert list((english @ other.T).argmax(axis=1)) == list(range(len(PASSAGES)))


def test_name_and_hash_identify_the_encoder(
    any_encoder: Encoder, second: Encoder, kind: str, source_of: Callable[[str], str]
) -> None:
    """The name loads the encoder again; the hash is twelve hexadecimal digits, the same every time."""
    assert any_encoder.name == source_of(kind)
    assert len(any_encoder.hash) == 12
    assert int(any_encoder.hash, 16) >= 0
    assert second.hash == any_encoder.hash


def test_runs_compose_only_if_token_vectors_are_summed(any_encoder: Encoder, kind: str) -> None:
    """Runs compose only if token vectors are summed."""
    assert any_encoder.read(["One.", "Two."]).composed == (kind in COMPOSING)
