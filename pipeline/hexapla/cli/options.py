"""What the commands on a memory have in common."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from hexapla import __version__
from hexapla.errors import InputError

LEVELS = {"paragraph": ("paragraph",), "sentence": ("sentence",), "both": ("paragraph", "sentence")}
"""Levels of rows and units, by the value of --level."""

Option = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Adds an option to a command."""

memory_argument = click.argument("folder", metavar="MEMORY", type=click.Path(path_type=Path, file_okay=True))
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
quiet_option = click.option("--quiet", is_flag=True, help="Print errors only: no progress, no summary.")


def minimum_option(default: int, said: str) -> Option:
    """Add --min, a percentage, to a command.

    Args:
        default: what it is if it is not given.
        said: what it does there.

    Returns:
        A decorator.
    """
    percentages = click.IntRange(1, 100)
    return click.option(
        "--min", "minimum", metavar="PERCENT", type=percentages, default=default, show_default=True, help=said
    )


def limit_option(said: str) -> Option:
    """Add --limit, a number of matches, to a command.

    Args:
        said: what it does there.

    Returns:
        A decorator.
    """
    return click.option(
        "--limit", metavar="N", type=click.IntRange(1), default=5, show_default=True, help=said
    )


def print_json(folder: Path, record: Mapping[str, Any]) -> None:
    """Print one JSON object in one line: the memory, the version of hexapla, and a record."""
    said = {"memory": str(folder), "hexapla": __version__, **record}
    click.echo(json.dumps(said, ensure_ascii=False))


def languages_of(tags: str | None) -> list[str] | None:
    """Language tags joined by commas, or None if none were given.

    Args:
        tags: such as `en,fr`.

    Returns:
        The tags.

    Raises:
        hexapla_corpora.errors.UnknownLanguage: one of them is no BCP 47 tag.
    """
    if tags is None:
        return None
    from hexapla_corpora.languages import normalise_tag

    return [normalise_tag(tag) for tag in tags.split(",")]


def read_text(text: str) -> str:
    """The text, or what standard input has if it is a hyphen.

    Args:
        text: what was typed.

    Returns:
        The text.

    Raises:
        InputError: standard input is not UTF-8.
    """
    return "\n".join(queries(text))


def queries(text: str) -> Iterator[str]:
    """The text, or the lines of standard input if it is a hyphen.

    Args:
        text: what was typed.

    Yields:
        Texts to look up, empty lines too.

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
    """A count with its noun: 1 unit, 2 units, 12,000 units."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def counted(counts: Mapping[str, int]) -> str:
    """How many units there are of each kind, without those of which there is none: `12 units added, 3 updated`.

    Args:
        counts: by what they are, the first of which is named if there are none at all.

    Returns:
        The counts.
    """
    first, *others = [(count, what) for what, count in counts.items() if count] or [(0, next(iter(counts)))]
    return ", ".join(
        [f"{plural(first[0], 'unit')} {first[1]}", *(f"{count:,} {what}" for count, what in others)]
    )


def size_of(count: int) -> str:
    """Bytes as people read them: 12 kB, 3.4 MB."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
