"""Merging a unit of a file that was exported, changed and imported again into the unit of the memory."""

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
_DECLARED = (Status.APPROVED, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class Merger:
    """Merges units of files into those of the memory.

    Attributes:
        now: time of the import.
        author: author of changes for which the file names none, or None.
        whole: whether units of files are complete corrections, rather than exports that people changed.
    """

    now: datetime
    author: str | None
    whole: bool = False

    def first(self, units: pl.DataFrame) -> pl.DataFrame:
        """Complete author and dates of new units, with the columns of `hexapla.unit_table.UNIT`."""
        now = pl.lit(self.now).cast(UNIT["created"])
        return units.with_columns(
            author=pl.coalesce("author", pl.lit(self.author, pl.String)),
            created=pl.coalesce("created", "changed", now),
            changed=pl.coalesce("changed", "created", now),
        )

    def merged(self, known: Unit, found: Unit) -> Unit:
        """Merge the changes of a file into a unit.

        Languages that the file does not have are kept, and so is everything that the file cannot express.

        Args:
            known: the unit of the memory.
            found: the unit of the file, not older than that of the memory.

        Returns:
            The merged unit; the same object as `known` if nothing changed.
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
        """Set author and time of the change: those of the file if they are new."""
        later = found.changed is not None and (known.changed is None or found.changed > known.changed)
        is_new = later or found.author != known.author
        return replace(
            unit,
            author=(found.author if is_new else None) or self.author or account(),
            changed=found.changed if later else self.now,
        )


def is_older(found: Unit, known: Unit) -> bool:
    """Return whether the unit of a file is older than that of the memory, to the second, the precision of files."""
    if found.changed is None or known.changed is None:
        return False
    return found.changed.replace(microsecond=0) < known.changed.replace(microsecond=0)


def is_another(found: Unit, known: Unit) -> bool:
    """Return whether a unit is a different translation from another file, not a changed version of the known unit.

    Units of other tools are identified by their source text; if two memories translate it differently, both units are
    kept. Units with the same creation time are the same unit.
    """
    foreign = "header" in known.properties.get("tmx", {})
    same_origin = found.document == known.document or found.created == known.created or found.created is None
    return (
        foreign
        and not same_origin
        and any(known.texts.get(tag, text) != text for tag, text in found.texts.items())
    )


def another_id(unit: Unit) -> str:
    """Return a new identifier for a unit whose own is taken by a unit from another file."""
    return sha256(f"{unit.id}\x1f{unit.document}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _tags(known: Unit, found: Unit) -> dict[str, str]:
    """Map each tag of the file to one of the memory: the same, or that of the only text in the language.

    Tools write zh-CN for zh.
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
    """Give a variant the text of the file, if that differs from what an export would have written."""
    if found is None or found.text == known.text or clean_text(found.text) == clean_text(known.text):
        return known
    return replace(known, text=found.text, original=None if found.text == known.source else known.source)


def _status(known: Status, found: Status, edited: bool) -> Status:
    """Return the new status of a unit: a new one declared in the file, else edited if its text changed."""
    if found in _DECLARED and found is not known:
        return found
    if edited or (found is Status.EDITED and known is Status.ALIGNED):
        return Status.EDITED
    return known


def _properties(known: Unit, found: Unit, tags: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the new properties: all those of another tool's unit; of a unit of hexapla, only comment and marks."""
    new = found.properties
    if "header" in new.get("tmx", {}) and "tmx" in known.properties:
        return {**known.properties, **new, "tmx": _with_earlier_stamps(known, new["tmx"])}
    properties = dict(known.properties)
    if "comment" in new:
        properties["comment"] = new["comment"]
    tuv = {tag: dict(each) for tag, each in properties.get("tuv", {}).items()}
    for tag, mine in tags.items():
        marks = new.get("tuv", {}).get(tag, {}).get("marks")
        if marks or _changed(known, found, tag, mine):
            tuv[mine] = {name: value for name, value in tuv.get(mine, {}).items() if name != "marks"}
            tuv[mine] |= {"marks": marks} if marks else {}
    if tuv := {tag: each for tag, each in tuv.items() if each}:
        properties["tuv"] = tuv
    else:
        properties.pop("tuv", None)
    return properties


def _with_earlier_stamps(known: Unit, tmx: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the earlier dates in the TMX properties of a unit; the new ones are attributes of the unit itself."""
    before = known.properties["tmx"].get("attributes", {})
    attributes = {name: value for name, value in tmx.get("attributes", {}).items() if name not in _STAMPS}
    attributes |= {name: before[name] for name in _STAMPS if name in before}
    kept = {**tmx, "attributes": attributes}
    return {name: value for name, value in kept.items() if value}


def _changed(known: Unit, found: Unit, tag: str, mine: str) -> bool:
    return clean_text(found.texts[tag]) != clean_text(known.texts.get(mine, ""))
