"""Commands that change a memory: add, edit and review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.console import Console, debug_option, model_option, parse_input
from hexapla.memory_commands.options import (
    counted,
    json_option,
    memory_argument,
    plural,
    print_json,
    quiet_option,
    read_text,
)

if TYPE_CHECKING:
    from hexapla.flow import Input
    from hexapla.memory import Added, Memory
    from hexapla.memory.storage.units import Unit
    from hexapla.progress import Progress

_ADD = """Align the language versions of a document and add them to a memory, which is made if it is missing.

A document that is there already is updated: its units keep their identifiers, and what people edited or approved
stays as they left it. Files and languages are given as for align.

\b
Example:
  hexapla add un.hexapla zh=doc.zh.docx en=doc.en.docx fr=doc.fr.pdf
"""
_EDIT = """Correct a text of a unit, or add one in a further language.

UNIT is an identifier that lookup and concordance print, or its first characters. The document that the text comes
from may be added again: the correction stays.

\b
Example:
  hexapla edit un.hexapla 0123456789abcdef --lang fr --text "Décide de rester saisi de la question."
"""
_REVIEW = """Say of a unit that it is right, or that it is not to be used.

An approved unit ranks higher and is never removed by filter. A rejected one is no longer found.

\b
Example:
  hexapla review un.hexapla 0123456789abcdef --status approved
"""
_unit_argument = click.argument("unit", metavar="UNIT")


@click.command(help=_ADD)
@memory_argument
@click.argument("inputs", metavar="[LANG=]FILE [LANG=]FILE ...", nargs=-1, required=True)
@click.option(
    "--segmented",
    is_flag=True,
    help="Inputs hold one segment a line; no structure is sought.",
)
@model_option("Encoder of a memory that is made; the embedded one if not given")
@quiet_option
@json_option
@debug_option
def add(
    folder: Path, inputs: tuple[str, ...], segmented: bool, model: str | None, quiet: bool, as_json: bool
) -> None:
    """Align files and add them to a memory."""
    parsed = [parse_input(item) for item in inputs]
    with Console(quiet=quiet) as console:
        memory, added = _add(folder, parsed, segmented, model, console.progress)
    if as_json:
        from dataclasses import asdict

        print_json(folder, asdict(added))
    elif not quiet:
        click.echo(f"{added.document}: {_counted(added)}")
        state = "is unchanged: this is" if added.version is None else "is now"
        click.echo(f"{folder} {state} version {memory.version}, {plural(len(memory), 'unit')}")


def _add(
    folder: Path, inputs: Sequence[Input], segmented: bool, model: str | None, progress: Progress
) -> tuple[Memory, Added]:
    """Add to a memory; a new one is not made before the documents are known to go together."""
    from hexapla.flow import align_files
    from hexapla.memory import Memory
    from hexapla_models.registry import DEFAULT_ENCODER

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        check_model(folder, model)
        memory = Memory.open_or_create(folder, progress=progress)
        return memory, memory.add(inputs, segmented=segmented, progress=progress)
    chosen = model or DEFAULT_ENCODER
    alignment = align_files(inputs, segmented=segmented, model=chosen, progress=progress)
    memory = Memory.open_or_create(folder, model=chosen, progress=progress)
    return memory, memory.add_alignment(alignment, progress=progress)


def check_model(folder: Path, model: str | None) -> None:
    """Refuse an encoder that is not that of the memory.

    Args:
        folder: of the memory, which may be missing.
        model: name that the user gave, or None.

    Raises:
        InputError: it is another one.
    """
    from hexapla.errors import InputError
    from hexapla.memory.storage.folder import Folder
    from hexapla_models.model_spec import ModelSpec

    if model is not None and Folder.holds_memory(folder):
        encoder = Folder.open(folder).manifest.encoder
        if ModelSpec.of(model).name != encoder:
            raise InputError(
                f"{folder} has the encoder {encoder!r}, and --model names {model!r}: leave it out, or run `hexapla "
                f"reindex {folder} --model {model}` first."
            )


def _counted(added: Added) -> str:
    counts = {
        "added": added.added,
        "updated": added.updated,
        "removed": added.removed,
        "as before": added.unchanged,
    }
    return counted(counts)


@click.command(help=_EDIT)
@memory_argument
@_unit_argument
@click.option("--lang", "language", metavar="LANG", required=True, help="Language of the text.")
@click.option("--text", metavar="TEXT", required=True, help="The right text; - reads it from standard input.")
@quiet_option
@json_option
@debug_option
def edit(folder: Path, unit: str, language: str, text: str, quiet: bool, as_json: bool) -> None:
    """Correct a text of a unit."""
    from hexapla.memory import Memory
    from hexapla_corpora.languages import normalise_tag

    tag, right = normalise_tag(language), read_text(text)
    with Console(quiet=quiet) as console:
        memory = Memory.open(folder, progress=console.progress)
        edited = memory.edit(unit, tag, right)
    _print_unit(folder, memory.version, edited, quiet, as_json)


@click.command(help=_REVIEW)
@memory_argument
@_unit_argument
@click.option(
    "--status",
    type=click.Choice(["approved", "rejected"]),
    required=True,
    help="Whether it is right.",
)
@quiet_option
@json_option
@debug_option
def review(folder: Path, unit: str, status: str, quiet: bool, as_json: bool) -> None:
    """Approve or reject a unit."""
    from hexapla.memory import Memory
    from hexapla.memory.storage.units import Status

    with Console(quiet=quiet) as console:
        memory = Memory.open(folder, progress=console.progress)
        reviewed = memory.review(unit, Status(status))
    _print_unit(folder, memory.version, reviewed, quiet, as_json)


def _print_unit(folder: Path, version: int, unit: Unit, quiet: bool, as_json: bool) -> None:
    if as_json:
        from hexapla.memory_commands.records import unit_record

        print_json(folder, {"version": version, **unit_record(unit)})
    elif not quiet:
        from hexapla.memory_commands.printing import Printer
        from hexapla.memory_commands.shown import show_unit

        show_unit(Printer(), unit)
        click.echo(f"{folder} is now version {version}")
