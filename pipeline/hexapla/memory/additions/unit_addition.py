"""Addition of many units that were aligned elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import polars as pl

from hexapla.errors import InputError
from hexapla.memory.additions.document_addition import Added
from hexapla.memory.additions.drafts import with_human_changes
from hexapla.memory.storage.flat_files import Halves
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.log import Log, units_of
from hexapla.memory.storage.vectors import VectorStore, keys_of
from hexapla.progress import Progress
from hexapla.unit_table import CONTENT, UNIT, frame_of
from hexapla.units import Status, Unit
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag
from hexapla_models.encoder import Vectors

MOST_CHARACTERS = 100_000  # of a text
MOST_LANGUAGES = 100  # of a unit
MOST_OF_PROPERTIES = 1_000_000  # characters of the properties of a unit as JSON, and of its sources
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
        folder: folder of the memory.
        units: units, each with its own identifier.
        vectors: vectors by language, in the order of the units with a text in it, *Shape:* ``(texts, dimension)``;
            texts in other languages are encoded.
        info: description of the commit for the history.
        progress: progress callback.

    Returns:
        What was done.

    Raises:
        InputError: columns, identifiers or vectors are missing or of the wrong type or shape.
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
    return Added(version, name, added, counts["updated"], 0, len(frame) - len(changed), encoded)


def checked(units: pl.DataFrame) -> pl.DataFrame:
    """Check the columns of units.

    Args:
        units: the units; of several with the same identifier the last is used.

    Returns:
        The units with the columns of `hexapla.unit_table.UNIT`, each identifier once.

    Raises:
        InputError: columns are missing or of other types, or a unit has no identifier.
    """
    if "subset" not in units.columns:  # as made by earlier releases
        units = units.with_columns(subset=pl.lit(None, UNIT["subset"]))
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
            f"a column of the units does not have its type in `hexapla.unit_table.UNIT` ({error}): make the frame with "
            "`hexapla.unit_table.frame_of`."
        ) from error
    if frame["id"].null_count():
        raise InputError(f"{frame['id'].null_count()} units have no identifier: give each its own.")
    return frame.unique("id", keep="last", maintain_order=True)


def check_units(units: pl.DataFrame) -> None:
    """Refuse units that would harm a memory, before any work is done; see `check_unit`.

    Args:
        units: with the columns of `hexapla.unit_table.UNIT`.

    Raises:
        InputError: a unit is invalid; the message says why.
    """
    variants = units.select("id", "variants").explode("variants").drop_nulls("variants").unnest("variants")
    tags = [tag for tag in variants["language"].unique().to_list() if not _is_tag(tag)]
    doubtful = variants.filter(
        pl.col("language").is_in(tags)
        | (pl.col("text").str.len_chars() > MOST_CHARACTERS)
        | (pl.len().over("id") > MOST_LANGUAGES)
    )
    large = units.filter(
        pl.col("properties").str.len_bytes()
        + pl.col("sources").list.eval(pl.element().str.len_bytes()).list.sum()
        > MOST_OF_PROPERTIES
    )
    ids = pl.concat([doubtful.select("id"), large.select("id")])
    for unit in units_of(units.join(ids, on="id", how="semi")):
        check_unit(unit)


def check_unit(unit: Unit) -> None:
    """Refuse a unit that would harm a memory.

    Args:
        unit: a unit from outside.

    Raises:
        InputError: a language tag is invalid, a text or the properties are too long, or there are too many languages.
    """
    if size := _size_of_properties(unit):
        raise InputError(
            f"unit {unit.id}: it has properties of {size:,} characters, but at most {MOST_OF_PROPERTIES:,} are "
            "allowed: leave some of them out."
        )
    if len(unit.variants) > MOST_LANGUAGES:
        raise InputError(
            f"unit {unit.id}: it has {len(unit.variants):,} languages, but at most {MOST_LANGUAGES} are allowed: split "
            "it."
        )
    for variant in unit.variants:
        try:
            normalise_tag(variant.language)
        except UnknownLanguage as error:
            raise InputError(f"unit {unit.id}: {error}") from error
        if len(variant.text) > MOST_CHARACTERS:
            raise InputError(
                f"unit {unit.id}: its text in {variant.language} has {len(variant.text):,} characters, but at most "
                f"{MOST_CHARACTERS:,} are allowed: split it."
            )


def _size_of_properties(unit: Unit) -> int:
    """Return the number of characters of the properties and sources of a unit if it is too large, else 0."""
    size = sum(map(len, unit.sources)) + (
        len(json.dumps(unit.properties, ensure_ascii=False)) if unit.properties else 0
    )
    return size if size > MOST_OF_PROPERTIES else 0


def _is_tag(tag: str) -> bool:
    try:
        return bool(normalise_tag(tag))
    except UnknownLanguage:
        return False


def keep_vectors(store: VectorStore, units: pl.DataFrame, vectors: Mapping[str, Vectors | Halves]) -> None:
    """Store given vectors of the texts of units.

    Args:
        store: vectors of the memory.
        units: units as given by the caller.
        vectors: vectors by language, in the order of the units with a text in it, *Shape:* ``(texts, dimension)``.

    Raises:
        InputError: the number or the dimension of the vectors is wrong.
        UnwritableMemory: the disk is full or read-only.
    """
    for language, texts in texts_by_language(units):
        if language not in vectors:
            continue
        expected, found = (len(texts), store.dimension), vectors[language].shape
        if found != expected:
            raise InputError(
                f"the vectors in {language!r} have the shape {found}, but the texts need {expected}: give one for each "
                "text in that language, made by the encoder of the memory."
            )
        store.add(keys_of(texts, language), vectors[language])


def texts_by_language(units: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """Yield each language tag with the texts in it, in the order of the units."""
    variants = units.select(pl.col("variants").explode(empty_as_null=False)).unnest("variants")
    for language in variants["language"].unique(maintain_order=True).to_list():
        yield language, variants.filter(pl.col("language") == language)["text"]


def differing(units: pl.DataFrame, log: Log) -> tuple[pl.DataFrame, int]:
    """Find the units that are new or differ from those of the memory.

    Args:
        units: units, each identifier once.
        log: log of the memory.

    Returns:
        These units, with the changes that people made in the memory; and the number of new ones.
    """
    now = datetime.now(UTC)
    known = log.of_ids(units["id"].to_list()).select(UNIT.keys())
    people = known.filter(pl.col("status") != Status.ALIGNED.value)
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
    """Give units the changes that people made to their versions in the memory."""
    mine = units.join(people, on="id", how="semi")
    old = {unit.id: unit for unit in units_of(people)}
    return frame_of(with_human_changes(unit, old[unit.id]) for unit in units_of(mine))
