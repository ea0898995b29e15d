"""Concordance: finds words in the texts of a memory, and shows them with their translations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable, comparable_places
from hexapla.compare.highlights import Span
from hexapla.compare.regular_expression import RegularExpression
from hexapla.errors import InputError
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.memory.search.query import HITS, Matching, encodable, parted, searched_tags, target_tags
from hexapla.memory.storage.flat_files import Places
from hexapla.units import Unit
from hexapla_corpora.languages import spaced

SEARCHED_AT_ONCE = 65_536  # texts that are searched at once


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which words were found.

    Attributes:
        unit: the unit of the text.
        language: BCP 47 tag of the text.
        text: the text as translators see it.
        spans: start and end of each occurrence of the words, in characters.
        targets: its translations, by language.
        previous: text before it in its document and level; None if there is none.
        following: text after it; None if there is none.
        same: identifiers of the other searched units with the same texts in all these languages.
    """

    unit: Unit
    language: str
    text: str
    spans: tuple[Span, ...]
    targets: dict[str, str]
    previous: str | None
    following: str | None
    same: tuple[str, ...] = ()


def concordance(
    snapshot: Snapshot,
    words: str,
    language: str,
    target: str | Sequence[str] | None = None,
    how: Matching = Matching.SUBSTRING,
    limit: int = HITS,
    identities: NDArray[np.uint64] | None = None,
) -> tuple[Hit, ...]:
    """Find words in the texts of a memory.

    Case, the width of characters, Traditional and Simplified Chinese, the shape of quotation marks, the script of
    digits and Arabic vowel marks make no difference, unless the words are a regular expression. In a language without
    spaces between words, whole words cannot be recognised, and any occurrence is found.

    Args:
        snapshot: the memory to search.
        words: the words, or a regular expression in the syntax of the package regex.
        language: BCP 47 tag of the texts; those in other scripts of it are searched too.
        target: tags of the languages to show, of which a unit must have at least one; all others if None.
        how: how the words are matched.
        limit: maximum number of hits.
        identities: hashes of the identifiers of the units that may be found; all but rejected ones if None.

    Returns:
        Hits in the order of the units, by tag; units with the same texts in all languages shown are one hit.

    Raises:
        InputError: there are no words, the limit is below 1, or the regular expression is invalid or takes too long.
        MissingLanguage: the memory has no text in one of the languages.
    """
    if limit < 1:
        raise InputError(f"a limit of {limit} hits is not possible: give 1 or more.")
    finder = _finder(words, how)
    if not len(snapshot):
        return ()
    tags = searched_tags(snapshot, language) or (snapshot.known_language(language),)
    tags, targets = parted(tags, target_tags(snapshot, tags, target), language)
    fragments = [IndexedFragment(fragment, identities) for fragment in snapshot.fragments]
    hits: dict[tuple[str, ...], Hit] = {}
    for hit in _hits(fragments, finder, tags, targets, needed=target is not None):
        key = (hit.language, hit.text, *(text for pair in hit.targets.items() for text in pair))
        first = hits.get(key)
        if first is None and len(hits) == limit:
            break
        hits[key] = replace(first, same=(*first.same, hit.unit.id)) if first else hit
    return tuple(_with_context(hit, snapshot) for hit in hits.values())


@dataclass(frozen=True, slots=True)
class _Words:
    """Words to find, in comparable form."""

    text: str
    whole: bool

    def places(self, fragment: IndexedFragment, language: str, rows: NDArray[np.bool_]) -> Iterator[int]:
        """Yield the places of texts that may have the words; the bytes of many texts are searched at once."""
        index, words = fragment.index(language), self.text.encode()
        offsets, texts = index.fuzzy.offsets, len(index.texts)
        for start in range(0, texts, SEARCHED_AT_ONCE):
            bounds = offsets[start : start + SEARCHED_AT_ONCE + 1]
            chunk = index.fuzzy.buffer[bounds[0] : bounds[-1]].tobytes()
            kept = rows[index.texts.unit_rows[start : start + SEARCHED_AT_ONCE]]
            yield from (
                start + place for place in _with_bytes(chunk, bounds - bounds[0], words) if kept[place]
            )

    def find(self, text: str, language: str) -> list[Span]:
        """Find the words in a text."""
        folded, origins = comparable_places(text)
        spans, place = [], folded.find(self.text)
        while place >= 0:
            end = place + len(self.text)
            span = origins[place], max(origins[end], origins[end - 1] + 1)
            found = not self.whole or not spaced(language) or _whole(text, span)
            if found:
                spans.append(span)
            place = folded.find(self.text, end if found else place + 1)
        return spans


@dataclass(frozen=True, slots=True)
class _Expression:
    """A regular expression to find."""

    expression: RegularExpression

    def places(self, fragment: IndexedFragment, language: str, rows: NDArray[np.bool_]) -> Iterator[int]:
        """Yield the places of all texts that may be found."""
        flags = rows[fragment.index(language).texts.unit_rows]
        yield from np.flatnonzero(flags).tolist()

    def find(self, text: str, language: str) -> list[Span]:
        """Find the matches in a text."""
        return self.expression.find(text)


def _finder(words: str, how: Matching) -> _Words | _Expression:
    """Return the finder of the words; refuse words that cannot be found."""
    if how is Matching.REGEX and words:
        return _Expression(RegularExpression.of(words))
    folded = comparable(as_seen(encodable(words)))
    if not folded:
        raise InputError(f"there is nothing to search for in {words!r}: give at least one letter.")
    return _Words(folded, how is Matching.WORD)


def _hits(
    fragments: Sequence[IndexedFragment],
    finder: _Words | _Expression,
    tags: Sequence[str],
    targets: Sequence[str],
    *,
    needed: bool,
) -> Iterator[Hit]:
    """Yield all hits, without context."""
    for fragment in fragments:
        rows = fragment.having(targets if needed else fragment.languages)
        for language in (tag for tag in tags if tag in fragment.languages):
            texts = fragment.index(language).texts
            for place in finder.places(fragment, language, rows):
                text = as_seen(texts[place])
                spans = finder.find(text, language)
                unit = fragment.unit(int(texts.unit_rows[place])) if spans else None
                if unit:
                    shown = {tag: unit.texts[tag] for tag in targets if tag in unit.texts}
                    yield Hit(unit, language, text, tuple(spans), shown, None, None)


def _with_bytes(chunk: bytes, bounds: Places, words: bytes) -> Iterator[int]:
    """Yield the places of the texts of a chunk that contain some bytes."""
    found = chunk.find(words)
    while found >= 0:
        place = int(np.searchsorted(bounds, found, side="right")) - 1
        end = int(bounds[place + 1])
        if found + len(words) <= end:
            yield place
            found = chunk.find(words, end)
        else:  # across the border of two texts
            found = chunk.find(words, found + 1)


def _whole(text: str, span: Span) -> bool:
    """Return whether no letter or digit adjoins a letter or digit at either end of a span."""
    start, end = span
    before = start > 0 and text[start].isalnum() and text[start - 1].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not before and not after


def _with_context(hit: Hit, snapshot: Snapshot) -> Hit:
    """Add the texts before and after a hit."""
    variants = [each.variant(hit.language) if each else None for each in snapshot.neighbours(hit.unit)]
    previous, following = (variant.text if variant else None for variant in variants)
    return replace(hit, previous=previous, following=following)
