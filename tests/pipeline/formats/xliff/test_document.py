"""Documents as XLIFF: the files are what the standard and other tools expect, and read back unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.xliff.document import write_document
from hexapla.formats.xliff.file import read_xliff
from hexapla.formats.xliff.names import MATCHES, XLIFF_1, XLIFF_2, XliffVersion
from hexapla.matches import MatchKind
from hexapla.units import Status
from support_xliff import match_of, pretranslation_of

NAMES = {"a": XLIFF_1, "b": XLIFF_2, "m": MATCHES}
TEXTS = ["The port is open. The tide <b>rises</b>.", "The wind falls."]
EXACT = match_of("The port is open.", "Le port est ouvert.")
FUZZY = match_of("The port is shut.", "Le port est fermé.", 82, MatchKind.FUZZY)


def written(folder: Path, version: XliffVersion, *, name: str = "out.xlf") -> etree._ElementTree:
    """Write a document of three sentences, the first with two matches, and return its tree."""
    write_document(pretranslation_of(TEXTS, EXACT, FUZZY), folder / name, version)
    return etree.parse(str(folder / name))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    texts=st.lists(st.text(min_size=1), min_size=1, max_size=4), version=st.sampled_from(list(XliffVersion))
)
def test_any_text_survives(tmp_path: Path, texts: list[str], version: XliffVersion) -> None:
    """Segments are read back as they were written, except for characters that XML forbids."""
    pretranslation = pretranslation_of(texts)
    write_document(pretranslation, tmp_path / "out.xlf", version)
    read = read_xliff(tmp_path / "out.xlf")
    assert [segment.content.text for segment in read.segments] == [
        legal_text(segment.text) for segment in pretranslation.segments
    ]
    assert (read.source, read.target) == ("en", "fr")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(target=st.text(min_size=1), version=st.sampled_from(list(XliffVersion)))
def test_any_translation_survives(tmp_path: Path, target: str, version: XliffVersion) -> None:
    """A translation is read back unchanged, and the segment counts as translated."""
    write_document(pretranslation_of(["Open."], match_of("Open.", target)), tmp_path / "out.xlf", version)
    (segment,) = read_xliff(tmp_path / "out.xlf").segments
    assert segment.translation == legal_text(target)
    assert segment.is_open == (not legal_text(target).strip())


def test_states_and_matches_of_version_1(tmp_path: Path) -> None:
    """In 1.2 an exact match fills the target, and each match is an alt-trans with its percentage."""
    tree = written(tmp_path, XliffVersion.V1_2)
    first, second, _ = tree.iterfind(".//a:trans-unit", NAMES)
    target = first.find("a:target", NAMES)
    assert target is not None
    assert (target.text, *map(target.get, ("state", "state-qualifier"))) == (
        "Le port est ouvert.",
        "translated",
        "exact-match",
    )
    alternatives = first.findall("a:alt-trans", NAMES)
    assert [each.get("match-quality") for each in alternatives] == ["100%", "82%"]
    assert [each.findtext("a:target", namespaces=NAMES) for each in alternatives] == [
        "Le port est ouvert.",
        "Le port est fermé.",
    ]
    assert {each.get("tool-id") for each in alternatives} == {
        tool.get("tool-id") for tool in tree.iterfind(".//a:tool", NAMES)
    }
    assert second.find("a:alt-trans", NAMES) is None


def test_untranslated_targets_are_copies_with_a_state(tmp_path: Path) -> None:
    """In 1.2 OmegaT shows only targets, so an untranslated target is a copy of the source, with a state that says so."""
    targets = written(tmp_path, XliffVersion.V1_2).iterfind(".//a:trans-unit/a:target", NAMES)
    assert [each.text for each in targets if each.get("state") == "needs-translation"] == [
        "The tide <b>rises</b>.",
        "The wind falls.",
    ]
    assert [segment.is_open for segment in read_xliff(tmp_path / "out.xlf").segments] == [False, True, True]


def test_sentences_of_a_paragraph_are_segments_of_a_unit(tmp_path: Path) -> None:
    """In 2.1 a paragraph can be reassembled from its segments and the white space between them."""
    tree = written(tmp_path, XliffVersion.V2_1)
    units = tree.findall(".//b:unit", NAMES)
    sources = [[each.text for each in unit.iterfind("*/b:source", NAMES)] for unit in units]
    assert ["".join(map(str, each)) for each in sources if each] == TEXTS
    states = [segment.get("state") for segment in tree.iterfind(".//b:segment", NAMES)]
    assert states == ["translated", "initial", "initial"]
    assert [unit.findtext("b:notes/b:note", namespaces=NAMES) for unit in units] == [
        "operative 1",
        "operative 2",
    ]


def test_matches_of_version_2_refer_to_their_segment(tmp_path: Path) -> None:
    """In 2.1 a match gives its segment, its quality and its origin."""
    (unit, _) = written(tmp_path, XliffVersion.V2_1).findall(".//b:unit", NAMES)
    matches = unit.findall("m:matches/m:match", NAMES)
    assert {match.get("ref") for match in matches} == {f"#{unit.find('b:segment', NAMES).get('id')}"}  # type: ignore[union-attr]
    assert [(match.get("similarity"), match.get("subType")) for match in matches] == [
        ("100.0", "hexapla:exact"),
        ("82.0", "hexapla:fuzzy"),
    ]
    for match in matches:
        scores = [
            float(match.get(name, "nan")) for name in ("similarity", "matchQuality", "matchSuitability")
        ]
        assert all(0 <= each <= 100 for each in scores)
        assert (match.get("origin"), match.get("type")) == ("A/1", "tm")
    assert float(matches[0].get("matchQuality", "")) == pytest.approx(98.0)  # aligned, probability 0.9


def test_a_match_in_context_has_its_own_type(tmp_path: Path) -> None:
    """A match in context has the type icm, and no number is above 100."""
    match = match_of("Open.", "Ouvert.", 101, MatchKind.IN_CONTEXT, status=Status.APPROVED)
    write_document(pretranslation_of(["Open."], match), tmp_path / "out.xlf", XliffVersion.V2_1)
    (found,) = etree.parse(str(tmp_path / "out.xlf")).iter(f"{{{MATCHES}}}match")
    assert (found.get("type"), found.get("similarity"), found.get("matchSuitability")) == (
        "icm",
        "100.0",
        "100.0",
    )


@pytest.mark.parametrize("version", XliffVersion)
def test_identifiers_are_unique(tmp_path: Path, version: XliffVersion) -> None:
    """No two units have the same identifier."""
    tree = written(tmp_path, version)
    ids = [
        unit.get("id") for name in ("a:trans-unit", "b:unit") for unit in tree.iterfind(f".//{name}", NAMES)
    ]
    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("version", XliffVersion)
def test_the_same_document_gives_the_same_bytes(tmp_path: Path, version: XliffVersion) -> None:
    """Nothing in a file depends on when it was written."""
    for name in ("one.xlf", "two.xlf"):
        written(tmp_path, version, name=name)
    assert (tmp_path / "one.xlf").read_bytes() == (tmp_path / "two.xlf").read_bytes()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_translate_toolkit_reads_version_1(tmp_path: Path) -> None:
    """Another reader finds sources, targets and matches."""
    from translate.storage.xliff import xlifffile

    written(tmp_path, XliffVersion.V1_2)
    store = xlifffile.parsefile(str(tmp_path / "out.xlf"))
    units = [unit for unit in store.units if unit.istranslatable()]
    assert [unit.source for unit in units] == [
        "The port is open.",
        "The tide <b>rises</b>.",
        "The wind falls.",
    ]
    assert units[0].target == "Le port est ouvert."
    assert [(each.source, each.target) for each in units[0].getalttrans()] == [
        ("The port is open.", "Le port est ouvert."),
        ("The port is shut.", "Le port est fermé."),
    ]
    assert (store.sourcelanguage, store.targetlanguage) == ("en", "fr")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_translate_toolkit_reads_version_2(tmp_path: Path) -> None:
    """Another reader finds segments and their states."""
    from translate.storage.xliff2 import Xliff2File

    written(tmp_path, XliffVersion.V2_1)
    store = Xliff2File.parsefile(str(tmp_path / "out.xlf"))
    assert [(unit.source, unit.target, unit.istranslated()) for unit in store.units] == [
        ("The port is open.", "Le port est ouvert.", True),
        ("The tide <b>rises</b>.", None, False),
        ("The wind falls.", None, False),
    ]
    assert (store.sourcelanguage, store.targetlanguage) == ("en", "fr")
