"""How far the probabilities of rows can be trusted: calibration error, and the share of sure rows that are right.

With --fit the numbers for the registry of models are fitted and printed; the table then shows each data set under
numbers that were fitted on all the others.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from _development import GoldText, add_data_options, perturbed_passages, read_gold_texts
from _reliability import write_reliability
from _shared import print_table
from fit import PASSAGES as FIT_PASSAGES
from fit import SEED as FIT_SEED
from fit import SPLIT, cross_validated, segments_of
from numpy.typing import NDArray

from hexapla.align.calibration import Calibration, Support, aligned_features, alone_features, calibrated
from hexapla.align.model import FITTED, SENTENCES, Weights
from hexapla.align.versions import align_versions
from hexapla_models.encoder import Encoder
from hexapla_models.registry import DEFAULT_ENCODER, calibration_numbers, load_encoder

PASSAGES = 16  # of each parallel text
LANGUAGES = 6  # at most in one of them
UNTOUCHED = 0.4  # share of them without anything dropped or merged
SEED = 11
BINS = 10
PENALTY = 0.001  # of the squared weights, beside the mean log loss of a set
SURE = 0.95
DRAWS = 200

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that was found, and whether it is right.

    Attributes:
        group: data set.
        text: text in it.
        support: what the posteriors say of it.
        right: whether it is a gold row, or of a row with one language whether no other has the passage.
    """

    group: str
    text: str
    support: Support
    right: bool


def main() -> None:
    """Align, judge the rows and print."""
    arguments = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_data_options(arguments)
    arguments.add_argument(
        "--fit", action="store_true", help="fit the numbers, and judge each set by the others"
    )
    arguments.add_argument(
        "--cross-validate",
        action="store_true",
        help="align each text with gold beads with weights fitted on others",
    )
    arguments.add_argument("--picture", type=Path, metavar="FILE.svg", help="draw a reliability diagram")
    arguments.add_argument("--rows", type=Path, metavar="FILE.jsonl", help="write the judged rows")
    options = arguments.parse_args()
    encoder = load_encoder()
    rows = list(_judged_rows(options, encoder))
    if not rows:
        arguments.error("nothing to judge: give --beads or --parallel")
    if options.rows:
        _write_rows(options.rows, rows)
    groups = {
        group: [row for row in rows if row.group == group] for group in sorted({row.group for row in rows})
    }
    probabilities = _left_out(groups) if options.fit else _registered(groups)
    table = {name: (probabilities[name], np.array([row.right for row in groups[name]])) for name in groups}
    everything = (
        np.concatenate([p for p, _ in table.values()]),
        np.concatenate([r for _, r in table.values()]),
    )
    lines = [_line(name, *values) for name, values in (*table.items(), ("all", everything))]
    print_table(
        (
            "data set",
            "rows",
            "right",
            "mean p",
            "ECE",
            "ECE by chance",
            "ECE by width",
            "p >= .95",
            "of them right",
            "near .95 right",
        ),
        lines,
    )
    if options.fit:
        fitted = fit_calibration(rows)
        for name, values in (("aligned", fitted.aligned), ("alone", fitted.alone)):
            print(f'"{name}": ({", ".join(f"{value:.3f}" for value in values)}),')
    if options.picture:
        write_reliability(options.picture, *everything)


def _judged_rows(options: Namespace, encoder: Encoder) -> Iterator[Judged]:
    texts = read_gold_texts(options)
    weighed: Iterator[tuple[GoldText, Weights]] = ((text, FITTED) for text in texts)
    if options.cross_validate:
        always = [
            text
            for folder in options.parallel
            for text in perturbed_passages(folder, FIT_PASSAGES, 2, FIT_SEED, split=SPLIT)
        ]
        weighed = cross_validated(texts, always, encoder)
    for text, weights in weighed:
        yield from judge(text, weights, encoder)
    for folder in options.parallel:
        for text in perturbed_passages(folder, PASSAGES, LANGUAGES, SEED, split=SPLIT, untouched=UNTOUCHED):
            yield from judge(text, FITTED, encoder)


def judge(text: GoldText, weights: Weights, encoder: Encoder) -> Iterator[Judged]:
    """Align a text and tell which rows are right.

    Args:
        text: with gold rows.
        weights: of the evidence.
        encoder: gives the vectors.

    Yields:
        The rows that could be wrong.
    """
    tags = list(text.lines)
    versions = [segments_of(tag, lines, encoder) for tag, lines in text.lines.items()]
    shared = [row for row in text.rows if sum(map(bool, row.values())) > 1]
    gold = {_key({tag: segments for tag, segments in row.items() if segments}) for row in shared}
    linked = {(tag, segment) for row in shared for tag, segments in row.items() for segment in segments}
    for row in align_versions(versions, replace(SENTENCES, weights=weights)):
        found = {tags[i]: tuple(range(*span)) for i, span in row.spans.items()}
        if row.support is not None:
            alone = not any((tag, segment) in linked for tag in found for segment in found[tag])
            right = _key(found) in gold if len(found) > 1 else alone
            yield Judged(text.group, text.name, row.support, right)


def _key(row: Mapping[str, Sequence[int]]) -> frozenset[tuple[str, tuple[int, ...]]]:
    return frozenset((tag, tuple(segments)) for tag, segments in row.items())


def _registered(groups: Mapping[str, Sequence[Judged]]) -> dict[str, Floats]:
    """Probabilities as the aligner gives them."""
    calibration = Calibration.of(calibration_numbers(DEFAULT_ENCODER))
    return {name: _probabilities(rows, calibration) for name, rows in groups.items()}


def _left_out(groups: Mapping[str, Sequence[Judged]]) -> dict[str, Floats]:
    """Probabilities of each group under a calibration that was fitted on all the others."""
    found = {}
    for name, rows in groups.items():
        others = [row for other, rows_there in groups.items() if other != name for row in rows_there]
        found[name] = _probabilities(rows, fit_calibration(others or rows))
    return found


def _probabilities(rows: Sequence[Judged], calibration: Calibration) -> Floats:
    return np.array([calibrated(row.support, calibration) for row in rows])


def fit_calibration(rows: Sequence[Judged]) -> Calibration:
    """The most likely calibration, in which all data sets weigh the same."""
    aligned = [row for row in rows if row.support.present > 1]
    alone = [row for row in rows if row.support.present == 1]
    return Calibration(_logistic(aligned, aligned_features), _logistic(alone, alone_features))


def _logistic(rows: Sequence[Judged], features: Callable[[Support], tuple[float, ...]]) -> tuple[float, ...]:
    """Weights of a logistic regression; weak ones are pulled to the support as it is."""
    try:
        from scipy.optimize import minimize
    except ImportError:
        sys.exit("Fitting needs scipy: pip install scipy")
    values = np.array([features(row.support) for row in rows])
    signs = np.array([1.0 if row.right else -1.0 for row in rows])
    sizes = {group: sum(row.group == group for row in rows) for group in {row.group for row in rows}}
    share = np.array([1 / (sizes[row.group] + 100) for row in rows])  # small sets weigh less
    share /= share.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = signs * (values @ weights)
        pull = -signs * share / (1 + np.exp(np.clip(margins, -30, 30)))
        off = weights - start
        return float(
            share @ np.logaddexp(0, -margins) + PENALTY * off @ off / 2
        ), values.T @ pull + PENALTY * off

    start = np.eye(values.shape[1])[1]
    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B")
    return tuple(float(value) for value in found.x)


def _line(name: str, probabilities: Floats, right: NDArray[np.bool_]) -> tuple[object, ...]:
    sure = probabilities >= SURE
    near = np.abs(probabilities - SURE) <= 0.02
    by_mass, by_width = (
        calibration_error(probabilities, right),
        calibration_error(probabilities, right, width=True),
    )
    return (
        name, len(right), float(right.mean()), float(probabilities.mean()),
        by_mass, chance_error(probabilities), by_width,
        float(sure.mean()), float(right[sure].mean()) if sure.any() else "-",
        float(right[near].mean()) if near.any() else "-",
    )  # fmt: skip


def calibration_error(probabilities: Floats, right: NDArray[np.bool_], *, width: bool = False) -> float:
    """Expected calibration error: mean difference of probability and accuracy over bins, weighed by their rows.

    Args:
        probabilities: of the rows.
        right: whether each is right.
        width: bins are of equal width, and not of equally many rows.

    Returns:
        In 0..1.
    """
    order = np.argsort(probabilities, kind="stable")
    if width:
        places = np.minimum((probabilities[order] * BINS).astype(int), BINS - 1)
        bins = [order[places == number] for number in range(BINS)]
    else:
        bins = np.array_split(order, BINS)
    off = [abs(float(probabilities[b].sum() - right[b].sum())) for b in bins if len(b)]
    return sum(off) / len(right)


def chance_error(probabilities: Floats) -> float:
    """Calibration error to be expected if each row were right with just its probability: what few rows cannot show.

    Args:
        probabilities: of the rows.

    Returns:
        Mean over DRAWS draws, in 0..1.
    """
    numbers = np.random.default_rng(SEED)
    drawn = (numbers.random(len(probabilities)) < probabilities for _ in range(DRAWS))
    return float(np.mean([calibration_error(probabilities, right) for right in drawn]))


def _write_rows(path: Path, rows: Sequence[Judged]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            support = {name: getattr(row.support, name) for name in Support.__slots__}
            lines.write(json.dumps({"set": row.group, "text": row.text, "right": row.right} | support) + "\n")


if __name__ == "__main__":
    main()
