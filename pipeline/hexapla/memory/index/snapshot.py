"""One version of a memory, to be read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla.errors import MissingLanguage
from hexapla.memory.storage.flat_files import Places, Records, Texts
from hexapla.unit_records import identity, unit_of_row
from hexapla.units import Unit

Flags = NDArray[np.bool_]
Trust = NDArray[np.void]

TRUSTED = np.dtype([("status", np.uint8), ("probability", np.float64)])
"""What is known of a unit: the place of its status in Status, another order of which needs another format of the files
of a fragment, and its probability."""


class Fragment:
    """Units of a snapshot that are indexed together, ordered by document, level and position.

    Args:
        records: the units.
        trust: what is known of them, without reading them, see TRUSTED, *Shape:* ``(units,)``.
        identities: sorted hashes of the units' identifiers, see `hexapla.unit_records.identity`.
        identity_rows: row of the unit of each hash.
        claims: sorted hashes of all identifiers that the fragment mentions, removals included; they
            hide units of the fragments before it.
        documents: rows [start, end) of the units of each document.
        texts: texts of each language; called when they are asked for.
        folder: where the files of each language are, see `language_folder`; None if the fragment is held
            in memory: it is small then, and has no index files.
        keeper: what keeps the files from being removed while it lives.

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
        """Number of units, hidden ones too."""
        return len(self.records)

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages in which it has texts."""
        return tuple(self._load)

    def unit(self, row: int) -> Unit:
        """The unit in a row."""
        return unit_of_row(self.records[row])

    def rows_of(self, identities: NDArray[np.uint64]) -> Flags:
        """Return which rows have a unit of these hashes of identifiers, hidden or not, *Shape:* ``(units,)``."""
        rows = np.zeros(len(self), dtype=bool)
        rows[self._identity_rows[np.isin(self._identities, identities)]] = True
        return rows

    def row_of(self, id: str) -> int | None:
        """Row of the unit with this identifier, hidden or not; None if there is none."""
        key = identity(id)
        place = int(np.searchsorted(self._identities, np.uint64(key)))
        while place < len(self._identities) and int(self._identities[place]) == key:
            row = int(self._identity_rows[place])
            if self.records[row]["id"] == id:
                return row
            place += 1
        return None

    def texts(self, language: str) -> Texts:
        """Texts of a language that the fragment has.

        Args:
            language: one of `languages`.

        Returns:
            The texts, hidden ones too.
        """
        if language not in self._texts:
            self._texts[language] = self._load[language]()
        return self._texts[language]

    def hiding(self, claims: NDArray[np.uint64]) -> Fragment:
        """The same fragment with more rows hidden.

        Args:
            claims: sorted hashes of identifiers of a later fragment.

        Returns:
            The fragment.
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
        """Rows that are not hidden."""
        return np.flatnonzero(~self.hidden).astype(np.int64)


@dataclass(frozen=True)
class Snapshot:
    """An immutable view of one version of a memory; it never blocks a writer, nor is it blocked by one.

    Attributes:
        version: of the memory.
        fragments: the units, each in one row of one fragment that is not hidden.
    """

    version: int
    fragments: tuple[Fragment, ...]

    def __len__(self) -> int:
        """Number of units."""
        return self._units

    @cached_property
    def _units(self) -> int:
        return sum(len(fragment) - int(fragment.hidden.sum()) for fragment in self.fragments)

    def __iter__(self) -> Iterator[Unit]:
        """The units, those of a document in order."""
        for fragment in self.fragments:
            yield from (fragment.unit(int(row)) for row in fragment.rows())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Language tags of the texts, sorted."""
        return tuple(sorted({language for fragment in self.fragments for language in fragment.languages}))

    def find(self, id: str) -> Unit | None:
        """The unit with this identifier, or None."""
        for fragment in self.fragments:
            row = fragment.row_of(id)
            if row is not None and not fragment.hidden[row]:
                return fragment.unit(row)
        return None

    def document(self, name: str) -> list[Unit]:
        """The units of a document, by level and in order.

        Args:
            name: what the document is known by.

        Returns:
            Its units; none if the memory does not have it.
        """
        units = [
            fragment.unit(row)
            for fragment in self.fragments
            for row in range(*fragment.documents.get(name, (0, 0)))
            if not fragment.hidden[row]
        ]
        return sorted(units, key=order_of)

    def neighbours(self, unit: Unit) -> tuple[Unit | None, Unit | None]:
        """The units before and after one in its document and level, its context.

        Args:
            unit: of this snapshot.

        Returns:
            The two; None where there is none.
        """
        before = [found for fragment in self.fragments if (found := _beside(fragment, unit, -1))]
        after = [found for fragment in self.fragments if (found := _beside(fragment, unit, 1))]
        return max(before, key=order_of, default=None), min(after, key=order_of, default=None)

    def known_language(self, language: str) -> str:
        """The tag of a language of this snapshot, however its letters are cased.

        Args:
            language: BCP 47 tag.

        Returns:
            The tag as the memory has it.

        Raises:
            MissingLanguage: the memory has no text in it.
        """
        known = {tag.lower(): tag for tag in self.languages}
        if language.lower() not in known:
            has = ", ".join(self.languages) or "no language, as it is empty"
            raise MissingLanguage(f"the memory has no text in {language!r}: it has {has}.")
        return known[language.lower()]


def order_of(unit: Unit) -> tuple[str, str, float, str]:
    """What units are ordered by: document, level, position."""
    return unit.document, unit.level, unit.position, unit.id


class _Ordered(Sequence[tuple[str, float, str]]):
    """The order of rows of one document, read when asked for."""

    def __init__(self, fragment: Fragment, start: int, end: int) -> None:
        self._fragment, self._rows = fragment, range(start, end)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> tuple[str, float, str]:  # type: ignore[override]
        record = self._fragment.records[self._rows[place]]
        return record["level"], record["position"], record["id"]


def _beside(fragment: Fragment, unit: Unit, step: int) -> Unit | None:
    """The nearest live unit of a fragment before (-1) or after (1) a unit in its document and level."""
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
