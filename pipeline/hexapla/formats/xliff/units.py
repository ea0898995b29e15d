"""Reader of units from translated XLIFF files, so that the work done in a CAT tool can be imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml.etree import _Element

from hexapla.errors import InputError
from hexapla.formats.io.xml_text import clean_text
from hexapla.formats.protocols import Skip, UnitProblem
from hexapla.formats.xliff.file import XliffFile, read_xliff
from hexapla.formats.xliff.names import line_of, qualified
from hexapla.formats.xliff.segments import XliffSegment
from hexapla.unit_records import identifier_of
from hexapla.units import Status, Unit
from hexapla_corpora.errors import DocumentError

_APPROVED = ("final", "signed-off", "reviewed")
_TRANSLATED = ("translated", *_APPROVED)
_TMX = {"<x": '<ph x="{0}"/>', "<b": '<bpt i="{0}" x="{0}"/>', "</": '<ept i="{0}"/>'}


def read_units(path: Path, skip: Skip) -> Iterator[Unit]:
    """Read the segments whose state is translated or later; see `hexapla.formats.protocols.UnitReader`.

    Segments whose state is reviewed, signed off or final become approved units. Segments without a state, or with one
    before translated, are left out, since they have not been declared correct.
    """
    try:
        file = read_xliff(path, skip)
    except DocumentError as error:
        raise InputError(str(error)) from error
    if not (file.source and file.target):
        side = "target" if file.source else "source"
        raise InputError(f"{path}: the file does not state its {side} language; add it to the file.")
    for place, segment in enumerate(file.segments):
        if segment.state in _TRANSLATED:
            try:
                yield _unit(file, segment, place)
            except ValueError as error:
                skip(UnitProblem(path, line_of(segment.unit), segment.unit.get("id"), str(error)))


def _unit(file: XliffFile, segment: XliffSegment, place: int) -> Unit:
    texts = {
        file.source: clean_text(segment.content.text),
        file.target: clean_text(segment.translation),
    }
    for tag, text in texts.items():
        if not text:
            raise ValueError(f"its state is {segment.state}, but its text in {tag} is empty")
    document = _document(segment.unit) or file.path.name
    marks = {file.source: _marks(segment.content.codes), file.target: _marks(segment.translated.codes)}
    tuvs = {tag: {"marks": each} for tag, each in marks.items() if each}
    return Unit.of_texts(
        identifier_of(document, texts),
        texts,
        document=document,
        position=float(place),
        status=Status.APPROVED if segment.state in _APPROVED else Status.ALIGNED,
        properties={"tuv": tuvs} if tuvs else {},
    )


def _document(unit: _Element) -> str:
    """Return the name of the document that a unit comes from."""
    file = next(unit.iterancestors(qualified(unit, "file")), None)
    return "" if file is None else clean_text(file.get("original", ""))


def _marks(codes: Mapping[str, _Element]) -> dict[str, str]:
    """Return codes as the XML that they would have in TMX, see `hexapla.formats.tmx.inline_codes`."""
    return {mark: _TMX[mark[:2]].format(mark.strip("</bx>")) for mark in codes}
