"""Measure a memory of many units: its cost, what look-up finds, and how other tools and an older revision compare."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from _measure import in_fresh_process
from _memory_cost import Added, Cost, add, look_up, write_vectors
from _passages import read_texts
from _peers import SCAN, Measured, measure_peers
from _revisions import add_against, in_revision, revisions
from _shared import parser, print_table
from _variants import Pair, Variants, make_queries, make_variants

from hexapla.compare.comparable import as_seen, comparable
from hexapla.text import joiner


@dataclass(frozen=True, slots=True)
class Column:
    """What was measured for the queries in one language with one revision.

    Attributes:
        name: heading of the column.
        added: the cost of adding.
        cost: the cost of look-ups.
        peers: what was measured with other tools.
    """

    name: str
    added: Added
    cost: Cost
    peers: Measured


def main() -> None:
    """Make a memory from the passages of --data, look texts up in it and with other tools, and print a table."""
    options = _options()
    languages: Pair = tuple(options.languages)
    variants = make_variants(_passages(options.data, languages), languages, options.units)
    columns: list[Column] = []
    with TemporaryDirectory(dir=options.scratch) as scratch, revisions(options.against) as measured:
        in_fresh_process(write_vectors, Path(scratch), variants)
        for name, revision in measured.items():
            with TemporaryDirectory(dir=scratch) as folder:
                columns += _columns(
                    options, variants, revision, Path(folder), "" if len(measured) == 1 else f", {name}"
                )
    _print(options.units, columns)


def _columns(options: Namespace, variants: Variants, revision: Path, folder: Path, name: str) -> list[Column]:
    """Measure one revision, in both languages."""
    path, languages = folder / "memory", variants.languages
    added = in_revision(revision, add, path, variants, folder.parent)
    columns = []
    for side, tag in enumerate(languages):
        queries = make_queries(variants, side, options.queries)
        before = make_queries(variants, side, options.before, seed=2)
        cost = in_revision(
            revision, look_up, path, before, queries, options.compared, languages, side, folder.parent
        )
        texts, folded = (
            [comparable(as_seen(text)) for text in each] for each in (variants.texts(side), queries)
        )
        peers = measure_peers(texts, folded[: options.compared], folder, cost.matches)
        columns.append(Column(f"{tag}{name}", added, cost, peers))
    return columns


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
    add_against(arguments)
    arguments.add_argument("--scratch", metavar="DIR", help="folder with room for the memory")
    return arguments.parse_args()


def _passages(folder: Path, languages: Pair) -> list[Pair]:
    units = [
        unit for text in read_texts(folder) for unit in text.units if all(unit.get(tag) for tag in languages)
    ]
    first, second = ([joiner(tag).join(unit[tag]) for unit in units] for tag in languages)
    return list(zip(first, second, strict=True))


def _percentiles(name: str, times: Sequence[Sequence[float]]) -> list[list[object]]:
    return [
        [f"{name}, p{part} ms", *(f"{1e3 * np.percentile(each, part):.1f}" for each in times)]
        for part in (50, 95)
    ]


def _print(units: int, columns: Sequence[Column]) -> None:
    costs, added = [column.cost for column in columns], [column.added for column in columns]
    medians = [float(np.median(cost.times)) for cost in costs]
    encoding = [float(np.median(cost.encoding)) for cost in costs]
    late = [float(np.percentile(cost.times, 95)) for cost in costs]
    rows: list[list[object]] = [
        ["adding without encoding, units per second", *(f"{units / each.adding:,.0f}" for each in added)],
        ["indexing, units per second", *(f"{units / each.indexing:,.0f}" for each in added)],
        ["opening, s", *(f"{cost.opening:.2f}" for cost in costs)],
        *_percentiles("first look-ups with encoding", [cost.first for cost in costs]),
        *_percentiles("look-up with encoding", [cost.times for cost in costs]),
        ["encoding only, p50 ms", *(f"{1e3 * each:.1f}" for each in encoding)],
        ["look-up p95, times encoding p50", *(f"{a / b:.1f}" for a, b in zip(late, encoding, strict=True))],
        ["matches of 75% or more found", *(f"{column.peers[SCAN].found:.4f}" for column in columns)],
        ["nearest vectors found, recall@10", *(f"{cost.recall:.4f}" for cost in costs)],
        ["peak memory of look-up, MiB", *(f"{cost.memory:,.0f}" for cost in costs)],
        ["memory on disk, MiB", *(f"{each.size / 2**20:,.0f}" for each in added)],
        ["memory on disk, bytes a unit", *(f"{each.size / units:,.0f}" for each in added)],
    ]
    for name in columns[0].peers:
        seconds = [column.peers[name].seconds for column in columns]
        rows.append(
            [f"{name}, p50 ms", *("not installed" if t is None else f"{1e3 * t:,.1f}" for t in seconds)]
        )
        ratios = ("" if t is None else f"{t / ours:,.1f}" for t, ours in zip(seconds, medians, strict=True))
        rows.append([f"{name}, times a look-up", *ratios])
    print_table(["", *(column.name for column in columns)], rows)


if __name__ == "__main__":
    main()
