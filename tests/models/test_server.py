"""Tests of encoders on a server, with a local test server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from hexapla_models import http_client, server
from hexapla_models.encoder import Encoder
from hexapla_models.errors import ServerError
from hexapla_models.registry import load_encoder
from hexapla_models.server import ServerEncoder, endpoint_of
from support_sentences import PASSAGES
from support_server import Answer, Server, serving

TEXTS = [passage["en"] for passage in PASSAGES]
BUSY: Answer = (503, {}, {"error": "loading"})


@pytest.fixture
def local_server(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with the vectors of the embedded encoder; retries do not wait."""
    monkeypatch.setattr(http_client, "FIRST_WAIT", 0.001)
    with serving(Server(encoder)) as running:
        yield running


@pytest.mark.parametrize(
    ("name", "address", "model"),
    [
        ("http://localhost:8080", "http://localhost:8080/v1/embeddings", ""),
        ("http://localhost:11434/v1#bge-m3", "http://localhost:11434/v1/embeddings", "bge-m3"),
        ("https://host/openai/v1/#org/name", "https://host/openai/v1/embeddings", "org/name"),
        ("https://host/v1/embeddings?version=2#m", "https://host/v1/embeddings?version=2", "m"),
    ],
)
def test_an_address_gives_the_endpoint(name: str, address: str, model: str) -> None:
    """The API is at /v1 unless the address says otherwise, and the fragment names the model."""
    assert endpoint_of(name) == (address, model)


@pytest.mark.parametrize("name", ["http://", "http://:80/v1", "https://user:secret@host/v1"])
def test_an_address_without_host_or_with_a_password_is_refused(name: str) -> None:
    """An address without a host, or with a password, is refused, and the message does not repeat the password."""
    with pytest.raises(ServerError) as caught:
        endpoint_of(name)
    assert "secret" not in str(caught.value)


def test_vectors_are_those_of_the_server(
    local_server: Server, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text is sent once, with the name of the model, and the key is only in the header."""
    monkeypatch.setenv("HEXAPLA_API_KEY", "a key")
    remote = load_encoder(f"{local_server.address}#some/model")
    np.testing.assert_allclose(
        remote.encode([*TEXTS, TEXTS[0]]), encoder.encode([*TEXTS, TEXTS[0]]), atol=1e-5
    )
    assert {body["model"] for body in local_server.asked} == {"some/model"}
    assert sorted(local_server.asked[-1]["input"]) == sorted(TEXTS)
    assert set(local_server.keys) == {"Bearer a key"}
    assert "key" not in remote.name


def test_many_texts_are_sent_in_batches(local_server: Server, encoder: Encoder) -> None:
    """No request has more texts than servers accept, and progress counts all texts."""
    reports: list[tuple[int, int]] = []
    remote = ServerEncoder(
        local_server.address, progress=lambda step, done, total: reports.append((done, total))
    )
    texts = [f"Gauge {number} fell." for number in range(100)]
    np.testing.assert_allclose(remote.encode(texts), encoder.encode(texts), atol=1e-5)
    assert max(len(body["input"]) for body in local_server.asked) == server.BATCH
    assert reports[-1] == (100, 100)


def test_rejected_requests_are_split(local_server: Server, encoder: Encoder) -> None:
    """Rejected batches and texts are halved, and blank texts get a vector."""
    local_server.most, local_server.longest = 5, 300
    remote = ServerEncoder(local_server.address)
    long = " ".join(TEXTS)
    vectors = remote.encode([*TEXTS, long, ""])
    np.testing.assert_allclose(vectors[: len(TEXTS)], encoder.encode(TEXTS), atol=1e-5)
    assert vectors[-2] @ encoder.encode([long])[0] > 0.7
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_rejected_short_text_is_an_error(local_server: Server) -> None:
    """The message quotes the server."""
    local_server.longest = 3
    with pytest.raises(ServerError, match=r"413.*too much.*short text"):
        ServerEncoder(local_server.address)


@pytest.mark.parametrize(
    "answer",
    [BUSY, (429, {"Retry-After": "0"}, {}), (500, {"Retry-After": "soon"}, "oops"), (502, {}, "<html>")],
    ids=lambda answer: str(answer[0]),
)
def test_a_busy_server_is_asked_again(local_server: Server, answer: Answer) -> None:
    """After a temporary failure the same request is sent again."""
    local_server.answers = [answer, answer]
    assert ServerEncoder(local_server.address).dimension == 512
    assert len(local_server.asked) == 3


def test_a_server_that_stays_busy_is_an_error(local_server: Server) -> None:
    """The number of attempts is limited."""
    local_server.answers = [BUSY] * 50
    with pytest.raises(ServerError, match=r"503.*loading.*attempts: 6"):
        ServerEncoder(local_server.address)
    assert len(local_server.asked) == http_client.ATTEMPTS


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((401, {}, {"error": "who?"}), "HEXAPLA_API_KEY"),
        ((403, {}, ""), "HEXAPLA_API_KEY"),
        ((404, {}, {"error": "model not found"}), "model name after #"),
        ((307, {"Location": "http://elsewhere/v1"}, ""), "http://elsewhere/v1"),
        ((200, {}, "<html>hello</html>"), "did not answer with JSON"),
        ((200, {}, {"vectors": []}), "no list of vectors"),
        ((200, {}, {"data": [{"index": 0, "embedding": "AAAA"}]}), "no list of vectors"),
        ((200, {}, [1]), "no list of vectors"),
        ((200, {}, {"data": [{"index": 0, "embedding": [1.0]}]}), "1 vectors for 4 texts"),
        (
            (200, {}, json.dumps({"data": [{"index": k, "embedding": [float("nan")]} for k in range(4)]})),
            "not finite numbers",
        ),
    ],
)
def test_other_answers_are_errors(local_server: Server, answer: Answer, expected: str) -> None:
    """Other answers are explained and not requested again."""
    local_server.answers = [answer]
    with pytest.raises(ServerError) as caught:
        ServerEncoder(local_server.address)
    assert expected in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert len(local_server.asked) == 1


def test_vectors_of_another_length_are_an_error(local_server: Server) -> None:
    """A server that switches to another model during use is detected."""
    remote = ServerEncoder(local_server.address)
    local_server.change = shortened
    with pytest.raises(ServerError, match="512 values and now have 9"):
        remote.encode(TEXTS)


def shortened(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": [row | {"embedding": row["embedding"][:9]} for row in rows]}


def test_a_missing_server_is_an_error_at_once(encoder: Encoder) -> None:
    """If no server listens, the error says to start it."""
    with serving(Server(encoder)) as stopped:
        pass
    with pytest.raises(ServerError, match="start the server"):
        load_encoder(stopped.address)


def test_the_hash_distinguishes_models(local_server: Server) -> None:
    """The hash ignores small differences in values, but depends on the model and on its name."""
    first = ServerEncoder(f"{local_server.address}#a").hash
    assert ServerEncoder(f"{local_server.address}#b").hash != first
    noise = np.random.default_rng(3).normal(scale=1e-5, size=512)
    local_server.change = lambda rows: {
        "data": [row | {"embedding": (row["embedding"] + noise).tolist()} for row in rows]
    }
    assert ServerEncoder(f"{local_server.address}#a").hash == first
    local_server.change = lambda rows: {"data": [row | {"embedding": row["embedding"][::-1]} for row in rows]}
    assert ServerEncoder(f"{local_server.address}#a").hash != first
