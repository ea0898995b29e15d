"""Translation memories are valid according to the DTD and follow the rules of CAT tools."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hexapla.errors import OutputError
from hexapla.formats.io.xml_text import clean_text
from hexapla.formats.protocols import WriteOptions
from hexapla.formats.registry import write_alignment
from hexapla.formats.tmx.elements import XML_LANG
from hexapla.formats.tmx.rules import Severity
from hexapla.formats.tmx.validation import validate_tmx
from hexapla.rows import Alignment, Level
from support_alignment import bilingual, make_alignment, make_row, only, resolution

CREATED = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
ODD_TEXTS = [
    "a\x0bb\x00c",
    "  text \u3000",
    "\ufeffwith a byte order mark",
    "\u200fنص\u200f",
    "NBSP\u00a0inside\u00a0",
    "😀 beyond the BMP 𠮷",
    "<b>not & markup</b> ]]> &amp;",
    "two\r\nlines\u2028three",
    "\ud800lone surrogate",
    "\ufffe noncharacter \uffff",
    "字" * 10_000,
]


def write(alignment: Alignment, path: Path, **options: object) -> etree._Element:
    """Write the alignment, check the file with the DTD and the validator (notes aside), and return its root."""
    count = write_alignment(alignment, path, WriteOptions(**options))  # type: ignore[arg-type]
    data = path.read_bytes()
    root = etree.fromstring(gzip.decompress(data) if path.suffix == ".gz" else data)
    with resources.files("hexapla.formats.tmx").joinpath("tmx14.dtd").open("rb") as file:
        dtd = etree.DTD(file)
    assert dtd.validate(root), dtd.error_log
    assert [finding for finding in validate_tmx(path) if finding.severity is not Severity.NOTE] == []
    assert len(root.findall("body/tu")) == count
    return root


def units(root: etree._Element) -> list[dict[str, str]]:
    """Return the texts of each unit by language, in the order of the file."""
    return [
        {str(tuv.get(XML_LANG)): tuv.findtext("seg") or "" for tuv in tu.findall("tuv")}
        for tu in root.findall("body/tu")
    ]


def props(element: etree._Element) -> dict[str, str]:
    return {str(prop.get("type")): prop.text or "" for prop in element.findall("prop")}


def test_head_of_the_file(tmp_path: Path) -> None:
    """The file begins as TMX 1.4 in UTF-8 without a byte order mark."""
    write(resolution(), tmp_path / "out.tmx", created=CREATED)
    start = (tmp_path / "out.tmx").read_text("utf-8").splitlines()[:3]
    assert re.fullmatch(r"<\?xml version=.1\.0. encoding=.utf-8.\?>", start[0])
    assert start[1:] == ['<!DOCTYPE tmx SYSTEM "tmx14.dtd">', '<tmx version="1.4">']


def test_header(tmp_path: Path) -> None:
    """The header names the tool, the first language as source, the date, and the signature of the run."""
    header = write(resolution(), tmp_path / "out.tmx", created=CREATED)[0]
    assert dict(header.items()) == {
        "creationtool": "hexapla",
        "creationtoolversion": "0.1.0",
        "segtype": "paragraph",
        "o-tmf": "hexapla",
        "adminlang": "en",
        "srclang": "zh",
        "datatype": "plaintext",
        "creationdate": "20310504T030201Z",
    }
    assert props(header) == {
        "x-hexapla-signature": "hexapla 0.1.0 | model embedded (0123456789ab) | level=both",
        "x-symbol": "A/99/L.1",
    }


def test_unit(tmp_path: Path) -> None:
    """A unit has its id, date and properties; the source comes first, with its context; it has no other attributes."""
    root = write(only(resolution(), Level.SENTENCE), tmp_path / "out.tmx", created=CREATED)
    tu = root.findall("body/tu")[1]
    assert dict(tu.items()) == {"tuid": "s0001", "creationdate": "20310504T030201Z"}
    assert props(tu) == {
        "x-symbol": "A/99/L.1",
        "x-number": "1",
        "x-kind": "plain",
        "x-probability": "0.8000",
        "x-origin": "aligned",
    }
    first, *others = tu.findall("tuv")
    assert [tuv.get(XML_LANG) for tuv in (first, *others)] == ["zh", "en", "ar"]
    assert props(first) == {"x-context-pre": "大会，", "x-context-post": "这些记录应予公开。"}
    assert not any(props(tuv) for tuv in others)


def test_both_levels_in_one_file(tmp_path: Path) -> None:
    """Paragraphs come first, except those that are also a sentence; sentences are marked as such."""
    root = write(resolution(), tmp_path / "out.tmx")
    kinds = [(tu.get("tuid"), tu.get("segtype")) for tu in root.findall("body/tu")]
    assert kinds == [
        ("p0001", None),
        ("s0000", "sentence"),
        ("s0001", "sentence"),
        ("s0001-unnumbered", "sentence"),
        ("s0002", "sentence"),
        ("s0003", "sentence"),
        ("s0003-unnumbered", "sentence"),
    ]


def test_typed_numbers_do_not_cost_a_match(tmp_path: Path) -> None:
    """A sentence that begins with a typed number in every language is also written without the numbers."""
    root = write(only(resolution(), Level.SENTENCE), tmp_path / "out.tmx")
    texts = {tu.get("tuid"): [seg.text for seg in tu.iter("seg")] for tu in root.findall("body/tu")}
    assert texts["s0001"][0] == "1. 欢迎各会员国交存雨水观测记录。"
    assert texts["s0001-unnumbered"] == [
        "欢迎各会员国交存雨水观测记录。",
        "Welcomes the rainfall records deposited by Member States.",
        "ترحب بسجلات الأمطار التي أودعتها الدول الأعضاء.",
    ]


@pytest.mark.parametrize(
    ("level", "tuids"),
    [
        (Level.SENTENCE, ["s0000", "s0001", "s0001-unnumbered", "s0002", "s0003", "s0003-unnumbered"]),
        (Level.PARAGRAPH, ["p0000", "p0001", "p0002"]),
    ],
)
def test_one_level(tmp_path: Path, level: Level, tuids: list[str]) -> None:
    """With one level the header names it, and all its aligned rows are written."""
    root = write(only(resolution(), level), tmp_path / "out.tmx")
    assert root[0].get("segtype") == level
    assert [tu.get("tuid") for tu in root.findall("body/tu")] == tuids
    assert not root.findall("body/tu[@segtype]")


@pytest.mark.parametrize("pair", [("zh", "en"), ("en", "zh"), ("ar", "en")])
def test_pair(tmp_path: Path, pair: tuple[str, str]) -> None:
    """A bilingual memory has the source first in every unit, and only rows that have both languages."""
    root = write(resolution(), tmp_path / "out.tmx", languages=pair)
    assert root[0].get("srclang") == pair[0]
    assert {tuple(unit) for unit in units(root)} == {pair}
    assert [tu.get("segtype") for tu in root.findall("body/tu")].count(None) == 1


@pytest.mark.parametrize(("pair", "problem"), [(("zh", "fr"), "fr is not among"), (("zh", "zh"), "twice")])
def test_impossible_pair(tmp_path: Path, pair: tuple[str, str], problem: str) -> None:
    """A language pair that the alignment lacks is refused with the languages that it has."""
    with pytest.raises(OutputError, match=f"{problem}.*zh, en, ar"):
        write_alignment(resolution(), tmp_path / "out.tmx", WriteOptions(pair))
    assert not (tmp_path / "out.tmx").exists()


def test_unit_without_the_source_language(tmp_path: Path) -> None:
    """A row that lacks the first language gets its own srclang, and context from that language."""
    rows = [
        make_row({"zh": "甲。", "en": "A.", "fr": "A (fr)."}, 0),
        make_row({"en": "B.", "fr": "B (fr)."}, 1),
        make_row({"zh": "丙。", "en": "C."}, 2),
    ]
    root = write(make_alignment(rows, ("zh", "en", "fr")), tmp_path / "out.tmx")
    assert [tu.get("srclang") for tu in root.findall("body/tu")] == [None, "en", None]
    assert props(root.findall("body/tu")[1][-2]) == {"x-context-pre": "A.", "x-context-post": "C."}
    assert props(root.findall("body/tu")[2].findall("tuv")[0]) == {"x-context-pre": "甲。"}


def test_moved_rows_are_marked(tmp_path: Path) -> None:
    """A row that is at another place in one language has a property that says so; others have none."""
    rows = [
        make_row({"zh": "甲。", "en": "A."}),
        replace(make_row({"zh": "乙。", "en": "B."}, 1), moved=True),
    ]
    root = write(make_alignment(rows, ("zh", "en")), tmp_path / "moved.tmx")
    assert [props(tu).get("x-moved") for tu in root.iter("tu")] == [None, "yes"]


def test_context_follows_the_source_document(tmp_path: Path) -> None:
    """Context is the text before and after in the source, including unaligned text and crossing rows."""
    rows = [
        make_row({"zh": "甲。", "en": "A."}, 0, segments={"zh": [0], "en": [0]}),
        make_row({"zh": "丁。", "en": "D."}, 1, segments={"zh": [3], "en": [1]}),
        make_row({"zh": "乙。", "en": "B."}, 2, segments={"zh": [1], "en": [2]}),
        make_row({"zh": "丙。"}, 3, segments={"zh": [2]}),
    ]
    root = write(make_alignment(rows, ("zh", "en")), tmp_path / "out.tmx")
    contexts = [tuple(props(tuv).values()) for tuv in root.findall("body/tu/tuv[1]")]
    assert contexts == [("乙。",), ("丙。",), ("甲。", "丙。")]


def test_minimum_probability(tmp_path: Path) -> None:
    """Rows below the minimum are left out, rows at the minimum are kept, and texts left out remain context of others."""
    root = write(only(resolution(), Level.SENTENCE), tmp_path / "out.tmx", minimum_probability=0.8)
    assert [tu.get("tuid") for tu in root.findall("body/tu")] == ["s0000", "s0001", "s0001-unnumbered"]
    assert props(root.findall("body/tu/tuv[1]")[1])["x-context-post"] == "这些记录应予公开。"


def test_nothing_to_write(tmp_path: Path) -> None:
    """A memory without units is still a valid file."""
    root = write(resolution(), tmp_path / "out.tmx", minimum_probability=1.0)
    assert units(root) == []
    assert units(write(make_alignment([], ("zh", "en")), tmp_path / "out.tmx")) == []


def test_best_translation_comes_last(tmp_path: Path) -> None:
    """Of the units with the same source text, the most probable comes last; other units keep their places."""
    texts = [("甲。", "Best."), ("乙。", "B."), ("甲。", "Worst."), ("丙。", "C."), ("甲。", "Middle.")]
    rows = [
        replace(make_row({"zh": zh, "en": en}, index), probability=probability)
        for index, ((zh, en), probability) in enumerate(zip(texts, (0.9, 0.5, 0.1, 0.5, 0.4), strict=True))
    ]
    root = write(make_alignment(rows, ("zh", "en")), tmp_path / "out.tmx")
    assert [unit["en"] for unit in units(root)] == ["Worst.", "B.", "Middle.", "C.", "Best."]


def test_repetitions(tmp_path: Path) -> None:
    """The same texts in another context are a further unit; in the same context they are written once."""
    cell = ("无", "None")
    root = write(bilingual(("甲", "A"), cell, cell, cell, cell, ("乙", "B")), tmp_path / "out.tmx")
    assert [unit["zh"] for unit in units(root)] == ["甲", "无", "无", "无", "乙"]


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_texts(tmp_path: Path, text: str) -> None:
    """Characters that XML forbids and white space around a text are removed; everything else stays the same."""
    root = write(bilingual((text, "English"), ("上文", text)), tmp_path / "out.tmx")
    assert units(root) == [
        {"zh": clean_text(text), "en": "English"},
        {"zh": "上文", "en": clean_text(text)},
    ]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x0bb\x00c", "a bc"),
        ("  text \u3000", "text"),
        ("\ufeff with a mark", "with a mark"),
        ("\u200fنص\u200f", "\u200fنص\u200f"),
        ("NBSP\u00a0inside\u00a0", "NBSP\u00a0inside"),
        ("two\r\nlines\u2028three", "two lines three"),
        ("\ud800lone", "lone"),
        ("tab\tstays", "tab\tstays"),
        (" \u200b\u00a0\x00", ""),
    ],
)
def test_cleaning(text: str, clean: str) -> None:
    """Line breaks become spaces; forbidden characters and white space around the text are removed; the rest stays."""
    assert clean_text(text) == clean


@pytest.mark.parametrize("empty", ["", "  ", "\x00", "\u3000\u200b"])
def test_no_empty_segment(tmp_path: Path, empty: str) -> None:
    """A language whose text is only white space is left out, and so is a row with only one other language."""
    rows = [
        make_row({"zh": "甲。", "en": "A.", "fr": empty}, 0),
        make_row({"zh": empty, "en": "B.", "fr": empty}, 1),
        make_row({"zh": empty, "en": "C.", "fr": "C (fr)."}, 2),
    ]
    root = write(make_alignment(rows, ("zh", "en", "fr")), tmp_path / "out.tmx")
    assert [tuple(unit) for unit in units(root)] == [("zh", "en"), ("en", "fr")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(st.characters(), max_size=40), st.text(max_size=40)), max_size=6))
def test_any_texts_give_a_valid_file(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    """Whatever the texts are, the file is valid and contains every pair with text on both sides."""
    root = write(bilingual(*pairs), tmp_path_factory.mktemp("tmx") / "out.tmx")
    cleaned = {(clean_text(zh), clean_text(en)) for zh, en in pairs}
    assert {(unit["zh"], unit["en"]) for unit in units(root)} == {pair for pair in cleaned if all(pair)}


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters()))
def test_any_property_gives_a_valid_file(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    """Symbols and numbers with odd characters do not break the file; empty ones are left out."""
    row = replace(make_row({"zh": "甲。", "en": "A."}), symbol=value, number=value)
    path = tmp_path_factory.mktemp("tmx") / "out.tmx"
    found = props(write(make_alignment([row], ("zh", "en")), path).findall("body/tu")[0])
    assert found.get("x-symbol", "") == found.get("x-number", "") == clean_text(value)


@pytest.mark.parametrize("languages", [("zh-Hans", "pt-BR"), ("zh-CN", "en"), ("es-419", "sr-Latn")])
def test_language_tags_stay_as_given(tmp_path: Path, languages: tuple[str, str]) -> None:
    """Language tags are written as they were given."""
    alignment = make_alignment([make_row({languages[0]: "A.", languages[1]: "B."})], languages)
    assert [tuple(unit) for unit in units(write(alignment, tmp_path / "out.tmx"))] == [languages]


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=8))])
def test_date_is_written_in_utc(tmp_path: Path, zone: timezone) -> None:
    """A date of any time zone is converted to UTC."""
    root = write(resolution(), tmp_path / "out.tmx", created=CREATED.astimezone(zone))
    assert root[0].get("creationdate") == "20310504T030201Z"


def test_early_years_have_four_digits(tmp_path: Path) -> None:
    """The year 1, which some tools write for an unknown date, is a valid TMX date."""
    root = write(resolution(), tmp_path / "out.tmx", created=datetime(1, 1, 1, tzinfo=UTC))
    assert root[0].get("creationdate") == "00010101T000000Z"


def test_date_is_now_by_default(tmp_path: Path) -> None:
    """Without a date, units have the current date."""
    before = datetime.now(UTC).replace(microsecond=0)
    date = str(write(resolution(), tmp_path / "out.tmx")[0].get("creationdate"))
    found = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert before <= found <= datetime.now(UTC)


def test_compressed_file_is_the_same(tmp_path: Path) -> None:
    """A .tmx.gz file contains the bytes of the .tmx file."""
    write(resolution(), tmp_path / "out.tmx", created=CREATED)
    write(resolution(), tmp_path / "out.tmx.gz", created=CREATED)
    assert gzip.decompress((tmp_path / "out.tmx.gz").read_bytes()) == (tmp_path / "out.tmx").read_bytes()
