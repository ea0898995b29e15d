"""Documents and manifests for batches, and a comparison of memories unit by unit."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from hexapla.batch.engines import Engine
from hexapla.batch.ledger import Ledger, LedgerEntry
from hexapla.batch.manifest import open_manifest
from hexapla.batch.messages import Outcome, Setup, Task
from hexapla.batch.run import Summary, open_folder, run_batch
from hexapla.batch.supervisor import Limits
from hexapla.batch.worker import attempt
from hexapla.memory.cleaning.rules import Rules
from hexapla.memory.memory import Memory
from hexapla.memory.storage.folder import encoder_of
from hexapla.progress import Progress, quiet
from hexapla_corpora.document import BlockKind
from hexapla_corpora.sample import gold_rows
from hexapla_models.registry import DEFAULT_ENCODER
from hexapla_models.weights import weights_hash

TOLERANCE = 1e-6  # of probabilities, whose last digits depend on what an encoder has read before
SETUP = Setup(DEFAULT_ENCODER, weights_hash(), Rules())
LIMITS = Limits(seconds=300, megabytes=4000, retries=0)
_KINDS = (BlockKind.PREAMBULAR, BlockKind.OPERATIVE, BlockKind.PLAIN)
_PASSAGES = [row.texts for row in gold_rows() if row.kind in _KINDS and len(row.texts) == 6]


def document_texts(number: int, languages: Sequence[str], blocks: int) -> dict[str, str]:
    """Return a document of passages of the sample, each with a number that no other document has."""
    chosen = [_PASSAGES[(7 * number + k) % len(_PASSAGES)] for k in range(blocks)]
    return {
        tag: "".join(f"{texts[tag]} ({100 * number + k})\n\n" for k, texts in enumerate(chosen))
        for tag in languages
    }


def write_files(folder: Path, number: int, languages: Sequence[str] = ("en", "fr"), blocks: int = 4) -> None:
    """Write the language versions of a document, 007.en.txt and so on."""
    folder.mkdir(exist_ok=True)
    for tag, text in document_texts(number, languages, blocks).items():
        (folder / f"{number:03}.{tag}.txt").write_text(text, encoding="utf-8")


def write_manifest(folder: Path, count: int, blocks: int = 4) -> Path:
    """Write documents in English and French, D/000 and so on, and a manifest that names them."""
    rows = ["document\ten\tfr\n"]
    for number in range(count):
        write_files(folder, number, blocks=blocks)
        rows.append(f"D/{number:03}\t{number:03}.en.txt\t{number:03}.fr.txt\n")
    manifest = folder / "manifest.tsv"
    manifest.write_text("".join(rows), encoding="utf-8")
    return manifest


class InThisProcess:
    """An engine without worker processes, which take seconds to start.

    Args:
        rules: rules of cleaning; the default rules if None.
    """

    def __init__(self, rules: Rules | None = None) -> None:
        self._rules = rules or Rules()

    def outcomes(self, tasks: Iterator[Task]) -> Generator[Outcome | None]:
        """Align documents; see `hexapla.batch.engines.Engine.outcomes`."""
        for task in tasks:
            yield None
            yield Outcome(task, attempt(task, encoder_of(DEFAULT_ENCODER), self._rules), 1, 0.1)


def add_batch(
    manifest: Path | str, memory: Path, engine: Engine | None = None, progress: Progress = quiet
) -> tuple[Summary, list[LedgerEntry]]:
    """Add a batch in this process; return the summary and the ledger entries that were committed."""
    committed: list[LedgerEntry] = []
    summary = run_batch(
        open_folder(memory),
        open_manifest(str(manifest)),
        engine or InThisProcess(),
        stopped=lambda: False,
        on_commit=committed.append,
        progress=progress,
    )
    return summary, committed


def rows_of_ledger(memory: Path) -> dict[str, LedgerEntry]:
    """Return the ledger entries of a memory, by document."""
    return {row.document: row for row in Ledger(memory).entries()}


def assert_same_units(one: Path, other: Path) -> None:
    """Assert that two memories have the same units, in everything except their times."""
    frames = [_content(memory) for memory in (one, other)]
    assert_frame_equal(*frames, check_exact=False, abs_tol=TOLERANCE, rel_tol=0)


def _content(memory: Path) -> pl.DataFrame:
    units = Memory.open(memory).units.collect()
    assert len(units)
    return units.drop("created", "changed").sort("id")


def workers_of(process: int) -> list[int]:
    """Return the batch workers that a process has started (see proc(5))."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]
    return [child for child in children if _is_worker(child)]


def _is_worker(process: int) -> bool:
    try:
        return b"hexapla.batch.worker" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def is_running(process: int) -> bool:
    """Return whether a process exists and has not ended."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False
