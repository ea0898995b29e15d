"""Options and small texts that the commands share, so that each means one thing everywhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla import __version__
from hexapla.errors import InputError

if TYPE_CHECKING:
    from hexapla.api.memory import Memory

Option = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Adds an option to a command."""

LEVELS = ("paragraph", "sentence", "both")


class Checked(click.ParamType[Any]):
    """A value that is checked as it is read; a wrong one is a wrong use of the command.

    Args:
        name: what the value is, for messages.
        read: reads it; raises a HexaplaError if it cannot.
    """

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Read a value."""
        from hexapla.errors import EXPECTED

        try:
            return self._read(value)
        except EXPECTED as error:
            self.fail(str(error), param, ctx)


def _language(text: str) -> str:
    from hexapla_corpora.languages import normalise_tag

    return normalise_tag(text)


def _languages(text: str) -> list[str]:
    return [_language(tag) for tag in text.split(",")]


def _pair(text: str) -> tuple[str, str]:
    from hexapla.api.language_pair import parse_pair

    return parse_pair(text)


def _condition(text: str) -> str:
    from hexapla.memory.conditions import parse_condition

    parse_condition(text)
    return text


LANGUAGE = Checked("language", _language)
LANGUAGES = Checked("languages", _languages)
PAIR = Checked("pair", _pair)

memory_argument = click.argument("folder", metavar="MEMORY", type=click.Path(path_type=Path, file_okay=True))
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
quiet_option = click.option("--quiet", is_flag=True, help="Print errors only: no progress, no summary.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")
author_option = click.option(
    "--author", metavar="NAME", help="Author of the change; the name of the account if not given."
)
at_option = click.option(
    "--at", metavar="VERSION", type=click.IntRange(0), help="An older memory version, see `hexapla history`."
)
where_option = click.option(
    "--where",
    metavar="CONDITION",
    multiple=True,
    type=Checked("condition", _condition),
    help='Only units such as status=approved, document=A/79/L.92, changed>=2026-01-01, en~"tide gauge" (contains) or '
    "fr!~marégraphe (lacks); the manual has all fields. Several conditions must all hold.",
)
rules_option = click.option(
    "--rules",
    "rules_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Rules as TOML; the default rules if not given.",
)


def from_option(said: str, *, required: bool = False) -> Option:
    """Add --from, a language, to a command."""
    return click.option("--from", "source", metavar="LANG", type=LANGUAGE, required=required, help=said)


def to_option(said: str) -> Option:
    """Add --to, a language, to a command."""
    return click.option("--to", "target", metavar="LANG", type=LANGUAGE, help=said)


def to_languages_option(said: str) -> Option:
    """Add --to, languages joined by commas, to a command."""
    return click.option("--to", "targets", metavar="LANG,...", type=LANGUAGES, help=said)


def level_option(said: str) -> Option:
    """Add --level to a command."""
    return click.option("--level", type=click.Choice(LEVELS), default="both", show_default=True, help=said)


def output_option(said: str, *, multiple: bool = False) -> Option:
    """Add -o, a file to write, to a command."""
    return click.option(
        "-o",
        "--output",
        "outputs" if multiple else "output",
        metavar="OUT",
        type=click.Path(path_type=Path, allow_dash=True),
        multiple=multiple,
        required=True,
        help=said,
    )


def minimum_option(default: int, said: str) -> Option:
    """Add --min, a percentage, to a command."""
    percentages = click.IntRange(1, 100)
    return click.option(
        "--min", "minimum", metavar="PERCENT", type=percentages, default=default, show_default=True, help=said
    )


def limit_option(default: int, said: str) -> Option:
    """Add --limit, a number of things to show, to a command."""
    return click.option(
        "--limit", metavar="N", type=click.IntRange(1), default=default, show_default=True, help=said
    )


def open_memory(folder: Path, progress: Callable[[str, int, int], None], at: int | None = None) -> Memory:
    """Open a memory that exists.

    Args:
        folder: of the memory.
        progress: progress callback.
        at: number of an old memory version, or None.

    Returns:
        The memory.

    Raises:
        HexaplaError: it cannot be opened.
    """
    from hexapla.api.memory import Memory

    return Memory.open(folder, at=at, progress=progress)


def print_json(folder: Path, record: Mapping[str, Any]) -> None:
    """Print one JSON object in one line: the memory, the version of hexapla, and a record."""
    click.echo(json.dumps({"memory": str(folder), "hexapla": __version__, **record}, ensure_ascii=False))


def read_text(text: str) -> str:
    """Return the text, or what standard input has if it is a hyphen.

    Args:
        text: what was typed.

    Returns:
        The text.

    Raises:
        InputError: standard input is not UTF-8.
    """
    return "\n".join(queries(text))


def queries(text: str) -> Iterator[str]:
    """Yield the text, or the lines of standard input if it is a hyphen.

    Args:
        text: what was typed.

    Yields:
        Texts to look up, empty lines included.

    Raises:
        InputError: standard input is not UTF-8.
    """
    if text != "-":
        yield text
        return
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise InputError(
                f"standard input, line {number}: {error.object[error.start : error.end]!r} is not UTF-8: convert the "
                "text to UTF-8."
            ) from error


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: 1 unit, 2 units, 12,000 units."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def counted(counts: Mapping[str, int]) -> str:
    """Return how many units there are of each kind, without kinds of which there are none.

    Args:
        counts: by kind; the first kind is named if there are no units at all.

    Returns:
        Such as `12 units added, 3 updated`.
    """
    first, *others = [(count, what) for what, count in counts.items() if count] or [(0, next(iter(counts)))]
    return ", ".join(
        [f"{plural(first[0], 'unit')} {first[1]}", *(f"{count:,} {what}" for count, what in others)]
    )


def size_of(count: int) -> str:
    """Return a number of bytes as people read it: 12 kB, 3.4 MB."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
