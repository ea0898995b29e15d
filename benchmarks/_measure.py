"""Seconds and memory of a run in a process of its own."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from time import perf_counter
from typing import Any, ParamSpec, TypeVar, cast

from hexapla_models.encoder import Encoder, Spans, Vectors

Given = ParamSpec("Given")
Result = TypeVar("Result")


def in_fresh_process(step: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Run a function of a module in a new process, so that what ran before counts for no memory of it.

    Args:
        step: the function.
        *args: for it.
        **kwargs: for it.

    Returns:
        What the function returns.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(step, *args, **kwargs).result()


def peak_memory() -> float:
    """The most memory that this process has held so far, in MiB (`ru_maxrss` of POSIX getrusage)."""
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


class TimedEncoder:
    """An encoder that keeps the time while it reads texts; composing vectors of what was read is not counted.

    Args:
        encoder: does the work.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._spells: list[tuple[float, float]] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the encoder has
        """Anything else is the encoder's."""
        return getattr(self._encoder, name)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        with self._timed():
            return self._encoder.encode(texts)

    def read(self, texts: Sequence[str]) -> Spans:
        """The texts as consecutive segments."""
        with self._timed():
            return self._encoder.read(texts)

    @property
    def seconds(self) -> float:
        """Seconds in which at least one thread was reading."""
        total, until = 0.0, 0.0
        for start, end in sorted(self._spells):
            total += max(0.0, end - max(start, until))
            until = max(until, end)
        return total

    @contextmanager
    def _timed(self) -> Iterator[None]:
        start = perf_counter()
        yield
        self._spells.append((start, perf_counter()))


def timed_encoder(encoder: Encoder) -> tuple[Encoder, TimedEncoder]:
    """The encoder wrapped in a clock: once to be used, once to be asked for the time."""
    clock = TimedEncoder(encoder)
    return cast(Encoder, clock), clock
