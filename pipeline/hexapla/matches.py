"""Matches: what a look-up gives, and how they are ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.highlights import Differences, Span
from hexapla.compare.placeables import Repaired
from hexapla.unit_records import record_of
from hexapla.units import Status, Unit

Chance = TypeVar("Chance", float, NDArray[np.float64])

IN_CONTEXT, EXACT, PLACEABLES_ONLY = 101, 100, 99
ALIGNED_PENALTY = 1.0  # of a unit that no person has seen, as CAT tools take off by default
DOUBT_PENALTY = 10.0  # of a unit that was surely aligned wrongly; less in proportion
PIVOT_PENALTY = 2.0  # of a translation that was found through a third language
SURE = (Status.APPROVED, Status.EDITED)  # what a person said of units that rank as they are
_SURE = np.array([status in SURE for status in Status])
_REJECTED = np.array([status is Status.REJECTED for status in Status])
BANDS = (95, 85, 75, 50)  # of fuzzy matches, by the lowest percentage, as CAT tools count them


class MatchKind(StrEnum):
    """What a match is worth, the best first."""

    IN_CONTEXT = "in context"
    EXACT = "exact"
    PLACEABLES = "placeables"
    FUZZY = "fuzzy"
    SUBSEGMENT = "subsegment"
    MEANING = "same meaning"


@dataclass(frozen=True, slots=True)
class Subsegment:
    """The words that a query and a text share, and where they stand.

    Attributes:
        query: start and end in the query as translators see it, in characters.
        source: start and end in the text that matches.
    """

    query: Span
    source: Span


@dataclass(frozen=True, slots=True)
class Match:
    """A unit that may serve as translation of a query.

    Attributes:
        unit: the unit whose texts are shown.
        kind: what the match is worth.
        percentage: 101 for a text in its context, 100 for the same text, 99 where placeables alone differ, else the
            percentage by edit distance; None for a match of a subsegment or of meaning, which has none.
        cosine: of the vectors, 0 to 1, for a match of meaning; else None.
        language: BCP 47 tag of the text that matches.
        source: the text that matches.
        targets: translation in each requested language that the unit has; with the placeables of the query where these
            alone differ, else as it is.
        differences: where query and source differ; none for a match of a subsegment or of meaning.
        penalty: by how much the match ranks lower, in percentage points, as the unit was not reviewed, is doubtful, or
            was found through a third language.
        through: third languages through which it was found.
        same: identifiers of further units that say the same in all these languages.
        subsegment: what query and source share, for a match of a subsegment; else None.
    """

    unit: Unit
    kind: MatchKind
    percentage: int | None
    cosine: float | None
    language: str
    source: str
    targets: Mapping[str, Repaired]
    differences: Differences
    penalty: float
    through: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    subsegment: Subsegment | None = None

    @property
    def rank(self) -> float:
        """What matches are ordered by: the percentage, or the cosine in hundredths, less the penalty."""
        worth = float(self.percentage) if self.percentage is not None else 100 * (self.cosine or 0.0)
        return worth - self.penalty

    @property
    def says(self) -> tuple[str, ...]:
        """Its texts; matches of which these are the same are put together."""
        return self.source, *(f"{language}:{target.text}" for language, target in self.targets.items())

    @property
    def band(self) -> str:
        """The band in which the match is counted: "101", "100", "95-99", ... "50-74", "0-49"; empty without one."""
        if self.percentage is None:
            return ""
        if self.percentage >= EXACT:
            return str(self.percentage)
        upper = 99
        for lower in BANDS:
            if self.percentage >= lower:
                return f"{lower}-{upper}"
            upper = lower - 1
        return f"0-{upper}"

    @property
    def target(self) -> str:
        """The translation in the first requested language that the unit has."""
        return next(iter(self.targets.values())).text


def penalty_of(status: Status, probability: float) -> float:
    """By how many points a unit ranks lower.

    Args:
        status: what people said of it.
        probability: chance that it was aligned rightly.

    Returns:
        Nothing for what a person approved or edited; else the penalty of alignment and of doubt.
    """
    return 0.0 if status in SURE else _of_unseen(probability)


def penalties_of(statuses: NDArray[np.uint8], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how many points units rank lower.

    Args:
        statuses: places of their statuses in Status, *Shape:* ``(units,)``.
        probabilities: chances that they were aligned rightly.

    Returns:
        *Shape:* ``(units,)``.
    """
    return np.where(_SURE[statuses], 0.0, _of_unseen(probabilities))


def are_rejected(statuses: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether units were rejected, by the places of their statuses in Status."""
    return np.asarray(_REJECTED[statuses])


def _of_unseen(probability: Chance) -> Chance:
    """Penalty of units that no person has approved or edited."""
    return ALIGNED_PENALTY + DOUBT_PENALTY * (1 - probability)


def ranked(matches: Iterable[Match]) -> list[Match]:
    """Matches, the best first: by rank, then by kind, then the unit that changed last."""
    kinds = list(MatchKind)

    def order(match: Match) -> tuple[float, int, float, str]:
        changed = match.unit.changed.timestamp() if match.unit.changed else 0.0
        return -match.rank, kinds.index(match.kind), -changed, match.unit.id

    return sorted(matches, key=order)


def merged(matches: Iterable[Match]) -> list[Match]:
    """Matches whose texts are the same put together, in the order in which the best of them come."""
    groups: dict[tuple[str, ...], list[Match]] = {}
    for match in matches:
        groups.setdefault(match.says, []).append(match)
    return [replace(group[0], same=_others(group)) if group[1:] else group[0] for group in groups.values()]


def _others(group: Sequence[Match]) -> tuple[str, ...]:
    """Identifiers of the units of matches but the first, of those too that were put together before."""
    ids = dict.fromkeys(id for match in group for id in (match.unit.id, *match.same))
    return tuple(id for id in ids if id != group[0].unit.id)


def match_record(match: Match) -> dict[str, Any]:
    """Return a match as JSON types; stretches of text are pairs of offsets in characters.

    Args:
        match: the match.

    Returns:
        Its attributes by name; its unit as `hexapla.unit_records.record_of` gives it.
    """
    return {
        "match": match.kind.value,
        "percentage": match.percentage,
        "band": match.band or None,
        "cosine": None if match.cosine is None else round(match.cosine, 4),
        "penalty": round(match.penalty, 2),
        "language": match.language,
        "source": match.source,
        "targets": {language: _target_record(target) for language, target in match.targets.items()},
        "differences": {
            "query": [list(span) for span in match.differences.query],
            "source": [list(span) for span in match.differences.source],
        },
        "subsegment": match.subsegment
        and {"query": list(match.subsegment.query), "source": list(match.subsegment.source)},
        "through": list(match.through),
        "same": list(match.same),
        "unit": record_of(match.unit),
    }


def _target_record(target: Repaired) -> dict[str, Any]:
    return {
        "text": target.text,
        "substitutions": [
            {"start": each.start, "end": each.end, "before": each.before, "after": each.after}
            for each in target.substitutions
        ],
        "missing": list(target.missing),
    }
