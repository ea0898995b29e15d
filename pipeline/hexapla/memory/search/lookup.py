"""Look-up: the units of a snapshot that may serve as translation of a text."""

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
from hexapla.memory.search.query import encodable, searched_tags, target_tags
from hexapla.progress import Progress, quiet
from hexapla.text import matching_text
from hexapla.units import Unit
from hexapla_models.encoder import Encoder, Vectors

MINIMUM, LIMIT = 70, 5
ENCODED_AT_ONCE = 64  # texts of many that are looked up
MOST = 500  # texts of a fragment that are sought, more or less, however many say the same


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked up.

    Attributes:
        text: as translators see it.
        source: its BCP 47 tag.
        languages: tags of the same language that the memory has.
        targets: tags of the languages asked for, as the memory has them.
        minimum: percentage that a match must have.
        limit: number of matches at most.
        beside: text before and text behind it in its document; None where it is not known.
    """

    text: str
    source: str
    languages: tuple[str, ...]
    targets: tuple[str, ...]
    minimum: int
    limit: int
    beside: tuple[str | None, str | None]


class Lookup:
    """Look-up in one snapshot; what it opens stays open.

    Args:
        snapshot: of the memory.
        encoder: gives the encoder of the memory; called when a text is to be compared by meaning.
        identities: hashes of the identifiers of the units that may be found; None for all that were not rejected.
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
        vector: NDArray[np.float32] | None = None,
    ) -> tuple[Match, ...]:
        """Look a text up.

        Args:
            text: what is to be translated.
            source: BCP 47 tag of its language; texts in another script of it are compared too.
            target: tags of the languages asked for, one or several; all others of the memory if None.
            minimum: percentage that a match must have, 1 to 100.
            limit: number of matches by percentage at most, and of those by meaning.
            previous: text before it in its document, for matches in context; empty if it is the first.
            following: text after it; empty if it is the last.
            meaning: whether to look for units of the same meaning too; a text of more than 20,000
                characters is only compared by percentage.
            vector: of the text, if it was encoded before, *Shape:* ``(dimension,)``.

        Returns:
            Matches by percentage, the best first, then those by meaning; none if the memory is empty.

        Raises:
            InputError: there is no text, or a minimum or limit that makes no sense.
            MissingLanguage: the memory has no text in a target language, or neither the memory nor its encoder know
                the source language; hexapla_corpora.errors.UnknownLanguage if one is no BCP 47 tag.
        """
        seen = _checked(text, minimum, limit)
        if not len(self._snapshot):
            return ()
        languages = self._languages(source)
        targets = target_tags(self._snapshot, languages, target)
        query = Query(seen, source, languages, targets, minimum, limit, (previous, following))
        found = self._by_percentage(query)
        if len(found) < limit:
            found = merged(ranked([*found, *self._through_others(query, found)]))[:limit]
        found = [_marked(match, seen) for match in found]
        if not meaning or len(seen) > MEANING_MOST:
            return tuple(found)
        if vector is None:
            (vector,) = self.encode([text], source)
        return (*found, *by_meaning(self._fragments, vector, languages, targets, limit, found))

    def encode(self, texts: Sequence[str], language: str) -> Vectors:
        """Encode texts as they are compared by meaning.

        Args:
            texts: as they are looked up.
            language: BCP 47 tag.

        Returns:
            *Shape:* ``(texts, dimension)``.
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
        progress: Progress = quiet,
    ) -> list[tuple[Match, ...]]:
        """Look up the segments of a document, each in the context of its neighbours; see `search`.

        Args:
            texts: the segments; one without visible text has no match.
            source: BCP 47 tag of their language.
            target: tags of the languages asked for.
            minimum: percentage that a match must have, 1 to 100.
            limit: number of matches by percentage at most, and of those by meaning.
            meaning: whether to look for units of the same meaning too.
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
                    vector=vector,
                )
        return found

    def _languages(self, source: str) -> tuple[str, ...]:
        """Tags under which the memory has texts of the source language."""
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
        """Matches in the source language: in context, exact, in all but placeables, fuzzy."""

        def find(wanted: int) -> tuple[list[Match], bool]:
            found = [self._similar(fragment, query, wanted) for fragment in self._fragments]
            candidates = (candidate for candidates, _ in found for candidate in candidates)
            matches = best_matches(candidates, query.limit, lambda each: self._match(each, query))
            return matches, any(more for _, more in found)

        return widened(find, query.limit, MOST)

    def _similar(self, fragment: IndexedFragment, query: Query, wanted: int) -> tuple[list[Candidate], bool]:
        """What may match in a fragment, and whether it may have more."""
        rows, more = fragment.having(query.targets), False
        found: list[Candidate] = []
        for language in query.languages:
            similar = fragment.similar(query.text, language, query.minimum / 100, rows, wanted, query.beside)
            more |= len(similar) >= wanted
            found += self._candidates(fragment, language, similar, query)
        return found, more

    def _candidates(
        self, fragment: IndexedFragment, language: str, similar: Sequence[Similar], query: Query
    ) -> Iterator[Candidate]:
        """Texts that reach the minimum."""
        texts = fragment.index(language).texts
        rows = texts.unit_rows[[each.place for each in similar]]
        for each, row, penalty in zip(similar, rows.tolist(), fragment.penalties(rows).tolist(), strict=True):
            source = as_seen(texts[each.place])
            kind, worth = _worth(query, source, each)
            if worth >= query.minimum:
                yield Candidate(fragment, language, row, source, kind, worth, penalty)

    def _match(self, candidate: Candidate, query: Query) -> Match:
        """The match of a text."""
        unit, kind, percentage = candidate.unit, candidate.kind, int(candidate.worth)
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
        """Whether the texts beside the query stand beside the unit too; one that is not known does not count."""
        there = [each.variant(language) if each else None for each in self._snapshot.neighbours(unit)]
        return all(
            given is None or as_seen(given) == (as_seen(variant.text) if variant else "")
            for given, variant in zip(query.beside, there, strict=True)
        )

    def _through_others(self, query: Query, found: Sequence[Match]) -> Iterator[Match]:
        """Translations that units lack, from units with the same text in a third language."""
        known = {match.unit.id for match in found}
        for bare in (*found, *self._bare(query)):
            yield from self._translated(bare, query, known)

    def _bare(self, query: Query) -> Iterator[Match]:
        """Matches that have none of the languages asked for."""
        for fragment in self._fragments:
            rows = fragment.lacking(query.targets)
            for language in query.languages if rows.any() else ():
                similar = fragment.similar(
                    query.text, language, query.minimum / 100, rows, query.limit, query.beside
                )
                for candidate in self._candidates(fragment, language, similar, query):
                    yield self._match(candidate, query)

    def _translated(self, bare: Match, query: Query, known: set[str]) -> Iterator[Match]:
        """A match with the targets that it lacks, of units that have its text in another language."""
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
    """The text as translators see it, if it can be looked up."""
    if not 1 <= minimum <= EXACT or limit < 1:
        raise InputError(
            f"a minimum of {minimum}% and a limit of {limit} make no sense: give 1 to 100, and 1 or more."
        )
    seen = as_seen(encodable(text))
    if not seen:
        raise InputError("the text to look up is empty: give one word at least.")
    return seen


def _worth(query: Query, source: str, similar: Similar) -> tuple[MatchKind, int]:
    """Kind and percentage of a match at most: which stand in context is told by their units."""
    if source == query.text:
        known = query.beside != (None, None)
        return (MatchKind.IN_CONTEXT, IN_CONTEXT) if known else (MatchKind.EXACT, EXACT)
    if similar.alike and differ_in_placeables(query.text, source):
        return MatchKind.PLACEABLES, PLACEABLES_ONLY
    return MatchKind.FUZZY, in_percent(similar.share)


def _with_targets(match: Match, unit: Unit, text: str, targets: Sequence[str]) -> Match:
    """A match with translations of a unit, with the placeables of the query if nothing else differs."""
    texts = {tag: unit.texts[tag] for tag in targets if tag in unit.texts}
    if match.kind is not MatchKind.PLACEABLES:
        return replace(match, targets={tag: Repaired(target) for tag, target in texts.items()})
    repaired = {
        tag: repair(text, match.source, target, (match.language, tag)) for tag, target in texts.items()
    }
    return replace(match, targets=repaired)


def _marked(match: Match, text: str) -> Match:
    """A match with where it differs from the query."""
    return replace(match, differences=differences(text, match.source, match.language))
