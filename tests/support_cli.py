"""The command line as a user runs it, in this process or a separate one, and small inputs for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from hexapla.cli.main import main

ENGLISH = (
    "The Committee,\n\nNoting that the riparian States reported lower water last summer than before;\n\n"
    "1. Requests the secretariat to collect the readings of all 12 ports. The cost is shared;\n\n"
    "2. Decides to remain seized of the matter.\n"
)
FRENCH = (
    "Le Comité,\n\nNotant que les États riverains ont signalé l’été dernier des eaux plus basses qu’avant;\n\n"
    "1. Prie le secrétariat de rassembler les relevés des 12 ports. Les frais sont partagés;\n\n"
    "2. Décide de rester saisi de la question.\n"
)
CHINESE = (
    "委员会，\n\n注意到沿岸各国报告说，去年夏季的水位比往年低；\n\n"
    "1. 请秘书处汇编 12 个港口的观测数据。费用共同承担；\n\n2. 决定继续审议此事。\n"
)
NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}
"""For a process that cannot write whole files: Python would truncate the bytecode of modules that it imports."""


def hexapla(*arguments: str | Path, typed: str | bytes | None = None) -> Result:
    """Run the command line in this process, in 80 columns, with `typed` as standard input."""
    texts = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, texts, typed, prog_name="hexapla", env={"COLUMNS": "80"})


def run_hexapla(
    *arguments: str | Path, folder: Path, prepare: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m hexapla` in a folder, after `prepare` was called in the new process."""
    command = [sys.executable, "-m", "hexapla", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=folder,
        preexec_fn=prepare,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=os.environ | {"COLUMNS": "80", "PYTHONWARNINGS": "default"} | (NO_BYTECODE if prepare else {}),
    )


def write_versions(folder: Path) -> tuple[str, str]:
    """Write a short text in English and French, and return the two as arguments with their languages."""
    (folder / "paper.en.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "paper.fr.md").write_text(FRENCH, encoding="utf-8")
    return f"en={folder / 'paper.en.md'}", f"fr={folder / 'paper.fr.md'}"


def normalise(text: str, folder: Path) -> str:
    """Replace what changes from version to version: the folder, the version, hashes and numbers of units."""
    text = text.replace(str(folder), "FOLDER")
    text = re.sub(r'("hexapla": |version )"?\d+\.\d+\.\d+"?', r"\1VERSION", text)
    text = re.sub(r"""\b[1-9]\d*(?= units)|(?<=\.tmx": )[1-9]\d*""", "COUNT", text)
    return re.sub(r'"[0-9a-f]{12}"', '"HASH"', text)


def check_golden(path: Path, text: str) -> None:
    """Compare a text with a golden file; with UPDATE_GOLDEN=1 in the environment the file is written instead."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
