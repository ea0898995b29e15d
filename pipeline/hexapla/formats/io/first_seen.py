"""Disk-backed first-seen index, so that memory use stays constant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from types import TracebackType
from typing import Self


class FirstSeen:
    """Remembers a number for each key, in a temporary file that is removed when the index is closed."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)  # the empty name: a temporary file
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("PRAGMA synchronous = OFF")
        self._table.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID")

    def __enter__(self) -> Self:
        """Return the index, which is closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file."""
        self.close()

    def number(self, parts: Iterable[str], number: int) -> int | None:
        """Return the number under which a key was first seen; store this number if the key is new.

        Args:
            parts: texts that form the key.
            number: a whole number of 63 bits.

        Returns:
            The number stored before, or None if the key is new.
        """
        key = _digest(parts, 16)
        added = self._table.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, number))
        if added.rowcount:
            return None
        (earlier,) = self._table.execute("SELECT number FROM seen WHERE key = ?", (key,)).fetchone()
        return int(earlier)

    def close(self) -> None:
        """Remove the file."""
        self._table.close()


def number_of(parts: Iterable[str]) -> int:
    """Return a hash of texts, of 63 bits."""
    return int.from_bytes(_digest(parts, 8)) >> 1


def _digest(parts: Iterable[str], size: int) -> bytes:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=size).digest()
