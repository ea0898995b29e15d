"""Maintenance of a memory: compacting it, and encoding it again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from hexapla.memory.additions.unit_addition import texts_by_language
from hexapla.memory.index.fragments import DerivedData
from hexapla.memory.reports import oldest_version, size_of
from hexapla.memory.storage.files import os_errors_as, read_files
from hexapla.memory.storage.folder import VECTORS, Folder
from hexapla.memory.storage.log import FILE_ROWS, Log
from hexapla.memory.storage.manifest import MemoryManifest
from hexapla.memory.storage.vector_files import Keys
from hexapla.memory.storage.vectors import VectorStore, key_array, keys_of
from hexapla.progress import Progress
from hexapla.unit_table import UNIT
from hexapla_models.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Compaction:
    """The result of compacting.

    Attributes:
        files: number of files of the table of units that were removed.
        bytes: number of bytes freed; 0 as long as the replaced files have to stay.
        oldest: number of the oldest version that can still be opened.
    """

    files: int
    bytes: int
    oldest: int


def compact(
    folder: Folder, derived: DerivedData, hours: int, info: dict[str, Any], progress: Progress
) -> Compaction:
    """Put a memory into few files, and remove files that only older versions need.

    Args:
        folder: folder of the memory; the caller must hold the right to write.
        derived: derived data of the memory.
        hours: age up to which versions stay readable.
        info: description of the commit for the history.
        progress: progress callback.

    Returns:
        What was done.

    Raises:
        UnwritableMemory: the folder is read-only or the disk is full.
    """
    before = size_of(folder.path)
    state = folder.units.state()
    fragments = derived.fragments(state, progress)
    rows = Log(state).live()
    if len(state.files) > 1 + len(rows) // FILE_ROWS:
        folder.units.replace(rows.iter_slices(FILE_ROWS), info)
        state = folder.units.state()
        if len(fragments) == 1 and fragments[0].folder:
            derived.cover(fragments[0], state)
    removed = folder.units.vacuum(hours)
    progress("Compacting vectors", 1, 2)
    if folder.vectors.compact(_keys(_every_row(folder))) and any(each.folder for each in fragments):
        derived.rebuild(state, progress)
    for path in (folder.path / VECTORS).iterdir():
        if path.is_dir() and path != folder.vectors.path:
            shutil.rmtree(path)  # vectors of an earlier encoder
    derived.clean(state)
    freed = max(0, before - size_of(folder.path))
    return Compaction(len(removed), freed, oldest_version(folder, state))


def reencode(folder: Folder, encoder: Encoder, progress: Progress) -> Folder:
    """Encode a memory again, with another encoder or the same one.

    New vectors are written next to the old ones, so the memory has either the old or the new ones at any moment.

    Args:
        folder: folder of the memory; the caller must hold the right to write.
        encoder: encoder of the new vectors.
        progress: progress callback.

    Returns:
        The folder with its new manifest.

    Raises:
        UnwritableMemory: the folder is read-only or the disk is full.
    """
    manifest = MemoryManifest.of(encoder, folder.manifest.created)
    path = folder.path / VECTORS / manifest.hash
    texts = list(_texts(Log(folder.units.state()).live()))
    store = folder.vectors
    if path != store.path:
        shutil.rmtree(path, ignore_errors=True)  # what a killed process left
        store = VectorStore(path, manifest.dimension)
    store.encode_all(texts, encoder.encode, partial(progress, "Encoding"))
    with os_errors_as(folder.path):
        manifest.write(folder.path)
    return Folder(folder.path, manifest)


def _texts(rows: pl.DataFrame) -> Iterator[tuple[str, str]]:
    for language, texts in texts_by_language(rows):
        yield from ((language, text) for text in texts)


def _every_row(folder: Folder) -> pl.DataFrame:
    """Read the texts of all versions that are left, so that each can be restored with its vectors."""
    files = sorted(folder.units.path.glob("*.parquet"))
    return read_files(files, ["variants"]) if files else pl.DataFrame(schema={"variants": UNIT["variants"]})


def _keys(rows: pl.DataFrame) -> Keys:
    keys = [keys_of(texts, language) for language, texts in texts_by_language(rows)]
    return np.concatenate([key_array(()), *keys])
