"""TMX files of every version, encoding and tool, whole and broken, are read as units."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hexapla.errors import InputError
from hexapla.formats.protocols import UnitProblem
from hexapla.formats.registry import unit_reader
from hexapla.formats.tmx.dates import date_of, edit_history_of
from hexapla.formats.tmx.reader import read_units
from hexapla.units import Status, Unit

HEADER = (
    '<header creationtool="Quill" creationtoolversion="3" segtype="sentence" o-tmf="q" adminlang="en" '
    'srclang="en" datatype="html"/>'
)
EN, FR = "The harbour is open.", "Le port est ouvert."


def tuv(language: str, text: str, inside: str = "", attributes: str = "") -> str:
    return f'<tuv xml:lang="{language}"{attributes}>{inside}<seg>{text}</seg></tuv>'


def tu(*tuvs: str, inside: str = "", attributes: str = "") -> str:
    return f"<tu{attributes}>{inside}{''.join(tuvs) or tuv('en', EN) + tuv('fr', FR)}</tu>"


def tmx(*tus: str, header: str = HEADER, start: str = '<?xml version="1.0"?>') -> str:
    body = "\n".join(tus)
    return f'{start}<tmx version="1.4">\n{header}\n<body>\n{body}\n</body></tmx>'


def read(path: Path, content: str | bytes) -> tuple[list[Unit], list[str]]:
    """Return the units of a content, and the problems of those that cannot be read."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    problems: list[UnitProblem] = []
    units = list(read_units(path, problems.append))
    return units, [str(problem).removeprefix(f"{path}, ") for problem in problems]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a file to write."""
    return tmp_path / "harbour.tmx"


def one(path: Path, content: str | bytes) -> Unit:
    """Return the only unit of a good file."""
    (unit,), problems = read(path, content)
    assert problems == []
    return unit


def test_own_units_with_an_empty_tuid_get_identifiers(path: Path) -> None:
    """An empty tuid is not an identifier: each unit gets its own identifier."""
    tus = [
        tu(tuv("en", f"Pier {number}."), tuv("fr", f"Quai {number}."), attributes=' tuid=""')
        for number in (1, 2)
    ]
    units, problems = read(path, tmx(*tus, header=HEADER.replace("Quill", "hexapla")))
    assert problems == []
    assert len({unit.id for unit in units} - {""}) == 2


def test_a_unit_of_another_tool(path: Path) -> None:
    """A unit has texts, position, level and tool, and the dates and author stated in the file."""
    attributes = ' tuid="7" creationdate="20260102T030405Z" creationid="ana" changedate="20260203T040506Z" changeid="ben"'
    unit = one(path, tmx(tu(attributes=attributes)))
    assert unit.texts == {"en": EN, "fr": FR}
    assert (unit.document, unit.position, unit.level, unit.aligner) == ("harbour", 0.0, "sentence", "Quill 3")
    assert (unit.created, unit.changed) == (
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
    )
    assert (unit.author, unit.status, unit.probability) == ("ben", Status.ALIGNED, 1.0)
    assert unit.properties["tmx"]["attributes"]["tuid"] == "7"
    assert unit.properties["tmx"]["header"]["datatype"] == "html"


@pytest.mark.parametrize(
    ("encoding", "mark", "declared"),
    [
        ("utf-8", "", ""),
        ("utf-8", "", ' encoding="UTF-8"'),
        ("utf-8", "\ufeff", ' encoding="UTF-8"'),
        ("utf-8", "\ufeff", ""),
        ("utf-16-le", "\ufeff", ' encoding="UTF-16"'),
        ("utf-16-be", "\ufeff", ""),
        ("utf-16-le", "", ""),
        ("utf-16-be", "", ' encoding="UTF-16"'),
        ("ascii", "", ' encoding="us-ascii"'),
        ("windows-1252", "", ' encoding="windows-1252"'),
    ],
)
@pytest.mark.parametrize("broken", [False, True])
def test_encodings(path: Path, encoding: str, mark: str, declared: str, broken: bool) -> None:
    """All encodings of TMX tools are read, with or without a byte order mark, even in files with a broken unit."""
    text = "Le café ferme." if encoding != "ascii" else "Le caf&#233; ferme."
    bad = [tu(tuv("en", "a & b"), tuv("fr", "c"))] if broken else []
    content = mark + tmx(*bad, tu(tuv("en", EN), tuv("fr", text)), start=f'<?xml version="1.0"{declared}?>')
    units, problems = read(path, content.encode(encoding))
    assert [unit.texts["fr"] for unit in units] == ["Le café ferme."]
    assert len(problems) == broken


def test_version_1_1(path: Path) -> None:
    """The attribute lang of TMX 1.1 is read as xml:lang; if both are there, xml:lang counts."""
    older = tu('<tuv lang="EN"><seg>a</seg></tuv>', '<tuv lang="xx" xml:lang="fr"><seg>b</seg></tuv>')
    assert one(path, tmx(older)).texts == {"en": "a", "fr": "b"}


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("zh_CN", "zh-CN"),
        ("ZH-CN", "zh-CN"),
        ("eng", "en"),
        ("EN_us", "en-US"),
        ("sr-latn", "sr-Latn"),
        ("no", "no"),
    ],
)
def test_spellings_of_languages(path: Path, code: str, tag: str) -> None:
    """Codes in any spelling become tags, and the original spelling is kept."""
    unit = one(path, tmx(tu(tuv("fr", FR), tuv(code, EN))))
    assert unit.texts == {"fr": FR, tag: EN}
    assert unit.properties.get("tuv", {}).get(tag, {}).get("lang", tag) == code


@pytest.mark.parametrize("code", ["English", "*all*", "", "en.UTF-8"])
def test_invalid_language_codes(path: Path, code: str) -> None:
    """A code that is not that of a language makes its unit unreadable, and the message says so."""
    units, (problem,) = read(path, tmx(tu(tuv(code, EN), tuv("fr", FR)), tu()))
    assert len(units) == 1
    assert problem == f"line 4, unit 1: {code!r} is not a language code: use one such as zh, en or pt-BR"


def test_the_source_comes_first(path: Path) -> None:
    """The first variant is in the source language of the unit, or else of the header, whatever its region."""
    backwards = (tuv("fr", FR), tuv("de", "x"), tuv("en-US", EN))
    first, second, third = read(
        path,
        tmx(
            tu(*backwards),
            tu(*backwards, attributes=' srclang="DE"'),
            tu(*backwards, attributes=' srclang="*all*"'),
        ),
    )[0]
    assert first.languages == ("en-US", "fr", "de")
    assert second.languages == ("de", "fr", "en-US")
    assert third.languages == ("fr", "de", "en-US")


def test_several_texts_in_one_language(path: Path) -> None:
    """Each further translation makes a unit with the source, and each further source one with the translations."""
    units, _ = read(
        path,
        tmx(
            tu(
                tuv("en", "a"),
                tuv("fr", "b"),
                tuv("fr", "c"),
                tuv("es", "d"),
                inside='<prop type="k">v</prop>',
            ),
            tu(tuv("en", "e"), tuv("en", "f"), tuv("fr", "g")),
        ),
    )
    assert [unit.texts for unit in units] == [
        {"en": "a", "fr": "b", "es": "d"},
        {"en": "a", "fr": "c"},
        {"en": "e", "fr": "g"},
        {"en": "f", "fr": "g"},
    ]
    assert len({unit.id for unit in units}) == 4
    assert units[0].properties["tmx"] == units[1].properties["tmx"]


def test_empty_texts(path: Path) -> None:
    """A variant without text is left out, even if the unit then has only one language."""
    units, problems = read(
        path, tmx(tu(tuv("en", EN), tuv("fr", " \n")), tu(tuv("en", ""), tuv("fr", "<ph/>")))
    )
    assert [unit.texts for unit in units] == [{"en": EN}, {"fr": "<x1/>"}]
    assert problems == []


def test_white_space_stays(path: Path) -> None:
    """Line breaks and spaces of a segment stay as they are in the file."""
    assert one(path, tmx(tu(tuv("en", " a\n\tb&#13; "), tuv("fr", FR)))).texts["en"] == " a\n\tb\r "


def test_comments_and_sections(path: Path) -> None:
    """Comments and processing instructions are not text, but CDATA is."""
    segment = "The <!-- old --><?x y?>harbour <![CDATA[<is>]]> open."
    assert (
        one(path, tmx("<!-- one -->", tu(tuv("en", segment), tuv("fr", FR)))).texts["en"]
        == "The harbour <is> open."
    )


def test_inline_elements(path: Path) -> None:
    """Tags become marks with the same number in all languages, and their XML is kept."""
    unit = one(
        path,
        tmx(
            tu(
                tuv("en", 'The <bpt i="1">&lt;b></bpt>old<ept i="1">&lt;/b></ept> port'),
                tuv("fr", 'Le <bpt i="1">&lt;b></bpt>vieux<ept i="1">&lt;/b></ept> port'),
            )
        ),
    )
    assert unit.texts == {"en": "The <b1>old</b1> port", "fr": "Le <b1>vieux</b1> port"}
    assert unit.properties["tuv"]["fr"]["marks"]["</b1>"] == '<ept i="1">&lt;/b&gt;</ept>'


def test_foreign_properties_are_kept(path: Path) -> None:
    """Attributes, notes and props of tu and tuv are kept in their order, even those that have the same names as ours."""
    inside = (
        '<note>first</note><prop type="x-status">checked</prop><prop type="client" xml:lang="en">port</prop>'
    )
    variant = tuv(
        "fr", FR, '<prop type="x-segments">twelve</prop>', ' usagecount="4" changedate="20260101T000000Z"'
    )
    unit = one(
        path, tmx(tu(tuv("en", EN), variant, inside=inside, attributes=' lastusagedate="20251231T000000Z"'))
    )
    assert unit.properties["tmx"]["elements"] == [
        ["note", "first", {}],
        ["prop", "checked", {"type": "x-status"}],
        ["prop", "port", {"type": "client", "{http://www.w3.org/XML/1998/namespace}lang": "en"}],
    ]
    assert unit.properties["tmx"]["attributes"] == {"lastusagedate": "20251231T000000Z"}
    assert unit.properties["tuv"]["fr"]["attributes"] == {"usagecount": "4", "changedate": "20260101T000000Z"}
    assert unit.changed == datetime(2026, 1, 1, tzinfo=UTC)
    assert (unit.status, unit.variants[1].segments) == (Status.ALIGNED, ())


def test_document_of_other_tools(path: Path) -> None:
    """The document name given by other tools becomes the document of the unit."""
    assert one(path, tmx(tu(inside='<prop type="x-document">tides.docx</prop>'))).document == "tides.docx"


@pytest.mark.parametrize(
    ("segtype", "level"), [("block", "paragraph"), ("paragraph", "paragraph"), ("phrase", "sentence")]
)
def test_levels(path: Path, segtype: str, level: str) -> None:
    """Blocks and paragraphs are paragraphs, and everything else is a sentence."""
    assert one(path, tmx(tu(attributes=f' segtype="{segtype}"'))).level == level


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("20260102T030405Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.678+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("20260102T030405", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("20260102T030405UTC", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("20260102", datetime(2026, 1, 2, tzinfo=UTC)),
        ("20261302T000000Z", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(text: str, date: datetime | None) -> None:
    """Dates in the forms that tools write are converted to UTC; anything else is not a date."""
    assert date_of(text) == date


def test_who_changed_it_last() -> None:
    """The author is that of the last change of a unit or its variants; a change also counts as creation date."""
    early = {"creationdate": "20260101T000000Z", "creationid": "ana"}
    late = {"changedate": "20260301T000000Z", "changeid": "ben"}
    history = edit_history_of({"tmx": {"attributes": early}, "tuv": {"fr": {"attributes": late}}})
    assert (history.author, history.created, history.changed) == (
        "ben",
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert edit_history_of({"tmx": {"attributes": late}}).created == history.changed
    assert edit_history_of({"tmx": {"attributes": {"creationid": "ana"}}}).author == "ana"
    assert edit_history_of({}).changed is None


def ids(path: Path, *tus: str) -> list[str]:
    return [unit.id for unit in read(path, tmx(*tus))[0]]


def test_identifiers_are_those_of_the_source(path: Path) -> None:
    """The same source in the same context is the same unit, whatever its translation; all others differ."""
    context = '<prop type="x-context-pre">Before.</prop>'
    other = tuv("fr", "Le havre est ouvert.")
    changed = ids(path, tu(tuv("en", EN), other))
    assert changed == ids(path, tu()) == ids(path, tu(attributes=' changedate="20260101T000000Z"'))
    others = ids(
        path,
        tu(),
        tu(inside=context),
        tu(tuv("en", EN, context), other),
        tu(attributes=' tuid="3"'),
        tu(tuv("en", "The harbour is shut."), other),
        tu(tuv("en-GB", EN), other),
    )
    assert len(set(others)) == len(others)
    assert ids(path, tu(tuv("en", EN, context), other)) == [others[1]]


def test_the_same_source_twice(path: Path) -> None:
    """Units with the same source and no context are distinguished by their order."""
    twice = ids(path, tu(), tu(tuv("en", EN), tuv("fr", "Le havre est ouvert.")))
    assert len(set(twice)) == 2
    assert twice == ids(path, tu(), tu())


def test_identifiers_of_tools(path: Path) -> None:
    """A globally unique tuid alone determines the identifier; one of ours is the identifier."""
    named = ' tuid="4C2E7E60-6D0B-4B5B-9D37-0F2B6F6E1A11"'
    assert ids(path, tu(attributes=named)) == ids(
        path, tu(tuv("en", "Another."), tuv("fr", "Autre."), attributes=named)
    )
    assert ids(path, tu(attributes=' tuid="0123456789abcdef"')) == ["0123456789abcdef"]


@pytest.mark.parametrize(
    ("bad", "line", "reason"),
    [
        (tu(tuv("en", "a & b"), tuv("fr", "c")), 5, "not well-formed XML"),
        (tu(tuv("en", "a\x0bb"), tuv("fr", "c")), 5, "not well-formed XML (PCDATA invalid Char value 11"),
        (tu(tuv("en", "a &nbsp; b"), tuv("fr", "c")), 5, "Entity 'nbsp' not defined"),
        ("<tu>\n<tuv xml:lang='en'><seg>a</tuv></tu>", 6, "Opening and ending tag mismatch"),
        ("<tu>\n<tuv xml:lang='en'><seg>a</seg></tuv>", 6, "not well-formed XML"),
        (tu("<tuv><seg>a</seg></tuv>"), 5, "a tuv has no xml:lang"),
        (tu('<tuv xml:lang="fr"/>'), 5, "its tuv in fr has no seg but needs exactly one"),
        (
            tu('<tuv xml:lang="fr"><seg>a</seg><seg>b</seg></tuv>'),
            5,
            "its tuv in fr has 2 seg but needs exactly one",
        ),
        (
            tu(tuv("en", "a <g>b</g>"), tuv("fr", "c")),
            5,
            "the element g is not allowed at this place in a TMX segment",
        ),
        (tu(inside="<tmx/>"), 5, "its tu contains tmx, which is not allowed there"),
    ],
)
def test_broken_units(path: Path, bad: str, line: int, reason: str) -> None:
    """A broken unit is reported with line, number, tuid and reason, and all others are read."""
    bad = bad.replace("<tu>", '<tu tuid="b&quot;1">', 1)
    units, (problem,) = read(path, tmx(tu(attributes=' tuid="a"'), bad, *[tu()] * 3))
    assert len(units) == 4
    assert re.match(rf'line {line}, unit 2 \(b(&quot;|")1\): ', problem)
    assert reason in problem


def test_bytes_that_are_not_characters(path: Path) -> None:
    """A unit with a byte that is invalid in its encoding is reported, and the others are read."""
    content = tmx(tu(), tu(tuv("en", "caf\xe9"), tuv("fr", "café")), tu()).encode("latin-1")
    units, (problem,) = read(path, content)
    assert len(units) == 2
    assert problem == "line 5, unit 2: it has bytes that are not utf-8"


def test_a_file_that_is_cut_off(path: Path) -> None:
    """If a file ends in the middle of a unit, all whole units are read, and that one is reported."""
    content = tmx(*[tu()] * 5)
    units, (problem,) = read(path, content[: content.rindex("<seg>")])
    assert len(units) == 4
    assert problem.startswith("line 8, unit 5: not well-formed XML")
    units, (problem,) = read(path, content.removesuffix("</body></tmx>"))
    assert len(units) == 5
    assert "not well-formed XML outside the units" in problem


def test_comments_in_broken_files(path: Path) -> None:
    """Text in comments and CDATA sections that looks like a unit is not one, even in a file that is not well-formed."""
    hidden = "<!-- " + tu() + " -->"
    broken = tu(tuv("en", "a & b"), tuv("fr", "c"))
    section = tu(tuv("en", "<![CDATA[</tu>]]>"), tuv("fr", "d<!-- </tu> -->"))
    units, problems = read(path, tmx(hidden, tu(), broken, hidden, section))
    assert [unit.texts["fr"] for unit in units] == [FR, "d"]
    assert [problem.split(":")[0] for problem in problems] == ["line 6, unit 2"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_broken_files_in_small_parts(path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Units are cut correctly wherever the parts of the text end."""
    monkeypatch.setattr("hexapla.formats.tmx.repair._CHUNK_CHARACTERS", size)
    broken = tu(tuv("en", "a & b"), tuv("fr", "c"))
    units, problems = read(path, tmx("<!-- <tu> -->", *[tu(), broken] * 3))
    assert (len(units), len(problems)) == (3, 3)
    assert [problem.split(",")[0] for problem in problems] == ["line 6", "line 8", "line 10"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<xliff/>", "the root element is xliff, not tmx"),
        ('<tmx version="1.4"><body/></tmx>', "the file has no header"),
        (
            f'<tmx version="1.4"><body>{tu()}</body>{HEADER}</tmx>',
            "line 1: there is a unit before the header",
        ),
        ('<tmx version="1.4"><header a=1/></tmx>', "line 1: not well-formed XML"),
        ("Dear colleague,", "line 1: not well-formed XML"),
    ],
)
def test_files_that_are_not_tmx(path: Path, content: str, reason: str) -> None:
    """A file that is not TMX, or has no header, is refused as a whole."""
    with pytest.raises(InputError, match=f"{re.escape(str(path))}.*{re.escape(reason)}"):
        read(path, content)


def test_files_without_units(path: Path) -> None:
    """A file without units can be read."""
    assert read(path, tmx()) == ([], [])


def test_names_of_files(tmp_path: Path) -> None:
    """The document of a unit is the name of the file without its suffixes."""
    path = tmp_path / "tides.v2.TMX.GZ"
    path.write_bytes(gzip.compress(tmx(tu()).encode()))
    (unit,) = unit_reader(path)(path, lambda problem: None)
    assert unit.document == "tides.v2"


def test_reading_ends_where_skipping_is_refused(path: Path) -> None:
    """An exception that the caller raises for a bad unit ends the reading."""
    path.write_text(tmx(tu(), tu(tuv("English", EN)), tu()), encoding="utf-8")

    def refuse(problem: UnitProblem) -> None:
        raise InputError(str(problem))

    units = read_units(path, refuse)
    assert next(units).texts == {"en": EN, "fr": FR}
    with pytest.raises(InputError, match="line 5, unit 2"):
        next(units)
