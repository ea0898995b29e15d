"""Reports of commands that change many units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from hexapla.cli.options import plural, print_json

if TYPE_CHECKING:
    from hexapla.api.memory import Memory
    from hexapla.units import Change


def report_changes(
    memory: Memory, changes: Sequence[Change], *, dry_run: bool, limit: int, quiet: bool, as_json: bool
) -> None:
    """Print how units change.

    Args:
        memory: the memory, after the change.
        changes: the units, before and after.
        dry_run: whether nothing was changed.
        limit: number of units to show.
        quiet: whether to print nothing but JSON.
        as_json: whether to print JSON.
    """
    if as_json:
        from hexapla.api.records import change_record

        records = [change_record(change) for change in changes[:limit]]
        counts = {"version": memory.version, "dry_run": dry_run, "total": len(changes)}
        print_json(memory.path, {**counts, "changes": records})
    elif not quiet:
        from hexapla.cli.as_text import show_differences
        from hexapla.cli.printer import Printer

        show_differences(Printer(), changes[:limit])
        if len(changes) > limit:
            click.echo(f"... and {plural(len(changes) - limit, 'more unit')}: --limit shows them.")
        done = "deleted" if changes and not any(change.after for change in changes) else "changed"
        click.echo(f"{plural(len(changes), 'unit')} {'would be ' if dry_run else ''}{done}")
        click.echo(state_of(memory, dry_run))


def state_of(memory: Memory, dry_run: bool) -> str:
    """Return the line that says which version a memory has now."""
    return f"{memory.path} is {'unchanged: this is' if dry_run else 'now'} version {memory.version}"
