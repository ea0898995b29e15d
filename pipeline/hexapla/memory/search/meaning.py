"""Look-up by meaning: finds units with near vectors in any language, rated by cosine and never by percentage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.highlights import Differences
from hexapla.compare.placeables import Repaired
from hexapla.matches import Match, MatchKind
from hexapla.memory.search.candidates import Candidate, best_matches, widened
from hexapla.memory.search.indexed_fragment import IndexedFragment

# cosine that 95% of lines reach with their translation into another language, and 0.03% with another line
MEANING_MINIMUM = 0.65
MEANING_MOST = 20_000  # longest query that is compared by meaning, in characters
MOST = 1_000  # texts to look for in each language, roughly, however many are duplicates
SPARE = 24  # further texts to look for, as those found by percentage are also near in meaning


def by_meaning(
    fragments: Sequence[IndexedFragment],
    vector: NDArray[np.float32],
    languages: Sequence[str],
    targets: Sequence[str],
    limit: int,
    found: Sequence[Match],
) -> list[Match]:
    """Find units near in meaning by their text in the language of the query, or by any other if they have none in it.

    Args:
        fragments: fragments of the snapshot.
        vector: vector of the query, *Shape:* ``(dimension,)``.
        languages: tags of the language of the query in the memory.
        targets: tags of which a unit must have at least one.
        limit: maximum number of matches.
        found: matches by percentage; their units are left out.

    Returns:
        Matches, the best first.
    """
    known = {id for match in found for id in (match.unit.id, *match.same)}

    def match(candidate: Candidate) -> Match | None:
        return _match(candidate, targets) if candidate.unit.id not in known else None

    def find(wanted: int) -> tuple[list[Match], bool]:
        near = [
            each for fragment in fragments for each in _near(fragment, vector, languages, targets, wanted)
        ]
        counts = Counter((id(each.fragment), each.language) for each in near)
        more = max(counts.values(), default=0) >= wanted
        return best_matches(_one_for_each_unit(near), limit, match), more

    return widened(find, limit, MOST, SPARE)


def _near(
    fragment: IndexedFragment,
    vector: NDArray[np.float32],
    own: Sequence[str],
    targets: Sequence[str],
    wanted: int,
) -> Iterator[Candidate]:
    """Find the nearest texts of a fragment; in other languages, only texts of units without the query's language."""
    for language in fragment.languages:
        rows = fragment.having(targets) if language in own else fragment.without(own, targets)
        if not rows.any():
            continue
        texts = fragment.index(language).texts
        near = [each for each in fragment.near(vector, language, rows, wanted) if each[1] >= MEANING_MINIMUM]
        places = texts.unit_rows[[place for place, _ in near]]
        penalties = fragment.penalties(places).tolist()
        for (place, cosine), row, penalty in zip(near, places.tolist(), penalties, strict=True):
            yield Candidate(fragment, language, row, texts[place], MatchKind.MEANING, 100 * cosine, penalty)


def _one_for_each_unit(near: Sequence[Candidate]) -> Iterable[Candidate]:
    """Keep the nearest text of each unit."""
    return {
        (id(each.fragment), each.row): each for each in sorted(near, key=lambda each: each.score)
    }.values()


def _match(near: Candidate, targets: Sequence[str]) -> Match:
    """Make the match of a candidate."""
    unit = near.unit
    translations = {tag: Repaired(unit.texts[tag]) for tag in targets if tag in unit.texts}
    nothing, cosine = Differences((), ()), near.score / 100
    return Match(
        unit, near.kind, None, cosine, near.language, near.source, translations, nothing, near.penalty
    )
