"""The fuzzy index compared with comparing all texts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable
from hexapla.compare.percentage import similarity
from hexapla.memory.search.fuzzy_index import FuzzyIndex, skeleton_key
from hexapla.memory.storage.flat_files import Strings
from hexapla_corpora.languages import spaced
from support_lookup import SIX, near_duplicates, sample_texts

Found = list[tuple[int, float]]


def searched(index: FuzzyIndex, query: str, minimum: float, limit: int, *, by_word: bool) -> Found:
    return index.search(comparable(as_seen(query)), minimum, limit, by_word=by_word)


@cache
def folded(text: str) -> str:
    return comparable(as_seen(text))


def compared(texts: list[str], query: str, minimum: float, *, by_word: bool) -> list[float]:
    """Compare each text by RapidFuzz, and return the similarities that reach the minimum, best first."""
    shares = (similarity(folded(query), folded(text), by_word=by_word) for text in texts)
    return sorted((share for share in shares if share >= minimum), reverse=True)


@pytest.mark.parametrize(
    ("language", "by_word"), [*((each, False) for each in SIX), *((each, True) for each in SIX[1:])]
)
def test_matches_are_found(language: str, by_word: bool) -> None:
    """Of the ten best matches of 75% and more, at least 99 in 100 are found, with their exact similarities."""
    texts = near_duplicates(language, 1200)
    index, right, wanted = FuzzyIndex.of(texts), 0, 0
    for query in near_duplicates(language, 20, seed=1):
        found = searched(index, query, 0.75, 10, by_word=by_word)
        best = compared(texts, query, 0.75, by_word=by_word)[:10]
        wanted += len(best)
        right += sum(a == b for (_, a), b in zip(found, best, strict=False))
        assert all_exact(found, texts, query, by_word=by_word)
    assert wanted > 60 and right >= 0.99 * wanted


def all_exact(found: Found, texts: list[str], query: str, *, by_word: bool) -> bool:
    return all(
        share == similarity(folded(query), folded(texts[place]), by_word=by_word) for place, share in found
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("ab会é 1", min_size=1, max_size=12), max_size=30),
    st.text("ab会é 1", min_size=1, max_size=12),
    st.sampled_from([0.5, 0.75, 1.0]),
    st.booleans(),
)
def test_small_cases(texts: list[str], query: str, minimum: float, by_word: bool) -> None:
    """Of a few short texts all that reach the minimum are found, however short they are."""
    if not comparable(as_seen(query)):
        return
    found = searched(FuzzyIndex.of(texts), query, minimum, 50, by_word=by_word)
    assert [share for _, share in found] == compared(texts, query, minimum, by_word=by_word)


def test_a_long_word_replaced_in_a_short_text_is_found() -> None:
    """A match by word is found though its characters differ by more than the minimum allows."""
    texts = ["Decides on internationalisation.", *near_duplicates("en", 500)]
    assert searched(FuzzyIndex.of(texts), "Decides on it.", 0.75, 5, by_word=True) == [(0, 0.75)]


@pytest.mark.parametrize("language", ["zh", "ru"])
def test_texts_that_may_not_be_found_take_no_places(language: str) -> None:
    """If one text in a hundred is allowed, the best of these are found as if there were no others."""
    texts, by_word = near_duplicates(language, 2000), spaced(language)
    index = FuzzyIndex.of(texts)

    def keep(places: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray(places % 100 == 7)

    for query in sample_texts(language)[:10]:
        found = index.search(comparable(as_seen(query)), 0.6, 5, by_word=by_word, keep=keep)
        assert [share for _, share in found] == compared(texts[7::100], query, 0.6, by_word=by_word)[:5]


def test_the_same_texts_are_found_by_their_hash(tmp_path: Path) -> None:
    """Texts with the same comparable form, and those that differ only in placeables, are found at every place."""
    texts = ["第3条", "第 3 條", "第5条", "第3条"]
    index = FuzzyIndex.of(texts)
    assert index.equal(comparable("第3条")).tolist() == [0, 1, 3]
    assert index.with_skeleton(skeleton_key("第41條")).tolist() == [0, 1, 2, 3]
    assert index.equal("第4条").tolist() == []


def test_a_saved_index_finds_the_same(tmp_path: Path) -> None:
    """An index that is saved and memory-mapped gives the same matches as the one in memory."""
    texts = near_duplicates("fr", 300)
    index = FuzzyIndex.of(texts)
    index.save(tmp_path)
    opened = FuzzyIndex.open(tmp_path, Strings(index.buffer, index.offsets))
    assert len(opened) == 300
    for query in sample_texts("fr")[:5]:
        assert searched(opened, query, 0.5, 9, by_word=True) == searched(index, query, 0.5, 9, by_word=True)


@pytest.mark.parametrize("damage", [b"", b"no array"])
def test_a_damaged_file_is_an_error(tmp_path: Path, damage: bytes) -> None:
    """A file of the index that is cut or overwritten gives an error, never a wrong answer."""
    FuzzyIndex.of(["a"]).save(tmp_path)
    (tmp_path / "coarse.npy").write_bytes(damage)
    with pytest.raises((OSError, ValueError, EOFError)):
        FuzzyIndex.open(tmp_path, Strings.of(["a"]))


def test_an_empty_index_and_an_empty_query_find_nothing() -> None:
    """Nothing is found among no texts, by no text, or if no match is wanted."""
    assert FuzzyIndex.of([]).search("a", 0.5, 5, by_word=True) == []
    index = FuzzyIndex.of(["a"])
    assert index.search("", 0.5, 5, by_word=True) == index.search("a", 0.5, 0, by_word=True) == []


def test_very_long_texts() -> None:
    """A query of 100,000 characters finds the text of which it is a version, and no others."""
    long = " ".join(near_duplicates("en", 500))[:100_000]
    index = FuzzyIndex.of([long, "short", *near_duplicates("en", 100)])
    ((place, share),) = searched(index, long.replace("the", "a"), 0.7, 5, by_word=True)
    assert place == 0 and 0.9 < share < 1
