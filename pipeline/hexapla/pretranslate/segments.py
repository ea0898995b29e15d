"""Pretranslation of segments: each sentence of a document with its matches in a memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hexapla.compare.comparable import as_seen
from hexapla.errors import InputError
from hexapla.formats.xliff.codes import without_marks
from hexapla.matches import BANDS, EXACT, PLACEABLES_ONLY, Match, MatchKind, ranked
from hexapla.memory.readable_memory import ReadableMemory
from hexapla.memory.search.query import searched_tags, target_tags
from hexapla.pretranslation import Pretranslation, PretranslationSettings, SegmentMatches
from hexapla.progress import Progress, quiet
from hexapla.units import Status
from hexapla_corpora.document import Document
from hexapla_corpora.languages import normalise_tag
from hexapla_corpora.sentences import split_document

_DECIDED = (Status.APPROVED, Status.EDITED)
_LOWEST = min(BANDS)  # the lowest percentage that an analysis counts
_LOOKUP_LIMIT = 10  # matches per segment: a penalty may rank one with a high percentage below others
_FILLING = (MatchKind.IN_CONTEXT, MatchKind.EXACT, MatchKind.PLACEABLES)


def pretranslate(
    memory: ReadableMemory, document: Document, settings: PretranslationSettings, progress: Progress = quiet
) -> Pretranslation:
    """Split a document into sentences as for alignment, and look up each sentence.

    Args:
        memory: the memory.
        document: the document, see `hexapla_corpora.read.read_document`.
        settings: settings of the pretranslation.
        progress: progress callback.

    Returns:
        The document with its sentences and their matches.

    Raises:
        InputError: the memory is empty, or source and target are the same language.
        MissingLanguage: the memory has no text in one of the languages.
    """
    check_languages(memory, settings)
    sentences = split_document(document)
    texts = [sentence.text for sentence in sentences]
    return Pretranslation(document, sentences, look_up(memory, texts, settings, progress), settings)


def check_languages(memory: ReadableMemory, settings: PretranslationSettings) -> None:
    """Refuse a memory that cannot have any match, before any work is done.

    Args:
        memory: the memory.
        settings: source and target.

    Raises:
        InputError: the memory is empty, or source and target are the same language.
        MissingLanguage: the memory has no text in one of the languages, or (that of hexapla_corpora.errors) a tag is
            not a BCP 47 tag.
    """
    source, target = normalise_tag(settings.source), normalise_tag(settings.target)
    if source == target:
        raise InputError(f"source and target are both {source}: give two languages, or two varieties of one.")
    if not len(memory):
        raise InputError(f"{memory.path} is empty: add documents to it with `hexapla add`.")
    searched = searched_tags(memory.snapshot, source) or (memory.snapshot.known_language(source),)
    target_tags(memory.snapshot, searched, target)


def look_up(
    memory: ReadableMemory, texts: Sequence[str], settings: PretranslationSettings, progress: Progress = quiet
) -> tuple[SegmentMatches, ...]:
    """Look up segments, each in the context of its neighbours.

    A text is looked up once, unless its context may make a difference. A text with inline codes that the memory does
    not have with these codes is also looked up without them; such a match loses a point, as the codes must be inserted.

    Args:
        memory: the memory.
        texts: the segments of a document, in its order, with tag marks for codes (see
            `hexapla.formats.tmx.inline_codes`); segments without visible text have no matches.
        settings: settings of the pretranslation.
        progress: progress callback.

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
    """Return the texts before and after one; empty if it is the first or last."""
    return (texts[place - 1] if place else ""), (texts[place + 1] if place + 1 < len(texts) else "")


def _matches(
    memory: ReadableMemory, text: str, neighbours: tuple[str, str], settings: PretranslationSettings
) -> tuple[Match, ...]:
    """Return the matches of a text, including those of its words without codes if the codes are not in the memory."""
    found = _look_up(memory, text, neighbours, settings)
    bare = as_seen(without_marks(text))
    if bare in ("", text) or any(percentage(match) >= PLACEABLES_ONLY for match in found):
        return found
    others = (_lacking_codes(match) for match in _look_up(memory, bare, (None, None), settings))
    highest_last = sorted((*found, *others), key=percentage)
    return tuple(ranked({match.unit.id: match for match in highest_last}.values()))


def _lacking_codes(match: Match) -> Match:
    """Return a match of the words of a text as a fuzzy match, since its codes must still be inserted."""
    return replace(match, kind=MatchKind.FUZZY, percentage=min(percentage(match), EXACT) - 1)


def _look_up(
    memory: ReadableMemory,
    text: str,
    neighbours: tuple[str | None, str | None],
    settings: PretranslationSettings,
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
        subsegments=False,
    )


def _segment_matches(text: str, found: Sequence[Match], settings: PretranslationSettings) -> SegmentMatches:
    """Return a segment with the matches to offer, and the one that fills it."""
    matches = tuple(match for match in found if percentage(match) >= settings.minimum)[: settings.limit]
    best = _best([match for match in found if _fills(match, settings.fill)])
    counted = [match for match in found if percentage(match) >= _LOWEST]
    closest = max(counted, key=percentage, default=None)
    clear = len({_translation(match) for match in best}) == 1
    return SegmentMatches(
        text, matches, best[0] if clear else None, closest, ambiguous=len(best) > 1 and not clear
    )


def _best(matches: Sequence[Match]) -> list[Match]:
    """Return the matches of the highest percentage; only those that a person approved or edited, if there are any."""
    highest = max(map(percentage, matches), default=0)
    best = [match for match in matches if percentage(match) == highest]
    return [match for match in best if match.unit.status in _DECIDED] or best


def _translation(match: Match) -> str:
    return as_seen(next(iter(match.targets.values())).text)


def _fills(match: Match, fill: int) -> bool:
    """Return whether a match is used as the translation: it must be complete as it is."""
    target = next(iter(match.targets.values()))
    return (
        percentage(match) >= fill
        and match.kind in _FILLING
        and not target.missing
        and bool(target.text.strip())
    )


def percentage(match: Match) -> int:
    """Return the percentage of a match; 0 for a match by meaning, which has none."""
    return match.percentage or 0
