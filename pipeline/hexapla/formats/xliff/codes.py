"""Inline codes of XLIFF as tag marks in a text, and back.

    <g id="1">big</g> cat<x id="2"/>      The <b1>big</b1> cat<x1/>

The marks are those of `hexapla.formats.tmx.inline_codes`, counted in their order in a segment, so that a segment and a
unit of a TMX file with the same markup have the same text. Annotations (mrk, sm, em) are no codes: the
text in them counts, they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element

from hexapla.formats.xliff.names import TOOL, local

MARK = re.compile(r"</?[bhx][0-9]{1,6}/?>")
_WRAPPERS, _OPENING, _CLOSING = ("g", "pc"), ("bpt", "bx", "sc"), ("ept", "ex", "ec")
_ANNOTATIONS, _NOTHING = ("mrk",), ("sm", "em", "cp", "")


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a source or target.

    Attributes:
        text: with a mark in the place of each code.
        codes: the element that each mark stands for; both marks of an element round text stand for it.
    """

    text: str
    codes: Mapping[str, _Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Code:
    """A code where it stands.

    Attributes:
        element: the code.
        ends: whether it is the end of an element round text.
    """

    element: _Element
    ends: bool = False


def read_content(element: _Element, source: Content | None = None) -> Content:
    """The text of a source, a target, or a segment in one.

    Args:
        element: the element.
        source: of a target, the source, whose marks its codes have.

    Returns:
        Its text and codes.

    Raises:
        ValueError: it has a named character that was not declared.
    """
    pieces = list(_pieces(element))
    literal = "\0".join(piece for piece in pieces if isinstance(piece, str))
    codes_there = [piece for piece in pieces if isinstance(piece, _Code)]
    names = _names(codes_there, literal, source or Content(""))
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
    """Texts and codes, in their order."""
    yield parent.text or ""
    for child in parent:
        if child.tag is etree.Entity:
            raise ValueError(f"the named character {child.text} is not declared: write the character itself")
        name = local(child)
        if name in _ANNOTATIONS:
            yield from _pieces(child)
        elif name not in _NOTHING:
            yield _Code(child)
            if name in _WRAPPERS:
                yield from _pieces(child)
                yield _Code(child, ends=True)
        yield child.tail or ""


def _names(codes: Sequence[_Code], literal: str, source: Content) -> dict[_Code, str]:
    """The mark of each code: that of its counterpart in the source, else one that is free; pairs count together."""
    ends = _partners(codes)
    known = {_key(code, mark.startswith("</")): mark for mark, code in source.codes.items()}
    names: dict[_Code, str] = {}
    counts = {"b": 0, "x": 0}
    for code in codes:
        if mark := known.pop(_key(code.element, code.ends), None):
            names[code] = mark
    for code in codes:
        if code not in names:
            letter = "b" if code in ends else "x"
            counts[letter] += 1
            while not _free(spelt := _spelt(letter, counts[letter]), literal, source):
                counts[letter] += 1
            names[code] = spelt[0]
            if code in ends:
                names[ends[code]] = spelt[1]
    return names


def _key(element: _Element, ends: bool) -> tuple[str, str, bool]:
    """What a code and its counterpart in the other language have in common."""
    name = local(element)
    return name, element.get("id") or element.get("startRef") or "", ends and name in _WRAPPERS


def _free(marks: Iterable[str], literal: str, source: Content) -> bool:
    return not any(mark in literal or mark in source.codes for mark in marks)


def _spelt(letter: str, number: int) -> tuple[str, ...]:
    """The mark of a code, and that of its end if it has one."""
    return (f"<x{number}/>",) if letter == "x" else (f"<b{number}>", f"</b{number}>")


def _partners(codes: Iterable[_Code]) -> dict[_Code, _Code]:
    """For each code that begins something, the one that ends it."""
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
    """Put a text into an empty element, with copies of the codes that its marks stand for.

    A mark whose other half is missing, or that stands there a second time, is left out.

    Args:
        element: gets text and children.
        text: with marks.
        codes: the element that each mark stands for.
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
    """A copy of an element round text, without the text."""
    child = etree.SubElement(parent, str(code.tag))
    for name, value in code.attrib.items():
        child.set(name, value)
    return child


def _split(text: str, codes: Mapping[str, _Element]) -> Iterator[tuple[str, int | None]]:
    """Texts, and marks with their places."""
    done = 0
    for found in MARK.finditer(text):
        if found[0] in codes:
            yield text[done : found.start()], None
            yield found[0], found.start()
            done = found.end()
    yield text[done:], None


def _kept(text: str, codes: Mapping[str, _Element]) -> set[int]:
    """Places of the marks that can be written: each once, both halves of a pair, and elements inside each other."""
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
            if local(codes[mark]) in _WRAPPERS:  # what was opened in it and not closed crosses it
                later = [each for each in later if local(codes[each[0]]) not in _WRAPPERS]
            opened = opened[: begins[0]] + later
        seen.add(mark)
    return kept


def keeps_codes(text: str, codes: Mapping[str, _Element]) -> bool:
    """Whether a text can be written with each code once.

    Args:
        text: with marks.
        codes: the element that each mark stands for.

    Returns:
        Whether no code would be lost or doubled.
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
    """Codes for marks of a text that a memory has from a TMX file.

    Args:
        names: of the element round text, and of the one that stands alone.
        marks: such as `<b1>`, `</b1>`, `<x2/>`.

    Returns:
        Elements for them.
    """
    return {
        mark: etree.Element(names[mark.endswith("/>")], id=f"{TOOL}-{mark.strip('</>')}")
        for mark in sorted(marks)
    }


def without_marks(text: str) -> str:
    """A text without its tag marks."""
    return MARK.sub("", text)
