"""Fit the weights of pipeline/hexapla/align/model.py by likelihood on gold beads, and print them.

Several data sets are given as --data DIR --languages SRC TGT --pattern GLOB, each option repeated in the same order.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _shared import print_table, read_beads, read_lines
from numpy.typing import NDArray

from hexapla.align.evidence import FEATURES, NULL_FEATURES, SHAPES, Evidence, Problem
from hexapla.align.model import BIASES, IMPOSSIBLE
from hexapla.align.posterior import Shape, forward_backward
from hexapla.align.segments import Segments
from hexapla.documents import matching_text
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

BEADS = 60  # in one problem
BATCH = 12  # problems
PENALTY = 1.0  # of the squared weights
BIASED = [shape for shape in BIASES if shape != (1, 1)] + [(9, 9)]  # the last stands for all other shapes
SETTLED = {"same number", "other number", "other class"}  # set by hand: gold beads say too little of them
NAMES = [*(f"{a}:{b}" for a, b in BIASED), *FEATURES, *(f"null {name}" for name in NULL_FEATURES)]
FIRST, NULL = len(BIASED), len(BIASED) + len(FEATURES)  # places of the features and of the null features

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Problems with their gold paths and all their features.

    Attributes:
        evidence: of the problems.
        paths: gold beads of each by shape, in order, nulls included.
        features: by shape, *Shape of each:* ``(features, problems, n + 1, m + 1)`` at the end corner of a bead.
    """

    evidence: Evidence
    paths: Sequence[Sequence[Shape]]
    features: dict[Shape, NDArray[np.float32]]


def main() -> None:
    """Fit and print."""
    try:
        from scipy.optimize import minimize
    except ImportError:
        sys.exit("Fitting needs scipy: pip install scipy")
    arguments = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--data", type=Path, action="append", required=True, metavar="DIR", help="folder")
    arguments.add_argument(
        "--languages", nargs=2, action="append", required=True, metavar=("SRC", "TGT"), help="suffixes"
    )
    arguments.add_argument(
        "--pattern", action="append", required=True, metavar="GLOB", help="names of the gold files"
    )
    options = arguments.parse_args()
    encoder = load_encoder()
    sets = zip(options.data, options.languages, options.pattern, strict=True)
    found = [problem for data in sets for problem in _problems(*data, encoder)]
    found.sort(key=lambda problem: len(problem[0].source))
    batches = [_batch(found[i : i + BATCH]) for i in range(0, len(found), BATCH)]
    bounds = [(0, 0) if name in SETTLED else (None, None) for name in NAMES]
    fitted = minimize(
        _loss, np.zeros(len(NAMES)), args=(batches,), jac=True, method="L-BFGS-B", bounds=bounds
    )
    print_table(
        ("weight", "value"), [(name, float(value)) for name, value in zip(NAMES, fitted.x, strict=True)]
    )
    print(f"\n{len(found)} problems, loss of a bead {fitted.fun:.4f}")


def _problems(
    folder: Path, languages: tuple[str, str], pattern: str, encoder: Encoder
) -> Iterator[tuple[Problem, list[Shape]]]:
    for gold in sorted(folder.glob(pattern)):
        source, target = (
            [matching_text(line, language) for line in read_lines(gold.with_suffix(f".{language}"))]
            for language in languages
        )
        yield from _parts(source, target, _path(sorted(read_beads(gold)), len(source), len(target)), encoder)


def _path(beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], n: int, m: int) -> list[Shape]:
    """Shapes of all beads in order; what is in none stands alone."""
    path: list[Shape] = []
    i = j = 0
    for source, target in (*beads, ((n,), (m,))):
        path += [(1, 0)] * (source[0] - i) + [(0, 1)] * (target[0] - j)
        path.append((source[-1] + 1 - source[0], target[-1] + 1 - target[0]))
        i, j = source[-1] + 1, target[-1] + 1
    return path[:-1]


def _parts(
    source: Sequence[str], target: Sequence[str], path: Sequence[Shape], encoder: Encoder
) -> Iterator[tuple[Problem, list[Shape]]]:
    """Problems of BEADS beads; beads larger than the model knows are left out with their texts."""
    corners = np.vstack([[0, 0], np.cumsum(path, axis=0)])
    for first in range(0, len(path), BEADS):
        kept = [k for k in range(first, min(first + BEADS, len(path))) if path[k] in SHAPES]
        texts = [
            [text for k in kept for text in side[corners[k][axis] : corners[k + 1][axis]]]
            for axis, side in enumerate((source, target))
        ]
        if all(texts):
            sides = [
                Segments(side, encoder.read(side), range(len(side) + 1)).side(0, len(side)) for side in texts
            ]
            ratio = float(sides[1].lengths.sum() / sides[0].lengths.sum())
            yield Problem(sides[0], sides[1], ratio), [path[k] for k in kept]


def _batch(problems: Sequence[tuple[Problem, list[Shape]]]) -> Batch:
    evidence = Evidence([problem for problem, _ in problems])
    n, m = (max(size[axis] for size in evidence.sizes) for axis in (0, 1))
    features = {}
    for a, b in SHAPES:
        if a <= n and b <= m:
            cells = np.zeros((len(NAMES), len(problems), n + 1, m + 1), dtype=np.float32)
            shape = (min(a, b), max(a, b))
            if shape != (1, 1):
                cells[BIASED.index(shape) if shape in BIASED else FIRST - 1, :, a:, b:] = 1
            if a and b:
                cells[FIRST:NULL, :, a:, b:] = evidence.features((a, b))
            elif a:
                cells[NULL:, :, 1:, :] = evidence.null_features(0)[:, :, :, None]
            else:
                cells[NULL:, :, :, 1:] = evidence.null_features(1)[:, :, None]
            features[a, b] = cells
    return Batch(evidence, [path for _, path in problems], features)


def _loss(weights: Weights, batches: Sequence[Batch]) -> tuple[float, Weights]:
    """Negative log-likelihood of a gold bead, and its gradient: expected less gold features."""
    loss, gradient = PENALTY * float(weights @ weights) / 2, PENALTY * weights
    beads = 0
    for batch in batches:
        scores = {shape: _scores(weights, shape, cells) for shape, cells in batch.features.items()}
        posteriors = forward_backward(scores, batch.evidence.sizes)
        loss += float(posteriors.log_total.sum())
        for shape, cells in batch.features.items():
            gradient = gradient + np.tensordot(cells, posteriors.beads[shape], 3)
        for place, path in enumerate(batch.paths):
            for shape, corner in zip(path, np.cumsum(path, axis=0), strict=True):
                loss -= float(scores[shape][place, corner[0], corner[1]])
                gradient = gradient - batch.features[shape][:, place, corner[0], corner[1]]
            beads += len(path)
    return loss / beads, gradient / beads


def _scores(weights: Weights, shape: Shape, cells: NDArray[np.float32]) -> NDArray[np.float32]:
    a, b = shape
    scores = np.full(cells.shape[1:], IMPOSSIBLE, dtype=np.float32)
    scores[:, a:, b:] = np.tensordot(weights.astype(np.float32), cells[:, :, a:, b:], 1)
    return scores


if __name__ == "__main__":
    main()
