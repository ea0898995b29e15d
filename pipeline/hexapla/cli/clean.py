"""Commands that clean a memory: dedupe and filter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    author_option,
    dry_run_option,
    json_option,
    memory_argument,
    open_memory,
    plural,
    print_json,
    quiet_option,
    rules_option,
)

if TYPE_CHECKING:
    from hexapla.memory.cleaning.faulty_units import CleaningResult

_DEDUPE = """Remove units whose texts another unit has too; the remaining unit lists all their documents.

The unit that a person approved or edited is kept, or else the most probable one. Texts that differ only in case, spaces
or punctuation count as the same. Several translations of one source are all kept.

\b
Example:
  hexapla dedupe un.hexapla --dry-run
"""
_FILTER = """Remove faulty texts: empty ones, wrong languages, mismatched lengths or numbers, and others.

Headings, dates and other short texts are not judged, nor are units that a person approved or edited, and numbered items
are not removed because of a low probability. If one language of several is faulty, only that text is removed. The
manual lists all rules.

\b
Example:
  hexapla filter un.hexapla --rules rules.toml --dry-run
"""

_Command = Callable[[Path, Path | None, bool, str | None, bool, bool], None]


def _options(command: _Command) -> _Command:
    """Add what both commands understand."""
    for option in (
        debug_option,
        json_option,
        quiet_option,
        author_option,
        dry_run_option,
        rules_option,
        memory_argument,
    ):
        command = option(command)
    return command


@click.command(help=_DEDUPE)
@_options
def dedupe(
    folder: Path, rules_file: Path | None, dry_run: bool, author: str | None, quiet: bool, as_json: bool
) -> None:
    """Remove duplicate units."""
    _clean("dedupe", folder, rules_file, dry_run, author, quiet, as_json)


@click.command(help=_FILTER)
@_options
def filter(
    folder: Path, rules_file: Path | None, dry_run: bool, author: str | None, quiet: bool, as_json: bool
) -> None:
    """Remove faulty texts and units."""
    _clean("filter", folder, rules_file, dry_run, author, quiet, as_json)


def _clean(
    method: str,
    folder: Path,
    rules_file: Path | None,
    dry_run: bool,
    author: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    options: dict[str, Any] = {"dry_run": dry_run, "author": author}
    with Console(quiet=quiet or as_json) as console:
        memory = open_memory(folder, console.progress)
        found, version = getattr(memory, method)(rules_file, progress=console.progress, **options)
    if as_json:
        _print_record(folder, found, version)
    elif not quiet:
        _print_found(folder, found, version, dry_run)


def _print_record(folder: Path, found: CleaningResult, version: int | None) -> None:
    from hexapla.api.records import violation_record

    findings = [violation_record(finding) for finding in found.violations]
    print_json(folder, {"version": version, "counts": found.counts(), "findings": findings})


def _print_found(folder: Path, found: CleaningResult, version: int | None, dry_run: bool) -> None:
    from hexapla.cli.as_text import show_cleaning
    from hexapla.cli.printer import Printer

    if not found.violations:
        click.echo(f"{folder}: nothing to remove")
        return
    show_cleaning(Printer(), found)
    units = sum(count["units"] for count in found.counts().values())
    texts = sum(count["texts"] for count in found.counts().values())
    parts = [
        plural(units, "unit") if units else "",
        f"{plural(texts, 'text')} of units that stay" if texts else "",
    ]
    removed = " and ".join(part for part in parts if part)
    if dry_run or version is None:
        click.echo(f"\n{folder}: {removed} would be removed; nothing was changed")
    else:
        click.echo(f"\n{folder}: {removed} removed; this is version {version}")
        click.echo(f"To bring them back: hexapla restore {folder} {version - 1}")
