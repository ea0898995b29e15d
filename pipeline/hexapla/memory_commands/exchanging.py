"""The command that takes the units of files into a memory: import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.console import Console, debug_option
from hexapla.errors import InputError
from hexapla.memory_commands.options import (
    counted,
    json_option,
    memory_argument,
    plural,
    print_json,
    quiet_option,
)

if TYPE_CHECKING:
    import polars as pl

    from hexapla.exchange.unit_formats import Finding, Reviewer
    from hexapla.memory import Imported, Memory
    from hexapla.memory.storage.units import Unit
    from hexapla.progress import Progress

_SHOWN = 20  # findings that are printed
_TOLD = 1000  # units after which progress is told
_IMPORT = """Take the units of files into a memory, which is made if it is missing.

Files may be .tmx, .tmx.gz, .zip with one .tmx in it, .xlf, .xliff, .jsonl, .tsv, .xlsx or .parquet, of hexapla or
another tool. What a person changed in an exported file comes back as an edited unit. The same file again changes
nothing.

\b
Example:
  hexapla import un.hexapla reviewed.tmx
"""


@click.command("import", help=_IMPORT)
@memory_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Leave out units that cannot be read, and say how many.")
@click.option("--author", metavar="NAME", help="Who changed units, where a file does not say it.")
@quiet_option
@json_option
@debug_option
def import_(
    folder: Path, files: tuple[Path, ...], skip_bad: bool, author: str | None, quiet: bool, as_json: bool
) -> None:
    """Take the units of files into a memory."""
    with Console(quiet=quiet or as_json) as console:
        memory, done = _import(folder, list(dict.fromkeys(files)), skip_bad, author, console.progress)
    if as_json:
        records = [_record(*each) for each in done]
        print_json(folder, {"version": memory.version, "files": records})
    elif not quiet:
        for content, imported in done:
            _print(content, imported)
        changed = any(imported.version is not None for _, imported in done)
        state = "is now" if changed else "is unchanged: this is"
        click.echo(f"{folder} {state} version {memory.version}, {plural(len(memory), 'unit')}")


@dataclass(frozen=True, slots=True)
class _Content:
    """What a file has.

    Attributes:
        path: the file.
        units: its units.
        corrections: whether they are corrections of units.
        skipped: what could not be read.
    """

    path: Path
    units: pl.DataFrame
    corrections: bool
    skipped: Sequence[Finding]


def _import(
    folder: Path, files: Sequence[Path], skip_bad: bool, author: str | None, progress: Progress
) -> tuple[Memory, list[tuple[_Content, Imported]]]:
    """Take files in, one after the other; none of units before all of them are read."""
    from hexapla.exchange.unit_formats import reviewer_of
    from hexapla.memory import Memory

    reviews = {file: review for file in files if (review := reviewer_of(file))}
    contents = {file: _read(file, skip_bad, progress) for file in files if file not in reviews}
    opened = Memory.open if reviews else Memory.open_or_create
    memory = opened(folder, progress=progress)
    done = []
    for file in files:
        # Corrections are those of units as they are when it is their turn.
        content = contents[file] if file in contents else _corrections(file, reviews[file], memory, progress)
        imported = memory.import_units(
            content.units, author=author, origin=file.name, whole=content.corrections, progress=progress
        )
        done.append((content, imported))
    return memory, done


def _read(path: Path, skip_bad: bool, progress: Progress) -> _Content:
    """Read a file of units; a bad one is an error unless it may be skipped."""
    from hexapla.exchange.unit_formats import reader_of
    from hexapla.memory.additions.importing import gathered

    skipped: list[Finding] = []
    units = reader_of(path)(path, skipped.append if skip_bad else _refuse)
    return _Content(path, gathered(_told(units, path, progress)), False, skipped)


def _corrections(path: Path, review: Reviewer, memory: Memory, progress: Progress) -> _Content:
    """Read a reviewed file; one row that cannot be applied must not cost the reviewer all the others."""
    from hexapla.memory.additions.importing import gathered

    skipped: list[Finding] = []
    units = review(path, memory.find, skipped.append)
    return _Content(path, gathered(_told(units, path, progress)), True, skipped)


def _told(units: Iterator[Unit], path: Path, progress: Progress) -> Iterator[Unit]:
    for count, unit in enumerate(units, start=1):
        if count % _TOLD == 0:
            progress(f"Reading {path.name}", count, count)
        yield unit


def _refuse(finding: Finding) -> None:
    raise InputError(f"{finding}; nothing was imported: correct it, or leave such units out with --skip-bad.")


def _record(content: _Content, imported: Imported) -> dict[str, Any]:
    skipped = [{"line": each.line, "unit": each.unit, "reason": each.reason} for each in content.skipped]
    return {"file": str(content.path), **asdict(imported), "skipped": skipped}


def _print(content: _Content, imported: Imported) -> None:
    shown = len(content.skipped) if content.corrections else _SHOWN
    for finding in content.skipped[:shown]:
        click.echo(f"{'Not applied' if content.corrections else 'Skipped'}: {finding}", err=True)
    if (more := len(content.skipped) - shown) > 0:
        click.echo(f"Skipped: {more:,} more of {content.path}; see them all with --json", err=True)
    counts = {
        "added": imported.added,
        "updated": imported.updated,
        "as before": imported.unchanged,
        "older than in the memory": imported.older,
        "in one language only": imported.incomplete,
        "skipped": len(content.skipped),
    }
    click.echo(f"{content.path}: {counted(counts)}")
