"""Completion of command lines by shells."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def complete(**environment: str) -> str:
    """Return the program's answer to a shell."""
    return subprocess.run(
        [sys.executable, "-c", "from hexapla.cli.main import main; main(prog_name='hexapla')"],
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    ).stdout


@pytest.mark.parametrize(
    ("shell", "word"),
    [
        ("bash", "complete -o nosort -F _hexapla_completion hexapla"),
        ("zsh", "compdef _hexapla_completion hexapla"),
        ("fish", "complete --no-files --command hexapla"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName hexapla"),
    ],
)
def test_the_script_of_a_shell(shell: str, word: str) -> None:
    """Each shell gets a script that registers the completion."""
    assert word in complete(_HEXAPLA_COMPLETE=f"{shell}_source")


@pytest.mark.parametrize(
    ("typed", "word", "found"),
    [
        ("hexapla exp", "exp", ["export"]),
        ("hexapla export un.hexapla --pro", "--pro", ["--profile"]),
        ("hexapla export un.hexapla --profile tr", "tr", ["trados"]),
        ("hexapla lookup un.hexapla 'not closed --fr", "--fr", ["--from"]),
    ],
)
def test_powershell_completes(typed: str, word: str, found: list[str]) -> None:
    """Commands, options and values are completed, each with a help text."""
    lines = complete(_HEXAPLA_COMPLETE="powershell_complete", COMP_WORDS=typed, COMP_WORD=word).splitlines()
    assert [line.split("\t")[:2] for line in lines] == [["plain", value] for value in found]
    assert all(line.split("\t")[2] for line in lines)
