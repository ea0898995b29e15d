"""Small files in every format of units, to be changed at random."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from hexapla.formats.protocols import WriteOptions
from hexapla.formats.registry import FORMATS, unit_writer
from hexapla.formats.tmx.profiles import PROFILES
from hexapla.units import Status, Unit, Variant
from support_review import Grid, change, sample_units, write_review
from support_xliff import FIRST, SECOND

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header creationtool="other" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en"
srclang="en" datatype="xml"><prop type="project">tides</prop><note>kept</note></header><body>
<tu tuid="7" creationdate="20260101T000000Z" changedate="20260102T000000Z" changeid="someone" usagecount="3">
<note>which port?</note><prop type="client">harbour</prop>
<tuv xml:lang="en" creationid="a"><seg>The <bpt i="1" x="1" type="bold">&lt;b></bpt>port<ept i="1">&lt;/b></ept> is
<ph x="2"><sub>very</sub></ph> open<it pos="begin" x="3">&lt;i></it>.</seg></tuv>
<tuv xml:lang="FR"><seg>Le <bpt i="2" x="1">&lt;b></bpt>port<ept i="2">&lt;/b></ept> <hi x="4">est</hi> ouvert<ut>x</ut>.</seg></tuv>
</tu><tu srclang="fr"><tuv xml:lang="en"><seg>The tide rises.</seg></tuv><tuv xml:lang="fr-CA"><seg>La marée monte.</seg></tuv>
<tuv xml:lang="fr"><seg>La marée monte.</seg></tuv></tu></body></tmx>
"""


def seed_units() -> list[Unit]:
    """Return units with a value in each attribute, and with odd texts."""
    time = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    variants = (
        Variant("zh", "码头很旧。", None, (3.0,), 2.0, "0123456789abcdef"),
        Variant(
            "en", "The <b>pier</b> is\nold & wet.", "The pier is od.", (3.0, 4.5), 2.5, "fedcba9876543210"
        ),
        Variant("ar", "\u200fالرصيف قديم. 😀"),
    )
    full = Unit(
        id="u-1/a b", variants=variants, document="A/98/L.7", symbol="A/98/L.7", level="paragraph", kind="operative",
        number="3", position=12.5, probability=0.8, status=Status.EDITED, moved=True, model="embedded",
        model_hash="0123456789ab", aligner="0.2.0", author="R", created=time, changed=time,
        properties={"comment": "Which pier?", "job": {"7": ["a", None, 1.5]}}, sources=("A/97/L.1",),
    )  # fmt: skip
    return [full, *sample_units()[:3]]


def write_seeds(suffix: str, folder: Path) -> list[Path]:
    """Write small files of a format.

    Args:
        suffix: suffix of the format.
        folder: for the files.

    Returns:
        The files.
    """
    if suffix in (".xlf", ".xliff"):
        return [_written(folder / f"{place}{suffix}", text) for place, text in enumerate((FIRST, SECOND))]
    if suffix == ".zip":
        path = folder / f"0{suffix}"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in.tmx", TMX)
        return [path]
    if suffix == ".xlsx":
        return [*_workbooks(folder)]
    seeds = []
    for profile in PROFILES if suffix == ".tmx" else ("generic",):
        path = folder / f"{profile}{suffix}"
        languages = ("en", "fr", "zh", "ar") if profile == "generic" else ("en", "fr")
        unit_writer(path)(seed_units(), path, WriteOptions(languages, profile))
        seeds.append(path)
    return [*seeds, _written(folder / "other.tmx", TMX)] if suffix == ".tmx" else seeds


def _workbooks(folder: Path) -> Iterator[Path]:
    """Write a review, an edited review, and a table made by hand."""
    for name, edit in (("written", None), ("edited", _edit)):
        path = folder / f"{name}.xlsx"
        write_review(path, seed_units())
        if edit:
            change(path, edit)
        yield path
    with xlsxwriter.Workbook(folder / "table.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["unit", "en", "fr", "probability", "number"])
        sheet.write_row(1, 0, ["a", "Yes.", "Oui.", 0.5, 7])
        sheet.write_formula(2, 1, '="N"&"o."', None, "No.")
        sheet.write_rich_string(3, 1, "The ", book.add_format({"bold": True}), "port", " is open.")
        sheet.merge_range("B6:C7", "Perhaps. Peut-être.")
    yield folder / "table.xlsx"


def _edit(grid: Grid) -> None:
    grid[1].update(en="The Commission,", status="approved", comment="why?")
    grid[2].update(action="merge with next")
    grid.append({"en": "And more.", "fr": "Et plus."})


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


READ = [suffix for suffix, each in FORMATS.items() if each.read_units]
"""Suffixes of the formats that can be read."""
