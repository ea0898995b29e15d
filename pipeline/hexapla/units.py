"""Units: what a translation memory is made of, in their typed form."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from hexapla.errors import InputError

MOST_EARLIER = 50  # texts that a variant remembers
MERGED = "merged"
"""The property of a rejected unit that holds the identifier of the unit into which it was merged."""
DECIDED = "decided"
"""The property of a unit whose document changed after a person decided on it: the status, author and texts before."""
OUTDATED = "outdated"
"""The property of a rejected unit whose wording was corrected in another unit of its passage, which it names."""


class Status(StrEnum):
    """What is known of a unit."""

    ALIGNED = "aligned"
    EDITED = "edited"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Variant:
    """One language of a unit; TMX calls it a translation unit variant.

    Attributes:
        language: BCP 47 tag.
        text: what translators see.
        original: what the document has, where a person changed the text; else None.
        segments: positions of its segments in the language version of the document, at the level of the unit: numbers
            that grow along it. They are the segments' indices from 0 when a document is added, and numbers between
            those of the neighbours for what a later version of the document has in between.
        block: position of the block that contains its first segment, counted likewise; for a unit of level paragraph,
            the first of its segments.
        file: first 16 hexadecimal digits of the SHA-256 of the file that it was aligned from, or None.
        earlier: texts that it had before in this memory, the latest last.
        span: start and end, in characters, of the part of its segments' text that it has; None for all of it.
    """

    language: str
    text: str
    original: str | None = None
    segments: tuple[float, ...] = ()
    block: float | None = None
    file: str | None = None
    earlier: tuple[str, ...] = ()
    span: tuple[int, int] | None = None

    @property
    def source(self) -> str:
        """The text as the document has it."""
        return self.text if self.original is None else self.original


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a memory.

    Attributes:
        id: stable identifier: the same passage of the same document keeps it for ever.
        variants: its languages, each once.
        document: what the document is known by: its symbol, else the common name of its files; empty if not known.
        symbol: document symbol, or None.
        level: paragraph or sentence (hexapla.rows.Level value).
        kind: kind of its blocks (hexapla_corpora.document.BlockKind value).
        number: printed number in Western form, or None.
        position: place in the document and level: numbers that grow; the units before and after are its context.
        probability: chance in 0..1 that it was aligned rightly.
        status: what people said of it.
        moved: whether the passage is at another place in some language.
        model: name of the encoder that aligned it, or None.
        model_hash: first 12 hexadecimal digits of the SHA-256 of the encoder's weights, or None.
        aligner: version of hexapla that aligned it, or the tool that it comes from.
        author: who made or changed it last, or None.
        created: when it came into the memory, UTC.
        changed: when its texts or status changed last, UTC.
        properties: further properties, such as those of a TMX unit.
        sources: further documents that it stood in, found when duplicates were removed.
        subset: languages whose finest alignment it belongs to; empty if it belongs to that of all languages.
    """

    id: str
    variants: tuple[Variant, ...]
    document: str = ""
    symbol: str | None = None
    level: str = "sentence"
    kind: str = "plain"
    number: str | None = None
    position: float = 0.0
    probability: float = 1.0
    status: Status = Status.ALIGNED
    moved: bool = False
    model: str | None = None
    model_hash: str | None = None
    aligner: str | None = None
    author: str | None = None
    created: datetime | None = None
    changed: datetime | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    subset: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of its variants, in their order."""
        return tuple(variant.language for variant in self.variants)

    @property
    def texts(self) -> dict[str, str]:
        """Its texts by language tag, in their order."""
        return {variant.language: variant.text for variant in self.variants}

    def variant(self, language: str) -> Variant | None:
        """The variant of exactly this language tag, or None."""
        return next((variant for variant in self.variants if variant.language == language), None)

    @classmethod
    def of_texts(cls, id: str, texts: Mapping[str, str], **attributes: object) -> Self:
        """A unit of texts by language tag.

        Args:
            id: its identifier.
            texts: by language tag.
            **attributes: further attributes of the unit.

        Returns:
            The unit.
        """
        unit = cls(id, tuple(Variant(language, text) for language, text in texts.items()))
        changes: dict[str, Any] = attributes
        return replace(unit, **changes)


@dataclass(frozen=True, slots=True)
class Change:
    """How a unit differs between two versions of a memory.

    Attributes:
        before: the unit in the first version; None if it is not there.
        after: the unit in the second; None if it is not there.
    """

    before: Unit | None
    after: Unit | None

    @property
    def id(self) -> str:
        """Identifier of the unit."""
        unit = self.after or self.before
        assert unit is not None
        return unit.id


def same_content(one: Unit, other: Unit) -> bool:
    """Whether two versions of a unit say the same to translators: texts, status, properties and sources."""
    return (
        one.texts == other.texts
        and one.status == other.status
        and one.properties == other.properties
        and one.sources == other.sources
    )


def with_earlier_texts(unit: Unit, before: Unit) -> Unit:
    """Let a changed unit remember the texts that it had, so that an old file cannot bring them back.

    Args:
        unit: the unit as it is now.
        before: the same unit before the change.

    Returns:
        The unit; the same object if no text was changed.
    """
    variants = tuple(
        _with_earlier(variant, old) if (old := before.variant(variant.language)) else variant
        for variant in unit.variants
    )
    return unit if variants == unit.variants else replace(unit, variants=variants)


def _with_earlier(variant: Variant, before: Variant) -> Variant:
    return remembering(variant, (*before.earlier, *variant.earlier, before.text))


def remembering(variant: Variant, texts: Iterable[str]) -> Variant:
    """Let a variant remember the texts that it had, the latest last.

    Args:
        variant: the variant as it is now.
        texts: texts that it had; that which it has, and that of the document, are not among those that it remembers.

    Returns:
        The variant; the same object if nothing changed.
    """
    earlier = tuple(text for text in dict.fromkeys(texts) if text not in (variant.text, variant.original))
    return variant if earlier == variant.earlier else replace(variant, earlier=earlier[-MOST_EARLIER:])


def tag_of(unit: Unit, language: str) -> str | None:
    """Return a language tag as a unit spells it, or None if the unit has no text in the language."""
    return next((tag for tag in unit.languages if tag.lower() == language.lower()), None)


def with_wording(variant: Variant, text: str) -> Variant:
    """Return a variant to which a person gave another text; it keeps what the document has."""
    return replace(variant, text=text, original=None if text == variant.source else variant.source)


def with_text(unit: Unit, language: str, text: str) -> Unit:
    """A unit with the right text in a language.

    Args:
        unit: as it is.
        language: BCP 47 tag, of a variant or a further one.
        text: the right text.

    Returns:
        The unit; the same object if the text was right.

    Raises:
        InputError: the text is empty.
    """
    if not text.strip():
        raise InputError(
            f"the text for {language!r} of unit {unit.id} is empty: reject the unit if it is of no use."
        )
    tag = tag_of(unit, language) or language
    before = unit.variant(tag)
    if before is None:
        return replace(unit, variants=(*unit.variants, Variant(tag, text)), status=Status.EDITED)
    if before.text == text:
        return unit
    edited = with_wording(before, text)
    variants = tuple(edited if variant is before else variant for variant in unit.variants)
    return replace(unit, variants=variants, status=Status.EDITED)


def with_status(unit: Unit, status: Status) -> Unit:
    """A unit of which a person said what it is worth; the same object if that was said before."""
    return unit if unit.status is status else replace(unit, status=status)


def merge_target(unit: Unit) -> str | None:
    """Return the identifier of the unit into which a unit was merged, or None."""
    target = unit.properties.get(MERGED)
    return target if unit.status is Status.REJECTED and isinstance(target, str) else None


def account() -> str | None:
    """Name of the account, or None if it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None
