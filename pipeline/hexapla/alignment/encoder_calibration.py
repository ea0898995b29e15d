"""The calibration of an encoder, fitted on texts with gold beads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hexapla.alignment.calibration import Calibration
from hexapla.alignment.calibration_fit import (
    Component,
    JudgedRow,
    calibration_error,
    fit_calibration,
    judge,
    probabilities_of,
)
from hexapla.alignment.encoded_document import encode_document
from hexapla.alignment.gold import GoldPair
from hexapla.alignment.model import SENTENCES
from hexapla.alignment.windowed_alignment import align_segments
from hexapla.errors import InputError
from hexapla.progress import Progress, quiet
from hexapla_models.calibrations import calibration_numbers
from hexapla_models.encoder import Encoder

LEAST_ROWS = 200  # rows in both languages
LEAST_WRONG = 10  # wrong rows among them
LEAST_ALONE = 50  # rows in one language; with fewer, the current weights for such rows are kept


@dataclass(frozen=True, slots=True)
class FittedCalibration:
    """A fitted calibration and how good it is.

    Attributes:
        calibration: the calibration.
        rows: number of judged rows in two languages.
        alone: number of judged rows in one language.
        right: share of all these rows that is right.
        before: calibration error under the calibration that was in use.
        after: calibration error under the fitted calibration; with several texts, each text is judged by a fit on the
            others.
        crossed: whether there were several texts.
    """

    calibration: Calibration
    rows: int
    alone: int
    right: float
    before: float
    after: float
    crossed: bool


def fit_on(pairs: Sequence[GoldPair], encoder: Encoder, progress: Progress = quiet) -> FittedCalibration:
    """Fit the calibration of an encoder.

    Args:
        pairs: texts with gold beads.
        encoder: the encoder.
        progress: progress callback.

    Returns:
        The calibration and its errors.

    Raises:
        InputError: there are too few rows, or too few wrong rows.
    """
    rows: list[JudgedRow] = []
    for done, pair in enumerate(pairs):
        progress("Aligning texts", done, len(pairs))
        rows += _judged(pair, encoder)
    _check_enough(rows)
    current = Calibration.of(calibration_numbers(encoder.name, encoder.hash))
    calibration = _fit(rows, current)
    texts = list(dict.fromkeys(row.text for row in rows))
    right = np.array([row.right for row in rows])
    return FittedCalibration(
        calibration,
        sum(row.support.present > 1 for row in rows),
        sum(row.support.present == 1 for row in rows),
        float(right.mean()),
        calibration_error(probabilities_of(rows, current), right),
        _error_on_others(rows, texts, current)
        if len(texts) > 1
        else calibration_error(probabilities_of(rows, calibration), right),
        len(texts) > 1,
    )


def _judged(pair: GoldPair, encoder: Encoder) -> Iterator[JudgedRow]:
    """Align a pair, and judge its rows by the gold beads."""
    documents = (pair.source, pair.target)
    versions = [encode_document(document, encoder, segmented=True) for document in documents]
    found = align_segments([version.sentence_segments for version in versions], SENTENCES)
    tags = [document.language for document in documents]
    lines = [[sentence.block for sentence in version.sentences] for version in versions]
    rows = [
        ({tags[i]: lines[i][slice(*span)] for i, span in row.spans.items()}, row.support) for row in found
    ]
    gold: list[Component] = [dict(zip(tags, bead, strict=True)) for bead in pair.beads]
    return judge(rows, gold, group=str(pair.path), text=str(pair.path))


def _check_enough(rows: Sequence[JudgedRow]) -> None:
    aligned = [row for row in rows if row.support.present > 1]
    wrong = sum(not row.right for row in aligned)
    if len(aligned) < LEAST_ROWS:
        raise InputError(
            f"only {len(aligned)} rows in two languages can be judged, but {LEAST_ROWS} are needed: add more texts "
            "with gold beads."
        )
    if wrong < LEAST_WRONG:
        raise InputError(
            f"only {wrong} of {len(aligned)} rows are wrong, but {LEAST_WRONG} are needed to learn from: add texts "
            "that are harder to align."
        )


def _fit(rows: Sequence[JudgedRow], current: Calibration) -> Calibration:
    """Fit a calibration that stays near the current one where the rows say little."""
    fitted = fit_calibration(rows, current)
    alone = sum(row.support.present == 1 for row in rows)
    return fitted if alone >= LEAST_ALONE else Calibration(fitted.aligned, current.alone)


def _error_on_others(rows: Sequence[JudgedRow], texts: Sequence[str], current: Calibration) -> float:
    """Calibration error if the rows of each text are judged by a fit on the other texts."""
    probabilities, right = [], []
    for text in texts:
        left_out = [row for row in rows if row.text == text]
        calibration = _fit([row for row in rows if row.text != text], current)
        probabilities.append(probabilities_of(left_out, calibration))
        right.append(np.array([row.right for row in left_out]))
    return calibration_error(np.concatenate(probabilities), np.concatenate(right))
