"""Pretranslation: each sentence of a document with its matches in the memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hexapla.errors import InputError, MissingLanguage
from hexapla.matches import Match
from hexapla.memory.memory import Memory
from hexapla.pretranslate.segments import check_languages, look_up, pretranslate
from hexapla.pretranslation import PretranslationSettings, SegmentMatches
from hexapla.units import Status
from hexapla_corpora.document import Block, BlockKind, Document
from hexapla_corpora.errors import UnknownLanguage as NoTag
from support_lookup import kinds_of, memory_of, units_of

TEXTS = [
    {"en": "The committee met.", "fr": "Le comité s’est réuni."},
    {
        "en": "It adopted 12 drafts of the report on tides.",
        "fr": "Il a adopté 12 projets du rapport sur les marées.",
    },
    {"en": "The session was closed.", "fr": "La session a été close."},
    {"en": "The <b1>harbour</b1> is deep.", "fr": "Le <b1>port</b1> est profond."},
    {
        "en": "Every harbour master keeps a log of the tides.",
        "fr": "Chaque capitaine de port tient un registre des marées.",
    },
]
SETTINGS = PretranslationSettings("en", "fr")


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """Return a memory of five sentences in two languages."""
    return memory_of(tmp_path_factory.mktemp("pretranslation"), units_of(TEXTS))


def looked_up(memory: Memory, texts: Sequence[str], **changes: int) -> tuple[SegmentMatches, ...]:
    return look_up(memory, texts, PretranslationSettings("en", "fr", **changes))


def test_sentences_of_a_document_are_looked_up_in_their_context(memory: Memory) -> None:
    """The same text between the same neighbours is a match in context; elsewhere it is exact."""
    blocks = (
        Block(BlockKind.PLAIN, "The committee met. It adopted 12 drafts of the report on tides."),
        Block(BlockKind.PLAIN, "The session was closed. The committee met."),
    )
    found = pretranslate(memory, Document("en", blocks), SETTINGS)
    assert [kinds_of(segment.matches[:1]) for segment in found.segments] == [
        [("in context", 101)],
        [("in context", 101)],
        [("exact", 100)],
        [("exact", 100)],
    ]
    assert [segment.translation.target for segment in found.segments if segment.translation] == [
        "Le comité s’est réuni.",
        "Il a adopté 12 projets du rapport sur les marées.",
        "La session a été close.",
        "Le comité s’est réuni.",
    ]
    assert [found.block(sentence) for sentence in found.sentences] == [
        blocks[0],
        blocks[0],
        blocks[1],
        blocks[1],
    ]


@pytest.mark.parametrize(("fill", "filled"), [(101, 1), (100, 2), (99, 3)])
def test_the_percentage_decides_which_segments_are_filled(memory: Memory, fill: int, filled: int) -> None:
    """101 fills matches in context, 100 also the same text, 99 also matches with substituted placeables."""
    texts = ["The committee met.", "The session was closed.", "It adopted 15 drafts of the report on tides."]
    found = looked_up(
        memory, ["", *texts[:1], TEXTS[1]["en"], "A.", *texts[1:], "The committee sat."], fill=fill
    )
    assert sum(segment.translation is not None for segment in found) == filled + (fill < 101)


def test_similar_texts_are_offered_but_never_used_as_translation(memory: Memory) -> None:
    """A fuzzy match is offered for its segment, from the requested percentage upwards."""
    text = "It adopted 12 drafts of the long report on tides."
    (segment,) = looked_up(memory, [text])
    assert segment.translation is None
    ((kind, percentage),) = kinds_of(segment.matches)
    assert kind == "fuzzy"
    assert percentage is not None
    (stricter,) = looked_up(memory, [text], minimum=percentage + 1)
    assert (stricter.matches, stricter.closest) == ((), segment.closest)


def test_a_translation_that_lacks_a_placeable_is_not_used(memory: Memory) -> None:
    """A translation that is not complete is only offered."""
    (segment,) = look_up(
        memory_with(memory, {"en": "The 12 ports open at 9.", "fr": "Les ports ouvrent à 9 heures."}),
        ["The 13 ports open at 9."],
        PretranslationSettings("en", "fr", fill=99),
    )
    assert kinds_of(segment.matches) == [("placeables", 99)]
    assert segment.translation is None


def memory_with(memory: Memory, texts: dict[str, str]) -> Memory:
    """Return another memory, of one unit."""
    return memory_of(memory.path / texts["en"][4:6], units_of([texts]))


def test_limit_is_the_number_of_matches(memory: Memory) -> None:
    """No more matches are offered than requested."""
    (many,) = looked_up(memory, ["The harbour is deep."], minimum=1)
    (one,) = looked_up(memory, ["The harbour is deep."], minimum=1, limit=1)
    assert len(many.matches) > 1
    assert one.matches == many.matches[:1]


def test_a_text_is_looked_up_once(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repeated text is not looked up again if it has no exact match."""
    texts: list[str] = []
    lookup = memory.lookup

    def counted(text: str, **options: Any) -> tuple[Match, ...]:  # noqa: ANN401
        texts.append(text)
        return lookup(text, **options)

    monkeypatch.setattr(memory, "lookup", counted)
    looked_up(
        memory, ["Nobody said this.", "The committee met.", "Nobody  said this.", "The committee met.", " "]
    )
    assert texts == ["Nobody said this.", "The committee met.", "The committee met."]


def test_codes_that_the_memory_lacks_cost_a_point(memory: Memory) -> None:
    """A text whose codes are not in the memory is found by its words, and a person must insert the codes."""
    known, unknown = looked_up(memory, ["The <b1>harbour</b1> is deep.", "The <b1>committee</b1> met."])
    assert kinds_of(known.matches) == [("exact", 100)]
    assert kinds_of(unknown.matches[:1]) == [("placeables", 99)]
    assert unknown.matches[0].targets["fr"].missing == ("<b1>", "</b1>")
    assert unknown.translation is None


def test_texts_without_words_have_no_match(memory: Memory) -> None:
    """White space, and codes without text, have no matches."""
    assert [segment.matches for segment in looked_up(memory, [" ", "", "<x1/>"])] == [(), (), ()]


def test_languages_are_checked(memory: Memory, tmp_path: Path) -> None:
    """Requests that cannot have a match are refused: an empty memory, a missing language, the same language twice."""
    for source, target, error, words in (
        ("en", "de", MissingLanguage, "'de': it has en, fr"),
        ("de", "fr", MissingLanguage, "'de': it has en, fr"),
        ("en", "EN", InputError, "are both en"),
        ("en", "f_r", NoTag, "BCP 47"),
    ):
        with pytest.raises(error, match=words):
            check_languages(memory, PretranslationSettings(source, target))
    with pytest.raises(InputError, match="is empty: add documents to it"):
        check_languages(Memory.create(tmp_path / "empty"), SETTINGS)


@pytest.mark.parametrize("limit", [1, 5])
def test_competing_translations_are_left_to_a_person(tmp_path: Path, limit: int) -> None:
    """If one text has two translations, none is inserted, both are offered, and the segment is counted as ambiguous."""
    texts = [
        {"en": "Close the valve.", "fr": french} for french in ("Fermez la vanne.", "Fermer le robinet.")
    ]
    memory = memory_of(tmp_path, units_of(texts))
    (segment,) = looked_up(memory, ["Close the valve."], limit=limit)
    assert (segment.translation, segment.ambiguous, len(segment.matches)) == (None, True, min(limit, 2))


def test_a_decision_settles_competing_translations(tmp_path: Path) -> None:
    """A translation that a person approved is inserted, even if another one of the same text was only aligned."""
    texts = [
        {"en": "Close the valve.", "fr": french} for french in ("Fermez la vanne.", "Fermer le robinet.")
    ]
    memory = memory_of(tmp_path, units_of(texts))
    memory.review(
        [unit.id for unit in memory.snapshot if unit.texts["fr"] == "Fermer le robinet."], Status.APPROVED
    )
    (segment,) = looked_up(memory, ["Close the valve."])
    assert segment.translation
    assert (segment.translation.target, segment.ambiguous) == ("Fermer le robinet.", False)


def test_the_same_translation_twice_is_clear(tmp_path: Path) -> None:
    """Two units that say the same do not compete."""
    texts = [
        {"en": "Close the valve.", "fr": "Fermez la vanne."},
        {"en": "Close the valve.", "fr": "Fermez  la vanne."},
    ]
    (segment,) = looked_up(memory_of(tmp_path, units_of(texts)), ["Close the valve."])
    assert segment.translation and not segment.ambiguous
