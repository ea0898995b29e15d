"""Arrays in memory-mapped files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from time import sleep

import numpy as np
import pytest

from hexapla.memory.storage.flat_files import map_array


def test_threads_read_headers_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that open arrays do not parse their headers at the same time, which fails now and then in CPython."""
    path, load, parsing = tmp_path / "array.npy", np.load, Lock()
    np.save(path, np.arange(3))

    def alone(*args: object, **options: object) -> object:
        assert parsing.acquire(blocking=False), "two threads parse headers"
        try:
            sleep(0.01)  # so that another thread runs
            return load(*args, **options)  # type: ignore[arg-type]
        finally:
            parsing.release()

    monkeypatch.setattr(np, "load", alone)
    with ThreadPoolExecutor(4) as threads:
        assert [int(array.sum()) for array in threads.map(map_array, [path] * 8)] == [3] * 8
