"""Matches of subsegments: stored texts and clauses that stand in a query."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.compare.comparable import as_seen, comparable
from hexapla.matches import Match, MatchKind
from hexapla.memory.memory import Memory
from hexapla.memory.selection import Selection
from hexapla.rows import Level
from support_lookup import memory_of, sample_texts, units_of

UNITS = [
    {"en": "Annual programme of work", "fr": "Programme de travail annuel"},
    {
        "en": "The Board adopted its annual programme of work, and elected a new chair for the session of 2031.",
        "fr": "Le Conseil a adopté son programme de travail annuel et élu un nouveau président pour 2031.",
    },
    {"en": "of the", "fr": "du"},
    {"en": "Harbour", "fr": "Port"},
    {"zh": "海岸观测网络", "en": "Coastal Observation Network"},
    {
        "zh": "秘书处应在每年三月前，将海岸观测网络的运作情况报告大会。",
        "en": "The Secretariat shall report every year.",
    },
    {"ar": "شبكة الرصد الساحلي", "en": "Coastal Observation Network"},
]


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """Short units, and longer ones that contain some of them."""
    return memory_of(tmp_path_factory.mktemp("subsegments"), units_of(UNITS))


def shared(memory: Memory, query: str, language: str, **options: object) -> list[tuple[str, str, str]]:
    """Return the last character of each unit, and what is marked in the query and in its text."""
    found = memory.lookup(query, source=language, meaning=False, **options)  # type: ignore[arg-type]
    return [_shown(as_seen(query), match) for match in found if match.kind is MatchKind.SUBSEGMENT]


def _shown(query: str, match: Match) -> tuple[str, str, str]:
    assert match.subsegment
    (start, end), (first, last) = match.subsegment.query, match.subsegment.source
    return match.unit.id[-1], query[start:end], match.source[first:last]


def test_a_stored_text_in_a_longer_query(memory: Memory) -> None:
    """A short unit is found where it stands in the query, whatever its case; a longer one only by a whole clause."""
    query = "The committee considered the draft ANNUAL  programme of work of the harbour authority in March."
    assert shared(memory, query, "en") == [("0", "ANNUAL programme of work", "Annual programme of work")]
    (match,) = memory.lookup(query, source="en", target="fr", meaning=False)
    assert (match.percentage, match.band, match.targets["fr"].text) == (
        None,
        "",
        "Programme de travail annuel",
    )


def test_a_clause_in_a_longer_text(memory: Memory) -> None:
    """A clause of the query between punctuation marks is found in a longer unit, and so is a short query."""
    query = "After a long debate, and elected a new chair for the session of 2031, it rose."
    assert ("1", "and elected a new chair for the session of 2031") in [
        found[:2] for found in shared(memory, query, "en")
    ]
    assert shared(memory, "elected a new chair", "en") == [
        ("1", "elected a new chair", "elected a new chair")
    ]


def test_a_short_query_in_several_longer_texts(tmp_path: Path) -> None:
    """A short text that stands in longer units is found in each of them."""
    texts = [
        "The Board adopted its annual programme of work for the year.",
        "No annual programme of work was ever as long as that of the harbour.",
    ]
    memory = memory_of(
        tmp_path, units_of({"en": text, "fr": f"x{place}"} for place, text in enumerate(texts))
    )
    wanted = "annual programme of work"
    assert shared(memory, wanted, "en") == [("0", wanted, wanted), ("1", wanted, wanted)]


@pytest.mark.parametrize(
    ("language", "query", "expected"),
    [
        ("zh", "各会员国应资助海岸觀測网络的扩建。", [("4", "海岸觀測网络", "海岸观测网络")]),
        (
            "ar",
            "ترحب بإنشاء شَبَكة الرصد الساحلي في الميناء",
            [("6", "شَبَكة الرصد الساحلي", "شبكة الرصد الساحلي")],
        ),
    ],
)
def test_other_scripts(
    memory: Memory, language: str, query: str, expected: list[tuple[str, str, str]]
) -> None:
    """Texts without spaces, and with vowel marks, are compared as everywhere."""
    assert expected[0] in shared(memory, query, language)


@pytest.mark.parametrize(
    "query",
    ["One of the boats sank.", "The harbour is closed.", "x", "...", "港", "2031 2031 2031 2031 2031"],
)
def test_function_words_and_single_words_are_not_enough(memory: Memory, query: str) -> None:
    """A few short words, a single word and figures are not shown."""
    language = "zh" if query == "港" else "en"
    assert shared(memory, query, language) == []


def test_better_matches_cover_the_query(memory: Memory) -> None:
    """Where the whole text matches, its parts are not offered; and other matches are the same with and without them."""
    assert shared(memory, "Annual programme of work", "en") == []
    query = "The Board adopted its annual programme of work, and elected a new chair for the session of 2032."
    assert shared(memory, query, "en") == []
    query = "The Council discussed its annual programme of work in the morning."
    both = memory.lookup(query, source="en", subsegments=True, meaning=True)
    without = memory.lookup(query, source="en", subsegments=False, meaning=True)
    assert [match for match in both if match.kind is not MatchKind.SUBSEGMENT] == list(without)


def test_the_number_and_the_units_are_limited(memory: Memory) -> None:
    """A limit, wanted languages and conditions hold for these matches too."""
    query = "The committee considered the draft annual programme of work of the authority in March."
    assert len(shared(memory, query, "en", limit=1)) == 1
    assert shared(memory, query, "en", target="zh") == []
    assert shared(memory, query, "en", selection=Selection.of(["fr!~annuel"], set(Level))) == []


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """The sentences of the bundled sample."""
    return memory_of(
        tmp_path_factory.mktemp("sample"), units_of({"en": text, "fr": "x"} for text in sample_texts("en"))
    )


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_marks_are_the_same_words(sample: Memory, data: st.DataObject) -> None:
    """What is marked in query and text is the same in comparable form, and no mark lies within a longer one."""
    halves = st.sampled_from([text[: len(text) // 2] for text in sample_texts("en")])
    query = " ".join(data.draw(st.lists(halves, min_size=1, max_size=3)))
    found = shared(sample, query, "en")
    assert all(comparable(mine) == comparable(theirs) for _, mine, theirs in found)
    spans = {
        match.subsegment.query
        for match in sample.lookup(query, source="en", meaning=False)
        if match.subsegment
    }
    assert not any(a != b and a[0] <= b[0] and b[1] <= a[1] for a in spans for b in spans)
