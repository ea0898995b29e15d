"""A readable view of one version of a memory."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla.errors import MissingLanguage
from hexapla.memory.storage.flat_files import Places
from hexapla.memory.storage.records import Records
from hexapla.memory.storage.texts import Texts
from hexapla.unit_records import identity, unit_of_row
from hexapla.units import Unit

Flags = NDArray[np.bool_]
Trust = NDArray[np.void]

TRUSTED = np.dtype([("status", np.uint8), ("probability", np.float64)])
"""What ranking needs to know of a unit: the index of its status in Status, and its probability.

If the order of Status changes, so must the format of fragments."""


class Fragment:
    """Units of a snapshot that are indexed together, ordered by document, level and position.

    Args:
        records: the units.
        trust: status and probability of each unit, see TRUSTED, *Shape:* ``(units,)``.
        identities: sorted hashes of the units' identifiers, see `hexapla.unit_records.identity`.
        identity_rows: row of the unit of each hash.
        claims: sorted hashes of the identifiers of all units that the fragment has or removes; they hide these units in
            earlier fragments.
        documents: rows [start, end) of the units of each document.
        texts: for each language, a function that opens its texts.
        folder: folder that has a folder for each language, see `language_folder`; None for a small fragment in memory,
            which has no index files.
        keeper: object that keeps the files from being removed as long as it exists.

    Attributes:
        hidden: rows that a later fragment replaces or removes, *Shape:* ``(units,)``.
    """

    hidden: Flags

    def __init__(
        self,
        records: Records,
        trust: Trust,
        identities: NDArray[np.uint64],
        identity_rows: NDArray[Any],
        claims: NDArray[np.uint64],
        documents: Mapping[str, tuple[int, int]],
        texts: Mapping[str, Callable[[], Texts]],
        folder: Path | None = None,
        keeper: object = None,
    ) -> None:
        self.records, self.trust = records, trust
        self.folder = folder
        self.claims = claims
        self.hidden = np.zeros(len(records), dtype=bool)
        self.documents = documents
        self._identities, self._identity_rows = identities, identity_rows
        self._load, self._keeper = texts, keeper
        self._texts: dict[str, Texts] = {}

    def __len__(self) -> int:
        """Return the number of units, hidden ones included."""
        return len(self.records)

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages of its texts."""
        return tuple(self._load)

    def unit(self, row: int) -> Unit:
        """Return the unit in a row."""
        record, known = self.records[row], Counter[str]()
        for variant in record["variants"]:
            language = variant["language"]
            if variant["text"] is None and language in self._load:
                variant["text"] = self._text(row, language, known[language])
                known[language] += 1
        return unit_of_row(record)

    def _text(self, row: int, language: str, number: int) -> str | None:
        """Return a text that the record of a unit does not have: its first one in a language, or a later one."""
        texts = self.texts(language)
        place = int(texts.unit_rows.searchsorted(row)) + number
        return texts[place] if place < len(texts) and texts.unit_rows[place] == row else None

    def rows_of(self, identities: NDArray[np.uint64]) -> Flags:
        """Flag the rows of units with these hashes of identifiers, hidden or not, *Shape:* ``(units,)``."""
        rows = np.zeros(len(self), dtype=bool)
        rows[self._identity_rows[np.isin(self._identities, identities)]] = True
        return rows

    def row_of(self, id: str) -> int | None:
        """Return the row of the unit with this identifier, hidden or not; None if there is none."""
        key = identity(id)
        place = int(np.searchsorted(self._identities, np.uint64(key)))
        while place < len(self._identities) and int(self._identities[place]) == key:
            row = int(self._identity_rows[place])
            if self.records[row]["id"] == id:
                return row
            place += 1
        return None

    def texts(self, language: str) -> Texts:
        """Return the texts in one language.

        Args:
            language: one of `languages`.

        Returns:
            The texts, those of hidden units included.
        """
        if language not in self._texts:
            self._texts[language] = self._load[language]()
        return self._texts[language]

    def hiding(self, claims: NDArray[np.uint64]) -> Fragment:
        """Hide the units that a later fragment replaces or removes.

        Args:
            claims: claims of the later fragment.

        Returns:
            The same fragment with more rows hidden.
        """
        other = copy(self)
        places = np.searchsorted(self._identities, claims)
        inside = places < len(self._identities)
        claims, places = claims[inside], places[inside]
        found = places[self._identities[places] == claims]
        other.hidden = self.hidden.copy()
        other.hidden[self._identity_rows[found].astype(np.int64)] = True
        return other

    def rows(self) -> Places:
        """Return the rows that are not hidden."""
        return np.flatnonzero(~self.hidden).astype(np.int64)


@dataclass(frozen=True)
class Snapshot:
    """An immutable view of one version of a memory; it neither blocks writers nor is blocked by them.

    Attributes:
        version: version of the memory.
        fragments: fragments of the version; each unit is in one row that is not hidden.
    """

    version: int
    fragments: tuple[Fragment, ...]

    def __len__(self) -> int:
        """Return the number of units."""
        return self._units

    @cached_property
    def _units(self) -> int:
        return sum(len(fragment) - int(fragment.hidden.sum()) for fragment in self.fragments)

    def __iter__(self) -> Iterator[Unit]:
        """Iterate over the units; those of a document are in order."""
        for fragment in self.fragments:
            yield from (fragment.unit(int(row)) for row in fragment.rows())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Language tags of the texts, sorted."""
        return tuple(sorted({language for fragment in self.fragments for language in fragment.languages}))

    def find(self, id: str) -> Unit | None:
        """Return the unit with this identifier, or None."""
        for fragment in self.fragments:
            row = fragment.row_of(id)
            if row is not None and not fragment.hidden[row]:
                return fragment.unit(row)
        return None

    def document(self, name: str) -> list[Unit]:
        """Return the units of a document.

        Args:
            name: name of the document in the memory.

        Returns:
            Its units by level and position; none if the memory does not have the document.
        """
        units = [
            fragment.unit(row)
            for fragment in self.fragments
            for row in range(*fragment.documents.get(name, (0, 0)))
            if not fragment.hidden[row]
        ]
        return sorted(units, key=order_of)

    def neighbours(self, unit: Unit) -> tuple[Unit | None, Unit | None]:
        """Return the context of a unit: the units before and after it in its document and level.

        Args:
            unit: a unit of this snapshot.

        Returns:
            The unit before and the unit after; None where there is none.
        """
        before = [found for fragment in self.fragments if (found := _neighbour(fragment, unit, -1))]
        after = [found for fragment in self.fragments if (found := _neighbour(fragment, unit, 1))]
        return max(before, key=order_of, default=None), min(after, key=order_of, default=None)

    def known_language(self, language: str) -> str:
        """Find a language of this snapshot by its tag, ignoring case.

        Args:
            language: BCP 47 tag.

        Returns:
            The tag as the memory writes it.

        Raises:
            MissingLanguage: the memory has no text in this language.
        """
        known = {tag.lower(): tag for tag in self.languages}
        if language.lower() not in known:
            has = ", ".join(self.languages) or "no language, as it is empty"
            raise MissingLanguage(f"the memory has no text in {language!r}: it has {has}.")
        return known[language.lower()]


def order_of(unit: Unit) -> tuple[str, str, float, str]:
    """Return the sort key of a unit: document, level, position, identifier."""
    return unit.document, unit.level, unit.position, unit.id


class _Ordered(Sequence[tuple[str, float, str]]):
    """Sort keys of the rows of one document, read when they are needed."""

    def __init__(self, fragment: Fragment, start: int, end: int) -> None:
        self._fragment, self._rows = fragment, range(start, end)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> tuple[str, float, str]:  # type: ignore[override]
        record = self._fragment.records[self._rows[place]]
        return record["level"], record["position"], record["id"]


def _neighbour(fragment: Fragment, unit: Unit, step: int) -> Unit | None:
    """Return the nearest live unit of a fragment before (-1) or after (1) a unit in its document and level."""
    start, end = fragment.documents.get(unit.document, (0, 0))
    key = (unit.level, unit.position, unit.id)
    rows = _Ordered(fragment, start, end)
    place = bisect_left(rows, key)
    if step < 0:
        place -= 1
    elif place < len(rows) and rows[place] == key:
        place += 1
    while 0 <= place < len(rows) and rows[place][0] == unit.level:
        if not fragment.hidden[start + place]:
            return fragment.unit(start + place)
        place += step
    return None
