"""Analysis: segments and words by match band, as CAT tools count them."""

from __future__ import annotations

import pytest

from hexapla.matches import MatchKind
from hexapla.pretranslate.analysis import Analysis, Band, Count, count_words
from hexapla.pretranslation import SegmentMatches
from support_xliff import match_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cost — is shared; 3,000", 5),
        ("co-operation / A/81/L.47", 2),
        ("12 个港口", 4),
        ("决议，第5/1号。", 5),
        ("〇一年", 3),
        ("日本語の テスト・です。", 9),
        ("안녕 하세요", 2),
        ("الأمم المتحدة، 2025", 3),
        ("… — ，。", 0),
        ("", 0),
    ],
)
def test_words_are_counted_as_in_cat_tools(text: str, words: int) -> None:
    """A word has a letter or digit and no white space; each Chinese or Japanese character is a word too."""
    assert count_words(text) == words


def segment(text: str, percentage: int | None = None, kind: MatchKind = MatchKind.FUZZY) -> SegmentMatches:
    closest = None if percentage is None else match_of(text, "x", percentage, kind)
    return SegmentMatches(text, closest=closest)


@pytest.mark.parametrize(
    ("percentage", "kind", "band"),
    [
        (101, MatchKind.IN_CONTEXT, Band.IN_CONTEXT),
        (100, MatchKind.EXACT, Band.EXACT),
        (99, MatchKind.PLACEABLES, Band.PLACEABLES),
        (99, MatchKind.FUZZY, Band.FUZZY_95),
        (95, MatchKind.FUZZY, Band.FUZZY_95),
        (94, MatchKind.FUZZY, Band.FUZZY_85),
        (84, MatchKind.FUZZY, Band.FUZZY_75),
        (74, MatchKind.FUZZY, Band.FUZZY_50),
        (50, MatchKind.FUZZY, Band.FUZZY_50),
        (None, MatchKind.FUZZY, Band.NONE),
    ],
)
def test_a_segment_is_in_the_band_of_its_closest_match(
    percentage: int | None, kind: MatchKind, band: Band
) -> None:
    """Bands are those of CAT tools, and placeables have their own."""
    counted = Analysis().add("a", [segment("Two words", percentage, kind)])
    assert {each: count for each, count in counted.bands.items() if count.segments} == {band: Count(1, 2, 8)}


def test_repetitions_come_before_matches_but_not_before_context() -> None:
    """A text that occurred in the file before is a repetition, unless it is a match in context."""
    exact, context = ("A b.", 100, MatchKind.EXACT), ("A b.", 101, MatchKind.IN_CONTEXT)
    counted = Analysis().add(
        "a", [segment(*exact), segment(*exact), segment(*context), segment("C"), segment(" C ")]
    )
    assert {band: count.segments for band, count in counted.bands.items() if count.segments} == {
        Band.EXACT: 1,
        Band.REPETITION: 2,
        Band.IN_CONTEXT: 1,
    } | {Band.NONE: 1}


def test_repetitions_across_files_are_counted_separately() -> None:
    """A text from an earlier file is a cross-file repetition the first time, and then one within the file."""
    analysis = Analysis()
    analysis.add("a", [segment("A b.")])
    later = analysis.add("b", [segment("A b."), segment("A b.")])
    assert (later.bands[Band.CROSS_FILE].segments, later.bands[Band.REPETITION].segments) == (1, 1)
    assert analysis.total().total == Count(3, 6, 9)
    assert [each.name for each in analysis.files] == ["a", "b"]


def test_segments_without_text_are_not_counted() -> None:
    """White space does not need translation."""
    assert Analysis().add("a", [segment(" "), segment("")]).total == Count()


def test_an_analysis_says_what_it_is() -> None:
    """In one line: the files, and how many of their segments have a match."""
    analysis = Analysis()
    analysis.add("draft.docx", [segment("A b.", 100, MatchKind.EXACT), segment("C")])
    assert repr(analysis) == "<Analysis of draft.docx: 1 of 2 segments have a match>"
