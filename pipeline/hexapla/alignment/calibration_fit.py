"""How a calibration is fitted: rows that were found are judged by gold rows, and a logistic regression learns of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.alignment.calibration import Calibration, Support, aligned_features, alone_features, calibrated

PENALTY = 0.001  # of the squared distance from where the weights start, beside the mean log loss of a set
BINS = 10
_STEPS, _SMALLEST = 100, 1e-9

Doubles = NDArray[np.float64]
Component = Mapping[str, Sequence[int]]
"""Numbers of segments of each language that has the passage."""


@dataclass(frozen=True, slots=True)
class JudgedRow:
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


def judge(
    found: Iterable[tuple[Component, Support | None]], gold: Sequence[Component], group: str, text: str
) -> Iterator[JudgedRow]:
    """Tell which rows are right.

    Args:
        found: segments of each row, and what the posteriors say of it.
        gold: right rows.
        group: data set.
        text: text in it.

    Yields:
        The rows that could be wrong.
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
    """The most likely calibration, in which all data sets weigh the same.

    Args:
        rows: judged; both with one language and with several.
        start: to what weights are pulled of which the rows say little; to the support as it is if None.

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
    """Weights of a logistic regression; without rows those at the start."""
    if not rows and start is not None:
        return start
    values = np.array([features(row.support) for row in rows])
    right = np.array([float(row.right) for row in rows])
    sizes = {group: sum(row.group == group for row in rows) for group in {row.group for row in rows}}
    share = np.array([1 / (sizes[row.group] + 100) for row in rows])  # small sets weigh less
    first = np.eye(values.shape[1])[1] if start is None else np.array(start)
    return tuple(map(float, _minimised(values, right, share / share.sum(), first)))


def _minimised(values: Doubles, right: Doubles, share: Doubles, start: Doubles) -> Doubles:
    """Newton's method on the penalised log loss, which has one minimum; steps that overshoot are halved."""

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
    """The probabilities of rows under a calibration, *Shape:* ``(rows,)``."""
    return np.array([calibrated(row.support, calibration) for row in rows])


def calibration_error(probabilities: Doubles, right: NDArray[np.bool_], *, width: bool = False) -> float:
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
