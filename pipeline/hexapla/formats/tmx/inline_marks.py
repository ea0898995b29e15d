"""Marks of the inline elements of a segment, and their names; see `hexapla.formats.tmx.inline_codes`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree
from lxml.etree import _Element

LETTERS = {"bpt": "b", "ept": "b", "it": "b", "hi": "h", "ph": "x", "ut": "x"}
"""First letter of the mark of each inline element."""
HI_END = "</hi>"
"""The XML of the mark at the end of a `hi`."""
MOST_CODES = 2_000
"""Inline elements that a segment may have; real ones have a few dozen at most."""
_DIGITS = re.compile(r"[0-9]{1,6}")
_LITERAL = re.compile(r"</?([bhx][0-9]+)/?>")


class MarkedText(NamedTuple):
    """A text with marks.

    Attributes:
        text: text of the segment, with a mark in place of each inline element.
        marks: the XML of each mark; for `hi`, the element without content, and its end tag.
    """

    text: str
    marks: Mapping[str, str]


def read_segments(segments: Sequence[_Element]) -> list[MarkedText]:
    """Return the texts of the segments of one unit, in which corresponding marks have the same number.

    Args:
        segments: seg elements, source first, parsed without comments.

    Returns:
        A text for each segment.

    Raises:
        ValueError: a segment has an element that is not allowed, a reference to an undeclared entity, or too many
            elements.
    """
    if not any(map(len, segments)):
        return [MarkedText(segment.text or "", {}) for segment in segments]
    for segment in segments:
        check_number_of_codes(sum(1 for _ in segment.iterdescendants()))
        _check(segment)
        _isolate(segment)
    names = _MarkNames(segments)
    return [_marked(segment, names) for segment in segments]


def check_number_of_codes(number: int) -> None:
    """Refuse a segment with too many inline codes.

    Args:
        number: number of its codes.

    Raises:
        ValueError: there are more than `MOST_CODES`.
    """
    if number > MOST_CODES:
        raise ValueError(
            f"a segment has {number:,} inline codes, but at most {MOST_CODES:,} are allowed: split it"
        )


def literal_names(text: str) -> set[str]:
    """Return the names of marks, such as b1, that a text contains as ordinary characters."""
    return set(_LITERAL.findall(text))


def _check(segment: _Element) -> None:
    """Refuse elements that a segment cannot have."""
    for node in segment.iter():
        tag: Any = node.tag
        if not isinstance(tag, str):
            raise ValueError(f"the entity {node.text} is not declared: write the character itself")
        parent = node.getparent()
        inside = None if node is segment or parent is None else parent.tag
        allowed = {"seg": inside is None, "sub": inside in LETTERS and inside != "hi"}
        if not allowed.get(tag, tag in LETTERS and inside in ("seg", "sub", "hi")):
            raise ValueError(f"the element {tag} is not allowed at this place in a TMX segment")


def _isolate(segment: _Element) -> None:
    """Replace each half of a pair whose other half is missing by an `it`."""
    opened: dict[str | None, list[_Element]] = {}
    alone: list[_Element] = []
    elements = [piece.element for piece in _pieces(segment) if isinstance(piece, _Occurrence)]
    for element in (each for each in elements if each.tag in ("bpt", "ept")):  # not those inside a sub
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
        half = isolated(element)
        half.tail = element.tail
        parent.replace(element, half)


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """An occurrence of a mark in a segment.

    Attributes:
        element: the element of the mark.
        ends: whether the mark is the end of a `hi`.
    """

    element: _Element
    ends: bool = False


def _pieces(parent: _Element) -> Iterator[str | _Occurrence]:
    """Yield the texts and marks of a segment, in their order."""
    yield parent.text or ""
    for child in parent:
        yield _Occurrence(child)
        if child.tag == "hi":
            yield from _pieces(child)
            yield _Occurrence(child, ends=True)
        yield child.tail or ""


class _MarkNames:
    """Names of marks, the same in all languages of a unit, that do not occur in the texts.

    Args:
        segments: segments of the unit.
    """

    def __init__(self, segments: Sequence[_Element]) -> None:
        pieces = [piece for segment in segments for piece in _pieces(segment)]
        self._taken = literal_names("\0".join(piece for piece in pieces if isinstance(piece, str)))
        elements = [piece.element for piece in pieces if isinstance(piece, _Occurrence)]
        self._without_x = {element.tag for element in elements if "x" not in element.attrib}
        self._names: dict[tuple[str, str, int], str] = {}
        self._following: dict[
            tuple[str, int], int
        ] = {}  # a later number, where all numbers before it are taken

    def name(self, element: _Element, repetition: int) -> str:
        """Return the name of the mark of an element, such as b1.

        Args:
            element: an element other than ept.
            repetition: number of elements with the same key before it in the segment.

        Returns:
            The name.
        """
        letter, number = self.key_of(element)
        key = (letter, number, repetition)
        if key not in self._names:
            self._names[key] = self._free(
                letter, 1 if repetition or not _DIGITS.fullmatch(number) else int(number)
            )
        return self._names[key]

    def _free(self, letter: str, number: int) -> str:
        passed = [number]
        while (name := f"{letter}{number}") in self._taken:
            number = self._following.get((letter, number), number + 1)
            passed.append(number)
        self._taken.add(name)
        for each in passed:
            self._following[letter, each] = number + 1
        return name

    def key_of(self, element: _Element) -> tuple[str, str]:
        """Return what elements have in common that may have the same name in several languages."""
        number = element.get("i" if element.tag in self._without_x else "x") or ""
        return LETTERS[str(element.tag)], number or f"\0{_content(element)}"


def _marked(segment: _Element, names: _MarkNames) -> MarkedText:
    """Return the text of a segment, with marks."""
    parts: list[str] = []
    marks: dict[str, str] = {}
    reserved: set[str] = set()  # the marks, and those that will end a pair
    repetitions: Counter[tuple[str, ...]] = Counter()
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
            mark, end = _marks(element, names, reserved, repetitions)
            if element.tag == "bpt":
                open_pairs.setdefault(i, []).append(end)
            elif element.tag == "hi":
                ends[element] = end
        marks[mark] = HI_END if piece.ends else _xml(element)
        parts.append(mark)
    return MarkedText("".join(parts), marks)


def _marks(
    element: _Element, names: _MarkNames, reserved: set[str], repetitions: Counter[tuple[str, ...]]
) -> tuple[str, str]:
    """Return the mark of an element and that of its end, neither of which occurs in the segment; reserve them."""
    key = (*names.key_of(element), str(element.tag), _spelt(element, ""))
    while True:
        name = names.name(element, repetitions[key])
        mark, end = _spelt(element, name), f"</{name}>"
        wanted = {mark, end} if element.tag in ("bpt", "hi") else {mark}
        if reserved.isdisjoint(wanted):
            break
        repetitions[key] += 1  # marks are never released, so no later element needs to try this name
    reserved |= wanted
    return mark, end


def _spelt(element: _Element, name: str) -> str:
    if LETTERS[str(element.tag)] == "x":
        return f"<{name}/>"
    return f"</{name}>" if element.tag == "it" and element.get("pos") == "end" else f"<{name}>"


def _content(element: _Element) -> str:
    """Return the native code of an element: the text inside it."""
    return "" if element.tag == "hi" else "".join(str(text) for text in element.itertext())


def _xml(element: _Element) -> str:
    """Return the XML of an element; of a `hi`, without its content."""
    if element.tag == "hi":
        empty = etree.Element("hi", dict(element.items()))  # type: ignore[arg-type]
        return etree.tostring(empty, encoding="unicode")
    return etree.tostring(element, encoding="unicode", with_tail=False)


def isolated(element: _Element) -> _Element:
    """Return one half of a pair as an `it`, the TMX element for a code without its partner."""
    half = etree.Element("it", pos="begin" if element.tag == "bpt" else "end")
    for name in ("x", "type"):
        if name in element.attrib:
            half.set(name, element.attrib[name])
    half.text = element.text
    half.extend(list(element))
    return half
