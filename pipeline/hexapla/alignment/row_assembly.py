"""Rows with texts, numbers and stable identifiers, assembled from aligned spans."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from hexapla.alignment.encoded_document import EncodedDocument
from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.windows import Span
from hexapla.rows import Level, Row
from hexapla_corpora.document import Block


def paragraph_rows(joint: Sequence[JointRow], versions: Sequence[EncodedDocument]) -> list[Row]:
    """Assemble rows of blocks.

    Args:
        joint: aligned blocks.
        versions: the language versions.

    Returns:
        The rows, in reading order.
    """
    identify = Identifier(versions, Level.PARAGRAPH)
    rows = []
    for row in joint:
        texts = {versions[i].document.language: versions[i].block_text(*span) for i, span in _ordered(row)}
        segments = {versions[i].document.language: tuple(range(*span)) for i, span in _ordered(row)}
        blocks = [versions[i].document.blocks[k] for i, span in _ordered(row) for k in range(*span)]
        rows.append(_row(identify, row, blocks, texts, segments))
    return rows


def sentence_rows(
    joint: Sequence[JointRow], versions: Sequence[EncodedDocument], *, segmented: bool = False
) -> list[Row]:
    """Assemble rows of sentences, or of the lines of segmented inputs.

    Args:
        joint: aligned sentences.
        versions: the language versions.
        segmented: whether sentences are lines, numbered with empty lines included; empty lines get separate rows.

    Returns:
        One row per aligned row, and one per empty line of segmented inputs.
    """
    identify = Identifier(versions, Level.SENTENCE)
    lines = _EmptyLines(versions)
    rows: list[Row] = []
    for row in joint:
        texts, segments, blocks = {}, {}, []
        for i, span in _ordered(row):
            language = versions[i].document.language
            sentences = versions[i].sentences[slice(*span)]
            texts[language] = versions[i].sentence_text(*span)
            segments[language] = tuple(s.block for s in sentences) if segmented else tuple(range(*span))
            blocks += [versions[i].document.blocks[s.block] for s in sentences]
        if segmented and not row.moved:
            rows += [_empty_row(identify, *empty) for empty in lines.before(segments)]
        rows.append(_row(identify, row, blocks, texts, segments))
    if segmented:
        rows += [_empty_row(identify, *empty) for empty in lines.rest()]
    return rows


def described(blocks: Sequence[Block]) -> tuple[str, str | None]:
    """Return the kind and printed number of a row.

    Args:
        blocks: the blocks that contain its segments (at least one), in the order of the languages.

    Returns:
        The most frequent kind, and the first printed number.
    """
    kind = Counter(block.kind.value for block in blocks).most_common(1)[0][0]
    return kind, next((block.number for block in blocks if block.number), None)


class Identifier:
    """Identifiers that stay the same when the same passage of the same document is aligned again.

    Args:
        versions: the language versions; a document is identified by its symbol, else by its title, else not at all.
        level: level of the rows.
    """

    def __init__(self, versions: Sequence[EncodedDocument], level: Level) -> None:
        documents = [version.document for version in versions]
        symbols = Counter(document.symbol for document in documents if document.symbol)
        self.symbol = symbols.most_common(1)[0][0] if symbols else None
        self.level = level
        self._document = self.symbol or next((document.title for document in documents if document.title), "")
        self._seen: Counter[str] = Counter()

    def __call__(self, language: str, text: str) -> str:
        """Return the identifier of the passage with this text in the first language of its row; repeats differ."""
        passage = "\x1f".join((self._document, self.level, language.lower(), text))
        self._seen[passage] += 1
        return hashlib.sha256(f"{passage}\x1f{self._seen[passage]}".encode()).hexdigest()[:16]


class _EmptyLines:
    """The empty lines of segmented inputs, handed out as rows pass them."""

    def __init__(self, versions: Sequence[EncodedDocument]) -> None:
        self._texts = {v.document.language: [block.text for block in v.document.blocks] for v in versions}
        self._next = dict.fromkeys(self._texts, 0)

    def before(self, segments: dict[str, tuple[int, ...]]) -> Iterator[tuple[str, int]]:
        """Yield the language and number of each empty line before the last line of a row."""
        for language, numbers in segments.items():
            yield from self._until(language, numbers[-1])

    def rest(self) -> Iterator[tuple[str, int]]:
        """Yield the language and number of each empty line after all rows."""
        for language, texts in self._texts.items():
            yield from self._until(language, len(texts))

    def _until(self, language: str, end: int) -> Iterator[tuple[str, int]]:
        numbers = range(self._next[language], end)
        self._next[language] = max(end, self._next[language])
        yield from ((language, number) for number in numbers if not self._texts[language][number])


def _ordered(row: JointRow) -> list[tuple[int, Span]]:
    """Spans of a row in the order in which the languages were given."""
    return sorted(row.spans.items())


def _row(
    identify: Identifier,
    row: JointRow,
    blocks: Sequence[Block],
    texts: dict[str, str],
    segments: dict[str, tuple[int, ...]],
) -> Row:
    first = next(iter(texts))
    kind, number = described(blocks)
    return Row(
        id=identify(first, texts[first]),
        level=identify.level,
        kind=kind,
        number=number,
        probability=row.probability,
        texts=texts,
        segments=segments,
        symbol=identify.symbol,
        moved=row.moved,
    )


def _empty_row(identify: Identifier, language: str, number: int) -> Row:
    return Row(
        identify(language, ""),
        identify.level,
        "plain",
        None,
        1.0,
        {language: ""},
        {language: (number,)},
        None,
    )
