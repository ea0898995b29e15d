"""The elements of a TMX 1.4 file, and the one writer of them.

Standard: TMX 1.4b (GALA/LISA OSCAR, 2005-04-26). Elements are made as text, which takes a fraction of the time that a
tree takes. Nothing is indented inside a segment, where white space would be text.
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
# All but what may stand as it is: references for what XML reads otherwise, nothing for what it forbids (XML 1.0, 2.2).
_TEXT = re.compile("[^\t\n\x20-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VALUE = re.compile("[^\x20!#-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {
    character: f"&#{ord(character)};" for character in "\t\n\r"
}


@dataclass(frozen=True, slots=True)
class Header:
    """The header: what made the file, and what holds for units that do not say otherwise.

    Attributes:
        version: of hexapla.
        segtype: level of the units.
        source: code of the source language.
        created: date of the file, or None.
        properties: texts of its props by type.
    """

    version: str
    segtype: str
    source: str
    created: datetime | None
    properties: Mapping[str, str | None]


class TmxStream:
    """A TMX file that is being written.

    Args:
        stream: gets the bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, xml: str) -> None:
        """Write an element."""
        self._stream.write(xml.encode())


@contextmanager
def open_tmx(path: Path, header: Header) -> Iterator[TmxStream]:
    """Open a TMX file for writing, so that it is whole or not there at all.

    Args:
        path: the output, .tmx or .tmx.gz.
        header: its header.

    Yields:
        TmxStream: takes the units.

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
    """A tu.

    Args:
        variants: its tuv elements.
        attributes: by name; those without a value are left out.
        remarks: its props and notes.

    Returns:
        XML.
    """
    return f"<tu{_attributes(attributes)}>\n{''.join(remarks)}{''.join(variants)}</tu>\n"


def variant_xml(
    language: str,
    segment: str,
    remarks: Iterable[str] = (),
    attributes: Mapping[str, str | None] | None = None,
) -> str:
    """A tuv.

    Args:
        language: BCP 47 tag.
        segment: content of its seg, see `text_xml`.
        remarks: its props and notes.
        attributes: others, by name; those without a value are left out.

    Returns:
        XML.
    """
    others = _attributes(attributes) if attributes else ""
    return f'  <tuv xml:lang="{_code(language)}"{others}>\n{"".join(remarks)}    <seg>{segment}</seg>\n  </tuv>\n'


def props_xml(values: Mapping[str, str | None]) -> list[str]:
    """A prop for every value that is there.

    Args:
        values: by type, of which each is a name that needs no reference.

    Returns:
        XML of each.
    """
    return [
        f'    <prop type="{name}">{_TEXT.sub(_reference, text)}</prop>\n'
        for name, text in values.items()
        if text
    ]


def remark_xml(tag: str, text: str, attributes: Mapping[str, str]) -> str:
    """A prop or note with any attributes."""
    return f"    <{tag}{_attributes(attributes)}>{text_xml(text)}</{tag}>\n"


def text_xml(text: str) -> str:
    """A text as content of an element, without the characters that XML forbids."""
    return _TEXT.sub(_reference, text)


@lru_cache(maxsize=1024)  # units of one commit have the same
def date_text(date: datetime | None) -> str | None:
    """A date as TMX writes it, in UTC; one without a time zone is taken as local time."""
    # strftime writes years before 1000 with fewer figures
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
