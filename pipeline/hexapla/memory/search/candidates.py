"""Candidates for matches: their rank is known before their units are read, so few units have to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hexapla.matches import Match, MatchKind, merged, ranked
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.units import Unit

SPARE = 8  # further texts to look for, as some are duplicates or were found before


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may match.

    Attributes:
        fragment: fragment that has the text.
        language: tag of the text.
        row: row of its unit.
        source: the text.
        kind: kind that the match would be, at best.
        score: upper bound of the percentage, or the cosine times 100.
        penalty: penalty of the unit; rejected units are never candidates.
    """

    fragment: IndexedFragment
    language: str
    row: int
    source: str
    kind: MatchKind
    score: float
    penalty: float

    @property
    def rank(self) -> float:
        """Upper bound of the rank of the match."""
        return self.score - self.penalty

    @property
    def unit(self) -> Unit:
        """Its unit, read now."""
        return self.fragment.unit(self.row)


def widened(
    find: Callable[[int], tuple[list[Match], bool]], limit: int, most: int, spare: int = SPARE
) -> list[Match]:
    """Search among more and more texts until there are enough matches.

    Args:
        find: function of a number of texts that returns the matches among them, and whether more texts may match.
        limit: number of matches that are enough.
        most: number of texts after which the search ends.
        spare: further texts to look for at first.

    Returns:
        The matches.
    """
    wanted = limit + spare
    while True:
        matches, more = find(wanted)
        if len(matches) >= limit or not more or wanted >= most:
            return matches
        wanted *= 8


def best_matches(
    candidates: Iterable[Candidate], limit: int, match: Callable[[Candidate], Match | None]
) -> list[Match]:
    """Return the best matches, identical ones merged.

    Args:
        candidates: the candidates, in any order.
        limit: maximum number of matches.
        match: function that makes the match of a candidate, or returns None if it does not match.

    Returns:
        Matches, the best first. Only the units of candidates that may be among them, or be merged with one of them, are
        read.
    """
    found: list[Match] = []
    groups: dict[tuple[str, ...], float] = {}  # the best rank of identical matches
    sources: set[str] = set()
    lowest = 0.0
    for candidate in sorted(candidates, key=lambda each: -each.rank):
        if len(groups) >= limit and candidate.rank < lowest and candidate.source not in sources:
            continue
        if made := match(candidate):
            found.append(made)
            sources.add(candidate.source)
            groups[made.says] = max(made.rank, groups.get(made.says, made.rank))
            lowest = sorted(groups.values(), reverse=True)[:limit][-1]
    return merged(ranked(found))[:limit]
