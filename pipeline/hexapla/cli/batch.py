"""The command on many documents: batch, and batch status."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli.console import Console, debug_option, model_option
from hexapla.cli.options import (
    dry_run_option,
    json_option,
    memory_argument,
    print_json,
    quiet_option,
    rules_option,
)

if TYPE_CHECKING:
    from hexapla.batch.engines import Engine
    from hexapla.batch.manifest import BatchManifest
    from hexapla.batch.messages import Setup
    from hexapla.batch.run import Summary
    from hexapla.batch.supervisor import Limits

_BATCH = """Align the documents of a manifest and add them to a memory, which is created if it does not exist.

MANIFEST is a .tsv, .csv, .jsonl or .parquet file with one row per document and one column per language, or a pattern
of files such as docs/{symbol}.{lang}.docx. A column document or symbol gives the name of the document.

Documents that are in the memory with the same files are skipped, so a batch that was stopped or killed continues when
you start it again. A document that fails does not stop the others. Texts that the rules of filter find faulty are left
out.

"hexapla batch status MEMORY" shows the result of each document; see "hexapla batch status --help".

\b
Example:
  hexapla batch un.hexapla documents.tsv --workers 4
"""
_STATUS = """Show the documents of the batches of a memory, and which of them failed.

\b
Example:
  hexapla batch status un.hexapla --failed
"""
INTERRUPTED = 130  # what a shell says of a command that was ended by Ctrl-C


class _WithStatus(click.Command):
    """A command that takes either its argument or the word `status`, which is a command itself."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - whatever click has
    ) -> click.Context:
        """The context of this command, or of the other one."""
        if args[:1] == ["status"]:
            return status.make_context(f"{info_name} status", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(help=_STATUS)
@memory_argument
@click.option("--failed", is_flag=True, help="List only the documents that failed.")
@json_option
@debug_option
def status(folder: Path, failed: bool, as_json: bool) -> None:
    """Show the documents of the batches of a memory, and which of them failed."""
    from hexapla.batch.ledger import EntryStatus, read_ledger

    rows = list(read_ledger(folder).entries(EntryStatus.FAILED if failed else None))
    if as_json:
        print_json(folder, {"documents": [row.record() for row in rows]})
    else:
        from hexapla.cli.batch_text import print_rows

        print_rows(rows, failed_alone=failed)


@click.command(cls=_WithStatus, help=_BATCH)
@memory_argument
@click.argument("manifest", metavar="MANIFEST")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where the workers run: on this machine, or on a Ray cluster.",
)
@click.option("--workers", metavar="N", type=click.IntRange(1), help="Workers; one per core if not given.")
@click.option(
    "--address",
    metavar="A",
    help="Ray cluster to use, such as auto or HOST:6379; one is started here if not given.",
)
@rules_option
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=click.FloatRange(0, min_open=True),
    default=900,
    show_default=True,
    help="For one document.",
)
@click.option(
    "--memory-limit",
    metavar="MB",
    type=click.IntRange(1),
    default=4000,
    show_default=True,
    help="For the worker of one document, including its encoder; enforced on Linux only.",
)
@click.option(
    "--retries",
    metavar="N",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Further attempts with a document that reaches a limit or crashes its worker.",
)
@model_option("Encoder of a new memory; the embedded one if not given")
@dry_run_option
@click.option(
    "--log",
    "log_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Add a JSON line for each document to this file.",
)
@quiet_option
@json_option
@debug_option
def batch(
    folder: Path,
    manifest: str,
    engine: str,
    workers: int | None,
    address: str | None,
    rules_file: Path | None,
    time_limit: float,
    memory_limit: int,
    retries: int,
    model: str | None,
    dry_run: bool,
    log_file: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Align the documents of a manifest and add them to a memory."""
    if address is not None and engine != "ray":
        raise click.UsageError("--address is for --engine ray.")
    from hexapla.batch.manifest import open_manifest
    from hexapla.batch.supervisor import Limits
    from hexapla.memory.cleaning.rules import Rules, read_rules

    if engine == "ray":
        from hexapla.batch.ray_engine import check_ray

        check_ray()
    rules = read_rules(rules_file) if rules_file else Rules()
    documents = open_manifest(manifest)
    if dry_run:
        _dry_run(folder, documents, quiet, as_json)
        return
    from hexapla.batch.messages import Setup
    from hexapla.batch.run import open_folder

    opened = open_folder(folder, model)
    setup = Setup(opened.manifest.encoder, opened.manifest.hash, rules)
    limits = Limits(time_limit, memory_limit, retries)
    chosen = _engine(engine, setup, limits, workers, address)
    summary = _run(folder, documents, chosen, log_file, quiet)
    if as_json:
        print_json(folder, asdict(summary))
    elif not quiet:
        from hexapla.cli.batch_text import print_summary

        print_summary(folder, summary)
    sys.exit(INTERRUPTED if summary.left else 1 if summary.failed + summary.failed_before else 0)


def _engine(name: str, setup: Setup, limits: Limits, workers: int | None, address: str | None) -> Engine:
    if name == "ray":
        from hexapla.batch.ray_engine import RayEngine

        return RayEngine(setup, limits, workers, address)
    from hexapla.batch.engines import LocalEngine
    from hexapla_models.cpu import usable_cores

    return LocalEngine(setup, limits, workers or usable_cores())


def _run(
    folder: Path, manifest: BatchManifest, engine: Engine, log_file: Path | None, quiet: bool
) -> Summary:
    from hexapla.batch.journal import journal
    from hexapla.batch.run import open_folder, run_batch

    with journal(log_file, manifest) as log, _stop_on_signals() as stopped, Console(quiet=quiet) as console:
        summary = run_batch(
            open_folder(folder),
            manifest,
            engine,
            stopped=stopped.is_set,
            on_commit=log.document,
            progress=console.progress,
        )
        log.end(summary)
    return summary


@contextmanager
def _stop_on_signals() -> Iterator[Event]:
    """Take the first Ctrl-C, or the first SIGTERM, as the wish to end in good order; the second ends at once."""
    stopped = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        click.echo("Stopping: what is done is being committed. Press Ctrl-C again to end at once.", err=True)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _dry_run(folder: Path, manifest: BatchManifest, quiet: bool, as_json: bool) -> None:
    from hexapla.batch.plan import ChangeStatus
    from hexapla.batch.run import dry_run

    with Console(quiet=quiet) as console:
        counts, missing = dry_run(folder, manifest, console.progress)
    if as_json:
        counted = {plan.name.lower(): counts[plan] for plan in ChangeStatus}
        print_json(folder, {"plan": counted, "missing": [str(path) for path in missing]})
    elif not quiet:
        from hexapla.cli.batch_text import print_plan

        print_plan(folder, manifest.count, counts, missing)
