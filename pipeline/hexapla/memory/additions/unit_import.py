"""Import of units from files: compares them with those of the memory, and commits the changes in one step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

import polars as pl

from hexapla.memory.additions.carried_edits import Edit, carried_edits
from hexapla.memory.additions.unit_addition import texts_by_language
from hexapla.memory.additions.unit_merge import Merger, OnConflict, another_id
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.log import Log, units_of
from hexapla.memory.storage.upgrade import earlier_texts
from hexapla.progress import Progress
from hexapla.unit_records import RECORD, identifier_of
from hexapla.unit_table import CONTENT, UNIT, frame_of
from hexapla.units import Unit, with_earlier_texts

_UNITS_AT_ONCE = 5_000  # units that are in memory as objects at a time


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import.

    Attributes:
        version: new version of the memory, or None if nothing changed.
        added: number of new units.
        updated: number of changed units.
        unchanged: number of units that are the same in the file and in the memory.
        older: number of units left unchanged, since they were changed in the memory later than in the file.
        kept: number of units whose texts in the file were ignored because of `OnConflict.KEEP`.
        incomplete: number of units left out, since they have text in fewer than two languages.
        encoded: number of texts sent to the encoder.
        carried: number of further units that were changed because they hold, or are part of, an updated one.
    """

    version: int | None
    added: int
    updated: int
    unchanged: int
    older: int
    kept: int
    incomplete: int
    encoded: int
    carried: int = 0


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The result of comparing units of files with those of the memory.

    Attributes:
        added: new units.
        updated: changed units, before and after.
        unchanged: see `Imported`.
        older: see `Imported`.
        kept: see `Imported`.
        incomplete: see `Imported`.
    """

    added: pl.DataFrame
    updated: Sequence[Edit]
    unchanged: int
    older: int
    kept: int
    incomplete: int


@dataclass(slots=True)
class _Differing:
    """Units of files that differ from those of the memory with their identifiers.

    Attributes:
        updated: changed units of the memory, before and after.
        others: units that only share the identifier, with a new one.
        older: see `Imported`.
        kept: see `Imported`.
    """

    updated: list[Edit] = field(default_factory=list)
    others: list[Unit] = field(default_factory=list)
    older: int = 0
    kept: int = 0


def gathered(units: Iterable[Unit]) -> pl.DataFrame:
    """Gather units in a frame, using little memory.

    Args:
        units: the units; an iterator is read in batches.

    Returns:
        A frame with the columns of `hexapla.unit_table.UNIT`, in which each identifier occurs once. Units of one
        identifier that have the same texts become one, with the languages of both; a unit that says something else
        gets a separate identifier.
    """
    units = iter(units)
    frames = [frame_of([])]
    while chunk := list(islice(units, _UNITS_AT_ONCE)):
        frames.append(frame_of(chunk))
    return _distinct(pl.concat(frames))


def _distinct(frame: pl.DataFrame) -> pl.DataFrame:
    """Give each unit its own identifier, see `gathered`."""
    repeated = frame.filter(pl.col("id").is_duplicated())
    if repeated.is_empty():
        return frame
    units: dict[str, Unit] = {}
    for unit in units_of(repeated):
        while (same := units.get(unit.id)) and not _agree(same, unit):
            unit = replace(unit, id=another_id(unit, *unit.texts.values()))
        units[unit.id] = _joined(same, unit) if same else unit
    once = frame.filter(~pl.col("id").is_duplicated())
    return pl.concat([once, frame_of(units.values())])


def _agree(one: Unit, other: Unit) -> bool:
    return all(one.texts.get(tag, text) == text for tag, text in other.texts.items())


def _joined(earlier: Unit, later: Unit) -> Unit:
    """Return the later of two units of one identifier, with the languages that only the earlier one has."""
    missing = tuple(each for each in earlier.variants if each.language not in later.texts)
    return replace(later, variants=(*missing, *later.variants)) if missing else later


def import_frame(
    folder: Folder,
    found: pl.DataFrame,
    author: str | None,
    info: dict[str, Any],
    progress: Progress,
    *,
    whole: bool = False,
    on_conflict: OnConflict | None = None,
    records: pl.DataFrame | None = None,
) -> Imported:
    """Import units.

    Args:
        folder: folder of the memory.
        found: units of files, see `gathered`.
        author: author of changes for which the file names none.
        info: description of the commit for the history.
        progress: progress callback.
        whole: see `Merger`.
        on_conflict: see `Merger`.
        records: records of the documents of another memory, if the units come from there; those of documents that this
            memory does not know are added.

    Returns:
        What was done.

    Raises:
        UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
    """
    encoded = folder.vectors.encode(_texts(found), folder.encode, partial(progress, "Encoding"))
    with folder.writing():
        log = Log(folder.units.state())
        merger = Merger(datetime.now(UTC), author, whole, on_conflict, from_memory=records is not None)
        comparison = _compared(_renamed(found, log), log, merger)
        counts = {"added": len(comparison.added), "updated": len(comparison.updated)}
        edits = [*comparison.updated, *carried_edits(comparison.updated, log)]
        version = None
        if any(counts.values()):
            changed = frame_of(after for _, after in edits)
            folder.vectors.encode(_texts(changed), folder.encode)
            info |= {"counts": counts}
            rows = [comparison.added, changed, *_new_records(records, log)]
            version = folder.commit(log.state, pl.concat(rows), (), info)
    return Imported(
        version,
        **counts,
        unchanged=comparison.unchanged,
        older=comparison.older,
        kept=comparison.kept,
        incomplete=comparison.incomplete,
        encoded=encoded,
        carried=len(edits) - len(comparison.updated),
    )


def _new_records(records: pl.DataFrame | None, log: Log) -> list[pl.DataFrame]:
    """Return the records of documents that the memory does not know."""
    if records is None:
        return []
    known = log.of_ids(records["id"].to_list())["id"]
    return [records.filter(~pl.col("id").is_in(known.implode()))]


def _texts(units: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the texts of units with their language tags."""
    return [(language, text) for language, each in texts_by_language(units) for text in each]


def _renamed(found: pl.DataFrame, log: Log) -> pl.DataFrame:
    """Give units whose translation was changed in the same file the identifiers that they had.

    Without identifiers in the file, these are made of its texts. A unit continues the one of the same document that has
    its source text and is not in the file any more, if both are the only ones.
    """
    names = found["document"].unique().drop_nulls()
    before = _units(log, log.ids_of_documents([name for name in names if name]))
    if before.is_empty():
        return found
    new, gone = found.join(before, on="id", how="anti"), before.join(found, on="id", how="anti")
    pairs = _sources(new, only_first=True).join(
        _sources(gone, only_first=False), on=["document", "language", "text"], suffix="_known"
    )
    unnamed = {unit.id for unit in units_of(new.join(pairs, on="id", how="semi")) if _is_unnamed(unit)}
    chosen = pairs.filter(pl.col("id").is_in(unnamed)).unique("id_known", keep="none")
    renamed = found.join(chosen.select("id", "id_known"), on="id", how="left", maintain_order="left")
    return renamed.with_columns(id=pl.coalesce("id_known", "id")).drop("id_known")


def _sources(units: pl.DataFrame, *, only_first: bool) -> pl.DataFrame:
    """Return document, language and text of units without segments, where only one unit has them."""
    variants = pl.col("variants").list.head(1) if only_first else pl.col("variants")
    long = units.select("id", "document", variants).explode("variants").unnest("variants")
    plain = long.filter(pl.col("segments").list.len().fill_null(0) == 0)
    return plain.select("id", "document", "language", "text").filter(
        pl.len().over("document", "language", "text") == 1
    )


def _is_unnamed(unit: Unit) -> bool:
    """Return whether the identifier of a unit was made of its texts."""
    return unit.id in (identifier_of("", unit.texts), identifier_of(unit.document, unit.texts))


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
    result = _merged(differing, known, log, merger)
    counts = (
        len(differing) - len(result.updated) - len(result.others) - result.older - result.kept + len(same),
        result.older,
        result.kept,
        len(new) - len(complete),
    )
    first = merger.first(complete)
    if not result.others:
        return _Comparison(first, result.updated, *counts)
    further = _compared(frame_of(result.others), log, merger)
    more = (further.unchanged, further.older, further.kept, further.incomplete)
    return _Comparison(
        pl.concat([first, further.added]),
        [*result.updated, *further.updated],
        *map(sum, zip(counts, more, strict=True)),
    )


def _merged(differing: pl.DataFrame, known: pl.DataFrame, log: Log, merger: Merger) -> _Differing:
    """Merge units into those of the memory with the same identifier."""
    result = _Differing()
    for chunk in differing.iter_slices(_UNITS_AT_ONCE):
        before = {unit.id: unit for unit in units_of(known.join(chunk, on="id", how="semi"))}
        rows = log.rows.filter(pl.col("id").is_in(chunk["id"].implode()))
        earlier = earlier_texts(log, rows)
        for unit in units_of(chunk):
            mine = before[unit.id]
            said = earlier.get(unit.id, {})
            merged = merger.merged(mine, unit, said)
            if merger.is_another(unit, mine, said):
                result.others.append(replace(unit, id=another_id(unit, unit.document)))
            elif merged is mine:
                result.kept += merger.on_conflict is OnConflict.KEEP and not _agree(mine, unit)
            elif merger.is_older(unit, mine):
                result.older += 1
            else:
                result.updated.append((mine, with_earlier_texts(merged, mine)))
    return result
