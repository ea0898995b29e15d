"""Measure how many moved passages are detected, and how many are reported where there are none."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from _development import Version
from _passages import Text, document_of, several_folders, version_of
from _shared import Bead, beads_between, print_table, row_component

from hexapla.alignment.align import align_documents
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

SAMPLES = 20  # documents for each text and disorder
LONGEST = 160  # units in a document
Disorder = Callable[[Version, random.Random], Version]


def main() -> None:
    """Reorder one language version of each text of --data in several ways, and print what is found."""
    texts, _ = several_folders(__doc__)
    encoder = load_encoder()
    table = []
    for name, disorder in DISORDERS.items():
        counts: Counter[str] = Counter()
        for number, text in enumerate(texts):
            for sample in range(SAMPLES):
                counts += _sample(encoder, text, disorder, random.Random(f"{name} {number} {sample}"))
        table.append((name, *(counts[column] for column in COLUMNS)))
    print_table(("disorder", *COLUMNS), table)


def swapped(version: Version, numbers: random.Random) -> Version:
    """Swap two blocks of 1 to 10 segments, 3 to 50 segments apart."""
    a, b = numbers.randint(1, 10), numbers.randint(1, 10)
    apart = min(numbers.randint(3, 50), len(version) - a - b)
    start = numbers.randrange(max(1, len(version) - a - b - apart + 1))
    cuts = [start, start + a, start + a + apart, start + a + apart + b]
    one, middle, two = (version[i:j] for i, j in pairwise(cuts))
    return version[: cuts[0]] + two + middle + one + version[cuts[3] :]


def put_last(version: Version, numbers: random.Random) -> Version:
    """Move a section of 3 to 30 segments to the end."""
    length = numbers.randint(3, min(30, len(version) // 3))
    start = numbers.randrange(len(version) - 2 * length)
    return version[:start] + version[start + length :] + version[start : start + length]


def reversed_rows(version: Version, numbers: random.Random) -> Version:
    """Reverse 4 to 12 segments, like the rows of a table."""
    length = min(numbers.randint(4, 12), len(version))
    start = numbers.randrange(len(version) - length + 1)
    return version[:start] + version[start : start + length][::-1] + version[start + length :]


def duplicated(version: Version, numbers: random.Random) -> Version:
    """Repeat a block of 1 to 10 segments 3 to 50 segments later; no segment is out of order."""
    length = numbers.randint(1, 10)
    start = numbers.randrange(len(version) - length)
    again = min(len(version), start + length + numbers.randint(3, 50))
    return version[:again] + version[start : start + length] + version[again:]


def untouched(version: Version, numbers: random.Random) -> Version:
    """Change nothing."""
    return version


# the names also seed the random numbers
DISORDERS: dict[str, Disorder] = {
    "blocks swapped": swapped,
    "section put last": put_last,
    "rows reversed": reversed_rows,
    "block twice": duplicated,
    "none": untouched,
}
COLUMNS = ("beads", "beads right", "out of order", "moved", "moved right")


def _sample(encoder: Encoder, text: Text, disorder: Disorder, numbers: random.Random) -> Counter[str]:
    """Count gold beads, found beads, beads out of order, and rows marked as moved, all and right, in a document."""
    size = min(len(text.units), numbers.randint(40, LONGEST))
    start = numbers.randrange(len(text.units) - size + 1)
    units = list(enumerate(text.units))[start : start + size]
    a, b = numbers.sample(text.languages, 2)
    source, target = version_of(units, a), disorder(version_of(units, b), numbers)
    if not source or len(target) < 30:
        return Counter()
    rows = align_documents([document_of(source, a), document_of(target, b)], encoder, segmented=True).rows
    gold = _gold(source, target)
    found = beads_between(map(row_component, rows), a, b)
    moved = beads_between(map(row_component, (row for row in rows if row.moved)), a, b)
    return Counter(
        {
            "beads": len(gold),
            "beads right": len(gold & found),
            "out of order": _out_of_order(sorted(gold)),
            "moved": len(moved),
            "moved right": len(moved & gold),
        }
    )


def _gold(source: Version, target: Version) -> set[Bead]:
    """Gold beads: for each unit, its segments in both versions; if a unit is repeated, either occurrence is right."""
    beads = set()
    for unit in {unit for units, _ in source for unit in units}:
        one, two = (
            [k for k, (units, _) in enumerate(version) if unit in units] for version in (source, target)
        )
        for run in _runs(two):
            beads.add((tuple(one), run))
    return beads


def _runs(numbers: Sequence[int]) -> list[tuple[int, ...]]:
    """Split numbers into runs of consecutive numbers."""
    runs: list[tuple[int, ...]] = []
    for number in numbers:
        runs = (
            [*runs[:-1], (*runs[-1], number)] if runs and runs[-1][-1] == number - 1 else [*runs, (number,)]
        )
    return runs


def _out_of_order(beads: Sequence[Bead]) -> int:
    """Count the beads outside the longest series that is in the same order on both sides."""
    ends: list[int] = []
    for _, target in beads:
        index = bisect_right(ends, target[0])
        ends[index : index + 1] = [target[0]]
    return len(beads) - len(ends)


if __name__ == "__main__":
    main()
