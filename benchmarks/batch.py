"""What a batch of documents costs, whether it survives being killed, and whether each bad document is told."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import polars as pl
from _batch_documents import Corpus, make_corpus
from _shared import parser, print_table
from polars.testing import assert_frame_equal

from hexapla.batch.ledger import EntryStatus, read_ledger
from hexapla.memory.memory import Memory
from hexapla_corpora import sample

SAMPLE = Path(sample.__file__).parent
Measured = tuple[str, object]
TOLERANCE = 1e-6  # of probabilities; they differ in the last digits with what the encoder read before


@dataclass(frozen=True, slots=True)
class Speed:
    """What good documents cost.

    Attributes:
        pages: of a document, all languages together, of 400 words of English.
        documents: of each run.
        seconds: of runs, by number of workers.
        work: seconds of processor time of a run with one worker, of all processes.
        memory: of a run.
    """

    pages: float
    documents: int
    seconds: dict[int, list[float]]
    work: float
    memory: Path

    def rate(self, workers: int) -> float:
        """Documents a second, when other programs disturb least."""
        return self.documents / min(self.seconds[workers])


def main() -> None:
    """Make documents, add them in one go and with kills, compare, and print a table."""
    options = _options()
    with TemporaryDirectory(dir=options.scratch) as scratch:
        folder = Path(scratch)
        speed = _speed(folder, options)
        rows = [*_speed_rows(speed), *_size_rows(speed.memory)]
        if options.documents:
            rows += _proof(folder, options)
    print_table(("what", "measured"), rows)


def _proof(folder: Path, options: Namespace) -> list[Measured]:
    """Add documents, some of them bad, undisturbed and with kills."""
    corpus = make_corpus(
        folder / "all", options.data, options.languages, options.documents, options.blocks, options.bad
    )
    whole, killed = folder / "whole", folder / "killed"
    begin = perf_counter()
    _batch(corpus.manifest, whole, options.workers)
    seconds = perf_counter() - begin
    versions = _kill(corpus.manifest, killed, options, seconds)
    return [
        ("documents, of which bad", f"{options.documents:,}, {len(corpus.bad):,}"),
        (f"seconds with {options.workers} workers", f"{seconds:,.0f}"),
        *_ledger_rows(corpus, whole),
        ("kills, at these versions of the memory", f"{len(versions)}: {' '.join(map(str, versions))}"),
        *_equality_rows(whole, killed),
    ]


def _options() -> Namespace:
    arguments = parser(__doc__, default=SAMPLE)
    arguments.add_argument(
        "--languages", nargs="+", metavar="TAG", default=["en", "fr"], help="(default: en fr)"
    )
    for name, default, what in (
        ("documents", 2000, "documents of the proof; 0 for none"),
        ("blocks", 20, "passages of a document"),
        ("kills", 10, "kills of the proof"),
        ("workers", 2, "workers of the proof"),
        ("timed", 200, "good documents that are timed with 1 and 2 workers"),
        ("runs", 3, "runs of these, of which the fastest counts"),
    ):
        arguments.add_argument(f"--{name}", type=int, default=default, help=f"{what} (default: {default})")
    arguments.add_argument("--bad", type=float, default=0.05, help="share of bad documents (default: 0.05)")
    arguments.add_argument("--scratch", metavar="DIR", help="folder with room for documents and memories")
    return arguments.parse_args()


def _command(manifest: Path, memory: Path, workers: int, log: Path | None = None) -> list[str]:
    logged = ["--log", str(log)] if log else []
    words = ["batch", str(manifest), "-m", str(memory), "--workers", str(workers), "--json", "--quiet"]
    return [sys.executable, "-m", "hexapla", *words, *logged]


def _batch(manifest: Path, memory: Path, workers: int, log: Path | None = None) -> dict[str, Any]:
    """Add documents, and give the summary."""
    command = _command(manifest, memory, workers, log)
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    summary: dict[str, Any] = json.loads(result.stdout)
    assert summary["left"] == 0
    return summary


def _speed(folder: Path, options: Namespace) -> Speed:
    """Time good documents with one worker and with two, in turn, so that both meet the same machine."""
    corpus = make_corpus(folder / "timed", options.data, options.languages, options.timed, options.blocks, 0)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    work = []
    for run in range(options.runs):
        for workers in seconds:
            name, before = f"timed-{run}-{workers}", _processor_time()
            _batch(corpus.manifest, folder / name, workers, folder / f"{name}.jsonl")
            seconds[workers].append(_working(folder / f"{name}.jsonl"))
            work += [_processor_time() - before] if workers == 1 else []
    return Speed(corpus.pages, options.timed, seconds, median(work), folder / "timed-0-1")


def _processor_time() -> float:
    """Seconds of processor time of the processes that have ended (RUSAGE_CHILDREN of POSIX getrusage)."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _working(log: Path) -> float:
    """Seconds of a batch as its log says."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return float(next(said["seconds"] for said in map(json.loads, lines) if said["event"] == "end"))


def _kill(manifest: Path, memory: Path, options: Namespace, seconds: float) -> list[int]:
    """Add documents, killed again and again at random moments; the version of the memory at each kill."""
    moments, versions = random.Random(1), []
    for _ in range(options.kills):
        process = subprocess.Popen(
            _command(manifest, memory, options.workers), stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(moments.uniform(0, 1.6 * seconds / options.kills))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        versions.append(_version(memory))
    _batch(manifest, memory, options.workers)
    return versions


def _version(memory: Path) -> int:
    return len(list((memory / "units" / "_delta_log").glob("*.json"))) - 1


def _speed_rows(speed: Speed) -> list[Measured]:
    one, two = speed.rate(1), speed.rate(2)
    return [
        ("pages of a document, all languages", f"{speed.pages:.1f}"),
        ("cores of the machine", os.cpu_count()),
        ("processor seconds a document, start included", f"{speed.work / speed.documents:.2f}"),
        ("documents a second, 1 worker", f"{one:.2f}"),
        ("documents a second, 2 workers", f"{two:.2f}"),
        ("2 workers to 1", f"{two / one:.2f}"),
        ("peak MiB of the largest process", f"{_largest_process():,.0f}"),
    ]


def _largest_process() -> float:
    """The most memory that one of the processes that have ended held, in MiB (`ru_maxrss`, KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10


def _ledger_rows(corpus: Corpus, memory: Path) -> list[Measured]:
    rows = {row.document: row for row in read_ledger(memory).entries()}
    failed = {name: row.error or "" for name, row in rows.items() if row.status is EntryStatus.FAILED}
    right = [name for name, words in corpus.bad.items() if words in failed.get(name, "")]
    return [
        ("good documents in the ledger as done", f"{len(rows) - len(failed):,}"),
        ("bad documents with the expected reason", f"{len(right):,} of {len(corpus.bad):,}"),
        ("good documents that failed", f"{len(failed.keys() - corpus.bad.keys()):,}"),
        ("kinds of bad input", len(set(corpus.bad.values()))),
    ]


def _equality_rows(one: Path, other: Path) -> list[Measured]:
    """Whether two memories have the same units and records, times apart."""
    frames = [_content(memory) for memory in (one, other)]
    try:
        assert_frame_equal(*frames, check_exact=False, abs_tol=TOLERANCE, rel_tol=0)
        verdict = "the same, unit for unit"
    except AssertionError as error:
        verdict = f"DIFFERENT: {' '.join(str(error).split())[:300]}"
    same = (
        (frames[0]["probability"] == frames[1]["probability"]).sum()
        if len(frames[0]) == len(frames[1])
        else 0
    )
    documents = [read_ledger(memory).frame()["document"] for memory in (one, other)]
    return [
        ("undisturbed and killed memory", verdict),
        ("units, of which probability is bit for bit the same", f"{len(frames[0]):,}, {same:,}"),
        ("documents in both ledgers", f"{len(set(documents[0]) & set(documents[1])):,}"),
        ("killed memory is whole", Memory.open(other).verify() == []),
    ]


def _content(memory: Path) -> pl.DataFrame:
    units = Memory.open(memory).units.collect()
    return units.drop("created", "changed").sort("id")


def _size_rows(path: Path) -> list[Measured]:
    memory = Memory.open(path)
    info = memory.info()
    texts = sum(each.texts for each in info.languages)
    sizes = [(f"bytes a unit: {name}", f"{size / info.units:,.0f}") for name, size in info.sizes.items()]
    return [("units, and texts of these", f"{info.units:,}, {texts:,}"), *sizes]


if __name__ == "__main__":
    main()
