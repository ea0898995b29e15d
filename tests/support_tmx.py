"""Units of a memory as TMX, written, checked and read again."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from lxml import etree

from hexapla.formats.protocols import UnitProblem, WriteOptions, Written
from hexapla.formats.registry import unit_reader, unit_writer
from hexapla.formats.tmx.elements import XML_LANG
from hexapla.formats.tmx.rules import Severity
from hexapla.formats.tmx.validation import validate_tmx
from hexapla.units import Unit, Variant

DAY = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
TEXTS = [
    {"zh": "大会，", "en": "The General Assembly,", "ar": "إن الجمعية العامة،"},
    {"zh": "1. 欢迎观测记录。", "en": "1. Welcomes the records.", "ar": "1 - ترحب بالسجلات."},
    {
        "zh": "2. 决定继续审议。",
        "en": "2. Decides to remain seized.",
        "ar": "2 - تقرر إبقاء المسألة قيد نظرها.",
    },
]
UNITS = [
    Unit.of_texts(
        f"{place:016x}",
        texts,
        document="A/99/L.1",
        symbol="A/99/L.1",
        position=float(place),
        created=DAY,
        changed=DAY,
    )
    for place, texts in enumerate(TEXTS)
]
TAGGED = Unit(
    "a1",
    (Variant("en", "The <b1>big</b1> cat<x1/>."), Variant("fr", "Le <b1>gros</b1> chat<x1/>.")),
    properties={
        "tuv": {
            tag: {
                "marks": {
                    "<b1>": '<bpt i="1">&lt;b&gt;</bpt>',
                    "</b1>": '<ept i="1">&lt;/b&gt;</ept>',
                    "<x1/>": '<ph x="1"/>',
                }
            }
            for tag in ("en", "fr")
        }
    },
)


def write_tmx_units(units: Sequence[Unit], path: Path, *languages: str, profile: str = "generic") -> Written:
    """Write units, and check the file with the DTD and the validator (notes aside)."""
    done = unit_writer(path)(units, path, WriteOptions(languages, profile, "un.hexapla version 3", DAY))
    with resources.files("hexapla.formats.tmx").joinpath("tmx14.dtd").open("rb") as file:
        dtd = etree.DTD(file)
    assert dtd.validate(root_of(path)), dtd.error_log
    assert [finding for finding in validate_tmx(path) if finding.severity is Severity.ERROR] == []
    return done


def root_of(path: Path) -> etree._Element:
    """Return the root element of a file, compressed or not."""
    data = path.read_bytes()
    return etree.fromstring(gzip.decompress(data) if path.suffix == ".gz" else data)


def texts_of(path: Path) -> list[dict[str, str]]:
    """Return the texts of each unit by language, in the order of the file."""
    return [
        {str(tuv.get(XML_LANG)): tuv.findtext("seg") or "" for tuv in tu.iter("tuv")}
        for tu in root_of(path).iter("tu")
    ]


def props_of(element: etree._Element) -> dict[str, str]:
    """Return the texts of the props of an element by type."""
    return {str(prop.get("type")): prop.text or "" for prop in element.findall("prop")}


def read_tmx_units(path: Path) -> list[Unit]:
    """Read the units of a file, which must have no problems."""
    problems: list[UnitProblem] = []
    units = list(unit_reader(path)(path, problems.append))
    assert problems == []
    return units
