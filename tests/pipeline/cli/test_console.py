"""Output on a terminal, and runs that end early."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from support_cli import hexapla, write_versions

WAITING = """
import os, signal, threading
from hexapla.cli.main import main
from hexapla_models.embedded import EmbeddedEncoder

interrupted, read = threading.Event(), EmbeddedEncoder.read

def stop(number, frame):
    interrupted.set()
    signal.default_int_handler(number, frame)

def read_when_interrupted(self, texts):
    os.write(2, b"Waiting")
    interrupted.wait()
    return read(self, texts)

signal.signal(signal.SIGINT, stop)
EmbeddedEncoder.read = read_when_interrupted
main(prog_name="hexapla")
"""
"""The command line with an encoder that waits for Ctrl-C, so that the speed of the machine does not matter."""


def run_on_terminal(
    *arguments: str, folder: Path, interrupt_at: str | None = None, program: Sequence[str] = ("-m", "hexapla")
) -> tuple[int, str, str]:
    """Run the command line with a terminal as standard error, and press Ctrl-C when it shows a word.

    Args:
        arguments: arguments of the command line.
        folder: the folder to run it in.
        interrupt_at: the word, or None not to interrupt it.
        program: arguments of Python that name the program.

    Returns:
        Exit code, standard output and the content of the terminal.
    """
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=slave,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(slave)
    shown = b""
    with suppress(OSError):  # Linux reports a closed other end so
        while piece := os.read(master, 65536):
            shown += piece
            if interrupt_at and interrupt_at.encode() in shown:
                process.send_signal(signal.SIGINT)
                interrupt_at = None
    os.close(master)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output.decode(), shown.decode()


def test_progress_on_a_terminal(tmp_path: Path) -> None:
    """A terminal shows the steps on standard error; standard output is the same as in a pipe."""
    inputs = write_versions(tmp_path)
    code, output, shown = run_on_terminal(
        "align", *inputs, "-o", str(tmp_path / "out.jsonl"), folder=tmp_path
    )
    assert code == 0
    assert "Encoding" in shown or "Reading" in shown or "Starting" in shown
    assert output == hexapla("align", *inputs, "-o", tmp_path / "out.jsonl").stdout


def test_no_progress_if_quiet(tmp_path: Path) -> None:
    """--quiet leaves a terminal empty."""
    inputs = write_versions(tmp_path)
    code, output, shown = run_on_terminal(
        "align", *inputs, "-o", str(tmp_path / "out.jsonl"), "--quiet", folder=tmp_path
    )
    assert (code, output, shown) == (0, "", "")


@pytest.mark.parametrize("place", ["before", "after"])
def test_traceback_only_with_debug(tmp_path: Path, place: str) -> None:
    """--debug, before or after the command, lets the error through with its traceback."""
    command = ["--debug", "validate"] if place == "before" else ["validate", "--debug"]
    result = hexapla(*command, tmp_path / "missing.tmx")
    assert (result.exit_code, type(result.exception).__name__) == (1, "InvalidTMX")
    result = hexapla("validate", tmp_path / "missing.tmx")
    assert (result.exit_code, type(result.exception).__name__) == (1, "SystemExit")


def test_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C ends the run with exit code 1 and no traceback, and leaves no half-written file."""
    for language in ("en", "fr"):
        (tmp_path / f"{language}.txt").write_text("The first line.\nThe second line.", encoding="utf-8")
    (tmp_path / "out.tmx").write_text("older", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    command = ("align", "--segmented", "en=en.txt", "fr=fr.txt", "-o", "out.tmx")
    code, output, shown = run_on_terminal(
        *command, folder=tmp_path, interrupt_at="Waiting", program=("-c", WAITING)
    )
    assert (code, output) == (1, "")
    assert "Aborted!" in shown
    assert "Traceback" not in shown
    assert (sorted(tmp_path.iterdir()), (tmp_path / "out.tmx").read_text()) == (before, "older")


def test_closed_pipe_is_not_a_fault(tmp_path: Path) -> None:
    """If the reader of standard output has closed the pipe, no fault is reported."""
    inputs = write_versions(tmp_path)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "hexapla", "align", *inputs, "-o", str(tmp_path / "out.jsonl"), "--json"]
    result = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, encoding="utf-8", timeout=60, check=False
    )
    os.close(writing)
    assert "fault" not in result.stderr


def test_file_names_that_are_not_unicode(tmp_path: Path) -> None:
    """A file name in another encoding is read, written and printed like any other."""
    inputs = write_versions(tmp_path)
    name = os.fsdecode(os.fsencode(tmp_path / "out") + b"\xe9.jsonl")
    result = subprocess.run(
        [sys.executable, "-m", "hexapla", "align", *inputs, "-o", name],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert Path(name).exists()
