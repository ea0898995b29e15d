"""Documents split into segments and encoded."""

from __future__ import annotations

import numpy as np
import pytest

from hexapla.alignment.encoded_document import encode_document
from hexapla.text import joiner, matching_text
from hexapla_corpora.document import Block, BlockKind, Document
from hexapla_models.encoder import Encoder
from support_sentences import PASSAGES

ENGLISH = Document(
    "en",
    (
        Block(BlockKind.TITLE, "Rainfall in the northern valleys"),
        Block(BlockKind.OPERATIVE, "1. Welcomes the report.  It is long.\u00a0It has maps.", "1", 1),
        Block(BlockKind.FOOTNOTE, "¹ See art. 5, para. 2. The map is new.", "1", 1),
        Block(BlockKind.TABLE_CELL, "2030"),
    ),
)
CHINESE = Document(
    "zh-Hant", (Block(BlockKind.PLAIN, "歡迎報告。報告很長。"), Block(BlockKind.PLAIN, "附有地圖。"))
)


def test_sentences_are_counted_by_block(encoder: Encoder) -> None:
    """Bounds say where the sentences of each block begin and end."""
    version = encode_document(ENGLISH, encoder)
    assert version.bounds == (0, 1, 4, 6, 7)
    assert [sentence.block for sentence in version.sentences] == [0, 1, 1, 1, 2, 2, 3]
    assert len(version.block_segments) == 4
    assert len(version.sentence_segments) == 7


@pytest.mark.parametrize(
    ("span", "text"),
    [
        ((1, 2), "1. Welcomes the report."),
        ((1, 3), "1. Welcomes the report.  It is long."),
        ((1, 4), "1. Welcomes the report.  It is long.\u00a0It has maps."),
        ((3, 5), "It has maps. ¹ See art. 5, para. 2."),
        ((0, 7), " ".join(block.text for block in ENGLISH.blocks)),
    ],
)
def test_text_of_sentences_is_as_printed(encoder: Encoder, span: tuple[int, int], text: str) -> None:
    """White space between the sentences of a block is kept; blocks are joined by a space."""
    assert encode_document(ENGLISH, encoder).sentence_text(*span) == text


def test_text_of_blocks_is_joined_as_the_language_does(encoder: Encoder) -> None:
    """Chinese text is joined without spaces, and its script is kept."""
    version = encode_document(CHINESE, encoder)
    assert version.block_text(0, 2) == version.sentence_text(0, 3) == "歡迎報告。報告很長。附有地圖。"
    assert encode_document(ENGLISH, encoder).block_text(2, 4).endswith("new. 2030")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ""),
        ("zh-Hant-HK", ""),
        ("ZH-CN", ""),
        ("yue", ""),
        ("ja", ""),
        ("th", ""),
        ("en", " "),
        ("ko", " "),
        ("ar-EG", " "),
    ],
)
def test_joiner(language: str, expected: str) -> None:
    """Languages written without spaces have no spaces between sentences."""
    assert joiner(language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("氣候變遷與觀測", "zh-Hant", "气候变迁与观测"),
        ("氣候變遷與觀測", "zh", "气候变迁与观测"),
        ("氣候", "yue", "气候"),
        ("气候", "zh-Hans", "气候"),
        ("氣候", "ja", "氣候"),
        ("Climate", "en", "Climate"),
        ("المُنَاخُ يتغيّـــر", "ar", "المناخ يتغير"),
    ],
)
def test_matching_text(text: str, language: str, expected: str) -> None:
    """Chinese is compared in simplified characters, whatever its tag says, and Arabic without vowel marks."""
    assert matching_text(text, language) == expected


def test_vectors_of_blocks_are_those_of_their_sentences(encoder: Encoder) -> None:
    """A block is near its translation, although only sentences were encoded."""
    sides = []
    for tag in ("en", "ru"):
        joined = [f"{a[tag]} {b[tag]}" for a, b in zip(PASSAGES[::2], PASSAGES[1::2], strict=True)]
        document = Document(tag, tuple(Block(BlockKind.PLAIN, text) for text in joined))
        version = encode_document(document, encoder)
        assert len(version.sentences) == len(PASSAGES)
        sides.append(version.block_segments.side(0, len(joined)))
    cosines = sides[0].vectors[0] @ sides[1].vectors[0].T
    assert list(cosines.argmax(axis=1)) == list(range(len(PASSAGES) // 2))


def test_numbers_and_kinds_of_blocks_are_passed_on(encoder: Encoder) -> None:
    """Footnotes, table cells and all other blocks are three classes; printed numbers are compared."""
    side = encode_document(ENGLISH, encoder).block_segments.side(0, 4)
    assert list(side.ordinals) == [0, 1, 1, 0]
    assert len(set(side.classes.tolist())) == 3
    assert side.classes[0] == side.classes[1]
    assert np.array_equal(side.lengths, [len(block.text.encode()) for block in ENGLISH.blocks])


def test_a_segmented_document_is_not_split(encoder: Encoder) -> None:
    """Every non-empty line is one segment, however many sentences it has."""
    texts = ("", "One. Two. Three.", "", "Four", "")
    document = Document("en", tuple(Block(BlockKind.PLAIN, text) for text in texts))
    version = encode_document(document, encoder, segmented=True)
    assert [(s.text, s.block) for s in version.sentences] == [("One. Two. Three.", 1), ("Four", 3)]
    assert version.bounds == (0, 0, 1, 1, 2, 2)
    assert len(version.sentence_segments) == 2
    assert version.sentence_text(0, 2) == "One. Two. Three. Four"
