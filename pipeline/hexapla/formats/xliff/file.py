"""XLIFF files: read whole, filled with what a memory has, and written with all else in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from lxml.etree import _Element, _ElementTree

from hexapla import __version__
from hexapla.errors import InputError
from hexapla.formats.io.output import open_output
from hexapla.formats.io.safe_xml import read_tree
from hexapla.formats.protocols import Skip, UnitProblem
from hexapla.formats.xliff.codes import read_content
from hexapla.formats.xliff.names import TOOL, line_of, local, qualified
from hexapla.formats.xliff.segments import XliffSegment
from hexapla.formats.xliff.version1 import Xliff1Segment, has_text, segments_in
from hexapla.formats.xliff.version2 import Xliff2Segment
from hexapla.pretranslation import SegmentMatches
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag, same_language, usual_case
from hexapla_corpora.read import read_bytes


def refuse(problem: UnitProblem) -> None:
    """End the reading of a file with the first unit that cannot be read."""
    raise InputError(str(problem))


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put into a file.

    Attributes:
        segments: how many it has.
        translated: how many had a translation before, which stays.
        filled: how many got one.
        offered: to how many of the others matches were given.
    """

    segments: int
    translated: int
    filled: int
    offered: int


class XliffFile:
    """An XLIFF file.

    Args:
        tree: its content.
        path: its name, for messages.
        skip: is told of each unit that cannot be read; what it raises ends the reading.

    Attributes:
        tree: the same.
        path: the same.
        source: BCP 47 tag of the source language; empty if the file does not say it.
        target: tag of the target language; empty if the file does not say it.
        segments: what is to be translated, in the order of the file.
    """

    tree: _ElementTree
    path: Path
    source: str
    target: str
    segments: tuple[XliffSegment, ...]

    def __init__(self, tree: _ElementTree, path: Path, skip: Skip = refuse) -> None:
        self.tree, self.path = tree, path
        self._root = tree.getroot()
        self._is_version_1 = _major_version(self._root, path) == "1"
        self.source, self.target = self._language("source"), self._language("target")
        self.segments = tuple(self._read(skip))

    def _language(self, side: str) -> str:
        """The one language that the files in it say."""
        if not self._is_version_1:
            return self._tag(self._root, {"source": "srcLang", "target": "trgLang"}[side])
        found: dict[str, int | None] = {}
        for file in self._root.iter(qualified(self._root, "file")):
            if tag := self._tag(file, f"{side}-language"):
                found.setdefault(tag, line_of(file))
        tags = list(found)
        for tag in tags[1:]:
            if not same_language(tag, tags[0]):
                reason = (
                    f"its {side} language is {tag}, that of the file before {tags[0]}: one pair at a time"
                )
                raise InputError(str(UnitProblem(self.path, found[tag], None, reason)))
        return tags[0] if tags else ""

    def _tag(self, element: _Element, name: str) -> str:
        try:
            said = element.get(name, "").replace("_", "-")
            return usual_case(normalise_tag(said)) if said.strip() else ""
        except UnknownLanguage as error:
            raise InputError(
                str(UnitProblem(self.path, line_of(element), None, f"{name}: {error}"))
            ) from error

    def _read(self, skip: Skip) -> Iterator[XliffSegment]:
        for unit in self._root.iter(qualified(self._root, "trans-unit" if self._is_version_1 else "unit")):
            if _is_translated(unit):
                try:
                    segments = list(
                        _version_1_segments(unit) if self._is_version_1 else _version_2_segments(unit)
                    )
                    for segment in segments:
                        segment.check()
                except ValueError as error:
                    skip(UnitProblem(self.path, line_of(unit), unit.get("id"), str(error)))
                else:
                    yield from segments

    def fill(self, segments: Sequence[SegmentMatches], target: str) -> Filled:
        """Put translations and matches into segments that have no translation.

        Args:
            segments: what a memory has for each segment of the file.
            target: BCP 47 tag of the target language, for a file that does not say it.

        Returns:
            What was done.
        """
        self._set_target_language(target)
        counts = dict.fromkeys(("translated", "filled", "offered"), 0)
        for segment, found in zip(self.segments, segments, strict=True):
            if not segment.is_open:
                counts["translated"] += 1
                continue
            segment.offer(found.matches)
            if found.translation and segment.accepts(found.translation):
                segment.fill(found.translation)
                counts["filled"] += 1
            else:
                counts["offered"] += bool(found.matches)
        return Filled(len(self.segments), **counts)

    def _set_target_language(self, target: str) -> None:
        """Say the target language where it is missing, and in 1.2 what made the matches."""
        if not self._is_version_1:
            if not self.target:
                self._root.set("trgLang", target)
            return
        for file in self._root.iter(qualified(self._root, "file")):
            if not file.get("target-language", "").strip():
                file.set("target-language", target)
            _add_tool(file)

    def write(self, path: Path) -> None:
        """Write the file.

        Args:
            path: the output.

        Raises:
            OutputError: it cannot be written.
        """
        with open_output(path) as stream:
            self.tree.write(stream, encoding="UTF-8", xml_declaration=True)
            stream.write(b"\n")


def read_xliff(path: Path, skip: Skip = refuse) -> XliffFile:
    """Read an XLIFF file of version 1.x or 2.x.

    Args:
        path: the file.
        skip: is told of each unit that cannot be read; what it raises ends the reading.

    Returns:
        The file.

    Raises:
        InputError: it is no XLIFF, not well-formed, or has a unit that cannot be read.
        hexapla_corpora.errors.DocumentError: it is missing, empty or too large.
    """
    return XliffFile(read_tree(read_bytes(path), path), path, skip)


def _major_version(root: _Element, path: Path) -> str:
    """The first figure of the version of XLIFF."""
    if local(root) != "xliff":
        raise InputError(f"{path}: this is no XLIFF: its first element is {local(root)}, not xliff.")
    version = root.get("version", "")
    major = version.partition(".")[0]
    if major not in ("1", "2"):
        said = f"version {version!r} of XLIFF" if version else "a version of XLIFF that it does not say"
        raise InputError(f"{path}: it is in {said}; 1.0 to 2.2 can be read.")
    return major


def _is_translated(unit: _Element) -> bool:
    """Whether a unit is to be translated: the nearest element that says something of it says yes."""
    said = (element.get("translate") for element in (unit, *unit.iterancestors()))
    return next((word for word in said if word), "yes").lower() != "no"


def _version_1_segments(unit: _Element) -> Iterator[XliffSegment]:
    source, cut = (unit.find(qualified(unit, name)) for name in ("source", "seg-source"))
    if source is None:
        raise ValueError("it has no source")
    target = unit.find(qualified(unit, "target"))
    parts = [] if cut is None or _is_whole(target, source) else segments_in(cut)
    yield from (Xliff1Segment(unit, part) for part in parts or [source])


def _is_whole(target: _Element | None, source: _Element) -> bool:
    """Whether a target is a translation that is not cut into segments, unlike its source; a copy of that is none."""
    if target is None or not has_text(target) or segments_in(target):
        return False
    return read_content(target).text.strip() != read_content(source).text.strip()


def _version_2_segments(unit: _Element) -> Iterator[XliffSegment]:
    for segment in unit.findall(qualified(unit, "segment")):
        source = segment.find(qualified(unit, "source"))
        if source is None:
            raise ValueError("a segment of it has no source")
        yield Xliff2Segment(unit, segment, source)


def _add_tool(file: _Element) -> None:
    """Name hexapla among the tools in the header of a file of version 1.2."""
    header = file.find(qualified(file, "header"))
    if header is None:
        header = etree.Element(qualified(file, "header"))
        file.insert(0, header)
    tools = [tool for tool in header.findall(qualified(file, "tool")) if tool.get("tool-id") == TOOL]
    tool = tools[0] if tools else etree.SubElement(header, qualified(file, "tool"), {"tool-id": TOOL})
    tool.set("tool-name", TOOL)
    tool.set("tool-version", __version__)
