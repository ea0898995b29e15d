"""XLIFF files from other tools: segments without a translation are filled, everything else stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hexapla.errors import EXPECTED, InputError
from hexapla.formats.xliff.file import Filled, XliffFile, read_xliff
from hexapla.matches import Match, MatchKind
from support_xliff import FIRST, SECOND, match_of, segment_with, xliff_file

OPEN = "The port is <b1>open</b1>.<x1/>"
WITH_CODES = match_of(OPEN, "Il est <b1>ouvert</b1>.<x1/>")
WITHOUT_CODES = match_of("The port is open.", "Il est ouvert.", 99, MatchKind.FUZZY)


def fill(file: XliffFile, matches: dict[str, Match]) -> Filled:
    """Fill a file, with at most one match per text."""
    texts = [segment.content.text for segment in file.segments]
    found = [segment_with(text, *([matches[text]] if text in matches else [])) for text in texts]
    return file.fill(found, "fr")


def refilled(folder: Path, content: str, matches: dict[str, Match]) -> tuple[Filled, str]:
    """Fill a file, write it, and return what was filled and its content."""
    file = xliff_file(folder, content)
    done = fill(file, matches)
    file.write(folder / "out.xlf")
    return done, (folder / "out.xlf").read_text("utf-8")


def test_codes_are_marks_in_the_text(tmp_path: Path) -> None:
    """Codes are numbered in their order, annotations are not codes, and untranslatable units are left out."""
    first = [segment.content.text for segment in xliff_file(tmp_path, FIRST).segments]
    second = [segment.content.text for segment in xliff_file(tmp_path, SECOND).segments]
    assert first == [OPEN, "The tide rises.", "One wave.", "Two waves.", "The wind falls."]
    assert second == [OPEN, "The tide rises.", "The wind falls."]


@pytest.mark.parametrize("content", [FIRST, SECOND])
def test_a_segment_with_too_many_codes_is_refused(tmp_path: Path, content: str) -> None:
    """A segment has at most 2,000 codes, counted before they are named."""
    with pytest.raises(InputError, match="2,001 inline codes, but at most 2,000"):
        xliff_file(tmp_path, content.replace("rises.</source>", '<ph id="1"/>' * 2_001 + "</source>"))


@pytest.mark.parametrize("content", [FIRST, SECOND])
def test_codes_are_written_into_the_translation(tmp_path: Path, content: str) -> None:
    """A translation that has all codes of its segment fills it, with the codes."""
    done, text = refilled(tmp_path, content, {OPEN: WITH_CODES})
    assert (done.filled, done.translated) == (1, 1)
    (segment, *_) = read_xliff(tmp_path / "out.xlf").segments
    assert segment.translation == "Il est <b1>ouvert</b1>.<x1/>"
    assert segment.target is not None
    assert [child.get("id") for child in segment.target] == ["7", "8"]
    assert ">ouvert</" in text


@pytest.mark.parametrize("content", [FIRST, SECOND])
@pytest.mark.parametrize(
    "target",
    [
        "Il est ouvert.",
        "Il est <b1>ouvert</b1>.",
        "<x1/><b1>Il</b1> est<x1/>",
        "<x1/>Il </b1>est<b1>",
        "<x1/><b1>Il</b1> est<b1>",
    ],
)
def test_a_translation_without_the_codes_is_only_offered(tmp_path: Path, content: str, target: str) -> None:
    """A match that lacks a code, has one twice or has a pair the wrong way round is valid, but must be fixed by hand."""
    done, _ = refilled(tmp_path, content, {OPEN: match_of(OPEN, target)})
    assert (done.filled, done.offered) == (0, 1)


@pytest.mark.parametrize(
    ("target", "filled"),
    [
        ("<b2>b <b1>a</b1></b2>.", 1),
        ("<b1>a <b2>b</b1></b2>.", 0),
        ("<b3>a <b1>b</b3><b2>c</b2></b1>.", 1),
        ("<b1>a <b3>b</b1> <b2>c</b2></b3>.", 1),
    ],
)
def test_elements_around_text_cannot_overlap(tmp_path: Path, target: str, filled: int) -> None:
    """Elements around text must be nested; pairs of elements without text may overlap them."""
    pair = '<bpt id="3"/>c<ept id="3"/>' if "b3" in target else ""
    source = f'<g id="1">a</g> <g id="2">b</g>{pair}.'
    before = FIRST.replace("<source>The wind falls.</source>", f"<source>{source}</source>")
    text = f"<b1>a</b1> <b2>b</b2>{'<b3>c</b3>' if pair else ''}."
    before = before.replace('<target state="new">The wind falls.</target>', "")
    done, _ = refilled(tmp_path, before, {text: match_of(text, target)})
    assert done.filled == filled


@pytest.mark.parametrize("content", [FIRST, SECOND])
def test_everything_else_stays(tmp_path: Path, content: str) -> None:
    """Apart from what was added, the file is unchanged: comments, instructions, notes, foreign elements, translations."""
    _, text = refilled(tmp_path, content, {OPEN: WITH_CODES})
    after = etree.fromstring(text.encode()).getroottree()
    first = next(each for each in after.iter() if each.get("id") == "u1")
    for added in [*after.iter("{*}tool", "{*}alt-trans", "{*}matches")]:
        added.getparent().remove(added)  # type: ignore[union-attr]
    target = next(first.iter("{*}target"))
    target.getparent().remove(target)  # type: ignore[union-attr]
    if (segment := first.find("{*}segment")) is not None:
        del segment.attrib["id"], segment.attrib["state"]
    kept = etree.tostring(after, encoding="unicode")
    assert etree.canonicalize(kept, with_comments=True) == etree.canonicalize(content, with_comments=True)


@pytest.mark.parametrize("content", [FIRST, SECOND])
def test_filling_twice_offers_once(tmp_path: Path, content: str) -> None:
    """Matches that hexapla added before are replaced by new ones."""
    matches = {"The wind falls.": match_of("The wind drops.", "Le vent tombe.", 80, MatchKind.FUZZY)}
    _, once = refilled(tmp_path, content, matches)
    _, twice = refilled(tmp_path, once, matches)
    assert once.count("Le vent tombe.") == twice.count("Le vent tombe.") == 1


def test_a_match_that_is_gone_is_removed(tmp_path: Path) -> None:
    """If the memory no longer has a match, none is offered, and no empty container is left."""
    _, once = refilled(tmp_path, SECOND, {OPEN: WITHOUT_CODES})
    _, twice = refilled(tmp_path, once, {})
    assert "matches>" in once
    assert "matches>" not in twice


def test_white_space_around_a_segment_is_kept_around_its_translation(tmp_path: Path) -> None:
    """A segment that ends with a space is followed by another, so its translation ends with one too."""
    content = SECOND.replace("wind</mrk> falls.</source>", "wind</mrk> falls. </source>")
    refilled(tmp_path, content, {"The wind falls. ": match_of("The wind falls.", "Le vent tombe.")})
    assert read_xliff(tmp_path / "out.xlf").segments[-1].translation == "Le vent tombe. "


def test_matches_come_before_foreign_elements(tmp_path: Path) -> None:
    """In 1.2 elements in other namespaces come last in a unit, whatever their names."""
    content = FIRST.replace("own:more>", "own:note>")
    _, text = refilled(tmp_path, content, {OPEN: WITH_CODES})
    unit = next(etree.fromstring(text.encode()).iter("{*}trans-unit"))
    assert [etree.QName(child).localname for child in unit] == [
        "source",
        "target",
        "note",
        "alt-trans",
        "note",
    ]


def test_segments_of_a_segmented_unit_are_filled_separately(tmp_path: Path) -> None:
    """In a unit with a seg-source, each segment has its own target and matches, by its mid."""
    done, text = refilled(tmp_path, FIRST, {"Two waves.": match_of("Two waves.", "Deux vagues.")})
    assert done == Filled(5, 1, 1, 0)
    names = {"a": "urn:oasis:names:tc:xliff:document:1.2"}
    (unit,) = [
        each
        for each in etree.fromstring(text.encode()).iterfind(".//a:trans-unit", names)
        if each.get("id") == "u5"
    ]
    parts = unit.findall("a:target/a:mrk", names)
    assert [(part.get("mid"), part.text) for part in parts] == [("0", None), ("1", "Deux vagues.")]
    assert [each.get("mid") for each in unit.findall("a:alt-trans", names)] == ["1"]
    assert [each.is_open for each in read_xliff(tmp_path / "out.xlf").segments] == [
        True,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("kind", "state"),
    [(MatchKind.EXACT, "translated"), (MatchKind.PLACEABLES, "needs-review-translation")],
)
def test_a_segmented_unit_gets_its_state_with_its_last_segment(
    tmp_path: Path, kind: MatchKind, state: str
) -> None:
    """The target is translated once its last segment is, and to be reviewed if placeables were substituted."""
    first = {"One wave.": match_of("One wave.", "Une vague.", kind=kind)}
    xliff, both = xliff_file(tmp_path, FIRST), first | {"Two waves.": match_of("Two waves.", "Deux vagues.")}
    fill(xliff, both)
    (target,) = [each for each in xliff.tree.iter("{*}target") if len(each) == 2]
    assert target.get("state") == state


def test_a_missing_target_language_is_added(tmp_path: Path) -> None:
    """The target language is added to a file that does not state it."""
    for content, attribute in ((FIRST, ' target-language="fr"'), (SECOND, ' trgLang="fr"')):
        assert xliff_file(tmp_path, content.replace(attribute, "")).target == ""
        assert attribute in refilled(tmp_path, content.replace(attribute, ""), {})[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no XML", "not well-formed XML"),
        ("<tmx version='1.4'/>", "not XLIFF: the root element is tmx"),
        ("<xliff version='3.0'/>", "its XLIFF version is '3.0'; versions 1.0 to 2.2 can be read"),
        ("<xliff/>", "it does not state its XLIFF version"),
        (FIRST[:900], "not well-formed XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><xliff version="1.2"><file>&a;</file></xliff>', "declares entities"),
        (
            FIRST.replace("</body></file>", "</body></file><file source-language='zh'/>"),
            "line 15: its source language is zh, but that of the file element before is en",
        ),
        (
            FIRST.replace('source-language="en"', 'source-language="?"'),
            "source-language: '?' is not a BCP 47",
        ),
        (FIRST.replace("<source>The wind falls.</source>", ""), "line 14, unit u6: it has no source"),
        (
            SECOND.replace("<source>TIDE-3</source>", "").replace(' translate="no"', ""),
            "unit u3: one of its segments has no source",
        ),
        (
            '<!DOCTYPE x SYSTEM "x.dtd"><xliff version="1.2"><file><body><trans-unit id="a"><source>&eacute;</source>'
            "</trans-unit></body></file></xliff>",
            "line 1, unit a: the entity &eacute; is not declared",
        ),
    ],
)
def test_errors_in_bad_files_give_the_place(tmp_path: Path, content: str, words: str) -> None:
    """A file that cannot be read is refused with file, line and unit."""
    with pytest.raises(InputError) as error:
        xliff_file(tmp_path, content)
    assert words in str(error.value)
    assert str(tmp_path / "in.xlf") in str(error.value)


def test_a_bad_unit_may_be_skipped(tmp_path: Path) -> None:
    """A caller can skip a unit that cannot be read."""
    path = tmp_path / "in.xlf"
    path.write_text(FIRST.replace("<source>The tide rises.</source>", ""), "utf-8")
    skipped: list[object] = []
    assert len(read_xliff(path, skipped.append).segments) == 4
    assert [str(each) for each in skipped] == [f"{path}, line 9, unit u2: it has no source"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    """UTF-16, and UTF-8 with a byte order mark, are read too."""
    file = xliff_file(tmp_path, SECOND.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding))
    assert file.segments[1].translation == "La marée monte."


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(
    content=st.sampled_from([FIRST, SECOND]),
    changes=st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 12),
            st.sampled_from([b"", b"<", b"&", b"\0", b"</g>", b"\xff", b"mid='0'", b"<x/>"]),
        ),
        max_size=4,
    ),
)
def test_a_damaged_file_is_refused_or_filled(
    tmp_path: Path, content: str, changes: list[tuple[float, int, bytes]]
) -> None:
    """Whatever is removed from a file or inserted, it is either refused with a message, or filled and still readable."""
    data = content.encode()
    for place, length, new in changes:
        start = int(place * len(data))
        data = data[:start] + new + data[start + length :]
    try:
        file = xliff_file(tmp_path, data)
    except EXPECTED:
        return
    texts = {segment.content.text for segment in file.segments}
    fill(file, {text: match_of(text, f"{text}!") for text in texts if text.strip()})
    file.write(tmp_path / "out.xlf")
    assert len(read_xliff(tmp_path / "out.xlf").segments) == len(file.segments)
