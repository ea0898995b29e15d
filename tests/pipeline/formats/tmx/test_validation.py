"""The validator finds what breaks a TMX file in CAT tools, and accepts what does not."""

from __future__ import annotations

import gzip
import io
import json
import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from hexapla.errors import InvalidTMX
from hexapla.formats.registry import write_alignment
from hexapla.formats.tmx.rules import Finding
from hexapla.formats.tmx.validation import findings_of, validate_tmx
from support_alignment import resolution
from support_cli import hexapla

HEADER = (
    '<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" '
    'srclang="zh" datatype="plaintext"/>'
)
UNIT = '<tu><tuv xml:lang="zh"><seg>大会，</seg></tuv><tuv xml:lang="en"><seg>The Assembly,</seg></tuv></tu>'
OTHER = '<tu><tuv xml:lang="zh"><seg>回顾</seg></tuv><tuv xml:lang="en"><seg>Recalling</seg></tuv></tu>'
START = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'


def tmx(*units: str, header: str = HEADER, version: str = "1.4") -> str:
    """Return a TMX file with each unit on its own line, starting at line 4."""
    return START + f'<tmx version="{version}">{header}<body>\n' + "\n".join(units) + "\n</body></tmx>\n"


def findings(folder: Path, content: str | bytes) -> list[Finding]:
    path = folder / "memory.tmx"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return validate_tmx(path)


def zipped(content: str) -> bytes:
    """Return a zip archive that contains a TMX file and a text."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("READ ME.txt", "not this one")
        file.writestr("memory.tmx", content)
    return archive.getvalue()


def lines(found: list[Finding]) -> list[str]:
    return [str(finding) for finding in found]


@pytest.mark.parametrize(
    "content",
    [
        tmx(UNIT, OTHER).encode(),
        tmx(UNIT, OTHER).encode("utf-8-sig"),
        tmx(UNIT, OTHER).replace("UTF-8", "UTF-16").encode("utf-16"),
        gzip.compress(tmx(UNIT, OTHER).encode()),
        tmx(UNIT, OTHER).replace('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', "").encode(),
        tmx().encode(),
        tmx("<!-- a comment -->", UNIT.replace("<tu>", '<tu srclang="en" segtype="paragraph">')).encode(),
        tmx(
            UNIT.replace("大会", '<bpt i="1">{b}</bpt>大<ept i="1"/>会<ph x="1"/>').replace(
                "The", '<ph x="1"/>The'
            )
        ).encode(),
        tmx(UNIT.replace("zh", "ZH"), OTHER.replace("<tu>", '<tu changedate="20310504T030201Z">')).encode(),
        tmx(UNIT, UNIT.replace("<tu>", '<tu><prop type="x-context-pre">前</prop>')).encode(),
        tmx(UNIT, UNIT.replace("<tu>", '<tu segtype="paragraph">')).encode(),
        zipped(tmx(UNIT, OTHER)),
    ],
    ids=[
        *("plain", "bom", "utf-16", "gzip", "no doctype", "no units", "comment", "inline", "case", "context"),
        *("paragraph", "zip"),
    ],
)
def test_good_files(tmp_path: Path, content: bytes) -> None:
    """Files that the standard allows and tools read give no findings."""
    assert lines(findings(tmp_path, content)) == []


@pytest.mark.parametrize(
    ("unit", "finding"),
    [
        (UNIT.replace('"zh"', '"zh_CN"'), "error: language code zh_CN has an underscore"),
        (UNIT.replace('"zh"', '"chinese"'), 'error: language code "chinese" is not a BCP 47 tag'),
        (UNIT.replace('"en"', '"eng"'), "warning: language code eng: OmegaT skips its texts; write en"),
        (UNIT.replace('"zh"', '"fr"'), "error: no variant in the source language zh, only in fr, en"),
        (UNIT.replace('"zh"', '"zh-CN"'), "warning: srclang zh appears as zh-cn"),
        (UNIT.replace("<tu>", '<tu srclang="ru">'), "error: no variant in the source language ru"),
        (UNIT.replace("xml:lang", "lang"), 'error: tuv has lang="zh"; since TMX 1.3'),
        (UNIT.replace(' xml:lang="en"', ""), "error: breaks the TMX 1.4 DTD: Element tuv does not carry"),
        (UNIT.replace('"en"', '"zh"'), "warning: 2 variants in zh"),
        (UNIT.replace("大会，", ""), "error: empty segment"),
        (UNIT.replace("大会，", " \n "), "error: empty segment"),
        (UNIT.replace("大会，", "\n大会，\n"), "warning: white space around the text"),
        (UNIT.replace("大会，", "大会，\u00a0"), "warning: white space around the text"),
        (UNIT.split("<tuv xml:lang")[0] + "</tu>", "error: breaks the TMX 1.4 DTD: Element tu content"),
        (UNIT.replace('<tuv xml:lang="en"><seg>The Assembly,</seg></tuv>', ""), "warning: only one"),
        (
            UNIT.replace("<tu>", '<tu score="1">'),
            "error: breaks the TMX 1.4 DTD: No declaration for attribute",
        ),
        (UNIT.replace("</tu>", '<prop type="x"/></tu>'), "error: breaks the TMX 1.4 DTD: Element tu content"),
        (UNIT.replace("大会", '<g id="1">大会</g>'), "error: breaks the TMX 1.4 DTD: Element g"),
        (UNIT.replace("大会", '<bpt i="1"/>大会'), 'error: 1 bpt and 0 ept have i="1"'),
        (
            UNIT.replace("大会", '<ph x="1"/><ph x="2"/>大会').replace("The", '<ph x="2"/>The'),
            "warning: the tags x=1 of another language are not in en",
        ),
        (UNIT.replace("大会", "会" * 2001), "note: 2,002 characters; Trados accepts at most 2,000"),
        (UNIT.replace("大会", "会" * 8001), "note: 8,002 characters; Wordfast accepts at most 8,000"),
        (
            OTHER.replace("Recalling", "Recalling also"),
            "note: the same source text as in line 4, with another",
        ),
        (UNIT.replace("<tu>", '<tu><prop type="file">a</prop>'), 'warning: prop type "file": OmegaT'),
        (UNIT.replace("<tu>", '<tu creationdate="2031-05-04">'), "warning: creationdate"),
        (UNIT.replace("<tu>", '<tu changedate="20311304T030201Z">'), "warning: changedate"),
        (
            UNIT.replace("<seg>大", "<seg>x</seg><seg>大"),
            "error: breaks the TMX 1.4 DTD: Element tuv content",
        ),
        (UNIT + "text between", "error: breaks the TMX 1.4 DTD: Element body content"),
    ],
)
def test_bad_units(tmp_path: Path, unit: str, finding: str) -> None:
    """Each fault of a unit is reported with its line and number, and no other unit is blamed."""
    found = lines(findings(tmp_path, between_good_units(unit)))
    assert any(
        line.startswith(("line 5, unit 2: " + finding, "line 6, unit 2: " + finding)) for line in found
    )
    assert not any("unit 1" in line or "unit 3" in line for line in found)


def between_good_units(unit: str) -> str:
    """Return a TMX file with a good unit in line 4, the unit in line 5 and another good one after it."""
    good = '<tu><tuv xml:lang="zh"><seg>铭记</seg></tuv><tuv xml:lang="en"><seg>Mindful</seg></tuv></tu>'
    return tmx(OTHER, unit, good)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (tmx(UNIT, version="1.4b"), 'line 3: error: version "1.4b"'),
        (tmx(UNIT, version="2.0"), 'line 3: error: version "2.0"'),
        (tmx(UNIT).replace(' version="1.4"', ""), "line 3: error: no version"),
        (tmx(UNIT.replace("xml:lang", "lang"), version="1.1"), 'line 3: error: version "1.1"'),
        (
            tmx(UNIT, header=HEADER.replace("zh", "*all*")),
            "line 3: warning: srclang is *all*; Weblate refuses",
        ),
        (
            tmx(UNIT.replace("zh", "zh_CN"), header=HEADER.replace("zh", "zh_CN")),
            "line 3: error: srclang: language code zh_CN",
        ),
        (tmx(UNIT, header=HEADER.replace(' srclang="zh"', "")), "line 3: error: breaks the TMX 1.4 DTD"),
        (tmx(UNIT, header=""), "line 3: error: breaks the TMX 1.4 DTD: Element tmx content"),
        (tmx(UNIT, header=HEADER.replace("sentence", "line")), "line 3: error: breaks the TMX 1.4 DTD"),
        (
            tmx(UNIT, header=HEADER.replace("/>", ' creationdate="yesterday"/>')),
            "line 3: warning: creationdate",
        ),
    ],
)
def test_bad_headers(tmp_path: Path, content: str, finding: str) -> None:
    """A fault in the header or around the units is reported, and only there."""
    found = lines(findings(tmp_path, content))
    assert found[0].startswith(finding)
    assert not any("unit" in line.split(": ")[0] and "zh_CN" not in line for line in found)


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("大\x0b会", "Char value 11"),
        ("大&#x0B;会", "Char value 11"),
        ("大 & 会", "no name"),
        ("大<b会", ""),
        ("大&nbsp;会", "nbsp"),
        (b"\xe5\xff\xfe", ""),
    ],
)
def test_broken_xml(tmp_path: Path, fault: str | bytes, word: str) -> None:
    """A character or tag that XML forbids is reported with its line, and so are faults after it."""
    raw = fault if isinstance(fault, bytes) else fault.encode()
    bad = tmx(
        OTHER, UNIT, OTHER.replace("zh", "zh_CN").replace("回顾", "又"), OTHER.replace("回顾", "x\x0by")
    )
    found = lines(findings(tmp_path, bad.encode().replace("大会".encode(), raw)))
    assert any(line.startswith("line 5: error: not well-formed XML") and word in line for line in found)
    assert any("zh_CN" in line for line in found)
    assert any(line.startswith("line 7: error: not well-formed XML") for line in found)


@pytest.mark.parametrize("tag", ["</tuv>", "<seg>", "</body>"])
def test_tags_that_do_not_match(tmp_path: Path, tag: str) -> None:
    """A tag without its counterpart is reported."""
    found = lines(findings(tmp_path, tmx(OTHER, UNIT.replace("大会", tag))))
    assert any(line.startswith("line 5: error: not well-formed XML") for line in found)


@pytest.mark.parametrize("kept", [0.5, 0.8, 0.99])
def test_truncated_file(tmp_path: Path, kept: float) -> None:
    """A file that was cut off has an error where it ends."""
    content = tmx(UNIT, OTHER)
    found = lines(findings(tmp_path, content[: int(len(content) * kept)]))
    assert any("error: not well-formed XML" in line for line in found)


def test_reading_ends_after_many_faults(tmp_path: Path) -> None:
    """A file full of faults does not give an endless report."""
    found = findings(tmp_path, tmx(*[OTHER.replace("回顾", "a & b")] * 5000))
    assert sum("not well-formed" in str(finding) for finding in found) == 100
    assert any("reading stopped here" in str(finding) for finding in found)


@pytest.mark.parametrize("text", ["x" * 11_000_000, "<hi>" * 300 + "</hi>" * 300])
def test_file_beyond_the_limits_of_xml_parsers(tmp_path: Path, text: str) -> None:
    """A segment too long or nested too deep is an error and not a memory problem."""
    found = lines(findings(tmp_path, tmx(UNIT.replace("大会，", text))))
    assert any(line.startswith("line 4: error: not well-formed XML") for line in found)


def test_duplicates(tmp_path: Path) -> None:
    """Units with equal texts or equal tuids are reported with the line of the first."""
    named = OTHER.replace("<tu>", '<tu tuid="a">'), UNIT.replace("<tu>", '<tu tuid="a">')
    found = lines(findings(tmp_path, tmx(UNIT, *named)))
    assert [line.split(";")[0].split(", in the")[0] for line in found] == [
        "line 6, unit 3 (a): warning: tuid a was used in line 5",
        "line 6, unit 3 (a): warning: the same texts as the unit in line 4",
    ]


def test_line_numbers_in_long_files(tmp_path: Path) -> None:
    """Lines beyond 65,535 are counted correctly."""
    empty = "<tu><note>no variants</note></tu>"
    found = lines(findings(tmp_path, tmx("\n" * 70_000 + OTHER.replace("en", "en_US"), empty)))
    assert found[0].startswith("line 70004, unit 1: error: language code en_US")
    assert found[1].startswith("line 70005, unit 2: error: breaks the TMX 1.4 DTD: Element tu content")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"plain text", "not an XML file"),
        (b"PK\x03\x04zip", "compressed data is damaged"),
        (b"\x1f\x8bnot gzip at all", "compressed data is damaged"),
        (gzip.compress(tmx(UNIT).encode())[:-12], "compressed data is damaged"),
        (b'<xliff version="1.2"/>', "root element is xliff, not tmx"),
        (b'<tmx xmlns="http://www.lisa.org/tmx14" version="1.4"/>', "not tmx"),
    ],
)
def test_files_of_another_kind(tmp_path: Path, content: bytes, message: str) -> None:
    """A file that is not TMX is refused, with its name and the reason."""
    with pytest.raises(InvalidTMX, match=message) as caught:
        findings(tmp_path, content)
    assert str(tmp_path / "memory.tmx") in str(caught.value)


@pytest.mark.parametrize("name", ["missing.tmx", "."])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are refused."""
    with pytest.raises(InvalidTMX, match="cannot be read"):
        validate_tmx(tmp_path / name)


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "text">',
        '<!ENTITY a SYSTEM "secret.txt">',
        "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("xabcdefgh", "abcdefghi", strict=True)),
        '<!ENTITY % a SYSTEM "http://127.0.0.1:1/x.dtd"> %a;',
    ],
    ids=["text", "file", "billion laughs", "network"],
)
def test_entities_are_refused(tmp_path: Path, subset: str) -> None:
    """Entities are neither expanded nor loaded: the file is refused, and no content of another file is shown."""
    (tmp_path / "secret.txt").write_text("the secret")
    content = tmx(UNIT.replace("大会", "&a;")).replace('"tmx14.dtd"', f'"tmx14.dtd" [{subset}]')
    with pytest.raises(InvalidTMX, match="entities") as caught:
        findings(tmp_path, content)
    assert "the secret" not in str(caught.value)


def test_damaged_bytes_never_crash_the_validator(tmp_path: Path) -> None:
    """Whichever bytes are damaged, the result is a list of findings or InvalidTMX."""
    write_alignment(resolution(), tmp_path / "good.tmx")
    good = (tmp_path / "good.tmx").read_bytes()
    last = good.count(b"\n") + 1
    generator = random.Random(7)
    for _ in range(300):
        damaged = bytearray(good)
        for _ in range(generator.randint(1, 4)):
            damaged[generator.randrange(len(damaged))] = generator.choice(b"<>&\"'/\x00\x0b\xff\xc3 a;")
        try:
            found = findings(tmp_path, bytes(damaged))
        except InvalidTMX:
            continue
        assert all(0 <= finding.line <= last and finding.message for finding in found)


def test_findings_as_json(tmp_path: Path) -> None:
    """With --json the command prints one object: counts, and line, unit, severity and message of each finding."""
    (tmp_path / "memory.tmx").write_text(tmx(UNIT, OTHER.replace('"zh"', '"zh_CN"')), "utf-8")
    result = hexapla("validate", tmp_path / "memory.tmx", "--json")
    printed = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (printed["file"], printed["errors"], printed["warnings"], printed["notes"]) == (
        str(tmp_path / "memory.tmx"),
        2,
        0,
        0,
    )
    assert {finding["line"] for finding in printed["findings"]} == {5}
    assert printed["findings"][0].keys() == {"line", "unit", "severity", "message"}


def test_notes_are_not_errors(tmp_path: Path) -> None:
    """A file with only notes is valid, and the notes are counted."""
    (tmp_path / "memory.tmx").write_text(tmx(UNIT, UNIT.replace("The Assembly", "The Meeting")), "utf-8")
    result = hexapla("validate", tmp_path / "memory.tmx")
    assert result.exit_code == 0
    assert result.stdout.endswith("memory.tmx: 0 errors, 0 warnings, 1 notes\n")


def test_findings_come_while_the_file_is_read(tmp_path: Path) -> None:
    """The first finding is reported before the end of the file, which is damaged, is reached."""
    content = tmx(OTHER.replace("zh", "zh_CN"), *[OTHER.replace("回顾", f"{n}") for n in range(5000)])
    (tmp_path / "memory.tmx").write_bytes(gzip.compress(content.encode())[:-12])
    found = findings_of(tmp_path / "memory.tmx")
    assert "zh_CN" in str(next(found))
    with pytest.raises(InvalidTMX, match="damaged"):
        list(found)


def test_memory_stays_small(tmp_path: Path) -> None:
    """Five times the units do not need more Python memory."""
    peaks = []
    for count in (500, 2500):
        units = [OTHER.replace("回顾", f"回顾 {number}") for number in range(count)]
        (tmp_path / "memory.tmx").write_text(tmx(*units), "utf-8")
        tracemalloc.start()
        assert validate_tmx(tmp_path / "memory.tmx") == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
