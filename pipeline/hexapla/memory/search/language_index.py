"""The indexes of the texts of a fragment in one language: by edit distance and by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla.memory.search.fuzzy_index import FuzzyIndex
from hexapla.memory.storage.texts import Texts
from hexapla.progress import Progress, quiet

if TYPE_CHECKING:
    from hexapla.memory.search.vector_index import VectorIndex

FUZZY, NEAREST = "fuzzy", "nearest"


@dataclass(frozen=True)
class LanguageIndex:
    """The indexes of texts in one language.

    Attributes:
        texts: the texts.
        fuzzy: index by edit distance.
        folder: folder of the vector index; None if the few texts are indexed in memory.
    """

    texts: Texts
    fuzzy: FuzzyIndex
    folder: Path | None = None

    @cached_property
    def nearest(self) -> VectorIndex:
        """Index by meaning, opened when it is first used, since an exact look-up does not need FAISS."""
        from hexapla.memory.search.vector_index import VectorIndex, choose_index

        if self.folder is not None:
            return VectorIndex.open(self.folder, self.texts.vectors)
        return VectorIndex(self.texts.vectors, choose_index(0, self.texts.vectors.shape[1]))

    @classmethod
    def of(cls, texts: Texts) -> LanguageIndex:
        """Index a few texts in memory."""
        return cls(texts, FuzzyIndex.of(texts))

    @classmethod
    def build(cls, folder: Path, texts: Texts, progress: Progress = quiet) -> None:
        """Build the indexes in a folder.

        Args:
            folder: an empty folder; gets the files.
            texts: texts in one language.
            progress: progress callback.

        Raises:
            OSError: the files cannot be written.
        """
        from hexapla.memory.search.vector_index import VectorIndex

        for name in (FUZZY, NEAREST):
            (folder / name).mkdir()
        step = f"Indexing {texts.language}"
        total = 2 * len(texts)
        FuzzyIndex.of(texts, texts.comparable, lambda done: progress(step, done, total)).save(folder / FUZZY)
        VectorIndex.build(
            folder / NEAREST, texts.vectors, lambda done: progress(step, len(texts) + done, total)
        )

    @classmethod
    def open(cls, folder: Path, texts: Texts) -> LanguageIndex:
        """Memory-map the indexes in a folder.

        Args:
            folder: folder in which they were built.
            texts: the texts from which they were built.

        Returns:
            The indexes.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        assert texts.comparable is not None
        return cls(texts, FuzzyIndex.open(folder / FUZZY, texts.comparable), folder / NEAREST)
