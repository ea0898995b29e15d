"""The vector index: finds the texts in one language that are nearest in meaning to a query, with FAISS.

The index is only a filter. It holds coarse codes of the principal components of the vectors; what it finds is compared
by the vectors themselves, which are read from a memory-mapped file as needed. A graph (HNSW) over all vectors was
tried: among near duplicates it missed more neighbours than cells do, and took ten times as long to build.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hexapla.memory.storage.flat_files import Places
from hexapla.memory.storage.vector_files import StoredVectors

if TYPE_CHECKING:
    import faiss

Vectors = NDArray[np.floating[Any]] | StoredVectors
QueryVector = NDArray[np.float32]

EXACT_BELOW = 2_000  # vectors that are all compared, without an index
FLAT_BELOW = 50_000  # vectors whose codes are all compared
SQ_BELOW = 10_000_000  # vectors with a byte for each component; from here on half a byte for two
COMPONENTS = 128  # principal components of a vector in an index
TRAINING = 64  # training vectors for each cell
ITERATIONS = 8  # of the training
PROBES = 192  # cells that are searched
CANDIDATES = 64  # vectors that are read and compared, at least
FEW = 20_000  # allowed vectors up to which all are compared without the index
VECTORS_AT_ONCE = 16_384  # vectors that are converted to float32 at a time
INDEX, KIND = "vectors.faiss", "vectors.json"


class IndexKind(StrEnum):
    """How vectors are searched."""

    EXACT = "exact"
    FLAT = "flat"
    IVF_SQ = "IVF with SQ"
    IVF_PQ = "IVF with PQ"


@dataclass(frozen=True, slots=True)
class IndexChoice:
    """A kind of index, and the reason for it.

    Attributes:
        kind: how vectors are searched.
        factory: description for faiss.index_factory; empty if there is no FAISS index.
        reason: the reason, in one sentence.
    """

    kind: IndexKind
    factory: str
    reason: str


def choose_index(vectors: int, dimension: int) -> IndexChoice:
    """Choose how vectors are searched.

    Args:
        vectors: number of vectors.
        dimension: length of a vector.

    Returns:
        The kind, its factory description and the reason.
    """
    if vectors < EXACT_BELOW:
        return IndexChoice(
            IndexKind.EXACT, "", f"{vectors:,} vectors are compared in less time than an index takes"
        )
    components = min(COMPONENTS, dimension)
    if vectors < FLAT_BELOW:
        reason = f"all of {vectors:,} short codes are compared in less than a millisecond"
        return IndexChoice(IndexKind.FLAT, f"PCA{components},SQ8", reason)
    cells = 2 ** round(np.log2(4 * sqrt(vectors)))
    if vectors < SQ_BELOW:
        reason = f"of {vectors:,} vectors only those in the {PROBES} nearest of {cells:,} cells are compared"
        return IndexChoice(IndexKind.IVF_SQ, f"PCA{components},IVF{cells},SQ8", reason)
    reason = (
        f"{vectors:,} vectors take {components // 4} bytes each; a graph finds the nearest of {cells:,} cells"
    )
    return IndexChoice(
        IndexKind.IVF_PQ, f"PCAR{components},IVF{cells}_HNSW32,PQ{components // 2}x4np", reason
    )


class VectorIndex:
    """An index of vectors.

    Args:
        vectors: vectors of Euclidean length 1, or zeros where a text has none, *Shape:* ``(texts, dimension)``.
        choice: how they are searched.
        index: the FAISS index, if the kind has one.
    """

    def __init__(self, vectors: Vectors, choice: IndexChoice, index: faiss.Index | None = None) -> None:
        self.choice = choice
        self._stored, self._index = vectors, index

    @cached_property
    def _vectors(self) -> Vectors:
        """The vectors; the few of a memory without an index are read once."""
        return self._stored if self._index else self._stored[:].astype(np.float32)

    @classmethod
    def build(
        cls,
        folder: Path,
        vectors: Vectors,
        progress: Callable[[int], None] = lambda done: None,
        choice: IndexChoice | None = None,
    ) -> None:
        """Build an index in a folder, in batches, so that memory use grows with the codes and not with the vectors.

        Args:
            folder: folder that gets the files.
            vectors: the vectors, *Shape:* ``(texts, dimension)``.
            progress: called with the number of vectors done.
            choice: how to search them; chosen by their number if None.
        """
        choice = choice or choose_index(*vectors.shape)
        (folder / KIND).write_text(json.dumps(asdict(choice)), encoding="utf-8")
        if not choice.factory:
            return
        import faiss

        index = faiss.index_factory(vectors.shape[1], choice.factory, faiss.METRIC_L2)
        _train(index, vectors)
        _shrink(index)
        for start in range(0, len(vectors), VECTORS_AT_ONCE):
            index.add(vectors[start : start + VECTORS_AT_ONCE].astype(np.float32))
            progress(min(start + VECTORS_AT_ONCE, len(vectors)))
        faiss.write_index(index, str(folder / INDEX))

    @classmethod
    def open(cls, folder: Path, vectors: Vectors) -> VectorIndex:
        """Memory-map an index.

        Args:
            folder: folder in which it was built.
            vectors: the vectors from which it was built.

        Returns:
            The index.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        fields = json.loads((folder / KIND).read_text(encoding="utf-8"))
        choice = IndexChoice(**{**fields, "kind": IndexKind(fields["kind"])})
        if not choice.factory:
            return cls(vectors, choice)
        import faiss

        try:
            index = faiss.read_index(str(folder / INDEX), faiss.IO_FLAG_MMAP)
        except RuntimeError as error:
            raise ValueError(f"{folder / INDEX} is not a FAISS index: {error}") from error
        if (inner := faiss.try_extract_index_ivf(index)) is not None:
            lists: Any = faiss.downcast_InvertedLists(inner.invlists)  # type: ignore[arg-type]
            lists.prefetch_nthread = 0  # reading ahead in 32 threads takes ten times as long as the search
        return cls(vectors, choice, index)

    def search(
        self, query: QueryVector, limit: int, keep: Callable[[Places], NDArray[np.bool_]] | None = None
    ) -> list[tuple[int, float]]:
        """Find the vectors nearest to a query.

        Args:
            query: vector of Euclidean length 1, *Shape:* ``(dimension,)``.
            limit: maximum number of places.
            keep: function that says which places may be found.

        Returns:
            Places and cosines, the nearest first; equally near ones in order of their places.
        """
        places = self._candidates(query, max(CANDIDATES, 2 * limit))
        if keep:
            allowed = places[keep(places)]
            places = allowed if len(allowed) >= limit else self._allowed(query, limit, keep)
        cosines = _cosines(self._vectors, places, query)
        best = np.lexsort((places, -cosines))[:limit]
        return [(int(places[k]), float(cosines[k])) for k in best]

    def _allowed(self, query: QueryVector, limit: int, keep: Callable[[Places], NDArray[np.bool_]]) -> Places:
        """Find candidates when most of the nearest are not allowed."""
        flags = keep(np.arange(len(self._stored), dtype=np.int64))
        if self._index is None or flags.sum() <= FEW:
            return np.flatnonzero(flags).astype(np.int64)
        return self._candidates(query, max(CANDIDATES, 2 * limit), flags)

    def _candidates(self, query: QueryVector, wanted: int, flags: NDArray[np.bool_] | None = None) -> Places:
        if self._index is None:
            return np.arange(len(self._stored), dtype=np.int64)
        import faiss

        bits = None if flags is None else np.packbits(flags, bitorder="little")
        chosen = None if bits is None else faiss.IDSelectorBitmap(bits)  # type: ignore[arg-type,call-arg]
        parameters = self._parameters(chosen)
        _, found = self._index.search(query[None], min(wanted, len(self._stored)), params=parameters)
        return np.sort(found[0][found[0] >= 0])

    def _parameters(self, chosen: faiss.IDSelector | None) -> faiss.SearchParameters:
        import faiss

        inner = (
            faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
            if self.choice.kind is IndexKind.FLAT
            else faiss.SearchParametersIVF(nprobe=PROBES, sel=chosen)  # type: ignore[call-arg]
        )
        return faiss.SearchParametersPreTransform(index_params=inner)  # type: ignore[call-arg]


def _train(index: faiss.Index, vectors: Vectors) -> None:
    """Train components, cells and codes on a fixed sample of the vectors."""
    import faiss

    count = 16 * COMPONENTS
    if (inner := faiss.try_extract_index_ivf(index)) is not None:
        inner.cp.niter, inner.cp.max_points_per_centroid, inner.cp.min_points_per_centroid = (
            ITERATIONS,
            TRAINING,
            1,
        )
        count = max(count, min(TRAINING, 20) * inner.nlist)
        codes = faiss.downcast_index(inner)
        if isinstance(codes, faiss.IndexIVFPQ):
            codes.pq.cp.niter = ITERATIONS
    chosen = np.random.default_rng(0).choice(len(vectors), min(len(vectors), count), replace=False)
    index.train(vectors[np.sort(chosen)].astype(np.float32))


def _shrink(index: faiss.Index) -> None:
    """Drop the matrix of all components, four times as large as that of those that are used."""
    import faiss

    analysis: Any = faiss.downcast_VectorTransform(index.chain.at(0))  # type: ignore[attr-defined]
    analysis.PCAMat.resize(0)


def _cosines(vectors: Vectors, places: Places, query: QueryVector) -> NDArray[np.float32]:
    """Return the cosines of the vectors at some places, computed in batches."""
    chunks = [
        vectors[places[k : k + VECTORS_AT_ONCE]].astype(np.float32, copy=False) @ query
        for k in range(0, len(places), VECTORS_AT_ONCE)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.float32)
