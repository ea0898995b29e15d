"""The vectors of a memory of format 1: a Delta table of keys and float16 vectors, which is only read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hexapla.errors import DamagedMemory
from hexapla.lazy_module import LazyModule
from hexapla.memory.storage.files import os_errors_as, read_files
from hexapla.memory.storage.flat_files import Halves
from hexapla.memory.storage.log_checks import LOG as _LOG
from hexapla.memory.storage.log_checks import NAME as CHECKS
from hexapla.memory.storage.vector_files import KEY, Keys, contained

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")


class OlderVectors:
    """The table of vectors that releases before format 2 wrote; it never changes.

    Args:
        path: folder of the table, which may be missing.
        dimension: length of a vector.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path, self._dimension = path, dimension

    @property
    def exists(self) -> bool:
        """Whether the memory still has the table."""
        return (self._path / _LOG).is_dir()

    @cached_property
    def _files(self) -> tuple[Path, ...]:
        from hexapla.memory.storage.store import VersionedTable

        return VersionedTable(self._path).state().files if self.exists else ()

    @cached_property
    def keys(self) -> Keys:
        """The keys of all readable vectors."""
        found = [_keys(frame) for _, frame in self._frames(["key"])]
        return np.concatenate([np.zeros(0, dtype=KEY), *found])

    def matching(self, keys: Keys) -> Iterator[tuple[Keys, Halves]]:
        """Read the vectors of some keys; of files that have none of them, only the keys are read.

        Args:
            keys: keys of the vectors.

        Yields:
            tuple[Keys, Halves]: keys and vectors of one file, *Shape:* ``(keys, dimension)``.
        """
        wanted = np.unique(keys)
        for file, frame in self._frames(["key"]) if len(keys) else ():
            chosen = contained(_keys(frame), wanted)
            if chosen.any():
                with suppress(DamagedMemory, ValueError):  # vectors can be made again
                    yield self._rows(read_files([file]).filter(pl.Series(chosen)))

    def damaged(self) -> Iterator[tuple[Path, str]]:
        """Read every byte; yield the files that are not as written, and what is wrong."""
        from hexapla.memory.storage.store import VersionedTable

        if self.exists:
            yield from VersionedTable(self._path).damaged()

    def remove(self) -> None:
        """Remove the table, its log last; raise UnwritableMemory if that is impossible."""
        with os_errors_as(self._path):
            for file in self._path.glob("*.parquet"):
                file.unlink()
            if self.exists:
                (self._path / CHECKS).unlink(missing_ok=True)
                shutil.rmtree(self._path / _LOG)
        self.__dict__.pop("_files", None)
        self.__dict__.pop("keys", None)

    def _frames(self, columns: list[str]) -> Iterator[tuple[Path, pl.DataFrame]]:
        """Read columns of each file, skipping damaged files, since vectors can be made again."""
        for file in self._files:
            with suppress(DamagedMemory):
                yield file, read_files([file], columns)

    def _rows(self, frame: pl.DataFrame) -> tuple[Keys, Halves]:
        vectors = np.frombuffer(b"".join(frame["vector"].to_list()), dtype="<f2")
        return _keys(frame), vectors.reshape(len(frame), self._dimension)


def _keys(frame: pl.DataFrame) -> Keys:
    return np.frombuffer(b"".join(frame["key"].to_list()), dtype=KEY)
