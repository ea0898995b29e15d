"""Look-up in real memories, by the bands in which translators are paid."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from hexapla.errors import InputError, MissingLanguage
from hexapla.matches import MatchKind
from hexapla.memory.memory import Memory
from hexapla.units import Status, Unit
from hexapla_corpora.errors import UnknownLanguage as NoLanguageTag
from hexapla_corpora.sample import gold_rows
from support_cleaning import TEXTS
from support_lookup import SIX, kinds_of, memory_of, units_of

SEIZED = {
    "zh": "大会决定继续处理此案。",
    "en": "The Assembly decides to remain seized of the matter.",
    "fr": "L’Assemblée décide de rester saisie de la question.",
    "es": "La Asamblea decide seguir ocupándose de la cuestión.",
    "ru": "Ассамблея постановляет продолжать заниматься этим вопросом.",
    "ar": "تقرر الجمعية أن تبقي المسألة قيد نظرها.",
}
ARTICLE = {
    "zh": "2024年5月14日第3号报告提到1,500个港口。",
    "en": "Report No. 3 of 14 May 2024 names 1,500 harbours.",
    "fr": "Le rapport no 3 du 14 mai 2024 cite 1 500 ports.",
    "es": "El informe núm. 3 de 14 de mayo de 2024 cita 1.500 puertos.",
    "ru": "В докладе № 3 от 14 мая 2024 года названо 1 500 портов.",
    "ar": "يذكر التقرير رقم 3 المؤرخ 14 أيار/مايو 2024 ما عدده ١٬٥٠٠ ميناء.",
}
ARTICLE_2025 = {
    "zh": "2025年11月2日第7号报告提到22,000个港口。",
    "en": "Report No. 7 of 2 November 2025 names 22,000 harbours.",
    "fr": "Le rapport no 7 du 2 novembre 2025 cite 22 000 ports.",
    "es": "El informe núm. 7 de 2 de noviembre de 2025 cita 22.000 puertos.",
    "ru": "В докладе № 7 от 2 ноября 2025 года названо 22 000 портов.",
    "ar": "يذكر التقرير رقم 7 المؤرخ 2 تشرين الثاني/نوفمبر 2025 ما عدده ٢٢٬٠٠٠ ميناء.",
}


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """A memory of the bundled sample in six languages, and three more units."""
    rows = [row.texts for row in gold_rows() if len(row.texts) == len(SIX)]
    return memory_of(tmp_path_factory.mktemp("lookup"), units_of([TEXTS, SEIZED, ARTICLE, *rows]))


@pytest.mark.parametrize(("source", "target"), list(permutations(SIX, 2)))
def test_the_same_text_is_exact(memory: Memory, source: str, target: str) -> None:
    """In all 30 directions a text of the memory is a match of 100% with its translation."""
    (match,) = memory.lookup(SEIZED[source], source=source, target=target, minimum=90, meaning=False)
    assert (match.kind, match.percentage, match.band) == (MatchKind.EXACT, 100, "100")
    assert (match.source, match.target) == (SEIZED[source], SEIZED[target])
    assert match.differences.query == match.differences.source == ()


@pytest.mark.parametrize("source", SIX)
def test_placeables_are_put_into_the_translations(memory: Memory, source: str) -> None:
    """A text with another number, date and amount is a placeables match, with these put into all five translations."""
    match = memory.lookup(ARTICLE_2025[source], source=source, meaning=False)[0]
    assert (match.kind, match.percentage, match.band) == (MatchKind.PLACEABLES, 99, "95-99")
    assert {tag: target.text for tag, target in match.targets.items()} == {
        tag: text for tag, text in ARTICLE_2025.items() if tag != source
    }


@pytest.mark.parametrize(
    ("source", "query", "band"),
    [
        ("zh", "大会决定继续审议此案。", "75-84"),
        ("en", "The Council decides to remain seized of the matter.", "85-94"),
        ("fr", "L’Assemblée décide de rester saisie de ces questions.", "85-94"),
        ("es", "La Asamblea decide seguir ocupándose de las cuestiones.", "85-94"),
        ("ru", "Ассамблея постановляет продолжить заниматься этими вопросами.", "85-94"),
        ("ar", "تقرر اللجنة أن تبقي المسألة قيد نظرها.", "85-94"),
        ("en", "The Assembly decides to remain seised of the matter.", "95-99"),
        ("en", "The Council wishes to stay seized of this question.", "50-74"),
    ],
)
def test_fuzzy_matches_have_bands(memory: Memory, source: str, query: str, band: str) -> None:
    """A text with different words is a fuzzy match in the band of its percentage, and the differences are marked."""
    match = memory.lookup(query, source=source, minimum=50, meaning=False)[0]
    assert (match.kind, match.band, match.source) == (MatchKind.FUZZY, band, SEIZED[source])
    assert match.differences.query and match.differences.source


def test_a_match_in_context_comes_first(tmp_path: Path) -> None:
    """Of two units with the same text, the one with the same neighbours as the query is a 101% match, the other 100%."""
    texts = ("The Chair spoke.", "It was so decided.", "The meeting rose.", "It was so decided.", "All left.")
    memory = memory_of(
        tmp_path, units_of({"en": text, "fr": f"{place} {text}"} for place, text in enumerate(texts))
    )

    def found(previous: str | None, following: str | None) -> list[tuple[str, int | None]]:
        matches = memory.lookup(
            "It was so decided.", source="en", previous=previous, following=following, meaning=False
        )
        return [(match.target[0], match.percentage) for match in matches]

    assert found("The meeting  rose.", "All left.") == [("3", 101), ("1", 100)]
    assert found("The Chair spoke.", None) == [("1", 101), ("3", 100)]
    assert found("All left.", None) == [("1", 100), ("3", 100)]
    assert [match.percentage for match in memory.lookup("The Chair spoke.", source="en", previous="")] == [
        101
    ]


def test_a_match_by_meaning_has_no_percentage(memory: Memory) -> None:
    """A paraphrase is found by its vector, in its own language or another, and has a cosine instead."""
    query = "Harbour authorities are requested to put out tide gauge data each month."
    match = next(
        match for match in memory.lookup(query, source="en", target="fr") if match.percentage is None
    )
    assert (match.kind, match.target) == (MatchKind.MEANING, TEXTS["fr"])
    assert match.cosine is not None and 0.65 <= match.cosine <= 1
    assert match.band == ""
    assert all(found.cosine is None for found in memory.lookup(query, source="en", meaning=False))


def test_a_language_that_the_memory_lacks_is_found_by_meaning(memory: Memory) -> None:
    """A German query finds units of its meaning, though the memory has no German."""
    matches = memory.lookup(
        "Die Versammlung beschließt, mit der Sache befasst zu bleiben.", source="de", target="zh"
    )
    assert matches[0].kind is MatchKind.MEANING
    assert SEIZED["zh"] in [match.target for match in matches]


def test_traditional_finds_simplified_chinese(tmp_path: Path) -> None:
    """A query in zh-Hant matches a memory in zh-Hans by 99%, and only differences other than the script count."""
    memory = memory_of(tmp_path, units_of([{"zh-Hans": SEIZED["zh"], "en": SEIZED["en"]}]))
    (match,) = memory.lookup("大會決定繼續處理此案。", source="zh-Hant", meaning=False)
    assert (match.percentage, match.language, match.target) == (99, "zh-Hans", SEIZED["en"])
    (match,) = memory.lookup("大會決定繼續審議此案。", source="zh-Hant", meaning=False)
    assert match.percentage == 81
    assert match.differences.query == ((6, 8),)


def test_translations_through_a_third_language(tmp_path: Path) -> None:
    """Two bilingual documents give a translation through the language they share, at a lower rank."""
    pairs = [{tag: SEIZED[tag] for tag in pair} for pair in (("zh", "en"), ("en", "fr"))]
    memory = memory_of(tmp_path, units_of(pairs))
    (match,) = memory.lookup(SEIZED["zh"], source="zh", target="fr", meaning=False)
    assert (match.percentage, match.through, match.target) == (100, ("en",), SEIZED["fr"])
    direct, through = memory.lookup(SEIZED["zh"], source="zh", meaning=False)
    assert (list(direct.targets), direct.through) == (["en"], ())
    assert (list(through.targets), through.through) == (["fr"], ("en",))
    assert direct.rank > through.rank


def test_the_third_language_passes_over_rejected_units(tmp_path: Path) -> None:
    """Among units with the text in the third language, rejected ones are skipped and the most trusted one is used."""
    shared = [{"en": SEIZED["en"], "fr": f"no {place}"} for place in range(4)]
    memory = memory_of(tmp_path, units_of([{tag: SEIZED[tag] for tag in ("zh", "en")}, *shared]))
    for place, status in enumerate([*[Status.REJECTED] * 2, Status.ALIGNED, Status.APPROVED], start=1):
        if status is not Status.ALIGNED:
            memory.review(f"{place:08x}", status)
    (match,) = memory.lookup(SEIZED["zh"], source="zh", target="fr", limit=1, meaning=False)
    assert (match.target, match.through) == ("no 3", ("en",))


def test_many_of_one_text_leave_room_for_others_of_the_meaning(tmp_path: Path) -> None:
    """Forty units with the text of the query and forty with another text do not hide a third text of the same meaning."""
    texts = [SEIZED["en"]] * 40 + ["The Assembly remains seized of the matter, as it decides."] * 40
    units = [
        *({"en": text, "fr": "f"} for text in texts),
        {"en": "The matter stays before the Assembly.", "fr": "g"},
    ]
    matches = memory_of(tmp_path, units_of(units)).lookup(SEIZED["en"], source="en", target="fr", minimum=90)
    assert [(match.percentage, match.target) for match in matches] == [(100, "f"), (None, "f"), (None, "g")]


def test_probability_and_status_lower_the_rank(tmp_path: Path) -> None:
    """Approved units come before sure ones, these before doubtful ones, and rejected ones are not offered."""
    given = [(Status.ALIGNED, 0.4), (Status.REJECTED, 1.0), (Status.ALIGNED, 0.9), (Status.APPROVED, 0.4)]
    units = [
        Unit.of_texts(
            f"{place:08x}",
            {"en": SEIZED["en"], "fr": f"{status}, {probability}"},
            document=f"A/{place}",
            level="sentence",
            kind="plain",
            status=status,
            probability=probability,
        )
        for place, (status, probability) in enumerate(given)
    ]
    memory = memory_of(tmp_path, units)
    matches = memory.lookup(SEIZED["en"], source="en")
    assert [match.target for match in matches] == ["approved, 0.4", "aligned, 0.9", "aligned, 0.4"]
    assert [match.penalty for match in matches] == pytest.approx([0, 2, 7])
    assert {match.percentage for match in matches} == {100}


def test_the_most_trusted_of_many_comes_first(tmp_path: Path) -> None:
    """Of a hundred units with one text and different translations, the approved one is found, wherever it is."""
    units = units_of({"en": SEIZED["en"], "fr": f"no {place}"} for place in range(100))
    memory = memory_of(tmp_path, units)
    memory.review(units[77].id, Status.APPROVED)
    assert memory.lookup(SEIZED["en"], source="en", limit=1)[0].target == "no 77"


def test_equal_units_are_one_match(tmp_path: Path) -> None:
    """Three units with the same text and translation are one match, which names the other units."""
    memory = memory_of(tmp_path, units_of([{"en": SEIZED["en"], "fr": SEIZED["fr"]}] * 3))
    (match,) = memory.lookup(SEIZED["en"], source="en", target="fr")
    assert sorted((match.unit.id, *match.same)) == ["00000000", "00000001", "00000002"]


def test_minimum_and_limit(memory: Memory) -> None:
    """No match is below the minimum, and there are no more matches of either sort than the limit."""
    for minimum in (50, 75, 95):
        found = memory.lookup(SEIZED["en"], source="en", minimum=minimum, meaning=False)
        assert all(match.percentage is not None and match.percentage >= minimum for match in found)
    matches = memory.lookup(SEIZED["en"], source="en", minimum=1, limit=2)
    assert [match.percentage is None for match in matches].count(False) == 2
    assert len(matches) <= 4


def test_only_the_wanted_languages_are_returned(memory: Memory) -> None:
    """One language, several or all but that of the query; the tag may have a region or capital letters."""
    for wanted, given in (
        ("FR", {"fr"}),
        ("fr-CA", {"fr"}),
        (["ru", "ar"], {"ru", "ar"}),
        (None, set(SIX) - {"en"}),
    ):
        match = memory.lookup(SEIZED["en"], source="en-GB", target=wanted, meaning=False)[0]
        assert set(match.targets) == given


def test_unknown_languages_are_errors(memory: Memory) -> None:
    """The error names a language that the memory lacks, and those that it has; invalid tags are errors too."""
    with pytest.raises(MissingLanguage, match=r"'de'.*ar, en, es, fr, ru, zh"):
        memory.lookup("text", source="en", target="de")
    with pytest.raises(MissingLanguage, match=r"'sw'.*encoder does not know"):
        memory.lookup("maandishi", source="sw")
    with pytest.raises(NoLanguageTag, match="no_such_tag"):
        memory.lookup("text", source="no_such_tag")


@pytest.mark.parametrize(
    ("text", "minimum", "limit", "message"),
    [
        (" \n", 70, 5, "empty"),
        ("a", 0, 5, "minimum of 0%"),
        ("a", 70, 0, "limit of 0"),
        ("caf\udce9", 70, 5, r"character 4 of 'caf\\udce9'"),
    ],
)
def test_impossible_queries_are_refused(
    memory: Memory, text: str, minimum: int, limit: int, message: str
) -> None:
    """An empty text, and a minimum or limit out of range, are errors that say what to give."""
    with pytest.raises(InputError, match=message):
        memory.lookup(text, source="en", minimum=minimum, limit=limit)


def test_an_empty_memory_has_no_matches(tmp_path: Path) -> None:
    """A memory without units returns no match for any query."""
    assert Memory.create(tmp_path / "memory").lookup("text", source="en", target="fr") == ()


def test_a_query_of_100_000_characters(memory: Memory, tmp_path: Path) -> None:
    """A very long text is looked up like any other; it finds its version, or nothing."""
    long = " ".join([SEIZED["en"], TEXTS["en"], "<b>5</b> May 2025."] * 1000)[:100_000]
    found = memory.lookup(long, source="en")
    assert {match.kind for match in found} == {MatchKind.SUBSEGMENT}
    other = memory_of(tmp_path, units_of([{"en": long, "fr": "long"}]))
    assert kinds_of(other.lookup(long, source="en")) == [("exact", 100)]
    assert kinds_of(other.lookup(long.replace("2025", "2026"), source="en")) == [("placeables", 99)]
    assert kinds_of(other.lookup(long.replace("Assembly", "Council"), source="en")) == [("fuzzy", 91)]


def test_texts_of_one_character(memory: Memory) -> None:
    """The shortest texts, and texts without letters, are looked up without an error."""
    for text in (".", "1", "会", "\u0301", "<b>", "\U0001f600"):
        assert all(
            match.percentage is None or match.percentage >= 70 for match in memory.lookup(text, source="zh")
        )


VARIETIES = {
    "zh-CN": "保存默认文件。",
    "zh-Hans": "在此打开文件夹。",
    "zh": "关闭所有窗口。",
    "zh-TW": "列印這份文件。",
}
SOURCES = {
    "zh-CN": "Save the default file.",
    "zh-Hans": "Open the folder here.",
    "zh": "Close all windows.",
    "zh-TW": "Print this document.",
}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("zh-CN", ["zh-CN", "zh-Hans", "zh"]),
        ("zh-Hans", ["zh-CN", "zh-Hans", "zh"]),
        ("zh-Hant", ["zh", "zh-TW"]),
        ("zh-HK", ["zh", "zh-TW"]),
        ("zh", ["zh-CN", "zh-Hans", "zh", "zh-TW"]),
    ],
)
def test_a_unit_of_one_variety_does_not_hide_those_of_others(
    tmp_path: Path, wanted: str, found: list[str]
) -> None:
    """Units in every variety of the written language are found, under their tags, whatever tags the memory has."""
    texts = [{"en": SOURCES[tag], tag: text} for tag, text in VARIETIES.items()]
    memory = memory_of(tmp_path, units_of(texts))
    for tag, text in VARIETIES.items():
        matches = memory.lookup(SOURCES[tag], source="en", target=wanted, meaning=False)
        shown = [{language: each.text for language, each in match.targets.items()} for match in matches]
        assert shown == ([{tag: text}] if tag in found else [])


def test_the_nearest_variety_comes_first(tmp_path: Path) -> None:
    """A unit with several varieties of a language shows the one asked for first, then the nearer ones."""
    memory = memory_of(tmp_path, units_of([{"en": "Print it.", **VARIETIES}]))
    (match,) = memory.lookup("Print it.", source="en", target="zh-Hans", meaning=False)
    assert list(match.targets) == ["zh-Hans", "zh", "zh-CN"]
    assert match.target == VARIETIES["zh-Hans"]


@pytest.mark.parametrize(
    "pair", [("en-US", "en-GB"), ("en-GB", "en-US"), ("zh", "zh-Hant"), ("pt-BR", "pt-PT")]
)
def test_two_varieties_are_a_pair_like_any_other(tmp_path: Path, pair: tuple[str, str]) -> None:
    """A text in one is found with its translation into the other, and never with itself."""
    source, target = pair
    memory = memory_of(
        tmp_path, units_of([{source: "The color of the truck 色", target: "The colour of the lorry 色"}])
    )
    (match,) = memory.lookup("The color of the truck 色", source=source, target=target, meaning=False)
    assert (match.percentage, {tag: each.text for tag, each in match.targets.items()}) == (
        100,
        {target: "The colour of the lorry 色"},
    )
    assert not [
        each
        for each in memory.lookup("The colour of the lorry 色", source=source, target=target, meaning=False)
        if each.percentage == 100
    ]
