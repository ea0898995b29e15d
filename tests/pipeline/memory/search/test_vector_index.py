"""The vector index compared with comparing all vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hexapla.memory.search.vector_index import IndexChoice, IndexKind, VectorIndex, choose_index
from hexapla.text import matching_text
from hexapla_models.encoder import Encoder
from support_lookup import near_duplicates

Halves = NDArray[np.float16]
CHOICES = {
    IndexKind.EXACT: "",
    IndexKind.FLAT: "PCA128,SQ8",
    IndexKind.IVF_SQ: "PCA128,IVF128,SQ8",
    IndexKind.IVF_PQ: "PCAR128,IVF64_HNSW32,PQ64x4np",
}


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> Halves:
    """Vectors of 2,500 near duplicates in two languages."""
    texts = [
        matching_text(text, language) for language in ("en", "zh") for text in near_duplicates(language, 1250)
    ]
    return encoder.encode(texts).astype(np.float16)


@pytest.fixture(scope="module")
def queries(encoder: Encoder) -> NDArray[np.float32]:
    """Vectors of other near duplicates."""
    return encoder.encode(
        [text for language in ("en", "fr") for text in near_duplicates(language, 12, seed=1)]
    )


def built(folder: Path, vectors: Halves, kind: IndexKind) -> VectorIndex:
    folder.mkdir()
    VectorIndex.build(folder, vectors, choice=IndexChoice(kind, CHOICES[kind], "for a test"))
    return VectorIndex.open(folder, vectors)


@pytest.fixture(scope="module", params=IndexKind)
def index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, vectors: Halves
) -> VectorIndex:
    """An index of each kind."""
    return built(tmp_path_factory.mktemp("nearest") / "index", vectors, request.param)


def test_recall_at_ten(index: VectorIndex, vectors: Halves, queries: NDArray[np.float32]) -> None:
    """At least 97 in 100 of the ten nearest vectors are found by every kind of index, with their exact cosines."""
    right, exact = 0, vectors.astype(np.float32)
    for query in queries:
        cosines = exact @ query
        tenth = np.sort(cosines)[-10]
        found = index.search(query, 10)
        assert len(found) == 10 and found == sorted(found, key=lambda each: (-each[1], each[0]))
        assert all(abs(cosines[place] - cosine) < 1e-5 for place, cosine in found)
        right += sum(cosine >= tenth - 1e-5 for _, cosine in found)
    assert right >= 0.97 * 10 * len(queries)


@pytest.mark.parametrize("few", [20_000, 10])
def test_vectors_that_may_not_be_found(
    monkeypatch: pytest.MonkeyPatch,
    index: VectorIndex,
    vectors: Halves,
    queries: NDArray[np.float32],
    few: int,
) -> None:
    """If one vector in fifty is allowed, the nearest of these are found, both with and without the index."""
    monkeypatch.setattr("hexapla.memory.search.vector_index.FEW", few)
    right, exact = 0, vectors[7::50].astype(np.float32)
    for query in queries:
        cosines = exact @ query
        found = index.search(query, 5, lambda places: places % 50 == 7)
        assert all(place % 50 == 7 for place, _ in found)
        right += sum(cosine >= np.sort(cosines)[-5] - 1e-5 for _, cosine in found)
    assert right >= 0.95 * 5 * len(queries)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, IndexKind.EXACT),
        (1_999, IndexKind.EXACT),
        (2_000, IndexKind.FLAT),
        (50_000, IndexKind.IVF_SQ),
        (1_000_000, IndexKind.IVF_SQ),
        (100_000_000, IndexKind.IVF_PQ),
    ],
)
def test_the_kind_follows_the_number(number: int, kind: IndexKind) -> None:
    """The more vectors, the coarser the index; the reason states their number."""
    choice = choose_index(number, 512)
    assert choice.kind is kind
    assert f"{number:,} " in choice.reason
    assert bool(choice.factory) is (kind is not IndexKind.EXACT)


def test_fewer_vectors_than_asked_for(tmp_path: Path, vectors: Halves, queries: NDArray[np.float32]) -> None:
    """A search for more vectors than there are finds them all; without vectors it finds nothing."""
    index = built(tmp_path / "few", vectors[:3], IndexKind.EXACT)
    assert len(index.search(queries[0], 10)) == 3
    assert built(tmp_path / "none", vectors[:0], IndexKind.EXACT).search(queries[0], 10) == []


@pytest.mark.parametrize("name", ["vectors.faiss", "vectors.json"])
def test_a_damaged_file_is_an_error(tmp_path: Path, vectors: Halves, name: str) -> None:
    """A truncated file raises an error after which the index is built again."""
    built(tmp_path / "index", vectors, IndexKind.FLAT)
    path = tmp_path / "index" / name
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises((OSError, ValueError)):
        VectorIndex.open(tmp_path / "index", vectors)
