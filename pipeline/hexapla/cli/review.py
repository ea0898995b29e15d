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


def _command(name: str, help: str) -> click.Command:
    """Return the command that makes a decision on units, which is the method of a memory of the same name."""

    @click.command(name, help=help)
    @_choice
    @author_option
    @quiet_option
    @json_option
    @debug_option
    def command(
        folder: Path,
        units: tuple[str, ...],
        where: tuple[str, ...],
        dry_run: bool,
        author: str | None,
        quiet: bool,
        as_json: bool,
    ) -> None:
        ids = _identifiers(units, where)
        with Console(quiet=quiet or as_json) as console:
            memory = open_memory(folder, console.progress)
            decide = getattr(memory, name)
            decided: list[Unit] = decide(ids, where=where, dry_run=dry_run, author=author)
        _report(memory, decided, dry_run=dry_run, quiet=quiet, as_json=as_json)

    return command


approve = _command("approve", _APPROVE)
reject = _command("reject", _REJECT)


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


def _report(memory: Memory, units: Sequence[Unit], *, dry_run: bool, quiet: bool, as_json: bool) -> None:
    """Print units as they are after a decision."""
    if as_json:
        from hexapla.unit_records import record_of

        records = [record_of(unit) for unit in units]
        print_json(memory.path, {"version": memory.version, "dry_run": dry_run, "units": records})
    elif not quiet:
        from hexapla.cli.as_text import show_unit
        from hexapla.cli.printer import Printer

        for unit in units[:_SHOWN]:
            show_unit(Printer(), unit)
        if len(units) > _SHOWN:
            click.echo(f"... and {plural(len(units) - _SHOWN, 'more unit')}")
        click.echo(state_of(memory, dry_run))
