"""Fit the weights of pipeline/hexapla/alignment/consistency.py on perturbed passages by maximum likelihood."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from _development import GoldText, perturbed_passages
from _shared import beads_between
from fit import path_of, segments_of
from numpy.typing import NDArray

from hexapla.alignment.consistency import WEIGHTS, features, opinions
from hexapla.alignment.evidence import SHAPES, Problem
from hexapla.alignment.model import IMPOSSIBLE, SENTENCES
from hexapla.alignment.pairs import pair_posteriors
from hexapla.alignment.posterior import Shape, forward_backward
from hexapla.alignment.windowed_alignment import length_ratio
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

PASSAGES = 8  # from each text
PENALTY = 1.0  # on the squared differences from the current weights
SEED = 3

Vector = NDArray[np.float64]
Case = tuple[Mapping[Shape, NDArray[np.float32]], Sequence[Shape], tuple[int, int]]


def main() -> None:
    """Fit the weights and print them."""
    try:
        from scipy.optimize import minimize
    except ImportError:
        sys.exit("Fitting needs scipy: pip install scipy")
    arguments = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument(
        "--parallel",
        type=Path,
        action="append",
        required=True,
        metavar="DIR",
        help="parallel texts in several languages; repeatable",
    )
    options = arguments.parse_args()
    encoder = load_encoder()
    cases = [
        case
        for folder in options.parallel
        for text in perturbed_passages(folder, PASSAGES, 6, SEED)
        if len(text.lines) > 2
        for case in _cases(text, encoder)
    ]
    start = np.array(list(WEIGHTS.values()))
    found: Any = minimize(_loss, start, args=(cases,), jac=True, method="L-BFGS-B")
    print("WEIGHTS =", {name: round(float(value), 2) for name, value in zip(WEIGHTS, found.x, strict=True)})
    before, after = _loss(start, cases)[0], found.fun
    print(f"{len(cases)} pairs, loss per bead {before:.4f} before, {after:.4f} after")


def _cases(text: GoldText, encoder: Encoder) -> Iterator[Case]:
    """Yield each pair of languages of a text: features, gold path and size."""
    tags = list(text.lines)
    versions = [segments_of(tag, lines, encoder) for tag, lines in text.lines.items()]
    sides = [version.side(0, len(version)) for version in versions]
    keys = list(combinations(range(len(tags)), 2))
    problems = [Problem(sides[a], sides[b], length_ratio(versions[a], versions[b])) for a, b in keys]
    pairs = dict(zip(keys, pair_posteriors(problems, SENTENCES), strict=True))
    sizes = {number: len(version) for number, version in enumerate(versions)}
    for (a, b), opinion in opinions(pairs, sizes).items():
        gold = joined_beads(text, tags[a], tags[b])
        path = path_of(gold, sizes[a], sizes[b])
        if all(shape in SHAPES for shape in path):
            values = {
                shape: cells.astype(np.float32) for shape, cells in features(pairs[a, b], opinion).items()
            }
            yield values, path, (sizes[a], sizes[b])


def joined_beads(text: GoldText, source: str, target: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Gold beads of one pair of languages, which are smaller than the rows of all languages."""
    return sorted(beads_between(text.pair_rows(source, target), source, target))


def _loss(weights: Vector, cases: Sequence[Case]) -> tuple[float, Vector]:
    """Negative log-likelihood per gold bead, and its gradient."""
    off = weights - np.array(list(WEIGHTS.values()))
    loss, gradient = PENALTY * float(off @ off) / 2, PENALTY * off
    beads = 0
    for values, path, size in cases:
        scores = {}
        for (a, b), cells in values.items():
            scores[a, b] = np.full((1, size[0] + 1, size[1] + 1), IMPOSSIBLE)
            scores[a, b][0, a:, b:] = np.maximum(np.tensordot(weights, cells[:, a:, b:], 1), IMPOSSIBLE)
        posteriors = forward_backward(scores, [size])
        loss += float(posteriors.log_total[0])
        ends = np.cumsum(path, axis=0)
        for shape, cells in values.items():
            gradient = gradient + np.tensordot(np.maximum(cells, -50), posteriors.beads[shape][0], 2)
        for shape, (i, j) in zip(path, ends, strict=True):
            loss -= max(float(scores[shape][0, i, j]), -50.0)
            gradient = gradient - np.maximum(values[shape][:, i, j], -50)
        beads += len(path)
    return loss / beads, gradient / beads


if __name__ == "__main__":
    main()
