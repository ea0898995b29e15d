"""Profiles: what each CAT tool needs in a TMX file; the writer has no special cases for any tool.

Sources: TMX 1.4b, the manuals of the tools, and trials with OmegaT 3.6; docs/exchange.md says what was tested and what
comes from manuals.
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
    """What a tool needs.

    Attributes:
        tool: name of the tool, for messages.
        whole: whether the file holds everything that a unit has, so that it can be read back unchanged: attributes,
            properties of other tools, white space. Otherwise it holds what the tool reads, each segment on one line.
        codes: language codes that the tool knows, by tag; other tags stay as they are.
        bilingual: whether a file must have exactly two languages.
        one_source: whether every unit needs the source language of the header.
        longest: maximum number of characters in a segment, or None.
        segtype: segtype of the header, whatever the units are; None to use that of the first unit.
        identified: whether units have a tuid.
        tags: whether the tool reads inline tags; otherwise texts are written without them.
        properties: the tool's prop types for attributes of a unit; attributes without one are left out.
        place: the element that holds these props.
        context: prop types for the source texts before and after, on the source variant; None if the tool reads none.
        cuts_numbers: whether the tool cuts typed numbers off in some languages; number and rest are then written as
            further units.
        bound: prop types for the file, the text before and the text after, of a translation that is valid at one place
            only; None if the tool has none. In a bilingual file each further translation of a source is bound this way.
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
        """Return the tool's code for a language."""
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
            # OmegaT splits units of this type by the rules of the project, and units of other types not at all.
            segtype="paragraph",
            # If it is set to ignore file names in contexts, it treats every unit with a tuid as bound to a place.
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
"""The profile for the rows of an alignment, which are not in a memory yet."""
