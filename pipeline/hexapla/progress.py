"""How far a long piece of work is, told to whoever wants to know."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps in all."""


def quiet(step: str, done: int, total: int) -> None:
    """Progress that is told to nobody."""
