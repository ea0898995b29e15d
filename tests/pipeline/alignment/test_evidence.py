"""Features of beads, against a slow plain reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from itertools import product
from math import log, sqrt

import numpy as np
import pytest

from hexapla.alignment.evidence import (
    FEATURES,
    LARGEST_BEAD,
    LONGEST_SIDE,
    NULL_FEATURES,
    SHAPES,
    Evidence,
    Problem,
    Side,
)
from hexapla.alignment.padded import Floats
from hexapla.alignment.posterior import Shape
from hexapla_models.encoder import EDGES
from support_evidence import Bead, mass, plain_coverage, plain_given, random_chunks, unit

DIMENSION = 6
ANCHORS = ("2030", "A/79/L.92", "UNESCO", "^1", "7")
COGNATES = ("komis", "organ", "gener", "abril", "marin", "unesk")


def random_side(count: int, seed: int) -> Side:
    """A side with random vectors, lengths, words, endings, numbers and classes."""
    random = np.random.default_rng(seed)
    vectors = unit(random, LONGEST_SIDE, count, DIMENSION)
    for length in range(2, LONGEST_SIDE + 1):
        vectors[length - 1, max(0, count - length + 1) :] = 0
    return Side(
        vectors,
        unit(random, len(EDGES), count, DIMENSION),
        unit(random, len(EDGES), count, DIMENSION),
        random_chunks(random, count, DIMENSION),
        random.integers(1, 600, count).astype(np.float32),
        [frozenset(random.choice(ANCHORS, random.integers(0, 4))) for _ in range(count)],
        [frozenset(random.choice(COGNATES, random.integers(0, 4))) for _ in range(count)],
        random.integers(0, 3, (count, 2)),
        random.integers(0, 4, count),
        random.integers(0, 3, count),
        random.integers(0, 3, count),
    )


def random_problem(n: int, m: int, seed: int) -> Problem:
    return Problem(random_side(n, seed), random_side(m, seed + 100), 1.25)


def cosine(problem: Problem, bead: Bead) -> float:
    i, j, a, b = bead
    return float(problem.source.vectors[a - 1, i] @ problem.target.vectors[b - 1, j])


def edges(problem: Problem, bead: Bead) -> tuple[float, float]:
    """Gain over the best bead without one outer segment, and cosine of the outer segment that fits worst."""
    i, j, a, b = bead
    smaller, outer = [], []
    if a > 1:
        smaller += [cosine(problem, (i, j, a - 1, b)), cosine(problem, (i + 1, j, a - 1, b))]
        outer += [cosine(problem, (i, j, 1, b)), cosine(problem, (i + a - 1, j, 1, b))]
    if b > 1:
        smaller += [cosine(problem, (i, j, a, b - 1)), cosine(problem, (i, j + 1, a, b - 1))]
        outer += [cosine(problem, (i, j, a, 1)), cosine(problem, (i, j + b - 1, a, 1))]
    return (cosine(problem, bead) - max(smaller), min(outer)) if smaller else (0.0, 0.0)


def first_and_last_words(problem: Problem, bead: Bead, place: int) -> dict[str, float]:
    """Cosines of the openings, of the closings, and of a closing before a corner with the opening after it."""
    i, j, a, b = bead
    source, target = problem.source, problem.target
    crossing = 0.0
    for before, after in ((i - 1, j), (i + a - 1, j + b)):  # source ends, target continues
        if before >= 0 and after < len(target):
            crossing += float(source.closings[place, before] @ target.openings[place, after])
    for after, before in ((i, j - 1), (i + a, j + b - 1)):
        if before >= 0 and after < len(source):
            crossing += float(source.openings[place, after] @ target.closings[place, before])
    name = ("", "long ")[place]
    return {
        f"{name}opening": float(source.openings[place, i] @ target.openings[place, j]),
        f"{name}closing": float(source.closings[place, i + a - 1] @ target.closings[place, j + b - 1]),
        f"{name}crossing": crossing,
    }


def rarity(count: int) -> float:
    return 1 / (1 + log(max(2, count) / 2) / 2)


def words(problem: Problem, bead: Bead) -> dict[str, float]:
    """Weights of the words that both sides of a bead print, that one side lacks, and that are just outside."""
    i, j, a, b = bead
    source, target = (
        [anchors | cognates for anchors, cognates in zip(side.anchors, side.cognates, strict=True)]
        for side in (problem.source, problem.target)
    )
    counts = [Counter(word for words in side for word in words) for side in (source, target)]
    common = counts[0].keys() & counts[1].keys()
    weight = {
        word: min(c[word] for c in counts)
        / max(c[word] for c in counts)
        * rarity(sum(c[word] for c in counts))
        for word in common
    }
    none: frozenset[str] = frozenset()
    first, second = none.union(*source[i : i + a]) & common, none.union(*target[j : j + b]) & common
    beside_first = none.union(*source[max(0, i - 1) : i], *source[i + a : i + a + 1])
    beside_second = none.union(*target[max(0, j - 1) : j], *target[j + b : j + b + 1])
    crossing = [*(first - second) & beside_second, *(second - first) & beside_first]
    return {
        "shared words": sqrt(sum(weight[word] for word in first & second)),
        "missing words": sqrt(sum(weight[word] for word in first ^ second)),
        "crossing words": sqrt(sum(weight[word] for word in crossing)),
        "unmatched figures": sqrt(unmatched(problem, bead, common)),
    }


def unmatched(problem: Problem, bead: Bead, common: Set[str]) -> float:
    """Weight of the figures of a bead that the other side of the problem prints nowhere."""
    i, j, a, b = bead
    source, target = problem.source.anchors, problem.target.anchors
    printed = Counter(anchor for anchors in (*source, *target) for anchor in anchors)
    inside = (*source[i : i + a], *target[j : j + b])
    return sum(rarity(printed[anchor]) for anchors in inside for anchor in anchors - common)


def other_quotations(problem: Problem, bead: Bead) -> float:
    """Quotations that one side of a bead opens or closes more, scaled by how similarly both versions mark them."""
    i, j, a, b = bead
    source, target = problem.source.quotations, problem.target.quotations
    opened = (source[:, 0].sum(), target[:, 0].sum())
    difference = np.abs(source[i : i + a].sum(axis=0) - target[j : j + b].sum(axis=0)).max()
    return float(min(2, difference * min(opened) / max(*opened, 4)))


def plain_features(problem: Problem, bead: Bead, shares: Floats) -> dict[str, float]:
    """Features of a bead, by name."""
    i, j, a, b = bead
    source, target = problem.source, problem.target
    near = cosine(problem, bead)
    gain, edge = edges(problem, bead)
    longer = float(source.lengths[i : i + a].sum()) * problem.ratio + 20
    shorter = float(target.lengths[j : j + b].sum()) + 20
    length, size = abs(log(shorter / longer)), log(1 + (longer + shorter) / 200)
    numbers = (source.ordinals[i], target.ordinals[j])
    mixed = [source.classes[k] != target.classes[q] for k in range(i, i + a) for q in range(j, j + b)]
    return {
        "cosine": near,
        "cosine by segment": near * (a + b) / 2,
        "cosine squared": near * abs(near),
        "edge gain": gain,
        "edge loss": min(gain, 0),
        "edge cosine": edge,
        **first_and_last_words(problem, bead, 0),
        **first_and_last_words(problem, bead, 1),
        **plain_coverage(source.chunks, target.chunks, shares, bead),
        "cosine by length": near * size,
        "edge gain by length": gain * size,
        "length difference by length": length * size,
        "length difference": length,
        "length difference squared": min(length**2, 4),
        **words(problem, bead),
        "other quotations": other_quotations(problem, bead),
        "other ending": source.endings[i + a - 1] != target.endings[j + b - 1],
        "same number": numbers[0] == numbers[1] > 0,
        "other number": numbers[0] != numbers[1] and min(numbers) > 0,
        "other class": sum(mixed) / len(mixed),
    }


@pytest.mark.parametrize(("n", "m", "seed"), [(1, 1, 1), (1, 5, 2), (4, 1, 3), (5, 6, 4), (7, 7, 5)])
def test_features_are_those_of_the_reference(n: int, m: int, seed: int) -> None:
    """All features of all beads of all shapes have the values of a plain reference."""
    problem = random_problem(n, m, seed)
    evidence = Evidence([problem])
    shares = mass(problem.source.chunks, problem.target.chunks)
    for a, b in SHAPES:
        if 0 < a <= n and 0 < b <= m:
            found = evidence.features((a, b))
            assert found.shape == (len(FEATURES), 1, n - a + 1, m - b + 1)
            for i, j in product(range(n - a + 1), range(m - b + 1)):
                plain = plain_features(problem, (i, j, a, b), shares)
                assert plain.keys() == set(FEATURES)
                expected = [plain[name] for name in FEATURES]
                np.testing.assert_allclose(found[:, 0, i, j], expected, rtol=1e-4, atol=2e-3)


def plain_null_features(problem: Problem, side: int, segment: int, shares: Floats) -> dict[str, float]:
    """Features of leaving a segment of one side alone, by name."""
    mine, other = (problem.target, problem.source) if side else (problem.source, problem.target)
    cosines = [float(mine.vectors[0, segment] @ vector) for vector in other.vectors[0]]
    length = float(mine.lengths[segment]) * (1 if side else problem.ratio)
    return {
        "best cosine": max(0, *cosines),
        "log length": log(length + 1),
        **plain_given(mine.chunks, shares.T if side else shares, segment),
    }


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(("n", "m"), [(5, 3), (1, 1), (1, 4)])
def test_null_features_are_those_of_the_reference(n: int, m: int, side: int) -> None:
    """Segments left alone have the values of a plain reference: best cosine, length, and assigned chunks."""
    problem = random_problem(n, m, 9)
    shares = mass(problem.source.chunks, problem.target.chunks)
    found = Evidence([problem]).null_features(side)
    assert found.shape == (len(NULL_FEATURES), 1, (n, m)[side])
    for segment in range((n, m)[side]):
        plain = plain_null_features(problem, side, segment, shares)
        assert plain.keys() == set(NULL_FEATURES)
        np.testing.assert_allclose(found[:, 0, segment], [plain[name] for name in NULL_FEATURES], rtol=1e-4)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2, 2), (4, 1)])
def test_padding_changes_nothing(shape: Shape) -> None:
    """A problem has the same features alone as in a batch with larger and smaller problems."""
    sizes = [(4, 3), (9, 8), (5, 9)]
    problems = [random_problem(n, m, 20 + n) for n, m in sizes]
    together = Evidence(problems)
    assert together.sizes == sizes
    for place, ((n, m), problem) in enumerate(zip(sizes, problems, strict=True)):
        alone = Evidence([problem])
        rows, columns = n - shape[0] + 1, m - shape[1] + 1
        np.testing.assert_allclose(
            together.features(shape)[:, place, :rows, :columns], alone.features(shape)[:, 0], atol=1e-5
        )
        for side, count in enumerate((n, m)):
            padded = together.null_features(side)[:, place, :count]
            np.testing.assert_allclose(padded, alone.null_features(side)[:, 0], atol=1e-5)


def test_shapes_are_all_beads_within_the_limits() -> None:
    """A bead has one to five segments on each side and seven in all, or one segment alone."""
    beads = {(a, b) for a, b in product(range(1, LONGEST_SIDE + 1), repeat=2) if a + b <= LARGEST_BEAD}
    assert set(SHAPES) == beads | {(1, 0), (0, 1)}
    assert len(SHAPES) == len(set(SHAPES))
