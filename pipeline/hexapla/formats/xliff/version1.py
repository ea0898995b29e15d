"""XLIFF 1.2: trans-units, their targets, and matches as alt-trans."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree
from lxml.etree import _Element

from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.xliff.names import TOOL, local, qualified
from hexapla.formats.xliff.segments import XliffSegment, emptied, match_note
from hexapla.matches import EXACT, Match, MatchKind

NEW, REVIEW = "needs-translation", "needs-review-translation"
_BEFORE_MATCHES = (
    "source",
    "seg-source",
    "target",
    "context-group",
    "count-group",
    "prop-group",
    "note",
    "alt-trans",
)
_QUALIFIERS = {MatchKind.IN_CONTEXT: "exact-match", MatchKind.EXACT: "exact-match"}


class Xliff1Segment(XliffSegment):
    """A trans-unit, or a segment of a trans-unit that is already segmented.

    Args:
        unit: the trans-unit.
        source: its source, or a mrk in its seg-source.
    """

    def __init__(self, unit: _Element, source: _Element) -> None:
        super().__init__(unit, source)
        self._mid = source.get("mid") if local(source) == "mrk" else None

    @property
    def target(self) -> _Element | None:
        """The target, or the segment inside it."""
        target = self.unit.find(qualified(self.unit, "target"))
        if target is None or self._mid is None:
            return target
        return self._part(target)

    @property
    def state(self) -> str:
        """The state of the target; `final` for an approved unit."""
        target = self.unit.find(qualified(self.unit, "target"))
        if self.unit.get("approved") == "yes":
            return "final"
        return "" if target is None else target.get("state", "")

    @property
    def untranslated_states(self) -> tuple[str, ...]:
        """No state, new, and needs translation."""
        return ("", "new", NEW)

    def fill(self, match: Match) -> None:
        """Set the translation."""
        whole = self._whole_target()
        target = whole if self._mid is None else self._part(whole)
        if target is None:
            target = etree.SubElement(whole, qualified(whole, "mrk"), mtype="seg", mid=self._mid or "")
        self.write_translation(target, match)
        self._set_state(whole, match)

    def _set_state(self, whole: _Element, match: Match) -> None:
        """Set the state of a target to translated; if it is segmented, once its last segment is translated."""
        if match.kind is MatchKind.PLACEABLES:
            whole.set("state", REVIEW)
        elif self._mid is None or (whole.get("state") != REVIEW and all(map(has_text, segments_in(whole)))):
            whole.set("state", "translated")
        if self._mid is None:
            whole.set("state-qualifier", _QUALIFIERS.get(match.kind, "leveraged-tm"))

    def offer(self, matches: Sequence[Match]) -> None:
        """Add matches to the segment."""
        tag = qualified(self.unit, "alt-trans")
        for old in self.unit.findall(tag):
            if old.get("tool-id") == TOOL and old.get("mid") == self._mid:
                self.unit.remove(old)
        names = {qualified(self.unit, name) for name in _BEFORE_MATCHES}
        children = [child for child in self.unit if child.tag in names]
        place = self.unit.index(children[-1]) + 1
        for match in reversed(matches):
            self.unit.insert(place, self._alternative(tag, match))

    def _alternative(self, tag: str, match: Match) -> _Element:
        element = etree.Element(
            tag, {"match-quality": f"{min(match.percentage or 0, EXACT)}%", "tool-id": TOOL}
        )
        if match.unit.document:
            element.set("origin", legal_text(match.unit.document))
        if self._mid is not None:
            element.set("mid", self._mid)
        self.write_match(element, match)
        etree.SubElement(element, qualified(self.unit, "note"), {"from": TOOL}).text = legal_text(
            match_note(match)
        )
        return element

    def _whole_target(self) -> _Element:
        """Return the target of the trans-unit, segmented like the source; create it if it is missing."""
        before = (
            self.source
            if self._mid is None
            else next(self.source.iterancestors(qualified(self.unit, "seg-source")))
        )
        target = self.unit.find(qualified(self.unit, "target"))
        if target is None:
            target = etree.Element(qualified(self.unit, "target"))
            self.unit.insert(self.unit.index(before) + 1, target)
        if self._mid is not None and not segments_in(target):
            cut = deepcopy(before)
            emptied(target).text = cut.text
            target.extend(cut)
            for part in segments_in(target):
                emptied(part)
        return target

    def _part(self, target: _Element) -> _Element | None:
        return next((part for part in segments_in(target) if part.get("mid") == self._mid), None)


def segments_in(element: _Element) -> list[_Element]:
    """Return the segments of a seg-source or target."""
    return [part for part in element.iter(qualified(element, "mrk")) if part.get("mtype") == "seg"]


def has_text(element: _Element) -> bool:
    """Return whether an element contains text other than white space."""
    return any(str(text).strip() for text in element.itertext())
