"""The texts of a fragment in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from hexapla.memory.storage.flat_files import BYTES, CHECKS, OFFSETS, Places, Strings, map_array
from hexapla.memory.storage.vector_files import StoredVectors

ROWS = "unit_rows.npy"


@dataclass(frozen=True)
class Texts(Sequence[str]):
    """The texts of a fragment in one language, with their vectors.

    Attributes:
        language: BCP 47 tag.
        strings: the texts.
        unit_rows: row in the fragment of the unit of each text, ascending, *Shape:* ``(texts,)``.
        vectors: vectors of the texts, of Euclidean length 1; zeros where a text has no vector yet,
            *Shape:* ``(texts, dimension)``; in files, read when they are needed.
    """

    language: str
    strings: Strings
    unit_rows: Places
    vectors: StoredVectors | NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.strings)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return one text, or those of a slice."""
        return self.strings[place]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the texts; faster than indexing them one by one."""
        return iter(self.strings)

    @classmethod
    def open(cls, folder: Path, language: str, vectors: StoredVectors) -> Texts:
        """Memory-map the texts in a folder.

        Args:
            folder: folder of the language in a fragment.
            language: BCP 47 tag.
            vectors: vectors of the texts.

        Returns:
            The texts.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        strings = Strings.open(folder / BYTES, folder / OFFSETS, folder / CHECKS)
        return cls(language, strings, map_array(folder / ROWS), vectors)
