"""The fit of a calibration: a logistic regression on rows that were compared with gold rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.calibration import Calibration, Support, aligned_features, alone_features, calibrated

PENALTY = 0.001  # weight of the squared distance of the weights from their start, next to the mean log loss of a set
BINS = 10
_STEPS, _SMALLEST = 100, 1e-9

Doubles = NDArray[np.float64]
Component = Mapping[str, Sequence[int]]
"""Segment numbers of each language that has the passage."""


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A row that was found, and whether it is right.

    Attributes:
        group: data set.
        text: text of the data set.
        support: support of the row in the posteriors.
        right: whether it is a gold row; for a row with one language, whether no other language has the passage.
    """

    group: str
    text: str
    support: Support
    right: bool


def judge(
    found: Iterable[tuple[Component, Support | None]], gold: Sequence[Component], group: str, text: str
) -> Iterator[JudgedRow]:
    """Determine which rows are right.

    Args:
        found: segments of each row, and its support; None if there was only one way to align it.
        gold: the right rows.
        group: data set.
        text: text of the data set.

    Yields:
        The rows that could have been wrong.
    """
    shared = [row for row in gold if sum(map(bool, row.values())) > 1]
    right_rows = {_key(row) for row in shared}
    linked = {(tag, segment) for row in shared for tag, segments in row.items() for segment in segments}
    for row, support in found:
        if support is not None:
            alone = not any((tag, segment) in linked for tag, segments in row.items() for segment in segments)
            right = _key(row) in right_rows if len(row) > 1 else alone
            yield JudgedRow(group, text, support, right)


def _key(row: Component) -> frozenset[tuple[str, tuple[int, ...]]]:
    return frozenset((tag, tuple(segments)) for tag, segments in row.items() if segments)


def fit_calibration(rows: Sequence[JudgedRow], start: Calibration | None = None) -> Calibration:
    """Fit the most likely calibration, with equal weight for all data sets.

    Args:
        rows: judged rows, some with one language and some with several.
        start: calibration towards which weights are pulled if the rows say little about them; if None, towards taking
            the support as it is.

    Returns:
        The calibration.
    """
    aligned = [row for row in rows if row.support.present > 1]
    alone = [row for row in rows if row.support.present == 1]
    return Calibration(
        _logistic(aligned, aligned_features, None if start is None else start.aligned),
        _logistic(alone, alone_features, None if start is None else start.alone),
    )


def _logistic(
    rows: Sequence[JudgedRow],
    features: Callable[[Support], tuple[float, ...]],
    start: tuple[float, ...] | None,
) -> tuple[float, ...]:
    """Weights of a logistic regression; without rows, the start weights."""
    if not rows and start is not None:
        return start
    values = np.array([features(row.support) for row in rows])
    right = np.array([float(row.right) for row in rows])
    sizes = {group: sum(row.group == group for row in rows) for group in {row.group for row in rows}}
    share = np.array([1 / (sizes[row.group] + 100) for row in rows])  # small sets weigh less
    first = np.eye(values.shape[1])[1] if start is None else np.array(start)
    return tuple(map(float, _minimised(values, right, share / share.sum(), first)))


def _minimised(values: Doubles, right: Doubles, share: Doubles, start: Doubles) -> Doubles:
    """Minimise the penalised log loss, which has one minimum, by Newton's method; steps that overshoot are halved."""

    def loss(weights: Doubles) -> float:
        margins = (2 * right - 1) * (values @ weights)
        off = weights - start
        return float(share @ np.logaddexp(0, -margins) + PENALTY * off @ off / 2)

    weights = start
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        slope = values.T @ (share * (chance - right)) + PENALTY * (weights - start)
        curve = (values * (share * chance * (1 - chance))[:, None]).T @ values
        step = np.linalg.solve(curve + PENALTY * np.eye(len(start)), slope)
        while np.abs(step).max() > _SMALLEST and loss(weights - step) > loss(weights):
            step /= 2
        weights = np.asarray(weights - step, dtype=np.float64)
        if np.abs(step).max() <= _SMALLEST:
            break
    return weights


def probabilities_of(rows: Sequence[JudgedRow], calibration: Calibration) -> Doubles:
    """Return the probabilities of rows under a calibration, *Shape:* ``(rows,)``."""
    return np.array([calibrated(row.support, calibration) for row in rows])


def calibration_error(probabilities: Doubles, right: NDArray[np.bool_], *, width: bool = False) -> float:
    """Compute the expected calibration error: the mean difference of probability and accuracy over bins.

    Args:
        probabilities: probabilities of the rows.
        right: whether each row is right.
        width: whether bins have equal width rather than equal numbers of rows.

    Returns:
        The error in 0..1, weighted by the number of rows in each bin.
    """
    order = np.argsort(probabilities, kind="stable")
    if width:
        places = np.minimum((probabilities[order] * BINS).astype(int), BINS - 1)
        bins = [order[places == number] for number in range(BINS)]
    else:
        bins = np.array_split(order, BINS)
    off = [abs(float(probabilities[b].sum() - right[b].sum())) for b in bins if len(b)]
    return sum(off) / len(right)
