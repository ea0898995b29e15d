"""Inline markup of TMX segments as short tag marks in a text, and back.

The text of a unit has a mark where the segment has an element; a mark is a placeable of kind tag. The XML of the
element is kept with the text, so that the segment can be written exactly as it was read:

    The <b1>big</b1> cat<x1/>       {"<b1>": '<bpt i="1" type="bold">&lt;b&gt;</bpt>', "</b1>": ..., "<x1/>": ...}

    bpt, ept    <b1> </b1>      a pair, by its attribute i
    it          <b1> or </b1>   half of a pair, by its attribute pos
    hi          <h1> </h1>      an element around text
    ph, ut      <x1/>           anything else; a sub stays in the XML of the element that contains it

Half of a pair whose other half is missing is read as an `it`, which it should be. The number of a mark is that of the
attribute x, or of i if x is missing in any language of the unit, so that it is the same in all languages. Elements
without a number get the next free one; elements with the same native code get the same number.

Everything in a unit of a TMX file that `Unit` has no attribute for is in its `properties`; empty keys are left out:

    "tmx"       what else the tu has; missing if hexapla made the unit
        "attributes"    attributes of the tu, spelt as in the file: tuid, creationdate, changeid, usagecount, ...
        "elements"      its notes and props in their order, each [name, text, {attribute: value}]
        "header"        values of srclang, datatype, segtype, o-tmf, creationtool and creationtoolversion that apply to
                        the tu: its own attribute, or else that of the header
    "tuv"       what else each tuv has, by language tag of the variant
        "lang"          spelling of the tag in the file, if it differs
        "attributes"    attributes of the tuv except the language, spelt as in the file
        "elements"      its notes and props
        "marks"         the XML of the marks in its text, see `MarkedText`
    "comment"   the reviewer's comment: the notes of a tu that hexapla made

The writer restores attributes and elements, except for the dates and the changeid of a unit that was changed later: see
`hexapla.formats.tmx.dates.edit_history_of`. If the tuid is not the identifier of the unit, the identifier is in a prop
of type `names.ID`; the reader turns the props listed in `hexapla.formats.tmx.names` into attributes of the unit again.
Values of the header are restored as attributes of the tu.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree
from lxml.etree import _Element

from hexapla.formats.io.safe_xml import parse_fragment
from hexapla.formats.tmx.inline_marks import HI_END, LETTERS, MarkedText, isolated, read_segments

__all__ = ["MarkedText", "read_segments", "without_marks", "write_segment"]


def write_segment(text: str, marks: Mapping[str, str]) -> _Element:
    """Return the segment of a text; it is valid even if marks were changed or removed.

    A mark that is not in the text is left out. Half of a pair whose other half is missing becomes an `it`.

    Args:
        text: the text, with characters that XML allows.
        marks: the XML of each mark.

    Returns:
        A seg element.
    """
    segment = etree.Element("seg")
    if not marks:
        segment.text = text
        return segment
    pieces = re.split(f"({'|'.join(map(re.escape, marks))})", text)
    paired = _paired(pieces)
    writer = _SegmentWriter(segment, marks)
    for place, piece in enumerate(pieces):
        if place % 2:
            writer.mark(piece, paired=place in paired)
        else:
            writer.text(piece)
    return segment


def without_marks(text: str, marks: Mapping[str, str]) -> str:
    """Remove the marks from a text.

    Args:
        text: the text, with marks.
        marks: the XML of each mark.

    Returns:
        The text without marks.
    """
    return re.sub("|".join(map(re.escape, marks)), "", text) if marks else text


def _paired(pieces: Sequence[str]) -> set[int]:
    """Return the positions of paired marks: the first opening mark, and the first closing mark after it."""
    opened: dict[str, int] = {}
    paired: set[int] = set()
    for place, mark in enumerate(pieces):
        if place % 2 == 0 or mark.endswith("/>"):
            continue
        name = mark.strip("</>")
        if not mark.startswith("</"):
            opened.setdefault(name, place)
        elif opened.get(name, -1) >= 0:
            paired |= {opened[name], place}
            opened[name] = -1  # a second pair of this name would have the same i
    return paired


class _SegmentWriter:
    """Appends texts and elements to a segment.

    Args:
        segment: an empty segment.
        marks: the XML of each mark.
    """

    def __init__(self, segment: _Element, marks: Mapping[str, str]) -> None:
        self._marks = marks
        self._open: list[tuple[str, _Element]] = [("", segment)]

    def text(self, text: str) -> None:
        """Add text."""
        parent = self._open[-1][1]
        if not text:
            return
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    def mark(self, mark: str, *, paired: bool) -> None:
        """Add the element of a mark."""
        if self._marks[mark] == HI_END:
            self._close(mark.strip("</>"))
            return
        element = parse_fragment(self._marks[mark])
        if element is None or element.tag not in LETTERS:
            return
        if element.tag == "hi":
            if paired:
                self._append(element)
                self._open.append((mark.strip("</>"), element))
        else:
            self._append(element if paired or element.tag not in ("bpt", "ept") else isolated(element))

    def _append(self, element: _Element) -> None:
        self._open[-1][1].append(element)

    def _close(self, name: str) -> None:
        """Close the `hi` with this name, and any opened inside it."""
        if any(opened == name for opened, _ in self._open[1:]):
            while self._open.pop()[0] != name:
                pass
