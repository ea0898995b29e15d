"""Writes docs/cli.md from the help of the commands: python docs/generate_cli.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from hexapla.cli.batch import status
from hexapla.cli.main import main

WIDTH = 100
INTRODUCTION = """\
# Commands

<!-- Written by docs/generate_cli.py from --help; change the help, not this page. -->

A command exits with 0 if all went well, with 1 on an error (one line says what is wrong, in which file, and
what to do), with 2 if the command itself was not understood, and with 130 if a batch was interrupted.
Warnings and progress go to standard error; progress bars appear only on a terminal. An output is written
completely or not at all: after an error, an existing file is unchanged.

All commands follow one pattern. The memory comes first, then the inputs; `-o` names every output, and `-o -` is
standard output where the output is text. `--from` and `--to` name languages, in any case and with `-` or `_`.
`--at 12` reads memory version 12, `--json` prints JSON, `--quiet` prints errors only, `--dry-run` changes nothing,
`--yes` answers questions, and `--author` says who made a change.
"""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, the group first."""
    yield "hexapla", main
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command
        yield f"hexapla {name}", command
        if name == "batch":  # its argument is a manifest, so it is no group
            yield "hexapla batch status", status


def help_text(name: str, command: click.Command) -> str:
    """The help that a command prints, as wide as the page."""
    context = click.Context(
        command,
        info_name=name,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    return command.get_help(context)


def example(command: click.Command) -> str | None:
    """The example in the help of a command, or None."""
    found = re.search(r"Example:(.+?)\s*\Z", command.help or "", re.DOTALL)
    return " ".join(found[1].split()) if found else None


def render() -> str:
    """The page."""
    parts = [INTRODUCTION]
    for name, command in commands():
        text = "\n".join(line.rstrip() for line in help_text(name, command).splitlines())
        text = re.sub(r"\n *Example:.*?(?=\nOptions:)", "", text, flags=re.DOTALL)
        parts.append(
            f"## {name}\n\n```text\n{text}\n```\n\nExample:\n\n```console\n$ {example(command)}\n```\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("cli.md").write_text(render(), encoding="utf-8")
