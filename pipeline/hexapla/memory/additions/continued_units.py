"""Which unit of a document an aligned row continues, so that the same passage keeps its unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz.fuzz import ratio

from hexapla.units import Unit

ALIKE = 60  # percentage of characters that a passage keeps in some language if it is recognisably the same
NEAR = 50  # units before and behind, among those without counterpart, that are compared

Texts = Mapping[str, str]


def continued(units: Sequence[Unit], rows: Sequence[Texts]) -> list[Unit | None]:
    """The unit that each row continues.

    Args:
        units: of one level, in their order.
        rows: texts by language of aligned rows of that level, in their order.

    Returns:
        For each row the unit whose texts are the same, else one with the same text in some language, else the most
        similar one nearby; None if there is none.
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
    """Match rows that have a text of a unit, or all of its texts."""
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
    """Match rows with the most similar of the units that are left, the most similar pairs first."""
    left = [number for number, k in enumerate(found) if k is None]
    units = sorted(free)
    pairs = []
    for i, number in enumerate(left):
        middle = i * len(units) // max(1, len(left))
        for k in units[max(0, middle - NEAR) : middle + NEAR]:
            likeness = _likeness(rows[number], sources[k])
            if likeness >= ALIKE:
                pairs.append((-likeness, abs(i - units.index(k)), number, k))
    for _, _, number, k in sorted(pairs):
        if found[number] is None and k in free:
            found[number] = k
            free.remove(k)


def _likeness(one: Texts, other: Texts) -> float:
    """Percentage of characters that two passages have in common in the language in which they are most alike."""
    return max((ratio(one[tag], other[tag]) for tag in one.keys() & other.keys()), default=0.0)
