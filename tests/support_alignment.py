"""Small alignments for the tests of the output formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hexapla.rows import Alignment, Level, Row, Signature
from hexapla_corpora.document import Block, BlockKind, Document

SIGNATURE = Signature("0.1.0", "embedded", "0123456789ab", {"level": "both"})


def make_row(
    texts: Mapping[str, str],
    index: int = 0,
    *,
    level: Level = Level.SENTENCE,
    segments: Mapping[str, Sequence[int]] | None = None,
    number: str | None = None,
    probability: float = 0.9,
    symbol: str | None = "A/99/L.1",
) -> Row:
    """Make a row whose languages all have the same segment index, unless the segments are given."""
    places = segments or dict.fromkeys(texts, (index,))
    return Row(
        id=f"{level.value[0]}{index:04d}",
        level=level,
        kind=BlockKind.PLAIN.value,
        number=number,
        probability=probability,
        texts=dict(texts),
        segments={language: tuple(indices) for language, indices in places.items()},
        symbol=symbol,
    )


def make_alignment(rows: Sequence[Row], languages: Sequence[str]) -> Alignment:
    """Make an alignment of these rows; each language's document holds its paragraph texts."""
    documents = tuple(
        Document(
            language,
            tuple(
                Block(BlockKind.PLAIN, row.texts[language])
                for row in rows
                if row.level == Level.PARAGRAPH and language in row.texts
            ),
            symbol="A/99/L.1",
        )
        for language in languages
    )
    return Alignment(documents, tuple(rows), SIGNATURE)


def bilingual(*pairs: tuple[str, str], level: Level = Level.SENTENCE) -> Alignment:
    """Make an alignment of Chinese and English with a row for each pair of texts."""
    rows = [make_row({"zh": zh, "en": en}, index, level=level) for index, (zh, en) in enumerate(pairs)]
    return make_alignment(rows, ("zh", "en"))


def resolution() -> Alignment:
    """Make a short draft resolution in Chinese, English and Arabic at both levels.

    Paragraph 1 has two sentences. Paragraph 2 has one sentence in Chinese and two in English, and is missing in
    Arabic. The English version ends with a paragraph that no other version has.
    """
    sentences = [
        {"zh": "大会，", "en": "The General Assembly,", "ar": "إن الجمعية العامة،"},
        {
            "zh": "1. 欢迎各会员国交存雨水观测记录。",
            "en": "1. Welcomes the rainfall records deposited by Member States.",
            "ar": "1 - ترحب بسجلات الأمطار التي أودعتها الدول الأعضاء.",
        },
        {
            "zh": "这些记录应予公开。",
            "en": "These records shall be public.",
            "ar": "وتُتاح هذه السجلات للجمهور.",
        },
        {
            "zh": "2. 请秘书长设立观测站，并于 2031 年提出报告。",
            "en": "2. Requests the Secretary-General to set up stations. He shall report in 2031.",
        },
        {"en": "The list of sponsors is not final."},
    ]
    english = [(0,), (1,), (2,), (3, 4), (5,)]
    rows = [
        make_row(
            texts,
            index,
            segments={language: english[index] if language == "en" else (index,) for language in texts},
            number={1: "1", 2: "1", 3: "2"}.get(index),
            probability=0.9 - index / 10,
        )
        for index, texts in enumerate(sentences)
    ]
    paragraphs = [
        make_row(sentences[0], 0, level=Level.PARAGRAPH),
        make_row(
            {
                language: sentences[1][language] + ("" if language == "zh" else " ") + sentences[2][language]
                for language in ("zh", "en", "ar")
            },
            1,
            level=Level.PARAGRAPH,
            number="1",
        ),
        make_row(sentences[3], 2, level=Level.PARAGRAPH, number="2"),
        make_row(sentences[4], 3, level=Level.PARAGRAPH),
    ]
    return make_alignment([*paragraphs, *rows], ("zh", "en", "ar"))


def only(alignment: Alignment, level: Level) -> Alignment:
    """Return the alignment with the rows of one level."""
    return replace(alignment, rows=tuple(row for row in alignment.rows if row.level is level))
