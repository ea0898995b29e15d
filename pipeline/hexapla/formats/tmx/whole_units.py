"""Everything in a unit as TMX elements, so that it is read back unchanged; `hexapla.formats.tmx.units` reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hexapla.formats.tmx import names
from hexapla.formats.tmx.dates import edit_history_of
from hexapla.formats.tmx.elements import XML_LANG, date_text, props_xml, remark_xml, variant_xml
from hexapla.units import Unit, Variant

_TMX_KEYS = ("tmx", "tuv")
"""Keys of properties that hold parts of a TMX file, see `hexapla.formats.tmx.inline_codes`."""
_TUV_ATTRIBUTES = frozenset(
    {
        *("o-encoding", "datatype", "usagecount", "lastusagedate", "creationtool", "creationtoolversion"),
        *("creationdate", "creationid", "changedate", "changeid", "o-tmf"),
    }
)
_TU_ATTRIBUTES = _TUV_ATTRIBUTES | {"tuid", "segtype", "srclang"}
_REMARK_ATTRIBUTES = frozenset({"type", "xml:lang", "o-encoding", "lang"})


def unit_attributes(unit: Unit, segtype: str, header_source: str, source: str) -> dict[str, str | None]:
    """Return the attributes of the tu of a unit.

    Args:
        unit: the unit.
        segtype: segtype of the header.
        header_source: source language of the header.
        source: source language of the unit.

    Returns:
        Values by name; those from another tool are spelt as in its file.
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
    kept = {**foreign.get("header", {}), **foreign.get("attributes", {})}
    return {**_known(kept, _TU_ATTRIBUTES), **_new_history(unit, own)}


def unit_remarks(unit: Unit) -> list[str]:
    """Return the props and notes of the tu of a unit.

    Args:
        unit: the unit.

    Returns:
        The XML of each, first those for attributes of the unit, then those from another tool.
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
    if not unit.document:  # otherwise the reader would use the name of the file
        remarks.append(remark_xml("prop", "", {"type": names.DOCUMENT}))
    for source in unit.sources:
        remarks += props_xml({names.SOURCE: source})
    return remarks + _other_remarks(unit.properties, foreign) if unit.properties else remarks


def variant_element(variant: Variant, segment: str, kept: Mapping[str, Any], context: Sequence[str]) -> str:
    """Return the XML of the tuv of a variant.

    Args:
        variant: the variant.
        segment: XML inside its seg.
        kept: its properties from the file it came from, see `hexapla.formats.tmx.inline_codes`.
        context: props of its context.

    Returns:
        The XML.
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
    """Format a number with the fewest digits from which it can be read back unchanged."""
    return str(int(number)) if number.is_integer() else repr(number)


def _new_history(unit: Unit, own: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the dates and author of a unit that was changed after it came from another tool."""
    history = edit_history_of(unit.properties)
    if history.created is None and unit.created == unit.changed:
        return {}  # these are the dates of its import
    before = {
        "creationdate": date_text(history.created),
        "changedate": date_text(history.changed),
        "changeid": history.author,
    }
    return {name: own[name] for name, value in before.items() if own[name] != value}


def _other_remarks(properties: Mapping[str, Any], foreign: Mapping[str, Any] | None) -> list[str]:
    """Return the notes and props for the properties of a unit."""
    others = {key: value for key, value in properties.items() if key not in _TMX_KEYS}
    notes = []
    if foreign is None and isinstance(others.get("comment"), str):
        notes.append(remark_xml("note", others.pop("comment"), {}))
    record = json.dumps(others, ensure_ascii=False, sort_keys=True) if others else None
    return [*notes, *props_xml({names.PROPERTIES: record}), *_foreign((foreign or {}).get("elements", ()))]


def _foreign(elements: Sequence[Sequence[Any]]) -> list[str]:
    return [
        remark_xml(name, text, _known(attributes, _REMARK_ATTRIBUTES)) for name, text, attributes in elements
    ]


def _known(attributes: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    """Return the attributes that the DTD knows, with the prefix of xml:lang restored."""
    spelt = {name.replace(XML_LANG, "xml:lang"): value for name, value in attributes.items()}
    return {name: value for name, value in spelt.items() if name in names}
