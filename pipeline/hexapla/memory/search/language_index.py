"""The indexes of the texts of one language in one fragment of a memory: by edit distance and by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hexapla.memory.search.fuzzy_index import FuzzyIndex
from hexapla.memory.search.vector_index import VectorIndex, choose_index
from hexapla.memory.storage.flat_files import Texts
from hexapla.progress import Progress, quiet

FUZZY, NEAREST = "fuzzy", "nearest"


@dataclass(frozen=True)
class LanguageIndex:
    """The indexes of the texts of one language.

    Attributes:
        texts: of the language.
        fuzzy: finds them by edit distance.
        nearest: finds them by meaning.
    """

    texts: Texts
    fuzzy: FuzzyIndex
    nearest: VectorIndex

    @classmethod
    def of(cls, texts: Texts) -> LanguageIndex:
        """Index a few texts in memory."""
        choice = choose_index(0, texts.vectors.shape[1])
        return cls(texts, FuzzyIndex.of(texts), VectorIndex(texts.vectors, choice))

    @classmethod
    def build(cls, folder: Path, texts: Texts, progress: Progress = quiet) -> None:
        """Build the indexes in a folder.

        Args:
            folder: empty; gets the files.
            texts: of one language.
            progress: progress callback.

        Raises:
            OSError: the files cannot be written.
        """
        for name in (FUZZY, NEAREST):
            (folder / name).mkdir()
        step = f"Indexing {texts.language}"
        total = 2 * len(texts)
        FuzzyIndex.of(texts, lambda done: progress(step, done, total)).save(folder / FUZZY)
        VectorIndex.build(
            folder / NEAREST, texts.vectors, lambda done: progress(step, len(texts) + done, total)
        )

    @classmethod
    def open(cls, folder: Path, texts: Texts) -> LanguageIndex:
        """Memory-map the indexes in a folder.

        Args:
            folder: where they were built.
            texts: of which they were built.

        Returns:
            The indexes.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        fuzzy = FuzzyIndex.open(folder / FUZZY)
        return cls(texts, fuzzy, VectorIndex.open(folder / NEAREST, texts.vectors))
