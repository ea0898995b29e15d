"""XLIFF files: read whole, filled with the matches of a memory, and written with everything else unchanged."""

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
    """Stop reading a file at the first unit that cannot be read."""
    raise InputError(str(problem))


@dataclass(frozen=True, slots=True)
class Filled:
    """The result of filling a file.

    Attributes:
        segments: number of segments.
        translated: number of segments that already had a translation, which stays.
        filled: number of segments that received a translation.
        offered: number of other segments that received matches.
        ambiguous: number of those with several translations of the same text, between which a person must choose.
    """

    segments: int
    translated: int
    filled: int
    offered: int
    ambiguous: int = 0


class XliffFile:
    """An XLIFF file.

    Args:
        tree: its content.
        path: its path, for messages.
        skip: called with each unit that cannot be read; an exception that it raises ends the reading.

    Attributes:
        tree: its content.
        path: its path.
        source: BCP 47 tag of the source language; empty if the file does not state it.
        target: tag of the target language; empty if the file does not state it.
        segments: the segments to be translated, in the order of the file.
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
        """Return the source or target language, which must be the same for all its file elements."""
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
                    f"its {side} language is {tag}, but that of the file element before is {tags[0]}: put each "
                    "language pair into its own file"
                )
                raise InputError(str(UnitProblem(self.path, found[tag], None, reason)))
        return tags[0] if tags else ""

    def _tag(self, element: _Element, name: str) -> str:
        try:
            tag = element.get(name, "").replace("_", "-")
            return usual_case(normalise_tag(tag)) if tag.strip() else ""
        except UnknownLanguage as error:
            raise InputError(
                str(UnitProblem(self.path, line_of(element), None, f"{name}: {error}"))
            ) from error

    def _read(self, skip: Skip) -> Iterator[XliffSegment]:
        for unit in self._root.iter(qualified(self._root, "trans-unit" if self._is_version_1 else "unit")):
            if _is_translatable(unit):
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
        """Add translations and matches to the segments that have no translation.

        Args:
            segments: the matches for each segment of the file.
            target: BCP 47 tag of the target language, for a file that does not state it.

        Returns:
            What was filled.
        """
        self._set_target_language(target)
        counts = dict.fromkeys(("translated", "filled", "offered", "ambiguous"), 0)
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
                counts["ambiguous"] += found.ambiguous
        return Filled(len(self.segments), **counts)

    def _set_target_language(self, target: str) -> None:
        """Set the target language where it is missing, and in XLIFF 1.2 name the tool that made the matches."""
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
            OutputError: the output cannot be written.
        """
        with open_output(path) as stream:
            self.tree.write(stream, encoding="UTF-8", xml_declaration=True)
            stream.write(b"\n")


def read_xliff(path: Path, skip: Skip = refuse) -> XliffFile:
    """Read an XLIFF file of version 1.x or 2.x.

    Args:
        path: the file.
        skip: called with each unit that cannot be read; an exception that it raises ends the reading.

    Returns:
        The file.

    Raises:
        InputError: the file is not XLIFF, is not well-formed, or has a unit that cannot be read.
        hexapla_corpora.errors.DocumentError: the file is missing, empty or too large.
    """
    return XliffFile(read_tree(read_bytes(path), path), path, skip)


def _major_version(root: _Element, path: Path) -> str:
    """Return the major version of XLIFF."""
    if local(root) != "xliff":
        raise InputError(f"{path}: this is not XLIFF: the root element is {local(root)}, not xliff.")
    version = root.get("version", "")
    major = version.partition(".")[0]
    if major not in ("1", "2"):
        found = f"its XLIFF version is {version!r}" if version else "it does not state its XLIFF version"
        raise InputError(f"{path}: {found}; versions 1.0 to 2.2 can be read.")
    return major


def _is_translatable(unit: _Element) -> bool:
    """Return whether a unit is to be translated, as stated by the nearest element with a translate attribute."""
    values = (element.get("translate") for element in (unit, *unit.iterancestors()))
    return next((value for value in values if value), "yes").lower() != "no"


def _version_1_segments(unit: _Element) -> Iterator[XliffSegment]:
    source, cut = (unit.find(qualified(unit, name)) for name in ("source", "seg-source"))
    if source is None:
        raise ValueError("it has no source")
    target = unit.find(qualified(unit, "target"))
    parts = [] if cut is None or _is_whole(target, source) else segments_in(cut)
    yield from (Xliff1Segment(unit, part) for part in parts or [source])


def _is_whole(target: _Element | None, source: _Element) -> bool:
    """Return whether a target is an unsegmented translation of a segmented source, and not a copy of the source."""
    if target is None or not has_text(target) or segments_in(target):
        return False
    return read_content(target).text.strip() != read_content(source).text.strip()


def _version_2_segments(unit: _Element) -> Iterator[XliffSegment]:
    for segment in unit.findall(qualified(unit, "segment")):
        source = segment.find(qualified(unit, "source"))
        if source is None:
            raise ValueError("one of its segments has no source")
        yield Xliff2Segment(unit, segment, source)


def _add_tool(file: _Element) -> None:
    """Add hexapla to the tools in the header of a file element (XLIFF 1.2)."""
    header = file.find(qualified(file, "header"))
    if header is None:
        header = etree.Element(qualified(file, "header"))
        file.insert(0, header)
    tools = [tool for tool in header.findall(qualified(file, "tool")) if tool.get("tool-id") == TOOL]
    tool = tools[0] if tools else etree.SubElement(header, qualified(file, "tool"), {"tool-id": TOOL})
    tool.set("tool-name", TOOL)
    tool.set("tool-version", __version__)
