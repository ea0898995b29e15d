"""The elements of a TMX 1.4 file, and a stream that writes them.

Standard: TMX 1.4b (GALA/LISA OSCAR, 2005-04-26). Elements are built as text, which takes a fraction of the time that a
tree would take. Nothing is indented inside a segment, where white space would be part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from hexapla.formats.io.output import open_output

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
DATE_FORMAT, DATE_LENGTH = "%Y%m%dT%H%M%SZ", 16
_START = f'<?xml version="1.0" encoding="utf-8"?>\n{DOCTYPE}\n<tmx version="1.4">\n'
_END = "</body>\n</tmx>\n"
# Characters that cannot be written as they are: some become references, and those that XML forbids are dropped (XML
# 1.0, section 2.2).
_TEXT = re.compile("[^\t\n\x20-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VALUE = re.compile("[^\x20!#-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {
    character: f"&#{ord(character)};" for character in "\t\n\r"
}


@dataclass(frozen=True, slots=True)
class Header:
    """The header: what made the file, and defaults for units.

    Attributes:
        version: version of hexapla.
        segtype: level of the units.
        source: code of the source language.
        created: date of the file, or None.
        properties: texts of the header's props, by type.
    """

    version: str
    segtype: str
    source: str
    created: datetime | None
    properties: Mapping[str, str | None]


class TmxStream:
    """A TMX file that is being written.

    Args:
        stream: receives the bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, xml: str) -> None:
        """Write an element."""
        self._stream.write(xml.encode())


@contextmanager
def open_tmx(path: Path, header: Header) -> Iterator[TmxStream]:
    """Open a TMX file for writing, so that it is written whole or not at all.

    Args:
        path: the output, .tmx or .tmx.gz.
        header: its header.

    Yields:
        TmxStream: accepts the units.

    Raises:
        OutputError: the output cannot be written.
    """
    with open_output(path) as stream:
        tmx = TmxStream(stream)
        tmx.write(f"{_START}{_header(header)}<body>\n")
        yield tmx
        tmx.write(_END)


def unit_xml(
    variants: Iterable[str], attributes: Mapping[str, str | None], remarks: Iterable[str] = ()
) -> str:
    """Return the XML of a tu.

    Args:
        variants: XML of its tuv elements.
        attributes: attributes by name; those without a value are left out.
        remarks: XML of its props and notes.

    Returns:
        The XML.
    """
    return f"<tu{_attributes(attributes)}>\n{''.join(remarks)}{''.join(variants)}</tu>\n"


def variant_xml(
    language: str,
    segment: str,
    remarks: Iterable[str] = (),
    attributes: Mapping[str, str | None] | None = None,
) -> str:
    """Return the XML of a tuv.

    Args:
        language: BCP 47 tag.
        segment: XML inside its seg, see `text_xml`.
        remarks: XML of its props and notes.
        attributes: further attributes by name; those without a value are left out.

    Returns:
        The XML.
    """
    others = _attributes(attributes) if attributes else ""
    return f'  <tuv xml:lang="{_code(language)}"{others}>\n{"".join(remarks)}    <seg>{segment}</seg>\n  </tuv>\n'


def props_xml(values: Mapping[str, str | None]) -> list[str]:
    """Return the XML of a prop for every value that is not empty.

    Args:
        values: texts by type of prop; the types need no escaping.

    Returns:
        The XML of each prop.
    """
    return [
        f'    <prop type="{name}">{_TEXT.sub(_reference, text)}</prop>\n'
        for name, text in values.items()
        if text
    ]


def remark_xml(tag: str, text: str, attributes: Mapping[str, str]) -> str:
    """Return the XML of a prop or note with any attributes."""
    return f"    <{tag}{_attributes(attributes)}>{text_xml(text)}</{tag}>\n"


def text_xml(text: str) -> str:
    """Escape a text for use inside an element, and drop the characters that XML forbids."""
    return _TEXT.sub(_reference, text)


@lru_cache(maxsize=1024)  # the units of a commit have the same date
def date_text(date: datetime | None) -> str | None:
    """Format a date for TMX, in UTC; a date without a time zone is taken as local time."""
    # strftime writes years before 1000 with fewer digits
    return f"{date.astimezone(UTC):{DATE_FORMAT}}".zfill(DATE_LENGTH) if date else None


def _reference(found: re.Match[str]) -> str:
    return _REFERENCES.get(found[0], "")


def _value(text: str) -> str:
    return _VALUE.sub(_reference, text)


@lru_cache(maxsize=1024)
def _code(language: str) -> str:
    return _value(language)


def _attributes(values: Mapping[str, str | None]) -> str:
    return "".join([f' {name}="{_value(value)}"' for name, value in values.items() if value is not None])


def _header(header: Header) -> str:
    attributes = {
        "creationtool": "hexapla",
        "creationtoolversion": header.version,
        "segtype": header.segtype,
        "o-tmf": "hexapla",
        "adminlang": "en",
        "srclang": header.source,
        "datatype": "plaintext",
        "creationdate": date_text(header.created),
    }
    return f"<header{_attributes(attributes)}>\n{''.join(props_xml(header.properties))}</header>\n"
