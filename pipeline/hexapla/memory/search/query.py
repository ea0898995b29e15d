"""Queries: their texts, the language tags that they name, and how words are matched."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from hexapla.errors import InputError
from hexapla.memory.index.snapshot import Snapshot
from hexapla_corpora.languages import normalise_tag, same_language
from hexapla_corpora.text_encoding import LONE_SURROGATE

HITS = 20  # of a concordance, unless another number is wanted


class Matching(StrEnum):
    """How words are sought."""

    SUBSTRING = "substring"
    WORD = "word"
    REGEX = "regex"


def searched_tags(snapshot: Snapshot, language: str) -> tuple[str, ...]:
    """Tags of the texts that are compared with one in a language, in whatever script or region.

    Args:
        snapshot: of the memory.
        language: BCP 47 tag.

    Returns:
        Tags of the memory; none if it has no text in that language.

    Raises:
        hexapla_corpora.errors.UnknownLanguage: that is no BCP 47 tag.
    """
    primary = normalise_tag(language).partition("-")[0]
    return tuple(tag for tag in snapshot.languages if same_language(tag.partition("-")[0], primary))


def target_tags(
    snapshot: Snapshot, searched: Sequence[str], target: str | Sequence[str] | None
) -> tuple[str, ...]:
    """Tags of the translations that are asked for.

    Args:
        snapshot: of the memory.
        searched: tags of the texts that are searched.
        target: BCP 47 tags of the languages asked for, one or several; all but those searched if None.

    Returns:
        Tags of the memory, each once.

    Raises:
        MissingLanguage: the memory has no text in a language asked for, or (that of hexapla_corpora.errors) it is no
            BCP 47 tag.
    """
    if target is None:
        return tuple(tag for tag in snapshot.languages if tag not in searched)
    asked = [target] if isinstance(target, str) else target
    return tuple(dict.fromkeys(tag for each in asked for tag in _known(snapshot, normalise_tag(each))))


def _known(snapshot: Snapshot, asked: str) -> list[str]:
    """The tag as the memory has it, else those of the same written language."""
    same = [tag for tag in snapshot.languages if tag.lower() == asked.lower()]
    alike = same or [tag for tag in snapshot.languages if same_language(tag, asked)]
    return alike or [snapshot.known_language(asked)]


def encodable(text: str) -> str:
    """A text that was typed, if its bytes made text.

    Args:
        text: what was typed.

    Returns:
        The text.

    Raises:
        InputError: a byte of it stands for no character.
    """
    if found := LONE_SURROGATE.search(text):
        raise InputError(
            f"character {found.end()} of {text!r} is none: it was not typed in UTF-8. Set the terminal to UTF-8."
        )
    return text
