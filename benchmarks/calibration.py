"""Measure how reliable the probabilities of rows are: calibration error, and the share of sure rows that are right.

With --fit, the calibration for the registry of models is fitted and printed; the table then shows each data set under
a calibration fitted on all the others.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from _development import GoldText, add_data_options, perturbed_passages, read_gold_texts
from _reliability import write_reliability
from _shared import print_table
from fit import PASSAGES as FIT_PASSAGES
from fit import SEED as FIT_SEED
from fit import SPLIT, cross_validated, segments_of
from numpy.typing import NDArray

from hexapla.alignment.calibration import Calibration, Support
from hexapla.alignment.calibration_fit import (
    JudgedRow,
    calibration_error,
    fit_calibration,
    judge,
    probabilities_of,
)
from hexapla.alignment.model import FITTED, SENTENCES, Weights
from hexapla.alignment.windowed_alignment import align_segments
from hexapla_models.encoder import Encoder
from hexapla_models.registry import DEFAULT_ENCODER, calibration_numbers, load_encoder

PASSAGES = 16  # from each parallel text
LANGUAGES = 6  # maximum in a passage
UNTOUCHED = 0.4  # share of passages with nothing dropped or merged
SEED = 11
SURE = 0.95
DRAWS = 200

Floats = NDArray[np.float64]


def main() -> None:
    """Align the texts, judge the rows and print a table."""
    arguments = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_data_options(arguments)
    arguments.add_argument(
        "--fit", action="store_true", help="fit the calibration, and judge each data set by the others"
    )
    arguments.add_argument(
        "--cross-validate",
        action="store_true",
        help="align each text with gold beads using weights fitted on the others",
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
            "right of these",
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


def _judged_rows(options: Namespace, encoder: Encoder) -> Iterator[JudgedRow]:
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
        yield from judged(text, weights, encoder)
    for folder in options.parallel:
        for text in perturbed_passages(folder, PASSAGES, LANGUAGES, SEED, split=SPLIT, untouched=UNTOUCHED):
            yield from judged(text, FITTED, encoder)


def judged(text: GoldText, weights: Weights, encoder: Encoder) -> Iterator[JudgedRow]:
    """Align a text and judge which rows are right.

    Args:
        text: text with gold rows.
        weights: weights of the evidence.
        encoder: encoder of the texts.

    Returns:
        The rows that could be wrong, judged.
    """
    tags = list(text.lines)
    versions = [segments_of(tag, lines, encoder) for tag, lines in text.lines.items()]
    found = (
        ({tags[i]: tuple(range(*span)) for i, span in row.spans.items()}, row.support)
        for row in align_segments(versions, replace(SENTENCES, weights=weights))
    )
    return judge(found, text.rows, text.group, text.name)


def _registered(groups: Mapping[str, Sequence[JudgedRow]]) -> dict[str, Floats]:
    """Probabilities under the calibration in use."""
    calibration = Calibration.of(calibration_numbers(DEFAULT_ENCODER))
    return {name: probabilities_of(rows, calibration) for name, rows in groups.items()}


def _left_out(groups: Mapping[str, Sequence[JudgedRow]]) -> dict[str, Floats]:
    """Probabilities of each group under a calibration fitted on all the others."""
    found = {}
    for name, rows in groups.items():
        others = [row for other, rows_there in groups.items() if other != name for row in rows_there]
        found[name] = probabilities_of(rows, fit_calibration(others or rows))
    return found


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


def chance_error(probabilities: Floats) -> float:
    """Estimate the calibration error of perfect probabilities, which is not zero because the rows are few.

    Args:
        probabilities: probabilities of the rows.

    Returns:
        Mean error over DRAWS random draws, from 0 to 1.
    """
    numbers = np.random.default_rng(SEED)
    drawn = (numbers.random(len(probabilities)) < probabilities for _ in range(DRAWS))
    return float(np.mean([calibration_error(probabilities, right) for right in drawn]))


def _write_rows(path: Path, rows: Sequence[JudgedRow]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            support = {name: getattr(row.support, name) for name in Support.__slots__}
            lines.write(json.dumps({"set": row.group, "text": row.text, "right": row.right} | support) + "\n")


if __name__ == "__main__":
    main()
