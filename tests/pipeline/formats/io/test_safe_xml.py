"""Files that attack their reader are refused with the reason, using little time and memory."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from hexapla.errors import InputError
from hexapla.formats.io import archives, safe_xml
from hexapla.formats.io.safe_xml import elements, encoding_of, parse_element, root_of
from hexapla.formats.protocols import UnitProblem
from hexapla.formats.tmx.reader import read_units

HEADER = '<header creationtool="other" srclang="en" segtype="sentence"/>'
UNIT = '<tu><tuv xml:lang="en"><seg>The tide rises.</seg></tuv><tuv xml:lang="fr"><seg>La marée monte.</seg></tuv></tu>'
TMX = f'<?xml version="1.0"?><tmx version="1.4">{HEADER}<body>{UNIT}</body></tmx>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
PATH = Path("in.tmx")


def declaring(subset: str, seg: str = "The tide rises.", tmx: str = "") -> str:
    """Return a TMX file with its own declarations."""
    return TMX.replace("<tmx", f"<!DOCTYPE tmx [{subset}]><tmx{tmx}", 1).replace("The tide rises.", seg)


def read(path: Path) -> list[UnitProblem]:
    """Read a file, and return what could not be read."""
    problems: list[UnitProblem] = []
    list(read_units(path, problems.append))
    return problems


def refusal(path: Path) -> str:
    """Return the reason why a file is refused."""
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        declaring(f'<!ENTITY l0 "ha">{LAUGHS}', "&l9;"),
        declaring(f'<!ENTITY l0 "ha">{LAUGHS}', tmx=' version2="&l9;"'),
        declaring(f'<!ENTITY long "{"a" * 50_000}">', "&long;" * 50_000),
        declaring('<!ENTITY own SYSTEM "file:///etc/passwd">', "&own;"),
        declaring('<!ENTITY away SYSTEM "http://192.0.2.1/secret">', "&away;"),
        declaring('<!ENTITY % away SYSTEM "http://192.0.2.1/more.dtd"> %away;'),
        declaring('<!ENTITY harmless "quay">', "&harmless;"),
    ],
    ids=[
        "billion laughs",
        "billion laughs in an attribute",
        "quadratic",
        "file",
        "address",
        "parameter",
        "harmless",
    ],
)
def test_entities_are_refused(tmp_path: Path, content: str) -> None:
    """No file that declares entities is read, and no entity is expanded before that is known."""
    path = tmp_path / "in.tmx"
    path.write_text(content, encoding="utf-8")
    tracemalloc.start()
    reason = refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (
        "entities" in reason or "not well-formed XML" in reason
    )  # libxml2 may stop before the first element
    assert peak < 20_000_000


def test_a_dtd_elsewhere_is_not_loaded(tmp_path: Path) -> None:
    """A DTD named in a file is opened neither on this machine nor on another, and the file is read."""
    bad = tmp_path / "bad.dtd"
    bad.write_text("<!ELEMENT", encoding="utf-8")
    for address in (bad.as_uri(), "http://192.0.2.1/tmx14.dtd"):
        path = tmp_path / "in.tmx"
        path.write_text(TMX.replace("<tmx", f'<!DOCTYPE tmx SYSTEM "{address}"><tmx', 1), encoding="utf-8")
        assert read(path) == []


def test_xinclude_is_not_followed(tmp_path: Path) -> None:
    """An XInclude in a segment is an element that is not allowed there."""
    path = tmp_path / "in.tmx"
    include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    path.write_text(TMX.replace("The tide", include), encoding="utf-8")
    (problem,) = read(path)
    assert "include is not allowed at this place in a TMX segment" in problem.reason


def test_depth_is_bounded(tmp_path: Path) -> None:
    """Thousands of nested elements make a broken unit, not a stack overflow."""
    path = tmp_path / "in.tmx"
    path.write_text(TMX.replace("The tide", "<hi>" * 5000 + "</hi>" * 5000), encoding="utf-8")
    (problem,) = read(path)
    assert "depth" in problem.reason.lower()


def test_a_unit_without_an_end_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with one endless unit is refused before it exhausts memory."""
    monkeypatch.setattr(safe_xml, "MAXIMUM_BETWEEN", 100_000)
    path = tmp_path / "in.tmx"
    path.write_text(TMX.replace(UNIT, "<tu>" + "<note>a</note>" * 20_000), encoding="utf-8")
    assert "without the end of a unit, more than the 100,000" in refusal(path)


@pytest.mark.parametrize("count", [1000, 3000])
def test_elements_are_dropped_once_read(count: int) -> None:
    """However many elements there are, those before the last are no longer in memory when the next is read."""
    stream = io.BytesIO(f"<all>{'<one>1</one>' * count}</all>".encode())
    before = []
    for element in elements(stream, PATH, ("one",)):
        parent = element.getparent()
        assert parent is not None
        before.append(parent.index(element))
    assert before == [0, *[1] * (count - 1)]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"<?xml version='1.0'?>", "utf-8"),
        (b"<tmx encoding='none'>", "utf-8"),
        (b"<?xml version='1.0' encoding='windows-1252'?>", "windows-1252"),
        ("\ufeff<?xml version='1.0' encoding='latin-1'?>".encode(), "utf-8-sig"),
        ("\ufeff<a/>".encode("utf-16-le"), "utf-16"),
        ("\ufeff<a/>".encode("utf-16-be"), "utf-16"),
        ("<?xml?>".encode("utf-16-le"), "utf-16-le"),
        ("<?xml?>".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    """Byte order marks and the form of the first characters decide, then the declaration."""
    stream = io.BytesIO(data)
    assert encoding_of(stream) == encoding
    assert stream.tell() == 0


def test_files_that_are_not_xml() -> None:
    """An empty file, or one that is not XML, is refused with its line."""
    with pytest.raises(InputError, match=r"in\.tmx: the file is empty"):
        root_of(io.BytesIO(b""), PATH)
    with pytest.raises(InputError, match=r"in\.tmx, line 1: not well-formed XML"):
        root_of(io.BytesIO(b"%PDF-1.7"), PATH)
    with pytest.raises(etree.XMLSyntaxError):
        parse_element("<a>")


def write_zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_good_archives(tmp_path: Path) -> None:
    """The only TMX file in an archive is read, whatever else is there and in whatever folder it is."""
    data = TMX.encode()
    others = {"README.txt": b"tides", "__MACOSX/._in.tmx": b"\0", "folder/": b""}
    assert read(write_zip(tmp_path / "in.tmx.zip", {**others, "folder/In.TMX": data})) == []
    (tmp_path / "in.tmx.gz").write_bytes(gzip.compress(data))
    assert read(tmp_path / "in.tmx.gz") == []
    (tmp_path / "in.tmx").write_bytes(gzip.compress(data))  # the content decides, not the name
    assert read(tmp_path / "in.tmx") == []


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["a.tmx", "b.tmx"], "it contains 2 .tmx files (a.tmx, b.tmx)"),
        (["a.txt"], "it contains no .tmx file (a.txt)"),
        ([], "it contains no .tmx file (it is empty)"),
        (["inner.zip"], "it contains another archive (inner.zip)"),
        (["a.tmx.gz"], "it contains another archive (a.tmx.gz)"),
        (["../a.tmx"], "points outside the archive"),
        (["a/../../a.tmx"], "points outside the archive"),
        (["/etc/a.tmx"], "points outside the archive"),
        (["C:\\a.tmx"], "points outside the archive"),
        (["..\\a.tmx"], "points outside the archive"),
    ],
)
def test_archives_with_wrong_names(tmp_path: Path, names: list[str], reason: str) -> None:
    """Several files, no file, archives in archives and names that point elsewhere are refused."""
    path = write_zip(tmp_path / "in.tmx.zip", dict.fromkeys(names, TMX.encode()))
    assert reason in refusal(path)
    assert [each.name for each in tmp_path.iterdir()] == ["in.tmx.zip"]


def test_nested_archive_of_a_right_name(tmp_path: Path) -> None:
    """A compressed file inside an archive that is named .tmx is not opened in turn."""
    path = write_zip(tmp_path / "in.tmx.zip", {"a.tmx": gzip.compress(TMX.encode())})
    assert "not well-formed XML" in refusal(path)


def test_encrypted(tmp_path: Path) -> None:
    """An encrypted entry is refused, and the message says what to do."""
    path = write_zip(tmp_path / "in.tmx.zip", {"a.tmx": TMX.encode()})
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    path.write_bytes(data)
    assert "is encrypted; unpack it with the password" in refusal(path)


def test_bombs(tmp_path: Path) -> None:
    """Archives that would unpack to hundreds of times their size are refused before they are unpacked."""
    spaces = TMX.replace("<body>", "<body>" + " " * 40_000_000).encode()
    packed = write_zip(tmp_path / "in.tmx.zip", {"a.tmx": spaces})
    assert "this looks like a zip bomb" in refusal(packed)
    bomb = tmp_path / "in.tmx.gz"
    bomb.write_bytes(gzip.compress(spaces))
    assert "this looks like a zip bomb" in refusal(bomb)


def test_bomb_with_a_false_size(tmp_path: Path) -> None:
    """An archive that unpacks to more than its declared size is read no further than that size."""
    path = write_zip(
        tmp_path / "in.tmx.zip", {"a.tmx": TMX.replace("<body>", "<body>" + " " * 30_000_000).encode()}
    )
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature) + place
        data[start : start + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    assert refusal(path)


def test_many_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with too many entries is refused."""
    monkeypatch.setattr(archives, "MAXIMUM_ENTRIES", 3)
    path = write_zip(tmp_path / "in.tmx.zip", dict.fromkeys("abcd", b""))
    assert "the archive has 4 entries, more than the 3 allowed" in refusal(path)


@pytest.mark.parametrize("name", ["in.tmx.gz", "in.tmx.zip"])
def test_cut_off(tmp_path: Path, name: str) -> None:
    """A compressed file that is cut off is refused as damaged."""
    path = tmp_path / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(TMX.encode()))
    else:
        write_zip(path, {"a.tmx": TMX.encode()})
    path.write_bytes(path.read_bytes()[:-20])
    assert "damaged or cut off" in refusal(path)


def test_damaged_inside(tmp_path: Path) -> None:
    """An entry whose compressed bytes are changed is refused as damaged, however it is compressed."""
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        path = tmp_path / f"{method}.zip"
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("a.tmx", TMX)
        data = bytearray(path.read_bytes())
        data[60:90] = bytes(30)
        path.write_bytes(data)
        assert "damaged or cut off" in refusal(path)


def test_no_file(tmp_path: Path) -> None:
    """A missing file, or a folder, is refused with the system's reason."""
    assert "cannot be read (No such file" in refusal(tmp_path / "none.tmx")
    (tmp_path / "folder.tmx").mkdir()
    assert "cannot be read (Is a directory)" in refusal(tmp_path / "folder.tmx")
