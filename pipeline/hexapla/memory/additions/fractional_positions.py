"""Numbers between numbers, so that what comes in between leaves all others as they are."""

from __future__ import annotations

from collections.abc import Sequence


class NoRoom(ValueError):
    """There are not as many numbers between two, as too often something came in between."""


def between(before: float | None, behind: float | None, count: int) -> list[float]:
    """Evenly spread numbers.

    Args:
        before: number that they are greater than; None if there is none.
        behind: number that they are smaller than; None if there is none.
        count: of numbers.

    Returns:
        Growing numbers.

    Raises:
        NoRoom: there are not as many between the two.
    """
    if before is None and behind is None:
        return [float(i) for i in range(count)]
    if before is None:
        return [(behind or 0.0) - count + i for i in range(count)]
    if behind is None:
        return [before + 1 + i for i in range(count)]
    numbers = [before + (behind - before) * (i + 1) / (count + 1) for i in range(count)]
    if any(one >= two for one, two in zip([before, *numbers], [*numbers, behind], strict=True)):
        raise NoRoom(f"there are no {count} numbers between {before} and {behind}")
    return numbers


def completed(
    numbers: Sequence[float | None], before: float | None = None, behind: float | None = None
) -> list[float]:
    """Growing numbers, of which some are known.

    Args:
        numbers: known ones, and None for those to be found; known ones that do not grow are found anew.
        before: number that all are greater than; None if there is none.
        behind: number that all are smaller than; None if there is none.

    Returns:
        A number for each.

    Raises:
        NoRoom: there are not as many between known ones.
    """
    found: list[float] = []
    waiting, last = 0, before
    for number in (*numbers, None):
        end = len(found) + waiting == len(numbers)
        known = number is not None and (last is None or number > last) and (behind is None or number < behind)
        if end or known:
            limit = behind if end else number
            found += between(last, limit, waiting)
            waiting = 0
            if not end and number is not None:
                found.append(number)
                last = number
        else:
            waiting += 1
    return found
