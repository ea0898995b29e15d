"""Commands that need no memory: align, demo and validate."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from hexapla.cli.console import Console, debug_option, model_option, parse_input
from hexapla.cli.options import PAIR, json_option, level_option, output_option, quiet_option
from hexapla.cli.outputs import files_for, is_standard_output

_ALIGN = """Align the language versions of a document and write a translation memory.

Files may be .docx, .pdf (with a text layer), .html, .md or .txt. Give the language of a file by its tag, as in
zh=report.docx; without a tag it is detected.

\b
Example:
  hexapla align zh=doc.zh.md en=doc.en.md -o doc.tmx -o doc.html
"""
_DEMO = """Align the bundled draft resolution in six languages and write a page, a memory and the rows.

\b
Example:
  hexapla demo -o demo
"""
_VALIDATE = """Check a TMX file against the DTD and the requirements of CAT tools. Exits with 1 on errors.

Each finding gives the line, the unit, what is wrong, and which tools are affected. The file may be plain,
compressed by gzip, or the only one in a zip archive; it may be of any size.

\b
Example:
  hexapla validate memory.tmx
"""


@click.command(help=_ALIGN)
@click.argument("inputs", metavar="[LANG=]FILE [LANG=]FILE ...", nargs=-1, required=True)
@output_option(
    "File to write, by suffix: .tmx .tmx.gz .jsonl .html .beads; - is standard output, as JSON lines. May be given "
    "several times.",
    multiple=True,
)
@level_option("Rows to create.")
@click.option(
    "--segmented",
    is_flag=True,
    help="Inputs have one segment per line; rows of level sentence only.",
)
@click.option(
    "--min-probability",
    metavar="P",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Leave rows below this probability out of .tmx.",
)
@click.option(
    "--pair",
    metavar="SRC-TGT",
    type=PAIR,
    help="Write only these two languages to .tmx, source first: zh-en.",
)
@model_option("Encoder; the embedded one if not given")
@quiet_option
@json_option
@debug_option
def align(
    inputs: tuple[str, ...],
    outputs: tuple[Path, ...],
    level: str,
    segmented: bool,
    min_probability: float,
    pair: tuple[str, str] | None,
    model: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Align the language versions of a document and write a translation memory."""
    if segmented and level == "paragraph":
        raise click.UsageError("--segmented gives rows of level sentence: leave out --level paragraph.")
    options: dict[str, Any] = {"level": level, "segmented": segmented, "model": model}
    record = _aligned(inputs, outputs, options, pair, min_probability, quiet=quiet or as_json)
    standard = any(map(is_standard_output, outputs))
    _report(record, quiet=quiet, as_json=as_json, err=standard)


@click.command(help=_DEMO)
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("hexapla-demo"),
    show_default=True,
    help="Folder for the results; created if it does not exist.",
)
@quiet_option
@json_option
@debug_option
def demo(folder: Path, quiet: bool, as_json: bool) -> None:
    """Align the bundled draft resolution in six languages and write a page, a memory and the rows."""
    from hexapla.formats.io.output import make_folder
    from hexapla_corpora.sample import sample_files

    make_folder(folder)
    outputs = [folder / f"sample.{suffix}" for suffix in ("html", "tmx", "jsonl")]
    inputs = [f"{language}={path}" for language, path in sample_files().items()]
    record = _aligned(inputs, outputs, {}, None, 0.0, quiet=quiet or as_json)
    _report(record, quiet=quiet, as_json=as_json)
    if not (quiet or as_json):
        click.echo(f"\nOpen {outputs[0]} in a browser, and {outputs[1]} in your CAT tool.")


@click.command(help=_VALIDATE)
@click.argument("file", type=click.Path(path_type=Path))
@quiet_option
@json_option
@debug_option
def validate(file: Path, quiet: bool, as_json: bool) -> None:
    """Check a TMX file against the DTD and the requirements of CAT tools. Exits with 1 on errors."""
    from hexapla.formats.tmx.rules import Severity
    from hexapla.formats.tmx.validation import findings_of

    counts = dict.fromkeys(Severity, 0)
    records = []
    for finding in findings_of(file):
        counts[finding.severity] += 1
        if as_json:
            records.append(finding.record())
        elif not quiet:
            click.echo(f"{file}: {finding}")
    if as_json:
        record = {
            "file": str(file),
            **{f"{name}s": count for name, count in counts.items()},
            "findings": records,
        }
        click.echo(json.dumps(record, ensure_ascii=False))
    elif not quiet:
        found = ", ".join(f"{count} {name}s" for name, count in counts.items() if count or name != "note")
        click.echo(f"{file}: {found if any(counts.values()) else 'valid'}")
    sys.exit(1 if counts[Severity.ERROR] else 0)


def _aligned(
    inputs: Sequence[str],
    outputs: Sequence[Path],
    options: Mapping[str, Any],
    pair: tuple[str, str] | None,
    minimum: float,
    *,
    quiet: bool,
) -> dict[str, Any]:
    """Align files and write the outputs, which are checked before any work is done."""
    from hexapla.api.alignment import align as align_files
    from hexapla.api.records import alignment_record
    from hexapla.formats.protocols import WriteOptions
    from hexapla.formats.registry import check_languages, check_outputs

    parsed = [parse_input(item) for item in inputs]
    written = WriteOptions(pair or (), minimum_probability=minimum)
    with files_for(outputs) as files, Console(quiet=quiet) as console:
        check_outputs([files[output] for output in outputs], [item.path for item in parsed])
        alignment = align_files(
            parsed,
            check=lambda languages: check_languages(languages, list(files.values()), written),
            progress=console.progress,
            **options,
        )
        counts = {
            output: alignment.write(file, pair=pair, minimum_probability=minimum)
            for output, file in files.items()
        }
    return alignment_record(alignment, counts)


def _report(record: Mapping[str, Any], *, quiet: bool, as_json: bool, err: bool = False) -> None:
    if not quiet:
        for warning in record["warnings"]:
            click.echo(f"Warning: {warning}", err=True)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False), err=err)
    elif not quiet:
        _summarise(record, err=err)


def _summarise(record: Mapping[str, Any], *, err: bool) -> None:
    from hexapla.formats.registry import holds_units

    for level, counts in record["rows"].items():
        click.echo(
            f"{counts['rows']} {level} rows in {len(record['languages'])} languages: "
            f"{counts['complete']} complete, {counts['unaligned']} unaligned, {counts['doubtful']} doubtful"
            + (f", {counts['moved']} moved" if counts["moved"] else ""),
            err=err,
        )
    for output, count in record["outputs"].items():
        name = Path(output)
        units = not is_standard_output(name) and holds_units(name)
        click.echo(f"{output}  {count} {'units' if units else 'rows'}", err=err)
