"""The records of the units of a fragment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from hexapla.memory.storage.flat_files import Bytes, Strings, line_offsets


@dataclass(frozen=True)
class Records(Sequence[dict[str, Any]]):
    """Units as lines of JSON in one buffer.

    Attributes:
        strings: the lines, one for each unit.
    """

    strings: Strings

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.strings)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """Return the columns of one unit, or those of the units of a slice."""
        if isinstance(place, slice):
            return [json.loads(line) for line in self.strings[place]]
        record: dict[str, Any] = json.loads(self.strings[place])
        return record

    @classmethod
    def of_lines(cls, buffer: Bytes) -> Records:
        """Make records of lines of JSON that each end in a line feed."""
        return cls(Strings(buffer, line_offsets(buffer)))
