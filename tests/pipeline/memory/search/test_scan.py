"""The scan of signatures compared with counting all bits, and what is known of units without reading them."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hexapla.compare.highlights import Differences
from hexapla.compare.placeables import Repaired
from hexapla.matches import Match, MatchKind, merged, penalty_of, ranked
from hexapla.memory.search.candidates import Candidate, best_matches
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.memory.search.scan import Flags, differing, scan
from hexapla.units import Status, Unit
from support_lookup import memory_of

TEXTS = 20_000


def signatures(seed: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Return random signatures of 256 bits, and ascending lengths."""
    numbers = np.random.default_rng(seed)
    words = numbers.integers(0, 2**63, (TEXTS, 4), dtype=np.uint64)
    return words, np.sort(numbers.integers(20, 60, TEXTS)).astype(np.int32)


def expected(lengths: NDArray[np.int32]) -> NDArray[np.float32]:
    return np.asarray(lengths / 2 + 40, dtype=np.float32)


def counted(words: NDArray[np.uint64], query: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Count the differing bits by their binary digits."""
    return np.array([sum(int(a ^ b).bit_count() for a, b in zip(row, query, strict=True)) for row in words])


def test_bits_that_differ_are_counted() -> None:
    """The count of differing bits is that of the binary digits."""
    words, _ = signatures(0)
    rows = np.array([3, 3, 19_999, 0])
    assert differing(words, rows, words[7]).tolist() == counted(words[rows], words[7]).tolist()


@pytest.mark.parametrize("share", [1.0, 0.3])
def test_the_nearest_pass_the_scan(share: float) -> None:
    """About the requested number of texts pass, and no text that passes is farther than one that does not."""
    words, lengths = signatures(1)
    numbers = np.random.default_rng(2)
    allowed: Flags | None = numbers.random(TEXTS) < share if share < 1 else None
    query = words[77].copy()
    rows, bits = scan(words, query, lengths, expected, 1_000, allowed)
    counts = counted(words, query)
    assert bits.tolist() == counts[rows].tolist()
    assert 500 < len(rows) <= 2_000 and (np.diff(rows) > 0).all()
    may = np.ones(TEXTS, dtype=bool) if allowed is None else allowed
    assert may[rows].all()
    others = may.copy()
    others[rows] = False
    shares = counts / expected(lengths)
    assert shares[rows].max() <= shares[others].min()


def test_few_texts_all_pass_the_scan() -> None:
    """If no more texts may pass than are requested, all of them pass."""
    words, lengths = signatures(3)
    allowed = np.zeros(TEXTS, dtype=bool)
    allowed[[5, 9_000]] = True
    assert scan(words, words[0], lengths, expected, 1_000, allowed)[0].tolist() == [5, 9_000]
    assert scan(words[:9], words[0], lengths[:9], expected, 1_000, None)[0].tolist() == list(range(9))


def test_the_number_of_equal_texts_is_limited() -> None:
    """Of many texts with the same signature, at most twice the requested number pass."""
    words, lengths = np.ones((TEXTS, 4), dtype=np.uint64), np.full(TEXTS, 30, dtype=np.int32)
    assert len(scan(words, words[0], lengths, expected, 100, None)[0]) == 200


def test_penalties_are_known_without_reading_units(tmp_path: Path) -> None:
    """Status and probability stored next to the units give their penalties, and whether they may be used."""
    trusts = [{"status": status, "probability": chance} for status in Status for chance in (0.25, 1.0)]
    units = [
        Unit.of_texts(f"{place:08x}", {"en": f"Line {place}.", "fr": f"Ligne {place}."}, **trust)
        for place, trust in enumerate(trusts)
    ]
    (fragment,) = memory_of(tmp_path, units).snapshot.fragments
    searched, read = IndexedFragment(fragment), [fragment.unit(row) for row in range(len(fragment))]
    penalties = searched.penalties(np.arange(len(fragment)))
    assert penalties.tolist() == [penalty_of(unit.status, unit.probability) for unit in read]
    assert searched.having(["fr"]).tolist() == [unit.status is not Status.REJECTED for unit in read]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(50, 99), st.integers(0, 3), st.integers(0, 4)), max_size=20),
    st.integers(1, 4),
)
def test_the_best_are_those_of_all(drawn: list[tuple[int, int, int]], limit: int) -> None:
    """Reading as few units as possible gives the same best matches as reading all."""
    units = [
        Unit.of_texts(f"{place:08x}", {"en": f"{text}", "fr": f"{text % 2}"})
        for place, (_, text, _) in enumerate(drawn)
    ]
    matches = [
        Match(
            unit,
            MatchKind.FUZZY,
            percentage,
            None,
            "en",
            unit.texts["en"],
            {"fr": Repaired(unit.texts["fr"])},
            Differences((), ()),
            penalty,
        )
        for unit, (percentage, _, penalty) in zip(units, drawn, strict=True)
    ]
    fragment = cast(IndexedFragment, None)
    candidates = [
        Candidate(fragment, "en", row, match.source, match.kind, float(match.percentage or 0), match.penalty)
        for row, match in enumerate(matches)
    ]
    found = best_matches(candidates, limit, lambda candidate: matches[candidate.row])
    assert [(match.unit.id, match.rank) for match in found] == [
        (match.unit.id, match.rank) for match in merged(ranked(matches))[:limit]
    ]
    if found:
        assert set(found[0].same) == set(merged(ranked(matches))[0].same)
