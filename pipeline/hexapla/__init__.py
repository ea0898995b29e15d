"""Hexapla turns the language versions of a document into a translation memory.

    import hexapla

    alignment = hexapla.align({"zh": "report.zh.docx", "en": "report.en.docx"})
    alignment.write("report.tmx", pair="zh-en")

The names in `__all__` are public, with the public methods of their classes; nothing else is. They are imported when
they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hexapla.api.alignment import Alignment as Alignment
    from hexapla.api.alignment import align as align
    from hexapla.api.alignment import embed as embed
    from hexapla.api.matches import Matches as Matches
    from hexapla.api.memory import Memory as Memory
    from hexapla.errors import DocumentError as DocumentError
    from hexapla.errors import EncoderError as EncoderError
    from hexapla.errors import HexaplaError as HexaplaError
    from hexapla.errors import InputError as InputError
    from hexapla.errors import NotParallel as NotParallel
    from hexapla.errors import OutputError as OutputError
    from hexapla.errors import StoreError as StoreError
    from hexapla.matches import Match as Match
    from hexapla.memory.search.hits import Hit as Hit
    from hexapla.pretranslate.files import PretranslatedFile as PretranslatedFile
    from hexapla.rows import Level as Level
    from hexapla.rows import Row as Row
    from hexapla.units import Status as Status
    from hexapla.units import Unit as Unit
    from hexapla.units import Variant as Variant

__version__ = "0.1.0"

_HOMES = {
    "Alignment": "api.alignment",
    "DocumentError": "errors",
    "EncoderError": "errors",
    "HexaplaError": "errors",
    "Hit": "memory.search.hits",
    "InputError": "errors",
    "Level": "rows",
    "Match": "matches",
    "Matches": "api.matches",
    "Memory": "api.memory",
    "NotParallel": "errors",
    "OutputError": "errors",
    "PretranslatedFile": "pretranslate.files",
    "Row": "rows",
    "Status": "units",
    "StoreError": "errors",
    "Unit": "units",
    "Variant": "units",
    "align": "api.alignment",
    "embed": "api.alignment",
}

__all__ = [
    "Alignment",
    "DocumentError",
    "EncoderError",
    "HexaplaError",
    "Hit",
    "InputError",
    "Level",
    "Match",
    "Matches",
    "Memory",
    "NotParallel",
    "OutputError",
    "PretranslatedFile",
    "Row",
    "Status",
    "StoreError",
    "Unit",
    "Variant",
    "__version__",
    "align",
    "embed",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is used: polars, deltalake and FAISS take long to load."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
