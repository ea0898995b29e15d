"""XLIFF 2.0 to 2.2: segments of units, and matches in the Translation Candidates module."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree
from lxml.etree import _Element

from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.xliff.names import MATCHES, METADATA, TOOL, XML_SPACE, qualified
from hexapla.formats.xliff.segments import XliffSegment, match_note
from hexapla.matches import EXACT, Match, MatchKind, penalty_of

_DATA = ("dataRef", "dataRefStart", "dataRefEnd", "subFlows", "subFlowsStart", "subFlowsEnd")
_KINDS = {
    MatchKind.IN_CONTEXT: "in-context",
    MatchKind.EXACT: "exact",
    MatchKind.PLACEABLES: "placeables",
    MatchKind.FUZZY: "fuzzy",
}


class Xliff2Segment(XliffSegment):
    """A segment of a unit.

    Args:
        unit: the unit.
        segment: one of its segments, which has a source.
        source: the source of the segment.
    """

    def __init__(self, unit: _Element, segment: _Element, source: _Element) -> None:
        super().__init__(unit, source)
        self._segment = segment

    @property
    def target(self) -> _Element | None:
        """The target of the segment."""
        return self._segment.find(qualified(self.unit, "target"))

    @property
    def state(self) -> str:
        """The state of the segment."""
        return self._segment.get("state", "initial")

    @property
    def untranslated_states(self) -> tuple[str, ...]:
        """The state of untranslated segments."""
        return ("initial",)

    def fill(self, match: Match) -> None:
        """Set the translation."""
        target = self.target
        if target is None:
            target = etree.Element(qualified(self.unit, "target"))
            self._segment.insert(self._segment.index(self.source) + 1, target)
            if space := self.source.get(XML_SPACE):
                target.set(XML_SPACE, space)
        self.write_translation(target, match)
        self._segment.set("state", "translated")
        if "subState" in self._segment.attrib:  # it qualifies the former state
            del self._segment.attrib["subState"]

    def offer(self, matches: Sequence[Match]) -> None:
        """Add matches to the segment."""
        container = self.unit.find(f"{{{MATCHES}}}matches")
        reference = f"#{self._identifier()}" if matches else f"#{self._segment.get('id')}"
        if container is not None:
            for old in list(container):
                if old.get("ref") == reference and (old.get("subType") or "").startswith(f"{TOOL}:"):
                    container.remove(old)
        elif matches:
            container = etree.Element(f"{{{MATCHES}}}matches", nsmap={"mtc": MATCHES})
            self.unit.insert(0, container)
        if container is not None:
            container.extend(self._candidate(reference, match) for match in matches)
            if not len(container):
                self.unit.remove(container)

    def _identifier(self) -> str:
        """Return the identifier of the segment, which is given a free one if it has none."""
        if "id" not in self._segment.attrib:
            taken, number = {element.get("id") for element in self.unit.iter()}, 1
            while f"s{number}" in taken:
                number += 1
            self._segment.set("id", f"s{number}")
        return self._segment.get("id", "")

    def _candidate(self, reference: str, match: Match) -> _Element:
        element = etree.Element(
            f"{{{MATCHES}}}match",
            {
                "ref": reference,
                "similarity": f"{min(match.percentage or 0, EXACT)}.0",
                "matchQuality": f"{_quality(match):.1f}",
                "matchSuitability": f"{max(0.0, min(match.rank, EXACT)):.1f}",
                "type": "icm" if match.kind is MatchKind.IN_CONTEXT else "tm",
                "subType": f"{TOOL}:{_KINDS[match.kind]}",
            },
        )
        if match.unit.document:
            element.set("origin", legal_text(match.unit.document))
        element.append(_metadata(match))
        self.write_match(element, match)
        for code in element.iter():  # these attributes refer to data of the unit, which a match does not have
            for name in set(_DATA) & set(code.attrib):
                del code.attrib[name]
        return element


def _quality(match: Match) -> float:
    """Return the quality of the translation, whatever its source: 100 if a person has seen it, less if in doubt."""
    return EXACT - penalty_of(match.unit.status, match.unit.probability)


def _metadata(match: Match) -> _Element:
    """Return the note on a match as metadata."""
    metadata = etree.Element(f"{{{METADATA}}}metadata", nsmap={"mda": METADATA})
    group = etree.SubElement(metadata, f"{{{METADATA}}}metaGroup", category=TOOL)
    etree.SubElement(group, f"{{{METADATA}}}meta", type="match").text = legal_text(match_note(match))
    return metadata
