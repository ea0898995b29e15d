"""Rows: what an alignment gives, and what every output format writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hexapla_corpora.document import Document

DOUBTFUL_BELOW = 0.8  # probability of an aligned row under which a person should look at it


class Level(StrEnum):
    """How large the aligned segments are."""

    PARAGRAPH = "paragraph"
    SENTENCE = "sentence"


BOTH_LEVELS = (Level.PARAGRAPH, Level.SENTENCE)


@dataclass(frozen=True, slots=True)
class Row:
    """One aligned unit over all languages of a document.

    Attributes:
        id: stable identifier: the same passage of the same document gets the same one in a later run.
        level: paragraph or sentence.
        kind: kind of its blocks (hexapla_corpora.document.BlockKind value).
        number: printed number in Western form ("1", "a"), or None.
        probability: chance in 0..1 that the row is exactly right.
        texts: text of each language that has a side in this row, by tag, in the order the languages were given.
        segments: indices from 0 of the document's blocks (level paragraph) or sentences (level sentence), or of the
            input's lines (segmented input), for each language in texts.
        symbol: document symbol, or None.
        moved: whether the passage is at another place in some language, so that the row is out of order there.
    """

    id: str
    level: Level
    kind: str
    number: str | None
    probability: float
    texts: Mapping[str, str]
    segments: Mapping[str, tuple[int, ...]]
    symbol: str | None
    moved: bool = False

    @property
    def aligned(self) -> bool:
        """Whether at least two languages have this row."""
        return len(self.texts) > 1


@dataclass(frozen=True, slots=True)
class Signature:
    """The program, encoder and parameters that made a result, so that it can be reproduced.

    Attributes:
        version: version of hexapla.
        model: name of the encoder.
        model_hash: first 12 hexadecimal digits of the SHA-256 of its weights.
        parameters: parameters of the aligner that differ from run to run.
    """

    version: str
    model: str
    model_hash: str
    parameters: Mapping[str, Any]

    def __str__(self) -> str:
        """The signature in one line: hexapla 0.1.0 | model embedded (0123456789ab) | level both."""
        parameters = " ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"hexapla {self.version} | model {self.model} ({self.model_hash}) | {parameters}"


@dataclass(frozen=True, slots=True)
class Alignment:
    """The language versions of one document and their rows.

    Attributes:
        documents: the versions, in the order they were given.
        rows: rows of the requested levels, paragraphs before sentences; within a level in reading order, moved
            ones where the first of their languages has them. Every segment of every document is in exactly one row
            of each level.
        signature: what made it.
    """

    documents: tuple[Document, ...]
    rows: tuple[Row, ...]
    signature: Signature

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the versions, in the order they were given."""
        return tuple(document.language for document in self.documents)

    @property
    def symbol(self) -> str | None:
        """Document symbol that most versions print, or None."""
        symbols = [document.symbol for document in self.documents if document.symbol]
        return max(symbols, key=symbols.count) if symbols else None
