"""Files that once broke readers of units, found by `tests/fuzz/fuzz_readers.py`."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from hexapla.errors import InputError
from hexapla.formats.protocols import UnitProblem, WriteOptions
from hexapla.formats.registry import unit_reader, unit_writer
from support_review import write_review
from support_seeds import TMX, seed_units


def problems_of(path: Path) -> list[str]:
    """Return the reasons why units could not be read."""
    problems: list[UnitProblem] = []
    list(unit_reader(path)(path, problems.append))
    return [problem.reason for problem in problems]


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("_rels/.rels", "relationships/officeDocument", "relationships/otherDocument"),
        ("xl/workbook.xml", 'r:id="rId1"', ""),
        ("xl/workbook.xml", 'r:id="rId1"', 'r:id="rId99"'),
    ],
    ids=["no workbook", "sheet without a relation", "sheet with an unknown relation"],
)
def test_workbook_whose_parts_do_not_refer_to_each_other(
    part: str, before: str, after: str, tmp_path: Path
) -> None:
    """A workbook whose sheets cannot be located is refused as damaged."""
    path = tmp_path / "review.xlsx"
    write_review(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    with pytest.raises(InputError, match=re.escape(f"{path}: is not an .xlsx file, or is damaged")):
        problems_of(path)


def test_damaged_lzma(tmp_path: Path) -> None:
    """An archive with damaged LZMA data is refused as damaged."""
    path = tmp_path / "in.tmx.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("in.tmx", TMX)
    data = bytearray(path.read_bytes())
    start = data.index(b"in.tmx") + 30
    data[start : start + 40] = bytes(40)
    path.write_bytes(data)

    with pytest.raises(InputError, match="the compressed data is damaged or cut off"):
        problems_of(path)


def test_sub_in_hi(tmp_path: Path) -> None:
    """A unit with a sub in a hi, which TMX does not allow, cannot be read."""
    path = tmp_path / "in.tmx"
    path.write_text(TMX.replace('<hi x="4">est</hi>', '<hi x="4"><sub>est</sub></hi>'), encoding="utf-8")

    assert problems_of(path) == ["the element sub is not allowed at this place in a TMX segment"]


def test_sub_with_half_of_a_pair(tmp_path: Path) -> None:
    """A tag that begins in a sub does not pair with one outside it."""
    path = tmp_path / "in.tmx"
    half = '<ph x="2"><sub><bpt i="9">b</bpt></sub></ph>open<ept i="9">b</ept>'
    path.write_text(TMX.replace("open", half, 1), encoding="utf-8")

    assert problems_of(path) == []


def test_tag_in_a_tag(tmp_path: Path) -> None:
    """A unit with a bpt in a bpt, which TMX does not allow, cannot be read."""
    path = tmp_path / "in.tmx"
    path.write_text(TMX.replace("&lt;b></bpt>port", '<bpt i="1"/></bpt>port', 1), encoding="utf-8")

    assert problems_of(path) == ["the element bpt is not allowed at this place in a TMX segment"]


def test_name_in_an_archive_that_is_not_utf_8(tmp_path: Path) -> None:
    """An archive with a name that is not in its declared encoding is refused as damaged."""
    path = tmp_path / "in.tmx.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("é.tmx", TMX)
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xad\xad"))

    with pytest.raises(InputError, match="the compressed data is damaged or cut off"):
        problems_of(path)


def test_parquet_that_ends_the_process(tmp_path: Path) -> None:
    """A page that declares -11 values, which makes polars end the process, is refused, and this process goes on."""
    path = tmp_path / "in.parquet"
    unit_writer(path)(seed_units(), path, WriteOptions())
    whole = path.read_bytes()
    damaged = whole.replace(b"\x15\x08\x15\x10", b"\x15\x15\x15\x10", 1)  # 4 values, dictionary-encoded
    assert damaged != whole
    path.write_bytes(damaged)

    with pytest.raises(InputError, match="is not a Parquet file, or is damaged or cut off; get a new copy"):
        problems_of(path)
