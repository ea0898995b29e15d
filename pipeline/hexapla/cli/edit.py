"""Commands that change texts: add, edit and replace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.cli.changes import report_changes
from hexapla.cli.console import Console, debug_option, model_option, parse_input
from hexapla.cli.options import (
    LANGUAGE,
    author_option,
    counted,
    dry_run_option,
    json_option,
    level_option,
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
    from hexapla.memory.additions.document_addition import Added

_ADD = """Align the language versions of a document and add them to a memory, which is created if it does not exist.

A document that the memory already has is updated: its units keep their identifiers, and edited or approved units
stay. Files and languages are given as for align.

\b
Example:
  hexapla add un.hexapla zh=doc.zh.docx en=doc.en.docx fr=doc.fr.pdf
"""
_EDIT = """Correct a text of a unit, or add one in a further language.

UNIT is an identifier that lookup and concordance print, or its first characters. The correction stays when the
document of the unit is added again. A sentence and the paragraph that holds it are corrected together.

\b
Example:
  hexapla edit un.hexapla 0123456789abcdef --lang fr --text "Décide de rester saisi de la question."
"""
_REPLACE = """Replace words in the texts of a language, in one memory version, and show what changes.

The sentences and paragraphs of a passage change together.

\b
Example:
  hexapla replace un.hexapla --in fr --find "marégraphe" --with "marémètre" --dry-run
"""
_NAMED_UNITS = 5  # units that the summary names


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
    return (
        f"{plural(len(ids), 'unit')} to be reviewed again, since the document has other texts now: {_named(ids)} (what "
        "was decided before is in the property `decided`)"
    )


def _named(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_NAMED_UNITS]) + (", ..." if len(ids) > _NAMED_UNITS else "")


@click.command(help=_EDIT)
@memory_argument
@click.argument("unit", metavar="UNIT")
@click.option(
    "--lang", "language", metavar="LANG", type=LANGUAGE, required=True, help="Language of the text."
)
@click.option(
    "--text", metavar="TEXT", required=True, help="The corrected text; - reads it from standard input."
)
@click.option("--everywhere", is_flag=True, help="Correct all units that have the same pair of texts.")
@click.option(
    "--seen",
    metavar="VERSION",
    type=click.IntRange(0),
    help="Refuse if the text was changed after this memory version.",
)
@author_option
@quiet_option
@json_option
@debug_option
def edit(
    folder: Path,
    unit: str,
    language: str,
    text: str,
    everywhere: bool,
    seen: int | None,
    author: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Correct a text of a unit."""
    right = read_text(text)
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        same = [each.id for each in memory.identical_pairs(unit, language)]
        after = memory.edit(unit, language, right, everywhere=everywhere, seen=seen, author=author)
        if not everywhere:  # some are of the same passage, and were corrected with it
            same = [id for id in same if memory.unit(id).texts.get(language) != right]
    if as_json:
        from hexapla.unit_records import record_of

        counts = {"identical": same, "everywhere": everywhere}
        print_json(folder, {"version": memory.version, "units": [record_of(after)], **counts})
    elif not quiet:
        from hexapla.cli.as_text import show_unit
        from hexapla.cli.printer import Printer

        show_unit(Printer(), after)
        if same:
            click.echo(_identical(same, everywhere))
        click.echo(f"{folder} is now version {memory.version}")


def _identical(ids: Sequence[str], corrected: bool) -> str:
    what = "corrected too" if corrected else "see --everywhere"
    return f"{plural(len(ids), 'identical pair')}{' ' if corrected else ', '}{what}: {_named(ids)}"


@click.command(help=_REPLACE)
@memory_argument
@click.option("--in", "language", metavar="LANG", type=LANGUAGE, required=True, help="Language of the texts.")
@click.option("--find", metavar="WORDS", required=True, help="What to replace, exactly as it is written.")
@click.option("--with", "replacement", metavar="WORDS", required=True, help="What to write in its place.")
@click.option("--whole-words", is_flag=True, help="Leave out words that are part of longer ones.")
@where_option
@dry_run_option
@limit_option(20, "Units to show.")
@author_option
@quiet_option
@json_option
@debug_option
def replace(
    folder: Path,
    language: str,
    find: str,
    replacement: str,
    whole_words: bool,
    where: tuple[str, ...],
    dry_run: bool,
    limit: int,
    author: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Replace words in the texts of a language."""
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        changes = memory.replace(
            find,
            replacement,
            language=language,
            whole_words=whole_words,
            where=where,
            dry_run=dry_run,
            author=author,
        )
    report_changes(memory, changes, dry_run=dry_run, limit=limit, quiet=quiet, as_json=as_json)
