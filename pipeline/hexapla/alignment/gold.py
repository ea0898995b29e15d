"""Gold pairs: texts in two languages with their right beads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hexapla.alignment.segmented_input import read_segmented
from hexapla.errors import InputError
from hexapla_corpora.document import Document

Bead = tuple[tuple[int, ...], tuple[int, ...]]
"""Lines of the source and of the target, counted from 0; one of the two may be empty."""
_BEAD = re.compile(r"\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\](\s*:.*)?")  # some tools append the cost


@dataclass(frozen=True, slots=True)
class GoldPair:
    """Two texts with one segment per line, and their right beads.

    Attributes:
        path: file of the beads.
        source: the text whose lines come first in each bead.
        target: the other text.
        beads: the right beads.
    """

    path: Path
    source: Document
    target: Document
    beads: tuple[Bead, ...]


def read_gold_pair(path: Path, pair: tuple[str, str] | None = None) -> GoldPair:
    """Read gold beads and the texts in the same folder.

    Args:
        path: file of the beads, such as `001.zhen` or `001.zh-en`; the texts are then `001.zh` and `001.en`.
        pair: languages of the texts, which are also their suffixes; if None, they are taken from the suffix of the
            beads.

    Returns:
        Texts and beads.

    Raises:
        InputError: a text is missing, or the beads do not fit the texts.
        hexapla_corpora.errors.DocumentError: a text cannot be read.
    """
    tags = pair or _pair_of(path)
    source, target = (read_segmented(_text_path(path, tag), tag) for tag in tags)
    beads = tuple(read_beads(path))
    sides = ((source, 0), (target, 1))
    for document, side in sides:
        most, there = max((n for bead in beads for n in bead[side]), default=-1), len(document.blocks)
        if most >= there:
            raise InputError(
                f"{path} names line {most} (counted from 0) of {document.path}, which has {there} lines: check that "
                "the beads belong to these texts, and that the languages are in this order."
            )
    return GoldPair(path, source, target, beads)


def read_beads(path: Path) -> list[Bead]:
    """Read gold beads, one per line, such as `[0]:[0, 1]`.

    Args:
        path: the file.

    Returns:
        The beads, including those with an empty side.

    Raises:
        InputError: the file cannot be read, or a line is not a bead.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as gold beads ({error}): check the path.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            match = _BEAD.fullmatch(line.strip())
            if match is None:
                raise InputError(
                    f"{path}, line {number}: {line!r} is not a bead: write one per line, as in [0]:[0, 1]."
                )
            found.append((_numbers(match[1]), _numbers(match[2])))
    return found


def _numbers(listed: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", listed)))


def _pair_of(path: Path) -> tuple[str, str]:
    """Languages that the suffix of the beads names: those for which there are texts."""
    suffix = path.suffix.removeprefix(".")
    cuts = [(suffix[:cut], suffix[cut:].removeprefix("-")) for cut in range(2, len(suffix) - 1)]
    found = [
        (a, b) for a, b in cuts if path.with_suffix(f".{a}").is_file() and path.with_suffix(f".{b}").is_file()
    ]
    if len(found) != 1:
        raise InputError(
            f"{path}: its suffix does not name the languages of two texts in the same folder: call it NAME.SRC-TGT, as "
            "in 001.zh-en with 001.zh and 001.en, or give --pair SRC-TGT."
        )
    return found[0]


def _text_path(path: Path, tag: str) -> Path:
    text = path.with_suffix(f".{tag}")
    if not text.is_file():
        raise InputError(f"{path}: {text} is missing: put the text in {tag} next to the gold beads.")
    return text
