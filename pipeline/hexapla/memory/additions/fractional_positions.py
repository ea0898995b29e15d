"""Fractional positions: numbers between numbers, so that insertions leave all others unchanged."""

from __future__ import annotations

from collections.abc import Sequence


class NoRoom(ValueError):
    """There are not enough numbers between two, after too many insertions."""


def between(before: float | None, after: float | None, count: int) -> list[float]:
    """Return evenly spaced numbers between two others.

    Args:
        before: number below all of them; None if there is none.
        after: number above all of them; None if there is none.
        count: how many numbers to return.

    Returns:
        Ascending numbers.

    Raises:
        NoRoom: there are not enough numbers between the two.
    """
    if before is None and after is None:
        return [float(i) for i in range(count)]
    if before is None:
        return [(after or 0.0) - count + i for i in range(count)]
    if after is None:
        return [before + 1 + i for i in range(count)]
    numbers = [before + (after - before) * (i + 1) / (count + 1) for i in range(count)]
    if any(one >= two for one, two in zip([before, *numbers], [*numbers, after], strict=True)):
        raise NoRoom(f"there are fewer than {count} numbers between {before} and {after}")
    return numbers


def completed(
    numbers: Sequence[float | None], before: float | None = None, after: float | None = None
) -> list[float]:
    """Fill the gaps in a list of ascending numbers.

    Args:
        numbers: known numbers, and None for unknown ones; known numbers that are out of order are replaced.
        before: number below all of them; None if there is none.
        after: number above all of them; None if there is none.

    Returns:
        Ascending numbers, one for each.

    Raises:
        NoRoom: there are not enough numbers between two known ones.
    """
    found: list[float] = []
    waiting, last = 0, before
    for number in (*numbers, None):
        end = len(found) + waiting == len(numbers)
        known = number is not None and (last is None or number > last) and (after is None or number < after)
        if end or known:
            limit = after if end else number
            found += between(last, limit, waiting)
            waiting = 0
            if not end and number is not None:
                found.append(number)
                last = number
        else:
            waiting += 1
    return found
