"""The number of threads in which a process aligns: two, or one for a process that has one core to itself."""

from __future__ import annotations

_number = 2  # more would gain nothing: numpy releases the interpreter's lock only in large operations


def threads() -> int:
    """Return the number of threads."""
    return _number


def use_one_thread() -> None:
    """Align in one thread from now on, since a second one would take the core of a neighbouring process."""
    global _number
    _number = 1
