"""The cost of a memory, measured with what all revisions of the project have."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from _measure import peak_memory
from _peers import MINIMUM, WANTED
from _variants import Pair, Variants
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable
from hexapla.memory.memory import Memory
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.text import matching_text
from hexapla.units import Unit
from hexapla_corpora.languages import spaced
from hexapla_models.registry import load_encoder

ADDED = 100_000  # units added in one commit
DOCUMENT = 200  # units in a document
NEIGHBOURS = 10
COMPARED_AT_ONCE = 65_536  # vectors
SAME = 1e-4  # cosines that differ by less are the same

Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Added:
    """The cost of adding units.

    Attributes:
        adding: seconds to commit them.
        indexing: seconds to build the indexes when the memory is first opened.
        size: bytes of the memory on disk.
    """

    adding: float
    indexing: float
    size: int


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost and results of look-ups in one language.

    Attributes:
        opening: seconds to open the memory.
        first: seconds of each of the first look-ups in the process.
        times: seconds of each later look-up, including encoding.
        encoding: seconds to encode each query, without look-up.
        matches: similarities of the best fuzzy matches of the first queries.
        recall: share of the nearest vectors that the vector indexes find.
        memory: peak memory of the process in MiB.
    """

    opening: float
    first: list[float]
    times: list[float]
    encoding: list[float]
    matches: list[list[float]]
    recall: float
    memory: float


def write_vectors(folder: Path, variants: Variants) -> None:
    """Write the vectors of the units in both languages, which take long to compose, see `vectors_in`."""
    encoder = load_encoder(threads=1)
    for side, tag in enumerate(variants.languages):
        np.save(folder / f"{tag}.npy", variants.vectors(side, encoder))


def vectors_in(folder: Path, language: str) -> Halves:
    """Memory-map the vectors of the units in a language."""
    vectors: Halves = np.load(folder / f"{language}.npy", mmap_mode="r")
    return vectors


def add(path: Path, variants: Variants, folder: Path) -> Added:
    """Add units with known vectors to a new memory.

    Args:
        path: path of the new memory.
        variants: the units.
        folder: folder of their vectors.

    Returns:
        The cost.
    """
    memory = Memory.create(path)
    seconds = 0.0
    for start, units in _units(variants):
        rows = slice(start, start + len(units))
        known = {tag: np.array(vectors_in(folder, tag)[rows]) for tag in variants.languages}
        begin = perf_counter()
        memory.add_units(units, known)
        seconds += perf_counter() - begin
    begin = perf_counter()
    Memory.open(path)
    indexing = perf_counter() - begin
    return Added(seconds, indexing, sum(file.stat().st_size for file in path.rglob("*") if file.is_file()))


def _units(variants: Variants) -> Iterator[tuple[int, list[Unit]]]:
    """Yield the units of each commit, in documents, with the number of the first unit."""
    texts, chances = [variants.texts(side) for side in (0, 1)], random.Random(0)
    for start in range(0, len(variants), ADDED):
        yield (
            start,
            [
                Unit.of_texts(
                    f"{number:016x}",
                    {tag: texts[side][number] for side, tag in enumerate(variants.languages)},
                    document=f"document {number // DOCUMENT}",
                    level="sentence",
                    kind="plain",
                    position=float(number % DOCUMENT),
                    probability=chances.betavariate(8, 1),
                )
                for number in range(start, min(start + ADDED, len(variants)))
            ],
        )


def look_up(
    path: Path,
    before: Sequence[str],
    queries: Sequence[str],
    compared: int,
    languages: Pair,
    side: int,
    folder: Path,
) -> Cost:
    """Look texts up on one core.

    Args:
        path: path of the memory.
        before: other texts to look up first.
        queries: texts to look up.
        compared: number of queries whose matches are compared.
        languages: languages of the memory.
        side: index of the language of the queries.
        folder: folder of the vectors of the units.

    Returns:
        The cost and the results.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    start = perf_counter()
    memory = Memory.open(path)
    opening = perf_counter() - start
    source, target = languages[side], languages[1 - side]

    def look(query: str) -> object:
        return memory.lookup(query, source=source, target=target)

    first = _timed(look, before)
    times = _timed(look, queries)
    peak, encoder = peak_memory(), load_encoder(threads=1)
    encoding = _timed(lambda query: encoder.encode([query]), queries)
    fragments = [IndexedFragment(fragment) for fragment in memory.snapshot.fragments]
    matches = [_similar(fragments, query, source) for query in queries[:compared]]
    vectors = encoder.encode([matching_text(as_seen(query), source) for query in queries[:compared]])
    recall = float(np.mean([_recall(fragments, tag, vectors, vectors_in(folder, tag)) for tag in languages]))
    return Cost(opening, first, times, encoding, matches, recall, peak)


def _timed(step: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Time a step for each query, in seconds."""
    times = [perf_counter()]
    for query in queries:
        step(query)
        times.append(perf_counter())
    return np.diff(times).tolist()


def _similar(fragments: Sequence[IndexedFragment], query: str, language: str) -> list[float]:
    """Return the similarities of the best fuzzy matches, highest first."""
    folded = comparable(as_seen(query))
    found = (
        share
        for fragment in fragments
        for _, share in fragment.index(language).fuzzy.search(
            folded, MINIMUM, WANTED, by_word=spaced(language)
        )
    )
    return sorted(found, reverse=True)[:WANTED]


def _recall(
    fragments: Sequence[IndexedFragment], language: str, vectors: NDArray[np.float32], every: Halves
) -> float:
    """Return the share of the nearest units, by the vectors before they were stored, that look-up finds."""
    right = 0
    for vector in vectors:
        least = _nearest(every, vector)[-1]
        cosines = every[_found(fragments, language, vector)].astype(np.float32) @ vector
        right += int(np.count_nonzero(np.sort(cosines)[::-1][:NEIGHBOURS] >= least - SAME))
    return right / (NEIGHBOURS * len(vectors))


def _nearest(vectors: Halves, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the highest cosines, in descending order, by comparing all vectors."""
    cosines = [
        vectors[k : k + COMPARED_AT_ONCE].astype(np.float32) @ vector
        for k in range(0, len(vectors), COMPARED_AT_ONCE)
    ]
    return np.sort(np.concatenate(cosines))[::-1][:NEIGHBOURS]


def _found(fragments: Sequence[IndexedFragment], language: str, vector: NDArray[np.float32]) -> list[int]:
    """Return the numbers of the nearest units by the index, nearest first."""
    found = [
        (-cosine, int(fragment.unit(int(index.texts.unit_rows[place])).id, 16))
        for fragment in fragments
        for index in [fragment.index(language)]
        for place, cosine in index.nearest.search(vector, NEIGHBOURS)
    ]
    return [number for _, number in sorted(found)[:NEIGHBOURS]]
