"""Model specifications: a registered name, an id on the Hugging Face hub, a folder or the address of a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from hexapla_models.catalogue import BY_HUB, KNOWN, KnownModel
from hexapla_models.errors import UnknownEncoder

_HUB = re.compile(r"(?P<id>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(@(?P<revision>[\w./-]+))?", re.ASCII)


class Kind(Enum):
    """Where a model is found."""

    PACKAGE = auto()
    HUB = auto()
    FOLDER = auto()
    SERVER = auto()


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model as specified by the user.

    Attributes:
        name: name recorded in results and memories; it means the same model later and from any folder.
        kind: where the model is found.
        source: registered name, id on the hub, folder or address.
        revision: branch, tag or commit on the hub; None for the main branch.
        known: its entry in the registry; None if it is not registered.
    """

    name: str
    kind: Kind
    source: str
    revision: str | None = None
    known: KnownModel | None = None

    @classmethod
    def of(cls, name: str) -> ModelSpec:
        """Interpret the name of a model.

        Args:
            name: name as typed.

        Returns:
            The specification.

        Raises:
            UnknownEncoder: not a registered name, an existing folder, a hub id or an address.
        """
        if is_server(name):
            return cls(name, Kind.SERVER, name)
        known = KNOWN.get(name)
        if known is not None:
            return cls(name, Kind.HUB if known.hub else Kind.PACKAGE, known.hub or name, None, known)
        if name and Path(name).is_dir():
            folder = str(Path(name).resolve())
            return cls(folder, Kind.FOLDER, folder)
        found = _HUB.fullmatch(name)
        if found is None:
            raise UnknownEncoder(_unknown(name))
        known = BY_HUB.get(found["id"])
        if known is not None and not found["revision"]:
            name = known.name
        return cls(name, Kind.HUB, found["id"], found["revision"], known)


def is_server(name: str) -> bool:
    """Return whether the name of a model is the address of a server."""
    return name.startswith(("http://", "https://"))


def _unknown(name: str) -> str:
    return (
        f"no encoder is named {name!r}, and no such folder exists. Use one of {', '.join(KNOWN)}; "
        "ORGANISATION/NAME or ORGANISATION/NAME@REVISION for a model on the Hugging Face hub; a folder; or the "
        "address of a server, such as http://localhost:8080/v1#MODEL."
    )
