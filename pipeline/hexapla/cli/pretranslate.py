"""Commands on texts that are to be translated: pretranslate and analyse."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    json_option,
    limit_option,
    memory_argument,
    minimum_option,
    plural,
    print_json,
    quiet_option,
)

if TYPE_CHECKING:
    from hexapla.pretranslate.analysis import Count, FileAnalysis
    from hexapla.pretranslate.files import Report

_PRETRANSLATE = """Put what a memory has into a file for translators: XLIFF for a CAT tool, or a table in Word.

FILE is a .docx, .pdf, .html, .md or .txt file, or XLIFF. It is cut into sentences as for alignment; the same text is
put in as its translation, what is similar stands beside it. Of an XLIFF file only segments without a translation are
filled; all else in it stays.

\b
Example:
  hexapla pretranslate un.hexapla draft.docx --from zh --to en -o draft.xlf
"""
_ANALYSE = """Count how much of some files a memory has, in words and segments by match, as CAT tools do.

Files are as for pretranslate. Each Chinese or Japanese character counts as a word.

\b
Example:
  hexapla analyse un.hexapla draft.docx annex.docx --from zh --to en
"""
_from_option = click.option(
    "--from", "source", metavar="LANG", help="Language of the files; XLIFF says it itself."
)
_to_option = click.option(
    "--to", "target", metavar="LANG", help="Language of the translation; XLIFF says it itself."
)


@click.command(help=_PRETRANSLATE)
@memory_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@_from_option
@_to_option
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(path_type=Path),
    required=True,
    help="File to write, by suffix: .xlf .xliff .docx.",
)
@click.option(
    "--xliff",
    "version",
    type=click.Choice(["1.2", "2.1"]),
    help="Version of XLIFF that is made of a document; 1.2 by default, which all CAT tools read.",
)
@minimum_option(75, "Percentage that a match must have to be offered.")
@limit_option("Matches to offer for a segment.")
@click.option(
    "--fill",
    metavar="PERCENT",
    type=click.IntRange(99, 101),
    default=100,
    show_default=True,
    help="Percentage from which a match is put in as the translation: 101 in context, 100 the same text, 99 all but "
    "placeables.",
)
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
    quiet: bool,
    as_json: bool,
) -> None:
    """Put what a memory has into a file for translators."""
    from hexapla.formats.xliff.names import XliffVersion
    from hexapla.memory.memory import Memory
    from hexapla.pretranslate.files import check_pretranslation, is_xliff, pretranslate_file
    from hexapla.pretranslation import PretranslationSettings

    _check_languages([file], source, target)
    check_pretranslation(file, output)
    if version and (is_xliff(file) or not is_xliff(output)):
        raise click.UsageError("--xliff is for documents of which XLIFF is made: leave it out.")
    settings = PretranslationSettings(source or "", target or "", minimum, limit, fill)
    with Console(quiet=quiet or as_json) as console:
        memory = Memory.open(folder, progress=console.progress)
        done = pretranslate_file(
            memory, file, output, settings, XliffVersion(version or XliffVersion.V1_2), console.progress
        )
    if as_json:
        print_json(folder, {"version": memory.version, "output": str(output), **_report_record(done)})
    elif not quiet:
        _show([done.analysis])
        click.echo(f"\n{output}: {_said(done)}")


@click.command(help=_ANALYSE)
@memory_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_from_option
@_to_option
@json_option
@debug_option
def analyse(
    folder: Path, files: tuple[Path, ...], source: str | None, target: str | None, as_json: bool
) -> None:
    """Count how much of some files a memory has."""
    from hexapla.memory.memory import Memory
    from hexapla.pretranslate.files import analyse_files
    from hexapla.pretranslation import PretranslationSettings

    _check_languages(files, source, target)
    with Console(quiet=as_json) as console:
        memory = Memory.open(folder, progress=console.progress)
        analysis = analyse_files(
            memory, files, PretranslationSettings(source or "", target or ""), console.progress
        )
    if as_json:
        record = {
            "version": memory.version,
            "files": [_file_record(counted) for counted in analysis.files],
            "total": _counts_record(analysis.total()),
        }
        print_json(folder, record)
    else:
        _show([*analysis.files, *([analysis.total()] if len(analysis.files) > 1 else [])])


def _check_languages(files: tuple[Path, ...] | list[Path], source: str | None, target: str | None) -> None:
    """Ask for languages that no file says, and refuse what is none."""
    from hexapla.pretranslate.files import is_xliff
    from hexapla_corpora.languages import normalise_tag

    for option, tag in (("--from", source), ("--to", target)):
        if tag is not None:
            normalise_tag(tag)
        elif not all(map(is_xliff, files)):
            raise click.UsageError(f"{option} is missing: a document does not say it itself.")


def _show(counted: list[FileAnalysis]) -> None:
    """Print analyses as tables, and warnings to standard error."""
    from hexapla.cli.printer import Printer

    printer = Printer()
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


def _said(done: Report) -> str:
    filled = done.filled
    parts = [
        f"{filled.filled:,} of {plural(filled.segments, 'segment')} filled",
        f"{filled.offered:,} with matches",
    ]
    if filled.translated:
        parts.append(f"{filled.translated:,} had a translation")
    return ", ".join(parts)


def _report_record(done: Report) -> dict[str, Any]:
    settings = done.settings
    return {
        "from": settings.source,
        "to": settings.target,
        **asdict(done.filled),
        "analysis": _file_record(done.analysis),
    }


def _file_record(counted: FileAnalysis) -> dict[str, Any]:
    return {"file": counted.name, "warnings": list(counted.warnings), **_counts_record(counted)}


def _counts_record(counted: FileAnalysis) -> dict[str, Any]:
    return {
        "bands": {band.value: asdict(count) for band, count in counted.bands.items()},
        "total": asdict(counted.total),
    }
