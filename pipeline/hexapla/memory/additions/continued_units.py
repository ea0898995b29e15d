"""Matching of aligned rows with the units of a document, so that a passage keeps its unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz.fuzz import ratio

from hexapla.units import Unit

ALIKE = 60  # least percentage of characters that a passage keeps in some language to be recognised
NEAR = 50  # unmatched units compared on each side of a row

Texts = Mapping[str, str]


def continued(units: Sequence[Unit], rows: Sequence[Texts]) -> list[Unit | None]:
    """Find the unit that each row continues.

    Args:
        units: units of one level, in order.
        rows: texts by language of the aligned rows of that level, in order.

    Returns:
        For each row, the unit with the same texts, else a unit with the same text in some language, else the most
        similar unit nearby; None if there is none.
    """
    sources = [{variant.language: variant.source for variant in unit.variants} for unit in units]
    found: list[int | None] = [None] * len(rows)
    free = set(range(len(units)))
    for complete in (True, False):
        _match_same(sources, rows, found, free, complete)
    _match_similar(sources, rows, found, free)
    return [None if k is None else units[k] for k in found]


def _match_same(
    sources: Sequence[Texts], rows: Sequence[Texts], found: list[int | None], free: set[int], complete: bool
) -> None:
    """Match rows that have a text of a unit, or all its texts if `complete`."""
    having: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for k in sorted(free):
        for text in sources[k].items():
            having[text].append(k)
    for number, row in enumerate(rows):
        if found[number] is not None:
            continue
        shared: defaultdict[int, int] = defaultdict(int)
        for text in row.items():
            for k in having.get(text, ()):
                shared[k] += k in free
        if complete:
            shared = defaultdict(int, {k: n for k, n in shared.items() if n == len(sources[k])})
        best = max(shared, key=lambda k: (shared[k], -k), default=None)
        if best is not None and shared[best]:
            found[number] = best
            free.remove(best)


def _match_similar(
    sources: Sequence[Texts], rows: Sequence[Texts], found: list[int | None], free: set[int]
) -> None:
    """Match rows with the most similar remaining units, the most similar pairs first."""
    left = [number for number, k in enumerate(found) if k is None]
    units = sorted(free)
    pairs = []
    for i, number in enumerate(left):
        middle = i * len(units) // max(1, len(left))
        for k in units[max(0, middle - NEAR) : middle + NEAR]:
            similarity = _similarity(rows[number], sources[k])
            if similarity >= ALIKE:
                pairs.append((-similarity, abs(i - units.index(k)), number, k))
    for _, _, number, k in sorted(pairs):
        if found[number] is None and k in free:
            found[number] = k
            free.remove(k)


def _similarity(one: Texts, other: Texts) -> float:
    """Return the percentage of common characters in the language in which two passages are most similar."""
    return max((ratio(one[tag], other[tag]) for tag in one.keys() & other.keys()), default=0.0)
