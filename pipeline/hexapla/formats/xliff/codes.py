"""Inline codes of XLIFF as tag marks in a text, and back.

    <g id="1">big</g> cat<x id="2"/>      The <b1>big</b1> cat<x1/>

The marks are those of `hexapla.formats.tmx.inline_codes`, numbered in their order in a segment, so that a segment has
the same text as a unit of a TMX file with the same markup. Annotations (mrk, sm, em) are not codes: only the text in
them is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element

from hexapla.formats.tmx.inline_marks import check_number_of_codes, literal_names
from hexapla.formats.xliff.names import TOOL, local

MARK = re.compile(r"</?[bhx][0-9]{1,6}/?>")
_WRAPPERS, _OPENING, _CLOSING = ("g", "pc"), ("bpt", "bx", "sc"), ("ept", "ex", "ec")
_ANNOTATIONS, _NOTHING = ("mrk",), ("sm", "em", "cp", "")


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a source or target.

    Attributes:
        text: the text, with a mark in place of each code.
        codes: the element of each mark; both marks of an element around text have that element.
    """

    text: str
    codes: Mapping[str, _Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Code:
    """An occurrence of a code.

    Attributes:
        element: the code.
        ends: whether this is the end of an element around text.
    """

    element: _Element
    ends: bool = False


def read_content(element: _Element, source: Content | None = None) -> Content:
    """Return the text of a source, a target, or a segment inside one.

    Args:
        element: the element.
        source: for a target, its source; codes that occur in both get the same marks.

    Returns:
        The text and codes.

    Raises:
        ValueError: the element has a reference to an undeclared entity, or too many codes.
    """
    pieces = list(_pieces(element))
    literal = literal_names("\0".join(piece for piece in pieces if isinstance(piece, str)))
    occurrences = [piece for piece in pieces if isinstance(piece, _Code)]
    check_number_of_codes(len(occurrences))
    names = _names(occurrences, literal, source or Content(""))
    parts: list[str] = []
    codes: dict[str, _Element] = {}
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        else:
            mark = names[piece]
            codes[mark] = piece.element
            parts.append(mark)
    return Content("".join(parts), codes)


def _pieces(parent: _Element) -> Iterator[str | _Code]:
    """Yield the texts and codes inside an element, in their order."""
    yield parent.text or ""
    for child in parent:
        if child.tag is etree.Entity:
            raise ValueError(f"the entity {child.text} is not declared: write the character itself")
        name = local(child)
        if name in _ANNOTATIONS:
            yield from _pieces(child)
        elif name not in _NOTHING:
            yield _Code(child)
            if name in _WRAPPERS:
                yield from _pieces(child)
                yield _Code(child, ends=True)
        yield child.tail or ""


def _names(codes: Sequence[_Code], literal: set[str], source: Content) -> dict[_Code, str]:
    """Name the mark of each code: as its counterpart in the source, or else a free name, which both of a pair share."""
    ends = _partners(codes)
    known = {_key(code, mark.startswith("</")): mark for mark, code in source.codes.items()}
    taken = literal | {mark.strip("</>") for mark in source.codes}
    names: dict[_Code, str] = {}
    counts = {"b": 0, "x": 0}
    for code in codes:
        if mark := known.pop(_key(code.element, code.ends), None):
            names[code] = mark
    for code in codes:
        if code not in names:
            letter = "b" if code in ends else "x"
            counts[letter] += 1
            while f"{letter}{counts[letter]}" in taken:
                counts[letter] += 1
            spelt = _spelt(letter, counts[letter])
            names[code] = spelt[0]
            if code in ends:
                names[ends[code]] = spelt[1]
    return names


def _key(element: _Element, ends: bool) -> tuple[str, str, bool]:
    """Return a key that a code shares with its counterpart in the other language."""
    name = local(element)
    return name, element.get("id") or element.get("startRef") or "", ends and name in _WRAPPERS


def _spelt(letter: str, number: int) -> tuple[str, ...]:
    """Return the mark of a code, and that of its end if it has one."""
    return (f"<x{number}/>",) if letter == "x" else (f"<b{number}>", f"</b{number}>")


def _partners(codes: Iterable[_Code]) -> dict[_Code, _Code]:
    """Map each opening code to the code that closes it."""
    partners: dict[_Code, _Code] = {}
    opened: dict[str, _Code] = {}
    for code in codes:
        name, get = local(code.element), code.element.get
        pair = get("startRef") or get("rid") or get("id") or ""
        if code.ends:
            partners[_Code(code.element)] = code
        elif name in _OPENING:
            opened[pair] = code
        elif name in _CLOSING and pair in opened:
            partners[opened.pop(pair)] = code
    return partners


def write_content(element: _Element, text: str, codes: Mapping[str, _Element]) -> None:
    """Fill an empty element with a text and copies of the codes of its marks.

    A mark whose other half is missing, or that occurs a second time, is left out.

    Args:
        element: receives text and children.
        text: the text, with marks.
        codes: the element of each mark.
    """
    stack, kept = [element], _kept(text, codes)
    for piece, place in _split(text, codes):
        if place is None:
            _append_text(stack[-1], piece)
        elif place in kept:
            code = codes[piece]
            if local(code) not in _WRAPPERS:
                stack[-1].append(_copy(code))
            elif piece.startswith("</"):
                stack.pop()
            else:
                stack.append(_wrapper(stack[-1], code))


def _wrapper(parent: _Element, code: _Element) -> _Element:
    """Append a copy of an element around text, without the text."""
    child = etree.SubElement(parent, str(code.tag))
    for name, value in code.attrib.items():
        child.set(name, value)
    return child


def _split(text: str, codes: Mapping[str, _Element]) -> Iterator[tuple[str, int | None]]:
    """Yield the texts, and the marks with their positions."""
    done = 0
    for found in MARK.finditer(text):
        if found[0] in codes:
            yield text[done : found.start()], None
            yield found[0], found.start()
            done = found.end()
    yield text[done:], None


def _kept(text: str, codes: Mapping[str, _Element]) -> set[int]:
    """Return the positions of marks that can be written: each once, both halves of a pair, properly nested."""
    seen: set[str] = set()
    kept: set[int] = set()
    opened: list[tuple[str, int]] = []
    for mark, place in _split(text, codes):
        if place is None or mark in seen:
            continue
        if mark.endswith("/>"):
            kept.add(place)
        elif not mark.startswith("</"):
            opened.append((mark, place))
        else:
            begins = [index for index, each in enumerate(opened) if each[0] == f"<{mark[2:]}"]
            if not begins:
                continue
            kept |= {opened[begins[0]][1], place}
            later = opened[begins[0] + 1 :]
            if local(codes[mark]) in _WRAPPERS:  # what was opened inside it and not closed would overlap it
                later = [each for each in later if local(codes[each[0]]) not in _WRAPPERS]
            opened = opened[: begins[0]] + later
        seen.add(mark)
    return kept


def keeps_codes(text: str, codes: Mapping[str, _Element]) -> bool:
    """Return whether a text can be written with each code exactly once.

    Args:
        text: the text, with marks.
        codes: the element of each mark.

    Returns:
        Whether no code would be lost or duplicated.
    """
    places = [place for _, place in _split(text, codes) if place is not None]
    return len(places) == len(codes) == len(_kept(text, codes))


def _append_text(parent: _Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    elif text:
        parent.text = (parent.text or "") + text


def _copy(code: _Element) -> _Element:
    copied = deepcopy(code)
    copied.tail = None
    return copied


def codes_for_marks(names: tuple[str, str], marks: Iterable[str]) -> dict[str, _Element]:
    """Make codes for the marks of a text that came into the memory from a TMX file.

    Args:
        names: names of the element around text, and of the empty element.
        marks: marks such as `<b1>`, `</b1>`, `<x2/>`.

    Returns:
        An element for each mark.
    """
    return {
        mark: etree.Element(names[mark.endswith("/>")], id=f"{TOOL}-{mark.strip('</>')}")
        for mark in sorted(marks)
    }


def without_marks(text: str) -> str:
    """Remove the tag marks from a text."""
    return MARK.sub("", text)
