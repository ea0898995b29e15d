"""A small alignment for the tests of the page: three languages, both levels, and every kind of problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hexapla.rows import Alignment, Level, Row, Signature
from hexapla_corpora.document import Block, BlockKind, Document

LANGUAGES = ("en", "ar", "zh-Hans")
HOSTILE = """</textarea><script>alert("x")</script> & 'single' <b> ]]> --> \u202eright"""

# One paragraph row each: kind, number, probability, and the blocks of each language; sentences end at "|".
_PARAGRAPHS: tuple[tuple[BlockKind, str | None, float, Mapping[str, tuple[str, ...]]], ...] = (
    (
        BlockKind.TITLE,
        None,
        0.99,
        {"en": ("Lending of sea charts",), "ar": ("إعارة الخرائط البحرية",), "zh-Hans": ("海图的出借",)},
    ),
    (
        BlockKind.OPERATIVE,
        "1",
        0.96,
        {
            "en": ("1. Libraries lend charts.|They keep a register.",),
            "ar": ("1 - تعير المكتبات الخرائط.|وتحتفظ بسجل.",),
            "zh-Hans": ("1. 图书馆出借海图。", "|并保存登记册。"),
        },
    ),
    (
        BlockKind.LIST_ITEM,
        "a",
        0.62,
        {"en": ("(a) A wet chart is dried first;",), "zh-Hans": ("(a) 湿海图先晾干；",)},
    ),
    (BlockKind.FOOTNOTE, "1", 0.9, {"ar": ("¹ انظر سجل الميناء.",)}),
    (
        BlockKind.OPERATIVE,
        "2",
        0.31,
        {
            "en": ("2. Libraries lend charts.|Fees are waived.",),
            "ar": ("2 - تعير المكتبات الخرائط.|ولا رسوم عليها.",),
            "zh-Hans": ("2. 图书馆出借海图。|免收费用。",),
        },
    ),
)


def harbour() -> Alignment:
    """Return an alignment of five paragraphs: two complete, one doubtful, one incomplete, one unaligned."""
    blocks: dict[str, list[Block]] = {language: [] for language in LANGUAGES}
    sentences = dict.fromkeys(LANGUAGES, 0)
    rows: list[Row] = []
    children: list[Row] = []
    for place, (kind, number, probability, sides) in enumerate(_PARAGRAPHS):
        segments = {}
        for language, texts in sides.items():
            first = len(blocks[language])
            level = int(kind is BlockKind.LIST_ITEM)
            blocks[language] += [Block(kind, text.replace("|", " ").strip(), level=level) for text in texts]
            segments[language] = tuple(range(first, len(blocks[language])))
        texts_of_row = {language: "".join(texts).replace("|", " ") for language, texts in sides.items()}
        row = Row(
            f"p{place}", Level.PARAGRAPH, kind.value, number, probability, texts_of_row, segments, "X/1/L.2"
        )
        rows.append(row)
        children += _sentence_rows(row, sides, sentences)
    documents = tuple(_document(language, tuple(blocks[language])) for language in LANGUAGES)
    signature = Signature("0.1.0", "embedded", "0123456789ab", {"level": "both"})
    return Alignment(documents, (*rows, *children), signature)


def only(alignment: Alignment, level: Level) -> Alignment:
    """Keep the rows of one level."""
    return replace(alignment, rows=tuple(row for row in alignment.rows if row.level is level))


def with_text(alignment: Alignment, text: str) -> Alignment:
    """Put a text in place of everything that is printed and comes from outside."""
    rows = tuple(
        replace(row, kind=text, number=text, texts=dict.fromkeys(row.texts, text), symbol=text)
        for row in alignment.rows
    )
    documents = tuple(
        replace(document, title=text, symbol=text, warnings=(text,), path=Path(text.replace("/", "")))
        for document in alignment.documents
    )
    return replace(alignment, rows=rows, documents=documents)


def _sentence_rows(row: Row, sides: Mapping[str, tuple[str, ...]], counts: dict[str, int]) -> list[Row]:
    """Return the sentence rows of a paragraph; `counts` holds the number of sentences before it."""
    texts = {language: "".join(side).split("|") for language, side in sides.items()}
    rows = []
    for index in range(len(next(iter(texts.values())))):
        segments = {language: (counts[language] + index,) for language in texts}
        sides_of_row = {language: sentences[index] for language, sentences in texts.items()}
        rows.append(
            replace(
                row,
                id=f"{row.id}s{index}",
                level=Level.SENTENCE,
                texts=sides_of_row,
                segments=segments,
            )
        )
    for language, found in texts.items():
        counts[language] += len(found)
    return rows


def _document(language: str, blocks: tuple[Block, ...]) -> Document:
    return Document(language, blocks, "X/1/L.2", blocks[0].text, Path(f"charts.{language}.md"))
