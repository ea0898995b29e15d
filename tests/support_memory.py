"""A small memory made by the command line, and masks for output that differs from run to run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from hexapla.memory.memory import Memory
from support_cli import CHINESE, hexapla, write_versions

DOUBLE = (
    "The Committee,\n\nNoting that the ports of the northern coast reported lower water in 2019 than in any year before;\n\n"
    "2. Decides to remain seized of the matter.\n"
)
FAULTY = (
    "Le Comité,\n\nNotant que les ports de la côte nord ont signalé en 2018 des eaux plus basses que toute autre année;\n\n"
    "2. Décide de rester saisi de la question.\n"
)
_MASKS = {
    r"(?<=unit · )\d{4}|(?<=units · )\d{4}|(?<=\"years\": \[)[\d, ]+": "YEARS",
    r"(?<!\.)\b[0-9a-f]{16}\b": "IDENTIFIER",
    r"\b[0-9a-f]{12}\b": "HASH",
    r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d(\.\d+)?)?": r"0000-00-00\g<1>00:00",
    r"probability 0\.\d+|probability 1\.00": "probability P",
    r'"(probability|cosine|penalty)": \d\.\d+': r'"\1": 0',
    r"meaning \(0\.\d+\)": "meaning (COSINE)",
    r'"hexapla": "\d+\.\d+\.\d+"': '"hexapla": "VERSION"',
    r"\d+(\.\d+)? [kM]?B\b": "SIZE",
    r'"(units|vectors|derived|bytes)": \d{3,}': r'"\1": 0',
}


def mask(text: str, folder: Path) -> str:
    """Replace the folder, identifiers, times, sizes and values that depend on the aligner's weights with fixed words."""
    text = text.replace(str(folder), "FOLDER")
    for pattern, word in _MASKS.items():
        text = re.sub(pattern, word, text)
    return text


def make_memory(folder: Path) -> Path:
    """Make a memory of two short documents, the second of which has duplicates and a fault.

    Args:
        folder: folder for the texts and the memory.

    Returns:
        The memory at version 4: a document in three languages, one in two, an edited unit and an approved one.
    """
    memory = folder / "MEMORY"
    (folder / "paper.zh.md").write_text(CHINESE, encoding="utf-8")
    (folder / "annex.en.md").write_text(DOUBLE, encoding="utf-8")
    (folder / "annex.fr.md").write_text(FAULTY, encoding="utf-8")
    run("add", memory, *write_versions(folder), f"zh={folder / 'paper.zh.md'}")
    run("add", memory, f"en={folder / 'annex.en.md'}", f"fr={folder / 'annex.fr.md'}")
    run("edit", memory, unit_with(memory, "委员会，"), "--lang", "fr", "--text", "La Commission,")
    run("approve", memory, unit_with(memory, "The cost is shared;"))
    Memory.open(memory)  # makes the derived files, so that no copy has to
    return memory


def run(*arguments: str | Path) -> None:
    """Run a command that must succeed."""
    result = hexapla(*arguments)
    assert result.exit_code == 0, result.stderr


def copy_memory(memory: Path, folder: Path) -> Path:
    """Copy a memory into a folder."""
    return Path(shutil.copytree(memory, folder / memory.name))


def unit_with(memory: Path, text: str, level: str = "paragraph") -> str:
    """Return the identifier of the first unit of a level with a text, in any language, that ends with this text."""
    return next(
        unit.id
        for unit in Memory.open(memory).snapshot
        if unit.level == level and any(each.endswith(text) for each in unit.texts.values())
    )
