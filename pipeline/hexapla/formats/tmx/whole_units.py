"""All that a unit has as elements of TMX, so that it comes back the same; `tmx_units` is the other way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hexapla.formats.tmx import names
from hexapla.formats.tmx.dates import edit_history_of
from hexapla.formats.tmx.elements import XML_LANG, date_text, props_xml, remark_xml, variant_xml
from hexapla.units import Unit, Variant

_TMX_KEYS = ("tmx", "tuv")
"""Keys of properties that have a place in TMX, see `hexapla.formats.tmx.inline_codes`."""
_TUV_ATTRIBUTES = frozenset(
    {
        *("o-encoding", "datatype", "usagecount", "lastusagedate", "creationtool", "creationtoolversion"),
        *("creationdate", "creationid", "changedate", "changeid", "o-tmf"),
    }
)
_TU_ATTRIBUTES = _TUV_ATTRIBUTES | {"tuid", "segtype", "srclang"}
_REMARK_ATTRIBUTES = frozenset({"type", "xml:lang", "o-encoding", "lang"})


def unit_attributes(unit: Unit, segtype: str, header_source: str, source: str) -> dict[str, str | None]:
    """Attributes of the tu of a unit.

    Args:
        unit: the unit.
        segtype: of the header.
        header_source: source language of the header.
        source: that of the unit.

    Returns:
        Values by name, those of another tool as it spelt them.
    """
    own = {
        "tuid": unit.id,
        "creationdate": date_text(unit.created),
        "changedate": date_text(unit.changed),
        "changeid": unit.author,
        "segtype": unit.level if unit.level != segtype else None,
        "srclang": source if source != header_source else None,
    }
    if "tmx" not in unit.properties:
        return own
    foreign: Mapping[str, Mapping[str, str]] = unit.properties["tmx"]
    said = {**foreign.get("header", {}), **foreign.get("attributes", {})}
    return {**_known(said, _TU_ATTRIBUTES), **_new_history(unit, own)}


def unit_remarks(unit: Unit) -> list[str]:
    """Props and notes of the tu of a unit.

    Args:
        unit: the unit.

    Returns:
        XML of each: what hexapla knows of it, and then what another tool said.
    """
    foreign = unit.properties.get("tmx")
    values = {
        names.ID: unit.id if foreign is not None else None,
        names.DOCUMENT: unit.document,
        names.SYMBOL: unit.symbol,
        names.KIND: unit.kind,
        names.NUMBER: unit.number,
        names.POSITION: number_text(unit.position),
        names.PROBABILITY: number_text(unit.probability),
        names.STATUS: unit.status.value,
        names.MOVED: names.YES if unit.moved else None,
        names.MODEL: unit.model,
        names.MODEL_HASH: unit.model_hash,
        names.ALIGNER: unit.aligner,
    }
    remarks = props_xml(values)
    if not unit.document:  # else the reader would name it by the file
        remarks.append(remark_xml("prop", "", {"type": names.DOCUMENT}))
    for source in unit.sources:
        remarks += props_xml({names.SOURCE: source})
    return remarks + _further(unit.properties, foreign) if unit.properties else remarks


def variant_element(variant: Variant, segment: str, kept: Mapping[str, Any], context: Sequence[str]) -> str:
    """The tuv of a variant.

    Args:
        variant: the variant.
        segment: content of its seg.
        kept: what its file had of it, see `hexapla.formats.tmx.inline_codes`.
        context: props of its context.

    Returns:
        XML.
    """
    values = {
        names.ORIGINAL: variant.original,
        names.SEGMENTS: " ".join(map(number_text, variant.segments)),
        names.BLOCK: None if variant.block is None else number_text(variant.block),
        names.FILE: variant.file,
    }
    remarks = [*props_xml(values), *context]
    if not kept:
        return variant_xml(variant.language, segment, remarks)
    attributes = _known(kept.get("attributes", {}), _TUV_ATTRIBUTES)
    remarks += _foreign(kept.get("elements", ()))
    return variant_xml(kept.get("lang", variant.language), segment, remarks, attributes)


def number_text(number: float) -> str:
    """A number in the fewest digits from which it comes back the same."""
    return str(int(number)) if number.is_integer() else repr(number)


def _new_history(unit: Unit, own: Mapping[str, str | None]) -> dict[str, str | None]:
    """Dates and author of a unit that changed since it came from another tool."""
    said = edit_history_of(unit.properties)
    if said.created is None and unit.created == unit.changed:
        return {}  # the dates are those on which it came into the memory
    before = {
        "creationdate": date_text(said.created),
        "changedate": date_text(said.changed),
        "changeid": said.author,
    }
    return {name: own[name] for name, value in before.items() if own[name] != value}


def _further(properties: Mapping[str, Any], foreign: Mapping[str, Any] | None) -> list[str]:
    """Notes and props for the properties of a unit."""
    others = {key: value for key, value in properties.items() if key not in _TMX_KEYS}
    notes = []
    if foreign is None and isinstance(others.get("comment"), str):
        notes.append(remark_xml("note", others.pop("comment"), {}))
    said = json.dumps(others, ensure_ascii=False, sort_keys=True) if others else None
    return [*notes, *props_xml({names.PROPERTIES: said}), *_foreign((foreign or {}).get("elements", ()))]


def _foreign(elements: Sequence[Sequence[Any]]) -> list[str]:
    return [
        remark_xml(name, text, _known(attributes, _REMARK_ATTRIBUTES)) for name, text, attributes in elements
    ]


def _known(attributes: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    """The attributes that the DTD knows, xml:lang as it is written."""
    spelt = {name.replace(XML_LANG, "xml:lang"): value for name, value in attributes.items()}
    return {name: value for name, value in spelt.items() if name in names}
