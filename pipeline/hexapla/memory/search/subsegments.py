"""Matches of subsegments: a stored text, or a part of one, that stands in the query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.compare.comparable import as_seen, comparable, comparable_places
from hexapla.compare.highlights import Differences, Span
from hexapla.compare.placeables import Repaired
from hexapla.matches import Match, MatchKind, Subsegment
from hexapla.memory.search.indexed_fragment import IndexedFragment
from hexapla.memory.search.language_index import LanguageIndex
from hexapla.memory.search.subsegment_index import SHORT, Runs, minimizers, runs_of, whole_hashes_of
from hexapla.memory.search.tokens import Tokens
from hexapla.memory.storage.flat_files import Places
from hexapla_corpora.languages import spaced

COVERED = 85  # percentage of a match from which subsegments say nothing more
READ = 8_192  # texts with one run of words of which usable ones are chosen; the first ones
POSTINGS = 256  # texts that are considered for one run of words
COMPARED = 32  # texts of a fragment and language that are compared
MOST_TOKENS = 500  # tokens of a query that are searched
MOST_EQUAL = 50_000  # pairs of equal tokens of a query and a text; repetitive texts have more
LONG = 4  # times as many tokens as the shortest run: long enough without punctuation around it
_LETTERS = 4  # of a word that weighs 2; shorter words weigh nothing, and a Chinese character weighs 1
_WEIGHT = 4  # of what is shown at least


@dataclass(frozen=True, slots=True)
class _Common:
    """A run of tokens that a query and a text share.

    Attributes:
        fragment: fragment that has the text.
        language: tag of the text.
        place: place of the text.
        query: first token in the query, and the one after the last.
        source: characters of the run in the comparable form of the text.
        whole: whether it is the whole text.
    """

    fragment: IndexedFragment
    language: str
    place: int
    query: Span
    source: Span
    whole: bool

    @property
    def row(self) -> int:
        """Row of the unit."""
        return int(self.fragment.index(self.language).texts.unit_rows[self.place])


def by_subsegment(
    fragments: Sequence[IndexedFragment],
    text: str,
    languages: Sequence[str],
    targets: Sequence[str],
    limit: int,
    found: Sequence[Match],
) -> list[Match]:
    """Find stored texts that stand in a query, and parts of them that do.

    A part counts if it has several words, not only short ones, and is delimited by punctuation or by the ends of the
    text, in the query or in the stored text, or is long.

    Args:
        fragments: fragments of the snapshot.
        text: query as translators see it.
        languages: tags of the language of the query in the memory.
        targets: tags of which a unit must have at least one.
        limit: maximum number of matches.
        found: matches by percentage; their units are left out.

    Returns:
        Matches, those that share most with the query first; none if a match by percentage covers the query.
    """
    if any((match.percentage or 0) >= COVERED for match in found):
        return []
    query = _Query.of(text)
    if query.weights[-1] < _WEIGHT:
        return []
    shared = [
        each
        for fragment in fragments
        for language in languages
        if language in fragment.languages
        for each in query.common(fragment, language, fragment.having(targets))
    ]
    known = {id for match in found for id in (match.unit.id, *match.same)}
    matches: list[Match] = []
    for each in _longest(shared):
        match = query.match(each, targets)
        if match.unit.id not in known and match.says not in {other.says for other in matches}:
            matches.append(match)
            if len(matches) == limit:
                break
    return matches


def _longest(shared: Sequence[_Common]) -> Iterator[_Common]:
    """Yield the longest runs first, whole texts before parts and trusted units before others; none within another."""
    penalties = [float(each.fragment.penalties(np.array([each.row]))[0]) for each in shared]
    order = sorted(
        zip(shared, penalties, strict=True),
        key=lambda pair: (pair[0].query[0] - pair[0].query[1], not pair[0].whole, pair[1], pair[0].place),
    )
    kept: list[Span] = []
    for each, _ in order:
        start, end = each.query
        if not any(first <= start and end <= last and (start, end) != (first, last) for first, last in kept):
            kept.append(each.query)
            yield each


@dataclass(frozen=True, slots=True)
class _Query:
    """A query as tokens.

    Attributes:
        text: the query as translators see it.
        folded: its comparable form.
        places: place in the text of each character of that form.
        tokens: its tokens.
        weights: sum of the weights of the tokens before each, *Shape:* ``(tokens + 1,)``.
    """

    text: str
    folded: str
    places: list[int]
    tokens: Tokens
    weights: NDArray[np.int64]

    @classmethod
    def of(cls, text: str) -> _Query:
        """Divide a query into tokens."""
        folded, places = comparable_places(text)
        tokens = Tokens.of([folded]).between(0, MOST_TOKENS)
        words = [folded[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
        weight = [
            1 if single else 2 * (len(word) >= _LETTERS and not word.isdecimal())
            for word, single in zip(words, tokens.singles, strict=True)
        ]
        return cls(text, folded, places, tokens, np.cumsum([0, *weight]))

    def common(self, fragment: IndexedFragment, language: str, rows: NDArray[np.bool_]) -> Iterator[_Common]:
        """Yield the longest run that each of some texts of a fragment shares with the query."""
        index = fragment.index(language)
        runs, unit_rows = runs_of(by_word=spaced(language)), index.texts.unit_rows

        def usable(places: Places) -> Places:
            inside = places[:READ]
            inside = inside[inside < len(unit_rows)]
            return inside[rows[unit_rows[inside]]][:POSTINGS]

        places = [*self._whole(index, usable), *self._sharing(index, runs, usable)]
        places = list(dict.fromkeys(places))[:COMPARED]
        texts = [comparable(as_seen(index.texts[place])) for place in places]
        tokens = Tokens.of(texts)
        edges = np.searchsorted(tokens.owners, np.arange(len(texts) + 1))
        for number, (place, folded) in enumerate(zip(places, texts, strict=True)):
            own = tokens.between(int(edges[number]), int(edges[number + 1]))
            if run := self._longest(own, folded, runs):
                query, (first, last) = run
                source = int(own.starts[first]), int(own.ends[last - 1])
                yield _Common(fragment, language, place, query, source, last - first == len(own))

    def _whole(self, index: LanguageIndex, usable: Callable[[Places], Places]) -> Iterator[int]:
        """Yield the places of texts that may stand in the query as a whole, the longest first."""
        for count, hashes in reversed(list(whole_hashes_of(self.tokens.hashes))):
            weighty = self.weights[count:] - self.weights[:-count] >= _WEIGHT
            for _, places in index.subsegments.whole(hashes[weighty]):
                yield from usable(places).tolist()

    def _sharing(self, index: LanguageIndex, runs: Runs, usable: Callable[[Places], Places]) -> list[int]:
        """Return the places of texts that may share runs with the query, those with the most first."""
        _, hashes = minimizers(self.tokens, runs)
        counts = Counter(
            place for places in index.subsegments.sharing(hashes) for place in set(usable(places).tolist())
        )
        return [place for place, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:COMPARED]]

    def _longest(self, own: Tokens, folded: str, runs: Runs) -> tuple[Span, Span] | None:
        """Return the longest run of tokens that a text shares with the query and that counts; in both."""
        found = [
            run
            for run in _common_runs(self.tokens.hashes, own.hashes)
            if self._counts(run, own, folded, runs)
        ]
        return max(found, key=lambda run: (run[0][1] - run[0][0], -run[0][0]), default=None)

    def _counts(self, run: tuple[Span, Span], own: Tokens, folded: str, runs: Runs) -> bool:
        """Return whether a common run is worth to be shown."""
        (start, end), (first, last) = run
        if self.weights[end] - self.weights[start] < _WEIGHT:
            return False
        if last - first == len(own):
            return len(own) <= SHORT or end - start >= runs.shortest
        return end - start >= runs.shortest and (
            end - start >= LONG * runs.tokens
            or _delimited(self.folded, int(self.tokens.starts[start]), int(self.tokens.ends[end - 1]))
            or _delimited(folded, int(own.starts[first]), int(own.ends[last - 1]))
        )

    def match(self, common: _Common, targets: Sequence[str]) -> Match:
        """Make the match of a common run."""
        start, end = common.query
        text = as_seen(common.fragment.index(common.language).texts[common.place])
        unit = common.fragment.unit(common.row)
        penalty = float(common.fragment.penalties(np.array([common.row]))[0])
        spans = Subsegment(
            _span(self.places, int(self.tokens.starts[start]), int(self.tokens.ends[end - 1])),
            _span(comparable_places(text)[1], *common.source),
        )
        translations = {tag: Repaired(unit.texts[tag]) for tag in targets if tag in unit.texts}
        nothing = Differences((), ())
        return Match(
            unit,
            MatchKind.SUBSEGMENT,
            None,
            None,
            common.language,
            text,
            translations,
            nothing,
            penalty,
            subsegment=spans,
        )


def _common_runs(query: NDArray[np.uint64], source: NDArray[np.uint64]) -> Iterator[tuple[Span, Span]]:
    """Yield the runs that two sequences of tokens share and that cannot be extended, by their first and last tokens."""
    equal = np.zeros((len(query) + 2, len(source) + 2), dtype=bool)
    equal[1:-1, 1:-1] = query[:, None] == source[None, :]
    if np.count_nonzero(equal) > MOST_EQUAL:
        return
    starts = np.argwhere(equal[1:-1, 1:-1] & ~equal[:-2, :-2])
    for start, first in starts.tolist():
        length = 1
        while equal[start + 1 + length, first + 1 + length]:
            length += 1
        yield (start, start + length), (first, first + length)


def _delimited(text: str, start: int, end: int) -> bool:
    """Return whether a part of a text has punctuation or an end of the text on both sides."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return not (before and before[-1].isalnum()) and not (after and after[0].isalnum())


def _span(places: Sequence[int], start: int, end: int) -> Span:
    """Return where characters of a comparable form are in the text."""
    return places[start], max(places[end], places[end - 1] + 1)
