"""What the commands batch and batch status print for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from hexapla.batch.ledger import EntryStatus, LedgerEntry
from hexapla.batch.plan import ChangeStatus
from hexapla.batch.run import Summary
from hexapla.cli.options import plural

SHOWN = 20  # documents that failed, of many
MISSING = 10  # files that are missing, of many


def print_plan(
    folder: Path, documents: int, counts: Mapping[ChangeStatus, int], missing: Sequence[Path]
) -> None:
    """Print what a batch would do.

    Args:
        folder: of the memory.
        documents: how many the manifest has.
        counts: how many are new, changed and so on.
        missing: files that cannot be read.
    """
    click.echo(
        f"{plural(documents, 'document')}: " + _counted({plan.value: counts[plan] for plan in ChangeStatus})
    )
    for path in missing[:MISSING]:
        click.echo(f"cannot be read: {path}")
    if len(missing) > MISSING:
        click.echo(f"... and {len(missing) - MISSING:,} more files that cannot be read")
    click.echo(f"{folder}: nothing was changed")


def print_summary(folder: Path, summary: Summary) -> None:
    """Print what a batch did, and what to do next."""
    counts = {
        "added or updated": summary.done,
        "unchanged": summary.unchanged,
        "failed": summary.failed,
        "failed before and have the same files": summary.failed_before,
        "left": summary.left,
    }
    click.echo(f"{plural(summary.documents, 'document')} in {summary.seconds:,.0f} s: {_counted(counts)}")
    click.echo(f"{folder} is now version {summary.version}")
    if summary.left:
        click.echo("Stopped: run the same command again to go on.")
    if summary.failed + summary.failed_before:
        click.echo(f"To see why documents failed: hexapla batch status {folder} --failed")


def print_rows(rows: Sequence[LedgerEntry], *, failed_alone: bool) -> None:
    """Print the rows of a ledger.

    Args:
        rows: what became of documents.
        failed_alone: whether only those that failed are listed, and all of them.
    """
    failed = [row for row in rows if row.status is EntryStatus.FAILED]
    if not failed_alone:
        done = [row for row in rows if row.status is EntryStatus.DONE]
        units, seconds = sum(row.rows or 0 for row in done), sum(row.seconds or 0 for row in done)
        click.echo(
            f"{plural(len(done), 'document')} done, {plural(units, 'unit')}, {seconds:,.1f} s of work; "
            f"{len(failed):,} failed"
        )
    shown = failed if failed_alone else failed[:SHOWN]
    for row in shown:
        click.echo(f"{row.document}: {row.kind}, {plural(row.attempts, 'attempt')}: {row.error}")
    if len(shown) < len(failed):
        click.echo(f"... and {len(failed) - len(shown):,} more: see --failed")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
