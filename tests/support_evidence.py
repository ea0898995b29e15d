"""Random chunks, and a slow reference for the features of chunks."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from hexapla.alignment.coverage import ELSEWHERE, LARGEST_MARGIN, REACH, SHARPNESS
from hexapla.alignment.padded import Floats
from hexapla_models.encoder import Chunks

Bead = tuple[int, int, int, int]  # first source and target segment, source and target segments


def unit(random: np.random.Generator, *shape: int) -> Floats:
    """Return random vectors of Euclidean length 1."""
    vectors = random.normal(size=shape)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float32)


def random_chunks(random: np.random.Generator, segments: int, dimension: int, most: int = 4) -> Chunks:
    """Return random chunks, from one to `most` for each segment."""
    bounds = np.cumsum([0, *random.integers(1, most + 1, segments)])
    count = int(bounds[-1])
    tokens = random.integers(1, 15, count).astype(np.float32)
    return Chunks(unit(random, count, dimension), tokens, bounds)


def chunks_of(side: Chunks, start: int, end: int) -> range:
    """Return the chunks of the segments [start, end) that exist."""
    last = len(side.bounds) - 1
    return range(side.bounds[min(max(0, start), last)], side.bounds[min(max(0, end), last)])


def share(source: Chunks, target: Chunks, p: int, q: int) -> float:
    """Return how far a chunk of the source and one of the target are assigned to each other."""

    def weight(x: int, y: int) -> float:
        return exp(SHARPNESS * (float(source.vectors[x] @ target.vectors[y]) - ELSEWHERE))

    row = 1 + sum(weight(p, y) for y in range(len(target.tokens)))
    column = 1 + sum(weight(x, q) for x in range(len(source.tokens)))
    return weight(p, q) / sqrt(row * column)


def mass(source: Chunks, target: Chunks) -> Floats:
    """Return the shares of all pairs of chunks, *Shape:* ``(source chunks, target chunks)``."""
    shares = [
        [share(source, target, p, q) for q in range(len(target.tokens))] for p in range(len(source.tokens))
    ]
    return np.array(shares, dtype=np.float32)


def one_side(near: Chunks, far: Chunks, shares: Floats, bead: Bead) -> tuple[float, float, float, float]:
    """Return the tokens of one side of a bead, those assigned to the other, and the sums of all margins and of negative ones."""
    i, j, a, b = bead
    inside = chunks_of(far, j, j + b)
    beside = [*chunks_of(far, j - REACH, j), *chunks_of(far, j + b, j + b + REACH)]
    size = covered = margins = losses = 0.0
    for p in chunks_of(near, i, i + a):
        tokens = float(near.tokens[p])
        within = max(float(near.vectors[p] @ far.vectors[q]) for q in inside)
        without = max([-1.0, *(float(near.vectors[p] @ far.vectors[q]) for q in beside)])
        margin = min(LARGEST_MARGIN, max(-LARGEST_MARGIN, within - without))
        size += tokens
        covered += tokens * sum(float(shares[p, q]) for q in inside)
        margins += tokens * margin
        losses += tokens * min(margin, 0)
    return size, covered, margins, losses


def plain_coverage(source: Chunks, target: Chunks, shares: Floats, bead: Bead) -> dict[str, float]:
    """Return the features of the chunks of a bead, by name; `shares` is the result of `mass`."""
    i, j, a, b = bead
    sides = (
        one_side(source, target, shares, bead),
        one_side(target, source, shares.T, (j, i, b, a)),
    )
    return {
        "covered": min(covered / size for size, covered, _, _ in sides),
        "uncovered": sum(log(1 + max(0, size - covered)) for size, covered, _, _ in sides),
        "margin": sum(margins for _, _, margins, _ in sides) / 10,
        "margin loss": sum(losses for _, _, _, losses in sides) / 10,
    }


def plain_given(side: Chunks, shares: Floats, segment: int) -> dict[str, float]:
    """Return the features of the chunks of a segment left alone, by name; `shares` has its side first."""
    chunks = chunks_of(side, segment, segment + 1)
    found = sum(float(side.tokens[p] * shares[p].sum()) for p in chunks)
    return {"given": found / float(side.tokens[chunks].sum()), "given by length": log(1 + found)}
