"""Helpers of all benchmarks: arguments, gold data, scores and tables."""

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
    """Make the argument parser of a benchmark, with the option --data DIR.

    Args:
        description: docstring of the script.
        default: default folder; None if --data is required.

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
        sys.exit(f"{folder} is not a folder: give the folder of the data (see benchmarks/README.md).")
    return folder


def read_records(path: Path) -> list[dict[str, Any]]:
    """Read a file with one JSON object per line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_lines(path: Path) -> list[str]:
    """Read the lines of a UTF-8 text file, without line ends."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def bare(text: str) -> str:
    """Remove white space, bold and link targets, so that gold and output can be compared."""
    return re.sub(r"\s+", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", ""))


def line_document(language: str, lines: Sequence[str]) -> Document:
    """Make a document whose blocks are segments, as read by `hexapla align --segmented`."""
    return Document(language, tuple(Block(BlockKind.PLAIN, line) for line in lines))


def row_component(row: Row) -> Component:
    """Return the segments of a row."""
    return {language: tuple(numbers) for language, numbers in row.segments.items()}


def beads_between(rows: Iterable[Mapping[str, Side]], source: str, target: str) -> set[Bead]:
    """Return the beads between two languages, from the rows that have both."""
    return {(row[source], row[target]) for row in rows if row.get(source) and row.get(target)}


def read_beads(path: Path) -> set[Bead]:
    """Read gold beads, one per line (`[0]:[0, 1]`); as in published tables, without those with an empty side."""
    return {(source, target) for source, target in read_gold_beads(path) if source and target}


@dataclass(frozen=True, slots=True)
class Score:
    """Counts for precision, recall and F1, which can be added up over documents.

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
        """Add up two scores."""
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
    """Score beads; a bead is right if it is a gold bead."""
    return Score(len(found & gold), len(found), len(found & gold), len(gold))


def lax_score(found: set[Bead], gold: set[Bead]) -> Score:
    """Score beads; a bead is right if it shares a source and a target segment with a single bead of the other set."""
    return Score(_linked(found, gold), len(found), _linked(gold, found), len(gold))


def _linked(these: set[Bead], those: set[Bead]) -> int:
    links = {(a, b) for source, target in those for a in source for b in target}
    return sum(any((a, b) in links for a in source for b in target) for source, target in these)


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table, with floating-point numbers to four decimals."""
    cells = [list(header), *([f"{c:.4f}" if isinstance(c, float) else str(c) for c in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for number, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
