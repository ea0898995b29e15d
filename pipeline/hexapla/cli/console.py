"""What all commands print: progress, and errors as one line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from hexapla.errors import EXPECTED, InputError, explain

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from hexapla.inputs import Input

_TAGGED = re.compile(r"(?P<language>[^=/\\]*)=(?P<path>.*)", re.DOTALL)
_WORDS = "hexapla.words"  # key of the words of the command line
_Command = TypeVar("_Command", bound=Callable[..., Any])


class FoldedErrors(click.Group):
    """A group whose commands fail with one `Error: ...` line, and with a traceback if --debug is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember the words, so that an error can suggest better ones."""
        ctx.meta[_WORDS] = list(args)
        return super().parse_args(ctx, args)

    def invoke(self, context: click.Context) -> object:
        """Run a command; an error that a user can fix exits with 1 and may end with the command that was meant."""
        try:
            return super().invoke(context)
        except click.UsageError as error:
            if suggestion := self._suggestion(context):
                plain = isinstance(error, click.NoSuchOption)  # whose other form has suggestions of its own
                message = " ".join((error.message if plain else error.format_message()).split())
                raise click.UsageError(f"{message.rstrip('. ')}.{suggestion}", error.ctx) from error
            raise
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if context.find_root().meta.get("debug"):
                raise
            message = " ".join(explain(error).split())
            expected = isinstance(error, EXPECTED)
            if expected and (suggestion := self._suggestion(context)):
                message = f"{message.rstrip('. ')}.{suggestion}"
            raise click.ClickException(message) from error

    def _suggestion(self, context: click.Context) -> str:
        from hexapla.cli.mistakes import correction

        command = correction(context.meta[_WORDS], self)
        return f" Try: {command}" if command else ""


def debug_option(command: _Command) -> _Command:
    """Add --debug to a command."""

    def remember(context: click.Context, parameter: click.Parameter, value: bool) -> None:
        if value:
            context.find_root().meta["debug"] = True

    option = click.option(
        "--debug", is_flag=True, expose_value=False, callback=remember, help="Show tracebacks."
    )
    return option(command)


def model_option(said: str) -> Callable[[_Command], _Command]:
    """Add --model to a command.

    Args:
        said: what it does there.

    Returns:
        A decorator.
    """
    return click.option("--model", metavar="NAME", help=f"{said}; see `hexapla models`.")


def parse_input(argument: str) -> Input:
    """Read what the user typed for an input.

    Args:
        argument: `LANG=FILE` or `FILE`; a file whose name looks like the former is taken as it is if it
            exists.

    Returns:
        The input.

    Raises:
        InputError: there is no language before the equals sign, or no file after it.
    """
    from hexapla.inputs import Input

    match = _TAGGED.fullmatch(argument)
    if match is None or Path(argument).exists():
        return Input(Path(argument))
    if not match["language"].strip() or not match["path"]:
        missing = "file after" if match["language"].strip() else "language before"
        raise InputError(
            f"{argument!r} has no {missing} the equals sign: write LANG=FILE, such as zh=report.docx."
        )
    return Input(Path(match["path"]), match["language"])


class Console:
    """Progress on a terminal.

    Args:
        quiet: show no progress.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bars: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Show a progress bar if standard error is a terminal."""
        if sys.stderr.isatty() and not self._quiet:
            import rich.console
            import rich.progress

            self._bars = rich.progress.Progress(console=rich.console.Console(stderr=True), transient=True)
            self._task = self._bars.add_task("Starting", total=None)
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the progress bar away."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    def progress(self, step: str, done: int, total: int) -> None:
        """Show how far the work is."""
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, description=step, completed=done, total=total)
