"""Encoders on a server with an OpenAI-compatible embeddings API.

Text-embeddings-inference, Ollama, vLLM and many other servers have one. The address is the base URL of the API, with
the name of the model as its fragment: http://localhost:11434/v1#bge-m3.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import numpy as np

from hexapla_models.encoder import Progress, Vectors, quiet
from hexapla_models.errors import ServerError
from hexapla_models.http_client import RequestRejected, post_json
from hexapla_models.joined import JoinedSpans
from hexapla_models.normalisation import normalise
from hexapla_models.tokenizer import middle_of

KEY_VARIABLE = "HEXAPLA_API_KEY"
BATCH = 32  # texts in a request; the default limit of text-embeddings-inference
BATCH_CHARACTERS = 100_000
REQUESTS = 4  # sent concurrently
SHORT = 200  # characters; a text of this length is never too long for a model
PROBES = (
    "The lighthouse keeper writes down the wind every morning.",
    "委员会决定继续审议这一问题。",
    "12",
    "Les enfants dormaient.",
)


class ServerEncoder:
    """A model on a server.

    A text that is too long for the server is halved, and its vector is the weighted mean of those of the halves. Blank
    texts, which servers reject, are sent as a full stop.

    Args:
        name: address of the API, with the name of the model as its fragment.
        requests: number of concurrent requests; REQUESTS if None.
        progress: progress callback, counting texts.

    Attributes:
        name: address of the API, with the name of the model as its fragment.
        dimension: length of a vector.
        languages: empty, since the API does not list them.
        progress: progress callback, counting texts.
    """

    name: str
    dimension: int
    languages: frozenset[str] = frozenset()
    progress: Progress

    def __init__(self, name: str, *, requests: int | None = None, progress: Progress = quiet) -> None:
        self.name, self._requests, self.progress = name, requests or REQUESTS, progress
        self._endpoint, self._model = endpoint_of(name)
        self._key = os.environ.get(KEY_VARIABLE)
        probes = self._request(PROBES)
        self.dimension = probes.shape[1]
        self._peaks = np.abs(probes).argmax(axis=1).tolist()

    @property
    def hash(self) -> str:
        """First 12 hexadecimal digits of a SHA-256 of what is known about the weights.

        That is the name of the model, the dimension, and the positions of the largest components in the vectors of a
        few texts: these do not move if the server rounds a little differently on another machine.
        """
        fingerprint = repr((self._model, self.dimension, self._peaks))
        return hashlib.sha256(fingerprint.encode()).hexdigest()[:12]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, *Shape:* ``(texts, dimension)``, of Euclidean length 1."""
        distinct = list(dict.fromkeys(text if text.strip() else "." for text in texts))
        encoded: dict[str, Vectors] = {}
        batches = list(_batches(distinct))
        with ThreadPoolExecutor(self._requests) as threads:
            for batch, vectors in zip(batches, threads.map(self._vectors, batches), strict=True):
                encoded |= zip(batch, vectors, strict=True)
                if len(batches) > 1:
                    self.progress("Encoding texts", len(encoded), len(distinct))
        rows = [encoded[text if text.strip() else "."] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, self.dimension)

    def read(self, texts: Sequence[str]) -> JoinedSpans:
        """Read texts as consecutive segments; the texts of runs are joined and encoded."""
        return JoinedSpans(self.encode, texts)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """Encode a batch, halving whatever the server rejects until it accepts it."""
        try:
            vectors = self._request(texts)
        except RequestRejected:
            if len(texts) > 1:
                half = len(texts) // 2
                return np.concatenate([self._vectors(texts[:half]), self._vectors(texts[half:])])
            if len(texts[0]) <= SHORT:
                raise
            return self._halves(texts[0])
        if vectors.shape[1] != self.dimension:
            raise ServerError(
                f"{self.name}: vectors had {self.dimension} values and now have {vectors.shape[1]}: the server has "
                "switched to another model; start again."
            )
        return vectors

    def _halves(self, text: str) -> Vectors:
        middle = middle_of(text)
        halves = [half for half in (text[:middle].strip(), text[middle:].strip()) if half]
        vectors = np.concatenate([self._vectors([half]) for half in halves])
        return normalise(np.average(vectors, axis=0, weights=list(map(len, halves)))[None])

    def _request(self, texts: Sequence[str]) -> Vectors:
        """Encode texts in one request."""
        body = {"input": list(texts)} | ({"model": self._model} if self._model else {})
        answer = post_json(self._endpoint, body, self._key)
        try:
            rows = sorted(answer["data"], key=lambda row: int(row["index"]))
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise ServerError(self._unexpected(f"no list of vectors ({error!r})")) from error
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise ServerError(self._unexpected(f"{len(vectors)} vectors for {len(texts)} texts"))
        if not np.isfinite(vectors).all():
            raise ServerError(self._unexpected("a vector with values that are not finite numbers"))
        return normalise(vectors)

    def _unexpected(self, answer: str) -> str:
        return (
            f"{self._endpoint} answered with {answer}: check that the address is that of an OpenAI-compatible "
            "embeddings API, such as http://localhost:8080/v1#MODEL."
        )


def endpoint_of(name: str) -> tuple[str, str]:
    """Work out the endpoint for requests.

    Args:
        name: address of the API, with the name of the model as its fragment.

    Returns:
        The URL of the endpoint, and the name of the model, which may be empty.

    Raises:
        ServerError: the address has no host, or contains a user name or password.
    """
    parts = urlsplit(name)
    if parts.username or parts.password:
        raise ServerError(
            f"the address of {parts.hostname} contains a user name or password, which memories would record: leave "
            f"it out, and set {KEY_VARIABLE} if the server needs a key."
        )
    if not parts.hostname:
        raise ServerError(f"{name!r} has no host: give an address such as http://localhost:8080/v1#MODEL.")
    path = parts.path.rstrip("/") or "/v1"
    if not path.endswith("/embeddings"):
        path += "/embeddings"
    return parts._replace(path=path, fragment="").geturl(), parts.fragment


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Batches of texts by increasing length, each small enough for one request."""
    batch: list[str] = []
    characters = 0
    for text in sorted(texts, key=len):
        if batch and (len(batch) == BATCH or characters + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch
