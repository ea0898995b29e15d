"""What a batch has to do: documents that are not in the memory as their files are now.

The memory has a record of each document with the hashes of the files that it was made of, written in the same commit
as its units. So the memory alone tells what is done: whatever moment a batch is killed at, or whatever version was
restored since, the next one does what is not in it, and nothing twice. A document that failed is told by the ledger,
and tried again when a file or its language has changed, when a file could not be read, when it came to a limit, and by
another release of hexapla.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hexapla import __version__
from hexapla.batch.ledger import EntryStatus, Ledger, LedgerEntry
from hexapla.batch.manifest import ManifestEntry
from hexapla.batch.messages import RETRIED
from hexapla.memory.additions.document_name import file_hash
from hexapla.memory.storage.log import Log
from hexapla.unit_table import RECORD, identity

HASHED_AT_ONCE = 64  # documents whose files are hashed at once
_THREADS = 4  # that hash files

Hashes = tuple[str | None, ...]


class ChangeStatus(StrEnum):
    """What is to be done with a document."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed before"


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document, and what is to be done with it.

    Attributes:
        entry: of the manifest.
        hashes: of its files, in their order; None for one that cannot be read.
        plan: what is to be done.
        told: whether the ledger says that it is in the memory with these files.
    """

    entry: ManifestEntry
    hashes: Hashes
    plan: ChangeStatus
    told: bool

    @property
    def missing(self) -> list[Path]:
        """Files that cannot be read."""
        pairs = zip(self.entry.inputs, self.hashes, strict=True)
        return [item.path for item, found in pairs if found is None]


class Planner:
    """Tells what is to be done.

    Args:
        log: of the memory; None if there is no memory yet.
        ledger: of the memory; None if there is none.
    """

    def __init__(self, log: Log | None, ledger: Ledger | None) -> None:
        self._recorded = _recorded(log) if log else np.zeros(0, dtype=np.uint64)
        failed = ledger.rows(EntryStatus.FAILED) if ledger else iter(())
        self._told = set(_told(ledger)) if ledger else set()
        self._failed = {row.document: _files_of(row) for row in failed if _is_final(row)}

    def plan(self, entries: Iterable[ManifestEntry]) -> Iterator[list[PlannedDocument]]:
        """What is to be done with documents; their files are read.

        Args:
            entries: of the manifest.

        Yields:
            list[PlannedDocument]: some of them, in their order.
        """
        with ThreadPoolExecutor(_THREADS) as threads:
            left = iter(entries)
            while chunk := list(islice(left, HASHED_AT_ONCE)):
                yield [self._planned(*each) for each in zip(chunk, threads.map(_hash, chunk), strict=True)]

    def _planned(self, entry: ManifestEntry, hashes: Hashes) -> PlannedDocument:
        told = _mark(entry.document, *_words(hashes)) in self._told
        return PlannedDocument(entry, hashes, self._plan(entry, hashes), told)

    def _plan(self, entry: ManifestEntry, hashes: Hashes) -> ChangeStatus:
        marks = [_mark(entry.document)]
        marks += [
            _mark(entry.document, str(item.language), found)
            for item, found in zip(entry.inputs, _words(hashes), strict=True)
        ]
        known = self._has(marks)
        if known.all():
            return ChangeStatus.UNCHANGED
        tags = [str(item.language) for item in entry.inputs]
        if self._failed.get(entry.document) == _pairs(tags, hashes):
            return ChangeStatus.FAILED
        return ChangeStatus.CHANGED if known[0] else ChangeStatus.NEW

    def _has(self, marks: Sequence[int]) -> NDArray[np.bool_]:
        wanted = np.array(marks, dtype=np.uint64)
        places = np.searchsorted(self._recorded, wanted)
        inside = places < len(self._recorded)
        inside[inside] = self._recorded[places[inside]] == wanted[inside]
        return inside


def document_rows(log: Log, documents: Sequence[str]) -> Mapping[str, pl.DataFrame]:
    """What a memory has of documents.

    Args:
        log: of the memory.
        documents: what they are known by.

    Returns:
        The live rows by document; nothing for one that it does not have.
    """
    wanted = pl.Series(documents, dtype=pl.String).implode()
    ids = log.read(log.rows.filter(pl.col("document").is_in(wanted)).select(pl.col("id").unique()))["id"]
    if not len(ids):
        return {}
    rows = log.of_ids(ids.to_list())
    return {str(name): part for (name,), part in rows.partition_by("document", as_dict=True).items()}


def _recorded(log: Log) -> NDArray[np.uint64]:
    """Marks of the documents of a memory and of their files, sorted."""
    live = log.read(_records(log))
    marks = [_mark(document) for document in live["document"]]
    files = live.explode("variants").unnest("variants").select("document", "language", "file")
    marks += [_mark(*each) for each in files.drop_nulls("file").iter_rows()]
    return np.sort(np.array(marks, dtype=np.uint64))


def _records(log: Log) -> pl.LazyFrame:
    """Documents with languages and hashes of their files, of those that a memory has now."""
    numbers = ("id", "change", "commit", "deleted")
    chosen = (pl.col("level") == RECORD) | pl.col("deleted")  # what says that a row is gone has no level
    rows = log.rows.filter(chosen).select("document", "variants", *numbers)
    latest = rows.sort("change", "commit").unique("id", keep="last")
    return latest.filter(~pl.col("deleted")).select("document", "variants")


def _mark(*parts: str) -> int:
    """A hash in 64 bits of a document, or of a document, a language and the hash of a file."""
    document, *rest = parts
    return identity("\x1f".join([document, *map(str.lower, rest)]))


def _hash(entry: ManifestEntry) -> Hashes:
    return tuple(_hash_of(item.path) for item in entry.inputs)


def _hash_of(path: Path) -> str | None:
    try:
        return file_hash(path)
    except OSError:
        return None


def _files_of(row: LedgerEntry) -> frozenset[tuple[str, str | None]]:
    return _pairs([file.language for file in row.files], [file.hash for file in row.files])


def _pairs(tags: Sequence[str], hashes: Sequence[str | None]) -> frozenset[tuple[str, str | None]]:
    """Languages and hashes of files, however the manifest orders them and spells the tags."""
    return frozenset(zip(map(str.lower, tags), hashes, strict=True))


def _told(ledger: Ledger) -> Iterator[int]:
    """Marks of documents that the ledger says to be in the memory, each with its files."""
    frame = ledger.frame().filter(pl.col("status") == EntryStatus.DONE.value)
    for document, files in frame.select("document", "files").iter_rows():
        yield _mark(document, *_words([file["hash"] for file in files]))


def _words(hashes: Sequence[str | None]) -> list[str]:
    return [found or "" for found in hashes]


def _is_final(row: LedgerEntry) -> bool:
    """Whether a document would fail again with the same files."""
    return row.hexapla == __version__ and row.kind not in RETRIED and all(file.hash for file in row.files)
