"""The upgrade of a memory that an earlier release wrote: one version, which `restore` can take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from hexapla.memory.storage.log import FILE_ROWS, Log, units_of
from hexapla.memory.storage.manifest import FORMAT, MemoryManifest
from hexapla.memory.storage.store import VersionedTable
from hexapla.unit_table import COLUMNS, UNIT, frame_of
from hexapla.units import Unit, account, remembering

Texts = Mapping[str, Mapping[str, list[str]]]
"""Texts by identifier of the unit and language tag."""


def upgrade(folder: Path, units: VersionedTable, manifest: MemoryManifest) -> MemoryManifest:
    """Write a memory in the format of this release, if it has an earlier one.

    The manifest comes first, so that an earlier release refuses the memory before it meets new columns. If the process
    is killed in between, the next writer completes the upgrade.

    Args:
        folder: folder of the memory; the caller must hold the right to write.
        units: its table of units.
        manifest: its manifest.

    Returns:
        The manifest of the memory as it is then.

    Raises:
        UnwritableMemory: the folder is read-only or the disk is full.
    """
    if manifest.format < FORMAT:
        manifest = replace(manifest, format=FORMAT)
        manifest.write(folder)
    if not units.has_columns(COLUMNS):
        log = Log(units.state())
        rows = rows_with_earlier_texts(log)
        info = {"operation": "upgrade", "author": account(), "parameters": {"format": FORMAT}}
        units.replace(rows.iter_slices(FILE_ROWS), info, schema=COLUMNS)
    return manifest


def earlier_texts(log: Log, rows: pl.LazyFrame | None = None) -> Texts:
    """Find the texts that units had in earlier versions of a memory.

    Args:
        log: log of the newest version.
        rows: rows of the log to look in; all if None.

    Returns:
        Texts of the units that were changed, current ones included.
    """
    rows = (log.rows if rows is None else rows).select("id", "change", "variants")
    repeated = rows.filter(pl.len().over("id") > 1).sort("change").explode("variants")
    variants = repeated.select("id", pl.col("variants").struct.field("language", "text"))
    earlier: dict[str, dict[str, list[str]]] = {}
    for id, language, text in log.read(variants.unique(maintain_order=True)).iter_rows():
        if language is not None:
            earlier.setdefault(id, {}).setdefault(language, []).append(text)
    return earlier


def rows_with_earlier_texts(log: Log) -> pl.DataFrame:
    """Return the live rows of a log, with the texts that units had before in their variants."""
    rows, earlier = log.live(), earlier_texts(log)
    changed = rows.filter(pl.col("id").is_in(list(earlier)))
    if changed.is_empty():
        return rows
    remembered = frame_of(_with_texts(unit, earlier[unit.id]) for unit in units_of(changed))
    others = [name for name in COLUMNS if name not in UNIT]
    complete = remembered.join(changed.select("id", *others), on="id", maintain_order="left")
    rest = rows.filter(~pl.col("id").is_in(list(earlier)))
    return pl.concat([rest, complete.select(COLUMNS.keys())])


def _with_texts(unit: Unit, texts: Mapping[str, list[str]]) -> Unit:
    variants = (
        remembering(variant, (*variant.earlier, *texts.get(variant.language, ())))
        for variant in unit.variants
    )
    return replace(unit, variants=tuple(variants))
