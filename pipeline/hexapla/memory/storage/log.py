"""The log of units as a table: every row ever committed for a unit, of which the newest is valid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from hexapla.errors import DamagedMemory, UnknownUnit
from hexapla.memory.storage.checksums import check_files
from hexapla.memory.storage.files import read_files
from hexapla.memory.storage.store import TableVersion
from hexapla.unit_records import ORDER, RECORD, unit_of_row
from hexapla.unit_table import COLUMNS, UNIT
from hexapla.units import Unit

FILE_ROWS = 250_000  # rows in a file of a table that is written again as a whole
SHORTEST = 6  # characters of an identifier by which a unit can be named
_ROW_VERSION = ("id", "change", "commit", "deleted")


@dataclass(frozen=True, slots=True)
class Log:
    """The rows of one version of the table of units.

    Attributes:
        state: the version of the table.
    """

    state: TableVersion

    @property
    def rows(self) -> pl.LazyFrame:
        """All rows, superseded ones included; raises DamagedMemory if a file is missing or damaged."""
        check_files(self.state.files)
        if not self.state.files:
            return pl.LazyFrame(schema=COLUMNS)
        return pl.scan_parquet(
            list(self.state.files),
            glob=False,
            schema=COLUMNS,
            missing_columns="insert",
            cast_options=pl.ScanCastOptions(missing_struct_fields="insert"),
        )

    @property
    def units(self) -> pl.LazyFrame:
        """The live units, in order of document, level and position, with the columns of a unit."""
        return _live(self.rows).filter(pl.col("level") != RECORD).select(UNIT.keys()).sort(ORDER)

    def numbers(self) -> pl.DataFrame:
        """Return identifier, change, commit and removal flag of the newest row of each unit."""
        return self.read(_latest(self.rows.select(_ROW_VERSION)))

    def live(self) -> pl.DataFrame:
        """Return the valid rows, document records included, with all columns."""
        return self.read(_live(self.rows))

    def unit(self, id: str) -> Unit:
        """Return the unit with this identifier, or the only one whose identifier begins with it.

        Args:
            id: an identifier, or at least its first SHORTEST characters.

        Returns:
            The unit.

        Raises:
            UnknownUnit: no unit matches, or several do.
        """
        found = [id, *self._starting(id)] if len(id) >= SHORTEST else [id]
        units = {unit.id: unit for unit in units_of(self.of_ids(found)) if unit.level != RECORD}
        if id in units:
            return units[id]
        if len(units) == 1:
            return next(iter(units.values()))
        if units:
            raise UnknownUnit(
                f"{len(units)} units have an identifier that begins with {id!r}: give more characters of one of "
                f"{', '.join(sorted(units)[:5])} ..."
            )
        raise UnknownUnit(
            f"version {self.state.version} of the memory has no unit {id!r}: look up a text to see the identifiers of "
            f"its units (the first {SHORTEST} characters are enough), or see `hexapla history` for versions that may "
            "have it."
        )

    def units_named(self, ids: Sequence[str]) -> list[Unit]:
        """Return the units with these identifiers, read together; see `unit`."""
        found = {unit.id: unit for unit in units_of(self.of_ids(ids)) if unit.level != RECORD} if ids else {}
        return [found.get(id) or self.unit(id) for id in ids]

    def of_ids(self, ids: Collection[str]) -> pl.DataFrame:
        """Return the live units with these identifiers, with all columns of the log."""
        wanted = pl.Series(list(set(ids)), dtype=pl.String)
        one = len(wanted) == 1  # ten times as fast as a list of one
        is_wanted = pl.col("id") == wanted[0] if one else pl.col("id").is_in(wanted.implode())
        return self.read(_live(self.rows.filter(is_wanted)))

    def ids_of_documents(self, names: Collection[str]) -> list[str]:
        """Return the identifiers of all rows of documents, superseded ones included."""
        rows = self.rows.filter(pl.col("document").is_in(list(names)))
        return self.read(rows.select(pl.col("id").unique()))["id"].to_list() if names else []

    def of_document(self, name: str) -> pl.DataFrame:
        """Return the live units of a document and its record, with all columns of the log."""
        return self.of_ids(self.ids_of_documents([name]))

    def _starting(self, prefix: str) -> list[str]:
        rows = self.rows.select("id").filter(pl.col("id").str.starts_with(prefix))
        return self.read(rows.unique())["id"].to_list()

    def read(self, frame: pl.LazyFrame) -> pl.DataFrame:
        """Run a query.

        Args:
            frame: query on `rows`.

        Returns:
            Its result.

        Raises:
            DamagedMemory: a file is missing or damaged.
        """
        try:
            return frame.collect()
        except (OSError, pl.exceptions.PolarsError) as error:
            for file in self.state.files:
                read_files([file])  # names the damaged one
            raise DamagedMemory(
                f"the table of units cannot be read ({error}): run `hexapla verify`."
            ) from error


def rows_of(files: Sequence[Path]) -> pl.DataFrame:
    """Read files of the table, of this or an earlier release, with all columns of the log.

    Args:
        files: the files.

    Returns:
        Their rows, in the order of the files.

    Raises:
        DamagedMemory: a file is missing or damaged.
    """
    check_files(files)
    return read_files(files, schema=COLUMNS)


def units_of(frame: pl.DataFrame) -> list[Unit]:
    """Return the rows of a frame as units, in their order."""
    return [unit_of_row(record) for record in frame.iter_rows(named=True)]


def row_versions(rows: pl.DataFrame) -> frozenset[tuple[str, int, str]]:
    """Return identifier, change and commit of each row, by which a caller sees whether rows are still the newest."""
    return frozenset(rows.select(_ROW_VERSION[:3]).iter_rows())


def _latest(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.sort("change", "commit", maintain_order=True).unique("id", keep="last", maintain_order=True)


def _live(rows: pl.LazyFrame) -> pl.LazyFrame:
    return _latest(rows).filter(~pl.col("deleted"))
