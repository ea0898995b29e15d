"""Compare Hexapla and its peers on files with one segment per line: F1 on gold beads, seconds and peak memory."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from _aligners import ALIGNERS, PeerMissing
from _chart import Dot, write_chart
from _measure import in_fresh_process, peak_memory, timed_encoder
from _shared import Bead, Score, lax_score, parser, print_table, read_beads, read_lines, strict_score

from hexapla_models.registry import load_encoder

WARM_UP = [f"This is line {number}." for number in range(12)]
SCORES = ("strict P", "strict R", "strict F1", "lax P", "lax R", "lax F1")


@dataclass(frozen=True, slots=True)
class Run:
    """The result of one aligner on all documents.

    Attributes:
        beads: beads of each document.
        seconds: time to align them, including encoding, but not loading the model or compiling code.
        encoding: part of that time in which the encoder read texts.
        memory: peak memory of the whole process in MiB, including the model.
    """

    beads: Sequence[set[Bead]]
    seconds: float
    encoding: float
    memory: float


def main() -> None:
    """Run each aligner in separate processes, and print the scores of each document, then totals with costs."""
    options = _options()
    golds = sorted(options.data.glob(options.pattern))
    if not golds:
        options.error(f"no file in {options.data} matches {options.pattern}: give --pattern")
    runs = {}
    for name in options.aligners:
        try:
            runs[ALIGNERS[name][0]] = _median_run(name, golds, options)
        except PeerMissing as missing:
            print(f"{missing}\n")
    scores = {name: _scores(run, golds) for name, run in runs.items()}
    if len(golds) > 1:
        _print_documents(scores, golds)
    pooled = {name: _pooled(documents) for name, documents in scores.items()}
    _print_costs(pooled, runs)
    if options.picture:
        dots = [Dot(name, runs[name].seconds, strict.f1) for name, (strict, _) in pooled.items()]
        count = next(iter(pooled.values()))[0].gold
        title = f"{'-'.join(options.languages)}, {options.data.name}: {count:,} gold beads"
        write_chart(options.picture, title, dots)


def _options() -> Namespace:
    arguments = parser(__doc__)
    arguments.add_argument(
        "--languages",
        nargs=2,
        metavar=("SRC", "TGT"),
        required=True,
        help="suffixes of the texts, which are their language tags, such as de fr",
    )
    arguments.add_argument(
        "--pattern",
        default="*.gold",
        metavar="GLOB",
        help="pattern of the gold files, such as 'test*.defr'; the texts have the same stem (default: *.gold)",
    )
    arguments.add_argument(
        "--aligners",
        nargs="+",
        choices=list(ALIGNERS),
        default=list(ALIGNERS),
        metavar="NAME",
        help=f"aligners to run: {', '.join(ALIGNERS)} (default: all that are installed)",
    )
    arguments.add_argument("--bertalign", type=Path, metavar="DIR", help="folder with Bertalign's corelib.py")
    arguments.add_argument("--vecalign", type=Path, metavar="DIR", help="checkout of Vecalign")
    arguments.add_argument(
        "--runs", type=int, default=1, help="number of runs; medians are taken (default: 1)"
    )
    arguments.add_argument("--picture", type=Path, metavar="FILE", help="draw F1 against seconds as an SVG")
    return arguments.parse_args(namespace=Namespace(error=arguments.error))


def _median_run(name: str, golds: Sequence[Path], options: Namespace) -> Run:
    paths = {peer: path for peer in ("bertalign", "vecalign") if (path := getattr(options, peer))}
    runs = [in_fresh_process(run_aligner, name, golds, options.languages, paths) for _ in range(options.runs)]
    return Run(
        runs[0].beads,
        median(run.seconds for run in runs),
        median(run.encoding for run in runs),
        max(run.memory for run in runs),
    )


def run_aligner(name: str, golds: Sequence[Path], languages: Sequence[str], paths: Mapping[str, Path]) -> Run:
    """Align the texts next to gold files, after a few other lines, so that compiling a peer's code is not timed.

    Args:
        name: name of the aligner, one of ALIGNERS.
        golds: gold files.
        languages: suffixes of the texts next to them.
        paths: folders of peers that are not installed.

    Returns:
        Beads and costs.

    Raises:
        PeerMissing: the aligner is not installed.
    """
    align = ALIGNERS[name][1](languages, paths)
    encoder, clock = timed_encoder(load_encoder())
    align(WARM_UP, WARM_UP, encoder)
    texts = [[read_lines(gold.with_suffix(f".{tag}")) for tag in languages] for gold in golds]
    before, start = clock.seconds, perf_counter()
    beads = [align(source, target, encoder) for source, target in texts]
    return Run(beads, perf_counter() - start, clock.seconds - before, peak_memory())


def _scores(run: Run, golds: Sequence[Path]) -> list[tuple[Score, Score]]:
    right = map(read_beads, golds)
    return [
        (strict_score(found, gold), lax_score(found, gold))
        for found, gold in zip(run.beads, right, strict=True)
    ]


def _pooled(scores: Sequence[tuple[Score, Score]]) -> tuple[Score, Score]:
    return sum((strict for strict, _ in scores), Score()), sum((lax for _, lax in scores), Score())


def _print_documents(scores: Mapping[str, Sequence[tuple[Score, Score]]], golds: Sequence[Path]) -> None:
    print_table(
        ("document", "gold beads", "aligner", *SCORES),
        [
            (gold.stem, documents[number][0].gold, name, *_figures(*documents[number]))
            for number, gold in enumerate(golds)
            for name, documents in scores.items()
        ],
    )
    print()


def _print_costs(pooled: Mapping[str, tuple[Score, Score]], runs: Mapping[str, Run]) -> None:
    ours = runs.get(ALIGNERS["hexapla"][0])
    print_table(
        ("aligner", *SCORES, "seconds", "without encoding", "times Hexapla's", "peak MiB"),
        [
            (
                name,
                *_figures(*pooled[name]),
                f"{run.seconds:.2f}",
                f"{run.seconds - run.encoding:.2f}",
                f"{run.seconds / ours.seconds:.1f}" if ours else "",
                f"{run.memory:.0f}",
            )
            for name, run in runs.items()
        ],
    )


def _figures(strict: Score, lax: Score) -> tuple[float, ...]:
    return strict.precision, strict.recall, strict.f1, lax.precision, lax.recall, lax.f1


if __name__ == "__main__":
    main()
