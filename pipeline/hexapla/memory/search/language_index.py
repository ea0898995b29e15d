"""The indexes of the texts of a fragment in one language: by edit distance, by subsegments and by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla.compare.comparable import as_seen, comparable
from hexapla.memory.search.fuzzy_index import FuzzyIndex
from hexapla.memory.search.subsegment_index import SubsegmentIndex
from hexapla.memory.storage.texts import Texts
from hexapla.progress import Progress, quiet
from hexapla_corpora.languages import spaced

if TYPE_CHECKING:
    from hexapla.memory.search.vector_index import VectorIndex

FUZZY, NEAREST, SUBSEGMENTS = "fuzzy", "nearest", "subsegments"


@dataclass(frozen=True)
class LanguageIndex:
    """The indexes of texts in one language.

    Attributes:
        texts: the texts.
        fuzzy: index by edit distance.
        folder: folder of the indexes; None if the few texts are indexed in memory.
    """

    texts: Texts
    fuzzy: FuzzyIndex
    folder: Path | None = None

    @cached_property
    def nearest(self) -> VectorIndex:
        """Index by meaning, opened when it is first used, since an exact look-up does not need FAISS."""
        from hexapla.memory.search.vector_index import VectorIndex, choose_index

        if self.folder is not None:
            return VectorIndex.open(self.folder / NEAREST, self.texts.vectors)
        return VectorIndex(self.texts.vectors, choose_index(0, self.texts.vectors.shape[1]))

    @cached_property
    def subsegments(self) -> SubsegmentIndex:
        """Index of subsegments, opened when it is first used."""
        if self.folder is not None:
            return SubsegmentIndex.open(self.folder / SUBSEGMENTS)
        return subsegments_of(self.texts)

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

        for name in (FUZZY, NEAREST, SUBSEGMENTS):
            (folder / name).mkdir()
        step = f"Indexing {texts.language}"
        total = 2 * len(texts)
        FuzzyIndex.of(texts, texts.comparable, lambda done: progress(step, done, total)).save(folder / FUZZY)
        subsegments_of(texts).save(folder / SUBSEGMENTS)
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
        return cls(texts, FuzzyIndex.open(folder / FUZZY, texts.comparable), folder)


def subsegments_of(texts: Texts) -> SubsegmentIndex:
    """Index the subsegments of texts."""
    folded = texts.comparable or (comparable(as_seen(text)) for text in texts)
    return SubsegmentIndex.of(folded, by_word=spaced(texts.language))
