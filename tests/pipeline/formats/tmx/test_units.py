"""Units of a memory as TMX: each tool gets what it reads, under the names that it knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.errors import OutputError
from hexapla.formats.protocols import WriteOptions, Written
from hexapla.formats.registry import unit_writer
from hexapla.formats.tmx.profiles import PROFILES
from hexapla.units import Unit
from support_tmx import TAGGED, UNITS, props_of, root_of, texts_of, write_tmx_units


def test_the_header(tmp_path: Path) -> None:
    """The header has the source language, the date of the memory version and the name of the memory."""
    write_tmx_units(UNITS, tmp_path / "units.tmx")
    header = root_of(tmp_path / "units.tmx")[0]
    assert (header.get("srclang"), header.get("segtype")) == ("zh", "sentence")
    assert header.get("creationdate") == "20310504T030201Z"
    assert props_of(header) == {"x-hexapla-memory": "un.hexapla version 3"}


def test_context_is_of_the_neighbours(tmp_path: Path) -> None:
    """The source variant has the source texts before and after, from the same document and level."""
    other = replace(UNITS[0], id="b0", document="A/99/L.2")
    paragraph = replace(UNITS[0], id="b1", document="A/99/L.2", level="paragraph")
    write_tmx_units([*UNITS, other, paragraph], tmp_path / "units.tmx")
    contexts = [
        {
            name[10:]: text
            for name, text in props_of(tu.findall("tuv")[0]).items()
            if name.startswith("x-context-")
        }
        for tu in root_of(tmp_path / "units.tmx").iter("tu")
    ]
    assert contexts == [
        {"post": "1. 欢迎观测记录。"},
        {"pre": "大会，", "post": "2. 决定继续审议。"},
        {"pre": "1. 欢迎观测记录。"},
        {},
        {},
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_pair_for_each_tool(tmp_path: Path, profile: str) -> None:
    """For each tool a file in two languages is valid, with the source first, under the code that the tool knows."""
    done = write_tmx_units(UNITS, tmp_path / "units.tmx", "en", "zh", profile=profile)
    assert done == Written(3)
    code = PROFILES[profile].code
    assert root_of(tmp_path / "units.tmx")[0].get("srclang") == code("en")
    assert texts_of(tmp_path / "units.tmx")[0] == {code("en"): "The General Assembly,", code("zh"): "大会，"}
    assert {tuple(texts) for texts in texts_of(tmp_path / "units.tmx")} == {(code("en"), code("zh"))}


@pytest.mark.parametrize("profile", [name for name, profile in PROFILES.items() if profile.bilingual])
def test_tools_of_two_languages(tmp_path: Path, profile: str) -> None:
    """A bilingual tool is not given a file in three languages."""
    with pytest.raises(OutputError, match="exactly 2 languages, but there are 3"):
        write_tmx_units(UNITS, tmp_path / "units.tmx", "zh", "en", "ar", profile=profile)
    assert not (tmp_path / "units.tmx").exists()


def test_an_unknown_profile(tmp_path: Path) -> None:
    """The error message lists the profiles."""
    with pytest.raises(OutputError, match=r"no profile 'excel'.*generic, omegat"):
        write_tmx_units(UNITS, tmp_path / "units.tmx", profile="excel")


@pytest.mark.parametrize(
    ("profile", "of_unit", "of_source", "of_target"),
    [
        (
            "trados",
            {"x-document", "x-symbol", "x-status", "x-probability"},
            {"x-context-pre", "x-context-post"},
            set(),
        ),
        (
            "memoq",
            {"x-document", "x-symbol", "x-status", "x-probability"},
            {"x-context-pre", "x-context-post"},
            set(),
        ),
        ("phrase", set(), {"context_prev", "context_next"}, {"filename"}),
        ("wordfast", {"x-document", "x-symbol", "x-status", "x-probability"}, set(), set()),
        ("weblate", {"x-context"}, set(), set()),
        ("omegat", {"x-document", "x-symbol", "x-status", "x-probability"}, set(), set()),
    ],
)
def test_names_of_properties(
    tmp_path: Path, profile: str, of_unit: set[str], of_source: set[str], of_target: set[str]
) -> None:
    """Document, status, probability and context are where the tool reads them, under the names that it knows."""
    write_tmx_units(UNITS, tmp_path / "units.tmx", "zh", "en", profile=profile)
    found = next(
        tu
        for tu in root_of(tmp_path / "units.tmx").iter("tu")
        if "Welcomes" in (tu[-1].findtext("seg") or "")
    )
    source, target = found.findall("tuv")
    assert [set(props_of(each)) for each in (found, source, target)] == [of_unit, of_source, of_target]


@pytest.mark.parametrize(("profile", "longest"), [("trados", 2000), ("wordfast", 8000)])
def test_units_that_are_too_long_are_listed(tmp_path: Path, profile: str, longest: int) -> None:
    """A unit over the limit of a tool is left out, with the reason; one at the limit is written."""
    units = [
        Unit.of_texts("long", {"zh": "会" * (longest + 1), "en": "Long."}),
        Unit.of_texts("just", {"zh": "会" * longest, "en": "Just."}),
    ]
    done = write_tmx_units(units, tmp_path / "units.tmx", "zh", "en", profile=profile)
    assert done.units == 1
    (problem,) = done.left_out
    assert (problem.path, problem.unit) == (tmp_path / "units.tmx", "long")
    assert f"its text in zh has {longest + 1:,} characters" in problem.reason
    assert texts_of(tmp_path / "units.tmx")[0].popitem()[1] == "Just."


def test_weblate_needs_the_source_in_every_unit(tmp_path: Path) -> None:
    """Weblate skips units without the source language: they are left out and listed, and tags are removed."""
    units = [UNITS[0], Unit.of_texts("b1", {"en": "Only", "ar": "فقط"}), replace(TAGGED, id="c1")]
    done = write_tmx_units(units, tmp_path / "units.tmx", "en", "zh", "ar", "fr", profile="weblate")
    assert done == Written(3)
    done = write_tmx_units(units, tmp_path / "units.tmx", "zh", "en", "ar", "fr", profile="weblate")
    assert [
        (problem.unit, "no text in the source language zh" in problem.reason) for problem in done.left_out
    ] == [
        ("b1", True),
        ("c1", True),
    ]
    write_tmx_units([TAGGED], tmp_path / "units.tmx", "en", "fr", profile="weblate")
    assert texts_of(tmp_path / "units.tmx") == [{"en": "The big cat.", "fr": "Le gros chat."}]


def test_two_tags_that_are_one_code_for_a_tool(tmp_path: Path) -> None:
    """A unit with two languages for which the tool has the same code is left out and listed."""
    unit = Unit.of_texts("a1", {"zh": "大会，", "zh-CN": "大会：", "en": "The Assembly,"})
    done = write_tmx_units([unit], tmp_path / "units.tmx", "en", "zh", "zh-CN", profile="weblate")
    assert [problem.reason for problem in done.left_out] == [
        "its languages en, zh, zh-CN become en, zh-Hans, zh-Hans for Weblate, which reads each code once"
    ]


def test_tools_get_one_line_and_tags(tmp_path: Path) -> None:
    """A segment for a tool has no white space around it and no line break; its tags are elements again."""
    units = [Unit.of_texts("a0", {"en": " two\nlines ", "fr": "\tdeux lignes\u3000"}), TAGGED]
    write_tmx_units(units, tmp_path / "units.tmx", "en", "fr", profile="memoq")
    first, second = root_of(tmp_path / "units.tmx").iter("tu")
    assert [seg.text for seg in first.iter("seg")] == ["two lines", "deux lignes"]
    assert [[code.tag for code in seg] for seg in second.iter("seg")] == [["bpt", "ept", "ph"]] * 2


def test_omegat_gets_the_parts_that_it_splits_off(tmp_path: Path) -> None:
    """For OmegaT the typed number and the text after it are units too, each once, and none has a tuid."""
    write_tmx_units(
        [*UNITS, replace(UNITS[1], id="b1")], tmp_path / "units.tmx", "en", "zh", profile="omegat"
    )
    root = root_of(tmp_path / "units.tmx")
    assert root[0].get("segtype") == "paragraph"
    assert not root.findall("body/tu[@tuid]")
    sources = [texts["en"] for texts in texts_of(tmp_path / "units.tmx")]
    assert sources == [
        "The General Assembly,",
        *("1. Welcomes the records.", "1.", "Welcomes the records."),
        *("2. Decides to remain seized.", "2.", "Decides to remain seized."),
        "1. Welcomes the records.",
    ]


def test_omegat_binds_a_further_translation_to_its_place(tmp_path: Path) -> None:
    """In a bilingual file the first translation is used everywhere, and another only between the same neighbours."""
    texts = [("None.", "Aucune."), ("The list.", "La liste."), ("None.", "Néant."), ("None.", "Aucune.")]
    units = [
        Unit.of_texts(str(place), {"en": english, "fr": french}, document="A/1", position=float(place))
        for place, (english, french) in enumerate(texts)
    ]
    write_tmx_units(units, tmp_path / "units.tmx", "en", "fr", profile="omegat")
    bound = [props_of(tu) for tu in root_of(tmp_path / "units.tmx").iter("tu") if "file" in props_of(tu)]
    assert bound == [{"file": "A/1", "prev": "The list.", "next": "None."}]


def test_units_without_two_languages_are_left_out_silently(tmp_path: Path) -> None:
    """A unit with only one of the languages, or an empty text in the other, is not written."""
    units = [
        Unit.of_texts("a0", {"zh": "大会，", "en": "\u3000"}),
        Unit.of_texts("a1", {"zh": "大会，", "en": "\x00"}),
        Unit.of_texts("a2", {"zh": "大会，", "fr": "L’Assemblée"}),
    ]
    assert write_tmx_units(units, tmp_path / "units.tmx", "zh", "en") == Written(0)


def test_no_units(tmp_path: Path) -> None:
    """A file without units is valid."""
    assert write_tmx_units([], tmp_path / "units.tmx") == Written(0)
    assert texts_of(tmp_path / "units.tmx") == []


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters()), st.text(st.characters()), st.sampled_from(sorted(PROFILES)))
def test_any_texts_give_a_valid_file(
    tmp_path_factory: pytest.TempPathFactory, text: str, document: str, profile: str
) -> None:
    """Whatever a unit holds, including lone surrogates, the file for each tool is valid."""
    unit = Unit.of_texts("a1", {"zh": f"{text}甲", "en": f"A{text}"}, document=document, author=document)
    write_tmx_units([unit], tmp_path_factory.mktemp("tmx") / "units.tmx", "zh", "en", profile=profile)


def test_units_are_written_as_they_come(tmp_path: Path) -> None:
    """Units are consumed one by one, so that any number of them needs no more memory than a few."""
    taken, path = [], tmp_path / "units.tmx"

    def units() -> object:
        for place in range(100):
            taken.append(place)
            yield replace(UNITS[0], id=f"{place:016x}", position=float(place))
            if place == 50:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_writer(path)(units(), path, WriteOptions())  # type: ignore[arg-type]
    assert taken == list(range(51))
    assert list(tmp_path.iterdir()) == []
