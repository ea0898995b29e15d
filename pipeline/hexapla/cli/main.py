"""The command line: each command is a thin wrapper round one function of the library."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import click

from hexapla import __version__
from hexapla.cli.console import Console, debug_option, model_option, parse_input, parse_pair
from hexapla.cli.lazy_group import Lazy, LazyGroup
from hexapla.cli.options import LEVELS

_BATCH, _CLEAN, _EDIT, _EXPORT, _IMPORT, _MAINTAIN, _PRETRANSLATE, _SEARCH = (
    f"hexapla.cli.{module}"
    for module in ("batch", "clean", "edit", "export", "import_", "maintain", "pretranslate", "search")
)
_MEMORY = {
    "add": Lazy(_EDIT, "Align files and add them to a memory."),
    "batch": Lazy(_BATCH, "Align many documents and add them to a memory."),
    "lookup": Lazy(_SEARCH, "Look a text up: what was translated before."),
    "concordance": Lazy(_SEARCH, "Find words, with their translations."),
    "import": Lazy(_IMPORT, "Take the units of files in, and what people changed.", "import_"),
    "export": Lazy(_EXPORT, "Write units to a file, for a CAT tool or a program."),
    "pretranslate": Lazy(_PRETRANSLATE, "Put what a memory has into a file for translators."),
    "analyse": Lazy(_PRETRANSLATE, "Count how much of some files a memory has."),
    "edit": Lazy(_EDIT, "Correct a text of a unit."),
    "review": Lazy(_EDIT, "Approve or reject a unit."),
    "dedupe": Lazy(_CLEAN, "Remove units that another makes superfluous."),
    "filter": Lazy(_CLEAN, "Remove what rules find to be wrong."),
    "info": Lazy(_MAINTAIN, "Say what a memory holds."),
    "history": Lazy(_MAINTAIN, "List the versions of a memory."),
    "diff": Lazy(_MAINTAIN, "Show how two versions differ."),
    "restore": Lazy(_MAINTAIN, "Bring an older version back."),
    "verify": Lazy(_MAINTAIN, "Read every byte, and say what is damaged."),
    "compact": Lazy(_MAINTAIN, "Free the space of old versions."),
    "reindex": Lazy(_MAINTAIN, "Rebuild the indexes, for another encoder too."),
}
_MODELS = {
    "models": Lazy("hexapla.cli.models", "List encoders, and which of them are on this machine."),
    "calibrate": Lazy("hexapla.cli.models", "Fit the probabilities of an encoder on texts with gold beads."),
}
_PROGRAM = """Turn the language versions of a document into a translation memory.

\b
Example:
  hexapla align zh=doc.zh.docx en=doc.en.docx fr=doc.fr.pdf -o doc.tmx
"""
_ALIGN = """Align the language versions of a document and write a translation memory.

Files may be .docx, .pdf (with a text layer), .html, .md or .txt. A BCP 47 tag tells the language of a
file, as in zh=report.docx; without one it is detected.

\b
Example:
  hexapla align zh=doc.zh.md en=doc.en.md -o doc.tmx -o doc.html
"""
_DEMO = """Align the bundled draft resolution in six languages and write a page, a memory and the rows.

\b
Example:
  hexapla demo --out demo
"""
_VALIDATE = """Check a TMX file: the DTD, and what CAT tools rely on beyond it. Exits with 1 on errors.

Each finding has its line, the unit, what is wrong, and which tools lose what by it. The file may be plain,
compressed by gzip, or the only one in a zip archive; it may be of any size.

\b
Example:
  hexapla validate memory.tmx
"""


class _Hexapla(LazyGroup):
    sections: ClassVar[Mapping[str, Mapping[str, Lazy]]] = {
        "Commands on a memory": _MEMORY,
        "Commands on encoders": _MODELS,
    }


@click.group(
    cls=_Hexapla,
    help=_PROGRAM,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="hexapla")
@debug_option
def main() -> None:
    """Turn the language versions of a document into a translation memory."""


@main.command(help=_ALIGN, short_help="Align the language versions of a document.")
@click.argument("inputs", metavar="[LANG=]FILE [LANG=]FILE ...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="OUT",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="File to write, by suffix: .tmx .tmx.gz .jsonl .html .beads. May be given several times.",
)
@click.option(
    "--level", type=click.Choice(list(LEVELS)), default="both", show_default=True, help="Rows to make."
)
@click.option(
    "--segmented",
    is_flag=True,
    help="Inputs hold one segment a line; no structure is sought, level sentence.",
)
@click.option(
    "--min-probability",
    metavar="P",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Rows below it stay out of .tmx.",
)
@click.option("--pair", metavar="SRC-TGT", help="Write .tmx in two of the languages, source first: zh-en.")
@model_option("Encoder; the embedded one if not given")
@click.option("--quiet", is_flag=True, help="Print errors only: no progress, warnings or summary.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the summary as one JSON object, with --quiet too."
)
@debug_option
def align(
    inputs: tuple[str, ...],
    outputs: tuple[Path, ...],
    level: str,
    segmented: bool,
    min_probability: float,
    pair: str | None,
    model: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Align the language versions of a document and write a translation memory."""
    from hexapla.formats.protocols import WriteOptions
    from hexapla.formats.registry import check_outputs
    from hexapla.rows import Level

    if segmented and level == "paragraph":
        raise click.UsageError("--segmented gives rows of level sentence: leave out --level paragraph.")
    parsed = [parse_input(item) for item in inputs]
    check_outputs(outputs, [item.path for item in parsed])
    options = WriteOptions(parse_pair(pair) if pair else (), minimum_probability=min_probability)
    levels = tuple(Level(name) for name in LEVELS[level])
    with Console(quiet=quiet, as_json=as_json) as console:
        console.run(parsed, outputs, options, levels, segmented, model)


@main.command(help=_DEMO, short_help="Align the bundled draft resolution in six languages.")
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("hexapla-demo"),
    show_default=True,
    help="Folder for the results; made if it is missing.",
)
@debug_option
def demo(folder: Path) -> None:
    """Align the bundled draft resolution in six languages and write a page, a memory and the rows."""
    from hexapla.alignment.align import BOTH_LEVELS, Input
    from hexapla.formats.io.output import make_folder
    from hexapla.formats.protocols import WriteOptions
    from hexapla_corpora.sample import sample_files

    make_folder(folder)
    outputs = [folder / f"sample.{suffix}" for suffix in ("html", "tmx", "jsonl")]
    inputs = [Input(path, language) for language, path in sample_files().items()]
    with Console() as console:
        console.run(inputs, outputs, WriteOptions(), BOTH_LEVELS, segmented=False)
    click.echo(f"\nOpen {outputs[0]} in a browser, and {outputs[1]} in your CAT tool.")


@main.command(help=_VALIDATE, short_help="Check a TMX file.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@debug_option
def validate(file: Path, as_json: bool) -> None:
    """Check a TMX file: the DTD, and what CAT tools rely on beyond it. Exits with 1 on errors."""
    from hexapla.formats.tmx.rules import Severity
    from hexapla.formats.tmx.validation import findings_of

    counts = dict.fromkeys(Severity, 0)
    records = []
    for finding in findings_of(file):
        counts[finding.severity] += 1
        if as_json:
            records.append(finding.record())
        else:
            click.echo(f"{file}: {finding}")
    if as_json:
        said = {
            "file": str(file),
            **{f"{name}s": count for name, count in counts.items()},
            "findings": records,
        }
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        found = ", ".join(f"{count} {name}s" for name, count in counts.items() if count or name != "note")
        click.echo(f"{file}: {found if any(counts.values()) else 'valid'}")
    sys.exit(1 if counts[Severity.ERROR] else 0)
