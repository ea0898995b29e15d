"""Import of units from files: compares them with those of the memory, and commits the changes in one step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

import polars as pl

from hexapla.memory.additions.unit_addition import texts_by_language
from hexapla.memory.additions.unit_merge import Merger, another_id, is_another, is_older
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.log import Log, units_of
from hexapla.progress import Progress
from hexapla.unit_records import RECORD
from hexapla.unit_table import CONTENT, UNIT, frame_of
from hexapla.units import Unit

_UNITS_AT_ONCE = 5_000  # units that are in memory as objects at a time


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes:
        version: new version of the memory, or None if nothing changed.
        added: number of new units.
        updated: number of changed units.
        unchanged: number of units that are the same in the file and in the memory.
        older: number of units left as they are, since they were changed in the memory later than in the file.
        incomplete: number of units left out, since they have text in fewer than two languages.
        encoded: number of texts sent to the encoder.
    """

    version: int | None
    added: int
    updated: int
    unchanged: int
    older: int
    incomplete: int
    encoded: int


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The result of comparing units of files with those of the memory.

    Attributes:
        added: new units.
        updated: changed units.
        unchanged: see `Imported`.
        older: see `Imported`.
        incomplete: see `Imported`.
    """

    added: pl.DataFrame
    updated: Sequence[Unit]
    unchanged: int
    older: int
    incomplete: int


def gathered(units: Iterable[Unit]) -> pl.DataFrame:
    """Gather units in a frame, using little memory.

    Args:
        units: the units; an iterator is read bit by bit.

    Returns:
        A frame with the columns of `hexapla.unit_table.UNIT`; of several units with the same identifier, the last.
    """
    units = iter(units)
    frames = [frame_of([])]
    while chunk := list(islice(units, _UNITS_AT_ONCE)):
        frames.append(frame_of(chunk))
    return pl.concat(frames).unique("id", keep="last", maintain_order=True)


def import_frame(
    folder: Folder,
    found: pl.DataFrame,
    author: str | None,
    info: dict[str, Any],
    progress: Progress,
    *,
    whole: bool = False,
) -> Imported:
    """Import units.

    Args:
        folder: folder of the memory.
        found: units of files, see `gathered`.
        author: author of changes for which the file names none.
        info: description of the commit for the history.
        progress: progress callback.
        whole: see `Merger`.

    Returns:
        What was done.

    Raises:
        UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
    """
    texts = [(language, text) for language, each in texts_by_language(found) for text in each]
    encoded = folder.vectors.encode(texts, folder.encode, partial(progress, "Encoding"))
    with folder.writing():
        log = Log(folder.units.state())
        merger = Merger(datetime.now(UTC), author, whole)
        comparison = _compared(found, log, merger)
        counts = {"added": len(comparison.added), "updated": len(comparison.updated)}
        version = None
        if any(counts.values()):
            changed = pl.concat([comparison.added, frame_of(comparison.updated)])
            version = folder.commit(log.state, changed, (), info | {"counts": counts})
    return Imported(
        version,
        **counts,
        unchanged=comparison.unchanged,
        older=comparison.older,
        incomplete=comparison.incomplete,
        encoded=encoded,
    )


def _units(log: Log, ids: Collection[str]) -> pl.DataFrame:
    """Return the units of the memory with these identifiers."""
    return log.of_ids(ids).filter(pl.col("level") != RECORD).select(UNIT.keys())


def _compared(found: pl.DataFrame, log: Log, merger: Merger) -> _Comparison:
    known = _units(log, found["id"].to_list())
    new = found.join(known, on="id", how="anti", maintain_order="left")
    complete = new.filter(pl.col("variants").list.len() > 1)
    same = found.with_columns(CONTENT).join(known.with_columns(CONTENT), on=["id", "content"], how="semi")
    differing = found.join(known, on="id", how="semi", maintain_order="left").join(
        same, on="id", how="anti", maintain_order="left"
    )
    updated, others, older = _merged(differing, known, merger)
    counts = (
        len(differing) - len(updated) - len(others) - older + len(same),
        older,
        len(new) - len(complete),
    )
    first = merger.first(complete)
    if not others:
        return _Comparison(first, updated, *counts)
    further = _compared(frame_of(others), log, merger)
    more = (further.unchanged, further.older, further.incomplete)
    added = pl.concat([first, further.added])
    return _Comparison(added, [*updated, *further.updated], *map(sum, zip(counts, more, strict=True)))


def _merged(
    differing: pl.DataFrame, known: pl.DataFrame, merger: Merger
) -> tuple[list[Unit], list[Unit], int]:
    """Return changed units, other units that only share the identifier, and the number of older units."""
    updated: list[Unit] = []
    others: list[Unit] = []
    older = 0
    for chunk in differing.iter_slices(_UNITS_AT_ONCE):
        before = {unit.id: unit for unit in units_of(known.join(chunk, on="id", how="semi"))}
        for unit in units_of(chunk):
            mine = before[unit.id]
            merged = merger.merged(mine, unit)
            if merged is mine:
                continue
            if not merger.whole and is_another(unit, mine):
                others.append(replace(unit, id=another_id(unit)))
            elif not merger.whole and is_older(unit, mine):
                older += 1
            else:
                updated.append(merged)
    return updated, others, older
