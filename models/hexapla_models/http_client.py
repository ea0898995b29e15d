"""A small HTTP client for embedding servers: it retries temporary failures and explains the others."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from hexapla_models.errors import ServerError

ATTEMPTS = 6
FIRST_WAIT = 0.5  # seconds before the second attempt; doubled each time
LONGEST_WAIT = 60.0  # seconds; limit for what a server may ask for
TIMEOUT = 120.0  # seconds to wait for an answer
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_TOO_MUCH = (400, 413, 422)
_EXCERPT = 300  # characters of an answer quoted in messages


class RequestRejected(ServerError):
    """The server rejected these texts; it may accept fewer or shorter ones."""


class _NoRedirects(HTTPRedirectHandler):
    """Follow no redirects, so that no other host gets the key."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Return None, which stops the redirect."""


_OPENER = build_opener(_NoRedirects)


def post_json(address: str, body: Mapping[str, object], key: str | None = None) -> Any:  # noqa: ANN401 - any JSON
    """Send a JSON request and read the JSON answer.

    Args:
        address: URL to send to.
        body: JSON object to send.
        key: API key for the Authorization header.

    Returns:
        The decoded answer.

    Raises:
        RequestRejected: the server rejected the body, which may be too large.
        ServerError: the server does not answer, keeps failing, rejects the key, or answers with something else.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = Request(address, json.dumps(body).encode(), headers, method="POST")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _read(request)
        except HTTPError as error:
            wait = _delay(error, attempt)
            if error.code not in _BUSY or attempt == ATTEMPTS:
                raise _error_of(address, error, attempt) from error
        except (OSError, HTTPException) as error:
            wait = FIRST_WAIT * 2 ** (attempt - 1)
            if isinstance(_reason(error), ConnectionRefusedError) or attempt == ATTEMPTS:
                raise ServerError(
                    f"{address} does not answer ({_reason(error)}; attempts: {attempt}): start the server, or check "
                    "the address."
                ) from error
        time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _read(request: Request) -> Any:  # noqa: ANN401
    with _OPENER.open(request, timeout=TIMEOUT) as answer:
        data = answer.read()
    try:
        return json.loads(data)
    except ValueError as error:
        raise ServerError(
            f"{request.full_url} did not answer with JSON ({data[:_EXCERPT].decode(errors='replace')!r}): check "
            "that the address is that of an OpenAI-compatible embeddings API, such as http://localhost:8080/v1#MODEL."
        ) from error


def _delay(error: HTTPError, attempt: int) -> float:
    """Seconds to wait: what the server asks for, else twice as long after each attempt."""
    retry_after = error.headers.get("Retry-After", "")
    if retry_after.isdigit():
        return min(float(retry_after), LONGEST_WAIT)
    return FIRST_WAIT * 2.0 ** (attempt - 1)


def _error_of(address: str, error: HTTPError, attempt: int) -> ServerError:
    try:
        excerpt = " ".join(error.read().decode(errors="replace").split())[:_EXCERPT]
    except (OSError, HTTPException):
        excerpt = ""
    answered = f"{address} answered {error.code} {error.reason}" + (f" ({excerpt})" if excerpt else "")
    if error.code in (401, 403):
        return ServerError(f"{answered}: set HEXAPLA_API_KEY to a key that the server accepts.")
    if error.code == 404:
        return ServerError(
            f"{answered}: check the address and the model name after #, as in http://localhost:11434/v1#bge-m3."
        )
    if 300 <= error.code < 400:
        return ServerError(f"{answered}: use the address it redirects to, {error.headers.get('Location')}.")
    if error.code in _TOO_MUCH:
        return RequestRejected(f"{answered}: it rejects even a short text.")
    return ServerError(f"{answered} (attempts: {attempt}): look at the log of the server.")


def _reason(error: BaseException) -> object:
    return error.reason if isinstance(error, URLError) else error
