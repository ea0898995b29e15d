"""Commands that look after a memory: info, history, diff, restore, verify, compact and reindex."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hexapla.cli.console import Console, debug_option, model_option
from hexapla.cli.options import (
    at_option,
    author_option,
    json_option,
    limit_option,
    memory_argument,
    open_memory,
    plural,
    print_json,
    quiet_option,
    size_of,
)

_INFO = """Show what a memory holds: units, languages, encoder, and which index serves each language and why.

\b
Example:
  hexapla info un.hexapla
"""
_HISTORY = """List the versions of a memory, newest first: time, author and change.

\b
Example:
  hexapla history un.hexapla --limit 50
"""
_DIFF = """Show how units differ between two memory versions: old texts after -, new ones after +.

Without V2 the version V1 is compared with the newest one.

\b
Example:
  hexapla diff un.hexapla 3 5
"""
_RESTORE = """Restore an older memory version. It becomes the newest one, so that restoring can be undone too.

\b
Example:
  hexapla restore un.hexapla 3
"""
_VERIFY = """Check every byte of a memory, and say what is damaged and what to do. Exits with 1 if anything is damaged.

\b
Example:
  hexapla verify un.hexapla
"""
_COMPACT = """Free the space of memory versions older than 30 days, which can then no longer be restored.

Many small files become one. Files that killed processes left are removed too. On a terminal, the command asks first.

\b
Example:
  hexapla compact un.hexapla --yes
"""
_REINDEX = """Rebuild the indexes of a memory from its table.

Indexes that are missing, outdated or damaged are rebuilt without this command. With --model, all texts are encoded
again, and the memory uses that encoder from then on.

\b
Example:
  hexapla reindex un.hexapla
"""


@click.command(help=_INFO)
@memory_argument
@at_option
@json_option
@debug_option
def info(folder: Path, at: int | None, as_json: bool) -> None:
    """Show what a memory holds."""
    with Console(quiet=as_json) as console:
        found = open_memory(folder, console.progress, at).info()
    if as_json:
        from hexapla.api.records import info_record

        print_json(folder, info_record(found))
        return
    from hexapla.cli.as_text import show_info
    from hexapla.cli.printer import Printer

    show_info(Printer(), folder, found)


@click.command(help=_HISTORY)
@memory_argument
@limit_option(20, "Versions to show.")
@json_option
@debug_option
def history(folder: Path, limit: int, as_json: bool) -> None:
    """List the versions of a memory."""
    with Console(quiet=as_json) as console:
        commits = open_memory(folder, console.progress).history()
    if as_json:
        from hexapla.api.records import commit_record

        versions = [commit_record(commit) for commit in commits[:limit]]
        print_json(folder, {"total": len(commits), "versions": versions})
        return
    from hexapla.cli.as_text import show_history
    from hexapla.cli.printer import Printer

    show_history(Printer(), commits[:limit])
    _mention_more(len(commits) - limit, "version")


@click.command(help=_DIFF)
@memory_argument
@click.argument("one", metavar="V1", type=click.IntRange(0))
@click.argument("other", metavar="[V2]", type=click.IntRange(0), required=False)
@limit_option(20, "Units to show.")
@json_option
@debug_option
def diff(folder: Path, one: int, other: int | None, limit: int, as_json: bool) -> None:
    """Show how two memory versions differ."""
    with Console(quiet=as_json) as console:
        memory = open_memory(folder, console.progress)
        newer = memory.version if other is None else other
        changes = memory.diff(one, newer)
    if as_json:
        from hexapla.api.records import change_record

        records = [change_record(change) for change in changes[:limit]]
        print_json(folder, {"from": one, "to": newer, "total": len(changes), "changes": records})
        return
    from hexapla.cli.as_text import show_changes
    from hexapla.cli.printer import Printer

    show_changes(Printer(), one, newer, changes, limit)
    _mention_more(len(changes) - limit, "unit")


def _mention_more(count: int, noun: str) -> None:
    if count > 0:
        click.echo(f"... and {plural(count, f'more {noun}')}: --limit shows them.")


@click.command(help=_RESTORE)
@memory_argument
@click.argument("version", metavar="VERSION", type=click.IntRange(0))
@author_option
@quiet_option
@json_option
@debug_option
def restore(folder: Path, version: int, author: str | None, quiet: bool, as_json: bool) -> None:
    """Restore an older memory version."""
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        new = memory.restore(version, author=author)
    if as_json:
        print_json(folder, {"version": new, "restored": version, "units": len(memory)})
    elif not quiet:
        click.echo(
            f"{folder} is now version {new}, the same as version {version}: {plural(len(memory), 'unit')}"
        )


@click.command(help=_VERIFY)
@memory_argument
@quiet_option
@json_option
@debug_option
def verify(folder: Path, quiet: bool, as_json: bool) -> None:
    """Check a memory for damage."""
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        problems = memory.verify(progress=console.progress)
    if as_json:
        records = [{"file": str(problem.path), "problem": problem.what} for problem in problems]
        print_json(folder, {"version": memory.version, "problems": records})
    elif problems or not quiet:
        for problem in problems:
            click.echo(f"{problem.path}: {problem.what}")
        state = f"has {plural(len(problems), 'problem')}" if problems else "is whole"
        click.echo(f"{folder} {state}: version {memory.version}, {plural(len(memory), 'unit')}")
    sys.exit(1 if problems else 0)


@click.command(help=_COMPACT)
@memory_argument
@click.option("--yes", is_flag=True, help="Do it without asking.")
@quiet_option
@json_option
@debug_option
def compact(folder: Path, yes: bool, quiet: bool, as_json: bool) -> None:
    """Free the space of old memory versions."""
    from dataclasses import asdict

    if not yes and sys.stdin.isatty():
        click.confirm(f"Versions of {folder} older than 30 days can then not be restored. Go on?", abort=True)
    with Console(quiet=quiet or as_json) as console:
        done = open_memory(folder, console.progress).compact(progress=console.progress)
    if as_json:
        print_json(folder, asdict(done))
    elif not quiet:
        click.echo(f"{folder}: {plural(done.files, 'file')} removed, {size_of(done.bytes)} freed")


@click.command(help=_REINDEX)
@memory_argument
@model_option("Encoder; that of the memory if not given")
@quiet_option
@json_option
@debug_option
def reindex(folder: Path, model: str | None, quiet: bool, as_json: bool) -> None:
    """Rebuild the indexes, or change the encoder."""
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        memory.reindex(model, progress=console.progress)
    if as_json:
        print_json(
            folder, {"version": memory.version, "units": len(memory), "encoder": memory.info().encoder}
        )
    elif not quiet:
        click.echo(f"{folder}: indexes of {plural(len(memory), 'unit')} were rebuilt")
