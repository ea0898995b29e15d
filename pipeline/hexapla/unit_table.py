"""The columns of the table of units, and units as rows of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from hexapla.units import Unit

VARIANT = pl.Struct(
    {
        "language": pl.String,
        "text": pl.String,
        "original": pl.String,
        "segments": pl.List(pl.Float64),
        "block": pl.Float64,
        "file": pl.String,
        "earlier": pl.List(pl.String),
        "span": pl.List(pl.Int64),
    }
)
TIME = pl.Datetime("us", "UTC")
UNIT: dict[str, Any] = {
    "id": pl.String,
    "document": pl.String,
    "symbol": pl.String,
    "level": pl.String,
    "kind": pl.String,
    "number": pl.String,
    "position": pl.Float64,
    "variants": pl.List(VARIANT),
    "probability": pl.Float64,
    "status": pl.String,
    "moved": pl.Boolean,
    "model": pl.String,
    "model_hash": pl.String,
    "aligner": pl.String,
    "author": pl.String,
    "created": TIME,
    "changed": TIME,
    "properties": pl.String,
    "sources": pl.List(pl.String),
    "subset": pl.List(pl.String),
}
"""The columns that a unit fills."""

COLUMNS: dict[str, Any] = UNIT | {"deleted": pl.Boolean, "change": pl.Int64, "commit": pl.String}
"""The columns of the log: those of units; whether the unit was removed; and the number of the change and the name of
the commit, of which the greatest gives the current version of a unit."""

CONTENT = pl.struct(pl.exclude("author", "created", "changed")).hash().alias("content")
"""A hash of what makes a unit another one, over a frame with the columns of UNIT."""

_PLAIN = tuple(name for name in UNIT if name not in ("variants", "properties", "sources", "status", "subset"))


def frame_of(units: Iterable[Unit]) -> pl.DataFrame:
    """Units as rows.

    Args:
        units: any number.

    Returns:
        A frame with the columns of UNIT.
    """
    units = list(units)
    data: dict[str, list[Any]] = {name: [getattr(unit, name) for unit in units] for name in _PLAIN}
    data["status"] = [unit.status.value for unit in units]
    data["properties"] = [_json(unit.properties) for unit in units]
    frame = pl.DataFrame(data, schema={name: UNIT[name] for name in data})
    sources = _lists([unit.sources for unit in units], pl.String).alias("sources")
    subset = pl.Series("subset", [list(unit.subset) or None for unit in units], dtype=UNIT["subset"])
    return frame.with_columns(_variants(units), sources, subset).select(UNIT.keys())


def _variants(units: list[Unit]) -> pl.Series:
    """The column of variants."""
    flat = [(row, variant) for row, unit in enumerate(units) for variant in unit.variants]
    columns: dict[str, list[Any]] = {
        "language": [variant.language for _, variant in flat],
        "text": [variant.text for _, variant in flat],
        "original": [variant.original for _, variant in flat],
        "block": [variant.block for _, variant in flat],
        "file": [variant.file for _, variant in flat],
        "earlier": [list(variant.earlier) or None for _, variant in flat],
        "span": [variant.span and list(variant.span) for _, variant in flat],
    }
    types = {field.name: field.dtype for field in VARIANT.fields}
    long = pl.DataFrame(columns, schema={name: types[name] for name in columns})
    segments = _lists([variant.segments for _, variant in flat], pl.Float64).alias("segments")
    values = long.with_columns(segments).select(pl.struct(*types)).to_series()
    return _grouped([row for row, _ in flat], values, len(units)).alias("variants")


def _lists(lists: Sequence[Sequence[Any]], inner: type[pl.DataType]) -> pl.Series:
    """A column of lists."""
    rows = [row for row, values in enumerate(lists) for _ in values]
    flat = pl.Series([value for values in lists for value in values], dtype=inner)
    return _grouped(rows, flat, len(lists))


def _grouped(rows: Sequence[int], values: pl.Series, count: int) -> pl.Series:
    """Values put into lists by their rows, some of which have none; to convert nested Python values would be slow."""
    long = pl.DataFrame({"row": pl.Series(rows, dtype=pl.Int64), "value": values})
    grouped = long.group_by("row", maintain_order=True).agg("value")
    every = pl.DataFrame({"row": pl.int_range(count, dtype=pl.Int64, eager=True)})
    found = every.join(grouped, on="row", how="left", maintain_order="left")["value"]
    nothing = pl.Series([[]], dtype=pl.List(values.dtype)).first()
    return found.fill_null(nothing) if found.null_count() else found


def _json(properties: Mapping[str, Any]) -> str:
    return json.dumps(dict(properties), ensure_ascii=False, sort_keys=True) if properties else "{}"
