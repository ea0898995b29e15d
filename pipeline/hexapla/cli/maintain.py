"""Commands that look after a memory: info, history, diff, restore, verify, compact and reindex."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hexapla.cli.console import Console, debug_option, model_option
from hexapla.cli.options import (
    json_option,
    memory_argument,
    plural,
    print_json,
    quiet_option,
    size_of,
)

_INFO = """Say what a memory holds: units, languages, encoder, and which index serves each language and why.

\b
Example:
  hexapla info un.hexapla
"""
_HISTORY = """List the versions of a memory, the newest first: when, by whom, what was done.

\b
Example:
  hexapla history un.hexapla
"""
_DIFF = """Show the units that differ between two versions, what was there with -, what is there now with +.

\b
Example:
  hexapla diff un.hexapla 3 5
"""
_RESTORE = """Bring an older version back. It becomes the newest one, so that this can be undone too.

\b
Example:
  hexapla restore un.hexapla 3
"""
_VERIFY = """Read every byte of a memory, and say what is damaged and what to do. Exits with 1 if anything is.

\b
Example:
  hexapla verify un.hexapla
"""
_COMPACT = """Free the space of versions older than 30 days, which can then no longer be restored.

Many small files become one. What was left by killed processes goes too.

\b
Example:
  hexapla compact un.hexapla
"""
_REINDEX = """Rebuild the indexes of a memory from its table.

This is done without being asked where an index is missing, old or damaged. With --model, all texts are encoded again,
and the memory belongs to that encoder from then on.

\b
Example:
  hexapla reindex un.hexapla
"""


@click.command(help=_INFO)
@memory_argument
@json_option
@debug_option
def info(folder: Path, as_json: bool) -> None:
    """Say what a memory holds."""
    from hexapla.cli.records import info_record
    from hexapla.memory.memory import Memory

    with Console(quiet=as_json) as console:
        found = Memory.open(folder, progress=console.progress).info()
    if as_json:
        print_json(folder, info_record(found))
        return
    from hexapla.cli.as_text import show_info
    from hexapla.cli.printer import Printer

    show_info(Printer(), folder, found)


@click.command(help=_HISTORY)
@memory_argument
@json_option
@debug_option
def history(folder: Path, as_json: bool) -> None:
    """List the versions of a memory."""
    from hexapla.cli.records import commit_record
    from hexapla.memory.memory import Memory

    with Console(quiet=as_json) as console:
        commits = Memory.open(folder, progress=console.progress).history()
    if as_json:
        print_json(folder, {"versions": [commit_record(commit) for commit in commits]})
        return
    from hexapla.cli.as_text import show_history
    from hexapla.cli.printer import Printer

    show_history(Printer(), commits)


@click.command(help=_DIFF)
@memory_argument
@click.argument("one", metavar="V1", type=click.IntRange(0))
@click.argument("other", metavar="V2", type=click.IntRange(0))
@json_option
@debug_option
def diff(folder: Path, one: int, other: int, as_json: bool) -> None:
    """Show how two versions differ."""
    from hexapla.cli.records import change_record
    from hexapla.memory.memory import Memory

    with Console(quiet=as_json) as console:
        changes = Memory.open(folder, progress=console.progress).diff(one, other)
    if as_json:
        records = [change_record(change) for change in changes]
        print_json(folder, {"from": one, "to": other, "changes": records})
        return
    from hexapla.cli.as_text import show_changes
    from hexapla.cli.printer import Printer

    show_changes(Printer(), changes)


@click.command(help=_RESTORE)
@memory_argument
@click.argument("version", metavar="V", type=click.IntRange(0))
@quiet_option
@json_option
@debug_option
def restore(folder: Path, version: int, quiet: bool, as_json: bool) -> None:
    """Bring an older version back."""
    from hexapla.memory.memory import Memory

    with Console(quiet=quiet) as console:
        memory = Memory.open(folder, progress=console.progress)
        new = memory.restore(version)
    if as_json:
        print_json(folder, {"version": new, "restored": version, "units": len(memory)})
    elif not quiet:
        click.echo(
            f"{folder} is now version {new}, the same as version {version}: {plural(len(memory), 'unit')}"
        )


@click.command(help=_VERIFY)
@memory_argument
@json_option
@debug_option
def verify(folder: Path, as_json: bool) -> None:
    """Read every byte, and say what is damaged."""
    from hexapla.memory.memory import Memory

    with Console(quiet=as_json) as console:
        memory = Memory.open(folder, progress=console.progress)
        problems = memory.verify(progress=console.progress)
    if as_json:
        records = [{"file": str(problem.path), "problem": problem.what} for problem in problems]
        print_json(folder, {"version": memory.version, "problems": records})
    else:
        for problem in problems:
            click.echo(f"{problem.path}: {problem.what}")
        state = f"has {plural(len(problems), 'problem')}" if problems else "is whole"
        click.echo(f"{folder} {state}: version {memory.version}, {plural(len(memory), 'unit')}")
    sys.exit(1 if problems else 0)


@click.command(help=_COMPACT)
@memory_argument
@quiet_option
@json_option
@debug_option
def compact(folder: Path, quiet: bool, as_json: bool) -> None:
    """Free the space of old versions."""
    from dataclasses import asdict

    from hexapla.memory.memory import Memory

    with Console(quiet=quiet) as console:
        done = Memory.open(folder, progress=console.progress).compact()
    if as_json:
        print_json(folder, asdict(done))
    elif not quiet:
        click.echo(f"{folder}: {plural(done.files, 'file')} removed, {size_of(done.bytes)} freed")


@click.command(help=_REINDEX)
@memory_argument
@model_option("Encoder; that of the memory if not given")
@quiet_option
@debug_option
def reindex(folder: Path, model: str | None, quiet: bool) -> None:
    """Rebuild the indexes, for another encoder too."""
    from hexapla.memory.memory import Memory

    with Console(quiet=quiet) as console:
        memory = Memory.open(folder, progress=console.progress)
        memory.reindex(model, progress=console.progress)
    if not quiet:
        click.echo(f"{folder}: indexes of {plural(len(memory), 'unit')} were rebuilt")
