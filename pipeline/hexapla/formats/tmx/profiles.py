"""What CAT tools want of a TMX file, a profile each; the writer has no branch for any tool.

Sources: TMX 1.4b, the manuals of the tools, and trials with OmegaT 3.6; docs/exchange.md says what is tried and what is
read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from hexapla.formats.tmx import names

_REGIONAL = MappingProxyType(
    {
        "ar": "ar-SA",
        "en": "en-US",
        "es": "es-ES",
        "fr": "fr-FR",
        "ru": "ru-RU",
        "zh": "zh-CN",
        "zh-Hans": "zh-CN",
        "zh-Hant": "zh-TW",
    }
)


class Place(StrEnum):
    """Where a tool looks for the context of a unit."""

    UNIT = "tu"
    SOURCE = "source tuv"
    TARGET = "target tuv"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a tool wants.

    Attributes:
        tool: its name as people write it.
        whole: whether the file holds all that a unit has, so that it comes back the same: attributes, properties of
            other tools, white space. Else it holds what the tool reads, and each segment is one line.
        codes: language code that the tool knows, by tag; other tags stay as they are.
        bilingual: whether a file may have two languages only.
        one_source: whether every unit needs the source language of the header.
        longest: characters of a segment at most, or None.
        segtype: that of the header, whatever the units are; None if it is that of the first unit.
        identified: whether units have a tuid.
        tags: whether it reads inline tags; else texts are written without them.
        properties: what it calls what is known of a unit; what it has no name for is left out.
        place: where the properties stand.
        context: what it calls the source text before and behind, which stand at the source; None if it reads none.
        cuts_numbers: whether it cuts typed numbers off in some languages; then number and rest are further units.
        bound: what it calls file, text before and text behind of a translation that holds at one place only; None if it
            knows no such. In a bilingual file each further translation of a source is bound so.
    """

    tool: str
    whole: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    bilingual: bool = False
    one_source: bool = False
    longest: int | None = None
    segtype: str | None = None
    identified: bool = True
    tags: bool = True
    properties: Mapping[str, str] = field(default_factory=dict)
    place: Place = Place.UNIT
    context: tuple[str, str] | None = None
    cuts_numbers: bool = False
    bound: tuple[str, str, str] | None = None

    def code(self, tag: str) -> str:
        """The code of a language for the tool."""
        return self.codes.get(tag, tag)


_CONTEXT = (names.CONTEXT_BEFORE, names.CONTEXT_AFTER)
_PROPERTIES = MappingProxyType(
    {
        "document": names.DOCUMENT,
        "symbol": names.SYMBOL,
        "number": names.NUMBER,
        "status": names.STATUS,
        "probability": names.PROBABILITY,
    }
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "generic": Profile("any tool", whole=True, context=_CONTEXT),
        "omegat": Profile(
            "OmegaT",
            # It cuts units of this type by the rules of the project, and other types not at all.
            segtype="paragraph",
            # Where it ignores files in contexts, it takes every unit with a tuid for one that is bound to a place.
            identified=False,
            properties=_PROPERTIES,
            cuts_numbers=True,
            bound=("file", "prev", "next"),
        ),
        "trados": Profile(
            "Trados", codes=_REGIONAL, bilingual=True, longest=2000, properties=_PROPERTIES, context=_CONTEXT
        ),
        "memoq": Profile("memoQ", codes=_REGIONAL, bilingual=True, properties=_PROPERTIES, context=_CONTEXT),
        "phrase": Profile(
            "Phrase",
            bilingual=True,
            properties=MappingProxyType({"document": "filename"}),
            place=Place.TARGET,
            context=("context_prev", "context_next"),
        ),
        "wordfast": Profile(
            "Wordfast", codes=_REGIONAL, bilingual=True, longest=8000, properties=_PROPERTIES
        ),
        "weblate": Profile(
            "Weblate",
            codes=MappingProxyType({"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}),
            one_source=True,
            tags=False,
            properties=MappingProxyType({"document": "x-context"}),
        ),
    }
)
"""Profiles by name."""

ALIGNED = Profile(
    "any tool",
    properties=MappingProxyType(
        {
            "symbol": names.SYMBOL,
            "number": names.NUMBER,
            "kind": names.KIND,
            "status": names.ORIGIN,
            "probability": names.PROBABILITY,
            "moved": names.MOVED,
        }
    ),
    context=_CONTEXT,
)
"""The profile of the rows of an alignment, which no memory holds yet."""
