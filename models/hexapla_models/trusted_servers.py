"""Servers that may receive texts and the key: those that the user has named, not those that only a file names."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from hexapla_models.calibrations import calibration_file
from hexapla_models.model_spec import is_server

VARIABLE = "HEXAPLA_SERVERS"
FILE = "servers.json"
_named: set[str] = set()  # by the user, in this process


def trust_server(name: str) -> None:
    """Remember that the user has named a server; other encoders need no trust.

    The address is kept in the user's configuration folder, if that can be written, otherwise until the process ends.

    Args:
        name: name of an encoder, as the user gave it.
    """
    if not is_server(name) or is_trusted(name):
        return
    _named.add(_origin(name))
    path = servers_file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(sorted(_stored() | _named), indent=1) + "\n", encoding="utf-8")


def is_trusted(name: str) -> bool:
    """Return whether an encoder may be used: it is not on a server, or the user has named its server.

    Args:
        name: name of the encoder, such as http://localhost:8080/v1#MODEL.

    Returns:
        Whether it is local, or its scheme, host and port were named before or are in HEXAPLA_SERVERS.
    """
    if not is_server(name):
        return True
    listed = {_origin(each) for each in os.environ.get(VARIABLE, "").replace(",", " ").split()}
    return _origin(name) in _named | listed | _stored()


def servers_file() -> Path:
    """Return the path of the list of named servers, in the folder of the user's calibrations."""
    return calibration_file().with_name(FILE)


def _origin(address: str) -> str:
    """Return scheme, host and port of an address (RFC 6454, section 4)."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _stored() -> set[str]:
    with suppress(OSError, ValueError, RecursionError):
        addresses = json.loads(servers_file().read_text(encoding="utf-8"))
        return {each for each in addresses if isinstance(each, str)} if isinstance(addresses, list) else set()
    return set()
