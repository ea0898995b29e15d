"""Units of XLIFF files that were translated: what a CAT tool gives back comes into the memory."""

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
    """Read what is said to be translated; see `hexapla.formats.protocols.UnitReader`.

    What is said to be reviewed, signed off or final is approved. Units of no state and of states before translated are
    left alone, as nobody has said that they are right.
    """
    try:
        file = read_xliff(path, skip)
    except DocumentError as error:
        raise InputError(str(error)) from error
    if not (file.source and file.target):
        side = "target" if file.source else "source"
        raise InputError(f"{path}: it does not say its {side} language; say it in the file.")
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
            raise ValueError(f"it is said to be {segment.state}, and its text in {tag} is empty")
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
    """The name of the document that a unit is from."""
    file = next(unit.iterancestors(qualified(unit, "file")), None)
    return "" if file is None else clean_text(file.get("original", ""))


def _marks(codes: Mapping[str, _Element]) -> dict[str, str]:
    """Codes as those of a TMX file, see `hexapla.formats.tmx.inline_codes`."""
    return {mark: _TMX[mark[:2]].format(mark.strip("</bx>")) for mark in codes}
