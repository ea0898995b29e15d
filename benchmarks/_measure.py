"""Time and memory of a run in a separate process."""

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

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def in_fresh_process(
    step: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Result:
    """Run a module-level function in a new process, so that earlier runs do not count towards its memory.

    Args:
        step: the function.
        *args: its arguments.
        **kwargs: its keyword arguments.

    Returns:
        The result of the function.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(step, *args, **kwargs).result()


def peak_memory() -> float:
    """Return the peak memory of this process so far, in MiB (`ru_maxrss` of POSIX getrusage)."""
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


class TimedEncoder:
    """An encoder that measures the time it spends reading texts; composing vectors afterwards does not count.

    Args:
        encoder: encoder to measure.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._intervals: list[tuple[float, float]] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of the encoder
        """Return any other attribute of the encoder."""
        return getattr(self._encoder, name)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts."""
        with self._timed():
            return self._encoder.encode(texts)

    def read(self, texts: Sequence[str]) -> Spans:
        """Read texts as consecutive segments."""
        with self._timed():
            return self._encoder.read(texts)

    @property
    def seconds(self) -> float:
        """Seconds during which at least one thread was reading."""
        total, until = 0.0, 0.0
        for start, end in sorted(self._intervals):
            total += max(0.0, end - max(start, until))
            until = max(until, end)
        return total

    @contextmanager
    def _timed(self) -> Iterator[None]:
        start = perf_counter()
        yield
        self._intervals.append((start, perf_counter()))


def timed_encoder(encoder: Encoder) -> tuple[Encoder, TimedEncoder]:
    """Wrap an encoder in a clock, and return it twice: as an encoder and as a clock."""
    clock = TimedEncoder(encoder)
    return cast(Encoder, clock), clock
