"""Units that were aligned elsewhere, added many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import polars as pl

from hexapla.errors import InputError
from hexapla.memory.additions.document_addition import Added
from hexapla.memory.additions.drafts import PEOPLE, with_what_people_did
from hexapla.memory.storage.flat_files import TEXTS_AT_ONCE, Halves
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.log import Log, units_of
from hexapla.memory.storage.vectors import VectorStore, keys_of
from hexapla.progress import Progress
from hexapla.unit_table import CONTENT, UNIT, frame_of
from hexapla_models.encoder import Vectors

_TYPES = pl.Schema(UNIT)


def add_frame(
    folder: Folder,
    units: pl.DataFrame,
    vectors: Mapping[str, Vectors | Halves],
    info: dict[str, Any],
    progress: Progress,
) -> Added:
    """Add units, or update them.

    Args:
        folder: of the memory.
        units: with identifiers of their own.
        vectors: by language, in the order of the units that have a text in it, *Shape:* ``(texts, dimension)``; those
            of other languages are made.
        info: what the history says of it.
        progress: progress callback.

    Returns:
        What was done.

    Raises:
        InputError: columns, identifiers or vectors do not fit.
        UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
    """
    frame = checked(units)
    keep_vectors(folder.vectors, units, vectors)
    others = [each for each in texts_by_language(frame) if each[0] not in vectors]
    texts = [(language, text) for language, each in others for text in each]
    encoded = folder.vectors.encode(texts, folder.encode, partial(progress, "Encoding"))
    with folder.writing():
        log = Log(folder.units.state())
        changed, added = differing(frame, log)
        counts = {"added": added, "updated": len(changed) - added, "removed": 0}
        version = folder.commit(log.state, changed, (), info | {"counts": counts}) if len(changed) else None
    names = frame["document"].unique()
    name = names[0] if len(names) == 1 else ""
    return Added(version, name, **counts, unchanged=len(frame) - len(changed), encoded=encoded, realigned=0)


def checked(units: pl.DataFrame) -> pl.DataFrame:
    """Units with the columns of `hexapla.unit_table.UNIT`, each identifier once.

    Args:
        units: of several with one identifier the last holds.

    Returns:
        The units.

    Raises:
        InputError: columns are missing or of other types, or a unit has no identifier.
    """
    missing = [name for name in UNIT if name not in units.columns]
    if missing:
        raise InputError(
            f"the units have no column {', '.join(missing)}: "
            "make the frame with `hexapla.unit_table.frame_of`."
        )
    try:
        frame = units.select(UNIT.keys()).cast(_TYPES)
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"a column of the units is not of the type that `hexapla.unit_table.UNIT` says ({error})."
        ) from error
    if frame["id"].null_count():
        raise InputError(f"{frame['id'].null_count()} units have no identifier: give each its own.")
    return frame.unique("id", keep="last", maintain_order=True)


def keep_vectors(store: VectorStore, units: pl.DataFrame, vectors: Mapping[str, Vectors | Halves]) -> None:
    """Keep the vectors of the texts of units.

    Args:
        store: of the memory.
        units: as given by the caller.
        vectors: by language, in the order of the units that have a text in it, *Shape:* ``(texts, dimension)``.

    Raises:
        InputError: there are more or fewer vectors than texts, or of another dimension.
        UnwritableMemory: the disk is full or read-only.
    """
    for language, texts in texts_by_language(units):
        if language not in vectors:
            continue
        expected, found = (len(texts), store.dimension), vectors[language].shape
        if found != expected:
            raise InputError(
                f"the vectors in {language!r} have the shape {found}, and the texts need {expected}: give one for each "
                "text of that language, of the encoder of the memory."
            )
        chunks = (
            texts[start : start + TEXTS_AT_ONCE].to_list() for start in range(0, len(texts), TEXTS_AT_ONCE)
        )
        store.add(pl.concat([keys_of(chunk, language) for chunk in chunks]), vectors[language])


def texts_by_language(units: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """Each language tag of units with the texts in it, in the order of the units."""
    variants = units.select(pl.col("variants").explode(empty_as_null=False)).unnest("variants")
    for language in variants["language"].unique(maintain_order=True).to_list():
        yield language, variants.filter(pl.col("language") == language)["text"]


def differing(units: pl.DataFrame, log: Log) -> tuple[pl.DataFrame, int]:
    """Those of the units that are new or not as the memory has them, and how many of them are new.

    Args:
        units: each identifier once.
        log: of the memory.

    Returns:
        The units with what people did to those in the memory, and the number of new ones.
    """
    now = datetime.now(UTC)
    known = log.of_ids(units["id"].to_list()).select(UNIT.keys())
    people = known.filter(pl.col("status").is_in([status.value for status in PEOPLE]))
    units = pl.concat([units.join(people, on="id", how="anti"), _continued(units, people)])
    before = known.select("id", CONTENT, pl.col("created").alias("known_since"))
    joined = units.with_columns(CONTENT).join(
        before, on="id", how="left", suffix="_before", maintain_order="left"
    )
    changed = joined.filter(pl.col("content").ne_missing(pl.col("content_before")))
    times = changed.with_columns(
        created=pl.coalesce("known_since", "created", pl.lit(now)), changed=pl.lit(now).cast(UNIT["changed"])
    )
    return times.select(UNIT.keys()).cast(_TYPES), changed["content_before"].null_count()


def _continued(units: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Units of which people edited or approved the version in the memory, with what they did."""
    mine = units.join(people, on="id", how="semi")
    old = {unit.id: unit for unit in units_of(people)}
    return frame_of(with_what_people_did(unit, old[unit.id]) for unit in units_of(mine))
