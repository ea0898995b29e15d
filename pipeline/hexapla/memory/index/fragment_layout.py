"""The layout of a fragment in memory or in files: records, texts, vectors, and ways to find a unit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable
from hexapla.lazy_module import LazyModule
from hexapla.memory.index.snapshot import TRUSTED, Fragment, Trust
from hexapla.memory.storage.flat_files import (
    TEXTS_AT_ONCE,
    Places,
    Strings,
    language_folder,
    map_array,
)
from hexapla.memory.storage.records import Records
from hexapla.memory.storage.texts import Texts
from hexapla.memory.storage.vector_files import (
    KEYS,
    NOWHERE,
    StoredVectors,
    VectorFile,
    VectorPlaces,
    located,
)
from hexapla.memory.storage.vectors import VectorStore, key_array, keys_of
from hexapla.progress import Progress
from hexapla.unit_records import ORDER, RECORD, identity
from hexapla.units import Status

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

TRUST, IDENTITIES, CLAIMS, DOCUMENTS = (
    "trust.npy",
    "identities.npy",
    "claims.npy",
    "documents.json",
)

VECTOR_FILES, OWN_VECTORS, PLACES = "vector_files.json", "vectors", "vector_places.npy"

Complete = Callable[[str, list[str]], NDArray[np.float32]]
"""Function of a language and its texts without a vector that makes their vectors."""


def latest(log: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each unit, removed units included.

    Args:
        log: rows of the table.

    Returns:
        One row for each identifier.
    """
    keys = log.select("id", "change", "commit").with_row_index("row")
    if keys["id"].n_unique() == len(keys):
        return log
    rows = keys.sort("change", "commit", "row").unique("id", keep="last")["row"].sort()
    return log[rows]


def live(log: pl.DataFrame) -> pl.DataFrame:
    """Return the live units of a log, in order of document, level and position."""
    from hexapla.unit_table import UNIT

    here = ~pl.col("deleted") & (pl.col("level") != RECORD)
    return latest(log).filter(here).select(UNIT.keys()).sort(ORDER)


def claims_of(log: pl.DataFrame) -> NDArray[np.uint64]:
    """Return the sorted hashes of all identifiers in a log, removed units included."""
    return np.unique(_identities(log["id"]))


def fragment_in_memory(log: pl.DataFrame, vectors: VectorStore) -> Fragment:
    """Make a small fragment without files.

    Args:
        log: rows of the table that no other fragment covers.
        vectors: vectors of the memory.

    Returns:
        The fragment.
    """
    frame = live(log)
    order, identities = _sorted_identities(frame["id"])
    long = _by_language(frame)
    texts = {language: _reader_of(language, group, vectors) for language, group in long.items()}
    return Fragment(
        Records.of(frame), _trust(frame), identities, order, claims_of(log), _documents(frame), texts
    )


def write_fragment(
    folder: Path, log: pl.DataFrame, vectors: VectorStore, complete: Complete, progress: Progress
) -> dict[str, int]:
    """Write a fragment as files.

    Args:
        folder: an empty folder; gets a folder for each language, see `language_folder`.
        log: rows of the table.
        vectors: vectors of the memory.
        complete: function that makes missing vectors.
        progress: progress callback.

    Returns:
        Number of texts by language tag.

    Raises:
        OSError: the files cannot be written.
    """
    frame = live(log)
    Records.write(folder, frame)
    np.save(folder / TRUST, _trust(frame))
    order, identities = _sorted_identities(frame["id"])
    np.save(folder / IDENTITIES, np.stack([identities, order.astype(np.uint64)]))
    np.save(folder / CLAIMS, claims_of(log))
    (folder / DOCUMENTS).write_text(json.dumps(_documents(frame), ensure_ascii=False), encoding="utf-8")
    long = _by_language(frame)
    for done, (language, group) in enumerate(long.items()):
        progress("Writing texts", done, len(long))
        place = language_folder(folder, language)
        place.mkdir()
        Texts.write(place, group["text"].to_list(), _rows(group), lambda text: comparable(as_seen(text)))
    _write_vectors(folder, long, vectors, complete, progress)
    return {language: len(group) for language, group in long.items()}


def open_fragment(
    folder: Path, languages: Mapping[str, int], vectors: VectorStore, keeper: object
) -> Fragment:
    """Memory-map a fragment.

    Args:
        folder: folder written by `write_fragment`.
        languages: number of texts by language tag.
        vectors: vectors of the memory.
        keeper: object that keeps the files from being removed as long as it exists.

    Returns:
        The fragment; it reads only what is used.

    Raises:
        OSError: a file is missing.
        ValueError: a file is damaged, or vectors are missing.
    """
    records = Records.open(folder)
    identities, rows = map_array(folder / IDENTITIES)
    documents = json.loads((folder / DOCUMENTS).read_text(encoding="utf-8"))
    files = _vector_files(folder, vectors)
    texts = {}
    for language in languages:
        place = language_folder(folder, language)
        stored = StoredVectors(files, map_array(place / PLACES), vectors.dimension)
        texts[language] = _constant(Texts.open(place, language, stored))
    trust, claims = map_array(folder / TRUST), map_array(folder / CLAIMS)
    return Fragment(records, trust, identities, rows, claims, documents, texts, folder, keeper)


def _vector_files(folder: Path, vectors: VectorStore) -> list[VectorFile]:
    """Open the files that have the vectors of a fragment."""
    files = []
    for name, rows in json.loads((folder / VECTOR_FILES).read_text(encoding="utf-8")).items():
        own = folder / OWN_VECTORS / name
        path = own if own.with_suffix(KEYS).exists() else vectors.path / name
        files.append(VectorFile.open(path, vectors.dimension))
        if len(files[-1]) < rows:
            raise ValueError(f"{path} has {len(files[-1])} vectors instead of {rows}")
    return files


def _trust(frame: pl.DataFrame) -> Trust:
    """Return status and probability of each unit."""
    trust = np.zeros(len(frame), dtype=TRUSTED)
    codes = {status.value: code for code, status in enumerate(Status)}
    trust["status"] = frame["status"].replace_strict(codes, return_dtype=pl.UInt8).to_numpy()
    trust["probability"] = frame["probability"].to_numpy()
    return trust


def _constant(texts: Texts) -> Callable[[], Texts]:
    return lambda: texts


def _reader_of(language: str, group: pl.DataFrame, vectors: VectorStore) -> Callable[[], Texts]:
    """Return a function that makes the texts of a language when they are needed."""

    def read() -> Texts:
        texts = group["text"].to_list()
        found, _ = vectors.look_up(keys_of(texts, language))
        return Texts(language, Strings.of(texts), _rows(group), found)

    return read


def _by_language(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return row and text of all variants that have text, by language tag."""
    long = (
        frame.select("variants")
        .with_row_index("row")
        .explode("variants", empty_as_null=False, keep_nulls=False)
        .select("row", pl.col("variants").struct.field("language", "text"))
        .filter(pl.col("text").str.len_bytes() > 0)
    )
    groups = {str(key[0]): group for key, group in long.partition_by("language", as_dict=True).items()}
    return {language: groups[language] for language in sorted(groups)}


def _rows(group: pl.DataFrame) -> Places:
    return group["row"].to_numpy().astype(np.int64)


def _write_vectors(
    folder: Path,
    long: Mapping[str, pl.DataFrame],
    vectors: VectorStore,
    complete: Complete,
    progress: Progress,
) -> None:
    """Write where the vectors of the texts are; those that the memory cannot keep are written into the fragment."""
    own, keys, files = VectorStore(folder / OWN_VECTORS, vectors.dimension), {}, vectors.files()
    places: dict[str, VectorPlaces] = {}
    for done, (language, group) in enumerate(long.items()):
        progress("Gathering vectors", done, len(long))
        keys[language] = keys_of(group["text"], language)
        places[language] = located(files, keys[language])
        lacking = places[language] == NOWHERE
        if lacking.any():
            texts = dict(
                zip(keys[language][lacking].tolist(), group["text"].filter(pl.Series(lacking)), strict=True)
            )
            _add_lacking(own, vectors, texts, partial(complete, language))
    if any((each == NOWHERE).any() for each in places.values()):
        files = (*vectors.files(), *own.files())
        places = {language: located(files, each) for language, each in keys.items()}
    rows = {file.path.name: len(file) for file in files}
    (folder / VECTOR_FILES).write_text(json.dumps(rows), encoding="utf-8")
    for language, each in places.items():
        np.save(language_folder(folder, language) / PLACES, each)


def _add_lacking(
    own: VectorStore,
    vectors: VectorStore,
    texts: Mapping[bytes, str],
    complete: Callable[[list[str]], NDArray[np.float32]],
) -> None:
    """Add the vectors of texts, by key, that are not in files: from the table of format 1, or made now."""
    keys = key_array(texts)
    for some, rows in vectors.older.matching(keys):
        own.add(some, rows)
    rest = own.missing(keys)
    for start in range(0, len(rest), TEXTS_AT_ONCE):
        some = keys[rest[start : start + TEXTS_AT_ONCE]]
        made = complete([texts[key] for key in some.tolist()])
        unkept = located(vectors.files(), some) == NOWHERE
        if unkept.any():  # the memory cannot be written
            own.add(some[unkept], made[unkept])


def _identities(ids: pl.Series) -> NDArray[np.uint64]:
    return np.fromiter(map(identity, ids), dtype=np.uint64, count=len(ids))


def _sorted_identities(ids: pl.Series) -> tuple[Places, NDArray[np.uint64]]:
    """Return the rows in order of the hashes of their identifiers, and the hashes."""
    hashes = _identities(ids)
    order = np.argsort(hashes, kind="stable")
    return order.astype(np.int64), hashes[order]


def _documents(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the rows [start, end) of each document, in a frame sorted by document."""
    counted = frame.with_row_index("row").group_by("document", maintain_order=True)
    bounds = counted.agg(start=pl.col("row").min(), end=pl.col("row").max() + 1)
    return {name: (start, end) for name, start, end in bounds.iter_rows()}
