"""Outputs of a command, of which one may be standard output.

`-` writes JSON lines to standard output, and `-.tmx`, `-.csv` and so on another text format.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hexapla.errors import OutputError

DEFAULT_SUFFIX = ".jsonl"
TEXT_SUFFIXES = (".jsonl", ".tmx", ".tsv", ".csv", ".beads", ".html", ".xlf", ".xliff")


def is_standard_output(path: Path) -> bool:
    """Return whether an output is standard output."""
    return path.name.startswith("-") and path.parent == Path() and path.name[1:] in ("", *TEXT_SUFFIXES)


@contextmanager
def files_for(outputs: Sequence[Path]) -> Iterator[Mapping[Path, Path]]:
    """Give each output a file to write; what is meant for standard output is copied there at the end.

    Args:
        outputs: as they were typed.

    Yields:
        Mapping[Path, Path]: the file to write for each output.

    Raises:
        OutputError: several outputs are standard output.
    """
    standard = [path for path in outputs if is_standard_output(path)]
    if len(standard) > 1:
        raise OutputError("standard output is named twice: write one output to it, and the others to files.")
    if not standard:
        yield {path: path for path in outputs}
        return
    with TemporaryDirectory(prefix="hexapla-") as folder:
        file = Path(folder) / f"standard-output{standard[0].name[1:] or DEFAULT_SUFFIX}"
        yield {path: file if path in standard else path for path in outputs}
        with file.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
        sys.stdout.flush()
