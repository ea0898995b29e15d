"""What the benchmarks share: arguments, gold data, scores and tables."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hexapla.alignment.gold import read_beads as read_gold_beads
from hexapla.rows import Row
from hexapla_corpora.document import Block, BlockKind, Document

Side = tuple[int, ...]  # segments of one language, from 0
Bead = tuple[Side, Side]
Component = dict[str, Side]  # segments of each language that has the passage


def parser(description: str | None, *, default: Path | None = None) -> ArgumentParser:
    """Make the parser of a benchmark, which has --data DIR.

    Args:
        description: docstring of the script.
        default: folder to read if none is named; None if one must be.

    Returns:
        The parser.
    """
    arguments = ArgumentParser(description=(description or "").split("\n")[0])
    shown = " (default: the bundled sample)" if default else ""
    arguments.add_argument(
        "--data",
        type=_folder,
        metavar="DIR",
        default=default,
        required=default is None,
        help=f"folder of the data; benchmarks/README.md says where to get it{shown}",
    )
    return arguments


def _folder(name: str) -> Path:
    folder = Path(name)
    if not folder.is_dir():
        sys.exit(f"{folder} is not a folder: name the one that holds the data (see benchmarks/README.md).")
    return folder


def read_records(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_lines(path: Path) -> list[str]:
    """Read the lines of a text file in UTF-8, without line ends."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def bare(text: str) -> str:
    """The text without white space, bold and the targets of links, as gold and output are compared."""
    return re.sub(r"\s+", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", ""))


def line_document(language: str, lines: Sequence[str]) -> Document:
    """A document whose blocks are segments, as `hexapla align --segmented` reads it."""
    return Document(language, tuple(Block(BlockKind.PLAIN, line) for line in lines))


def row_component(row: Row) -> Component:
    """The segments of a row."""
    return {language: tuple(numbers) for language, numbers in row.segments.items()}


def beads_between(rows: Iterable[Mapping[str, Side]], source: str, target: str) -> set[Bead]:
    """The beads of two languages in rows that have both."""
    return {(row[source], row[target]) for row in rows if row.get(source) and row.get(target)}


def read_beads(path: Path) -> set[Bead]:
    """Read gold beads, a line each (`[0]:[0, 1]`); as in published tables, none with an empty side."""
    return {(source, target) for source, target in read_gold_beads(path) if source and target}


@dataclass(frozen=True, slots=True)
class Score:
    """Counts from which precision, recall and F1 follow; counts of several documents add up.

    Attributes:
        right_found: found beads that are right.
        found: beads found.
        right_gold: gold beads that were found.
        gold: gold beads.
    """

    right_found: int = 0
    found: int = 0
    right_gold: int = 0
    gold: int = 0

    def __add__(self, other: Score) -> Score:
        """The score over both."""
        return Score(
            self.right_found + other.right_found,
            self.found + other.found,
            self.right_gold + other.right_gold,
            self.gold + other.gold,
        )

    @property
    def precision(self) -> float:
        """Share of the found beads that are right."""
        return self.right_found / max(self.found, 1)

    @property
    def recall(self) -> float:
        """Share of the gold beads that were found."""
        return self.right_gold / max(self.gold, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def strict_score(found: set[Bead], gold: set[Bead]) -> Score:
    """A bead is right if it is a gold bead."""
    return Score(len(found & gold), len(found), len(found & gold), len(gold))


def lax_score(found: set[Bead], gold: set[Bead]) -> Score:
    """A bead is right if one of its links, a source and a target segment, is in a bead of the other side."""
    return Score(_linked(found, gold), len(found), _linked(gold, found), len(gold))


def _linked(these: set[Bead], those: set[Bead]) -> int:
    links = {(a, b) for source, target in those for a in source for b in target}
    return sum(any((a, b) in links for a in source for b in target) for source, target in these)


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in Markdown; floating-point numbers with four decimals."""
    cells = [list(header), *([f"{c:.4f}" if isinstance(c, float) else str(c) for c in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for place, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if place == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
