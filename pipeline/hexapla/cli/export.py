"""The command that writes the units of a memory to files: export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    LEVELS,
    PAIR,
    at_option,
    json_option,
    memory_argument,
    open_memory,
    output_option,
    plural,
    print_json,
    quiet_option,
    where_option,
)
from hexapla.cli.outputs import files_for, is_standard_output
from hexapla.formats.tmx.profiles import PROFILES

if TYPE_CHECKING:
    from hexapla.formats.protocols import UnitProblem, Written

_TMX = (".tmx", ".tmx.gz")
_EXPORT = """Write units of a memory to a file in the format of its suffix; rejected ones are left out.

A file has all languages, or the two of --pair, each in the variety nearest to it that a unit has. With several pairs,
{pair} in the name of OUT is replaced by each of them.
Units that the tool cannot read, for example because a segment is too long, are left out and listed.

\b
Example:
  hexapla export un.hexapla -o "un.{pair}.tmx" --each-pair --profile omegat --where "probability>=0.9"
"""


@click.command(help=_EXPORT)
@memory_argument
@output_option(
    "File to write, by suffix: .tmx .tmx.gz .xlsx .tsv .csv .jsonl .parquet .moses .xces; - is standard output, as "
    "JSON lines, and -.tmx, -.tsv or -.csv in that format."
)
@click.option(
    "--pair",
    "pairs",
    metavar="SRC-TGT",
    type=PAIR,
    multiple=True,
    help="Two languages, source first; may be given several times.",
)
@click.option(
    "--each-pair", is_flag=True, help="Write a file for every pair of languages, in both directions."
)
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES), case_sensitive=False),
    default="generic",
    show_default=True,
    help="Tool that the .tmx is for; generic keeps everything.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    help="Units to write: both if not given, but in .xlsx each text once, as sentences where a paragraph has them.",
)
@where_option
@at_option
@quiet_option
@json_option
@debug_option
def export(
    folder: Path,
    output: Path,
    pairs: tuple[tuple[str, str], ...],
    each_pair: bool,
    profile: str,
    level: str | None,
    where: tuple[str, ...],
    at: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write units of a memory to a file."""
    if pairs and each_pair:
        raise click.UsageError("--pair and --each-pair do not go together: leave one of them out.")
    if profile != "generic" and not output.name.lower().endswith(_TMX):
        raise click.UsageError(f"--profile {profile} is for .tmx and .tmx.gz, and OUT is {output.name}.")
    with Console(quiet=quiet or as_json) as console, files_for([output]) as files:
        memory = open_memory(folder, console.progress, at)
        done = memory.export(
            files[output],
            pair="all" if each_pair else list(pairs),
            profile=profile,
            level=level,
            where=where,
            progress=console.progress,
        )
    standard = is_standard_output(output)
    if standard:
        done = {output: next(iter(done.values()))}
    if as_json and not standard:
        outputs = {str(path): _record(written) for path, written in done.items()}
        print_json(folder, {"version": memory.version, "outputs": outputs})
    elif not quiet:
        _print(done, err=standard)


def _record(written: Written) -> dict[str, Any]:
    return {
        "units": written.units,
        "files": [str(file) for file in written.files],
        "left_out": [_problem(problem) for problem in written.left_out],
        "varieties": [
            {"language": tag, "written_as": name, "units": count}
            for (tag, name), count in written.varieties.items()
        ],
    }


def _problem(problem: UnitProblem) -> dict[str, Any]:
    return {"unit": problem.unit, "reason": problem.reason}


def _print(done: Mapping[Path, Written], *, err: bool) -> None:
    for path, written in done.items():
        for problem in written.left_out:
            click.echo(f"Left out: {problem}", err=True)
        left_out = f", {len(written.left_out):,} left out" if written.left_out else ""
        varieties = "".join(
            f", {count:,} in {tag} as {name}" for (tag, name), count in written.varieties.items()
        )
        for file in written.files or (path,):
            click.echo(f"{file}  {plural(written.units, 'unit')}{varieties}{left_out}", err=err)
