"""A group of commands that are imported when they are run, listed in sections."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from functools import cached_property
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import click

from hexapla.cli.console import FoldedErrors


class Lazy(NamedTuple):
    """A command that is not imported yet.

    Attributes:
        module: where it is, under its own name.
        help: what the list of commands says of it.
        function: its name there, if that of the command is a word of Python.
    """

    module: str
    help: str
    function: str = ""


class LazyGroup(FoldedErrors):
    """A group that imports its commands only when they are run or their help is shown.

    Attributes:
        sections: titles of sections, with the commands in them by name.
    """

    sections: ClassVar[Mapping[str, Mapping[str, Lazy]]] = {}

    @cached_property
    def _lazy(self) -> Mapping[str, Lazy]:
        return {name: lazy for section in self.sections.values() for name, lazy in section.items()}

    def _main_shell_completion(
        self, ctx_args: MutableMapping[str, Any], prog_name: str, complete_var: str | None = None
    ) -> None:
        """Answer a shell that completes a command line."""
        if any(name.endswith("_COMPLETE") for name in os.environ):
            from hexapla.cli.completion import register

            register()
        super()._main_shell_completion(ctx_args, prog_name, complete_var)

    def list_commands(self, context: click.Context) -> list[str]:
        """Names of all commands, section by section."""
        return [*self.commands, *self._lazy]

    def get_command(self, context: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now if it was not; None if there is none."""
        if cmd_name not in self._lazy:
            return super().get_command(context, cmd_name)
        lazy = self._lazy[cmd_name]
        command = getattr(import_module(lazy.module), lazy.function or cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing any."""
        width = max(map(len, self.list_commands(context)))
        for title, section in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), lazy.help) for name, lazy in section.items()])
