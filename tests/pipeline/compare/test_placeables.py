"""Placeables: parts of a text that a translation takes over."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest

from hexapla.compare.placeables import (
    PlaceableKind,
    Repaired,
    differ_in_placeables,
    placeables,
    repair,
    skeleton,
)

OLD = {
    "zh": "委员会于2024年5月14日通过了第12号决定（A/CONF.9/L.3），核拨1,500美元。",
    "en": "On 14 May 2024, the Committee adopted decision 12 (A/CONF.9/L.3) and granted $1,500.",
    "fr": "Le 14 mai 2024, le Comité a adopté la décision 12 (A/CONF.9/L.3) et alloué 1 500 dollars.",
    "es": "El 14 de mayo de 2024, el Comité aprobó la decisión 12 (A/CONF.9/L.3) y asignó 1.500 dólares.",
    "ru": "14 мая 2024 года Комитет принял решение 12 (A/CONF.9/L.3) и выделил 1 500 долларов.",
    "ar": "في 14 أيار/مايو 2024، اعتمدت اللجنة المقرر 12 (A/CONF.9/L.3) وخصصت ١٬٥٠٠ دولار.",
}
NEW = {
    "zh": "委员会于2025年11月3日通过了第41号决定（A/CONF.9/L.88），核拨22,750美元。",
    "en": "On 3 November 2025, the Committee adopted decision 41 (A/CONF.9/L.88) and granted $22,750.",
    "fr": "Le 3 novembre 2025, le Comité a adopté la décision 41 (A/CONF.9/L.88) et alloué 22 750 dollars.",
    "es": "El 3 de noviembre de 2025, el Comité aprobó la decisión 41 (A/CONF.9/L.88) y asignó 22.750 dólares.",
    "ru": "3 ноября 2025 года Комитет принял решение 41 (A/CONF.9/L.88) и выделил 22 750 долларов.",
    "ar": "في 3 تشرين الثاني/نوفمبر 2025، اعتمدت اللجنة المقرر 41 (A/CONF.9/L.88) وخصصت ٢٢٬٧٥٠ دولار.",
}


@pytest.mark.parametrize(("source", "target"), list(permutations(OLD, 2)))
def test_placeables_go_into_every_language(source: str, target: str) -> None:
    """Date, number, symbol and amount are put into the translation as its language writes them, in all 30 directions."""
    assert differ_in_placeables(NEW[source], OLD[source])
    repaired = repair(NEW[source], OLD[source], OLD[target], (source, target))
    assert repaired.text == NEW[target]
    assert repaired.missing == ()
    assert [repaired.text[each.start : each.end] for each in repaired.substitutions] == [
        each.after for each in repaired.substitutions
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Press <b>Save</b> or {name}.", ["<b>", "</b>", "{name}"]),
        ("See https://example.org/a?b=1, please.", ["https://example.org/a?b=1"]),
        ("见https://example.org/a，谢谢", ["https://example.org/a"]),
        ("Write to harbour.2@example.org.", ["harbour.2@example.org"]),
        ("A/79/L.92 and A/RES/70/1", ["A/79/L.92", "A/RES/70/1"]),
        ("12 March 2025, 3.5 and 1,000", ["12 March 2025", "3.5", "1,000"]),
        ("1 234@example.org", ["1", "234@example.org"]),
        ("nothing", []),
    ],
)
def test_placeables_are_found(text: str, expected: list[str]) -> None:
    """Tags, addresses, symbols, dates and numbers are found at their places, and none overlaps another."""
    found = placeables(text)
    assert [each.text for each in found] == expected
    assert all(text[each.start : each.end] == each.text for each in found)


def test_the_skeleton_has_one_character_per_placeable() -> None:
    """Texts have the same skeleton if they differ only in placeables of the same kind at the same places."""
    assert skeleton("第3条") == skeleton("第41条") != skeleton("第A/1条")
    assert skeleton("no figure") == "no figure"
    assert len(skeleton("on 12 March 2025")) == len("on ") + 1


def test_words_are_not_placeables() -> None:
    """Texts that also differ in words, or do not differ, do not differ only in placeables."""
    assert not differ_in_placeables("Article 3 stands.", "Article 4 falls.")
    assert not differ_in_placeables("Article 3 stands.", "Article 3 stands.")
    assert differ_in_placeables("Article 3 stands.", "Article 4 stands.")


@pytest.mark.parametrize(
    ("query", "source", "target", "expected"),
    [
        ("pages 7 and 9", "pages 3 and 3", "pages 3 et 3", Repaired("pages 7 et 9")),
        ("3 of 8", "3 of 5", "3 sur cinq", Repaired("3 sur cinq", (), ("8",))),
        ("5 or 6", "4 or 4", "4", Repaired("4", (), ("5", "6"))),
        ("chapter 5", "chapter 4", "chapitre 4 (4)", Repaired("chapitre 5 (5)")),
        ("12 March", "May 5, 2020", "5 mai 2020", Repaired("5 mai 2020", (), ("12 March",))),
    ],
)
def test_uncertain_placeables_are_left_to_a_person(
    query: str, source: str, target: str, expected: Repaired
) -> None:
    """A placeable whose place in the translation is not certain is listed as missing, and nothing is guessed."""
    repaired = repair(query, source, target, ("en", "fr"))
    assert (repaired.text, repaired.missing) == (expected.text, expected.missing)


def test_swapped_numbers_follow_their_values() -> None:
    """A number replaces its counterpart in the translation, even if the order differs."""
    repaired = repair("7 of 90", "3 of 50", "50件中3件", ("en", "ja"))
    assert repaired.text == "90件中7件"


@pytest.mark.parametrize(
    "text",
    [
        "<b>" * 30_000,
        "a" * 50_000 + "@",
        "1,111" * 20_000,
        "{{a" * 30_000,
        "A/" * 50_000,
        "5 May 2025 " * 9_000,
    ],
)
def test_texts_made_to_be_slow(text: str) -> None:
    """Repetitions of 100,000 characters are read in one pass."""
    found = placeables(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    kinds = {each.kind for each in found}
    assert kinds <= set(PlaceableKind)


MARKED = {"en": "4. Thanks the pilots of the strait;", "fr": "4. Remercie les pilotes du détroit ;",
          "ar": "٤ - تشكر مرشدي المضيق؛", "zh": "4. 感谢海峡的引航员；"}  # fmt: skip


@pytest.mark.parametrize("target", ["fr", "ar", "zh"])
def test_an_item_mark_that_the_query_lacks_is_left_out(target: str) -> None:
    """Documents with automatic numbering do not have the item marks in their text."""
    query = MARKED["en"].removeprefix("4. ")
    assert differ_in_placeables(query, MARKED["en"])
    repaired = repair(query, MARKED["en"], MARKED[target], ("en", target))
    assert repaired.text == MARKED[target][MARKED[target].index(" ") + 1 :].removeprefix("- ")


@pytest.mark.parametrize(
    ("query", "target", "expected"),
    [
        ("17. Thanks the pilots of the strait;", "fr", "17. Remercie les pilotes du détroit ;"),
        ("17. Thanks the pilots of the strait;", "ar", "١٧ - تشكر مرشدي المضيق؛"),
        ("(b) Thanks the pilots of the strait;", "zh", "(b) 感谢海峡的引航员；"),
    ],
)
def test_an_item_mark_is_inserted_as_the_translation_writes_it(
    query: str, target: str, expected: str
) -> None:
    """The number changes, but digits and punctuation stay; a letter is copied as typed."""
    repaired = repair(query, MARKED["en"], MARKED[target], ("en", target))
    assert repaired.text == expected
    assert [repaired.text[each.start : each.end] for each in repaired.substitutions] == [
        each.after for each in repaired.substitutions
    ]


def test_an_item_mark_that_the_memory_lacks_is_taken_from_the_query() -> None:
    """A unit from a document with automatic numbering can be used for one with typed numbers."""
    bare = "Remercie les pilotes du détroit ;"
    found = repair(MARKED["en"], MARKED["en"].removeprefix("4. "), bare, ("en", "fr"))
    assert found.text == f"4. {bare}"


def test_a_day_is_not_an_item_mark() -> None:
    """In German a date may begin like a numbered text."""
    repaired = repair("3. Mai 2031 ist der Stichtag.", "1. Juni 2029 ist der Stichtag.",
                      "Le 1er juin 2029 est la date limite.", ("de", "fr"))  # fmt: skip
    assert repaired.text == "Le 3 mai 2031 est la date limite."


@pytest.mark.parametrize(
    ("tagged", "plain"),
    [
        ("Press the <b1>green</b1> button twice.", "Press the green button twice."),
        ("Click <x1/> the icon here.", "Click the icon here."),
        ("Turn the {0}yellow{1} wheel.", "Turn the yellow wheel."),
        ("<f0>This is </f0>the <f1>boat</f1>", "This is the boat"),
        ("3. <b>Decides</b> on 12 ports.", "3. Decides on 12 ports."),
    ],
)
def test_tags_of_one_text_alone_make_no_other_skeleton(tagged: str, plain: str) -> None:
    """A unit with tags is found by a text without them, and the other way round."""
    assert differ_in_placeables(plain, tagged) and differ_in_placeables(tagged, plain)


def test_tags_of_the_memory_are_left_out_for_a_plain_text() -> None:
    """The translation comes without the tags of the memory, and other placeables are put into it."""
    source, target = "Press the <b1>green</b1> button 2 times.", "Appuyez 2 fois sur le bouton <b1>vert</b1>."
    done = repair("Press the green button 5 times.", source, target, ("en", "fr"))
    assert (done.text, done.missing) == ("Appuyez 5 fois sur le bouton vert.", ())
    assert [(each.before, each.after) for each in done.substitutions] == [("2", "5")]


def test_tags_that_the_memory_lacks_are_missing() -> None:
    """A person must put in the tags of a text whose unit has none, or another number of them."""
    for source, target in (("Press the button.", "Appuyez."), ("Press <x1/> the button.", "Appuyez<x1/>.")):
        done = repair("Press the <b1>button</b1>.", source, target, ("en", "fr"))
        assert (done.text, done.missing) == ("Appuyez.", ("<b1>", "</b1>"))
