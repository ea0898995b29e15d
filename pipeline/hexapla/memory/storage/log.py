"""The log of units, read as a table: for what concerns a few units, and for polars."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from hexapla.errors import DamagedMemory, UnknownUnit
from hexapla.memory.storage.files import read_files
from hexapla.memory.storage.store import TableVersion
from hexapla.unit_table import COLUMNS, ORDER, RECORD, UNIT, unit_of_record
from hexapla.units import Unit

SHORTEST = 6  # characters of an identifier that are enough
_NUMBERS = ("id", "change", "commit", "deleted")


@dataclass(frozen=True, slots=True)
class Log:
    """The rows of one version of the table of units.

    Attributes:
        state: the version.
    """

    state: TableVersion

    @property
    def rows(self) -> pl.LazyFrame:
        """All rows, those of older versions of a unit too."""
        if not self.state.files:
            return pl.LazyFrame(schema=COLUMNS)
        return pl.scan_parquet(list(self.state.files), glob=False)

    @property
    def units(self) -> pl.LazyFrame:
        """The live units, in order of document, level and position, with the columns of a unit."""
        return _live(self.rows).filter(pl.col("level") != RECORD).select(UNIT.keys()).sort(ORDER)

    def numbers(self) -> pl.DataFrame:
        """Identifier, change, commit and removal of the version of each unit that holds."""
        return self.read(_latest(self.rows.select(_NUMBERS)))

    def live(self) -> pl.DataFrame:
        """The rows that hold, those of records of documents too, with all columns."""
        return self.read(_live(self.rows))

    def unit(self, id: str) -> Unit:
        """The unit with this identifier, or the only one whose identifier begins so.

        Args:
            id: an identifier, or SHORTEST of its first characters or more.

        Returns:
            The unit.

        Raises:
            UnknownUnit: there is none, or several.
        """
        found = [id, *self._starting(id)] if len(id) >= SHORTEST else [id]
        units = {unit.id: unit for unit in units_of(self.of_ids(found)) if unit.level != RECORD}
        if id in units:
            return units[id]
        if len(units) == 1:
            return next(iter(units.values()))
        if units:
            raise UnknownUnit(
                f"{id!r} is the beginning of {len(units)} units: {', '.join(sorted(units)[:5])} ..."
            )
        raise UnknownUnit(
            f"version {self.state.version} of the memory has no unit {id!r}: look up a text to see the identifiers of "
            f"its units, of which the first {SHORTEST} characters are enough, or see `hexapla history` for versions "
            "that may have it."
        )

    def of_ids(self, ids: Collection[str]) -> pl.DataFrame:
        """The live units with these identifiers, with all columns of the log."""
        wanted = pl.Series(list(set(ids)), dtype=pl.String)
        one = len(wanted) == 1  # is found ten times as fast as one of a list
        sought = pl.col("id") == wanted[0] if one else pl.col("id").is_in(wanted.implode())
        return self.read(_live(self.rows.filter(sought)))

    def of_document(self, name: str) -> pl.DataFrame:
        """The live units of a document and its record, with all columns of the log."""
        ids = self.read(self.rows.filter(pl.col("document") == name).select(pl.col("id").unique()))["id"]
        return self.of_ids(ids.to_list())

    def _starting(self, prefix: str) -> list[str]:
        rows = self.rows.select("id").filter(pl.col("id").str.starts_with(prefix))
        return self.read(rows.unique())["id"].to_list()

    def read(self, frame: pl.LazyFrame) -> pl.DataFrame:
        """Carry out a query.

        Args:
            frame: made of `rows`.

        Returns:
            What it gives.

        Raises:
            DamagedMemory: a file is missing or damaged.
        """
        try:
            return frame.collect()
        except (OSError, pl.exceptions.PolarsError) as error:
            for file in self.state.files:
                read_files([file])  # tells which one is damaged
            raise DamagedMemory(
                f"the table of units cannot be read ({error}): run `hexapla verify`."
            ) from error


def units_of(frame: pl.DataFrame) -> list[Unit]:
    """Rows as units, in their order."""
    return [unit_of_record(record) for record in frame.iter_rows(named=True)]


def row_versions(rows: pl.DataFrame) -> frozenset[tuple[str, int, str]]:
    """What tells whether rows that were read are still the newest: identifier, change and commit of each."""
    return frozenset(rows.select(_NUMBERS[:3]).iter_rows())


def _latest(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.sort("change", "commit", maintain_order=True).unique("id", keep="last", maintain_order=True)


def _live(rows: pl.LazyFrame) -> pl.LazyFrame:
    return _latest(rows).filter(~pl.col("deleted"))
