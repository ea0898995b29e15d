"""What the command line prints: progress, warnings, the summary, and errors as one line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from hexapla.errors import InputError, explain

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from hexapla.alignment.align import Input
    from hexapla.formats.protocols import WriteOptions
    from hexapla.rows import Alignment, Level

_TAGGED = re.compile(r"(?P<language>[^=/\\]*)=(?P<path>.*)", re.DOTALL)
_Command = TypeVar("_Command", bound=Callable[..., Any])


class FoldedErrors(click.Group):
    """A group whose commands fail with one `Error: ...` line, and with a traceback if --debug is given."""

    def invoke(self, context: click.Context) -> object:
        """Run a command; errors that a user can mend exit with 1."""
        try:
            return super().invoke(context)
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if context.find_root().meta.get("debug"):
                raise
            raise click.ClickException(" ".join(explain(error).split())) from error


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
        InputError: there is no language before the equals sign, or no file behind it.
    """
    from hexapla.alignment.align import Input

    match = _TAGGED.fullmatch(argument)
    if match is None or Path(argument).exists():
        return Input(Path(argument))
    if not match["language"].strip() or not match["path"]:
        missing = "file behind" if match["language"].strip() else "language before"
        raise InputError(
            f"{argument!r} has no {missing} the equals sign: write LANG=FILE, such as zh=report.docx."
        )
    return Input(Path(match["path"]), match["language"])


def parse_pair(pair: str) -> tuple[str, str]:
    """`zh-en` or `zh-CN-en-US` as source and target.

    Args:
        pair: two BCP 47 tags joined by a hyphen.

    Returns:
        The two tags.

    Raises:
        InputError: it can be cut in no way or in several.
    """
    parts = pair.split("-")
    cuts = [
        i
        for i in range(1, len(parts))
        if re.fullmatch("[a-z]{2,3}", parts[i]) and re.fullmatch("[a-z]{2,3}", parts[0])
    ]
    if len(cuts) != 1:
        raise InputError(
            f"--pair {pair} is not two languages: give source and target, as in zh-en or zh-CN-en-US."
        )
    return "-".join(parts[: cuts[0]]), "-".join(parts[cuts[0] :])


class Console:
    """Progress on a terminal, warnings and a summary.

    Args:
        quiet: print no progress, warnings or summary.
        as_json: print the summary as one JSON object, even if quiet.
    """

    def __init__(self, *, quiet: bool = False, as_json: bool = False) -> None:
        self._quiet, self._as_json = quiet, as_json
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

    def run(
        self,
        inputs: Sequence[Input],
        outputs: Sequence[Path],
        options: WriteOptions,
        levels: Sequence[Level],
        segmented: bool,
        model: str | None = None,
    ) -> None:
        """Align files, write the outputs and print the summary."""
        from hexapla.alignment.align import align_files
        from hexapla.formats.registry import check_languages, write_alignment
        from hexapla_models.registry import DEFAULT_ENCODER

        alignment = align_files(
            inputs,
            levels=levels,
            segmented=segmented,
            model=model or DEFAULT_ENCODER,
            check=lambda languages: check_languages(languages, outputs, options),
            progress=self.progress,
        )
        written = {output: write_alignment(alignment, output, options) for output in outputs}
        self.__exit__(None, None, None)
        self._report(summary(alignment, written))

    def _report(self, counted: dict[str, Any]) -> None:
        if not self._quiet:
            for warning in counted["warnings"]:
                click.echo(f"Warning: {warning}", err=True)
        if self._as_json:
            click.echo(json.dumps(counted, ensure_ascii=False))
        elif not self._quiet:
            _summarise(counted)


def _summarise(counted: dict[str, Any]) -> None:
    for level, counts in counted["rows"].items():
        click.echo(
            f"{counts['rows']} {level} rows in {len(counted['languages'])} languages: "
            f"{counts['complete']} complete, {counts['unaligned']} unaligned, {counts['doubtful']} doubtful"
            + (f", {counts['moved']} moved" if counts["moved"] else "")
        )
    for output, count in counted["outputs"].items():
        click.echo(f"{output}  {count} {'units' if _is_memory(output) else 'rows'}")


def _is_memory(output: str) -> bool:
    return output.lower().endswith((".tmx", ".tmx.gz"))


def summary(alignment: Alignment, written: dict[Path, int]) -> dict[str, Any]:
    """What an alignment came to, ready for JSON.

    Args:
        alignment: the rows.
        written: units or rows by output.

    Returns:
        Languages, symbol, counts by level, outputs, warnings and the signature.
    """
    from hexapla.rows import DOUBTFUL_BELOW

    levels = {}
    for level in dict.fromkeys(row.level for row in alignment.rows):
        rows = [row for row in alignment.rows if row.level is level and any(row.texts.values())]
        levels[str(level)] = {
            "rows": len(rows),
            "complete": sum(len(row.texts) == len(alignment.languages) for row in rows),
            "unaligned": sum(not row.aligned for row in rows),
            "doubtful": sum(row.aligned and row.probability < DOUBTFUL_BELOW for row in rows),
            "moved": sum(row.moved for row in rows),
        }
    signature = alignment.signature
    outputs = {str(output): count for output, count in written.items()}
    warnings = [warning for document in alignment.documents for warning in document.warnings]
    warnings += [
        f"{output} holds no units: no row has text in two of its languages and the probability asked for. "
        "Look at the rows in a .html output."
        for output, count in outputs.items()
        if count == 0 and _is_memory(output)
    ]
    return {
        "languages": list(alignment.languages),
        "symbol": alignment.symbol,
        "rows": levels,
        "outputs": outputs,
        "warnings": warnings,
        "signature": {
            "hexapla": signature.version,
            "model": signature.model,
            "model_hash": signature.model_hash,
            "parameters": dict(signature.parameters),
        },
    }
