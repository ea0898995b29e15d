"""Older revisions of the project, checked out next to the current one so that one run measures both."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

PROJECT = Path(__file__).parents[1]
ROOTS = ("pipeline", "models", "corpora")
NOW = "this revision"


def add_against(arguments: ArgumentParser) -> None:
    """Add the option --against REV to the arguments of a benchmark."""
    arguments.add_argument(
        "--against", metavar="REV", help="also measure an older revision, checked out in a git worktree"
    )


@contextmanager
def revisions(against: str | None) -> Iterator[dict[str, Path]]:
    """Check out an older revision while it is measured.

    Args:
        against: name of the revision in git; None to measure only the current one.

    Yields:
        The folder of each revision, by name, the older one first.

    Raises:
        SystemExit: git does not know the revision.
    """
    if against is None:
        yield {NOW: PROJECT}
        return
    with TemporaryDirectory() as folder:
        worktree = Path(folder) / "older"
        _git("worktree", "add", "--quiet", "--detach", str(worktree), against)
        try:
            yield {against: worktree, NOW: PROJECT}
        finally:
            _git("worktree", "remove", "--force", str(worktree))


def _git(*arguments: str) -> None:
    done = subprocess.run(("git", *arguments), cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"git {' '.join(arguments)} failed: {done.stderr.strip()}")


def environment(revision: Path) -> dict[str, str]:
    """Return the environment in which Python imports the packages of a revision, on one thread.

    Args:
        revision: folder of its checkout.

    Returns:
        The variables of a process.
    """
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join(str(revision / root) for root in ROOTS)
    return plain | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def in_revision(
    revision: Path, step: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Result:
    """Run a function in a fresh process that imports the packages of a revision.

    Args:
        revision: folder of its checkout.
        step: function of a module of benchmarks, which uses only what all measured revisions have.
        *args: its arguments.
        **kwargs: its keyword arguments.

    Returns:
        The result of the function.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "call"
        path.write_bytes(pickle.dumps((step, args, kwargs)))
        subprocess.run((sys.executable, __file__, str(path)), env=environment(revision), check=True)
        result: Result = pickle.loads(path.read_bytes())
        return result


def _run(path: Path) -> None:
    """Run the call in a file, and replace it with the result."""
    step, args, kwargs = pickle.loads(path.read_bytes())
    path.write_bytes(pickle.dumps(step(*args, **kwargs)))


if __name__ == "__main__":
    _run(Path(sys.argv[1]))
