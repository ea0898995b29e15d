"""Concordance in real memories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.compare.comparable import as_seen, comparable
from hexapla.errors import InputError, MissingLanguage
from hexapla.memory.memory import Memory
from hexapla.memory.search.concordance import concordance
from hexapla.memory.search.hits import Hit, Rendering
from hexapla.memory.search.query import Matching
from hexapla.units import Status
from hexapla_corpora.sample import gold_rows
from support_cleaning import TEXTS
from support_lookup import SIX, memory_of, units_of

LETTERS = ("ab", "ba", "aab", "b", "bbaab")


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """A memory of the bundled sample in six languages, and one more unit."""
    rows = [row.texts for row in gold_rows()]
    return memory_of(tmp_path_factory.mktemp("concordance"), units_of([TEXTS, *rows]))


def marked(hits: Iterable[Hit]) -> list[str]:
    """Return the marked parts of the texts of hits."""
    return [hit.text[start:end] for hit in hits for start, end in hit.spans]


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("zh", "驗潮儀", "验潮仪"),
        ("en", "TIDE Gauges", "tide gauges"),
        ("fr", "l'assemblée", "L’Assemblée"),
        ("es", "MAREÓGRAFOS", "mareógrafos"),
        ("ru", "портовые ВЛАСТИ", "портовые власти"),
        ("ar", "سُلطات الموانئ", "سلطات الموانئ"),
    ],
)
def test_words_are_found_as_they_are_compared(
    memory: Memory, language: str, words: str, expected: str
) -> None:
    """Case, script, quotation marks and vowel marks make no difference, and the text itself is marked."""
    hits = concordance(memory.snapshot, words, language)
    assert TEXTS[language] in [hit.text for hit in hits]
    assert expected in marked(hits)
    assert {comparable(mark) for mark in marked(hits)} == {comparable(expected)}
    assert all(set(hit.targets) <= set(SIX) - {language} for hit in hits)


@pytest.mark.parametrize("language", SIX)
def test_a_substring_is_found_wherever_it_is(memory: Memory, language: str) -> None:
    """The hits are all texts with the words, as found by comparing text by text."""
    units = [unit for unit in memory.snapshot if language in unit.texts]
    for word in as_seen(TEXTS[language]).replace("，", " ").split()[:5]:
        key = comparable(word[:4])
        expected = {
            as_seen(unit.texts[language])
            for unit in units
            if key in comparable(as_seen(unit.texts[language]))
        }
        assert {hit.text for hit in concordance(memory.snapshot, word[:4], language, limit=1000)} == expected


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """Texts of a few letters."""
    return memory_of(
        tmp_path_factory.mktemp("letters"), units_of({"en": text, "fr": "x"} for text in LETTERS)
    )


@settings(max_examples=60, deadline=None)
@given(words=st.text("ab", min_size=1, max_size=4))
def test_words_do_not_reach_from_text_to_text(letters: Memory, words: str) -> None:
    """Words across the end of one text and the start of the next are found in neither."""
    hits = concordance(letters.snapshot, words, "en")
    assert [hit.text for hit in hits] == [text for text in LETTERS if words in text]


def test_marks_lie_in_the_text_itself(tmp_path: Path) -> None:
    """A mark covers the characters the words came from: letters that fold to two, and vowel marks after them."""
    memory = memory_of(tmp_path, units_of([{"de": "Die große  Straße", "ar": "كِتَابٌ جديد"}]))
    assert marked(concordance(memory.snapshot, "STRASSE", "de")) == ["Straße"]
    assert marked(concordance(memory.snapshot, "ros", "de")) == ["roß"]
    assert marked(concordance(memory.snapshot, "كتاب", "ar")) == ["كِتَابٌ"]


@pytest.mark.parametrize(
    ("language", "words", "texts"),
    [
        ("en", "port", ["A port.", "port"]),
        ("en", "a port", ["A port."]),
        ("en", ".", ["A port.", "Ports, harbours.", "An export.", "Piano no no."]),
        ("en", "no no", ["Piano no no."]),
        ("zh", "港", ["港口", "海港城"]),
    ],
)
def test_whole_words(tmp_path: Path, language: str, words: str, texts: list[str]) -> None:
    """A whole word has no letter next to it; in a language without spaces, any part of a text is found."""
    given = [("A port.", "港口"), ("Ports, harbours.", "海港城"), ("An export.", "出口"), ("port", "口")]
    given.append(("Piano no no.", "钢琴"))
    memory = memory_of(tmp_path, units_of({"en": en, "zh": zh} for en, zh in given))
    hits = concordance(memory.snapshot, words, language, how=Matching.WORD)
    assert [hit.text for hit in hits] == texts


WORDS = [
    ("The tide gauges at the port are old.", "Les marégraphes du port sont vieux."),
    ("A gauge for the tide.", "Un marégraphe."),
    ("The tide is high; the engagement is new.", "La marée est haute."),
    ("A station for the tide gauge.", "Une station pour le marégraphe."),
    ("The tide gauge's “old port” broke.", "Le marégraphe est en panne."),
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("gauge tide", "0134"),
        ("tide GAUGE  tide", "0134"),
        ('"tide gauge"', "034"),
        ("“tide gauge” station", "3"),
        ("'old", ""),
        ("«old port»", "4"),
        ('port "tide', "04"),
        ("gauge*", "0134"),
        ("gauge* old", "04"),
        ("gauges*", "0"),
        ("*gauge", "134"),
        ("*tion", "3"),
        ("*gage*", "2"),
        ("st*n", "3"),
        ('"tide gauge*"', "034"),
        ("＊tion", "3"),
        ("the a station", "3"),
        ("tide harbour", ""),
        ('"tide port"', ""),
    ],
)
def test_several_words_and_wildcards(tmp_path: Path, words: str, expected: str) -> None:
    """A text must have all words in any order; quotation marks keep a phrase, and * stands for letters of a word."""
    memory = memory_of(tmp_path, units_of({"en": en, "fr": fr} for en, fr in WORDS))
    hits = concordance(memory.snapshot, words, "en")
    assert "".join(hit.unit.id[-1] for hit in hits) == expected
    assert hits.total == len(hits)
    assert all(hit.spans for hit in hits)


def test_several_words_and_wildcards_in_chinese(tmp_path: Path) -> None:
    """Words are separated by spaces in the search, though not in the text; * stands for a few characters."""
    memory = memory_of(
        tmp_path, units_of([{"zh": "港务长应备存记录", "en": "a"}, {"zh": "记录由港务局长备存", "en": "b"}])
    )
    assert len(concordance(memory.snapshot, "记录 港务", "zh")) == 2
    assert len(concordance(memory.snapshot, "「记录港务」", "zh")) == 0
    assert marked(concordance(memory.snapshot, "港*长", "zh")) == ["港务长", "港务局长"]


def test_words_beside_each_other_share_a_mark(tmp_path: Path) -> None:
    """Words that follow each other are marked as one, words apart are not."""
    memory = memory_of(tmp_path, units_of([{"en": "Old tide gauges for the tide.", "fr": "x"}]))
    assert marked(concordance(memory.snapshot, "gauges tide", "en")) == ["tide gauges", "tide"]


def test_all_hits_are_counted(tmp_path: Path) -> None:
    """The total is that of all texts with the words, also if fewer are shown or some are the same."""
    texts = [{"en": f"port {number}", "fr": "port"} for number in range(30)] + [
        {"en": "port 1", "fr": "port"}
    ] * 2
    memory = memory_of(tmp_path, units_of(texts))
    for how in (Matching.SUBSTRING, Matching.WORD, Matching.REGEX):
        hits = concordance(memory.snapshot, "port", "en", how=how, limit=3)
        assert (len(hits), hits.total) == (3, 32)
    hits = concordance(memory.snapshot, "port", "en", limit=None)
    assert (len(hits), hits.total) == (30, 32)


def test_hits_are_grouped_by_translation(tmp_path: Path) -> None:
    """Translations that look the same are one group, which has the number of units and the years."""
    dates = [datetime(year, 5, 1, tzinfo=UTC) for year in (2024, 2026, 2024, 2025)]
    texts = ["Le port", "le port", "Le port", "Le havre"]
    units = [
        replace(unit, created=date)
        for unit, date in zip(
            units_of({"en": f"The port {n}", "fr": text} for n, text in enumerate(texts)), dates, strict=True
        )
    ]
    found = concordance(memory_of(tmp_path, units).snapshot, "port", "en", "fr").by_rendering()
    assert found == [Rendering("fr", "Le port", 3, (2024, 2026)), Rendering("fr", "Le havre", 1, (2025,))]


def test_regular_expressions(memory: Memory) -> None:
    """A pattern is matched as written, with its case, and every non-empty match is marked."""
    hits = concordance(memory.snapshot, r"\b[Tt]ide\s\w+|(?=x)", "en", how=Matching.REGEX)
    assert "tide gauges" in marked(hits)
    assert concordance(memory.snapshot, "TIDE", "en", how=Matching.REGEX) == ()
    assert concordance(memory.snapshot, "(?i)TIDE", "en", how=Matching.REGEX) != ()


@pytest.mark.parametrize(
    ("pattern", "place"), [("tide(", "character 5"), ("[a-", "character 3"), ("*", "character 0")]
)
def test_an_invalid_regular_expression_is_refused(memory: Memory, pattern: str, place: str) -> None:
    """The error for an invalid regular expression says where the problem is."""
    with pytest.raises(InputError, match=place):
        concordance(memory.snapshot, pattern, "en", how=Matching.REGEX)


def test_a_catastrophic_regular_expression_comes_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern that takes for ever, in one text or in all, is stopped with an error that names the text it reached."""
    monkeypatch.setattr("hexapla.compare.regular_expression.SECONDS", 0.2)
    memory = memory_of(tmp_path, units_of([{"en": "x" * 60, "fr": "x"}]))
    with pytest.raises(InputError, match=r"takes more than .* seconds.*'xxx"):
        concordance(memory.snapshot, r"(x|xx)+\d", "en", how=Matching.REGEX)
    monkeypatch.setattr("hexapla.compare.regular_expression.SECONDS", 0.0)
    with pytest.raises(InputError, match="takes more than"):
        concordance(memory.snapshot, "y", "en", how=Matching.REGEX)


def test_context_and_translations_are_shown(memory: Memory) -> None:
    """A hit has the texts before and after it, and the wanted translations."""
    units = list(memory.snapshot)
    hit = concordance(memory.snapshot, units[1].texts["en"], "en", target=["fr", "ru"])[0]
    assert (hit.previous, hit.following) == (units[0].texts["en"], units[2].texts["en"])
    assert hit.targets == {tag: units[1].texts[tag] for tag in ("fr", "ru") if tag in units[1].texts}


def test_only_units_with_a_wanted_language(tmp_path: Path) -> None:
    """A unit without any of the wanted languages is not a hit; if none are named, it is."""
    memory = memory_of(
        tmp_path, units_of([{"en": "one port", "fr": "un port"}, {"en": "two ports", "es": "dos"}])
    )
    assert [hit.text for hit in concordance(memory.snapshot, "port", "en", target="es")] == ["two ports"]
    assert len(concordance(memory.snapshot, "port", "en")) == 2


def test_rejected_units_are_not_hits_and_equal_units_are_one_hit(tmp_path: Path) -> None:
    """Units with the same texts in all languages are one hit, which names the others; rejected ones are not shown."""
    memory = memory_of(
        tmp_path, units_of([{"en": "a port", "fr": "un port"}] * 3 + [{"en": "ports", "fr": "ports"}])
    )
    memory.review("00000001", Status.REJECTED)
    first, second = concordance(memory.snapshot, "port", "en")
    assert (first.unit.id, first.same, second.unit.id) == ("00000000", ("00000002",), "00000003")
    assert len(concordance(memory.snapshot, "port", "en", limit=1)) == 1


def test_another_script_is_searched_too(tmp_path: Path) -> None:
    """Simplified words find a Traditional text, and a region makes no difference."""
    memory = memory_of(tmp_path, units_of([{"zh-Hant": "請秘書長報告", "en": "report"}]))
    for tag in ("zh", "zh-Hans", "zh-CN"):
        assert marked(concordance(memory.snapshot, "秘书长", tag)) == ["秘書長"]


@pytest.mark.parametrize(
    ("words", "how", "limit", "message"),
    [
        ("", Matching.SUBSTRING, 20, "nothing to search for"),
        (" \u064b", Matching.WORD, 20, "nothing to search for"),
        ("", Matching.REGEX, 20, "nothing to search for"),
        ("*", Matching.SUBSTRING, 20, "nothing to search for"),
        ('""', Matching.SUBSTRING, 20, "nothing to search for"),
        ("port " * 300, Matching.SUBSTRING, 20, "1,499 characters"),
        (" ".join(map(str, range(60))), Matching.SUBSTRING, 20, "60 words"),
        ("caf\udce9", Matching.SUBSTRING, 20, "character 4"),
        ("port", Matching.SUBSTRING, 0, "limit of 0"),
    ],
)
def test_impossible_searches_are_refused(
    memory: Memory, words: str, how: Matching, limit: int, message: str
) -> None:
    """No words, only vowel marks, and a limit below one are errors that say what to give."""
    with pytest.raises(InputError, match=message):
        concordance(memory.snapshot, words, "en", how=how, limit=limit)


def test_unknown_languages_and_empty_memories(memory: Memory, tmp_path: Path) -> None:
    """For a missing language, the error names those of the memory; an empty memory has no hits."""
    for language, target in (("de", None), ("en", "de")):
        with pytest.raises(MissingLanguage, match=r"'de'.*ar, en"):
            concordance(memory.snapshot, "port", language, target)
    assert concordance(Memory.create(tmp_path / "memory").snapshot, "port", "en") == ()
