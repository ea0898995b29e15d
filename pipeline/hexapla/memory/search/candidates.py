"""Texts that may match, before their units are read: what they would rank is known, so few units have to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hexapla.matches import Match, MatchKind, merged, ranked
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.units import Unit

SPARE = 8  # further texts that are sought, as some say the same or were found already


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may match.

    Attributes:
        fragment: that has it.
        language: its tag.
        row: of its unit.
        source: the text.
        kind: what the match would be worth.
        worth: its percentage, or what it is at most, or its cosine in hundredths.
        penalty: of its unit, which was not rejected.
    """

    fragment: IndexedFragment
    language: str
    row: int
    source: str
    kind: MatchKind
    worth: float
    penalty: float

    @property
    def rank(self) -> float:
        """The rank of the match at most."""
        return self.worth - self.penalty

    @property
    def unit(self) -> Unit:
        """Its unit, which is read."""
        return self.fragment.unit(self.row)


def widened(find: Callable[[int], tuple[list[Match], bool]], limit: int, most: int) -> list[Match]:
    """Matches, of which more are sought while there are too few.

    Args:
        find: gives the matches among so many texts, and whether there may be more among others.
        limit: number of matches that are enough.
        most: texts from which no more are sought.

    Returns:
        The matches.
    """
    wanted = limit + SPARE
    while True:
        matches, more = find(wanted)
        if len(matches) >= limit or not more or wanted >= most:
            return matches
        wanted *= 8


def best_matches(
    candidates: Iterable[Candidate], limit: int, match: Callable[[Candidate], Match | None]
) -> list[Match]:
    """The best matches, those that say the same put together.

    Args:
        candidates: in any order.
        limit: number of matches at most.
        match: makes the match of a candidate, or says that there is none.

    Returns:
        Matches, the best first. Units are read of candidates that may be among them, or say the same as one of them.
    """
    found: list[Match] = []
    groups: dict[tuple[str, ...], float] = {}  # the best rank of those that say the same
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
