"""A unit of a memory, and what has become of it in a file that was exported, changed and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import polars as pl

from hexapla.formats.io.xml_text import clean_text
from hexapla.unit_table import UNIT
from hexapla.units import Status, Unit, Variant, account
from hexapla_corpora.languages import same_language

_STAMPS = ("creationdate", "changedate", "changeid")
_SAID = (Status.APPROVED, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class Merger:
    """Takes over what changed.

    Attributes:
        now: when that is done.
        author: who changed a unit of which the file does not say it, or None.
        whole: whether units of files are corrections that hold as they are, not exports that people changed.
    """

    now: datetime
    author: str | None
    whole: bool = False

    def first(self, units: pl.DataFrame) -> pl.DataFrame:
        """Units that the memory does not have yet, with the columns of `hexapla.unit_table.UNIT`."""
        now = pl.lit(self.now).cast(UNIT["created"])
        return units.with_columns(
            author=pl.coalesce("author", pl.lit(self.author, pl.String)),
            created=pl.coalesce("created", "changed", now),
            changed=pl.coalesce("changed", "created", now),
        )

    def merged(self, known: Unit, found: Unit) -> Unit:
        """A unit with what was changed in a file.

        Languages that the file does not have stay, and so does what the file cannot say.

        Args:
            known: the unit of the memory.
            found: the one of the file, not older than that.

        Returns:
            The unit; the same object if nothing changed.
        """
        if self.whole:
            corrected = replace(found, author=known.author, created=known.created, changed=known.changed)
            return known if corrected == known else self._stamped(corrected, known, found)
        tags = _tags(known, found)
        variants = _variants(known, found, tags)
        texts = [variant.text for variant in variants]
        edited = texts != [variant.text for variant in known.variants]
        unit = replace(
            known,
            variants=variants,
            status=_status(known.status, found.status, edited),
            properties=_properties(known, found, tags),
        )
        return known if unit == known else self._stamped(unit, known, found)

    def _stamped(self, unit: Unit, known: Unit, found: Unit) -> Unit:
        """A unit with who changed it and when: as the file says, if it says something new."""
        later = found.changed is not None and (known.changed is None or found.changed > known.changed)
        says = later or found.author != known.author
        return replace(
            unit,
            author=(found.author if says else None) or self.author or account(),
            changed=found.changed if later else self.now,
        )


def is_older(found: Unit, known: Unit) -> bool:
    """Whether the unit of a file is older than that of the memory, in seconds, as files give them."""
    if found.changed is None or known.changed is None:
        return False
    return found.changed.replace(microsecond=0) < known.changed.replace(microsecond=0)


def is_another(found: Unit, known: Unit) -> bool:
    """Whether a unit is another translation, of another file, and not one that was changed since.

    Units of other tools are known by their source text; two memories that translate it in two ways keep both. The same
    unit was made at the same time.
    """
    foreign = "header" in known.properties.get("tmx", {})
    same_origin = found.document == known.document or found.created == known.created or found.created is None
    return (
        foreign
        and not same_origin
        and any(known.texts.get(tag, text) != text for tag, text in found.texts.items())
    )


def another_id(unit: Unit) -> str:
    """The identifier of a unit whose own is that of one from another file."""
    return sha256(f"{unit.id}\x1f{unit.document}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _tags(known: Unit, found: Unit) -> dict[str, str]:
    """The tag that the memory has for each one of the file: the same, or of the only text in that language.

    Tools write zh-CN for zh, and give it back.
    """
    spelt = {tag.lower(): tag for tag in known.languages}
    tags = {tag: spelt[tag.lower()] for tag in found.languages if tag.lower() in spelt}
    for tag in found.languages:
        if tag not in tags:
            alike = [
                each for each in known.languages if each not in tags.values() and same_language(each, tag)
            ]
            tags[tag] = alike[0] if len(alike) == 1 else tag
    return tags


def _variants(known: Unit, found: Unit, tags: Mapping[str, str]) -> tuple[Variant, ...]:
    news = {tags[variant.language]: variant for variant in found.variants}
    kept = [_variant(variant, news.pop(variant.language, None)) for variant in known.variants]
    return (*kept, *(replace(variant, language=tag) for tag, variant in news.items()))


def _variant(known: Variant, found: Variant | None) -> Variant:
    """A variant with the text of the file, if that says something else than what is written for it."""
    if found is None or found.text == known.text or clean_text(found.text) == clean_text(known.text):
        return known
    return replace(known, text=found.text, original=None if found.text == known.source else known.source)


def _status(known: Status, found: Status, edited: bool) -> Status:
    """What is known of a unit: what the file says anew, else that its text was changed."""
    if found in _SAID and found is not known:
        return found
    if edited or (found is Status.EDITED and known is Status.ALIGNED):
        return Status.EDITED
    return known


def _properties(known: Unit, found: Unit, tags: Mapping[str, str]) -> Mapping[str, Any]:
    """Properties of another tool as it has them now; of what hexapla wrote, the comment and the marks alone."""
    said = found.properties
    if "header" in said.get("tmx", {}) and "tmx" in known.properties:
        return {**known.properties, **said, "tmx": _with_stamps_of(known, said["tmx"])}
    properties = dict(known.properties)
    if "comment" in said:
        properties["comment"] = said["comment"]
    tuv = {tag: dict(each) for tag, each in properties.get("tuv", {}).items()}
    for tag, mine in tags.items():
        marks = said.get("tuv", {}).get(tag, {}).get("marks")
        if marks or _changed(known, found, tag, mine):
            tuv[mine] = {name: value for name, value in tuv.get(mine, {}).items() if name != "marks"}
            tuv[mine] |= {"marks": marks} if marks else {}
    if tuv := {tag: each for tag, each in tuv.items() if each}:
        properties["tuv"] = tuv
    else:
        properties.pop("tuv", None)
    return properties


def _with_stamps_of(known: Unit, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a tu says, with the dates that it had: those that it has now are attributes of the unit."""
    before = known.properties["tmx"].get("attributes", {})
    attributes = {name: value for name, value in said.get("attributes", {}).items() if name not in _STAMPS}
    attributes |= {name: before[name] for name in _STAMPS if name in before}
    kept = {**said, "attributes": attributes}
    return {name: value for name, value in kept.items() if value}


def _changed(known: Unit, found: Unit, tag: str, mine: str) -> bool:
    return clean_text(found.texts[tag]) != clean_text(known.texts.get(mine, ""))
