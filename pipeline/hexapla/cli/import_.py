"""The command that takes the units of files into a memory: import."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli.console import Console, debug_option, model_option
from hexapla.cli.options import (
    author_option,
    counted,
    json_option,
    memory_argument,
    plural,
    print_json,
    quiet_option,
)

if TYPE_CHECKING:
    from hexapla.review.file_import import ImportedFile

_SHOWN = 20  # problems that are printed
_IMPORT = """Import the units of files into a memory, which is created if it does not exist.

Files may be .tmx, .tmx.gz, .zip with one .tmx in it, .xlf, .xliff, .jsonl, .tsv, .csv, .xlsx or .parquet, from hexapla
or another tool. Units that a person changed in an exported file become edited units. Importing the same file again
changes nothing. A file may also be another memory: what people decided there and here is merged, and where both
decided on a text, the later decision holds.

\b
Example:
  hexapla import un.hexapla reviewed.tmx
"""


@click.command("import", help=_IMPORT)
@memory_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Skip units that cannot be read, and list them.")
@click.option(
    "--on-conflict",
    type=click.Choice(["keep-both", "keep", "replace"]),
    help="Where a text differs from the memory: add a unit, keep the memory's text, or take the file's. If not given, "
    "a change of the same file is an edit, and a translation from another file is added.",
)
@author_option
@model_option("Encoder of a new memory; the embedded one if not given")
@quiet_option
@json_option
@debug_option
def import_(
    folder: Path,
    files: tuple[Path, ...],
    skip_bad: bool,
    on_conflict: str | None,
    author: str | None,
    model: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Import the units of files into a memory."""
    from hexapla.api.memory import Memory

    with Console(quiet=quiet or as_json) as console:
        memory = Memory(folder, model=model, progress=console.progress)
        done = memory.import_files(
            list(dict.fromkeys(files)),
            skip_bad=skip_bad,
            author=author,
            on_conflict=on_conflict,
            progress=console.progress,
        )
        memory.refresh(console.progress)
    if as_json:
        print_json(folder, {"version": memory.version, "files": [_record(each) for each in done]})
    elif not quiet:
        for each in done:
            _print(each)
        changed = any(each.imported.version is not None for each in done)
        state = "is now" if changed else "is unchanged: this is"
        click.echo(f"{folder} {state} version {memory.version}, {plural(len(memory), 'unit')}")


def _record(done: ImportedFile) -> dict[str, Any]:
    skipped = [{"line": each.line, "unit": each.unit, "reason": each.reason} for each in done.skipped]
    return {"file": str(done.path), **asdict(done.imported), "skipped": skipped}


def _print(done: ImportedFile) -> None:
    shown = len(done.skipped) if done.corrections else _SHOWN
    for problem in done.skipped[:shown]:
        click.echo(f"{'Not applied' if done.corrections else 'Skipped'}: {problem}", err=True)
    if (more := len(done.skipped) - shown) > 0:
        click.echo(f"Skipped: {more:,} more of {done.path}; see them all with --json", err=True)
    counts = {
        "added": done.imported.added,
        "updated": done.imported.updated,
        "as before": done.imported.unchanged,
        "older than in the memory": done.imported.older,
        "kept as in the memory": done.imported.kept,
        "in one language only": done.imported.incomplete,
        "skipped": len(done.skipped),
    }
    click.echo(f"{done.path}: {counted(counts)}")
