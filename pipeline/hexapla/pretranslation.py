"""A text to translate with what a memory has for each of its segments: what formats write."""

from __future__ import annotations

from dataclasses import dataclass

from hexapla.matches import EXACT, Match
from hexapla_corpora.document import Block, Document, Segment

MINIMUM, LIMIT, FILL = 75, 5, EXACT


@dataclass(frozen=True, slots=True)
class PretranslationSettings:
    """What is looked up, and what becomes of it.

    Attributes:
        source: BCP 47 tag of what is to be translated.
        target: tag of the translation.
        minimum: percentage that a match must have to be offered.
        limit: number of matches of a segment at most.
        fill: percentage from which a match is put in as the translation: 101 for the same text in the same context, 100
            for the same text, 99 for one in which placeables alone differ and all could be put in. No other match is.
    """

    source: str
    target: str
    minimum: int = MINIMUM
    limit: int = LIMIT
    fill: int = FILL


@dataclass(frozen=True, slots=True)
class SegmentMatches:
    """A segment with what a memory has for it.

    Attributes:
        text: the segment.
        matches: what is offered, the best first.
        translation: the one of them that is put in as the translation, or None.
        closest: the match of the highest percentage, of 50% or more, offered or not; None if there is none.
        ambiguous: whether none of them is put in because several translations of the same text compete.
    """

    text: str
    matches: tuple[Match, ...] = ()
    translation: Match | None = None
    closest: Match | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Pretranslation:
    """A document with what a memory has for each of its sentences.

    Attributes:
        document: what is to be translated.
        sentences: of all its blocks, in reading order.
        segments: the same sentences with their matches.
        settings: settings of the user.
    """

    document: Document
    sentences: tuple[Segment, ...]
    segments: tuple[SegmentMatches, ...]
    settings: PretranslationSettings

    def block(self, sentence: Segment) -> Block:
        """The paragraph, heading or cell of a sentence."""
        return self.document.blocks[sentence.block]
