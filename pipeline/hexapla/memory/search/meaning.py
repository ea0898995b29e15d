"""Look-up by meaning: units whose vectors are near, whatever the language; a cosine is never called a percentage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.documents import matching_text
from hexapla.memory.comparing.highlights import Differences
from hexapla.memory.comparing.placeables import Repaired
from hexapla.memory.search.matches import Match, MatchKind, merged, penalty_of, ranked
from hexapla.memory.search.searched import SearchedPart
from hexapla.memory.storage.units import Status
from hexapla_models.encoder import Encoder

# cosine; of lines in two languages 95% reach it with their translation, 0.03% with another line
MEANING_MINIMUM = 0.65
MEANING_MOST = 20_000  # characters of a query that is compared by meaning
SPARE = 8  # further texts that are sought in each language, as some say the same and some were rejected


@dataclass(frozen=True, slots=True)
class Near:
    """A text near in meaning.

    Attributes:
        cosine: of the vectors.
        part: that has it.
        language: its tag.
        place: among the texts of that language.
        row: of its unit.
    """

    cosine: float
    part: SearchedPart
    language: str
    place: int
    row: int


def by_meaning(
    parts: Sequence[SearchedPart],
    encoder: Encoder,
    text: str,
    source: str,
    languages: Sequence[str],
    targets: Sequence[str],
    limit: int,
    found: Sequence[Match],
) -> list[Match]:
    """Units near in meaning, by their text in the language of the query, or by any other if they have none in it.

    Args:
        parts: of the snapshot.
        encoder: of the memory.
        text: what is looked up, as a translator sees it.
        source: BCP 47 tag of its language.
        languages: tags of that language that the memory has.
        targets: tags of which a unit must have one.
        limit: number of matches at most.
        found: matches by percentage, whose units are left out.

    Returns:
        Matches, the best first.
    """
    vector = encoder.encode([matching_text(text, source)])[0]
    near = [each for part in parts for each in _near(part, vector, languages, targets, limit + SPARE)]
    known = {id for match in found for id in (match.unit.id, *match.same)}
    best: list[Match] = []
    for each in _one_for_each_unit(sorted(near, key=lambda each: -each.cosine)):
        if len(best) >= limit and best[limit - 1].rank >= 100 * each.cosine:
            break  # penalties only lower a rank
        match = _match(each, targets)
        if match.unit.status is not Status.REJECTED and match.unit.id not in known:
            best = merged(ranked([*best, match]))
    return best[:limit]


def _near(
    part: SearchedPart,
    vector: NDArray[np.float32],
    own: Sequence[str],
    targets: Sequence[str],
    wanted: int,
) -> Iterator[Near]:
    """The nearest texts of a part, in other languages than that of the query only of units that lack it."""
    for language in part.languages:
        rows = part.having(targets) if language in own else part.without(own, targets)
        if not rows.any():
            continue
        unit_rows = part.index(language).texts.unit_rows
        for place, cosine in part.near(vector, language, rows, wanted):
            if cosine >= MEANING_MINIMUM:
                yield Near(cosine, part, language, place, int(unit_rows[place]))


def _one_for_each_unit(near: Sequence[Near]) -> list[Near]:
    """The first text of each unit."""
    return list({(id(each.part), each.row): each for each in reversed(near)}.values())[::-1]


def _match(near: Near, targets: Sequence[str]) -> Match:
    """The match of a text."""
    unit, text = near.part.unit(near.row), near.part.index(near.language).texts[near.place]
    translations = {tag: Repaired(unit.texts[tag]) for tag in targets if tag in unit.texts}
    kind, nothing = MatchKind.MEANING, Differences((), ())
    penalty = penalty_of(unit.status, unit.probability)
    return Match(unit, kind, None, near.cosine, near.language, text, translations, nothing, penalty)
