"""Concordance: finds words in the texts of a memory, and shows them with their translations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen
from hexapla.compare.highlights import Span
from hexapla.compare.regular_expression import RegularExpression
from hexapla.errors import InputError
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.search.hits import Hit, Hits
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.memory.search.query import HITS, Matching, parted, searched_tags, target_tags
from hexapla.memory.search.words import Word, marked_spans, parse_words
from hexapla_corpora.languages import spaced

SEARCHED_AT_ONCE = 65_536  # texts that are searched at once


def concordance(
    snapshot: Snapshot,
    words: str,
    language: str,
    target: str | Sequence[str] | None = None,
    how: Matching = Matching.SUBSTRING,
    limit: int | None = HITS,
    identities: NDArray[np.uint64] | None = None,
) -> Hits:
    """Find words in the texts of a memory.

    Case, the width of characters, Traditional and Simplified Chinese, the shape of quotation marks, the script of
    digits and Arabic vowel marks make no difference, unless the words are a regular expression. In a language without
    spaces between words, whole words cannot be recognised, and any occurrence is found. Several words are all found, in
    any order; in quotation marks they are a phrase, and `*` stands for any letters of a word.

    Args:
        snapshot: the memory to search.
        words: the words, or a regular expression in the syntax of the package regex.
        language: BCP 47 tag of the texts; those in other scripts of it are searched too.
        target: tags of the languages to show, of which a unit must have at least one; all others if None.
        how: how the words are matched.
        limit: maximum number of hits; None for all.
        identities: hashes of the identifiers of the units that may be found; all but rejected ones if None.

    Returns:
        Hits in the order of the units, by tag, and their total; units with the same texts in all languages shown are
        one hit.

    Raises:
        InputError: there are no words, the limit is below 1, or the regular expression is invalid or takes too long.
        MissingLanguage: the memory has no text in one of the languages.
    """
    if limit is not None and limit < 1:
        raise InputError(f"a limit of {limit} hits is not possible: give 1 or more.")
    finder = _finder(words, how, language)
    if not len(snapshot):
        return Hits((), 0)
    tags = searched_tags(snapshot, language) or (snapshot.known_language(language),)
    tags, targets = parted(tags, target_tags(snapshot, tags, target), language)
    fragments = [IndexedFragment(fragment, identities) for fragment in snapshot.fragments]
    found = _found(fragments, finder, tags, targets if target is not None else None)
    hits: dict[tuple[str, ...], Hit] = {}
    total, is_full = 0, False
    for place in found:
        total += 1
        if is_full:
            continue
        hit = _hit(place, finder, targets)
        key = (hit.language, hit.text, *(text for pair in hit.targets.items() for text in pair))
        if key not in hits and len(hits) == limit:
            is_full = True
            continue
        hits[key] = _merged(hits[key], hit) if key in hits else hit
    return Hits((_with_context(hit, snapshot) for hit in hits.values()), total)


_Place = tuple[IndexedFragment, str, int]
"""A fragment, a language tag, and the place of a text among those of the fragment in that language."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Words to find."""

    words: tuple[Word, ...]

    def places(self, fragment: IndexedFragment, language: str, rows: NDArray[np.bool_]) -> Iterator[int]:
        """Yield the places of texts that have the words; the bytes of many texts are searched at once."""
        index, first = fragment.index(language), max(self.words, key=lambda word: len(word.literal))
        others = [word for word in self.words if word is not first or word.expression]
        offsets, texts = index.fuzzy.offsets, len(index.texts)
        for start in range(0, texts, SEARCHED_AT_ONCE):
            bounds = offsets[start : start + SEARCHED_AT_ONCE + 1]
            chunk = index.fuzzy.buffer[bounds[0] : bounds[-1]].tobytes()
            kept = rows[index.texts.unit_rows[start : start + SEARCHED_AT_ONCE]].tolist()
            edges = (bounds - bounds[0]).tolist()
            for place in _with_bytes(chunk, edges, first.literal.encode()):
                if not kept[place]:
                    continue
                if not others or _all_in(others, chunk[edges[place] : edges[place + 1]].decode()):
                    yield start + place

    def find(self, text: str) -> list[Span]:
        """Find the words in a text."""
        return marked_spans(self.words, text)


def _all_in(words: Sequence[Word], folded: str) -> bool:
    return all(word.is_in(folded) for word in words)


@dataclass(frozen=True, slots=True)
class _Expression:
    """A regular expression to find."""

    expression: RegularExpression

    def places(self, fragment: IndexedFragment, language: str, rows: NDArray[np.bool_]) -> Iterator[int]:
        """Yield the places of the texts that the expression matches."""
        texts = fragment.index(language).texts
        for place in np.flatnonzero(rows[texts.unit_rows]).tolist():
            if self.find(as_seen(texts[place])):
                yield place

    def find(self, text: str) -> list[Span]:
        """Find the matches in a text."""
        return self.expression.find(text)


def _finder(words: str, how: Matching, language: str) -> _Words | _Expression:
    """Return the finder of the words; refuse words that cannot be found."""
    if how is Matching.REGEX and words:
        return _Expression(RegularExpression.of(words))
    return _Words(parse_words(words, whole=how is Matching.WORD, by_word=spaced(language)))


def _found(
    fragments: Sequence[IndexedFragment],
    finder: _Words | _Expression,
    tags: Sequence[str],
    needed: Sequence[str] | None,
) -> Iterator[_Place]:
    """Yield where the texts with the words are; of units with a text in one of the needed languages, if any is."""
    for fragment in fragments:
        rows = fragment.having(fragment.languages if needed is None else needed)
        for language in (tag for tag in tags if tag in fragment.languages):
            for place in finder.places(fragment, language, rows):
                yield fragment, language, place


def _hit(found: _Place, finder: _Words | _Expression, targets: Sequence[str]) -> Hit:
    """Return the hit of a text, without context."""
    fragment, language, place = found
    texts = fragment.index(language).texts
    text, unit = as_seen(texts[place]), fragment.unit(int(texts.unit_rows[place]))
    shown = {tag: unit.texts[tag] for tag in targets if tag in unit.texts}
    years = (unit.created.year,) if unit.created else ()
    return Hit(unit, language, text, tuple(finder.find(text)), shown, None, None, (), years)


def _merged(first: Hit, hit: Hit) -> Hit:
    """Add a unit with the same texts to a hit."""
    years = tuple(sorted({*first.years, *hit.years}))
    return replace(first, same=(*first.same, hit.unit.id), years=years)


def _with_bytes(chunk: bytes, bounds: Sequence[int], words: bytes) -> Iterator[int]:
    """Yield the places of the texts of a chunk that contain some bytes."""
    found, place = chunk.find(words), 0
    while found >= 0:
        place = bisect_right(bounds, found, place) - 1
        end = bounds[place + 1]
        if found + len(words) <= end:
            yield place
            found = chunk.find(words, end)
        else:  # across the border of two texts
            found = chunk.find(words, found + 1)


def _with_context(hit: Hit, snapshot: Snapshot) -> Hit:
    """Add the texts before and after a hit."""
    variants = [each.variant(hit.language) if each else None for each in snapshot.neighbours(hit.unit)]
    previous, following = (variant.text if variant else None for variant in variants)
    return replace(hit, previous=previous, following=following)
