"""Duplicates: one unit is kept for all documents."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.memory.cleaning.duplicates import find_duplicates, several_targets
from hexapla.memory.cleaning.faulty_units import CleaningResult
from hexapla.memory.cleaning.rules import NearRule, Rule, Rules
from hexapla.memory.cleaning.similar import similar_pairs
from hexapla.unit_table import frame_of
from hexapla.units import Status, Unit
from support_cleaning import ENGLISH, FRENCH, SPANISH, gold_frame, unit_of

TWO = {"en": ENGLISH, "fr": FRENCH}
RULES = Rules()
SIMILAR = Rules(near=NearRule(similarity=90))


def found_in(*units: Unit, rules: Rules = RULES) -> CleaningResult:
    return find_duplicates(frame_of(units), rules)


def test_the_sample_has_no_duplicates_but_its_own() -> None:
    """Of the gold rows of the sample only those with the texts of another row are removed, and never the last one."""
    frame = gold_frame()
    found = find_duplicates(frame, RULES)
    texts = {
        row["id"]: {v["language"]: v["text"] for v in row["variants"]} for row in frame.iter_rows(named=True)
    }
    for violation in found.violations:
        others = [texts[id] for id in texts if id not in found.removed]
        assert any(violation.texts.items() <= other.items() for other in others), violation


def test_one_of_several_is_kept_with_all_documents() -> None:
    """The kept unit names all documents of the others, including those they were already kept for."""
    found = found_in(
        unit_of("a", TWO, document="A/1"),
        unit_of("b", TWO, document="A/2", sources=("A/9",)),
        unit_of("c", TWO, document="A/1"),
    )
    assert set(found.removed) == {"b", "c"}
    assert [(unit.id, unit.sources) for unit in found.changed] == [("a", ("A/2", "A/9"))]
    assert [violation.reason for violation in found.violations] == ["same texts as a"] * 2


def test_the_most_trusted_is_kept() -> None:
    """Approved before edited before aligned, then the more probable, then the older."""
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    units = [
        unit_of("old", TWO, probability=0.9, created=day),
        unit_of("new", TWO, probability=0.9, created=day.replace(year=2027)),
        unit_of("doubtful", TWO, probability=0.5, created=day.replace(year=2020)),
        unit_of("edited", TWO, status=Status.EDITED, probability=0.1),
        unit_of("approved", TWO, status=Status.APPROVED, probability=0.1),
    ]
    order = ["approved", "edited", "old", "new", "doubtful"]
    for kept, *_ in (order[i:] for i in range(4)):
        assert set(found_in(*units).removed) == {unit.id for unit in units} - {kept}
        units = [unit for unit in units if unit.id != kept]


def test_rejected_units_are_left_alone() -> None:
    """A rejected unit is not removed, and does not replace another."""
    assert not found_in(unit_of("a", TWO, status=Status.REJECTED), unit_of("b", TWO)).violations


def test_a_unit_with_more_languages_is_kept() -> None:
    """A unit is removed if another has all its texts and more, unless only the first was approved."""
    wide = unit_of("wide", TWO | {"es": SPANISH}, probability=0.5)
    assert found_in(unit_of("narrow", TWO), wide).removed == ("narrow",)
    assert not found_in(unit_of("narrow", TWO, status=Status.APPROVED), wide).removed


def test_levels_are_compared_separately() -> None:
    """A paragraph is not a duplicate of its only sentence, since each has its own context."""
    assert not found_in(unit_of("a", TWO, level="paragraph"), unit_of("b", TWO)).violations


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Council decides:", "the  Council decides", True),
        ("‘Clean water’ – for all", '"Clean water" - for all', True),
        ("Ｗater ２０２０", "Water 2020", True),
        ("قرّر المجلس", "قرر المجلس", True),
        ("Does it decide?", "Does it decide", False),
        ("1.5 million", "15 million", False),
        ("10 %", "10", False),
        ("Goal 1.2.3", "Goal 123", False),
        ("The Council decides", "The Council decided", False),
        ("12.5", "12,5", True),
        ("(a)", "(b)", False),
        ("—", "***", False),
    ],
)
def test_near_duplicates_differ_only_in_typography(one: str, other: str, same: bool) -> None:
    """Case, spaces, punctuation, width and vowel marks make no difference; letters and digits do."""
    units = unit_of("a", {"en": one, "fr": FRENCH}), unit_of("b", {"en": other, "fr": FRENCH})
    found = found_in(*units)
    assert found.removed == (("b",) if same else ())
    assert all(violation.rule == "near" for violation in found.violations)
    assert not found_in(*units, rules=Rules(near=NearRule(enabled=False))).violations


def test_exact_duplicates_may_stay() -> None:
    """Rules that are off remove nothing."""
    off = Rules(exact=Rule(enabled=False), near=NearRule(enabled=False))
    assert not found_in(unit_of("a", TWO), unit_of("b", TWO), rules=off).violations


def test_similar_units_are_removed_if_the_rules_say_so() -> None:
    """Below 100, texts that are similar enough in every language are removed, but never if digits differ."""
    close = {"en": ENGLISH.replace("month", "months"), "fr": FRENCH.replace("mois", "mois-ci")}
    units = [
        unit_of("a", TWO),
        unit_of("b", close),
        unit_of("c", {tag: f"{text} 2030" for tag, text in TWO.items()}),
        unit_of("d", {tag: f"{text} 2031" for tag, text in TWO.items()}),
        unit_of("e", TWO | {"fr": "Autre chose que cela, tout à fait différente."}),
    ]
    assert not found_in(*units).violations
    found = found_in(*units, rules=SIMILAR)
    assert found.removed == ("b",)
    assert found.violations[0].reason.endswith("the same as a")


def test_several_targets_are_listed_in_order() -> None:
    """The translations of one source are all kept, and listed with the most trusted first."""
    units = [
        unit_of("a", TWO, probability=0.4),
        unit_of("b", TWO | {"fr": "Autre."}, probability=0.9),
        unit_of("c", TWO | {"fr": "Une troisième."}, status=Status.APPROVED, probability=0.1),
        unit_of("d", TWO),
    ]
    (found,) = several_targets(frame_of(units), "en", "fr")
    assert (found.text, found.targets) == (
        ENGLISH,
        (("Une troisième.", ("c",)), (FRENCH, ("d", "a")), ("Autre.", ("b",))),
    )
    assert not several_targets(frame_of(units), "fr", "en")


WORDS = st.lists(
    st.sampled_from(["port", "tide", "level", "rises", "falls", "water", "report"]), min_size=6, max_size=12
)


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS.map(" ".join), max_size=30))
def test_similar_pairs_are_those_of_the_full_comparison(texts: list[str]) -> None:
    """Pairs have the percentages of a comparison of all pairs, and no pair of similar texts is missing."""
    from rapidfuzz.distance import Indel

    expected = {
        (i, j)
        for j in range(len(texts))
        for i in range(j)
        if 100 * Indel.normalized_similarity(texts[i], texts[j]) >= 95
    }
    found = {(one, other) for one, other, _ in similar_pairs([[text] for text in texts], 95)}
    assert found <= expected
    assert {(i, j) for i, j in expected if texts[i] == texts[j]} <= found
