"""Commands that decide on units: approve, reject and delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.cli.changes import report_changes, state_of
from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    author_option,
    dry_run_option,
    json_option,
    limit_option,
    memory_argument,
    open_memory,
    plural,
    print_json,
    quiet_option,
    read_text,
    where_option,
)

if TYPE_CHECKING:
    from hexapla.api.memory import Memory
    from hexapla.units import Unit

_APPROVE = """Approve units: they rank higher, and filter never removes them.

UNIT is an identifier that lookup and concordance print, or its first characters; - reads identifiers from standard
input, one per line. Several units are approved in one memory version.

\b
Example:
  hexapla approve un.hexapla --where document=A/79/L.92 --where "probability>=0.99"
"""
_REJECT = """Reject units: they are no longer found or exported.

UNIT is an identifier that lookup and concordance print, or its first characters; - reads identifiers from standard
input, one per line. Several units are rejected in one memory version.

\b
Example:
  hexapla reject un.hexapla --where "probability<0.2" --dry-run
"""
_DELETE = """Delete units, in one memory version that restore can take back.

UNIT is an identifier that lookup and concordance print, or its first characters; - reads identifiers from standard
input, one per line. A deleted unit can come back with its file, or with a changed version of its document; a
rejected one does not.

\b
Example:
  hexapla delete un.hexapla --where document=draft --dry-run
"""
_SHOWN = 20  # units that are shown


def _choice(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options that choose units."""
    units = click.argument("units", metavar="[UNIT...]", nargs=-1)
    return memory_argument(units(where_option(dry_run_option(command))))


@click.command(help=_APPROVE)
@_choice
@author_option
@quiet_option
@json_option
@debug_option
def approve(
    folder: Path,
    units: tuple[str, ...],
    where: tuple[str, ...],
    dry_run: bool,
    author: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Approve units."""
    ids = _identifiers(units, where)
    _review(
        folder,
        lambda memory: memory.approve(ids, where=where, dry_run=dry_run, author=author),
        dry_run,
        quiet,
        as_json,
    )


@click.command(help=_REJECT)
@_choice
@author_option
@quiet_option
@json_option
@debug_option
def reject(
    folder: Path,
    units: tuple[str, ...],
    where: tuple[str, ...],
    dry_run: bool,
    author: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Reject units."""
    ids = _identifiers(units, where)
    _review(
        folder,
        lambda memory: memory.reject(ids, where=where, dry_run=dry_run, author=author),
        dry_run,
        quiet,
        as_json,
    )


@click.command(help=_DELETE)
@_choice
@limit_option(_SHOWN, "Units to show.")
@author_option
@quiet_option
@json_option
@debug_option
def delete(
    folder: Path,
    units: tuple[str, ...],
    where: tuple[str, ...],
    dry_run: bool,
    limit: int,
    author: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Delete units."""
    ids = _identifiers(units, where)
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        changes = memory.delete(ids, where=where, dry_run=dry_run, author=author)
    report_changes(memory, changes, dry_run=dry_run, limit=limit, quiet=quiet, as_json=as_json)


def _identifiers(units: Sequence[str], where: Sequence[str]) -> list[str]:
    """Return the identifiers that were typed, or those of standard input."""
    if not units and not where:
        raise click.UsageError("Name the units, or give --where.")
    return [line.strip() for unit in units for line in read_text(unit).splitlines() if line.strip()]


def _review(
    folder: Path, decide: Callable[[Memory], list[Unit]], dry_run: bool, quiet: bool, as_json: bool
) -> None:
    """Decide on units of a memory, and print them as they are then."""
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        units = decide(memory)
    if as_json:
        from hexapla.unit_records import record_of

        records = [record_of(unit) for unit in units]
        print_json(folder, {"version": memory.version, "dry_run": dry_run, "units": records})
    elif not quiet:
        from hexapla.cli.as_text import show_unit
        from hexapla.cli.printer import Printer

        for unit in units[:_SHOWN]:
            show_unit(Printer(), unit)
        if len(units) > _SHOWN:
            click.echo(f"... and {plural(len(units) - _SHOWN, 'more unit')}")
        click.echo(state_of(memory, dry_run))
