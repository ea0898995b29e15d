"""What a user names a model by: a name of the registry, an id on a hub, a folder or the address of a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from hexapla_models.catalogue import BY_HUB, KNOWN, KnownModel
from hexapla_models.errors import UnknownEncoder

_HUB = re.compile(r"(?P<id>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(@(?P<revision>[\w./-]+))?", re.ASCII)


class Kind(Enum):
    """Where a model is."""

    PACKAGE = auto()
    HUB = auto()
    FOLDER = auto()
    SERVER = auto()


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model that a user named.

    Attributes:
        name: as results and memories remember it: it names the same model tomorrow, from any folder.
        kind: where it is.
        source: name of the registry, id on the hub, folder or address.
        revision: branch, tag or commit on the hub; none if the newest is meant.
        known: what the registry knows of it.
    """

    name: str
    kind: Kind
    source: str
    revision: str | None = None
    known: KnownModel | None = None

    @classmethod
    def of(cls, name: str) -> ModelSpec:
        """Find out what a name means.

        Args:
            name: as it was typed.

        Returns:
            What it names.

        Raises:
            UnknownEncoder: it names nothing.
        """
        if name.startswith(("http://", "https://")):
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


def _unknown(name: str) -> str:
    return (
        f"no encoder is named {name!r}, and there is no folder of that name. This version knows: {', '.join(KNOWN)}. "
        "A model of the hub is named ORGANISATION/NAME, one revision of it ORGANISATION/NAME@REVISION, and a server "
        "by its address, such as http://localhost:8080/v1#MODEL."
    )
