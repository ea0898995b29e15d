"""Rows assembled from aligned spans."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hexapla.alignment.encoded_document import EncodedDocument, encode_document
from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.row_assembly import paragraph_rows, sentence_rows
from hexapla.rows import Level
from hexapla_corpora.document import Block, BlockKind, Document
from hexapla_models.encoder import Encoder


def version(encoder: Encoder, language: str, *texts: str, symbol: str | None = "A/99/L.1") -> EncodedDocument:
    """A version of plain blocks."""
    blocks = tuple(Block(BlockKind.PLAIN, text) for text in texts)
    return encode_document(Document(language, blocks, symbol=symbol), encoder)


def lines(encoder: Encoder, language: str, *texts: str) -> EncodedDocument:
    """A segmented version."""
    blocks = tuple(Block(BlockKind.PLAIN, text) for text in texts)
    return encode_document(Document(language, blocks), encoder, segmented=True)


def joint(*rows: dict[int, tuple[int, int]]) -> list[JointRow]:
    return [JointRow(spans, 0.8) for spans in rows]


def identifiers(versions: Sequence[EncodedDocument], *rows: dict[int, tuple[int, int]]) -> list[str]:
    return [row.id for row in paragraph_rows(joint(*rows), versions)]


def test_a_row_has_what_its_blocks_have(encoder: Encoder) -> None:
    """A row has texts in the order of the languages, segment numbers, kind, printed number and symbol."""
    english = Document(
        "en",
        (
            Block(BlockKind.HEADING, "Rain"),
            Block(BlockKind.OPERATIVE, "1. Welcomes rain;", "1", 1),
            Block(BlockKind.OPERATIVE, "and snow.", None),
        ),
        symbol="A/99/L.1",
    )
    chinese = Document("zh", (Block(BlockKind.OPERATIVE, "1. 欢迎雨雪。", "1", 1),), symbol="A/99/L.1")
    versions = [encode_document(chinese, encoder), encode_document(english, encoder)]
    alone, both = paragraph_rows(joint({1: (0, 1)}, {1: (1, 3), 0: (0, 1)}), versions)
    assert (alone.kind, alone.number, alone.aligned) == ("heading", None, False)
    assert both.level == Level.PARAGRAPH
    assert list(both.texts.items()) == [("zh", "1. 欢迎雨雪。"), ("en", "1. Welcomes rain; and snow.")]
    assert both.segments == {"zh": (0,), "en": (1, 2)}
    assert (both.kind, both.number, both.symbol, both.probability) == ("operative", "1", "A/99/L.1", 0.8)


def test_sentence_rows_number_the_sentences_of_the_document(encoder: Encoder) -> None:
    """The segments of a sentence row are sentence numbers within the document."""
    versions = [
        version(encoder, "en", "One sea. Two seas.", "Three seas."),
        version(encoder, "es", "Un mar.", "Dos. Tres."),
    ]
    rows = sentence_rows(joint({0: (0, 1), 1: (0, 1)}, {0: (1, 3), 1: (1, 3)}), versions)
    assert [row.segments for row in rows] == [{"en": (0,), "es": (0,)}, {"en": (1, 2), "es": (1, 2)}]
    assert rows[1].texts == {"en": "Two seas. Three seas.", "es": "Dos. Tres."}
    assert {row.level for row in rows} == {Level.SENTENCE}


def test_an_identifier_stays_with_its_passage(encoder: Encoder) -> None:
    """The same passages keep their identifiers in another order, among new ones, or with another translation."""
    first = [
        version(encoder, "en", "Rain.", "Snow.", "Hail."),
        version(encoder, "es", "Lluvia.", "Nieve.", "Granizo."),
    ]
    rows = [{0: (k, k + 1), 1: (k, k + 1)} for k in range(3)]
    rain, snow, hail = identifiers(first, *rows)
    assert len({rain, snow, hail}) == 3
    again = [version(encoder, "en", "Wind.", "Hail.", "Rain.", "Snow."), version(encoder, "es", "Pedrisco.")]
    found = identifiers(again, {0: (0, 1)}, {0: (1, 2), 1: (0, 1)}, {0: (2, 3)}, {0: (3, 4)})
    assert found[1:] == [hail, rain, snow]
    assert found[0] not in (rain, snow, hail)


def test_repeats_are_counted(encoder: Encoder) -> None:
    """A passage that is printed twice has two identifiers, which are the same in every run."""
    versions = [version(encoder, "en", "Rain.", "Snow.", "Rain."), version(encoder, "es", "Lluvia.")]
    rows = [{0: (0, 1), 1: (0, 1)}, {0: (1, 2)}, {0: (2, 3)}]
    found = identifiers(versions, *rows)
    assert len(set(found)) == 3
    assert identifiers(versions, *rows) == found


def test_identifiers_differ_by_document_level_and_language(encoder: Encoder) -> None:
    """The same text has other identifiers in another document, at another level or in another language."""
    row = {0: (0, 1)}
    rain = version(encoder, "en", "Rain.")
    other = version(encoder, "en", "Rain.", symbol="A/99/L.2")
    french = version(encoder, "fr", "Rain.")
    found = [paragraph_rows(joint(row), [each])[0].id for each in (rain, other, french)]
    found.append(sentence_rows(joint(row), [rain])[0].id)
    assert len(set(found)) == 4
    assert all(len(each) == 16 and int(each, 16) >= 0 for each in found)


@pytest.mark.parametrize("tag", ["en", "EN"])
def test_identifiers_do_not_depend_on_the_case_of_a_tag(encoder: Encoder, tag: str) -> None:
    """A language tag in capitals is the same language."""
    expected = identifiers([version(encoder, "en", "Rain.")], {0: (0, 1)})
    assert identifiers([version(encoder, tag, "Rain.")], {0: (0, 1)}) == expected


def test_empty_lines_have_separate_rows(encoder: Encoder) -> None:
    """Every line of every input, empty or not, is in exactly one row, and each language's lines are in order."""
    versions = [
        lines(encoder, "en", "", "Rain.", "", "", "Snow.", "Hail.", ""),
        lines(encoder, "es", "Lluvia.", "Nieve y", "", "granizo."),
    ]
    rows = sentence_rows(joint({0: (0, 1), 1: (0, 1)}, {0: (1, 3), 1: (1, 3)}), versions, segmented=True)
    assert [dict(row.segments) for row in rows if row.aligned] == [
        {"en": (1,), "es": (0,)},
        {"en": (4, 5), "es": (1, 3)},
    ]
    empty = [row for row in rows if not row.aligned]
    assert sorted((*row.segments.items(),)[0] for row in empty) == [
        ("en", (0,)),
        ("en", (2,)),
        ("en", (3,)),
        ("en", (6,)),
        ("es", (2,)),
    ]
    assert all(set(row.texts.values()) == {""} for row in empty)
    english = [n for row in rows for n in row.segments.get("en", ())]
    assert english == list(range(7))
    assert len({row.id for row in rows}) == len(rows)


def test_an_unaligned_line_comes_after_the_empty_lines_before_it(encoder: Encoder) -> None:
    """Empty lines before an unaligned line come before it."""
    versions = [lines(encoder, "en", "", "Rain."), lines(encoder, "es", "")]
    rows = sentence_rows(joint({0: (0, 1)}), versions, segmented=True)
    assert [dict(row.segments) for row in rows] == [{"en": (0,)}, {"en": (1,)}, {"es": (0,)}]


def test_lines_that_moved_are_in_one_row(encoder: Encoder) -> None:
    """Every line, empty or not, is in exactly one row even if rows are out of order, and such rows are marked."""
    versions = [
        lines(encoder, "en", "Rain.", "", "Snow.", "Hail."),
        lines(encoder, "es", "Nieve.", "", "Granizo.", "", "Lluvia."),
    ]
    rows = [
        JointRow({0: (0, 1), 1: (2, 3)}, 0.9, moved=True),
        JointRow({0: (1, 2), 1: (0, 1)}, 0.9),
        JointRow({0: (2, 3), 1: (1, 2)}, 0.9),
    ]
    found = sentence_rows(rows, versions, segmented=True)
    for language, count in (("en", 4), ("es", 5)):
        assert sorted(n for row in found for n in row.segments.get(language, ())) == list(range(count))
    assert [dict(row.segments) for row in found if row.moved] == [{"en": (0,), "es": (4,)}]
