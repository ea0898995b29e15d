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
        "marks"         the XML behind the marks in its text, see `Marked`
    "comment"   what a reviewer wrote: the notes of a tu that hexapla made

A writer gives attributes and elements back, but for the dates and changeid of a unit that was changed since: see
`hexapla.exchange.units.tmx_dates.stamps_of`, which says when and by whom the file says that it was made and changed. If
the tuid is not the identifier of the unit, that is in a prop of type `tmx_names.ID`; the properties of `tmx_names` are
attributes of the unit again when they are read. What the header said is given back as attributes of tu.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree
from lxml.etree import _Element

from hexapla.exchange.safe_xml import parse_fragment

_LETTERS = {"bpt": "b", "ept": "b", "it": "b", "hi": "h", "ph": "x", "ut": "x"}
_HI_END = "</hi>"
_DIGITS = re.compile(r"[0-9]{1,6}")


class Marked(NamedTuple):
    """A text with marks.

    Attributes:
        text: of the segment, with a mark in the place of each inline element.
        marks: the XML that each of its marks stands for; of `hi` the element without content, and its end tag.
    """

    text: str
    marks: Mapping[str, str]


def read_segments(segments: Sequence[_Element]) -> list[Marked]:
    """Texts of the segments of one unit, with marks of the same number for what belongs together.

    Args:
        segments: seg elements, the source first; their comments were removed when they were parsed.

    Returns:
        A text for each of them.

    Raises:
        ValueError: an element does not belong there, or a named character was not declared.
    """
    if not any(map(len, segments)):
        return [Marked(segment.text or "", {}) for segment in segments]
    for segment in segments:
        _check(segment)
        _isolate(segment)
    numbering = _Numbering(segments)
    return [_marked(segment, numbering) for segment in segments]


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


def _check(segment: _Element) -> None:
    """Refuse elements that a segment cannot have."""
    for node in segment.iter():
        tag: Any = node.tag
        if not isinstance(tag, str):
            raise ValueError(f"the named character {node.text} is not declared: write the character itself")
        parent = node.getparent()
        inside = None if node is segment or parent is None else parent.tag
        belongs = {"seg": inside is None, "sub": inside in _LETTERS and inside != "hi"}
        if not belongs.get(tag, tag in _LETTERS and inside in ("seg", "sub", "hi")):
            raise ValueError(f"the element {tag} is none that a segment of TMX can have")


def _isolate(segment: _Element) -> None:
    """Make halves of pairs whose other half is missing what TMX has for them."""
    opened: dict[str | None, list[_Element]] = {}
    alone: list[_Element] = []
    shown = [piece.element for piece in _pieces(segment) if isinstance(piece, _Occurrence)]
    for element in (each for each in shown if each.tag in ("bpt", "ept")):  # not those of a sub
        same = opened.setdefault(element.get("i"), [])
        if element.tag == "bpt":
            same.append(element)
        elif same:
            same.pop()
        else:
            alone.append(element)
    for element in (*alone, *(each for same in opened.values() for each in same)):
        parent = element.getparent()
        assert parent is not None
        isolated = _isolated(element)
        isolated.tail = element.tail
        parent.replace(element, isolated)


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """Where a segment has a mark.

    Attributes:
        element: that it stands for.
        ends: whether it is the end of `hi`.
    """

    element: _Element
    ends: bool = False


def _pieces(parent: _Element) -> Iterator[str | _Occurrence]:
    """Texts and marks of a segment, in their order."""
    yield parent.text or ""
    for child in parent:
        yield _Occurrence(child)
        if child.tag == "hi":
            yield from _pieces(child)
            yield _Occurrence(child, ends=True)
        yield child.tail or ""


class _Numbering:
    """Names of marks that are the same in all languages of a unit, and no part of their texts.

    Args:
        segments: of the unit.
    """

    def __init__(self, segments: Sequence[_Element]) -> None:
        pieces = [piece for segment in segments for piece in _pieces(segment)]
        self._literal = "\0".join(piece for piece in pieces if isinstance(piece, str))
        elements = [piece.element for piece in pieces if isinstance(piece, _Occurrence)]
        self._without_x = {element.tag for element in elements if "x" not in element.attrib}
        self._names: dict[tuple[str, str, int], str] = {}

    def name(self, element: _Element, repetition: int) -> str:
        """Name of the mark of an element other than ept, such as b1.

        Args:
            element: the element.
            repetition: how many elements like it the segment has before it.

        Returns:
            The name.
        """
        letter = _LETTERS[str(element.tag)]
        number = element.get("i" if element.tag in self._without_x else "x") or ""
        key = (letter, number or f"\0{_content(element)}", repetition)
        if key not in self._names:
            self._names[key] = self._free(
                letter, 1 if repetition or not _DIGITS.fullmatch(number) else int(number)
            )
        return self._names[key]

    def _free(self, letter: str, number: int) -> str:
        taken = self._names.values()
        while (name := f"{letter}{number}") in taken or self._is_literal(name):
            number += 1
        return name

    def _is_literal(self, name: str) -> bool:
        return any(mark in self._literal for mark in (f"<{name}>", f"</{name}>", f"<{name}/>"))


def _marked(segment: _Element, numbering: _Numbering) -> Marked:
    """The text of a segment."""
    parts: list[str] = []
    marks: dict[str, str] = {}
    open_pairs: dict[str, list[str]] = {}  # closing marks by i
    ends: dict[_Element, str] = {}  # closing marks of hi
    for piece in _pieces(segment):
        if isinstance(piece, str):
            parts.append(piece)
            continue
        element, i = piece.element, piece.element.get("i", "")
        if piece.ends:
            mark = ends[element]
        elif element.tag == "ept":
            mark = open_pairs[i].pop()
        else:
            mark, end = _marks(element, numbering, marks, open_pairs)
            if element.tag == "bpt":
                open_pairs.setdefault(i, []).append(end)
            elif element.tag == "hi":
                ends[element] = end
        marks[mark] = _HI_END if piece.ends else _xml(element)
        parts.append(mark)
    return Marked("".join(parts), marks)


def _marks(
    element: _Element, numbering: _Numbering, used: Mapping[str, str], open_pairs: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """The mark of an element, and the one of its end, neither of which the segment has yet."""
    reserved = {end for ends in open_pairs.values() for end in ends}
    for repetition in range(len(used) + len(reserved) + 1):
        name = numbering.name(element, repetition)
        mark = _spelt(element, name)
        wanted = {mark, f"</{name}>"} if element.tag in ("bpt", "hi") else {mark}
        if not any(each in used or each in reserved for each in wanted):
            break
    return mark, f"</{name}>"


def _spelt(element: _Element, name: str) -> str:
    if _LETTERS[str(element.tag)] == "x":
        return f"<{name}/>"
    return f"</{name}>" if element.tag == "it" and element.get("pos") == "end" else f"<{name}>"


def _content(element: _Element) -> str:
    """The native code of an element: what is in it."""
    return "" if element.tag == "hi" else "".join(str(text) for text in element.itertext())


def _xml(element: _Element) -> str:
    """An element as it is; `hi` without what is in it."""
    if element.tag == "hi":
        empty = etree.Element("hi", dict(element.items()))  # type: ignore[arg-type]
        return etree.tostring(empty, encoding="unicode")
    return etree.tostring(element, encoding="unicode", with_tail=False)


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
        if self._marks[mark] == _HI_END:
            self._close(mark.strip("</>"))
            return
        element = parse_fragment(self._marks[mark])
        if element is None or element.tag not in _LETTERS:
            return
        if element.tag == "hi":
            if paired:
                self._append(element)
                self._open.append((mark.strip("</>"), element))
        else:
            self._append(element if paired or element.tag not in ("bpt", "ept") else _isolated(element))

    def _append(self, element: _Element) -> None:
        self._open[-1][1].append(element)

    def _close(self, name: str) -> None:
        """End the `hi` of this name, and those that were opened in it."""
        if any(opened == name for opened, _ in self._open[1:]):
            while self._open.pop()[0] != name:
                pass


def _isolated(element: _Element) -> _Element:
    """Half of a pair as the element that TMX has for it."""
    isolated = etree.Element("it", pos="begin" if element.tag == "bpt" else "end")
    for name in ("x", "type"):
        if name in element.attrib:
            isolated.set(name, element.attrib[name])
    isolated.text = element.text
    isolated.extend(list(element))
    return isolated
