"""The hits of a concordance, and the translations in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.highlights import Span
from hexapla.units import Unit


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which words were found.

    Attributes:
        unit: the unit of the text.
        language: BCP 47 tag of the text.
        text: the text as translators see it.
        spans: start and end of each occurrence of the words, in characters.
        targets: its translations, by language.
        previous: text before it in its document and level; None if there is none.
        following: text after it; None if there is none.
        same: identifiers of the other searched units with the same texts in all these languages.
        years: years in which these units were created, each once, ascending; of units whose date is known.
    """

    unit: Unit
    language: str
    text: str
    spans: tuple[Span, ...]
    targets: dict[str, str]
    previous: str | None
    following: str | None
    same: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendering:
    """A translation of the texts in which words were found.

    Attributes:
        language: BCP 47 tag of the translation.
        text: the translation, as in the first hit that has it.
        count: number of units that have it.
        years: years in which they were created, each once, ascending.
    """

    language: str
    text: str
    count: int
    years: tuple[int, ...]


class Hits(tuple[Hit, ...]):
    """The hits of a concordance, in the order of the units.

    Attributes:
        total: number of all texts with the words, of which the hits may be the first ones only; texts that are the same
            as that of a hit are counted too.
    """

    total: int

    def __new__(cls, hits: Iterable[Hit], total: int) -> Self:
        """Make a sequence of hits."""
        made = super().__new__(cls, hits)
        made.total = total
        return made

    def by_rendering(self) -> list[Rendering]:
        """Group the hits by translation.

        Returns:
            The translations of each language, the most frequent first; those that differ only in what a reader does not
            see or count are one.

        Example:
            memory.concordance("tide gauge", language="en", target="fr", limit=None).by_rendering()
        """
        groups: dict[tuple[str, str], Rendering] = {}
        for hit in self:
            for language, text in hit.targets.items():
                key = language, comparable(as_seen(text))
                first = groups.get(key, Rendering(language, text, 0, ()))
                years = tuple(sorted({*first.years, *hit.years}))
                groups[key] = Rendering(language, first.text, first.count + 1 + len(hit.same), years)
        return sorted(groups.values(), key=lambda each: (each.language, -each.count))
