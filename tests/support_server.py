"""A local embedding server with the OpenAI interface, in a thread of the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from hexapla_models.encoder import Encoder

Answer = tuple[int, dict[str, str], Any]
"""Status, headers and body; a body that is not text is sent as JSON."""


@dataclass
class Server:
    """The behaviour of a server, and the requests that it received.

    Attributes:
        encoder: encoder of the vectors.
        longest: greatest number of characters in a text.
        most: greatest number of texts in a request.
        answers: answers to the next requests, instead of vectors.
        change: makes the body of an answer from the vectors.
        asked: bodies of the requests.
        keys: values of the header Authorization, by request.
        address: address of the interface.
    """

    encoder: Encoder
    longest: int = 10**9
    most: int = 32
    answers: list[Answer] = field(default_factory=list)
    change: Callable[[list[dict[str, Any]]], Any] = lambda rows: {"data": rows[::-1]}
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str, body: dict[str, Any], key: str | None) -> Answer:
        """Answer a request."""
        self.asked.append(body)
        self.keys.append(key)
        if self.answers:
            return self.answers.pop(0)
        texts = body["input"]
        if path != "/v1/embeddings":
            return 404, {}, {"error": f"no {path}"}
        if len(texts) > self.most or any(not text.strip() or len(text) > self.longest for text in texts):
            return 413, {}, {"error": "too much"}
        vectors = self.encoder.encode(texts).tolist()
        return 200, {}, self.change([{"index": k, "embedding": row} for k, row in enumerate(vectors)])


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Run a server.

    Args:
        server: behaviour of the server.

    Yields:
        The same server, with its address.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, said = server.answer(self.path, body, self.headers["Authorization"])
            data = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(data)), "Connection": "close"}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever)
        thread.start()
        server.address = f"http://127.0.0.1:{http.server_address[1]}/v1"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
