"""Other tools for look-up: a linear scan, trigrams in SQLite, and the matcher of the Translate Toolkit."""

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
MINIMUM, WANTED = 0.75, 5  # minimum similarity of a match, and number of matches wanted
CANDIDATES = 200  # texts with the most trigrams of the query, compared in full
TRIGRAMS = 16  # of a query, spread over it; with all trigrams of a long query, SQLite takes many seconds
SLOW = 3  # queries to measure a matcher that takes many seconds for each

Find = Callable[[str], list[float]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool for look-up.

    Attributes:
        name: name in the table.
        find: returns the similarities of the best matches of a query; None if the tool is not installed.
        queries: maximum number of queries to measure; None for all.
    """

    name: str
    find: Find | None
    queries: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of measuring a tool.

    Attributes:
        seconds: median time of a look-up; None if the tool is not installed.
        found: share of its matches for which the memory has a match at least as good.
    """

    seconds: float | None
    found: float


Measured = dict[str, Result]


def linear_scan(texts: Sequence[str], folder: Path) -> Peer:
    """Set up RapidFuzz over all texts.

    Args:
        texts: texts in comparable form.
        folder: not used.

    Returns:
        The tool.
    """
    return Peer(SCAN, lambda query: _scan(query, texts))


def _scan(query: str, texts: Sequence[str]) -> list[float]:
    scorer = Levenshtein.normalized_similarity
    found = process.extract(query, texts, scorer=scorer, limit=WANTED, score_cutoff=MINIMUM)
    return [share for _, share, _ in found]


def sqlite_trigrams(texts: Sequence[str], folder: Path) -> Peer:
    """Set up SQLite's full-text index of trigrams (FTS5) to find candidates, which RapidFuzz compares.

    Args:
        texts: texts in comparable form.
        folder: folder for the database.

    Returns:
        The tool.
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
    """Set up the matcher of the Translate Toolkit, if it is installed.

    Args:
        texts: texts in comparable form.
        folder: not used.

    Returns:
        The tool.
    """
    name = "Translate Toolkit, matcher"
    try:
        from translate.search.match import matcher
        from translate.storage.base import TranslationStore, TranslationUnit
    except ImportError:
        return Peer(name, None)
    # the matcher compares units of equal similarity, and fails without this method
    TranslationUnit.__lt__ = lambda one, other: False
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
    """Look texts up with other tools.

    Args:
        texts: texts of the memory, in comparable form.
        queries: texts to look up, in the same form.
        folder: folder for files.
        found: similarities of the best matches in the memory, for each query.

    Returns:
        The result of each tool, by name.
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
