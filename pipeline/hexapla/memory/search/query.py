"""Queries: their texts, language tags as the memory writes them, and how words are matched."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from hexapla.errors import InputError
from hexapla.memory.index.snapshot import Snapshot
from hexapla_corpora.languages import nearest_first, normalise_tag, primary_subtag, same_language
from hexapla_corpora.text_encoding import LONE_SURROGATE

Tags = tuple[str, ...]

HITS = 20  # of a concordance, unless another number is wanted


class Matching(StrEnum):
    """How words are matched."""

    SUBSTRING = "substring"
    WORD = "word"
    REGEX = "regex"


def searched_tags(snapshot: Snapshot, language: str) -> tuple[str, ...]:
    """Return the tags of all texts in a language, whatever their script and region.

    Args:
        snapshot: the memory to search.
        language: BCP 47 tag.

    Returns:
        Tags as the memory writes them; none if it has no text in that language.

    Raises:
        hexapla_corpora.errors.UnknownLanguage: the tag is not a BCP 47 tag.
    """
    primary = primary_subtag(normalise_tag(language))
    return tuple(tag for tag in snapshot.languages if same_language(primary_subtag(tag), primary))


def target_tags(
    snapshot: Snapshot, searched: Sequence[str], target: str | Sequence[str] | None
) -> tuple[str, ...]:
    """Return the tags of the wanted translations.

    Args:
        snapshot: the memory to search.
        searched: tags of the texts that are searched.
        target: BCP 47 tags of the wanted languages, one or several; all but those searched if None.

    Returns:
        Tags as the memory writes them, each once.

    Raises:
        MissingLanguage: the memory has no text in one of the languages.
        hexapla_corpora.errors.UnknownLanguage: a tag is not a BCP 47 tag.
    """
    if target is None:
        return tuple(tag for tag in snapshot.languages if tag not in searched)
    wanted = [target] if isinstance(target, str) else target
    return tuple(dict.fromkeys(tag for each in wanted for tag in _known(snapshot, normalise_tag(each))))


def _known(snapshot: Snapshot, wanted: str) -> list[str]:
    """Return the tags of a written language as the memory writes them, the nearest first."""
    alike = [tag for tag in snapshot.languages if same_language(tag, wanted)]
    return nearest_first(alike, wanted) or [snapshot.known_language(wanted)]


def parted(searched: Sequence[str], targets: Sequence[str], source: str) -> tuple[Tags, Tags]:
    """Separate the tags of source and targets that are varieties of one language, such as en-US and en-GB.

    Args:
        searched: tags of texts in the source language.
        targets: tags of the wanted translations, those of each wanted language nearest first.
        source: tag of the source language.

    Returns:
        Tags to search, and tags of translations, of which none is in both.
    """
    shared = [tag for tag in targets if tag in searched]
    if not shared:
        return tuple(searched), tuple(targets)
    nearest = nearest_first(searched, source)[0]
    wanted = tuple(tag for tag in targets if tag != nearest)
    return tuple(tag for tag in searched if tag == nearest or tag not in wanted), wanted


def encodable(text: str) -> str:
    """Refuse a text that cannot be encoded in UTF-8.

    Args:
        text: text that a user typed.

    Returns:
        The same text.

    Raises:
        InputError: the text has a byte that Python could not decode.
    """
    if found := LONE_SURROGATE.search(text):
        raise InputError(
            f"character {found.end()} of {text!r} is not valid UTF-8: set the terminal to UTF-8 and type it again."
        )
    return text
