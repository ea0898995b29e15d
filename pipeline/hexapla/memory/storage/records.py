"""The records of the units of a fragment: their columns as JSON, compressed, without the texts stored elsewhere."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from hexapla.lazy_module import LazyModule
from hexapla.memory.storage.flat_files import Strings
from hexapla.memory.storage.packed_strings import DICTIONARY, PackedStrings, PackedWriter, compressor

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

NAME, SAMPLE = "units", "units.dictionary"
SAMPLES = 16  # records in the dictionary
WRITTEN_AT_ONCE = 16_384  # records


@dataclass(frozen=True)
class Records(Sequence[dict[str, Any]]):
    """Units as lines of JSON.

    Attributes:
        lines: one for each unit.
    """

    lines: Strings | PackedStrings

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.lines)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """Return the columns of one unit, or those of the units of a slice; a text stored elsewhere is None."""
        if isinstance(place, slice):
            return [json.loads(line) for line in self.lines[place]]
        record: dict[str, Any] = json.loads(self.lines[place])
        return record

    @classmethod
    def of(cls, units: pl.DataFrame) -> Records:
        """Make records in memory, with their texts."""
        return cls(Strings.of([line.decode() for line in _lines(units)]))

    @classmethod
    def open(cls, folder: Path) -> Records:
        """Memory-map records; raise OSError if a file is missing, and ValueError if one is damaged."""
        sample = (folder / SAMPLE).read_bytes()
        return cls(PackedStrings.open(folder, NAME, lambda place: sample))

    @staticmethod
    def write(folder: Path, units: pl.DataFrame) -> None:
        """Write records without texts, each compressed with the same sample of them.

        Args:
            folder: folder that gets the files.
            units: the units, with the columns of `hexapla.unit_table.UNIT`.
        """
        units = units.with_columns(variants=_textless())
        places = np.linspace(0, max(0, len(units) - 1), min(SAMPLES, len(units))).astype(int)
        sample = b"".join(_lines(units[places]))[-DICTIONARY:]
        (folder / SAMPLE).write_bytes(sample)
        compress = compressor(sample)
        with PackedWriter(folder, NAME) as file:
            for batch in units.iter_slices(WRITTEN_AT_ONCE):
                lines = _lines(batch)
                file.pack(lines, [compress(line) for line in lines])


def _lines(units: pl.DataFrame) -> list[bytes]:
    buffer = io.BytesIO()
    units.write_ndjson(buffer)
    return buffer.getvalue().split(b"\n")[:-1]


def _textless() -> pl.Expr:
    """Return variants without the texts that are in a string array; an empty text is in none."""
    text = pl.field("text")
    kept = pl.when(text.str.len_bytes() == 0).then(text)
    return pl.col("variants").list.eval(pl.element().struct.with_fields(text=kept))
