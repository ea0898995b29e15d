"""Document records: the language versions of a document as last aligned, stored as a row in the log of units.

The units do not show everything that was in a version, since unaligned segments make no unit. With the record, a later
version is compared block by block, and unchanged blocks are not aligned again.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Any

from hexapla.alignment.encoded_document import printed_text
from hexapla.rows import Level
from hexapla.text import joiner
from hexapla.unit_records import RECORD
from hexapla.units import Unit, Variant
from hexapla_corpora.document import Block, BlockKind, Document, Segment
from hexapla_corpora.sentences import split_document

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class RecordedVersion:
    """A language version in a document record.

    Attributes:
        document: the version, without its path.
        blocks: number of each block, see `hexapla.units.Variant`.
        sentences: number of each sentence, or of each line of a segmented document.
        bounds: index of the first sentence of each block, followed by the number of sentences.
        file: first 16 hexadecimal digits of the SHA-256 of its file, or None.
    """

    document: Document
    blocks: Numbers
    sentences: Numbers
    bounds: tuple[int, ...]
    file: str | None

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The sentences, with their places in the blocks."""
        return split_document(self.document)

    def numbers(self, level: str) -> Numbers:
        """Return the numbers of the segments of a level."""
        return self.blocks if level == Level.PARAGRAPH else self.sentences

    def blocks_of(self, level: str, segments: Iterable[float]) -> Iterator[int]:
        """Yield the index of the block of each segment of a level that is in this version."""
        numbers = self.numbers(level)
        for segment in segments:
            place = bisect_left(numbers, segment)
            if place < len(numbers) and numbers[place] == segment:
                yield place if level == Level.PARAGRAPH else self.block_of(place)

    def block_of(self, sentence: int) -> int:
        """Return the index of the block of a sentence."""
        return bisect_right(self.bounds, sentence) - 1


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """The record of a document.

    Attributes:
        name: name of the document.
        versions: language versions by tag, in the order in which they are aligned.
        levels: levels of its units.
        segmented: whether each block is one segment.
    """

    name: str
    versions: Mapping[str, RecordedVersion]
    levels: tuple[str, ...]
    segmented: bool

    @property
    def id(self) -> str:
        """Identifier of the row in the log."""
        return hashlib.sha256(f"{RECORD}\x1f{self.name}".encode()).hexdigest()[:16]

    def same_as(self, other: DocumentRecord) -> bool:
        """Return whether another record has the same versions, regardless of their files."""
        one, two = (replace(record.to_unit(), variants=()) for record in (self, other))
        return one == two and self._numbers() == other._numbers()

    def _numbers(self) -> dict[str, Numbers]:
        return {tag: version.blocks for tag, version in self.versions.items()}

    def text(self, language: str, level: str, segments: Sequence[int]) -> str:
        """Return the text of consecutive segments of a level, by their indices."""
        version = self.versions[language]
        if level == Level.PARAGRAPH or self.segmented:
            return joiner(language).join(version.document.blocks[k].text for k in segments)
        return printed_text(version.document, [version.segments[k] for k in segments])

    def to_unit(self) -> Unit:
        """Return the record as a row of the log."""
        versions = self.versions.items()
        return Unit(
            self.id,
            tuple(Variant(tag, "", segments=version.blocks, file=version.file) for tag, version in versions),
            self.name,
            level=RECORD,
            properties={
                "levels": list(self.levels),
                "segmented": self.segmented,
                "sentences": {tag: list(version.sentences) for tag, version in versions},
                "documents": {tag: _to_json(version.document) for tag, version in versions},
            },
        )

    @classmethod
    def of_unit(cls, row: Unit) -> DocumentRecord:
        """Read a record from a row of the log."""
        properties = row.properties
        versions = {}
        for variant in row.variants:
            tag = variant.language
            document = _of_json(tag, properties["documents"][tag])
            bounds = sentence_bounds(document, properties["segmented"])
            sentences = tuple(properties["sentences"][tag])
            versions[tag] = RecordedVersion(document, variant.segments, sentences, bounds, variant.file)
        return cls(row.document, versions, tuple(properties["levels"]), properties["segmented"])


def sentence_bounds(document: Document, segmented: bool) -> tuple[int, ...]:
    """Return the index of the first sentence of each block, followed by the number of sentences."""
    if segmented:
        return tuple(range(len(document.blocks) + 1))
    counts = [0] * len(document.blocks)
    for sentence in split_document(document):
        counts[sentence.block] += 1
    return tuple(accumulate(counts, initial=0))


def first_numbers(document: Document, segmented: bool, file: str | None) -> RecordedVersion:
    """Return a version with segments numbered from 0."""
    bounds = sentence_bounds(document, segmented)
    blocks = tuple(float(i) for i in range(len(document.blocks)))
    return RecordedVersion(document, blocks, tuple(float(i) for i in range(bounds[-1])), bounds, file)


def _to_json(document: Document) -> dict[str, Any]:
    blocks = [[b.text, b.kind.value, b.number, b.ordinal, b.level] for b in document.blocks]
    return {"symbol": document.symbol, "title": document.title, "blocks": blocks}


def _of_json(language: str, fields: Mapping[str, Any]) -> Document:
    blocks: Sequence[Sequence[Any]] = fields["blocks"]
    made = (Block(BlockKind(kind), text, *rest) for text, kind, *rest in blocks)
    return Document(language, tuple(made), fields["symbol"], fields["title"])
