"""Encoders behind an address, with a server of the test's own."""

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
def serves(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with the vectors of the embedded encoder; nobody waits long."""
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
def test_an_address_says_where_requests_go(name: str, address: str, model: str) -> None:
    """The interface is at /v1 unless the address says otherwise, and the fragment names the model."""
    assert endpoint_of(name) == (address, model)


@pytest.mark.parametrize("name", ["http://", "http://:80/v1", "https://user:secret@host/v1"])
def test_an_address_without_host_or_with_a_password_is_refused(name: str) -> None:
    """What no request can go to, or what a memory must not remember, is refused without repeating the password."""
    with pytest.raises(ServerError) as caught:
        endpoint_of(name)
    assert "secret" not in str(caught.value)


def test_vectors_are_those_of_the_server(
    serves: Server, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts are sent with the name of the model, each once, and the key goes into the header alone."""
    monkeypatch.setenv("HEXAPLA_API_KEY", "a key")
    remote = load_encoder(f"{serves.address}#some/model")
    np.testing.assert_allclose(
        remote.encode([*TEXTS, TEXTS[0]]), encoder.encode([*TEXTS, TEXTS[0]]), atol=1e-5
    )
    assert {body["model"] for body in serves.asked} == {"some/model"}
    assert sorted(serves.asked[-1]["input"]) == sorted(TEXTS)
    assert set(serves.keys) == {"Bearer a key"}
    assert "key" not in remote.name


def test_many_texts_are_sent_in_batches(serves: Server, encoder: Encoder) -> None:
    """No request has more texts than servers take, and progress counts all of them."""
    reports: list[tuple[int, int]] = []
    remote = ServerEncoder(serves.address, progress=lambda step, done, total: reports.append((done, total)))
    texts = [f"Gauge {number} fell." for number in range(100)]
    np.testing.assert_allclose(remote.encode(texts), encoder.encode(texts), atol=1e-5)
    assert max(len(body["input"]) for body in serves.asked) == server.BATCH
    assert reports[-1] == (100, 100)


def test_what_is_too_much_is_sent_in_parts(serves: Server, encoder: Encoder) -> None:
    """A server that takes few texts gets few, one that takes short ones gets halves, and blank texts get a vector."""
    serves.most, serves.longest = 5, 300
    remote = ServerEncoder(serves.address)
    long = " ".join(TEXTS)
    vectors = remote.encode([*TEXTS, long, ""])
    np.testing.assert_allclose(vectors[: len(TEXTS)], encoder.encode(TEXTS), atol=1e-5)
    assert vectors[-2] @ encoder.encode([long])[0] > 0.7
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_short_text_that_is_refused_is_an_error(serves: Server) -> None:
    """The server's own words are repeated."""
    serves.longest = 3
    with pytest.raises(ServerError, match=r"413.*too much.*short text"):
        ServerEncoder(serves.address)


@pytest.mark.parametrize(
    "answer",
    [BUSY, (429, {"Retry-After": "0"}, {}), (500, {"Retry-After": "soon"}, "oops"), (502, {}, "<html>")],
    ids=lambda answer: str(answer[0]),
)
def test_a_busy_server_is_asked_again(serves: Server, answer: Answer) -> None:
    """Some failures pass: after a while the same request is sent again."""
    serves.answers = [answer, answer]
    assert ServerEncoder(serves.address).dimension == 512
    assert len(serves.asked) == 3


def test_a_server_that_stays_busy_is_an_error(serves: Server) -> None:
    """It is not asked for ever."""
    serves.answers = [BUSY] * 50
    with pytest.raises(ServerError, match=r"503.*loading.*6 times"):
        ServerEncoder(serves.address)
    assert len(serves.asked) == http_client.ATTEMPTS


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((401, {}, {"error": "who?"}), "HEXAPLA_API_KEY"),
        ((403, {}, ""), "HEXAPLA_API_KEY"),
        ((404, {}, {"error": "model not found"}), "name of the model behind #"),
        ((307, {"Location": "http://elsewhere/v1"}, ""), "http://elsewhere/v1"),
        ((200, {}, "<html>hello</html>"), "no JSON"),
        ((200, {}, {"vectors": []}), "no list of vectors"),
        ((200, {}, {"data": [{"index": 0, "embedding": "AAAA"}]}), "no list of vectors"),
        ((200, {}, [1]), "no list of vectors"),
        ((200, {}, {"data": [{"index": 0, "embedding": [1.0]}]}), "1 vectors to 4 texts"),
        (
            (200, {}, json.dumps({"data": [{"index": k, "embedding": [float("nan")]} for k in range(4)]})),
            "no numbers",
        ),
    ],
)
def test_other_answers_are_errors(serves: Server, answer: Answer, expected: str) -> None:
    """What is no list of vectors, one of a length of its own, is explained, and asked for once."""
    serves.answers = [answer]
    with pytest.raises(ServerError) as caught:
        ServerEncoder(serves.address)
    assert expected in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert len(serves.asked) == 1


def test_vectors_of_another_length_are_an_error(serves: Server) -> None:
    """A server that changes its model while it is used is found out."""
    remote = ServerEncoder(serves.address)
    serves.change = shortened
    with pytest.raises(ServerError, match="512 values and now have 9"):
        remote.encode(TEXTS)


def shortened(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": [row | {"embedding": row["embedding"][:9]} for row in rows]}


def test_no_server_is_an_error_at_once(encoder: Encoder) -> None:
    """Where nobody listens, the error says what to start."""
    with serving(Server(encoder)) as gone:
        pass
    with pytest.raises(ServerError, match="start the server"):
        load_encoder(gone.address)


def test_the_hash_tells_models_apart(serves: Server) -> None:
    """The same model has the same hash though its values differ a little; another one, or another name, has not."""
    first = ServerEncoder(f"{serves.address}#a").hash
    assert ServerEncoder(f"{serves.address}#b").hash != first
    noise = np.random.default_rng(3).normal(scale=1e-5, size=512)
    serves.change = lambda rows: {
        "data": [row | {"embedding": (row["embedding"] + noise).tolist()} for row in rows]
    }
    assert ServerEncoder(f"{serves.address}#a").hash == first
    serves.change = lambda rows: {"data": [row | {"embedding": row["embedding"][::-1]} for row in rows]}
    assert ServerEncoder(f"{serves.address}#a").hash != first
