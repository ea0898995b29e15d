"""The plan of a batch: which documents are not in the memory with their files as they are now.

The memory has a record of each document with the hashes of its files, written in the same commit as its units. So the
memory itself shows what is done: whenever a batch was killed, and whatever version has been restored since, the next
batch does what the memory lacks, and nothing twice. Documents that failed are found in the ledger. They are tried again
if a file or its language has changed, if a file could not be read, if they reached a limit, or if another release of
hexapla runs.
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
from hexapla.unit_records import RECORD, identity

HASHED_AT_ONCE = 64  # documents whose files are hashed at once
_THREADS = 4  # that hash files

Hashes = tuple[str | None, ...]


class ChangeStatus(StrEnum):
    """How a document compares with what the memory has."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed before"


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document of the manifest, compared with the memory.

    Attributes:
        entry: its entry in the manifest.
        hashes: hashes of its files, in the order of the entry; None for a file that cannot be read.
        status: how it compares with the memory.
        in_ledger: whether the ledger lists it as done with these files.
    """

    entry: ManifestEntry
    hashes: Hashes
    status: ChangeStatus
    in_ledger: bool

    @property
    def missing(self) -> list[Path]:
        """Files that cannot be read."""
        pairs = zip(self.entry.inputs, self.hashes, strict=True)
        return [item.path for item, found in pairs if found is None]


class Planner:
    """Compares the documents of a manifest with a memory.

    Args:
        log: log of the memory; None if there is no memory yet.
        ledger: ledger of the memory; None if there is none.
    """

    def __init__(self, log: Log | None, ledger: Ledger | None) -> None:
        self._recorded = _recorded(log) if log else np.zeros(0, dtype=np.uint64)
        failed = ledger.entries(EntryStatus.FAILED) if ledger else iter(())
        self._done = set(_done(ledger)) if ledger else set()
        self._failed = {entry.document: _files_of(entry) for entry in failed if _is_final(entry)}

    def plan(self, entries: Iterable[ManifestEntry]) -> Iterator[list[PlannedDocument]]:
        """Compare documents with the memory, which reads their files.

        Args:
            entries: entries of the manifest.

        Yields:
            list[PlannedDocument]: the documents in their order, a group at a time.
        """
        with ThreadPoolExecutor(_THREADS) as threads:
            left = iter(entries)
            while chunk := list(islice(left, HASHED_AT_ONCE)):
                yield [self._planned(*each) for each in zip(chunk, threads.map(_hash, chunk), strict=True)]

    def _planned(self, entry: ManifestEntry, hashes: Hashes) -> PlannedDocument:
        in_ledger = _mark(entry.document, *_words(hashes)) in self._done
        return PlannedDocument(entry, hashes, self._status(entry, hashes), in_ledger)

    def _status(self, entry: ManifestEntry, hashes: Hashes) -> ChangeStatus:
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
    """Return the rows of documents in a memory.

    Args:
        log: log of the memory.
        documents: names of the documents.

    Returns:
        The live rows by document; documents that the memory lacks are left out.
    """
    wanted = pl.Series(documents, dtype=pl.String).implode()
    ids = log.read(log.rows.filter(pl.col("document").is_in(wanted)).select(pl.col("id").unique()))["id"]
    if not len(ids):
        return {}
    rows = log.of_ids(ids.to_list())
    return {str(name): part for (name,), part in rows.partition_by("document", as_dict=True).items()}


def _recorded(log: Log) -> NDArray[np.uint64]:
    """Hashes that represent the documents of a memory and for their files, sorted."""
    live = log.read(_records(log))
    marks = [_mark(document) for document in live["document"]]
    files = live.explode("variants").unnest("variants").select("document", "language", "file")
    marks += [_mark(*each) for each in files.drop_nulls("file").iter_rows()]
    return np.sort(np.array(marks, dtype=np.uint64))


def _records(log: Log) -> pl.LazyFrame:
    """Records of the documents that a memory has now, with the languages and hashes of their files."""
    numbers = ("id", "change", "commit", "deleted")
    chosen = (pl.col("level") == RECORD) | pl.col("deleted")  # a row that marks a deletion has no level
    rows = log.rows.filter(chosen).select("document", "variants", *numbers)
    latest = rows.sort("change", "commit").unique("id", keep="last")
    return latest.filter(~pl.col("deleted")).select("document", "variants")


def _mark(*parts: str) -> int:
    """A 64-bit hash of a document name, or of a document name with a language and file hashes."""
    document, *rest = parts
    return identity("\x1f".join([document, *map(str.lower, rest)]))


def _hash(entry: ManifestEntry) -> Hashes:
    return tuple(_hash_of(item.path) for item in entry.inputs)


def _hash_of(path: Path) -> str | None:
    try:
        return file_hash(path)
    except OSError:
        return None


def _files_of(entry: LedgerEntry) -> frozenset[tuple[str, str | None]]:
    return _pairs([file.language for file in entry.files], [file.hash for file in entry.files])


def _pairs(tags: Sequence[str], hashes: Sequence[str | None]) -> frozenset[tuple[str, str | None]]:
    """Languages and hashes of files, regardless of their order and of the case of the tags."""
    return frozenset(zip(map(str.lower, tags), hashes, strict=True))


def _done(ledger: Ledger) -> Iterator[int]:
    """Hashes of documents, with their files, that the ledger lists as done."""
    frame = ledger.frame().filter(pl.col("status") == EntryStatus.DONE.value)
    for document, files in frame.select("document", "files").iter_rows():
        yield _mark(document, *_words([file["hash"] for file in files]))


def _words(hashes: Sequence[str | None]) -> list[str]:
    return [found or "" for found in hashes]


def _is_final(entry: LedgerEntry) -> bool:
    """Whether a document would fail again with the same files."""
    same_release, readable = entry.hexapla == __version__, all(file.hash for file in entry.files)
    return same_release and readable and entry.kind not in RETRIED
