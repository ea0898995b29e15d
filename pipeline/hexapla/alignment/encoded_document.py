"""A document split into sentences and encoded, with the segments to align at each level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from hexapla.alignment.segments import Segments
from hexapla.text import joiner, matching_text
from hexapla_corpora.document import BlockKind, Document, Segment
from hexapla_corpora.sentences import split_document
from hexapla_models.encoder import Encoder

_CLASSES = {BlockKind.FOOTNOTE: 1, BlockKind.TABLE_CELL: 2}


@dataclass(frozen=True, slots=True)
class EncodedDocument:
    """One language version with its encoded sentences.

    Attributes:
        document: the language version.
        sentences: its sentences in reading order; for a segmented input, its non-empty lines.
        bounds: index of the first sentence of each block, followed by the number of sentences.
        block_segments: its blocks as segments to align.
        sentence_segments: its sentences as segments to align.
    """

    document: Document
    sentences: tuple[Segment, ...]
    bounds: tuple[int, ...]
    block_segments: Segments
    sentence_segments: Segments

    def block_text(self, start: int, end: int) -> str:
        """Return the text of the blocks [start, end)."""
        return joiner(self.document.language).join(block.text for block in self.document.blocks[start:end])

    def sentence_text(self, start: int, end: int) -> str:
        """Return the text of the sentences [start, end), as printed in their blocks."""
        return printed_text(self.document, self.sentences[start:end])


def printed_text(document: Document, sentences: Sequence[Segment]) -> str:
    """Return the text of consecutive sentences, as printed in the blocks of their document."""
    parts = [list(group) for _, group in groupby(sentences, key=lambda sentence: sentence.block)]
    texts = [document.blocks[part[0].block].text[part[0].start : part[-1].end] for part in parts]
    return joiner(document.language).join(texts)


def encode_document(document: Document, encoder: Encoder, *, segmented: bool = False) -> EncodedDocument:
    """Split a document into sentences and encode each once.

    Args:
        document: one language version.
        encoder: encoder of the sentences; vectors of blocks are composed from those of their sentences.
        segmented: whether each block is one segment, so that it is not split.

    Returns:
        The encoded document, ready to be aligned.
    """
    blocks = document.blocks
    whole = (Segment(block.text, i, 0, len(block.text)) for i, block in enumerate(blocks) if block.text)
    sentences = tuple(whole) if segmented else split_document(document)
    texts = [matching_text(sentence.text, document.language) for sentence in sentences]
    spans = encoder.read(texts)
    bounds = _bounds(sentences, len(blocks))
    sentence_segments = Segments(texts, spans, range(len(texts) + 1))
    block_segments = Segments(
        [matching_text(block.text, document.language) for block in blocks],
        spans,
        bounds,
        [block.ordinal or 0 for block in blocks],
        [_CLASSES.get(block.kind, 0) for block in blocks],
    )
    return EncodedDocument(document, sentences, bounds, block_segments, sentence_segments)


def _bounds(sentences: Sequence[Segment], blocks: int) -> tuple[int, ...]:
    counts = [0] * blocks
    for sentence in sentences:
        counts[sentence.block] += 1
    return tuple(accumulate(counts, initial=0))
