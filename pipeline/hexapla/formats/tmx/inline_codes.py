"""Inline markup of TMX segments as short tag marks in a text, and back.

The text of a unit has a mark where the segment has an element; a mark is a placeable of kind tag. The XML of the
element is kept beside the text, so that the segment comes out as it came in:

    The <b1>big</b1> cat<x1/>       {"<b1>": '<bpt i="1" type="bold">&lt;b&gt;</bpt>', "</b1>": ..., "<x1/>": ...}

    bpt, ept    <b1> </b1>      a pair, by its attribute i
    it          <b1> or </b1>   half of a pair, by its attribute pos
    hi          <h1> </h1>      an element round text
    ph, ut      <x1/>           all else; a sub stays in the XML of the element that it is in

Half of a pair whose other half is missing is taken as the `it` that it should be. A mark has the number of the
attribute x, or of i if x is missing in any language of the unit, so that it is the same in all of them. Elements
without a number get the next one; those with the same native code have the same.

What a unit of a TMX file has beyond a `Unit` is in its `properties`; keys without content are left out:

    "tmx"       what the tu has beyond the attributes of a unit; missing if hexapla made the unit
        "attributes"    attributes of tu as they are spelt there: tuid, creationdate, changeid, usagecount, ...
        "elements"      its notes and props in their order, each [name, text, {attribute: value}]
        "header"        what holds for it of srclang, datatype, segtype, o-tmf, creationtool, creationtoolversion: its
                        own attribute, else that of the header
    "tuv"       what each tuv has beyond the text, by language tag of the variant
        "lang"          how the file spells the tag, if otherwise
        "attributes"    attributes of tuv without the language, as they are spelt there
        "elements"      its notes and props
        "marks"         the XML behind the marks in its text, see `MarkedText`
    "comment"   what a reviewer wrote: the notes of a tu that hexapla made

A writer gives attributes and elements back, but for the dates and changeid of a unit that was changed since: see
`hexapla.formats.tmx.dates.edit_history_of`, which says when and by whom the file says that it was made and changed. If
the tuid is not the identifier of the unit, that is in a prop of type `tmx_names.ID`; the properties of `tmx_names` are
attributes of the unit again when they are read. What the header said is given back as attributes of tu.
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
    """The segment of a text, valid whatever became of its marks.

    A mark that is not in the text is left out. Half of a pair whose other half is missing becomes an `it`.

    Args:
        text: with characters that XML allows.
        marks: the XML that its marks stand for.

    Returns:
        A seg element.
    """
    segment = etree.Element("seg")
    if not marks:
        segment.text = text
        return segment
    pieces = re.split(f"({'|'.join(map(re.escape, marks))})", text)
    paired = _paired(pieces)
    writer = _Writer(segment, marks)
    for place, piece in enumerate(pieces):
        if place % 2:
            writer.mark(piece, paired=place in paired)
        else:
            writer.text(piece)
    return segment


def without_marks(text: str, marks: Mapping[str, str]) -> str:
    """A text without its marks.

    Args:
        text: with marks.
        marks: the XML that they stand for.

    Returns:
        What is left.
    """
    return re.sub("|".join(map(re.escape, marks)), "", text) if marks else text


def _paired(pieces: Sequence[str]) -> set[int]:
    """Places of marks whose other half is in the text: the first that opens, and the first that closes behind it."""
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


class _Writer:
    """Puts texts and elements into a segment.

    Args:
        segment: empty.
        marks: the XML that marks stand for.
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
        """Add what a mark stands for."""
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
        """End the `hi` of this name, and those that were opened in it."""
        if any(opened == name for opened, _ in self._open[1:]):
            while self._open.pop()[0] != name:
                pass
