"""Validation of a TMX file from any tool: XML, the DTD of TMX 1.4, and further rules that CAT tools rely on.

The file is read as a stream, so that a file of any size needs the memory of one unit. No DTD, entity or network address
named in a file is ever loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from hexapla.errors import InputError, InvalidTMX
from hexapla.formats.io.archives import open_packed
from hexapla.formats.io.first_seen import FirstSeen
from hexapla.formats.tmx.elements import XML_LANG
from hexapla.formats.tmx.rules import Finding, Severity, check_header, check_unit, line_of, text_of

_CHUNK_BYTES = 1 << 16
_MAXIMUM_XML_ERRORS = 100
_CONTEXT_WORDS = ("context", "prev", "next", "file", "id", "path")


def validate_tmx(path: Path) -> list[Finding]:
    """Return all problems of a TMX file, in the order of their lines; see `findings_of`."""
    return sorted(findings_of(path), key=lambda finding: finding.line)


def findings_of(path: Path) -> Iterator[Finding]:
    """Find the problems of a TMX file that is plain, compressed with gzip, or the only one in a zip archive.

    Args:
        path: the file.

    Yields:
        Finding: a problem, as soon as it is found; those outside the units come last.

    Raises:
        InvalidTMX: the file cannot be read, is not XML, is not TMX, or declares entities.
    """
    with _open(path) as stream, closing(_Validation(path)) as validation:
        while chunk := stream.read(_CHUNK_BYTES):
            continues = validation.feed(chunk)
            yield from validation.take_findings()
            if not continues:
                break
        validation.finish()
        yield from validation.take_findings()


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """Open the file, decompress it if necessary, and turn read errors into InvalidTMX."""
    try:
        with open_packed(path, ".tmx") as stream:
            yield stream
    except InputError as error:
        raise InvalidTMX(str(error)) from error


@cache
def _dtd() -> etree.DTD:
    with resources.files(__package__).joinpath("tmx14.dtd").open("rb") as file:
        return etree.DTD(file)


class _Validation:
    """The state of a validation: it is fed with bytes, and holds one unit at a time and the findings.

    Args:
        path: the file, for messages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # In recovery mode the parser continues after an error, so that one run reports all errors. The stubs of lxml
        # know neither its events nor its log.
        self._parser: Any = etree.XMLPullParser(
            ("start", "end"),
            recover=True,
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            huge_tree=False,
        )
        self._root: etree._Element | None = None
        self._source: str | None = None
        self._segtype: str | None = None
        self._before_1_4 = False
        self._units = self._xml_errors = 0
        self._findings: list[Finding] = []
        self._first_seen = FirstSeen()
        self._frame = etree.fromstring(
            '<tmx version="1.4"><header creationtool="" creationtoolversion="" segtype="sentence" o-tmf="" '
            'adminlang="" srclang="" datatype=""/><body/></tmx>'
        )

    def close(self) -> None:
        """Remove the temporary table."""
        self._first_seen.close()

    def feed(self, chunk: bytes) -> bool:
        """Check the elements that the next part of the file completes; return False if validation should stop."""
        self._parser.feed(chunk)
        for event, element in self._parser.read_events():
            if event == "start":
                if self._root is None:
                    self._start(element)
            else:
                self._end(element)
        return len(self._parser.feed_error_log) < _MAXIMUM_XML_ERRORS

    def finish(self) -> None:
        """Check the elements around the units."""
        if self._root is None:
            raise InvalidTMX(f"{self._path}: {self._why_not_xml()}")
        with suppress(etree.XMLSyntaxError):  # it is in the log
            self._parser.close()
        for event, element in self._parser.read_events():
            if event == "end":
                self._end(element)

    def take_findings(self) -> list[Finding]:
        """Return the findings since the last call, in the order of lines."""
        self._findings += self._xml_findings()
        found, self._findings = sorted(self._findings, key=lambda finding: finding.line), []
        return found

    def _start(self, root: etree._Element) -> None:
        """Refuse XML other than TMX, and entity declarations; check the version."""
        self._root = root
        if root.tag != "tmx":
            raise InvalidTMX(f"{self._path}: the root element is {root.tag}, not tmx; export it as TMX 1.4")
        dtd: Any = root.getroottree().docinfo.internalDTD
        if dtd is not None and any(True for _ in dtd.iterentities()):
            raise InvalidTMX(
                f"{self._path}: the file declares entities, which can include other files or exhaust memory; "
                "export it again with the characters themselves"
            )
        version = root.get("version")
        if version != "1.4":
            found = "no version" if version is None else f'version "{version}"'
            message = f'{found}; tools that check TMX refuse it: export it as version "1.4"'
            self._findings.append(Finding(line_of(root), None, Severity.ERROR, message))
            root.set("version", "1.4")  # so that the DTD does not report it again
            self._before_1_4 = version in ("1.1", "1.2", "1.3")

    def _end(self, element: etree._Element) -> None:
        """Check what is complete: the header, the units before the one that ended, or everything around the units."""
        parent = element.getparent()
        if element.tag == "header" and parent is self._root:
            self._source, self._segtype = element.get("srclang"), element.get("segtype")
            self._findings += check_header(element)
        elif element.tag == "body" and parent is self._root:
            self._check_units(element, 0)
        elif element is self._root:
            self._validate(element, None, line_of(element))
        elif parent is not None and parent.tag == "body" and parent.getparent() is self._root:
            # lxml still needs the element whose end it reports, not those before it.
            self._check_units(parent, 1)

    def _check_units(self, body: etree._Element, remaining: int) -> None:
        """Check and remove the children of the body, except the last few."""
        while len(body) > remaining:
            child = body[0]
            if child.tag == "tu":
                self._check_unit(child)
            else:
                self._check_by_dtd(child, None)

    def _check_unit(self, unit: etree._Element) -> None:
        self._units += 1
        tuid = unit.get("tuid")
        name = f"{self._units} ({tuid})" if tuid else str(self._units)
        if self._before_1_4:
            _rename_lang(unit)
        self._findings += check_unit(unit, name, self._source)
        line = line_of(unit)
        if tuid and (earlier := self._first_seen.number(["tuid", tuid], line)):
            message = (
                f"tuid {tuid} was used in line {earlier}; tools that update by tuid keep only one unit: use another "
                "tuid"
            )
            self._findings.append(Finding(line, name, Severity.WARNING, message))
        self._findings += self._repetition(unit, name, line)
        self._check_by_dtd(unit, name)

    def _repetition(self, unit: etree._Element, name: str, line: int) -> Iterator[Finding]:
        """Report a unit that repeats the texts of an earlier unit, or its source text with another translation."""
        context = _context(unit, self._segtype)
        texts = _texts(unit)
        if earlier := self._first_seen.number(["texts", *sorted(texts), *context], line):
            message = f"the same texts as the unit in line {earlier}, in the same context: remove one"
            yield Finding(line, name, Severity.WARNING, message)
            return
        source = f"{(unit.get('srclang') or self._source or '').lower()}\t"
        own = [text for text in texts if text.startswith(source)]
        if own and (earlier := self._first_seen.number(["source", *own, *context], line)):
            message = (
                f"the same source text as in line {earlier}, with another translation; OmegaT keeps one of them: "
                "put the better one last, or add their contexts"
            )
            yield Finding(line, name, Severity.NOTE, message)

    def _check_by_dtd(self, child: etree._Element, name: str | None) -> None:
        """Check a child of the body, on its own in an otherwise valid TMX file, and remove it."""
        body = self._frame[1]
        body.append(child)
        self._validate(self._frame, name, line_of(child))
        body.remove(child)

    def _validate(self, tmx: etree._Element, name: str | None, line: int) -> None:
        dtd: Any = _dtd()
        if not dtd.validate(tmx):
            self._findings += [
                Finding(
                    max(entry.line, line),
                    name,
                    Severity.ERROR,
                    f"breaks the TMX 1.4 DTD: {entry.message.strip()}; OmegaT 6 refuses the whole file",
                )
                for entry in dtd.error_log
            ]

    def _xml_findings(self) -> list[Finding]:
        """Return what the parser could not read since the last call."""
        entries = [
            entry
            for entry in self._parser.feed_error_log
            if entry.level > etree.ErrorLevels.WARNING or entry.type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY
        ][:_MAXIMUM_XML_ERRORS]
        findings = [
            Finding(
                entry.line,
                None,
                Severity.ERROR,
                f"not well-formed XML ({entry.message}); OmegaT drops the whole file: correct this line",
            )
            for entry in entries[self._xml_errors :]
        ]
        if findings and len(entries) == _MAXIMUM_XML_ERRORS:
            message = f"reading stopped here, after {_MAXIMUM_XML_ERRORS} such errors: export the file again"
            findings.append(Finding(findings[-1].line, None, Severity.ERROR, message))
        self._xml_errors = len(entries)
        return findings

    def _why_not_xml(self) -> str:
        """Say why there is no root element."""
        log = self._parser.feed_error_log
        if not len(log):
            return "the file is empty; export it again"
        return f"this is not an XML file ({log[0].message}); use a TMX file, plain or compressed with gzip"


def _rename_lang(unit: etree._Element) -> None:
    """Rename lang of each tuv, as it was called before TMX 1.3, to xml:lang."""
    for variant in unit.iterfind("tuv"):
        if "lang" in variant.attrib and XML_LANG not in variant.attrib:
            variant.set(XML_LANG, variant.attrib.pop("lang"))


def _texts(unit: etree._Element) -> list[str]:
    """Return the texts of a unit, each preceded by its language."""
    return [
        f"{(variant.get(XML_LANG) or '').lower()}\t{text_of(segment)}"
        for variant in unit.iterfind("tuv")
        for segment in variant.iterfind("seg")
    ]


def _context(unit: etree._Element, segtype: str | None) -> list[str]:
    """Return the context of a unit: the props that give its place, and whether it is a paragraph or a sentence."""
    properties = [
        f"{kind}\t{prop.text}" for prop in unit.iter("prop") if _is_context(kind := prop.get("type", ""))
    ]
    return [unit.get("segtype", segtype or ""), *sorted(properties)]


@lru_cache(maxsize=1000)
def _is_context(kind: str) -> bool:
    return any(word in kind for word in _CONTEXT_WORDS)
