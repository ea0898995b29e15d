"""In how many threads a process aligns: two, unless it is one of several that have a core each."""

from __future__ import annotations

_number = 2  # more gain nothing, since numpy releases the interpreter's lock in what is large alone


def threads() -> int:
    """The number of threads."""
    return _number


def use_one_thread() -> None:
    """Align in one thread from now on: a second one would wait for the first, and take the core of a neighbour."""
    global _number
    _number = 1
