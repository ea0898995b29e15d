"""The command that writes the units of a memory to files: export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli.console import Console, debug_option, parse_pair
from hexapla.cli.options import LEVELS, json_option, memory_argument, plural, print_json, quiet_option
from hexapla.errors import InvalidCondition
from hexapla.formats.tmx.profiles import PROFILES

if TYPE_CHECKING:
    from hexapla.formats.protocols import UnitProblem, Written
    from hexapla.memory.conditions import Condition

_TMX = (".tmx", ".tmx.gz")
_EXPORT = """Write units of a memory to a file, whose suffix tells the format; rejected ones stay out.

A file has all languages, or those of --pair. With several pairs, {pair} in the name of OUT stands for each of them.
What a tool does not take, such as a segment that is too long for it, is left out and listed.

\b
Example:
  hexapla export un.hexapla "un.{pair}.tmx" --each-pair --profile omegat --where "probability>=0.9"
"""


def _conditions(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> tuple[Condition, ...]:
    """The conditions of --where; a wrong one is a wrong use of the command."""
    from hexapla.memory.conditions import parse_condition

    try:
        return tuple(map(parse_condition, texts))
    except InvalidCondition as error:
        raise click.BadParameter(str(error), context, parameter) from error


@click.command(help=_EXPORT)
@memory_argument
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--pair",
    "pairs",
    metavar="SRC-TGT",
    multiple=True,
    help="Two languages, source first; several times for more.",
)
@click.option("--each-pair", is_flag=True, help="A file for each two languages, in both directions.")
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default="generic",
    show_default=True,
    help="Tool that a .tmx is for; generic keeps all that a unit has.",
)
@click.option(
    "--where",
    "conditions",
    metavar="CONDITION",
    multiple=True,
    callback=_conditions,
    help="Only units such as status=approved, probability>=0.9, document=A/79/L.92, changed>=2026-01-01; several "
    "are joined by and.",
)
@click.option(
    "--level", type=click.Choice(list(LEVELS)), default="both", show_default=True, help="Units to write."
)
@click.option("--version", metavar="V", type=click.IntRange(0), help="An older version of the memory.")
@quiet_option
@json_option
@debug_option
def export(
    folder: Path,
    out: Path,
    pairs: tuple[str, ...],
    each_pair: bool,
    profile: str,
    conditions: tuple[Condition, ...],
    level: str,
    version: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write units of a memory to a file."""
    from hexapla.memory.export import Selection, every_pair
    from hexapla.memory.export import export as export_units
    from hexapla.memory.memory import Memory

    if pairs and each_pair:
        raise click.UsageError("--pair and --each-pair do not go together: leave one of them out.")
    if profile != "generic" and not out.name.lower().endswith(_TMX):
        raise click.UsageError(f"--profile {profile} is for .tmx and .tmx.gz, and OUT is {out.name}.")
    asked = [parse_pair(pair) for pair in pairs]
    with Console(quiet=quiet or as_json) as console:
        memory = Memory.open(folder, version=version, progress=console.progress)
        done = export_units(
            memory,
            out,
            pairs=every_pair(memory) if each_pair else asked,
            selection=Selection(conditions, LEVELS[level]),
            profile=profile,
            progress=console.progress,
        )
    if as_json:
        outputs = {str(path): _record(exported) for path, exported in done.items()}
        print_json(folder, {"version": memory.version, "outputs": outputs})
    elif not quiet:
        _print(done)


def _record(exported: Written) -> dict[str, Any]:
    return {
        "units": exported.units,
        "files": [str(file) for file in exported.files],
        "left_out": [_finding(finding) for finding in exported.left_out],
    }


def _finding(finding: UnitProblem) -> dict[str, Any]:
    return {"unit": finding.unit, "reason": finding.reason}


def _print(done: Mapping[Path, Written]) -> None:
    for path, exported in done.items():
        for finding in exported.left_out:
            click.echo(f"Left out: {finding}", err=True)
        left_out = f", {len(exported.left_out):,} left out" if exported.left_out else ""
        for file in exported.files or (path,):
            click.echo(f"{file}  {plural(exported.units, 'unit')}{left_out}")
