"""Fit the weights of pipeline/hexapla/alignment/model.py by maximum likelihood on gold beads, and print them.

With --cross-validate, each gold file is aligned with weights fitted on all the others.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from _development import GoldText, add_data_options, perturbed_passages, read_gold_texts
from _shared import Component, Score, beads_between, line_document, print_table, strict_score
from numpy.typing import NDArray

from hexapla.alignment.encoded_document import encode_document
from hexapla.alignment.evidence import FEATURES, NULL_FEATURES, SHAPES, Evidence, Problem
from hexapla.alignment.model import BIASES, FITTED, IMPOSSIBLE, SENTENCES, Weights
from hexapla.alignment.posterior import Shape, forward_backward
from hexapla.alignment.segments import Segments
from hexapla.alignment.windowed_alignment import align_segments, length_ratio
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

BEADS = 40  # in a problem
BATCH = 12  # problems in a batch
PENALTY = 1.0  # on the squared weights
TOLERANCE = 1e-6  # relative, of the loss
PASSAGES = 30  # from each parallel text
SPLIT = 0.05  # share of their units cut into sentences
SEED = 1
BIASED = [shape for shape in BIASES if shape != (1, 1)] + [(9, 9)]  # (9, 9) represents all other shapes
SETTLED = {"same number", "other number", "other class"}  # set by hand: gold beads have too few examples
NAMES = [*(f"{a}:{b}" for a, b in BIASED), *FEATURES, *(f"null {name}" for name in NULL_FEATURES)]
FIRST, NULL = len(BIASED), len(BIASED) + len(FEATURES)  # first index of the features and of the null features

Vector = NDArray[np.float64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Batch:
    """Problems with their gold paths and all their features.

    Attributes:
        evidence: evidence of the problems.
        paths: shapes of the gold beads of each problem, in order, including nulls.
        features: features of beads, by shape of bead and at its end corner, *Shape of each:* ``(features, problems, n
            + 1, m + 1)``; FEATURES for beads with two sides, NULL_FEATURES for the others.
    """

    evidence: Evidence
    paths: Sequence[Sequence[Shape]]
    features: dict[Shape, Floats]


def main() -> None:
    """Fit the weights and print them, or cross-validate."""
    arguments = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_data_options(arguments)
    arguments.add_argument(
        "--cross-validate",
        action="store_true",
        help="align each gold file with weights fitted on all other data",
    )
    options = arguments.parse_args()
    texts = read_gold_texts(options)
    passages = [
        text
        for folder in options.parallel
        for text in perturbed_passages(folder, PASSAGES, 2, SEED, split=SPLIT)
    ]
    if not texts + passages:
        arguments.error("nothing to fit on: give --beads or --parallel")
    encoder = load_encoder()
    if options.cross_validate:
        _print_scores(texts, cross_validated(texts, passages, encoder))
    else:
        _print_weights(fitted(batches_of([*texts, *passages], encoder)))


def cross_validated(
    texts: Sequence[GoldText], passages: Sequence[GoldText], encoder: Encoder
) -> Iterator[tuple[GoldText, Weights]]:
    """Fit weights for each text on all the others.

    The likelihood has a single maximum, so it does not matter that each fit starts from a fit on all texts.

    Args:
        texts: texts to leave out in turn.
        passages: passages to fit on each time.
        encoder: encoder of the texts.

    Yields:
        The texts with their weights.
    """
    always = batches_of(passages, encoder)
    own = [batches_of([text], encoder) for text in texts]
    start = fit([*always, *(batch for batches in own for batch in batches)])
    for left_out, text in enumerate(texts):
        others = [batch for number, batches in enumerate(own) if number != left_out for batch in batches]
        yield text, weights_of(fit([*always, *others], start))


def fitted(batches: Sequence[Batch]) -> Weights:
    """Return the most likely weights; the SETTLED ones are kept."""
    return weights_of(fit(batches))


def fit(batches: Sequence[Batch], start: Vector | None = None) -> Vector:
    """Maximise the penalised likelihood.

    Args:
        batches: problems to fit on.
        start: initial values; zeros if None.

    Returns:
        A value for each of NAMES.
    """
    try:
        from scipy.optimize import minimize
    except ImportError:
        sys.exit("Fitting needs scipy: pip install scipy")
    bounds = [(0, 0) if name in SETTLED else (None, None) for name in NAMES]
    guess = np.zeros(len(NAMES)) if start is None else start
    found: Any = minimize(
        _loss, guess, args=(batches,), jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": TOLERANCE}
    )
    return np.asarray(found.x)


def weights_of(vector: Vector) -> Weights:
    """Convert a fitted vector to weights."""
    values = [float(value) for value in vector]
    features = dict(zip(FEATURES, values[FIRST:NULL], strict=True))
    return Weights(
        {(1, 1): 0.0} | dict(zip(BIASED[:-1], values, strict=False)),
        values[FIRST - 1],
        features | {name: FITTED.features[name] for name in SETTLED & set(FEATURES)},
        dict(zip(NULL_FEATURES, values[NULL:], strict=True)),
    )


def align(text: GoldText, weights: Weights, encoder: Encoder) -> list[Component]:
    """Align a text as `hexapla align --segmented` does, but with these weights."""
    tags = list(text.lines)
    versions = [segments_of(tag, text.lines[tag], encoder) for tag in tags]
    found = align_segments(versions, replace(SENTENCES, weights=weights))
    return [{tags[i]: tuple(range(*span)) for i, span in row.spans.items()} for row in found]


def segments_of(tag: str, lines: Sequence[str], encoder: Encoder) -> Segments:
    """Encode the segments of one language as the aligner does; no line may be empty."""
    return encode_document(line_document(tag, lines), encoder, segmented=True).sentence_segments


def batches_of(texts: Sequence[GoldText], encoder: Encoder) -> list[Batch]:
    """Cut texts in two languages into problems, in batches of similar size."""
    problems = sorted(
        (problem for text in texts for problem in _problems(text, encoder)),
        key=lambda problem: len(problem[0].source),
    )
    return [_batch(problems[i : i + BATCH]) for i in range(0, len(problems), BATCH)]


def _problems(text: GoldText, encoder: Encoder) -> Iterator[tuple[Problem, list[Shape]]]:
    """Cut a text into problems of BEADS beads; a bead of a shape unknown to the model ends a problem."""
    source, target = (segments_of(tag, lines, encoder) for tag, lines in text.lines.items())
    beads = sorted(beads_between(text.rows, *text.lines))
    path = path_of(beads, len(source), len(target))
    corners = np.vstack([[0, 0], np.cumsum(path, axis=0)])
    first = 0
    for end in range(1, len(path) + 1):
        known = path[end - 1] in SHAPES
        last = end if known else end - 1
        if end - first == BEADS or not known or end == len(path):
            (i0, j0), (i1, j1) = corners[first], corners[last]
            if i1 > i0 and j1 > j0:
                sides = source.side(i0, i1), target.side(j0, j1)
                yield Problem(*sides, length_ratio(source, target)), path[first:last]
            first = end


def path_of(beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], n: int, m: int) -> list[Shape]:
    """Return the shapes of all beads, in order, with nulls between them.

    Args:
        beads: segments of both sides of each bead, in order.
        n: number of segments in the source.
        m: number of segments in the target.

    Returns:
        The shapes; segments without a bead, or in a bead that crosses an earlier one, are nulls.
    """
    path: list[Shape] = []
    i = j = 0
    for source, target in (*beads, ((n,), (m,))):
        if source[0] < i or target[0] < j:
            continue
        path += [(1, 0)] * (source[0] - i) + [(0, 1)] * (target[0] - j)
        path.append((source[-1] + 1 - source[0], target[-1] + 1 - target[0]))
        i, j = source[-1] + 1, target[-1] + 1
    return path[:-1]


def _batch(problems: Sequence[tuple[Problem, list[Shape]]]) -> Batch:
    evidence = Evidence([problem for problem, _ in problems])
    n, m = (max(size[axis] for size in evidence.sizes) for axis in (0, 1))
    features = {}
    for a, b in (shape for shape in SHAPES if shape[0] <= n and shape[1] <= m):
        names = FEATURES if a and b else NULL_FEATURES
        cells = np.zeros((len(names), len(problems), n + 1, m + 1), dtype=np.float32)
        if a and b:
            cells[:, :, a:, b:] = evidence.features((a, b))
        elif a:
            cells[:, :, 1:, :] = evidence.null_features(0)[:, :, :, None]
        else:
            cells[:, :, :, 1:] = evidence.null_features(1)[:, :, None]
        features[a, b] = cells
    return Batch(evidence, [path for _, path in problems], features)


def _loss(weights: Vector, batches: Sequence[Batch]) -> tuple[float, Vector]:
    """Negative log-likelihood per gold bead, and its gradient: expected minus gold features."""
    loss, gradient = PENALTY * float(weights @ weights) / 2, PENALTY * weights
    beads = 0
    for batch in batches:
        scores = {shape: _scores(weights, shape, cells) for shape, cells in batch.features.items()}
        posteriors = forward_backward(scores, batch.evidence.sizes)
        loss += float(posteriors.log_total.sum())
        for shape, cells in batch.features.items():
            bias, indices = _indices(shape)
            surplus = posteriors.beads[shape].astype(np.float32)
            for number, path in enumerate(batch.paths):
                ends = np.cumsum(path, axis=0)[[step == shape for step in path]]
                surplus[number, ends[:, 0], ends[:, 1]] -= 1
                loss -= float(scores[shape][number, ends[:, 0], ends[:, 1]].sum())
            gradient[indices] += cells.reshape(len(cells), -1) @ surplus.ravel()
            if bias is not None:
                gradient[bias] += surplus.sum()
        beads += sum(map(len, batch.paths))
    return loss / beads, gradient / beads


def _indices(shape: Shape) -> tuple[int | None, slice]:
    """Indices of the bias of a shape and of the weights of its features in the vector; 1:1 has no bias."""
    low, high = min(shape), max(shape)
    bias = BIASED.index((low, high)) if (low, high) in BIASED else FIRST - 1
    return (None if shape == (1, 1) else bias), slice(FIRST, NULL) if low else slice(NULL, None)


def _scores(weights: Vector, shape: Shape, cells: Floats) -> Floats:
    a, b = shape
    bias, indices = _indices(shape)
    scores = np.full(cells.shape[1:], IMPOSSIBLE, dtype=np.float32)
    fitting = np.tensordot(weights[indices].astype(np.float32), cells[:, :, a:, b:], 1)
    scores[:, a:, b:] = fitting + np.float32(0 if bias is None else weights[bias])
    return scores


def _print_scores(texts: Sequence[GoldText], folds: Iterator[tuple[GoldText, Weights]]) -> None:
    """Print strict scores of each text, and of each data set as a whole."""
    encoder = load_encoder()
    scores: dict[str, Score] = {}
    groups: dict[str, Score] = {}
    for text, weights in folds:
        found = beads_between(align(text, weights, encoder), *text.lines)
        score = strict_score(found, set(beads_between(text.rows, *text.lines)))
        print(f"{text.group} {text.name} left out: strict F1 {score.f1:.4f}", file=sys.stderr, flush=True)
        scores[f"{text.group} {text.name}"] = score
        groups[f"all {text.group}"] = groups.get(f"all {text.group}", Score()) + score
    print_table(
        ("left out", "gold beads", "strict P", "strict R", "strict F1"),
        [(name, s.gold, s.precision, s.recall, s.f1) for name, s in (scores | groups).items()],
    )


def _print_weights(weights: Weights) -> None:
    """Print the tables of model.py."""
    rounded = partial(round, ndigits=2)
    print("BIASES =", {shape: rounded(value) for shape, value in sorted(weights.biases.items())})
    print("OTHER_BIAS =", rounded(weights.other_bias))
    print("WEIGHTS =", {name: rounded(value) for name, value in weights.features.items()})
    print("NULL_WEIGHTS =", {name: rounded(value) for name, value in weights.nulls.items()})


if __name__ == "__main__":
    main()
