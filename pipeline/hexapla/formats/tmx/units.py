"""Units made from tu elements; see `hexapla.formats.tmx.inline_codes` for their properties."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from lxml.etree import _Element

from hexapla.formats.tmx import names
from hexapla.formats.tmx.attributes import (
    FOREIGN_PROPS,
    SOURCES,
    UNIT_PROPS,
    VARIANT_PROPS,
    Remarks,
    attribute_of,
    tag_of,
    tag_or_empty,
)
from hexapla.formats.tmx.dates import edit_history
from hexapla.formats.tmx.elements import XML_LANG
from hexapla.formats.tmx.inline_codes import read_segments
from hexapla.rows import Level
from hexapla.units import Unit, Variant

_OWN_ID = re.compile("[0-9a-f]{16}")
_UNIQUE_ID = re.compile("[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)  # UUID, MD5
_TU_ATTRIBUTES = frozenset({"tuid", "segtype", "srclang", "creationdate", "changedate", "changeid"})
"""Attributes of a tu that hexapla derives from attributes of the unit."""
_HEADER_ATTRIBUTES = ("srclang", "datatype", "segtype", "o-tmf", "creationtool", "creationtoolversion")
_LEVELS = {"paragraph": Level.PARAGRAPH.value, "block": Level.PARAGRAPH.value}
_SENTENCE = Level.SENTENCE.value
_REMARKS = frozenset({"prop", "note"})
_DERIVED_PROPS = frozenset({"x-origin", names.CONTEXT_BEFORE, names.CONTEXT_AFTER})
"""Types of props that hexapla derives when it writes a unit."""
_CONTEXT_PROPS = frozenset(
    {
        *(names.CONTEXT_BEFORE, names.CONTEXT_AFTER, "x-context", "context", "context_prev", "context_next"),
        *("x-context_seg_key", "x-previous-source-text", "x-next-source-text", "x-segment-id"),
        *("prev", "next", "file", "path", "id"),
    }
)
"""Types of props by which tools distinguish units with the same text."""
_EMPTY: Mapping[str, Any] = MappingProxyType({})
_NO_REMARKS: Sequence[list[Any]] = ()


class _Tuv(NamedTuple):
    """A tuv that has text.

    Attributes:
        language: language tag.
        text: text of its segment, with marks.
        values: further attributes of the variant.
        properties: everything else that it has.
    """

    language: str
    text: str
    values: Mapping[str, Any] = _EMPTY
    properties: Mapping[str, Any] = _EMPTY


class UnitMaker:
    """Makes units from the elements of a file.

    Args:
        header: attributes of the file's header.
        path: the file.
    """

    def __init__(self, header: Mapping[str, str], path: Path) -> None:
        self._header = {name: header[name] for name in _HEADER_ATTRIBUTES if name in header}
        self._ours = header.get("creationtool") == names.CREATION_TOOL
        self._tool = " ".join(header[name] for name in _HEADER_ATTRIBUTES[-2:] if header.get(name)) or None
        self._document = re.split(r"\.tmx\b", path.name, flags=re.IGNORECASE)[0]
        self._position = 0.0
        self._taken: set[int] = set()

    def units(self, element: _Element) -> list[Unit]:
        """Return the unit of a tu, and further ones if it has several texts in one language.

        Args:
            element: the tu.

        Returns:
            The units.

        Raises:
            ValueError: the tu cannot be read; the message says why.
        """
        tu: dict[str, str] = dict(element.items())  # type: ignore[arg-type]
        ours = self._ours or _OWN_ID.fullmatch(tu.get("tuid", "")) is not None or _has_own_props(element)
        values, remarks, children = _contents(element, "tuv", UNIT_PROPS if ours else FOREIGN_PROPS)
        own = ours and bool(tu.get("tuid")) and "id" not in values
        tuvs = self._tuvs(children, VARIANT_PROPS if ours else (), own)
        tuvs = _source_first(tuvs, tu.get("srclang") or self._header.get("srclang", ""))
        if "id" not in values:
            values["id"] = tu["tuid"] if own else self._identifier(tu, remarks, tuvs)
        values = self._values(tu, tuvs) | values
        properties = {**values.pop("properties", _EMPTY), **self._properties(tu, remarks, own)}
        return [_unit(group, place, values, properties) for place, group in enumerate(_groups(tuvs))]

    def _tuvs(self, children: Sequence[_Element], kinds: Collection[str], own: bool) -> list[_Tuv]:
        """Return the tuv elements that have text."""
        tuvs: list[_Tuv] = []
        segments: list[_Element] = []
        as_spelt, has_elements = own and self._ours, False
        values: Mapping[str, Any]
        remarks: Sequence[list[Any]]
        for child in children:
            code, attributes = _language(child)
            if len(child) == 1 and child[0].tag == "seg":  # the usual case, which needs no search
                values, remarks, segment = _EMPTY, _NO_REMARKS, child[0]
            else:
                values, remarks, found = _contents(child, "seg", kinds)
                if len(found) != 1:
                    raise ValueError(f"its tuv in {code} has {len(found) or 'no'} seg but needs exactly one")
                segment = found[0]
            text = segment.text
            if len(segment):
                has_elements = True
            elif not text or text.isspace():
                continue
            tag = tag_of(code)
            language = code if as_spelt else tag
            if remarks and own:
                remarks = self._foreign(remarks)
            properties = _EMPTY
            if attributes or remarks or code != language:
                kept = {
                    "lang": "" if code == language else code,
                    "attributes": attributes,
                    "elements": remarks,
                }
                properties = {name: value for name, value in kept.items() if value}
            tuvs.append(_Tuv(language, text or "", values, properties))
            segments.append(segment)
        return _with_marks(tuvs, segments) if has_elements else tuvs

    def _foreign(self, remarks: Sequence[list[Any]]) -> Sequence[list[Any]]:
        """Return remarks without the props that hexapla derives when it writes a file."""
        return (
            [each for each in remarks if each[2].get("type") not in _DERIVED_PROPS] if self._ours else remarks
        )

    def _values(self, tu: Mapping[str, str], tuvs: Sequence[_Tuv]) -> dict[str, Any]:
        """Return the attributes of a unit that TMX has a place for, or that follow from the file."""
        history = edit_history(
            [tu, *[tuv.properties["attributes"] for tuv in tuvs if "attributes" in tuv.properties]]
        )
        segtype = tu.get("segtype") or self._header.get("segtype", "")
        position, self._position = self._position, self._position + 1
        return {
            "document": self._document,
            "position": position,
            "level": _LEVELS.get(segtype, _SENTENCE),
            "aligner": None if self._ours else self._tool,
            "author": history.author,
            "created": history.created,
            "changed": history.changed,
        }

    def _properties(self, tu: dict[str, str], remarks: Sequence[list[Any]], own: bool) -> dict[str, Any]:
        """Return what a tu has apart from the attributes of a unit."""
        if own and not remarks and tu.keys() <= _TU_ATTRIBUTES:  # the usual case
            return {}
        properties: dict[str, Any] = {}
        if own:
            if comments := [text for name, text, _ in remarks if name == "note"]:
                properties["comment"] = "\n".join(comments)
            remarks = self._foreign([remark for remark in remarks if remark[0] != "note"])
            tu = {name: value for name, value in tu.items() if name not in _TU_ATTRIBUTES}
            header: Mapping[str, str] = {}
        else:
            own_values = {name: tu.pop(name) for name in _HEADER_ATTRIBUTES if name in tu}
            header = own_values if self._ours else {**self._header, **own_values}
        kept = {"attributes": tu, "elements": remarks, "header": header}
        if any(kept.values()):
            properties["tmx"] = {name: value for name, value in kept.items() if value}
        return properties

    def _identifier(self, tu: Mapping[str, str], remarks: Remarks, tuvs: Sequence[_Tuv]) -> str:
        """Derive the identifier of a unit from a globally unique tuid, or else from its source text and context."""
        tuid = tu.get("tuid", "")
        if _UNIQUE_ID.fullmatch(tuid):
            id = f"tuid\x1f{tuid.lower()}"
        else:
            context = [*remarks, *(tuvs[0].properties.get("elements", ()) if tuvs else ())]
            contexts = sorted(
                f"{a['type']}\x1e{text}" for _, text, a in context if a.get("type") in _CONTEXT_PROPS
            )
            source = (tuvs[0].language, tuvs[0].text) if tuvs else ()
            id = "\x1f".join(("text", tuid, *source, *contexts))
        while True:
            id = sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            if (number := int(id, 16)) not in self._taken:
                self._taken.add(number)
                return id


def _with_marks(tuvs: Sequence[_Tuv], segments: Sequence[_Element]) -> list[_Tuv]:
    """Return tuv elements with the texts and marks of segments that have inline elements."""
    return [
        tuv._replace(
            text=text, properties={**tuv.properties, "marks": dict(marks)} if marks else tuv.properties
        )
        for tuv, (text, marks) in zip(tuvs, read_segments(segments), strict=True)
    ]


def _language(tuv: _Element) -> tuple[str, dict[str, str]]:
    """Return the language code of a tuv as spelt in the file, and its other attributes."""
    items: list[tuple[str, str]] = tuv.items()  # type: ignore[assignment]
    if len(items) == 1 and items[0][0] == XML_LANG:
        return items[0][1], {}
    attributes = dict(items)
    older = attributes.pop("lang", None)
    code = attributes.pop(XML_LANG, older)
    if code is None:
        raise ValueError("a tuv has no xml:lang, so its language is unknown: add it")
    return code, attributes


def _contents(
    element: _Element, wanted: str, kinds: Collection[str]
) -> tuple[dict[str, Any], Remarks, list[_Element]]:
    """Return the attributes in props of these types, the other props and notes, and the children named `wanted`."""
    values: dict[str, Any] = {}
    remarks: Remarks = []
    found: list[_Element] = []
    sources: list[str] = []
    for child in element:
        tag = child.tag
        if tag == wanted:
            found.append(child)
        elif tag in _REMARKS:
            kind = child.get("type", "")
            attribute = attribute_of(kind, child.text or "") if kind in kinds else None
            if attribute is not None and attribute[0] == SOURCES:
                sources += attribute[1]
            elif attribute is not None and attribute[0] not in values:
                values[attribute[0]] = attribute[1]
            else:
                text = "".join(map(str, child.itertext())) if len(child) else child.text or ""
                remarks.append([tag, text, dict(child.items())])
        else:
            name = tag if isinstance(tag, str) else child.text
            raise ValueError(f"its {element.tag} contains {name}, which is not allowed there")
    if sources:
        values[SOURCES] = tuple(sources)
    return values, remarks, found


def _unit(tuvs: Sequence[_Tuv], place: int, values: Mapping[str, Any], properties: Mapping[str, Any]) -> Unit:
    """Return the unit of some of the texts of a tu."""
    variants = tuple([Variant(tuv.language, tuv.text, **tuv.values) for tuv in tuvs])
    if kept := {tuv.language: tuv.properties for tuv in tuvs if tuv.properties}:
        properties = {**properties, "tuv": kept}
    if place:
        values = {**values, "id": f"{values['id']}-{place + 1}"}
    return Unit(variants=variants, properties=properties, **values)


def _has_own_props(element: _Element) -> bool:
    """Return whether hexapla wrote a unit that another tool has written again since."""
    return any(prop.get("type") in (names.ID, names.POSITION) for prop in element.iterchildren("prop"))


def _source_first(tuvs: list[_Tuv], code: str) -> list[_Tuv]:
    """Return the tuv elements in their order, but with those in the source language first."""
    if not tuvs or tuvs[0].language == code or not (source := tag_or_empty(code)):
        return tuvs
    related = [tuv.language for tuv in tuvs if tuv.language.split("-")[0] == source.split("-")[0]]
    if source not in related:
        source = related[0] if related else ""
    return sorted(tuvs, key=lambda tuv: tuv.language != source)


def _groups(tuvs: list[_Tuv]) -> list[list[_Tuv]]:
    """Group the tuv elements so that each group has one per language.

    A further group pairs further translations with the source text, or a further source text with the translations.
    """
    if len({tuv.language for tuv in tuvs}) == len(tuvs):
        return [tuvs]
    by_language: dict[str, list[_Tuv]] = {}
    for tuv in tuvs:
        by_language.setdefault(tuv.language, []).append(tuv)
    source, *others = by_language.values()
    groups = []
    for place in range(max(map(len, by_language.values()))):
        further = [same[place] for same in others if place < len(same)] or [same[0] for same in others]
        groups.append([source[min(place, len(source) - 1)], *further])
    return groups
