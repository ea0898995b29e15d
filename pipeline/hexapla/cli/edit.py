"""Commands that change units: add, edit, approve and reject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.cli.console import Console, debug_option, model_option, parse_input
from hexapla.cli.options import (
    LANGUAGE,
    author_option,
    counted,
    json_option,
    level_option,
    memory_argument,
    open_memory,
    plural,
    print_json,
    quiet_option,
    read_text,
)

if TYPE_CHECKING:
    from hexapla.api.memory import Memory
    from hexapla.memory.additions.document_addition import Added
    from hexapla.units import Unit

_ADD = """Align the language versions of a document and add them to a memory, which is created if it does not exist.

A document that the memory already has is updated: its units keep their identifiers, and edited or approved units
stay. Files and languages are given as for align.

\b
Example:
  hexapla add un.hexapla zh=doc.zh.docx en=doc.en.docx fr=doc.fr.pdf
"""
_EDIT = """Correct a text of a unit, or add one in a further language.

UNIT is an identifier that lookup and concordance print, or its first characters. The correction stays when the
document of the unit is added again.

\b
Example:
  hexapla edit un.hexapla 0123456789abcdef --lang fr --text "Décide de rester saisi de la question."
"""
_APPROVE = """Approve units: they rank higher, and filter never removes them.

UNIT is an identifier that lookup and concordance print, or its first characters; - reads identifiers from standard
input, one per line.

\b
Example:
  hexapla approve un.hexapla 0123456789abcdef fedcba9876543210
"""
_REJECT = """Reject units: they are no longer found or exported.

UNIT is an identifier that lookup and concordance print, or its first characters; - reads identifiers from standard
input, one per line.

\b
Example:
  hexapla reject un.hexapla 0123456789abcdef
"""
_NAMED_UNITS = 5  # units that the summary names
_units_argument = click.argument("units", metavar="UNIT...", nargs=-1, required=True)


@click.command(help=_ADD)
@memory_argument
@click.argument("inputs", metavar="[LANG=]FILE [LANG=]FILE ...", nargs=-1, required=True)
@level_option("Units to create.")
@click.option(
    "--segmented",
    is_flag=True,
    help="Inputs have one segment per line.",
)
@model_option("Encoder of a new memory; the embedded one if not given")
@quiet_option
@json_option
@debug_option
def add(
    folder: Path,
    inputs: tuple[str, ...],
    level: str,
    segmented: bool,
    model: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Align files and add them to a memory."""
    from hexapla.api.memory import Memory

    parsed = [parse_input(item) for item in inputs]
    with Console(quiet=quiet or as_json) as console:
        memory = Memory(folder, model=model, progress=console.progress)
        added = memory.add(parsed, level=level, segmented=segmented, progress=console.progress)
        memory.refresh(console.progress)
    if as_json:
        from dataclasses import asdict

        print_json(folder, asdict(added))
    elif not quiet:
        click.echo(f"{added.document}: {_counted(added)}")
        if added.reopened:
            click.echo(_reopened(added.reopened))
        state = "is unchanged: this is" if added.version is None else "is now"
        click.echo(f"{folder} {state} version {memory.version}, {plural(len(memory), 'unit')}")


def _counted(added: Added) -> str:
    counts = {
        "added": added.added,
        "updated": added.updated,
        "removed": added.removed,
        "as before": added.unchanged,
    }
    return counted(counts)


def _reopened(ids: Sequence[str]) -> str:
    named = ", ".join(ids[:_NAMED_UNITS]) + (", ..." if len(ids) > _NAMED_UNITS else "")
    return (
        f"{plural(len(ids), 'unit')} to be reviewed again, since the document has other texts now: {named} (what was "
        "decided before is in the property `decided`)"
    )


@click.command(help=_EDIT)
@memory_argument
@click.argument("unit", metavar="UNIT")
@click.option(
    "--lang", "language", metavar="LANG", type=LANGUAGE, required=True, help="Language of the text."
)
@click.option(
    "--text", metavar="TEXT", required=True, help="The corrected text; - reads it from standard input."
)
@author_option
@quiet_option
@json_option
@debug_option
def edit(
    folder: Path, unit: str, language: str, text: str, author: str | None, quiet: bool, as_json: bool
) -> None:
    """Correct a text of a unit."""
    right = read_text(text)
    _decide(folder, lambda memory: [memory.edit(unit, language, right, author=author)], quiet, as_json)


@click.command(help=_APPROVE)
@memory_argument
@_units_argument
@author_option
@quiet_option
@json_option
@debug_option
def approve(folder: Path, units: tuple[str, ...], author: str | None, quiet: bool, as_json: bool) -> None:
    """Approve units."""
    ids = _identifiers(units)
    _decide(folder, lambda memory: memory.approve(ids, author=author), quiet, as_json)


@click.command(help=_REJECT)
@memory_argument
@_units_argument
@author_option
@quiet_option
@json_option
@debug_option
def reject(folder: Path, units: tuple[str, ...], author: str | None, quiet: bool, as_json: bool) -> None:
    """Reject units."""
    ids = _identifiers(units)
    _decide(folder, lambda memory: memory.reject(ids, author=author), quiet, as_json)


def _identifiers(units: Sequence[str]) -> list[str]:
    """The identifiers that were typed, or those of standard input."""
    return [line.strip() for unit in units for line in read_text(unit).splitlines() if line.strip()]


def _decide(folder: Path, decide: Callable[[Memory], list[Unit]], quiet: bool, as_json: bool) -> None:
    """Change units of a memory, and print them as they are now."""
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        units = decide(memory)
    if as_json:
        from hexapla.unit_records import record_of

        print_json(folder, {"version": memory.version, "units": [record_of(unit) for unit in units]})
    elif not quiet:
        from hexapla.cli.as_text import show_unit
        from hexapla.cli.printer import Printer

        for unit in units:
            show_unit(Printer(), unit)
        click.echo(f"{folder} is now version {memory.version}")
