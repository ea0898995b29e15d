"""Merging a unit of a file that was exported, changed and imported again into the unit of the memory."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import polars as pl

from hexapla.formats.io.xml_text import clean_text, legal_text
from hexapla.unit_table import UNIT
from hexapla.units import Status, Unit, Variant, account, with_earlier_texts, with_wording
from hexapla_corpora.languages import same_language

_STAMPS = ("creationdate", "changedate", "changeid")
_DECLARED = (Status.APPROVED, Status.REJECTED)
_UNIQUE = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")  # a UUID, or an MD5

Earlier = Mapping[str, Collection[str]]
"""Texts that a unit had before, by language tag."""


class OnConflict(StrEnum):
    """What an import does if a text differs between a file and the memory.

    Without one of these, a change in the same file is an edit, and a translation from another file becomes a unit.
    """

    KEEP_BOTH = "keep-both"
    KEEP = "keep"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Merger:
    """Merges units of files into those of the memory.

    Attributes:
        now: time of the import.
        author: author of changes for which the file names none, or None.
        whole: whether units of files are complete corrections, rather than exports that people changed.
        on_conflict: what to do where the texts differ; None to decide by where the file comes from.
        from_memory: whether the units come from another memory, with all that was decided on them there.
    """

    now: datetime
    author: str | None
    whole: bool = False
    on_conflict: OnConflict | None = None
    from_memory: bool = False

    def first(self, units: pl.DataFrame) -> pl.DataFrame:
        """Complete author and dates of new units, with the columns of `hexapla.unit_table.UNIT`."""
        now = pl.lit(self.now).cast(UNIT["created"])
        return units.with_columns(
            author=pl.coalesce("author", pl.lit(self.author, pl.String)),
            created=pl.coalesce("created", "changed", now),
            changed=pl.coalesce("changed", "created", now),
        )

    def merged(self, known: Unit, found: Unit, earlier: Earlier = MappingProxyType({})) -> Unit:
        """Merge the changes of a file into a unit.

        Languages that the file does not have are kept, and so is everything that the file cannot express. The text of
        the document never replaces a correction; nor does any other earlier text, unless the file is dated later than
        the unit. `OnConflict.REPLACE` lifts both rules.

        Args:
            known: the unit of the memory.
            found: the unit of the file.
            earlier: texts that the unit had before.

        Returns:
            The merged unit; the same object as `known` if nothing changed.
        """
        if self.whole:
            corrected = replace(found, author=known.author, created=known.created, changed=known.changed)
            return known if corrected == known else self._stamped(corrected, known, found)
        if self._is_first_decision(known, found):
            decided = replace(found, created=known.created, position=known.position)
            return with_earlier_texts(decided, known)
        tags = _tags(known, found)
        variants = self._variants(known, found, tags, None if _is_later(found, known) else earlier)
        texts = [variant.text for variant in variants]
        edited = texts != [variant.text for variant in known.variants]
        after = {variant.language: variant.text for variant in variants}
        taken = all(_same_in_files(found.texts[tag], after[mine]) for tag, mine in tags.items())
        unit = replace(
            known,
            variants=variants,
            status=_status(known.status, found.status, edited) if taken or edited else known.status,
            properties=_properties(known, found, tags),
        )
        return known if unit == known else self._stamped(unit, known, found)

    def _variants(
        self, known: Unit, found: Unit, tags: Mapping[str, str], earlier: Earlier | None
    ) -> tuple[Variant, ...]:
        news = {tags[variant.language]: variant for variant in found.variants}
        kept = [
            self._variant(variant, news.pop(variant.language, None), _earlier_of(variant, earlier))
            for variant in known.variants
        ]
        return (*kept, *(replace(variant, language=tag) for tag, variant in news.items()))

    def _variant(self, known: Variant, found: Variant | None, earlier: Collection[str]) -> Variant:
        """Give a variant the text of the file, if it is new."""
        if found is None or found.text == known.text or _same_in_files(found.text, known.text):
            return known
        if self.on_conflict is OnConflict.KEEP:
            return known
        said_before = any(_same_in_files(found.text, text) for text in (known.source, *earlier))
        if said_before and self.on_conflict is not OnConflict.REPLACE:
            return known
        return replace(with_wording(known, found.text), earlier=(*known.earlier, *found.earlier))

    def is_another(self, found: Unit, known: Unit, earlier: Earlier = MappingProxyType({})) -> bool:
        """Return whether a unit of a file is a different translation, rather than a changed version of a unit.

        Units of other tools are identified by their source text; if two files translate it differently, both units
        are kept. The same file of the same tool, and the same unique identifier of a tool, mean the same unit.

        Args:
            found: the unit of the file.
            known: the unit of the memory with the same identifier.
            earlier: texts that the unit had before.

        Returns:
            Whether it becomes a separate unit.
        """
        if self.whole or self.on_conflict in (OnConflict.KEEP, OnConflict.REPLACE):
            return False
        both = self.on_conflict is OnConflict.KEEP_BOTH
        if not both and _same_origin(found, known):
            return False
        for tag, mine in _tags(known, found).items():
            variant = known.variant(mine)
            said = (
                [variant.text, *(() if both else (variant.source, *_earlier_of(variant, earlier)))]
                if variant
                else []
            )
            if said and not any(_same_in_files(found.texts[tag], text) for text in said):
                return True
        return False

    def is_older(self, found: Unit, known: Unit) -> bool:
        """Return whether a unit of a file is older than that of the memory, to the second, the precision of files."""
        if self.whole or self.on_conflict is OnConflict.REPLACE or self._is_first_decision(known, found):
            return False
        return _is_later(known, found)

    def _is_first_decision(self, known: Unit, found: Unit) -> bool:
        """Return whether a person decided on a unit in the other memory only."""
        return self.from_memory and known.status is Status.ALIGNED and found.status is not Status.ALIGNED

    def _stamped(self, unit: Unit, known: Unit, found: Unit) -> Unit:
        """Set author and time of the change: those of the file if they are new."""
        later = found.changed is not None and (known.changed is None or found.changed > known.changed)
        is_new = later or found.author != known.author
        return replace(
            unit,
            author=(found.author if is_new else None) or self.author or account(),
            changed=found.changed if later else self.now,
        )


def _earlier_of(variant: Variant, earlier: Earlier | None) -> Sequence[str]:
    """Return the texts that a variant had before, in this version of the memory and in others."""
    return () if earlier is None else (*variant.earlier, *earlier.get(variant.language, ()))


def _is_later(one: Unit, other: Unit) -> bool:
    """Return whether one unit was changed in a later second than another; False if a date is missing."""
    if one.changed is None or other.changed is None:
        return False
    return one.changed.replace(microsecond=0) > other.changed.replace(microsecond=0)


def _same_origin(found: Unit, known: Unit) -> bool:
    """Return whether two units come from one file, by its name and tool, or share a globally unique identifier."""
    if "header" not in known.properties.get("tmx", {}):
        return True  # hexapla made its identifier
    if found.document == known.document:
        tools = {_tool(unit) for unit in (found, known)} - {None}
        return len(tools) < 2
    name = _attributes(known).get("tuid", "")
    return bool(_UNIQUE.fullmatch(name)) and name == _attributes(found).get("tuid")


def _tool(unit: Unit) -> str | None:
    tool: str | None = unit.properties.get("tmx", {}).get("header", {}).get("creationtool")
    return tool


def _attributes(unit: Unit) -> Mapping[str, str]:
    attributes: Mapping[str, str] = unit.properties.get("tmx", {}).get("attributes", {})
    return attributes


def _same_in_files(one: str, other: str) -> bool:
    """Return whether two texts are the same in files, where a line break is a space or, in XML, may be missing."""
    if clean_text(one) == clean_text(other):
        return True
    return clean_text(legal_text(one)) == clean_text(legal_text(other))


def another_id(unit: Unit, *marks: str) -> str:
    """Return a new identifier for a unit whose own is taken.

    Args:
        unit: the unit.
        *marks: what distinguishes it from the other unit, such as its document.

    Returns:
        16 hexadecimal digits, the same for the same identifier and marks.
    """
    return sha256("\x1f".join((unit.id, *marks)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


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


def _status(known: Status, found: Status, edited: bool) -> Status:
    """Return the new status of a unit: a new one declared in the file, else edited if its text changed."""
    if found in _DECLARED and found is not known:
        return found
    if edited or (found is Status.EDITED and known is Status.ALIGNED):
        return Status.EDITED
    return known


def _properties(known: Unit, found: Unit, tags: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the new properties: all of them from another tool's unit, only comment and marks from hexapla's."""
    new = found.properties
    if "header" in new.get("tmx", {}) and "tmx" in known.properties:
        if not _same_origin(found, known):
            return {**new, **known.properties}
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
    return not _same_in_files(found.texts[tag], known.texts.get(mine, ""))
