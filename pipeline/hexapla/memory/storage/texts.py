"""The texts of a fragment in one language, kept in comparable form and as what restores the text from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from hexapla.memory.storage.flat_files import Places, Strings, map_array, map_bytes
from hexapla.memory.storage.packed_strings import (
    OFFSETS,
    PackedStrings,
    PackedWriter,
    StringsWriter,
    packed_as,
)
from hexapla.memory.storage.vector_files import StoredVectors

ROWS = "unit_rows.npy"
TEXTS, COMPARABLE, PLAIN = "texts", "comparable", ".utf8"
WRITTEN_AT_ONCE = 16_384  # texts


@dataclass(frozen=True)
class Texts(Sequence[str]):
    """The texts of a fragment in one language, with their vectors.

    Attributes:
        language: BCP 47 tag.
        strings: the texts.
        unit_rows: row in the fragment of the unit of each text, ascending, *Shape:* ``(texts,)``.
        vectors: vectors of the texts, of Euclidean length 1; zeros where a text has no vector yet,
            *Shape:* ``(texts, dimension)``; in files, read when they are needed.
        comparable: the texts in the form in which they are compared; None for texts that are not in files.
    """

    language: str
    strings: Strings | PackedStrings
    unit_rows: Places
    vectors: StoredVectors | NDArray[np.float32]
    comparable: Strings | None = None

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
        """Iterate over the texts."""
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
        offsets = map_array(folder / f"{COMPARABLE}{OFFSETS}")
        comparable = Strings(map_bytes(folder / f"{COMPARABLE}{PLAIN}"), offsets)
        strings = PackedStrings.open(folder, TEXTS, comparable.data)
        return cls(language, strings, map_array(folder / ROWS), vectors, comparable)

    @staticmethod
    def write(folder: Path, texts: Sequence[str], unit_rows: Places, fold: Callable[[str], str]) -> None:
        """Write the files of texts.

        Args:
            folder: an empty folder.
            texts: the texts.
            unit_rows: row of the unit of each text, ascending.
            fold: function that returns the comparable form of a text.
        """
        np.save(folder / ROWS, unit_rows)
        with StringsWriter(folder, COMPARABLE, PLAIN) as comparable, PackedWriter(folder, TEXTS) as packed:
            for start in range(0, len(texts), WRITTEN_AT_ONCE):
                batch = texts[start : start + WRITTEN_AT_ONCE]
                folded, encoded = [fold(text).encode() for text in batch], [text.encode() for text in batch]
                comparable.add(folded)
                packed.pack(encoded, [packed_as(*pair) for pair in zip(encoded, folded, strict=True)])
