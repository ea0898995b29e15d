"""Files changed at random: bytes, the tree of an XML file, the parts of an archive."""

from __future__ import annotations

import gzip
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from random import Random
from typing import Any, cast

from lxml import etree

Mutation = Callable[[bytes, Random], bytes]

_TOKEN = re.compile(rb"[A-Za-z]+|[0-9]+|\s+|.", re.DOTALL)
_VALUES = (
    "", " ", "0", "-1", "1", "2", "99999999999999999999", "1e999", "NaN", "inf", "0x10", "1048577", "A0", "XFE1",
    "zz-zz-zz", "x" * 3000, "é\u202e\u200f", "=1+1", "_x000B_", "_xD83D_", "<b1>", "</b1>", "<x1/>", "&#0;", "true",
    "20269999T999999Z", "0001-01-01T00:00:00Z", "../../etc/passwd", "\ufffd", "en", "EN", "i-default", "rejected",
)  # fmt: skip
_BYTES = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"-->",
    b"\r",
    b"\n",
)
_DOCTYPES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    b'<!DOCTYPE x SYSTEM "http://localhost:9/none.dtd">',
    b'<!DOCTYPE x [<!ATTLIST x y CDATA "default">]>',
)


def mutate_bytes(data: bytes, chance: Random) -> bytes:
    """Change some bytes: replace, remove, add or reorder them, or truncate the data."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.choice((1, 2, 8, 64, 512)))
        match chance.randrange(6):
            case 0:
                changed[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end] * chance.randint(1, 4)
            case 3:
                changed[start:start] = chance.choice(_BYTES)
            case 4:
                changed[start : start + 1] = bytes(
                    [(changed[start] if start < len(changed) else 0) ^ 1 << chance.randrange(8)]
                )
            case _:
                del changed[chance.randrange(len(changed) // 2, len(changed) + 1) :]
    return bytes(changed)


def mutate_tokens(data: bytes, chance: Random) -> bytes:
    """Change words, numbers and signs of a text: replace, repeat or remove them."""
    tokens = _TOKEN.findall(data)
    for _ in range(chance.choice((1, 2, 5))):
        if not tokens:
            break
        place = chance.randrange(len(tokens))
        match chance.randrange(4):
            case 0:
                tokens[place] = chance.choice(_VALUES).encode("utf-8")
            case 1:
                tokens[place] = chance.choice(tokens)
            case 2:
                tokens[place : place + chance.randint(1, 9)] = []
            case _:
                tokens[place:place] = tokens[place : place + chance.randint(1, 9)]
    return b"".join(tokens)


def mutate_xml(data: bytes, chance: Random) -> bytes:
    """Change the tree of an XML file, or its bytes if it is not XML."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return mutate_bytes(data, chance)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        elements = [each for each in root.iter() if isinstance(cast(Any, each.tag), str)]
        _mutate_element(chance.choice(elements), elements, chance)
    encoding = chance.choice(("utf-8",) * 6 + ("utf-16", "iso-8859-1", "us-ascii"))
    changed = cast(bytes, etree.tostring(root, encoding=encoding, xml_declaration=True))
    if chance.random() < 0.04:
        changed = changed.replace(b"?>", b"?>" + chance.choice(_DOCTYPES), 1)
    return mutate_bytes(changed, chance) if chance.random() < 0.1 else changed


def _mutate_element(element: etree._Element, elements: Sequence[etree._Element], chance: Random) -> None:
    parent = element.getparent()
    match chance.randrange(10):
        case 0 if parent is not None:
            parent.remove(element)
        case 1 if parent is not None:
            for _ in range(chance.choice((1, 2, 20))):
                parent.append(deepcopy(element))
        case 2:
            other = chance.choice(elements)
            if other is not element and other not in list(element.iterancestors()):
                element.append(other)
        case 3:
            element.tag = chance.choice((chance.choice(elements).tag, "new", "{urn:other}x"))
        case 4 | 5 if element.attrib:
            name = chance.choice([str(name) for name in element.attrib])
            if chance.random() < 0.3:
                del element.attrib[name]
            else:
                _give(element, name, chance)
        case 6:
            _give(
                element,
                chance.choice(("id", "i", "x", "r", "t", "type", "pos", "ref", "srclang", "xmlns")),
                chance,
            )
        case 7:
            element.text = _value(chance)
        case 8:
            element.tail = _value(chance)
        case _:
            inner = element
            for _ in range(chance.choice((1, 3, 300))):
                inner = etree.SubElement(inner, chance.choice(elements).tag)


def _give(element: etree._Element, name: str, chance: Random) -> None:
    with suppress(ValueError):  # lxml reads an undeclared prefix, but does not write one
        element.set(name, _value(chance))


def _value(chance: Random) -> str:
    value = chance.choice(_VALUES)
    return value + chance.choice(_VALUES) if chance.random() < 0.2 else value


def mutate_zip(data: bytes, chance: Random) -> bytes:
    """Change a part of an archive, or the archive itself."""
    parts = _parts(data)
    if not parts or chance.random() < 0.15:
        return mutate_bytes(data, chance)
    for _ in range(chance.choice((1, 1, 2))):
        sheets = (
            [place for place, (name, _) in enumerate(parts) if "sheet" in name]
            if chance.random() < 0.7
            else []
        )
        place = chance.choice(sheets or range(len(parts)))
        name, content = parts[place]
        match chance.randrange(12):
            case 0:
                del parts[place]
            case 1:
                parts[place] = (chance.choice(("x.xml", "../" + name, "/" + name, name.upper())), content)
            case 2:
                parts.append((name, content))
            case 3:
                parts[place] = (name, mutate_bytes(content, chance))
            case 4:
                parts[place] = (name, mutate_tokens(content, chance))
            case _:
                parts[place] = (name, mutate_xml(content, chance))
        if not parts:
            break
    packed = io.BytesIO()
    method = chance.choice(
        (zipfile.ZIP_DEFLATED,) * 5 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    )
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", method) as archive:
        warnings.simplefilter("ignore")  # about duplicate names
        for name, content in parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, content)
    return packed.getvalue()


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    """Return the names and contents of the parts of an archive; none if it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]
    except Exception:
        return []


def mutate_gzip(data: bytes, chance: Random) -> bytes:
    """Change the content of a compressed file, or the compressed bytes."""
    try:
        content = gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return mutate_bytes(data, chance)
    if chance.random() < 0.4:
        return mutate_bytes(data, chance)
    return gzip.compress(mutate_xml(content, chance), mtime=0)


def mutations_of(suffix: str) -> tuple[Mutation, ...]:
    """Return the ways to change a file of a format; the more effective ones occur several times."""
    if suffix == ".xlsx":
        return (mutate_zip,)
    if suffix.endswith(".zip"):
        return (mutate_zip, mutate_bytes)
    if suffix.endswith(".gz"):
        return (mutate_gzip,)
    if suffix in (".tmx", ".xlf", ".xliff"):
        return (mutate_xml, mutate_xml, mutate_xml, mutate_tokens, mutate_bytes)
    return (mutate_tokens, mutate_bytes)
