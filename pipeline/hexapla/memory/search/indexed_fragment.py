"""A fragment of a snapshot with its indexes, opened when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.percentage import similarity
from hexapla.matches import are_rejected, penalties_of
from hexapla.memory.index.snapshot import Fragment
from hexapla.memory.search.fuzzy_index import skeleton_key
from hexapla.memory.search.language_index import LanguageIndex
from hexapla.memory.storage.flat_files import INDEX, Places, Texts, language_folder
from hexapla.units import Unit
from hexapla_corpora.languages import spaced

Flags = NDArray[np.bool_]
Found = list[tuple[int, float]]
UNITS = 1_000  # that were read last, and are kept
ALIKE = 2_000  # texts that are all the same and are ordered by context and trust


@dataclass(frozen=True, slots=True)
class Similar:
    """A text that may match by percentage.

    Attributes:
        place: among the texts of its language.
        share: similarity in 0..1.
        alike: whether it may differ from the query in placeables alone.
    """

    place: int
    share: float
    alike: bool


class IndexedFragment:
    """What a look-up needs of a fragment.

    Args:
        fragment: of a snapshot.
        identities: hashes of the identifiers of the units that may be found; None for all.
    """

    def __init__(self, fragment: Fragment, identities: NDArray[np.uint64] | None = None) -> None:
        self.languages = fragment.languages
        self._unit = lru_cache(UNITS)(fragment.unit)  # many are near in several ways
        self._fragment = fragment
        self._usable = ~fragment.hidden & (
            ~are_rejected(fragment.trust["status"]) if identities is None else fragment.rows_of(identities)
        )
        self._indexes: dict[str, LanguageIndex] = {}
        self._having: dict[tuple[str, ...], Flags] = {}

    def unit(self, row: int) -> Unit:
        """The unit in a row."""
        return self._unit(row)

    def index(self, language: str) -> LanguageIndex:
        """The indexes of a language that the fragment has; those of a fragment in memory are made."""
        if language not in self._indexes:
            texts, folder = self._fragment.texts(language), self._fragment.folder
            self._indexes[language] = (
                LanguageIndex.open(language_folder(folder, language) / INDEX, texts)
                if folder
                else LanguageIndex.of(texts)
            )
        return self._indexes[language]

    def having(self, languages: Sequence[str]) -> Flags:
        """Rows neither hidden nor rejected that have a text in one of some languages, *Shape:* ``(units,)``."""
        key = tuple(languages)
        if key not in self._having:
            rows = np.zeros(len(self._fragment), dtype=bool)
            for language in languages:
                if language in self.languages:
                    rows[self._fragment.texts(language).unit_rows] = True
            self._having[key] = rows & self._usable
        return self._having[key]

    def lacking(self, languages: Sequence[str]) -> Flags:
        """Rows neither hidden nor rejected that have a text in none of some languages, *Shape:* ``(units,)``."""
        key = ("", *languages)
        if key not in self._having:
            self._having[key] = self._usable & ~self.having(languages)
        return self._having[key]

    def without(self, languages: Sequence[str], targets: Sequence[str]) -> Flags:
        """Rows neither hidden nor rejected that have a text in one of the targets, but in none of some languages."""
        key = (*targets, "", *languages)
        if key not in self._having:
            self._having[key] = self.having(targets) & self.lacking(languages)
        return self._having[key]

    def penalties(self, rows: Places) -> NDArray[np.float64]:
        """By how many points the units in some rows rank lower."""
        status, probability = (self._fragment.trust[name][rows] for name in ("status", "probability"))
        return penalties_of(status, probability)

    def with_text(self, text: str, language: str, rows: Flags) -> list[int]:
        """Rows whose text in a language is the same as one in comparable form.

        Args:
            text: as a translator sees it.
            language: tag.
            rows: which may be found.

        Returns:
            Them, those that people trust most first.
        """
        if language not in self.languages:
            return []
        index = self.index(language)
        found = index.texts.unit_rows[index.fuzzy.same(comparable(text))]
        found = found[rows[found]]
        return [int(row) for row in found[np.argsort(self.penalties(found), kind="stable")]]

    def similar(
        self, seen: str, language: str, minimum: float, rows: Flags, wanted: int, beside: Sequence[str | None]
    ) -> list[Similar]:
        """Texts that may match by percentage.

        Args:
            seen: what is looked up, as a translator sees it.
            language: tag.
            minimum: similarity in 0..1 that a text must have if more differs than placeables.
            rows: which may be found.
            wanted: number of texts of each kind: the same, those that differ in placeables, and similar ones.
            beside: texts before and behind it, for those in context to come first.

        Returns:
            The texts.
        """
        if language not in self.languages:
            return []
        index, by_word = self.index(language), spaced(language)
        query, keep = comparable(seen), self._keep(index.texts, rows)
        same = index.fuzzy.same(query)
        same = self._best(same[keep(same)], index.texts, beside, wanted)
        alike = index.fuzzy.alike(skeleton_key(seen))
        found = dict.fromkeys(same.tolist(), 1.0)
        for place in alike[keep(alike)][:wanted].tolist():
            found[place] = similarity(query, comparable(as_seen(index.texts[place])), by_word=by_word)
        found |= dict(index.fuzzy.search(query, minimum, wanted, by_word=by_word, keep=keep))
        first, last = (np.searchsorted(alike, list(found), side=side) for side in ("left", "right"))
        return [Similar(*each, flag) for each, flag in zip(found.items(), first < last, strict=True)]

    def near(self, vector: NDArray[np.float32], language: str, rows: Flags, wanted: int) -> Found:
        """Texts near in meaning.

        Args:
            vector: of the query, *Shape:* ``(dimension,)``.
            language: tag that the fragment has.
            rows: which may be found.
            wanted: number of texts.

        Returns:
            Their places and cosines, the nearest first.
        """
        index = self.index(language)
        return index.nearest.search(vector, wanted, self._keep(index.texts, rows))

    def _best(self, same: Places, texts: Texts, beside: Sequence[str | None], wanted: int) -> Places:
        """Of texts that are all the same those in context first, then those that people trust most."""
        if len(same) <= wanted:
            return same
        same = same[:ALIKE]
        penalties = self.penalties(texts.unit_rows[same])
        missing = np.array(_missing_context(same, texts, beside))
        return same[np.lexsort((penalties, missing))][:wanted]

    @staticmethod
    def _keep(texts: Texts, rows: Flags) -> Callable[[Places], Flags]:
        return lambda places: rows[texts.unit_rows[places]]


def _missing_context(places: Places, texts: Texts, beside: Sequence[str | None]) -> list[int]:
    """How many of the given texts do not stand beside those at some places; units lie in their order."""
    known = [(step, as_seen(text)) for step, text in zip((-1, 1), beside, strict=True) if text is not None]

    def stands(place: int) -> str:
        return as_seen(texts[place]) if 0 <= place < len(texts) else ""

    return [sum(stands(place + step) != text for step, text in known) for place in places.tolist()]
