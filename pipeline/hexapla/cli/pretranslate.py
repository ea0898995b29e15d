"""Commands on texts that are to be translated: pretranslate and analyse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    at_option,
    from_option,
    json_option,
    limit_option,
    memory_argument,
    minimum_option,
    open_memory,
    output_option,
    plural,
    print_json,
    quiet_option,
    to_option,
)
from hexapla.cli.outputs import files_for, is_standard_output

if TYPE_CHECKING:
    from hexapla.formats.xliff.file import Filled
    from hexapla.pretranslate.analysis import Count, FileAnalysis
    from hexapla.pretranslate.files import PretranslatedFile

_PRETRANSLATE = """Fill a draft with matches from a memory: as XLIFF for a CAT tool, or as a Word table for a reviewer.

FILE is a .docx, .pdf, .html, .md or .txt file, or XLIFF. It is split into sentences as for alignment. Translations of
exact matches are inserted, and similar texts are offered as matches. In an XLIFF file only segments without a
translation are filled; everything else is unchanged.

\b
Example:
  hexapla pretranslate un.hexapla draft.docx --from zh --to en -o draft.xlf
"""
_ANALYSE = """Count how much of some files is in a memory, in words and segments by match, as CAT tools do.

FILE may be of the same formats as for pretranslate. Each Chinese or Japanese character counts as a word.

\b
Example:
  hexapla analyse un.hexapla draft.docx annex.docx --from zh --to en
"""
_from_option = from_option("Language of the files; not needed if XLIFF declares it.")
_to_option = to_option("Language of the translation; not needed if XLIFF declares it.")


@click.command(help=_PRETRANSLATE)
@memory_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@_from_option
@_to_option
@output_option("File to write, by suffix: .xlf .xliff .docx; -.xlf is standard output.")
@click.option(
    "--xliff",
    "version",
    type=click.Choice(["1.2", "2.1"]),
    help="Version of the XLIFF written for a document; 1.2 if not given, which all CAT tools read.",
)
@minimum_option(75, "Lowest percentage of a match that is offered.")
@limit_option(5, "Matches to offer per segment.")
@click.option(
    "--fill",
    metavar="PERCENT",
    type=click.IntRange(99, 101),
    default=100,
    show_default=True,
    help="Percentage from which a match is put in as the translation: 101 in context, 100 the same text, 99 all but "
    "placeables.",
)
@at_option
@quiet_option
@json_option
@debug_option
def pretranslate(
    folder: Path,
    file: Path,
    source: str | None,
    target: str | None,
    output: Path,
    version: str | None,
    minimum: int,
    limit: int,
    fill: int,
    at: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Fill a draft with the matches of a memory."""
    from hexapla.pretranslate.files import check_pretranslation, is_xliff

    _check_languages([file], source, target)
    with files_for([output]) as files, Console(quiet=quiet or as_json) as console:
        check_pretranslation(file, files[output])
        if version and (is_xliff(file) or not is_xliff(files[output])):
            raise click.UsageError("--xliff is for documents that become XLIFF: leave it out.")
        memory = open_memory(folder, console.progress, at)
        found = memory.pretranslate(
            file,
            source=source or "",
            target=target or "",
            minimum=minimum,
            limit=limit,
            fill=fill,
            progress=console.progress,
        )
        filled = found.write(files[output], xliff=version or "1.2")
    standard = is_standard_output(output)
    if as_json and not standard:
        record = {"version": memory.version, "output": str(output), **_file_to_translate(found, filled)}
        print_json(folder, record)
    elif not quiet:
        _show([found.analysis], err=standard)
        click.echo(f"\n{output}: {_summary(filled)}", err=standard)


@click.command(help=_ANALYSE)
@memory_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_from_option
@_to_option
@at_option
@json_option
@debug_option
def analyse(
    folder: Path,
    files: tuple[Path, ...],
    source: str | None,
    target: str | None,
    at: int | None,
    as_json: bool,
) -> None:
    """Count how much of a text is in a memory."""
    _check_languages(files, source, target)
    with Console(quiet=as_json) as console:
        memory = open_memory(folder, console.progress, at)
        analysis = memory.analyse(files, source=source or "", target=target or "", progress=console.progress)
    if as_json:
        record = {
            "version": memory.version,
            "files": [_file_record(counted) for counted in analysis.files],
            "total": _counts_record(analysis.total()),
        }
        print_json(folder, record)
    else:
        _show([*analysis.files, *([analysis.total()] if len(analysis.files) > 1 else [])])


def _check_languages(files: Sequence[Path], source: str | None, target: str | None) -> None:
    """Ask for languages that no file can declare."""
    from hexapla.pretranslate.files import is_xliff

    for option, tag in (("--from", source), ("--to", target)):
        if tag is None and not all(map(is_xliff, files)):
            raise click.UsageError(f"{option} is missing: a document does not declare it itself.")


def _show(counted: list[FileAnalysis], *, err: bool = False) -> None:
    """Print analyses as tables, and warnings to standard error."""
    from hexapla.cli.printer import Printer

    printer = Printer(err=err)
    for place, each in enumerate(counted):
        for warning in each.warnings:
            click.echo(f"Warning: {warning}", err=True)
        if place:
            printer.line()
        words = each.total.words or 1
        printer.line(each.name)
        rows = [["match", "segments", "words", "characters", "% of words"]]
        rows += [_row(band.label, count, words) for band, count in each.bands.items()]
        printer.table([*rows, _row("total", each.total, words)], right=(1, 2, 3, 4))


def _row(label: str, count: Count, words: int) -> list[str]:
    numbers = (count.segments, count.words, count.characters)
    return [label, *(f"{number:,}" for number in numbers), f"{100 * count.words / words:.1f}"]


def _summary(filled: Filled) -> str:
    parts = [
        f"{filled.filled:,} of {plural(filled.segments, 'segment')} filled",
        f"{filled.offered:,} with matches",
    ]
    if filled.ambiguous:
        parts.append(f"{filled.ambiguous:,} to choose between translations of the same text")
    if filled.translated:
        parts.append(f"{filled.translated:,} had a translation")
    return ", ".join(parts)


def _file_to_translate(found: PretranslatedFile, filled: Filled) -> dict[str, Any]:
    return {
        "from": found.settings.source,
        "to": found.settings.target,
        **asdict(filled),
        "analysis": _file_record(found.analysis),
    }


def _file_record(counted: FileAnalysis) -> dict[str, Any]:
    return {"file": counted.name, "warnings": list(counted.warnings), **_counts_record(counted)}


def _counts_record(counted: FileAnalysis) -> dict[str, Any]:
    return {
        "bands": {band.value: asdict(count) for band, count in counted.bands.items()},
        "total": asdict(counted.total),
    }
