"""A fragment of a snapshot with its indexes, which are opened when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.percentage import similarity
from hexapla.matches import are_rejected, penalties_of
from hexapla.memory.index.snapshot import Fragment, Snapshot
from hexapla.memory.search.fuzzy_index import Scored, skeleton_key
from hexapla.memory.search.language_index import LanguageIndex
from hexapla.memory.storage.flat_files import INDEX, Places, language_folder
from hexapla.memory.storage.texts import Texts
from hexapla.units import Unit
from hexapla_corpora.languages import spaced

Flags = NDArray[np.bool_]
UNITS = 1_000  # units kept in memory, those read last
EQUAL = 2_000  # equal texts that are ordered by context and trust, at most


@dataclass(frozen=True, slots=True)
class Similar:
    """A text that may match by percentage.

    Attributes:
        place: place among the texts in its language.
        share: similarity in 0..1.
        same_skeleton: whether it may differ from the query only in placeables.
    """

    place: int
    share: float
    same_skeleton: bool


class IndexedFragment:
    """A fragment as a look-up needs it.

    Args:
        fragment: a fragment of a snapshot.
        identities: hashes of the identifiers of the units that may be found; all but rejected ones if None.
    """

    def __init__(self, fragment: Fragment, identities: NDArray[np.uint64] | None = None) -> None:
        self.languages = fragment.languages
        self._unit = lru_cache(UNITS)(fragment.unit)  # many are found in several ways
        self._fragment = fragment
        self._usable = ~fragment.hidden & (
            ~are_rejected(fragment.trust["status"]) if identities is None else fragment.rows_of(identities)
        )
        self._indexes: dict[str, LanguageIndex] = {}
        self._having: dict[tuple[str, ...], Flags] = {}

    def unit(self, row: int) -> Unit:
        """Return the unit in a row."""
        return self._unit(row)

    def index(self, language: str) -> LanguageIndex:
        """Open the indexes of a language; those of a fragment in memory are built now."""
        if language not in self._indexes:
            texts, folder = self._fragment.texts(language), self._fragment.folder
            self._indexes[language] = (
                LanguageIndex.open(language_folder(folder, language) / INDEX, texts)
                if folder
                else LanguageIndex.of(texts)
            )
        return self._indexes[language]

    def having(self, languages: Sequence[str]) -> Flags:
        """Flag usable rows (not hidden, not rejected) with a text in one of the languages, *Shape:* ``(units,)``."""
        key = tuple(languages)
        if key not in self._having:
            rows = np.zeros(len(self._fragment), dtype=bool)
            for language in languages:
                if language in self.languages:
                    rows[self._fragment.texts(language).unit_rows] = True
            self._having[key] = rows & self._usable
        return self._having[key]

    def lacking(self, languages: Sequence[str]) -> Flags:
        """Flag usable rows without a text in any of the languages, *Shape:* ``(units,)``."""
        key = ("", *languages)
        if key not in self._having:
            self._having[key] = self._usable & ~self.having(languages)
        return self._having[key]

    def without(self, languages: Sequence[str], targets: Sequence[str]) -> Flags:
        """Flag usable rows with a text in one of the targets, but in none of the languages."""
        key = (*targets, "", *languages)
        if key not in self._having:
            self._having[key] = self.having(targets) & self.lacking(languages)
        return self._having[key]

    def penalties(self, rows: Places) -> NDArray[np.float64]:
        """Return the penalties of the units in some rows."""
        status, probability = (self._fragment.trust[name][rows] for name in ("status", "probability"))
        return penalties_of(status, probability)

    def with_text(self, text: str, language: str, rows: Flags) -> list[int]:
        """Find the rows whose text in a language equals a text in comparable form.

        Args:
            text: the text as a translator sees it.
            language: tag of the text.
            rows: flags of the rows that may be found.

        Returns:
            The rows, the most trusted first.
        """
        if language not in self.languages:
            return []
        index = self.index(language)
        found = index.texts.unit_rows[index.fuzzy.equal(comparable(text))]
        found = found[rows[found]]
        return [int(row) for row in found[np.argsort(self.penalties(found), kind="stable")]]

    def similar(
        self,
        seen: str,
        language: str,
        minimum: float,
        rows: Flags,
        wanted: int,
        context: Sequence[str | None],
    ) -> list[Similar]:
        """Find texts that may match by percentage.

        Args:
            seen: the text to look up, as a translator sees it.
            language: tag of the texts.
            minimum: least similarity, in 0..1, of texts that differ in more than placeables.
            rows: flags of the rows that may be found.
            wanted: number of texts of each kind: equal, different in placeables, and similar.
            context: texts before and after it, so that texts in the same context come first.

        Returns:
            The texts.
        """
        if language not in self.languages:
            return []
        index, by_word = self.index(language), spaced(language)
        query, keep = comparable(seen), self._keep(index.texts, rows)
        same = index.fuzzy.equal(query)
        same = self._best(same[keep(same)], index.texts, context, wanted)
        same_skeleton = index.fuzzy.with_skeleton(skeleton_key(seen))
        found = dict.fromkeys(same.tolist(), 1.0)
        for place in same_skeleton[keep(same_skeleton)][:wanted].tolist():
            found[place] = similarity(query, comparable(as_seen(index.texts[place])), by_word=by_word)
        found |= dict(index.fuzzy.search(query, minimum, wanted, by_word=by_word, keep=keep))
        first, last = (np.searchsorted(same_skeleton, list(found), side=side) for side in ("left", "right"))
        return [Similar(*each, flag) for each, flag in zip(found.items(), first < last, strict=True)]

    def near(self, vector: NDArray[np.float32], language: str, rows: Flags, wanted: int) -> Scored:
        """Find texts near in meaning.

        Args:
            vector: vector of the query, *Shape:* ``(dimension,)``.
            language: a language tag of the fragment.
            rows: flags of the rows that may be found.
            wanted: number of texts.

        Returns:
            Places and cosines of the texts, the nearest first.
        """
        index = self.index(language)
        return index.nearest.search(vector, wanted, self._keep(index.texts, rows))

    def _best(self, same: Places, texts: Texts, context: Sequence[str | None], wanted: int) -> Places:
        """Choose among equal texts: those in context first, then the most trusted."""
        if len(same) <= wanted:
            return same
        same = same[:EQUAL]
        penalties = self.penalties(texts.unit_rows[same])
        missing = np.array(_missing_context(same, texts, context))
        return same[np.lexsort((penalties, missing))][:wanted]

    @staticmethod
    def _keep(texts: Texts, rows: Flags) -> Callable[[Places], Flags]:
        return lambda places: rows[texts.unit_rows[places]]


def _missing_context(places: Places, texts: Texts, context: Sequence[str | None]) -> list[int]:
    """Count for each place the texts of the context that are not next to it; units are stored in order."""
    known = [(step, as_seen(text)) for step, text in zip((-1, 1), context, strict=True) if text is not None]

    def text_at(place: int) -> str:
        return as_seen(texts[place]) if 0 <= place < len(texts) else ""

    return [sum(text_at(place + step) != text for step, text in known) for place in places.tolist()]


def identical_pairs(snapshot: Snapshot, unit: Unit, language: str) -> Iterator[Unit]:
    """Find the other units with the text of a unit in a language, and with one of its other texts.

    Args:
        snapshot: the memory to search.
        unit: a unit of it.
        language: tag of a text of the unit.

    Yields:
        Unit: another unit; rejected ones are left out.
    """
    text = unit.texts[language]
    for fragment in map(IndexedFragment, snapshot.fragments):
        rows = fragment.with_text(as_seen(text), language, fragment.having([language]))
        for other in map(fragment.unit, rows):
            shared = other.texts.items() & unit.texts.items()
            if other.id != unit.id and (language, text) in shared and len(shared) > 1:
                yield other
