"""Look-up: finds the units of a snapshot whose translations may serve for a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen
from hexapla.compare.highlights import Differences, differences
from hexapla.compare.percentage import in_percent
from hexapla.compare.placeables import Repaired, differ_in_placeables, repair
from hexapla.errors import InputError, MissingLanguage
from hexapla.matches import (
    EXACT,
    IN_CONTEXT,
    PIVOT_PENALTY,
    PLACEABLES_ONLY,
    Match,
    MatchKind,
    merged,
    penalty_of,
    ranked,
)
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.search.candidates import Candidate, best_matches, widened
from hexapla.memory.search.indexed_fragment import IndexedFragment, Similar
from hexapla.memory.search.meaning import MEANING_MOST, by_meaning
from hexapla.memory.search.query import encodable, parted, searched_tags, target_tags
from hexapla.memory.search.subsegments import by_subsegment
from hexapla.progress import Progress, quiet
from hexapla.text import matching_text
from hexapla.units import Unit
from hexapla_models.encoder import Encoder, Vectors

MINIMUM, LIMIT = 70, 5
ENCODED_AT_ONCE = 64  # texts that are encoded in one batch
MOST = 500  # texts of a fragment to look for, roughly, however many are duplicates


@dataclass(frozen=True, slots=True)
class Query:
    """A text to look up.

    Attributes:
        text: the text as translators see it.
        source: BCP 47 tag of the text.
        languages: tags of the same language in the memory.
        targets: tags of the wanted languages, as the memory writes them.
        minimum: least percentage of a match.
        limit: maximum number of matches.
        context: texts before and after it in its document; None where unknown.
    """

    text: str
    source: str
    languages: tuple[str, ...]
    targets: tuple[str, ...]
    minimum: int
    limit: int
    context: tuple[str | None, str | None]


class Lookup:
    """Look-up in one snapshot; indexes stay open once used.

    Args:
        snapshot: the memory to search.
        encoder: function that loads the encoder of the memory; called when a text is first compared by meaning.
        identities: hashes of the identifiers of the units that may be found; all but rejected ones if None.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Callable[[], Encoder],
        identities: NDArray[np.uint64] | None = None,
    ) -> None:
        self._snapshot, self._load_encoder = snapshot, encoder
        self._fragments = tuple(IndexedFragment(fragment, identities) for fragment in snapshot.fragments)

    @cached_property
    def _encoder(self) -> Encoder:
        return self._load_encoder()

    def search(
        self,
        text: str,
        source: str,
        target: str | Sequence[str] | None = None,
        *,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
        previous: str | None = None,
        following: str | None = None,
        meaning: bool = True,
        subsegments: bool = True,
        vector: NDArray[np.float32] | None = None,
    ) -> tuple[Match, ...]:
        """Look up a text.

        Args:
            text: the text to translate.
            source: BCP 47 tag of its language; texts in other scripts of it are compared too.
            target: tags of the wanted languages, one or several; all others of the memory if None.
            minimum: least percentage of a match, 1 to 100.
            limit: maximum number of matches by percentage, of subsegments, and by meaning, each.
            previous: text before it in its document, for matches in context; empty if it is the first.
            following: text after it; empty if it is the last.
            meaning: whether to look for units of similar meaning too; texts of more than 20,000 characters are compared
                by percentage only.
            subsegments: whether to look for stored texts, and parts of them, that stand in the text too.
            vector: vector of the text, *Shape:* ``(dimension,)``; if None, it is encoded.

        Returns:
            Matches by percentage, the best first, then those of subsegments, then those by meaning; none if the memory
            is empty.

        Raises:
            InputError: the text is empty, or the minimum or the limit is out of range.
            MissingLanguage: the memory has no text in a target language, or neither the memory nor its encoder knows
                the source language.
            hexapla_corpora.errors.UnknownLanguage: a tag is not a BCP 47 tag.
        """
        seen = _checked(text, minimum, limit)
        if not len(self._snapshot):
            return ()
        languages = self._languages(source)
        languages, targets = parted(languages, target_tags(self._snapshot, languages, target), source)
        query = Query(seen, source, languages, targets, minimum, limit, (previous, following))
        found = self._by_percentage(query)
        if len(found) < limit:
            found = merged(ranked([*found, *self._through_others(query, found)]))[:limit]
        found = [_marked(match, seen) for match in found]
        parts = by_subsegment(self._fragments, seen, languages, targets, limit, found) if subsegments else []
        if not meaning or len(seen) > MEANING_MOST:
            return (*found, *parts)
        if vector is None:
            (vector,) = self.encode([text], source)
        return (*found, *parts, *by_meaning(self._fragments, vector, languages, targets, limit, found))

    def encode(self, texts: Sequence[str], language: str) -> Vectors:
        """Encode texts for comparison by meaning.

        Args:
            texts: texts to look up.
            language: BCP 47 tag.

        Returns:
            Vectors, *Shape:* ``(texts, dimension)``.
        """
        return self._encoder.encode([matching_text(as_seen(text), language) for text in texts])

    def search_many(
        self,
        texts: Sequence[str],
        source: str,
        target: str | Sequence[str] | None = None,
        *,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
        meaning: bool = True,
        subsegments: bool = True,
        progress: Progress = quiet,
    ) -> list[tuple[Match, ...]]:
        """Look up the segments of a document, each in the context of its neighbours; see `search`.

        Args:
            texts: the segments; a segment without visible text has no match.
            source: BCP 47 tag of their language.
            target: tags of the wanted languages.
            minimum: least percentage of a match, 1 to 100.
            limit: maximum number of matches by percentage, of subsegments, and by meaning, each.
            meaning: whether to look for units of similar meaning too.
            subsegments: whether to look for subsegments too.
            progress: progress callback.

        Returns:
            The matches of each text.
        """
        seen = [as_seen(text) for text in texts]
        places = [i for i, text in enumerate(seen) if text]
        found: list[tuple[Match, ...]] = [()] * len(texts)
        for start in range(0, len(places), ENCODED_AT_ONCE):
            batch = places[start : start + ENCODED_AT_ONCE]
            compared = meaning and len(self._snapshot)
            vectors = (
                self.encode([texts[i][:MEANING_MOST] for i in batch], source)
                if compared
                else [None] * len(batch)
            )
            for place, vector in zip(batch, vectors, strict=True):
                progress("Looking up", place, len(texts))
                found[place] = self.search(
                    texts[place],
                    source,
                    target,
                    minimum=minimum,
                    limit=limit,
                    previous=seen[place - 1] if place else "",
                    following=seen[place + 1] if place + 1 < len(texts) else "",
                    meaning=meaning,
                    subsegments=subsegments,
                    vector=vector,
                )
        return found

    def _languages(self, source: str) -> tuple[str, ...]:
        """Return the tags of the texts in the source language."""
        tags = searched_tags(self._snapshot, source)
        if not tags:
            known = self._encoder.languages
            if known and source.lower().partition("-")[0] not in known:
                raise MissingLanguage(
                    f"the memory has no text in {source!r}, and its encoder does not know that language. The memory "
                    f"has {', '.join(self._snapshot.languages)}: look up a text in one of these."
                )
        return tags

    def _by_percentage(self, query: Query) -> list[Match]:
        """Find matches in the source language: in context, exact, exact but for placeables, fuzzy."""

        def find(wanted: int) -> tuple[list[Match], bool]:
            found = [self._similar(fragment, query, wanted) for fragment in self._fragments]
            candidates = (candidate for candidates, _ in found for candidate in candidates)
            matches = best_matches(candidates, query.limit, lambda each: self._match(each, query))
            return matches, any(more for _, more in found)

        return widened(find, query.limit, MOST)

    def _similar(self, fragment: IndexedFragment, query: Query, wanted: int) -> tuple[list[Candidate], bool]:
        """Find candidates in a fragment; say whether it may have more."""
        rows, more = fragment.having(query.targets), False
        found: list[Candidate] = []
        for language in query.languages:
            similar = fragment.similar(query.text, language, query.minimum / 100, rows, wanted, query.context)
            more |= len(similar) >= wanted
            found += self._candidates(fragment, language, similar, query)
        return found, more

    def _candidates(
        self, fragment: IndexedFragment, language: str, similar: Sequence[Similar], query: Query
    ) -> Iterator[Candidate]:
        """Yield the texts that reach the minimum."""
        texts = fragment.index(language).texts
        rows = texts.unit_rows[[each.place for each in similar]]
        for each, row, penalty in zip(similar, rows.tolist(), fragment.penalties(rows).tolist(), strict=True):
            source = as_seen(texts[each.place])
            kind, score = _best_score(query, source, each)
            if score >= query.minimum:
                yield Candidate(fragment, language, row, source, kind, score, penalty)

    def _match(self, candidate: Candidate, query: Query) -> Match:
        """Make the match of a candidate."""
        unit, kind, percentage = candidate.unit, candidate.kind, int(candidate.score)
        if kind is MatchKind.IN_CONTEXT and not self._in_context(query, unit, candidate.language):
            kind, percentage = MatchKind.EXACT, EXACT
        match = Match(
            unit,
            kind,
            percentage,
            None,
            candidate.language,
            candidate.source,
            {},
            Differences((), ()),
            candidate.penalty,
        )
        return _with_targets(match, unit, query.text, query.targets)

    def _in_context(self, query: Query, unit: Unit, language: str) -> bool:
        """Return whether the texts next to the query are also next to the unit; an unknown text is not compared."""
        there = [each.variant(language) if each else None for each in self._snapshot.neighbours(unit)]
        return all(
            given is None or as_seen(given) == (as_seen(variant.text) if variant else "")
            for given, variant in zip(query.context, there, strict=True)
        )

    def _through_others(self, query: Query, found: Sequence[Match]) -> Iterator[Match]:
        """Find missing translations through units with the same text in a third language."""
        known = {match.unit.id for match in found}
        for bare in (*found, *self._bare(query)):
            yield from self._translated(bare, query, known)

    def _bare(self, query: Query) -> Iterator[Match]:
        """Find matches without a translation in any wanted language."""
        for fragment in self._fragments:
            rows = fragment.lacking(query.targets)
            for language in query.languages if rows.any() else ():
                similar = fragment.similar(
                    query.text, language, query.minimum / 100, rows, query.limit, query.context
                )
                for candidate in self._candidates(fragment, language, similar, query):
                    yield self._match(candidate, query)

    def _translated(self, bare: Match, query: Query, known: set[str]) -> Iterator[Match]:
        """Add missing translations to a match, from units that have its text in another language."""
        lacking = tuple(tag for tag in query.targets if tag not in bare.targets)
        for variant in bare.unit.variants if lacking else ():
            if variant.language in query.languages:
                continue
            for fragment in self._fragments:
                rows = fragment.with_text(as_seen(variant.text), variant.language, fragment.having(lacking))
                new = (unit for unit in map(fragment.unit, rows) if unit.id not in known)
                for unit in islice(new, query.limit):
                    known.add(unit.id)
                    penalty = max(bare.penalty, penalty_of(unit.status, unit.probability)) + PIVOT_PENALTY
                    match = replace(bare, unit=unit, penalty=penalty, through=(variant.language,), same=())
                    yield _with_targets(match, unit, query.text, lacking)


def _checked(text: str, minimum: int, limit: int) -> str:
    """Return the text as translators see it; refuse what cannot be looked up."""
    if not 1 <= minimum <= EXACT or limit < 1:
        raise InputError(
            f"a minimum of {minimum}% and a limit of {limit} are not possible: give a minimum from 1 to 100, and a "
            "limit of 1 or more."
        )
    seen = as_seen(encodable(text))
    if not seen:
        raise InputError("the text to look up is empty: give at least one word.")
    return seen


def _best_score(query: Query, source: str, similar: Similar) -> tuple[MatchKind, int]:
    """Return the best possible kind and percentage of a match; only its unit shows whether it is in context."""
    if source == query.text:
        known = query.context != (None, None)
        return (MatchKind.IN_CONTEXT, IN_CONTEXT) if known else (MatchKind.EXACT, EXACT)
    if similar.same_skeleton and differ_in_placeables(query.text, source):
        return MatchKind.PLACEABLES, PLACEABLES_ONLY
    return MatchKind.FUZZY, in_percent(similar.share)


def _with_targets(match: Match, unit: Unit, text: str, targets: Sequence[str]) -> Match:
    """Give a match the translations of a unit, with the placeables of the query if nothing else differs."""
    texts = {tag: unit.texts[tag] for tag in targets if tag in unit.texts}
    if match.kind is not MatchKind.PLACEABLES:
        return replace(match, targets={tag: Repaired(target) for tag, target in texts.items()})
    repaired = {
        tag: repair(text, match.source, target, (match.language, tag)) for tag, target in texts.items()
    }
    return replace(match, targets=repaired)


def _marked(match: Match, text: str) -> Match:
    """Mark where a match differs from the query."""
    return replace(match, differences=differences(text, match.source, match.language))
