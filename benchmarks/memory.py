"""Measure a memory of many units: its cost, what look-up finds, and how other tools compare."""

from __future__ import annotations

import os
import random
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from _measure import in_fresh_process, peak_memory
from _passages import read_texts
from _peers import MINIMUM, SCAN, WANTED, Measured, measure_peers
from _shared import parser, print_table
from _variants import Pair, Variants, make_queries, make_variants

from hexapla.compare.comparable import as_seen, comparable
from hexapla.memory.memory import Memory
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.memory.search.vector_index import VectorIndex
from hexapla.memory.storage.vector_files import StoredVectors
from hexapla.text import joiner, matching_text
from hexapla.units import Unit
from hexapla_corpora.languages import spaced
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

ADDED = 100_000  # units added in one commit
DOCUMENT = 200  # units in a document
NEIGHBOURS = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost and results of look-ups in one language.

    Attributes:
        opening: seconds to open the memory.
        first: seconds of each of the first look-ups in the process.
        times: seconds of each later look-up, including encoding.
        encoding: seconds to encode each query, without look-up.
        matches: similarities of the best fuzzy matches of the first queries.
        recall: share of the nearest vectors that the vector index finds.
        memory: peak memory of the process in MiB.
    """

    opening: float
    first: list[float]
    times: list[float]
    encoding: list[float]
    matches: list[list[float]]
    recall: float
    memory: float


def main() -> None:
    """Make a memory from the passages of --data, look texts up in it and with other tools, and print a table."""
    options = _options()
    languages: Pair = tuple(options.languages)
    variants = make_variants(_passages(options.data, languages), languages, options.units)
    with TemporaryDirectory(dir=options.scratch) as folder:
        path = Path(folder) / "memory"
        seconds = in_fresh_process(add, path, variants)
        columns = []
        for side, tag in enumerate(languages):
            queries = make_queries(variants, side, options.queries)
            before = make_queries(variants, side, options.before, seed=2)
            cost = in_fresh_process(look_up, path, before, queries, options.compared, languages, side)
            texts, folded = (
                [comparable(as_seen(text)) for text in each] for each in (variants.texts(side), queries)
            )
            peers = measure_peers(texts, folded[: options.compared], Path(folder), cost.matches)
            columns.append((tag, cost, peers))
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    _print([options.units / each for each in seconds], size / 2**20, columns)


def _options() -> Namespace:
    arguments = parser(__doc__)
    arguments.add_argument(
        "--languages",
        nargs=2,
        metavar=("SRC", "TGT"),
        default=["zh", "en"],
        help="language tags (default: zh en)",
    )
    arguments.add_argument(
        "--units", type=int, metavar="N", default=100_000, help="number of units (default: 100000)"
    )
    arguments.add_argument(
        "--queries", type=int, metavar="N", default=500, help="number of texts to look up (default: 500)"
    )
    arguments.add_argument(
        "--before",
        type=int,
        metavar="N",
        default=300,
        help="number of other texts to look up first, at least one, as in a session (default: 300)",
    )
    arguments.add_argument(
        "--compared",
        type=int,
        metavar="N",
        default=40,
        help="number of the --queries that are also looked up with other tools (default: 40)",
    )
    arguments.add_argument("--scratch", metavar="DIR", help="folder with room for the memory")
    return arguments.parse_args()


def _passages(folder: Path, languages: Pair) -> list[Pair]:
    units = [
        unit for text in read_texts(folder) for unit in text.units if all(unit.get(tag) for tag in languages)
    ]
    first, second = ([joiner(tag).join(unit[tag]) for unit in units] for tag in languages)
    return list(zip(first, second, strict=True))


def add(path: Path, variants: Variants) -> tuple[float, float]:
    """Add units with known vectors to a new memory.

    Args:
        path: path of the new memory.
        variants: the units.

    Returns:
        Seconds to commit the units, and seconds to build the indexes when the memory is first opened.
    """
    encoder = load_encoder(threads=1)
    vectors = [variants.vectors(side, encoder) for side in (0, 1)]
    memory = Memory.create(path)
    seconds = 0.0
    for start, units in _units(variants):
        rows = slice(start, start + len(units))
        known = {tag: vectors[side][rows] for side, tag in enumerate(variants.languages)}
        begin = perf_counter()
        memory.add_units(units, known)
        seconds += perf_counter() - begin
    begin = perf_counter()
    Memory.open(path)
    return seconds, perf_counter() - begin


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
    path: Path, before: Sequence[str], queries: Sequence[str], compared: int, languages: Pair, side: int
) -> Cost:
    """Look texts up on one core.

    Args:
        path: path of the memory.
        before: other texts to look up first.
        queries: texts to look up.
        compared: number of queries whose matches are compared.
        languages: languages of the memory.
        side: index of the language of the queries.

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
    recall = _recall(fragments, queries[:compared], source, encoder)
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
    fragments: Sequence[IndexedFragment], queries: Sequence[str], language: str, encoder: Encoder
) -> float:
    """Share of the truly nearest vectors that the vector indexes of both languages find."""
    right = wanted = 0
    for query in queries:
        vector = encoder.encode([matching_text(as_seen(query), language)])[0]
        for fragment in fragments:
            for tag in fragment.languages:
                index = fragment.index(tag)
                exact = _nearest(index.texts.vectors, vector)
                found = _found(index.nearest, vector)
                wanted, right = wanted + len(exact), right + sum(found >= exact[-1] - 1e-4)
    return right / wanted


def _nearest(vectors: StoredVectors | np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return the highest cosines, in descending order, by comparing all vectors."""
    step = 65_536
    cosines = [vectors[k : k + step] @ vector for k in range(0, len(vectors), step)]
    return np.sort(np.concatenate(cosines))[::-1][:NEIGHBOURS]


def _found(index: VectorIndex, vector: np.ndarray) -> np.ndarray:
    return np.array([cosine for _, cosine in index.search(vector, NEIGHBOURS)])


def _percentiles(name: str, times: Sequence[Sequence[float]]) -> list[list[object]]:
    return [
        [f"{name}, p{part} ms", *(f"{1e3 * np.percentile(each, part):.1f}" for each in times)]
        for part in (50, 95)
    ]


def _print(speeds: Sequence[float], size: float, columns: Sequence[tuple[str, Cost, Measured]]) -> None:
    costs = [cost for _, cost, _ in columns]
    medians = [float(np.median(cost.times)) for cost in costs]
    rows: list[list[object]] = [
        ["adding without encoding, units per second", *[f"{speeds[0]:,.0f}"] * 2],
        ["indexing, units per second", *[f"{speeds[1]:,.0f}"] * 2],
        ["opening, s", *(f"{cost.opening:.2f}" for cost in costs)],
        *_percentiles("first look-ups with encoding", [cost.first for cost in costs]),
        *_percentiles("look-up with encoding", [cost.times for cost in costs]),
        ["encoding only, p50 ms", *(f"{1e3 * np.median(cost.encoding):.1f}" for cost in costs)],
        ["matches of 75% or more found", *(f"{peers[SCAN].found:.4f}" for *_, peers in columns)],
        ["nearest vectors found, recall@10", *(f"{cost.recall:.4f}" for cost in costs)],
        ["peak memory of look-up, MiB", *(f"{cost.memory:,.0f}" for cost in costs)],
        ["memory on disk, MiB", *[f"{size:,.0f}"] * 2],
    ]
    for name in columns[0][2]:
        seconds = [peers[name].seconds for *_, peers in columns]
        rows.append(
            [f"{name}, p50 ms", *("not installed" if t is None else f"{1e3 * t:,.1f}" for t in seconds)]
        )
        ratios = ("" if t is None else f"{t / ours:,.1f}" for t, ours in zip(seconds, medians, strict=True))
        rows.append([f"{name}, times a look-up", *ratios])
    print_table(["", *(tag for tag, *_ in columns)], rows)


if __name__ == "__main__":
    main()
