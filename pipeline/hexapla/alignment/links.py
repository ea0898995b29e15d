"""Pieces of text that a monotone alignment left unaligned, and links between those that are each other's nearest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.padded import Floats
from hexapla.alignment.segments import Segments
from hexapla.alignment.windows import Window

LOOSE = 0.7  # probability of a row below which its segments may belong elsewhere
MOST_PIECES = 20_000  # most pieces for which a counterpart is looked for: the longest of a document
MATRIX_ROWS = 512  # rows of the matrix of cosines that are held at once
NEIGHBOURS = 4  # nearest rows that show how near unrelated text usually is
BACKGROUND = 1000  # well-aligned rows with which a link is compared
RUNS = 20  # runs of consecutive items in a sample
SHORTEST = 24  # bytes; a shorter piece is never sure of its counterpart

Link = tuple[int, int, float]  # two pieces, and their cosine less that of anything else near them


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that may belong elsewhere: an incomplete row, or one segment of one language.

    Attributes:
        row: number of its row.
        spans: its segments by language.
    """

    row: int
    spans: Window


def even_sample(count: int, most: int) -> NDArray[np.intp]:
    """Return all numbers below `count`, or `most` of them in evenly spaced runs (consecutive items are read faster)."""
    if count <= most:
        return np.arange(count)
    starts = np.linspace(0, count - most // RUNS, RUNS).astype(np.intp)
    return (starts[:, None] + np.arange(most // RUNS)).ravel()


def find_pieces(rows: Sequence[JointRow], versions: Sequence[Segments]) -> list[Piece]:
    """Return rows that lack a language and the segments of improbable rows; only the longest if there are too many."""
    pieces = []
    for number, row in enumerate(rows):
        if len(row.spans) > 1 and row.probability < LOOSE:
            pieces += [Piece(number, {i: (k, k + 1)}) for i, (a, b) in row.spans.items() for k in range(a, b)]
        elif len(row.spans) < len(versions):
            pieces.append(Piece(number, row.spans))
    if len(pieces) <= MOST_PIECES:
        return pieces
    order = sorted(range(len(pieces)), key=lambda k: -_length(pieces[k].spans, versions))[:MOST_PIECES]
    return [pieces[k] for k in sorted(order)]


def _length(spans: Window, versions: Sequence[Segments]) -> float:
    """Bytes of a piece, averaged over its languages."""
    return float(np.mean([versions[i].lengths[a:b].sum() for i, (a, b) in spans.items()]))


def _means(spans: Sequence[Window], versions: Sequence[Segments]) -> tuple[Floats, NDArray[np.bool_]]:
    """Mean of the vectors of each piece over its languages, and which languages it has.

    The product of two such means is the mean cosine between the languages of two pieces.
    """
    has = np.zeros((len(spans), len(versions)), dtype=bool)
    sums: Floats | None = None
    for i, version in enumerate(versions):
        numbers = [k for k, each in enumerate(spans) if i in each]
        if not numbers:
            continue
        has[numbers, i] = True
        starts, ends = np.array([spans[k][i] for k in numbers]).T
        vectors = version.vectors(starts, ends)
        sums = np.zeros((len(spans), vectors.shape[1]), dtype=np.float32) if sums is None else sums
        sums[numbers] += vectors
    assert sums is not None
    return sums / np.maximum(has.sum(axis=1, keepdims=True), 1).astype(np.float32), has


def _links(pieces: Sequence[Piece], rows: Sequence[JointRow], versions: Sequence[Segments]) -> Iterator[Link]:
    """Pieces that are each other's nearest, and by how much they are nearer than anything else near them."""
    means, has = _means([piece.spans for piece in pieces], versions)
    long = np.array([_length(piece.spans, versions) >= SHORTEST for piece in pieces])
    usual = _background(means, has, rows, versions)
    best = np.full((len(pieces), 2), -1.0)  # cosine to the nearest piece and to the next
    nearest = np.zeros(len(pieces), dtype=np.intp)
    for first in range(0, len(pieces), MATRIX_ROWS):
        part = slice(first, first + MATRIX_ROWS)
        cosines = means[part] @ means.T
        shares = has[part].astype(np.float32) @ has.T.astype(np.float32) > 0
        cosines[shares | ~long | ~long[part, None]] = -1
        nearest[part] = cosines.argmax(axis=1)
        top = np.partition(cosines, -2, axis=1)[:, -2:]
        best[part] = top[:, ::-1]
    if usual is None:
        usual = np.maximum(best[:, 1], 0).astype(np.float32)
    for k in np.flatnonzero((nearest[nearest] == np.arange(len(pieces))) & (best[:, 0] > 0)):
        other = nearest[k]
        if k < other:
            rival = max(usual[k], usual[other])
            yield int(k), int(other), float(best[k, 0]) - float(rival)


def _background(
    means: Floats, has: NDArray[np.bool_], rows: Sequence[JointRow], versions: Sequence[Segments]
) -> Floats | None:
    """Cosine of each piece to the nearest well-aligned rows, which are not its counterparts; None without such rows."""
    sure = [row.spans for row in rows if len(row.spans) == len(versions) and row.probability >= LOOSE]
    sample = [sure[k] for k in even_sample(len(sure), BACKGROUND)]
    if not sample:
        return None
    count = min(NEIGHBOURS, len(sample))
    usual = np.zeros(len(means), dtype=np.float32)
    for language in range(len(versions)):
        starts, ends = np.array([spans[language] for spans in sample]).T
        cosines = means @ versions[language].vectors(starts, ends).T
        near = np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1)
        lacks = ~has[:, language]
        usual[lacks] = np.maximum(usual[lacks], near[lacks])
    return usual


def crossing_links(
    pieces: Sequence[Piece], rows: Sequence[JointRow], versions: Sequence[Segments]
) -> list[Link]:
    """Return links between pieces that are each other's nearest and would cross another row if they were joined.

    Args:
        pieces: pieces that may belong elsewhere.
        rows: all rows.
        versions: segments of each language.

    Returns:
        Links with a row between their pieces that has languages of both.
    """
    found = []
    for one, two, margin in _links(pieces, rows, versions):
        between = (rows[k].spans.keys() for k in range(pieces[one].row + 1, pieces[two].row))
        here, there = pieces[one].spans.keys(), pieces[two].spans.keys()
        if any(languages & here and languages & there for languages in between):
            found.append((one, two, margin))
    return found
