"""Look-up by what users have: a linear scan, trigrams in SQLite, and the matcher of the Translate Toolkit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

SCAN = "RapidFuzz, linear scan"
MINIMUM, WANTED = 0.75, 5  # similarity that a match must have, and matches that are sought
CANDIDATES = 200  # texts with the most trigrams of the query, which are compared
TRIGRAMS = 16  # of a query, spread over it; with all of a long one SQLite takes many seconds
SLOW = 3  # queries that are enough to measure a matcher that takes many seconds

Find = Callable[[str], list[float]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A means of look-up.

    Attributes:
        name: shown.
        find: gives the similarities of the best matches of a query; None if it is not installed.
        queries: how many are measured at most.
    """

    name: str
    find: Find | None
    queries: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a means of look-up takes.

    Attributes:
        seconds: of a look-up, the median; None if it is not installed.
        found: share of its matches that are found as good by the memory.
    """

    seconds: float | None
    found: float


Measured = dict[str, Result]


def linear_scan(texts: Sequence[str], folder: Path) -> Peer:
    """RapidFuzz over all texts.

    Args:
        texts: in comparable form.
        folder: not used.

    Returns:
        The means.
    """
    return Peer(SCAN, lambda query: _scan(query, texts))


def _scan(query: str, texts: Sequence[str]) -> list[float]:
    scorer = Levenshtein.normalized_similarity
    found = process.extract(query, texts, scorer=scorer, limit=WANTED, score_cutoff=MINIMUM)
    return [share for _, share, _ in found]


def sqlite_trigrams(texts: Sequence[str], folder: Path) -> Peer:
    """SQLite's full-text index of trigrams (FTS5) for candidates, RapidFuzz for these.

    Args:
        texts: in comparable form.
        folder: gets the database.

    Returns:
        The means.
    """
    path = folder / "trigrams.sqlite"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    with database:
        database.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='trigram')")
        database.executemany("INSERT INTO texts VALUES (?)", ((text,) for text in texts))

    def find(query: str) -> list[float]:
        trigrams = list(dict.fromkeys(query[k : k + 3].replace('"', '""') for k in range(len(query) - 2)))
        chosen = trigrams[:: max(1, len(trigrams) // TRIGRAMS)]
        words = " OR ".join(f'"{trigram}"' for trigram in chosen)
        statement = "SELECT text FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
        with closing(database.execute(statement, (words, CANDIDATES))) as rows:
            candidates = [text for (text,) in rows]
        return _scan(query, candidates)

    return Peer("SQLite FTS5 trigrams and RapidFuzz", find, 10)


def translate_toolkit(texts: Sequence[str], folder: Path) -> Peer:
    """The matcher of the Translate Toolkit, if it is installed.

    Args:
        texts: in comparable form.
        folder: not used.

    Returns:
        The means.
    """
    name = "Translate Toolkit, matcher"
    try:
        from translate.search.match import matcher
        from translate.storage.base import TranslationStore, TranslationUnit
    except ImportError:
        return Peer(name, None)
    TranslationUnit.__lt__ = lambda one, other: (
        False
    )  # it compares units of equal similarity, and fails without
    store = TranslationStore()
    for text in texts:
        unit = TranslationUnit(text)
        unit.target = text
        store.units.append(unit)
    memory = matcher(store, max_candidates=WANTED, min_similarity=round(100 * MINIMUM), max_length=2000)

    def find(query: str) -> list[float]:
        return [float(match.getnotes().rstrip("%")) / 100 for match in memory.matches(query)]

    return Peer(name, find, SLOW)


def measure_peers(
    texts: Sequence[str], queries: Sequence[str], folder: Path, found: Sequence[Sequence[float]]
) -> Measured:
    """Look texts up by other means.

    Args:
        texts: of the memory, in comparable form.
        queries: texts, likewise.
        folder: for files.
        found: similarities of the best matches of each query that the memory found.

    Returns:
        What each means takes, by its name.
    """
    peers = (make(texts, folder) for make in (linear_scan, sqlite_trigrams, translate_toolkit))
    return {peer.name: _measured(peer, queries[: peer.queries], found) for peer in peers}


def _measured(peer: Peer, queries: Sequence[str], found: Sequence[Sequence[float]]) -> Result:
    if peer.find is None:
        return Result(None, 0)
    times, right, wanted = [], 0, 0
    for query, ours in zip(queries, found, strict=False):
        start = perf_counter()
        best = peer.find(query)
        times.append(perf_counter() - start)
        wanted += len(best)
        right += sum(a >= b - 1e-6 for a, b in zip(ours, best, strict=False))
    return Result(median(times), right / max(wanted, 1))
