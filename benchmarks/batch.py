"""Measure the cost of a batch of documents, and check that it survives kills and reports every bad document."""

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
TOLERANCE = 1e-6  # of probabilities, whose last digits depend on what the encoder read before


@dataclass(frozen=True, slots=True)
class Speed:
    """The cost of good documents.

    Attributes:
        pages: mean number of pages of a document, in all languages together; a page has 400 English words.
        documents: number of documents in each run.
        seconds: duration of each run, by number of workers.
        work: processor seconds of a run with one worker, in all processes.
        memory: path of the memory from one of the runs.
    """

    pages: float
    documents: int
    seconds: dict[int, list[float]]
    work: float
    memory: Path

    def rate(self, workers: int) -> float:
        """Return the documents per second in the fastest run, the one least disturbed by other programs."""
        return self.documents / min(self.seconds[workers])


def main() -> None:
    """Make documents, add them with and without kills, compare the memories, and print a table."""
    options = _options()
    with TemporaryDirectory(dir=options.scratch) as scratch:
        folder = Path(scratch)
        speed = _speed(folder, options)
        rows = [*_speed_rows(speed), *_size_rows(speed.memory)]
        if options.documents:
            rows += _proof(folder, options)
    print_table(("measurement", "value"), rows)


def _proof(folder: Path, options: Namespace) -> list[Measured]:
    """Add documents, some of them bad, with and without kills."""
    corpus = make_corpus(
        folder / "all", options.data, options.languages, options.documents, options.blocks, options.bad
    )
    whole, killed = folder / "whole", folder / "killed"
    begin = perf_counter()
    _batch(corpus.manifest, whole, options.workers)
    seconds = perf_counter() - begin
    versions = _kill(corpus.manifest, killed, options, seconds)
    return [
        ("documents, bad documents", f"{options.documents:,}, {len(corpus.bad):,}"),
        (f"seconds with {options.workers} workers", f"{seconds:,.0f}"),
        *_ledger_rows(corpus, whole),
        ("kills, and memory versions at the time", f"{len(versions)}: {' '.join(map(str, versions))}"),
        *_equality_rows(whole, killed),
    ]


def _options() -> Namespace:
    arguments = parser(__doc__, default=SAMPLE)
    arguments.add_argument(
        "--languages", nargs="+", metavar="TAG", default=["en", "fr"], help="language tags (default: en fr)"
    )
    for name, default, what in (
        ("documents", 2000, "documents in the test with kills; 0 to skip it"),
        ("blocks", 20, "passages in a document"),
        ("kills", 10, "kills in that test"),
        ("workers", 2, "workers in that test"),
        ("timed", 200, "good documents to time with 1 and 2 workers"),
        ("runs", 3, "runs of the timing, of which the fastest counts"),
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
    """Add documents, and return the summary."""
    command = _command(manifest, memory, workers, log)
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    summary: dict[str, Any] = json.loads(result.stdout)
    assert summary["left"] == 0
    return summary


def _speed(folder: Path, options: Namespace) -> Speed:
    """Time good documents with one and two workers in turn, so that both run under the same conditions."""
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
    """Return the processor seconds of all ended child processes (RUSAGE_CHILDREN of POSIX getrusage)."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _working(log: Path) -> float:
    """Read the duration of a batch from its log, in seconds."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return float(next(event["seconds"] for event in map(json.loads, lines) if event["event"] == "end"))


def _kill(manifest: Path, memory: Path, options: Namespace, seconds: float) -> list[int]:
    """Add documents while killing the batch at random moments; return the memory version at each kill."""
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
        ("pages per document, all languages", f"{speed.pages:.1f}"),
        ("cores of the machine", os.cpu_count()),
        ("processor seconds per document, with start-up", f"{speed.work / speed.documents:.2f}"),
        ("documents per second, 1 worker", f"{one:.2f}"),
        ("documents per second, 2 workers", f"{two:.2f}"),
        ("speed-up with 2 workers", f"{two / one:.2f}"),
        ("peak MiB of the largest process", f"{_largest_process():,.0f}"),
    ]


def _largest_process() -> float:
    """Return the peak memory of the largest ended child process, in MiB (`ru_maxrss`, in KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10


def _ledger_rows(corpus: Corpus, memory: Path) -> list[Measured]:
    rows = {row.document: row for row in read_ledger(memory).entries()}
    failed = {name: row.error or "" for name, row in rows.items() if row.status is EntryStatus.FAILED}
    right = [name for name, words in corpus.bad.items() if words in failed.get(name, "")]
    return [
        ("good documents done, by the ledger", f"{len(rows) - len(failed):,}"),
        ("bad documents with the expected reason", f"{len(right):,} of {len(corpus.bad):,}"),
        ("good documents that failed", f"{len(failed.keys() - corpus.bad.keys()):,}"),
        ("kinds of bad input", len(set(corpus.bad.values()))),
    ]


def _equality_rows(one: Path, other: Path) -> list[Measured]:
    """Compare the units and ledgers of two memories, except for times."""
    frames = [_content(memory) for memory in (one, other)]
    try:
        assert_frame_equal(*frames, check_exact=False, abs_tol=TOLERANCE, rel_tol=0)
        verdict = "identical, unit by unit"
    except AssertionError as error:
        verdict = f"DIFFERENT: {' '.join(str(error).split())[:300]}"
    same = (
        (frames[0]["probability"] == frames[1]["probability"]).sum()
        if len(frames[0]) == len(frames[1])
        else 0
    )
    documents = [read_ledger(memory).frame()["document"] for memory in (one, other)]
    return [
        ("memories with and without kills", verdict),
        ("units, units with bit-identical probability", f"{len(frames[0]):,}, {same:,}"),
        ("documents in both ledgers", f"{len(set(documents[0]) & set(documents[1])):,}"),
        ("memory with kills passes verification", Memory.open(other).verify() == []),
    ]


def _content(memory: Path) -> pl.DataFrame:
    units = Memory.open(memory).units.collect()
    return units.drop("created", "changed").sort("id")


def _size_rows(path: Path) -> list[Measured]:
    memory = Memory.open(path)
    info = memory.info()
    texts = sum(each.texts for each in info.languages)
    sizes = [(f"bytes per unit: {name}", f"{size / info.units:,.0f}") for name, size in info.sizes.items()]
    return [("units, texts", f"{info.units:,}, {texts:,}"), *sizes]


if __name__ == "__main__":
    main()
