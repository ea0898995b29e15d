"""The differences between two texts, highlighted so that a translator sees what to change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from hexapla.compare.comparable import comparable
from hexapla_corpora.languages import spaced

MOST_TOKENS = 4_000  # tokens that are compared; a longer stretch is marked as a whole

_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+|[^\w\s]")
_CHARACTER = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\S")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Differences:
    """Stretches of two texts that differ, in order; whole words in languages that separate words by spaces.

    Attributes:
        query: start and end of each stretch that the source lacks, in characters.
        source: start and end of each stretch that the query lacks, in characters.
    """

    query: tuple[Span, ...]
    source: tuple[Span, ...]


def differences(query: str, source: str, language: str) -> Differences:
    """Find where two texts differ.

    Args:
        query: text to translate.
        source: text that was translated.
        language: BCP 47 tag of both.

    Returns:
        The stretches; adjacent ones are joined. Differences that the percentage ignores, such as case or Traditional
        for Simplified characters, are marked only if there are no others.
    """
    pattern = _WORD if spaced(language) else _CHARACTER
    found = _differences([_tokens(pattern, text, folded=True) for text in (query, source)])
    if found.query or found.source:
        return found
    return _differences([_tokens(pattern, text, folded=False) for text in (query, source)])


@lru_cache(16)  # a query is compared with several texts
def _tokens(pattern: re.Pattern[str], text: str, *, folded: bool) -> list[tuple[str, Span]]:
    """Tokens of a text, in comparable form or as they are, and where each is."""
    if folded and text.isascii():  # the whole text at once, since its length stays the same
        text, folded = comparable(text), False
    form = _comparable_token if folded else str
    return [(form(found[0]), found.span()) for found in pattern.finditer(text)]


_comparable_token = lru_cache(10_000)(comparable)  # the same words and characters return in most texts


def _differences(tokens: Sequence[Sequence[tuple[str, Span]]]) -> Differences:
    """Find the differences between the tokens of two texts."""
    start, end = _common_ends([[text for text, _ in side] for side in tokens])
    inner = [side[start : len(side) - end] for side in tokens]
    blocks = _blocks([[text for text, _ in side] for side in inner])
    spans = [
        _spans([each[1] for each in side], [block[k] for block in blocks]) for k, side in enumerate(inner)
    ]
    return Differences(spans[0], spans[1])


def _common_ends(sides: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Number of tokens that both sides share at the start, and at the end."""
    query, source = sides
    shorter = min(len(query), len(source))
    start = next((k for k in range(shorter) if query[k] != source[k]), shorter)
    rest = shorter - start
    return start, next((k for k in range(rest) if query[-1 - k] != source[-1 - k]), rest)


def _blocks(sides: Sequence[Sequence[str]]) -> list[tuple[Span, Span]]:
    """Return the stretches of tokens [start, end) in which the two sides differ."""
    query, source = sides
    if max(len(query), len(source)) > MOST_TOKENS:
        return [((0, len(query)), (0, len(source)))]
    return [
        ((block.src_start, block.src_end), (block.dest_start, block.dest_end))
        for block in Levenshtein.opcodes(query, source)
        if block.tag != "equal"
    ]


def _spans(tokens: Sequence[Span], blocks: Sequence[Span]) -> tuple[Span, ...]:
    """Stretches of text covered by runs of tokens."""
    spans: list[Span] = []
    last = -1
    for first, end in blocks:
        if first == end:
            continue
        if first == last:
            spans[-1] = (spans[-1][0], tokens[end - 1][1])
        else:
            spans.append((tokens[first][0], tokens[end - 1][1]))
        last = end
    return tuple(spans)
