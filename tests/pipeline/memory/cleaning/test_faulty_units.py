"""Cleaning: faulty units are removed, and good ones stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hexapla.memory.cleaning.defects import garbled, numbers_in, unlike_numbers
from hexapla.memory.cleaning.faulty_units import CleaningResult, find_faulty
from hexapla.memory.cleaning.rules import CopyRule, LanguageRule, Protect, Rules
from hexapla.unit_records import unit_of_row
from hexapla.unit_table import frame_of
from hexapla.units import Status
from hexapla_corpora.sample import LANGUAGES
from support_cleaning import (
    ARABIC,
    CHINESE,
    ENGLISH,
    FRENCH,
    RUSSIAN,
    SPANISH,
    TEXTS,
    frame_of_texts,
    gold_frame,
    unit_of,
)

RULES = Rules()


def cleaned(texts: Mapping[str, str], rules: Rules = RULES, **attributes: object) -> CleaningResult:
    return find_faulty(frame_of_texts([texts], **attributes), rules)


def test_nothing_is_removed_from_the_sample() -> None:
    """The gold rows of the sample stay as they are, in six languages."""
    assert find_faulty(gold_frame(), RULES) == CleaningResult((), (), ())


@pytest.mark.parametrize("pair", list(combinations(LANGUAGES, 2)), ids="-".join)
def test_nothing_is_removed_from_any_pair_of_the_sample(pair: tuple[str, str]) -> None:
    """The gold rows of the sample stay as they are in any two languages, without a third to confirm them."""
    assert find_faulty(gold_frame(pair), RULES) == CleaningResult((), (), ())


@pytest.mark.parametrize("language", TEXTS)
def test_good_texts_stay(language: str) -> None:
    """A good unit has no violations, by itself or with a bad one in a language of unknown lengths."""
    for other in TEXTS:
        if other != language:
            assert not cleaned({language: TEXTS[language], other: TEXTS[other]}).violations


CHARSETS = {"zh": "gbk", "en": "cp1252", "fr": "cp1252", "es": "latin-1", "ru": "koi8-r", "ar": "cp1256"}
SPOILED: dict[str, Callable[[Mapping[str, str], str], str]] = {
    "empty": lambda texts, language: " ",
    "mojibake": lambda texts, language: texts[language].encode().decode(CHARSETS[language], "replace"),
    "language": lambda texts, language: texts["ru" if language == "en" else "en"],
    "length": lambda texts, language: texts[language] * 6,
    "numbers": lambda texts, language: re.sub("20([12])", r"21\1", texts[language]),
}


@pytest.mark.parametrize("rule", SPOILED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_spoiled_language_of_the_sample_is_removed(rule: str, language: str) -> None:
    """A spoiled text of a long row is removed in at least 95 of 100 rows, and no other text is."""
    units = [unit_of_row(record) for record in gold_frame().iter_rows(named=True)]
    judged = [u for u in units if u.kind not in RULES.protect.kinds and len(u.texts) == len(LANGUAGES)]
    texts = {u.id: u.texts for u in judged if len(u.texts["en"]) > 120}
    spoiled = {id: each | {language: SPOILED[rule](each, language)} for id, each in texts.items()}
    spoiled = {id: each for id, each in spoiled.items() if each != texts[id]}
    found = find_faulty(frame_of(unit_of(id, each) for id, each in spoiled.items()), RULES)
    assert {violation.languages for violation in found.violations} == {(language,)}
    assert 0.95 * len(spoiled) <= len(found.violations) <= len(spoiled)


BAD = {
    "empty": {"en": ENGLISH, "fr": " \u3000"},
    "empty side that is missing": {"en": ENGLISH},
    "mojibake": {"en": ENGLISH, "fr": FRENCH.encode().decode("cp1252")},
    "language": {"en": ENGLISH, "fr": SPANISH},
    "copy": {"en": ENGLISH[:40], "fr": ENGLISH[:40]},
    "length": {"en": ENGLISH, "fr": "L’Assemblée prie les autorités"},
    "numbers": {
        "en": "It met in 2019 in the largest port.",
        "fr": "Il s’est réuni en 2018 dans le plus grand port.",
    },
}


@pytest.mark.parametrize("name", BAD)
def test_bad_units_in_two_languages_are_removed(name: str) -> None:
    """Each rule removes the unit made for it, and is named as the reason."""
    found = cleaned(BAD[name], replace(RULES, language=LanguageRule(enabled=name != "copy")))
    assert found.removed == ("u0",)
    (violation,) = found.violations
    assert (violation.rule, violation.whole, violation.languages) == (name.split()[0], True, tuple(BAD[name]))


@pytest.mark.parametrize("name", ["mojibake", "language", "copy", "length", "numbers"])
def test_a_rule_can_be_switched_off(name: str) -> None:
    """A rule that is off finds nothing."""
    off = {each: replace(getattr(RULES, each), enabled=False) for each in {name, "language", "length"}}
    assert not cleaned(BAD[name], replace(RULES, **off)).violations


def test_improbable_units_are_removed_unless_they_are_numbered() -> None:
    """A unit of low probability is removed, but a numbered item is not."""
    two = {"en": ENGLISH, "fr": FRENCH}
    (violation,) = cleaned(two, probability=0.1999).violations
    assert (violation.rule, violation.reason) == ("probability", "0.199 is below 0.2")
    assert not cleaned(two, probability=0.1, number="3").violations
    loose = replace(RULES, protect=Protect(numbered=False))
    assert cleaned(two, loose, probability=0.1, number="3").removed


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (TEXTS | {"ar": ARABIC.encode().decode("cp1252", "replace")}, "ar"),
        (TEXTS | {"fr": ENGLISH}, "fr"),
        (TEXTS | {"ru": RUSSIAN * 6}, "ru"),
        (TEXTS | {"zh": "  "}, "zh"),
        ({tag: text + " 2030" for tag, text in TEXTS.items()} | {"es": SPANISH + " 2031"}, "es"),
    ],
)
def test_only_the_bad_language_of_six_is_removed(texts: dict[str, str], language: str) -> None:
    """A language that the others contradict is removed, and the unit stays."""
    found = cleaned(texts)
    assert not found.removed
    assert {violation.languages for violation in found.violations} == {(language,)}
    assert [unit.texts for unit in found.changed] == [{tag: texts[tag] for tag in texts if tag != language}]


def test_a_reason_describes_the_removed_text() -> None:
    """The reason for removing a text that two others contradict is from its side, whatever their order."""
    year = {tag: f"{TEXTS[tag]} 2030" for tag in ("en", "fr", "es")}
    for tag in year:
        found = cleaned(year | {tag: f"{TEXTS[tag]} 2031"})
        assert [violation.languages for violation in found.violations] == [(tag,)]
        violation = found.violations[0]
        assert violation.reason == f"{tag}: 2031 against 2030 of {violation.other}"
        assert violation.other in year.keys() - {tag}
    longer = cleaned({"en": ENGLISH, "fr": FRENCH, "es": SPANISH * 6})
    assert [violation.reason for violation in longer.violations] == ["es: 4.5 times longer than en"]


def test_if_it_is_not_clear_which_text_is_wrong_all_stay() -> None:
    """If two of three languages disagree and the third agrees with both, none is removed."""
    texts = {"en": ENGLISH + " (1999)", "fr": FRENCH + " (2007)", "es": SPANISH}
    assert not cleaned(texts).violations


@pytest.mark.parametrize("status", [Status.APPROVED, Status.EDITED, Status.REJECTED])
def test_units_that_people_have_read_stay(status: Status) -> None:
    """Units that were approved, edited or rejected are not judged."""
    assert not cleaned(BAD["language"], status=status).violations


SHORT = [
    {"en": "UNESCO", "fr": "UNESCO"},
    {"en": "A/79/L.92", "fr": "A/79/L.92"},
    {"en": "2015", "fr": "2016"},
    {"en": "17 May 2019", "zh": "2019年5月17日", "ar": "17 أيار/مايو 2019"},
    {"en": "(a)", "ru": "a)", "ar": "(أ)"},
    {"en": "1.", "fr": "1."},
    {"en": "Goal 7", "zh": "目标7"},
    {"en": "Annex", "zh": "附件"},
    {"en": "I. Scope", "fr": "I. Scope"},
]


@pytest.mark.parametrize("texts", SHORT, ids=lambda texts: texts["en"])
@pytest.mark.parametrize("number", [None, "1"])
def test_headings_dates_and_numbers_stay(texts: dict[str, str], number: str | None) -> None:
    """Short texts are not judged, however improbable, similar or different they are."""
    assert not cleaned(texts, probability=0.0, number=number).violations


@pytest.mark.parametrize("kind", ["masthead", "title", "heading", "footnote"])
def test_protected_kinds_stay(kind: str) -> None:
    """Headings and references that look like copies stay, whatever their length."""
    assert not cleaned({"en": ENGLISH, "fr": ENGLISH}, kind=kind, probability=0.0).violations


def test_numbered_items_are_compared_without_their_numbers() -> None:
    """Different numbering styles do not count as different numbers."""
    assert not cleaned({"en": "14. " + ENGLISH, "fr": "15 - " + FRENCH}).violations


def test_findings_are_counted() -> None:
    """Removed units, and texts removed from units that stay, are counted by rule."""
    found = find_faulty(frame_of_texts([BAD["language"], TEXTS | {"fr": ENGLISH}, BAD["numbers"]]), RULES)
    assert found.counts() == {"language": {"units": 1, "texts": 1}, "numbers": {"units": 1, "texts": 0}}


def test_lengths_of_other_languages_are_learned_from_the_memory() -> None:
    """An unknown language is judged by what is usual in the memory, once it has enough texts."""
    german = (
        "Die Versammlung bittet die Hafenbehörden, die Messwerte der Pegel jeden Monat zu veröffentlichen."
    )
    units = [{"en": f"{ENGLISH} {i}", "de": f"{german} {i}"} for i in range(60)] + [
        {"en": ENGLISH, "de": german[:20]}
    ]
    quiet = replace(RULES, language=LanguageRule(enabled=False))
    assert find_faulty(frame_of_texts(units), quiet).removed == ("u60",)
    assert not find_faulty(frame_of_texts(units[-10:]), quiet).removed


def test_rules_of_a_pair_count() -> None:
    """A rule that is off for a pair of languages leaves its units alone."""
    copies = replace(RULES.copy, pairs={("en", "fr"): CopyRule(enabled=False)})
    rules = replace(RULES, language=LanguageRule(enabled=False), copy=copies)
    assert not cleaned(BAD["copy"], rules).violations
    assert cleaned({"en": ENGLISH, "es": ENGLISH}, rules).violations


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (FRENCH, "cp1252"), (FRENCH, "latin-1"), (FRENCH, "mac-roman"), (SPANISH, "cp1252"), (RUSSIAN, "cp1251"),
        (RUSSIAN, "latin-1"), (RUSSIAN, "gbk"), (RUSSIAN, "koi8-r"), (ARABIC, "cp1256"), (ARABIC, "latin-1"),
        (ARABIC, "gbk"), (CHINESE, "gbk"), (CHINESE, "cp1252"), (CHINESE, "koi8-r"), (CHINESE, "latin-1"),
    ],
)  # fmt: skip
def test_mojibake_is_recognised(text: str, charset: str) -> None:
    """UTF-8 read in another character set is recognised in every language, even if a few bytes were lost."""
    assert garbled(text.encode().decode(charset, "replace"))


@pytest.mark.parametrize(
    "text", [*TEXTS.values(), "«В»", "Ångström – 5 °C", "naïve façade", "Я», С", "½ × ¾ ≤ 1²"]
)
def test_good_texts_are_not_mojibake(text: str) -> None:
    """Good texts in any script are left alone."""
    assert not garbled(text)


@pytest.mark.parametrize(
    ("one", "other", "unlike"),
    [
        (("in 2015", "en"), ("في عام ٢٠١٥", "ar"), False),
        (("in 2030", "en"), ("到二〇三〇年", "zh"), False),
        (("1,250 ships", "en"), ("1 250 navires", "fr"), False),
        (("35 million", "en"), ("3500万", "zh"), False),
        (("the 1990s", "en"), ("90年代", "zh"), False),
        (("fifteen ships", "en"), ("15 navires", "fr"), False),
        (("15 ships", "en"), ("16 navires", "fr"), True),
        (("in 2015", "en"), ("2016年", "zh"), True),
    ],
)
def test_unlike_numbers(one: tuple[str, str], other: tuple[str, str], unlike: bool) -> None:
    """Numbers are compared however they are written, and differ only if each side has one that the other lacks."""
    assert bool(unlike_numbers(numbers_in(*one), numbers_in(*other), 13)) is unlike


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["en", "fr", "zh", "tlh"]), st.text(max_size=40), max_size=3),
        max_size=4,
    )
)
@example([{"en": "0", "fr": "\x1f"}])
def test_any_units_can_be_judged(units: list[dict[str, str]]) -> None:
    """Whatever the texts, every unit stays, loses languages or is removed, and each loss has a violation."""
    found = find_faulty(frame_of_texts(units), RULES)
    changed = {unit.id: set(unit.texts) for unit in found.changed}
    assert set(found.removed) | set(changed) == {violation.unit for violation in found.violations}
    assert not set(found.removed) & set(changed)
    assert all(len(languages) > 1 for languages in changed.values())
    kept = {
        f"u{i}" for i, texts in enumerate(units) if sum(bool(text.strip()) for text in texts.values()) > 1
    }
    assert {f"u{i}" for i in range(len(units))} - kept <= set(found.removed)
