"""Reports on a memory: what it holds, its history, and how versions differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from hexapla.memory.index.snapshot import Fragment, Snapshot
from hexapla.memory.search.vector_index import choose_index
from hexapla.memory.storage.folder import DERIVED, UNITS, VECTORS, Folder
from hexapla.memory.storage.log import Log, units_of
from hexapla.memory.storage.store import TableVersion
from hexapla.unit_records import RECORD
from hexapla.units import Change, same_content


@dataclass(frozen=True, slots=True)
class LanguageInfo:
    """A language of a memory.

    Attributes:
        language: BCP 47 tag.
        texts: number of texts.
        kind: how their vectors are searched in the largest fragment.
        reason: why they are searched that way.
    """

    language: str
    texts: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Info:
    """The contents of a memory.

    Attributes:
        version: number of the version.
        units: number of units.
        documents: number of documents.
        statuses: number of units by status.
        languages: languages of the texts.
        sizes: bytes on disk of units, vectors and derived files.
        encoder: name of the encoder of the vectors.
        hash: first 12 hexadecimal digits of the SHA-256 of the weights of the encoder.
        dimension: length of a vector.
        created: when the memory was made, UTC.
    """

    version: int
    units: int
    documents: int
    statuses: Mapping[str, int]
    languages: tuple[LanguageInfo, ...]
    sizes: Mapping[str, int]
    encoder: str
    hash: str
    dimension: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: a version of a memory, and how it was made.

    Attributes:
        version: number of the version.
        time: time of the commit, UTC.
        operation: create, add, import, edit, review, clean, restore, compact or upgrade.
        author: name of the account that made it, or None.
        counts: numbers of units added, updated and removed, if the operation records them.
        parameters: parameters of the operation.
    """

    version: int
    time: datetime
    operation: str
    author: str | None
    counts: Mapping[str, int]
    parameters: Mapping[str, Any]


def info_of(folder: Folder, log: Log, snapshot: Snapshot) -> Info:
    """Report what a version of a memory holds.

    Args:
        folder: folder of the memory.
        log: log of the version.
        snapshot: snapshot of the version.

    Returns:
        The counts.
    """
    manifest = folder.manifest
    units = log.read(log.units.select("document", "status"))
    statuses = units.group_by("status").len().sort("status").iter_rows()
    return Info(
        snapshot.version,
        len(units),
        units["document"].n_unique(),
        dict(statuses),
        tuple(_language(tag, snapshot, manifest.dimension) for tag in snapshot.languages),
        {name: size_of(folder.path / name) for name in (UNITS, VECTORS, DERIVED)},
        manifest.encoder,
        manifest.hash,
        manifest.dimension,
        datetime.fromisoformat(manifest.created),
    )


def _language(tag: str, snapshot: Snapshot, dimension: int) -> LanguageInfo:
    texts = [fragment.texts(tag) for fragment in snapshot.fragments if tag in fragment.languages]
    shown = sum(_shown(fragment, tag) for fragment in snapshot.fragments if tag in fragment.languages)
    choice = choose_index(max(map(len, texts)), dimension)
    return LanguageInfo(tag, shown, choice.kind.value, choice.reason)


def _shown(fragment: Fragment, tag: str) -> int:
    return int((~fragment.hidden[fragment.texts(tag).unit_rows]).sum())


def size_of(path: Path) -> int:
    """Return the size of all files in a folder, in bytes."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def history_of(folder: Folder) -> list[Commit]:
    """Return the commits of a memory, the newest first."""
    return [
        Commit(
            each["version"],
            datetime.fromtimestamp(each["timestamp"] / 1000, UTC),
            each["operation"],
            each.get("author"),
            each.get("counts", {}),
            each.get("parameters", {}),
        )
        for each in folder.units.history()
    ]


def changes_between(one: Log, other: Log) -> Iterator[Change]:
    """Compare the units of two versions.

    Args:
        one: log of the first version.
        other: log of the second version.

    Yields:
        Change: a unit with different content, in order of document, level and position.
    """
    versions = [log.numbers().filter(~pl.col("deleted")) for log in (one, other)]
    ids = {
        id
        for mine, theirs in (versions, versions[::-1])
        for id in mine.join(theirs, on=["id", "change", "commit"], how="anti")["id"]
    }
    before, after = (
        {u.id: u for u in units_of(log.of_ids(ids)) if u.level != RECORD} for log in (one, other)
    )
    pairs = [Change(before.get(id), after.get(id)) for id in before.keys() | after.keys()]
    for pair in sorted(pairs, key=_order):
        if not (pair.before and pair.after and same_content(pair.before, pair.after)):
            yield pair


def _order(change: Change) -> tuple[str, str, float, str]:
    unit = change.after or change.before
    assert unit is not None
    return unit.document, unit.level, unit.position, unit.id


def oldest_version(folder: Folder, newest: TableVersion) -> int:
    """Return the number of the oldest version that still has all its files."""
    low, high = 0, newest.version
    while low < high:
        middle = (low + high) // 2
        if folder.units.readable(middle):
            high = middle
        else:
            low = middle + 1
    return high
