"""Commands that clean a memory: dedupe and filter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    json_option,
    memory_argument,
    plural,
    print_json,
    quiet_option,
)

if TYPE_CHECKING:
    from hexapla.memory.cleaning.faulty_units import CleaningResult

_DEDUPE = """Remove units whose texts another unit has; the one that is kept names all their documents.

Of several the one is kept that a person approved or edited, else the most probable. Texts that differ in case,
spaces or punctuation alone are the same. A source with several translations keeps them all.

\b
Example:
  hexapla dedupe un.hexapla --dry-run
"""
_FILTER = """Remove what rules find to be wrong: empty sides, other languages, unlike lengths or numbers ...

Headings, dates and other short texts are not judged, nor what a person has approved or edited, and numbered items
do not go for being improbable. Where one language of several is wrong, it goes alone. The manual has all rules.

\b
Example:
  hexapla filter un.hexapla --rules rules.toml --dry-run
"""
_rules_option = click.option(
    "--rules",
    "rules_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Rules as TOML; the default ones if not given.",
)
_dry_run_option = click.option("--dry-run", is_flag=True, help="Print what would go and why; change nothing.")

_Command = Callable[[Path, Path | None, bool, bool, bool], None]


def _options(command: _Command) -> _Command:
    """Add what both commands understand."""
    for option in (debug_option, json_option, quiet_option, _dry_run_option, _rules_option, memory_argument):
        command = option(command)
    return command


@click.command(help=_DEDUPE)
@_options
def dedupe(folder: Path, rules_file: Path | None, dry_run: bool, quiet: bool, as_json: bool) -> None:
    """Remove units that another makes superfluous."""
    from hexapla.memory.cleaning.duplicates import find_duplicates

    _clean(find_duplicates, folder, rules_file, dry_run, quiet, as_json)


@click.command(help=_FILTER)
@_options
def filter(folder: Path, rules_file: Path | None, dry_run: bool, quiet: bool, as_json: bool) -> None:
    """Remove what rules find to be wrong."""
    from hexapla.memory.cleaning.faulty_units import find_faulty

    _clean(find_faulty, folder, rules_file, dry_run, quiet, as_json)


def _clean(
    find: Callable[..., CleaningResult],
    folder: Path,
    rules_file: Path | None,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    from hexapla.memory.cleaning.rules import Rules, read_rules
    from hexapla.memory.memory import Memory

    rules = read_rules(rules_file) if rules_file else Rules()
    with Console(quiet=quiet) as console:
        memory = Memory.open(folder, progress=console.progress)
        found, version = memory.clean(find, rules, dry_run=dry_run, progress=console.progress)
    if as_json:
        _print_record(folder, found, version)
    elif not quiet:
        _print_found(folder, found, version, dry_run)


def _print_record(folder: Path, found: CleaningResult, version: int | None) -> None:
    from hexapla.cli.records import finding_record

    findings = [finding_record(finding) for finding in found.violations]
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
    gone = " and ".join(part for part in parts if part)
    if dry_run or version is None:
        click.echo(f"\n{folder}: {gone} would go; nothing was changed")
    else:
        click.echo(f"\n{folder}: {gone} removed; this is version {version}")
        click.echo(f"To bring them back: hexapla restore {folder} {version - 1}")
