"""Units written as TMX for any tool are read back unchanged, including units from other tools."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.protocols import Written
from hexapla.formats.tmx.elements import XML_LANG
from hexapla.units import Status, Unit, Variant
from support_tmx import DAY, TAGGED, UNITS, read_tmx_units, root_of, write_tmx_units

FULL = Unit(
    "0123456789abcdef",
    (
        Variant("fr", " Deux\nlignes ", "Une ligne", (3.0, 3.5), 1.25, "00ff00ff00ff00ff"),
        Variant("zh-Hant", "兩行 & <三行>", None, (4.0,), 2.0),
    ),
    'A/99/L.1 "draft"',
    "A/99/L.1",
    "paragraph",
    "operative",
    "1",
    0.1 + 0.2,
    2 / 3,
    Status.EDITED,
    True,
    "embedded",
    "0123456789ab",
    "0.1.0",
    "reviser",
    DAY,
    DAY.replace(year=2032),
    {"comment": "see the annex", "client": {"name": "UN", "codes": [1, 2]}},
    ("A/98/L.1", "A/97/L.1"),
)


@pytest.mark.parametrize("name", ["units.tmx", "units.tmx.gz"])
@pytest.mark.parametrize("unit", [FULL, TAGGED, *UNITS], ids=lambda unit: unit.id)
def test_a_unit_reads_back_unchanged(tmp_path: Path, unit: Unit, name: str) -> None:
    """Everything that a unit has is in the file, and the reader returns the same unit."""
    assert write_tmx_units([unit], tmp_path / name) == Written(1)
    assert read_tmx_units(tmp_path / name) == [unit]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=2, max_size=2),
    st.text(max_size=20),
    st.floats(-1e12, 1e12),
    st.floats(0, 1),
)
def test_any_unit_reads_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
    document: str,
    position: float,
    probability: float,
) -> None:
    """Whatever the values are, those that XML can hold are read back; a unit with an empty side is left out."""
    texts, document = [legal_text(text) for text in texts], legal_text(document).strip()
    unit = Unit.of_texts(
        "a1",
        dict(zip(("en", "fr"), texts, strict=True)),
        document=document or "A/1",
        position=position,
        probability=probability,
    )
    path = tmp_path_factory.mktemp("tmx") / "units.tmx"
    write_tmx_units([unit], path)
    assert read_tmx_units(path) == ([unit] if all(text.strip() for text in texts) else [])


def test_units_of_other_tools_read_back_unchanged(tmp_path: Path) -> None:
    """Attributes, properties, notes and spellings of another tool survive any number of round trips."""
    (tmp_path / "foreign.tmx").write_text(
        '<tmx version="1.4"><header creationtool="Tool" creationtoolversion="7" segtype="phrase" o-tmf="T" '
        'adminlang="en" srclang="EN-us" datatype="xml"/><body><tu tuid="17" usagecount="4" creationdate="20200102T030405Z" '
        'creationid="ANNA"><note xml:lang="en">short</note><prop type="x-client">UN &amp; Co</prop>'
        '<tuv xml:lang="EN-us" changedate="20210102T030405Z" changeid="BEN"><prop type="x-context-pre">Before.</prop>'
        '<seg>The <bpt i="1" x="1">[b]</bpt>cat<ept i="1">[/b]</ept>.</seg></tuv>'
        '<tuv xml:lang="FR"><seg>Le chat.</seg></tuv></tu></body></tmx>',
        "utf-8",
    )
    first = read_tmx_units(tmp_path / "foreign.tmx")
    write_tmx_units(first, tmp_path / "once.tmx")
    second = read_tmx_units(tmp_path / "once.tmx")
    write_tmx_units(second, tmp_path / "twice.tmx")
    assert first == second
    assert (tmp_path / "once.tmx").read_bytes() == (tmp_path / "twice.tmx").read_bytes()
    (tu,) = root_of(tmp_path / "once.tmx").iter("tu")
    assert {"tuid": "17", "usagecount": "4", "creationid": "ANNA", "datatype": "xml"}.items() <= dict(
        tu.items()
    ).items()
    assert [tuv.get(XML_LANG) for tuv in tu.iter("tuv")] == ["EN-us", "FR"]
    assert len(tu.findall("tuv/seg/bpt")) == 1


def test_who_changed_a_foreign_unit(tmp_path: Path) -> None:
    """A unit from another tool that was edited in the memory is written with the new date and author."""
    foreign = replace(
        UNITS[0], properties={"tmx": {"attributes": {"tuid": "17", "creationdate": "20200102T030405Z"}}}
    )
    edited = replace(
        foreign, created=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), changed=DAY, author="reviser"
    )
    write_tmx_units([edited], tmp_path / "units.tmx")
    (tu,) = root_of(tmp_path / "units.tmx").iter("tu")
    assert (tu.get("creationdate"), tu.get("changedate")) == ("20200102T030405Z", "20310504T030201Z")
    assert tu.get("changeid") == "reviser"
    assert read_tmx_units(tmp_path / "units.tmx")[0].changed == DAY
