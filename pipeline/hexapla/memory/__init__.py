"""Translation memories that live on: units in versions, looked up, corrected and added to."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hexapla.memory.additions.adding import Added as Added
    from hexapla.memory.additions.importing import Imported as Imported
    from hexapla.memory.maintenance import Compaction as Compaction
    from hexapla.memory.memory import Memory as Memory
    from hexapla.memory.reports import Commit as Commit
    from hexapla.memory.reports import Info as Info
    from hexapla.memory.search.concordance import Hit as Hit
    from hexapla.memory.search.concordance import Matching as Matching
    from hexapla.memory.verify import Problem as Problem

_HOMES = {
    "Added": "additions.adding",
    "Commit": "reports",
    "Compaction": "maintenance",
    "Hit": "search.concordance",
    "Imported": "additions.importing",
    "Info": "reports",
    "Matching": "search.concordance",
    "Memory": "memory",
    "Problem": "verify",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import what is asked for: polars, deltalake and FAISS take long to load, and most commands need none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
