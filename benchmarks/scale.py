"""Measure how time and memory grow with length: two versions of 2,000, 20,000 and 200,000 segments."""

from __future__ import annotations

import random
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from _development import Version
from _measure import in_fresh_process, peak_memory
from _passages import Unit, damaged, read_texts, version_of
from _shared import Bead, beads_between, parser, print_table, row_component, strict_score

from hexapla.alignment.align import align_documents
from hexapla.alignment.segmented_input import read_segmented
from hexapla.text import joiner
from hexapla_models.registry import load_encoder


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of aligning two files.

    Attributes:
        beads: beads found.
        seconds: time from reading the files to the rows, without loading the model.
        memory: peak memory of the process in MiB.
        grown: part of that memory above what the loaded model takes, in MiB.
    """

    beads: set[Bead]
    seconds: float
    memory: float
    grown: float


def main() -> None:
    """Make texts of each size from the passages of --data, align them and print a table."""
    options = _options()
    text = read_texts(options.data, options.pattern)[0]
    passages = [unit for unit in text.units if all(unit.get(tag) for tag in options.languages)]
    measured = []
    for size in options.sizes:
        numbers = random.Random(options.seed)
        units = list(enumerate(long_text(passages, size, options.languages, numbers)))
        versions = [damaged(version_of(units, tag), tag, numbers) for tag in options.languages]
        measured.append((size, sum(map(len, versions)), *_measured(versions, options.languages)))
    _print(measured)


def _options() -> Namespace:
    arguments = parser(__doc__)
    arguments.add_argument(
        "--languages",
        nargs=2,
        metavar=("SRC", "TGT"),
        default=["en", "fr"],
        help="language tags (default: en fr)",
    )
    arguments.add_argument(
        "--sizes",
        nargs="+",
        type=int,
        metavar="N",
        default=[2_000, 20_000, 200_000],
        help="segments per side (default: 2000 20000 200000)",
    )
    arguments.add_argument(
        "--pattern", default="*", metavar="GLOB", help="pattern of the gold files (default: *)"
    )
    arguments.add_argument("--seed", type=int, default=0, help="seed of the random numbers (default: 0)")
    return arguments.parse_args()


def long_text(
    passages: Sequence[Unit], size: int, languages: Sequence[str], numbers: random.Random
) -> list[Unit]:
    """Make passages, each from one or two random ones, and every fourth with a number.

    Args:
        passages: passages to draw from, in all the languages.
        size: number of passages to make.
        languages: languages of the text.
        numbers: random number generator.

    Returns:
        The passages, each with one segment per language.
    """
    made: list[Unit] = []
    for index in range(size):
        parts = numbers.sample(passages, numbers.choice((1, 2)))
        figure = f" ({numbers.randrange(10_000)})" if index % 4 == 0 else ""
        made.append(
            {tag: [joiner(tag).join(s for part in parts for s in part[tag]) + figure] for tag in languages}
        )
    return made


def gold_beads(source: Version, target: Version) -> set[Bead]:
    """Return the gold beads of two versions of a text: the smallest that hold the same passages, none one-sided."""
    segments = [
        {unit: number for number, (units, _) in enumerate(version) for unit in units}
        for version in (source, target)
    ]
    beads: list[tuple[int, int, int, int]] = []  # first and last segment of each side
    for unit in sorted(segments[0].keys() & segments[1].keys()):
        s, t = segments[0][unit], segments[1][unit]
        first = beads.pop() if beads and (beads[-1][1] == s or beads[-1][3] == t) else (s, s, t, t)
        beads.append((first[0], s, first[2], t))
    return {(tuple(range(a, b + 1)), tuple(range(c, d + 1))) for a, b, c, d in beads}


def _measured(versions: Sequence[Version], languages: Sequence[str]) -> tuple[Cost, float]:
    """Return the cost and the strict F1."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"text.{tag}" for tag in languages]
        for path, version in zip(paths, versions, strict=True):
            path.write_text("".join(f"{text}\n" for _, text in version), encoding="utf-8")
        cost = in_fresh_process(align_lines, paths, languages)
    return cost, strict_score(cost.beads, gold_beads(*versions)).f1


def align_lines(paths: Sequence[Path], languages: Sequence[str]) -> Cost:
    """Align two files with one segment per line, as `hexapla align --segmented` does."""
    encoder = load_encoder()
    encoder.encode(["warm up"])
    model, start = peak_memory(), perf_counter()
    documents = [read_segmented(path, tag) for path, tag in zip(paths, languages, strict=True)]
    rows = align_documents(documents, encoder, segmented=True).rows
    seconds, memory = perf_counter() - start, peak_memory()
    beads = beads_between(map(row_component, rows), *languages)
    return Cost(beads, seconds, memory, memory - model)


def _print(measured: Sequence[tuple[int, int, Cost, float]]) -> None:
    costs = [
        (cost.seconds * 1e6 / segments, cost.grown * 1024 / segments) for _, segments, cost, _ in measured
    ]
    print_table(
        (
            "segments per side",
            "seconds",
            "µs per segment",
            "times the first",
            "peak MiB",
            "KiB per segment",
            "times the first",
            "strict F1",
        ),
        [
            (
                f"{size:,}",
                f"{cost.seconds:.2f}",
                f"{time:.0f}",
                f"{time / costs[0][0]:.2f}",
                f"{cost.memory:.0f}",
                f"{space:.1f}",
                f"{space / costs[0][1]:.2f}",
                f1,
            )
            for (size, _, cost, f1), (time, space) in zip(measured, costs, strict=True)
        ],
    )


if __name__ == "__main__":
    main()
