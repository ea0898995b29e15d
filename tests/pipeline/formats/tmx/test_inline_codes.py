"""Inline elements of TMX become short marks in a text, and are written again unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hexapla.compare.placeables import PlaceableKind, placeables
from hexapla.formats.tmx.inline_codes import MarkedText, read_segments, without_marks, write_segment
from hexapla.formats.tmx.inline_marks import MOST_CODES


def read(*segments: str) -> list[MarkedText]:
    return read_segments([etree.fromstring(f"<seg>{segment}</seg>") for segment in segments])


def written(text: str, marks: dict[str, str]) -> str:
    xml = etree.tostring(write_segment(text, marks), encoding="unicode")
    return xml.removeprefix("<seg>").removesuffix("</seg>")


PAIR = {"<b1>": '<bpt i="1" x="1">[</bpt>', "</b1>": '<ept i="1">]</ept>'}
HIGHLIGHT = {"<h1>": '<hi x="1"/>', "</h1>": "</hi>", "<h2>": '<hi x="2"/>', "</h2>": "</hi>"}


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        ("no tags &lt;at all", "no tags <at all"),
        ('a <bpt i="1">[</bpt>big<ept i="1">]</ept> port', "a <b1>big</b1> port"),
        ('the<ph x="3"/> port<ut>{</ut>', "the<x3/> port<x1/>"),
        ('<it pos="begin" x="1">[</it>the port', "<b1>the port"),
        ('the port<it pos="end" x="1">]</it>', "the port</b1>"),
        ('the <hi type="term">old <ph/>port</hi>', "the <h1>old <x1/>port</h1>"),
        ('<ph>alt="<sub>the <ph/>quay</sub>"</ph>', "<x1/>"),
        ('<bpt i="0" x="0"/>a<ept i="0"/>', "<b0>a</b0>"),
        ('<bpt i="1"/>a<ept i="1"/><bpt i="1"/>b<ept i="1"/>', "<b1>a</b1><b2>b</b2>"),
        ('<bpt i="7" x="1234567"/>a<ept i="7"/>', "<b1>a</b1>"),
    ],
)
def test_marks_of_each_element(segment: str, text: str) -> None:
    """Pairs, halves, highlights and other codes have different marks, and the segment is written as it was read."""
    (marked,) = read(segment)
    assert marked.text == text
    assert written(marked.text, dict(marked.marks)) == etree_form(segment)


def etree_form(segment: str) -> str:
    xml = etree.tostring(etree.fromstring(f"<seg>{segment}</seg>"), encoding="unicode")
    return xml.removeprefix("<seg>").removesuffix("</seg>")


@pytest.mark.parametrize("code", ["<ph/>", "<ph x='1'/>", "<it pos='end'/>", "<hi/>", "<hi>a</hi>"])
def test_a_segment_with_many_codes(code: str) -> None:
    """As many codes as a segment may have are read, each with its own mark; more are refused."""
    (marked,) = read(code * MOST_CODES)
    assert len(marked.marks) == MOST_CODES * (2 if code.startswith("<hi") else 1)
    assert written(marked.text, dict(marked.marks)) == etree_form(code * MOST_CODES)
    with pytest.raises(ValueError, match="2,001 inline codes, but at most 2,000 are allowed"):
        read("a", code * (MOST_CODES + 1))


def test_marks_are_placeables() -> None:
    """The look-up treats every mark as a tag."""
    (marked,) = read('<bpt i="1"/>a<ept i="1"/> b<ph/> <hi>c</hi>')
    tags = [each.text for each in placeables(marked.text) if each.kind is PlaceableKind.TAG]
    assert tags == ["<b1>", "</b1>", "<x1/>", "<h1>", "</h1>"] == list(marked.marks)


def test_numbers_are_those_of_both_languages() -> None:
    """Elements with the same x have the same number, whatever their position and i."""
    source, target = read(
        '<bpt i="1" x="1">b</bpt>new<ept i="1"/> <bpt i="2" x="2">u</bpt>port<ept i="2"/>',
        '<bpt i="1" x="2">u</bpt>port<ept i="1"/> <bpt i="2" x="1">b</bpt>neuf<ept i="2"/>',
    )
    assert source.text == "<b1>new</b1> <b2>port</b2>"
    assert target.text == "<b2>port</b2> <b1>neuf</b1>"


def test_numbers_are_those_of_i_where_one_language_has_no_x() -> None:
    """If any pair of a unit has no x, pairs correspond by i."""
    texts = [each.text for each in read('<bpt i="4" x="1"/>a<ept i="4"/>', '<bpt i="4"/>b<ept i="4"/>')]
    assert texts == ["<b4>a</b4>", "<b4>b</b4>"]


def test_codes_without_numbers_correspond_by_their_content() -> None:
    """Two placeholders that swap places in the translation keep the numbers of their contents."""
    source, target = read("<ph>%s</ph> at <ph>%d</ph>", "<ph>%d</ph> : <ph>%s</ph>")
    assert (source.text, target.text) == ("<x1/> at <x2/>", "<x2/> : <x1/>")


def test_marks_never_look_like_the_text() -> None:
    """Text that looks like a mark stays text, in any language of the unit."""
    source, target = read('see <bpt i="1"/>&lt;b1><ept i="1"/>', 'voir <bpt i="1"/>ceci<ept i="1"/> &lt;b2>')
    assert source.text == "see <b3><b1></b3>"
    assert target.text == "voir <b3>ceci</b3> <b2>"
    assert written(source.text, dict(source.marks)) == 'see <bpt i="1"/>&lt;b1&gt;<ept i="1"/>'


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("the port", "the port"),
        ("<b1>the</b1> port", '<bpt i="1" x="1">[</bpt>the<ept i="1">]</ept> port'),
        ("the </b1>port<b1>", 'the <it pos="end">]</it>port<it pos="begin" x="1">[</it>'),
        ("<b1>the port", '<it pos="begin" x="1">[</it>the port'),
        ("<b1>the</b1> <b1>port</b1>", '<bpt i="1" x="1">[</bpt>the<ept i="1">]</ept> '
         '<it pos="begin" x="1">[</it>port<it pos="end">]</it>'),
    ],
)  # fmt: skip
def test_pairs_edited_by_a_reviewer(text: str, xml: str) -> None:
    """Pairs that were moved, separated or duplicated are valid TMX: each i occurs once, and halves are it elements."""
    assert written(text, PAIR) == xml


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("a <h1>b</h1> c", 'a <hi x="1">b</hi> c'),
        ("a <h1>b c", "a b c"),
        ("a b</h1> c", "a b c"),
        ("<h1>a <h2>b</h1> c</h2>", '<hi x="1">a <hi x="2">b</hi></hi> c'),
    ],
)
def test_highlights_edited_by_a_reviewer(text: str, xml: str) -> None:
    """Elements around text that were separated are left out, and overlapping ones are nested."""
    assert written(text, HIGHLIGHT) == xml


def test_halves_without_the_other() -> None:
    """Half of a pair without the other half is read as an it element."""
    (marked,) = read('a<ept i="2">]</ept> b <bpt i="1" type="bold">[</bpt>c')
    assert marked.text == "a</b1> b <b2>c"
    assert (
        written(marked.text, dict(marked.marks))
        == 'a<it pos="end">]</it> b <it pos="begin" type="bold">[</it>c'
    )


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        ("a <g>b</g>", "the element g is not allowed"),
        ("a <sub>b</sub>", "the element sub is not allowed"),
        ("a <seg>b</seg>", "the element seg is not allowed"),
    ],
)
def test_elements_that_are_not_allowed(segment: str, reason: str) -> None:
    """Elements of other formats are refused."""
    with pytest.raises(ValueError, match=reason):
        read(segment)


def test_characters_that_are_not_declared() -> None:
    """A named character of HTML is refused with its name, since its text would be lost."""
    parser = etree.XMLParser(resolve_entities=False)
    root = etree.fromstring('<!DOCTYPE seg SYSTEM "none.dtd"><seg>a&nbsp;b</seg>', parser)
    with pytest.raises(ValueError, match="&nbsp; is not declared"):
        read_segments([root])


def test_marks_without_a_valid_element() -> None:
    """A mark whose XML is malformed, or is not an element of a segment, is left out."""
    assert written("a<x1/>b<x2/>c", {"<x1/>": "<ph", "<x2/>": "<script/>"}) == "abc"


def test_text_alone() -> None:
    """Marks can be removed from a text; anything else that looks like a tag stays."""
    assert without_marks("<b1>a</b1> <br>", PAIR) == "a <br>"
    assert without_marks("<b1>a", {}) == "<b1>a"


TEXT = st.text(st.sampled_from("ab <>&/b1xh2"), max_size=12)


@st.composite
def contents(draw: st.DrawFn, depth: int = 2) -> etree._Element:
    """Draw a segment with elements of all kinds, in which all pairs are closed."""
    segment = etree.Element("seg")
    segment.text = draw(TEXT)
    fill(draw, segment, depth, iter(range(1, 50)))
    return segment


def fill(draw: st.DrawFn, parent: etree._Element, depth: int, numbers: Iterator[int]) -> None:
    for kind in draw(st.lists(st.sampled_from(["pair", "ph", "it", "ut", "hi"]), max_size=3)):
        i = str(next(numbers))
        x = {"x": str(draw(st.integers(0, 3)))} if draw(st.booleans()) else {}
        if kind == "pair":
            etree.SubElement(parent, "bpt", {"i": i, **x}).tail = draw(TEXT)
            element = etree.SubElement(parent, "ept", i=i)
        elif kind == "it":
            element = etree.SubElement(parent, kind, {"pos": draw(st.sampled_from(["begin", "end"])), **x})
        else:
            element = etree.SubElement(parent, kind, x)
        if kind != "hi":
            element.text = draw(TEXT) or None  # an empty text is written with a separate end tag
        elif depth:
            fill(draw, element, depth - 1, numbers)
        element.tail = draw(TEXT)


@given(st.lists(contents(), min_size=1, max_size=3))
def test_any_segment_is_written_as_it_was_read(segments: list[etree._Element]) -> None:
    """Any tags and texts give the same XML again, and the same marks when it is read again."""
    before = [etree.tostring(segment, method="c14n") for segment in segments]
    marked = read_segments(segments)
    again = [write_segment(*each) for each in marked]
    assert [etree.tostring(segment, method="c14n") for segment in again] == before
    assert read_segments(again) == marked


@given(contents(), st.randoms())
def test_any_edited_segment_is_valid(segment: etree._Element, random: Random) -> None:
    """Marks in any order and number, with some missing, give pairs in which each i occurs once."""
    (marked,) = read_segments([segment])
    pieces = re.split("(<[^<>]*>)", marked.text)
    random.shuffle(pieces)
    out = write_segment("".join(pieces[: len(pieces) - 1]), marked.marks)
    begins, ends = ([each.get("i") for each in out.iter(tag)] for tag in ("bpt", "ept"))
    assert sorted(map(str, begins)) == sorted(map(str, ends))
    assert len(set(begins)) == len(begins)
    assert etree.fromstring(etree.tostring(out)) is not None
