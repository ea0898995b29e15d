"""Pretranslation: a document, sentence by sentence, with what a memory has for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hexapla.compare.comparable import as_seen
from hexapla.errors import InputError
from hexapla.formats.xliff.codes import without_marks
from hexapla.matches import BANDS, EXACT, PLACEABLES_ONLY, Match, MatchKind, ranked
from hexapla.memory.search.query import searched_tags, target_tags
from hexapla.pretranslation import Pretranslation, PretranslationSettings, SegmentMatches
from hexapla.progress import Progress, quiet
from hexapla_corpora.document import Document
from hexapla_corpora.languages import normalise_tag, same_language
from hexapla_corpora.sentences import split_document

if TYPE_CHECKING:
    from hexapla.memory.memory import Memory

_LOWEST = min(BANDS)  # what an analysis counts
_LOOKUP_LIMIT = 10  # matches of a segment: the penalty may put one of a high percentage behind others
_FILLING = (MatchKind.IN_CONTEXT, MatchKind.EXACT, MatchKind.PLACEABLES)


def pretranslate(
    memory: Memory, document: Document, settings: PretranslationSettings, progress: Progress = quiet
) -> Pretranslation:
    """Cut a document into sentences as for alignment, and look each up.

    Args:
        memory: the memory.
        document: see `hexapla_corpora.read.read_document`.
        settings: languages, and what is wanted.
        progress: told how far the work is.

    Returns:
        The document with its sentences and their matches.

    Raises:
        InputError: the memory is empty, or source and target are one language.
        UnknownLanguage: the memory has no text in one of the languages.
    """
    check_languages(memory, settings)
    sentences = split_document(document)
    texts = [sentence.text for sentence in sentences]
    return Pretranslation(document, sentences, look_up(memory, texts, settings, progress), settings)


def check_languages(memory: Memory, settings: PretranslationSettings) -> None:
    """Refuse a memory that cannot have a match, before any work is done.

    Args:
        memory: the memory.
        settings: source and target.

    Raises:
        InputError: the memory is empty, or source and target are one language.
        UnknownLanguage: the memory has no text in one of them, or (that of hexapla_corpora.errors) it is no BCP 47 tag.
    """
    source, target = normalise_tag(settings.source), normalise_tag(settings.target)
    if same_language(source, target):
        raise InputError(f"source {source} and target {target} are one language: give two.")
    if not len(memory):
        raise InputError(f"{memory.path} is empty: add documents to it with `hexapla add`.")
    searched = searched_tags(memory.snapshot, source) or (memory.snapshot.known_language(source),)
    target_tags(memory.snapshot, searched, target)


def look_up(
    memory: Memory, texts: Sequence[str], settings: PretranslationSettings, progress: Progress = quiet
) -> tuple[SegmentMatches, ...]:
    """Look up segments, each in the context of its neighbours.

    A text is looked up once, unless its context may make a difference. One with inline codes is looked up without them
    too if the memory does not have it with them; that costs a point, as the codes are to be put in.

    Args:
        memory: the memory.
        texts: the segments of a document, in its order, with tag marks for codes (see
            `hexapla.formats.tmx.inline_codes`); one without visible text has no match.
        settings: languages, and what is wanted.
        progress: told how far the work is.

    Returns:
        Each segment with its matches.
    """
    seen = [as_seen(text) for text in texts]
    known: dict[str, tuple[Match, ...]] = {"": ()}
    done = []
    for place, (text, query) in enumerate(zip(texts, seen, strict=True)):
        progress("Looking up", place, len(texts))
        if query not in known or any(percentage(match) >= EXACT for match in known[query]):
            known[query] = _matches(memory, query, _neighbours(seen, place), settings)
        done.append(_segment_matches(text, known[query], settings))
    return tuple(done)


def _neighbours(texts: Sequence[str], place: int) -> tuple[str, str]:
    """The texts before and behind one; empty where it is the first or last."""
    return (texts[place - 1] if place else ""), (texts[place + 1] if place + 1 < len(texts) else "")


def _matches(
    memory: Memory, text: str, neighbours: tuple[str, str], settings: PretranslationSettings
) -> tuple[Match, ...]:
    """The matches of a text, those by its words alone too if its codes are not in the memory."""
    found = _look_up(memory, text, neighbours, settings)
    bare = as_seen(without_marks(text))
    if bare in ("", text) or any(percentage(match) >= PLACEABLES_ONLY for match in found):
        return found
    others = (_lacking_codes(match) for match in _look_up(memory, bare, (None, None), settings))
    highest_last = sorted((*found, *others), key=percentage)
    return tuple(ranked({match.unit.id: match for match in highest_last}.values()))


def _lacking_codes(match: Match) -> Match:
    """A match of the words of a text, whose codes are still to be put in."""
    return replace(match, kind=MatchKind.FUZZY, percentage=min(percentage(match), EXACT) - 1)


def _look_up(
    memory: Memory, text: str, neighbours: tuple[str | None, str | None], settings: PretranslationSettings
) -> tuple[Match, ...]:
    return memory.lookup(
        text,
        source=settings.source,
        target=settings.target,
        minimum=min(settings.minimum, _LOWEST),
        limit=max(settings.limit, _LOOKUP_LIMIT),
        previous=neighbours[0],
        following=neighbours[1],
        meaning=False,
    )


def _segment_matches(text: str, found: Sequence[Match], settings: PretranslationSettings) -> SegmentMatches:
    """A segment with the matches that are offered, and the one that is put in."""
    matches = tuple(match for match in found if percentage(match) >= settings.minimum)[: settings.limit]
    translation = next((match for match in matches if _fills(match, settings.fill)), None)
    counted = [match for match in found if percentage(match) >= _LOWEST]
    return SegmentMatches(text, matches, translation, max(counted, key=percentage, default=None))


def _fills(match: Match, fill: int) -> bool:
    """Whether a match is put in as the translation: nothing in it is left to be done."""
    target = next(iter(match.targets.values()))
    return (
        percentage(match) >= fill
        and match.kind in _FILLING
        and not target.missing
        and bool(target.text.strip())
    )


def percentage(match: Match) -> int:
    """The percentage of a match; 0 for one of meaning, which has none."""
    return match.percentage or 0
