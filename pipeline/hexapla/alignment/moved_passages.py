"""Passages that are at different places in different versions, found in what a monotone alignment left unaligned."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.links import Link, Piece, crossing_links, find_pieces
from hexapla.alignment.model import Prior
from hexapla.alignment.segments import Segments
from hexapla.alignment.windowed_alignment import align_windows, in_groups
from hexapla.alignment.windows import Window, cut_into_windows

GAP = 3  # most pieces without a link between two links of a passage
REACH = 4  # most pieces that may be added at each end of a passage
LINK = (
    0.12  # least margin of a link: by how much its pieces are nearer to each other than to anything else near
)
PASSAGE = 0.3  # least sum of the margins of a passage
BELIEF = 6.0  # how fast the probability of a passage rises with this sum; set on shuffled development texts

Segment = tuple[int, int]  # language and number


@dataclass(frozen=True, slots=True)
class _Passage:
    """Consecutive pieces that are linked at two places.

    Attributes:
        score: sum of the margins of its links.
        home: its segments at the place of the first language that has it.
        away: its segments at the other place.
        linked: its pieces that have a link.
    """

    score: float
    home: Window
    away: Window
    linked: frozenset[int]


def join_moved(rows: Sequence[JointRow], versions: Sequence[Segments], prior: Prior) -> list[JointRow]:
    """Join passages that are at different places in different versions.

    Args:
        rows: rows in reading order, aligned without crossings.
        versions: segments of each language.
        prior: prior for this kind of segment.

    Returns:
        Rows that still hold every segment once; those of a moved passage are marked, and placed where the first of
        their languages has the passage.
    """
    pieces = find_pieces(rows, versions)
    if len({frozenset(piece.spans) for piece in pieces}) < 2:
        return list(rows)
    links = crossing_links(pieces, rows, versions)
    places = {
        (i, k): number
        for number, piece in enumerate(pieces)
        for i, (a, b) in piece.spans.items()
        for k in range(a, b)
    }
    passages = _passages(links, pieces, places)
    linked = {k for passage in passages for k in passage.linked}
    free = {segment: k for segment, k in places.items() if k not in linked}
    taken: set[Segment] = set()
    claimed = [(_claim(passage, pieces, free, taken), passage.score) for passage in passages]
    return _replaced(rows, _align(claimed, versions, prior), taken) if taken else list(rows)


def _passages(
    links: Iterable[Link], pieces: Sequence[Piece], places: Mapping[Segment, int]
) -> list[_Passage]:
    """Chains of links that are sure enough to be a passage, the surest first."""
    groups = defaultdict(list)
    for one, two, margin in links:
        if margin >= LINK:
            home, away = sorted((one, two), key=lambda k: min(pieces[k].spans))
            groups[frozenset(pieces[home].spans), frozenset(pieces[away].spans)].append((home, away, margin))
    found = []
    for group in groups.values():
        chain: list[Link] = []
        for link in sorted(group):
            if chain and not _continues(chain[-1], link, pieces, places):
                found.append(_passage(chain, pieces))
                chain = []
            chain.append(link)
        found.append(_passage(chain, pieces))
    return sorted((each for each in found if each.score >= PASSAGE), key=lambda each: -each.score)


def _continues(one: Link, two: Link, pieces: Sequence[Piece], places: Mapping[Segment, int]) -> bool:
    """Whether the second link continues the first: only a few pieces of their languages intervene."""
    for before, after in zip(one[:2], two[:2], strict=True):
        languages = pieces[before].spans.keys()
        for i in languages:
            start, end = pieces[before].spans[i][1], pieces[after].spans[i][0]
            if not 0 <= end - start <= GAP:
                return False
            if not all(_in_piece_of((i, k), languages, pieces, places) for k in range(start, end)):
                return False
    return True


def _passage(chain: Sequence[Link], pieces: Sequence[Piece]) -> _Passage:
    sides = []
    linked = frozenset(int(k) for link in chain for k in link[:2])
    for side in (0, 1):
        first, last = pieces[int(chain[0][side])], pieces[int(chain[-1][side])]
        sides.append({i: (first.spans[i][0], last.spans[i][1]) for i in first.spans})
    return _Passage(sum(link[2] for link in chain), sides[0], sides[1], linked)


def _in_piece_of(
    segment: Segment, languages: Collection[int], pieces: Sequence[Piece], places: Mapping[Segment, int]
) -> bool:
    """Whether a segment is in a piece of exactly these languages."""
    return segment in places and pieces[places[segment]].spans.keys() == languages


def _claim(
    passage: _Passage, pieces: Sequence[Piece], places: Mapping[Segment, int], taken: set[Segment]
) -> Window:
    """Take the segments of a passage and of pieces next to it that may belong to it; none if any is taken already."""
    sides = [dict(passage.home), dict(passage.away)]
    if taken & {(i, k) for side in sides for i, (a, b) in side.items() for k in range(a, b)}:
        return {}
    for end in (0, 1):
        rims = [_rim(side, end, pieces, places, taken) for side in sides]
        if all(rims):
            for side, rim in zip(sides, rims, strict=True):
                for piece in rim:
                    for i, (a, b) in piece.spans.items():
                        side[i] = (min(side[i][0], a), max(side[i][1], b))
    window = {**sides[0], **sides[1]}
    taken |= {(i, k) for i, (a, b) in window.items() for k in range(a, b)}
    return window


def _rim(
    side: Window, end: int, pieces: Sequence[Piece], places: Mapping[Segment, int], taken: set[Segment]
) -> list[Piece]:
    """Free pieces of the same languages directly before a passage (end 0) or after it (end 1)."""
    found: list[Piece] = []
    language = min(side)
    k = side[language][1] if end else side[language][0] - 1
    edges = {i: span[end] for i, span in side.items()}
    while len(found) < REACH and _in_piece_of((language, k), side.keys(), pieces, places):
        piece = pieces[places[language, k]]
        if any(piece.spans[i][1 - end] != edge for i, edge in edges.items()):
            break
        if any((i, n) in taken for i, span in piece.spans.items() for n in range(*span)):
            break
        found.append(piece)
        edges = {i: span[end] for i, span in piece.spans.items()}
        k = edges[language] if end else edges[language] - 1
    return found


def _align(
    claimed: Iterable[tuple[Window, float]], versions: Sequence[Segments], prior: Prior
) -> list[JointRow]:
    """Align the segments inside moved passages; the less sure the passage, the less probable its rows."""
    cut = (
        (part, 1 - math.exp(-BELIEF * score))
        for window, score in claimed
        for part in cut_into_windows(versions, [window.get(i, (0, 0)) for i in range(len(versions))])
    )
    found = []
    for group in in_groups(cut):
        aligned = align_windows(versions, [part for part, _ in group], prior)
        for rows, (_, belief) in zip(aligned, group, strict=True):
            found += [replace(row, probability=row.probability * belief) for row in rows]
    return found


def _replaced(rows: Sequence[JointRow], found: Iterable[JointRow], taken: set[Segment]) -> list[JointRow]:
    """All rows; those of moved passages are at the place of their first language, and marked if out of order."""
    places: dict[Segment, int] = {}
    placed: list[tuple[tuple[int, int, int], JointRow]] = []
    for number, row in enumerate(rows):
        segments = {(i, k) for i, span in row.spans.items() for k in range(*span)}
        places |= dict.fromkeys(segments, number)
        rest = [row] if not segments & taken else _without(row, taken)
        placed += [((number, min(each.spans), each.spans[min(each.spans)][0]), each) for each in rest]
    for row in found:
        first = min(row.spans)
        numbers = {places[i, span[0]] for i, span in row.spans.items()}
        place = (places[first, row.spans[first][0]], first, row.spans[first][0])
        placed.append((place, replace(row, moved=len(row.spans) > 1 and len(numbers) > 1)))
    return [row for _, row in sorted(placed, key=lambda each: each[0])]


def _without(row: JointRow, taken: set[Segment]) -> list[JointRow]:
    """What is left of a row: untouched languages stay together, and each other segment becomes a separate row."""
    whole = {i: span for i, span in row.spans.items() if not any((i, k) in taken for k in range(*span))}
    rest = [
        JointRow({i: (k, k + 1)}, 1 - row.probability)
        for i, span in row.spans.items()
        if i not in whole or len(whole) == 1
        for k in range(*span)
        if (i, k) not in taken
    ]
    return ([JointRow(whole, row.probability)] if len(whole) > 1 else []) + rest
