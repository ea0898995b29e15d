"""A document as an XLIFF file: first written untranslated, then filled with matches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.etree import _Element

from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.xliff.file import Filled, XliffFile
from hexapla.formats.xliff.names import (
    MATCHES,
    METADATA,
    TOOL,
    XLIFF_1,
    XLIFF_2,
    XML_SPACE,
    XliffVersion,
    local,
)
from hexapla.formats.xliff.version1 import NEW
from hexapla.pretranslation import Pretranslation
from hexapla_corpora.document import Block, BlockKind, Segment

_HOLDERS = frozenset(
    {"xliff", "file", "header", "body", "group", "trans-unit", "alt-trans"}
    | {"unit", "matches", "match", "notes", "segment", "ignorable"}
)


def write_document(pretranslation: Pretranslation, path: Path, version: XliffVersion) -> Filled:
    """Write a document with the matches of a memory.

    In XLIFF 1.2 each sentence is a trans-unit, and the sentences of a paragraph are a group. Without a translation, the
    target is a copy of the source with the state "needs translation", since OmegaT shows nothing else. In XLIFF 2.1 a
    paragraph is a unit, its sentences are segments, and the white space between them is kept.

    Args:
        pretranslation: the document and its matches.
        path: the output.
        version: version of XLIFF.

    Returns:
        What was filled.

    Raises:
        OutputError: the file cannot be written.
    """
    root = _version_1(pretranslation) if version is XliffVersion.V1_2 else _version_2(pretranslation)
    file = XliffFile(etree.ElementTree(root), path)
    filled = file.fill(pretranslation.segments, pretranslation.settings.target)
    _lay_out(root, "\n")
    file.write(path)
    return filled


def _blocks(pretranslation: Pretranslation) -> Iterator[tuple[int, Block, list[Segment]]]:
    """Yield the blocks that have sentences, numbered from 1."""
    for number, sentences in groupby(pretranslation.sentences, key=lambda sentence: sentence.block):
        yield number + 1, pretranslation.document.blocks[number], list(sentences)


def _name(pretranslation: Pretranslation) -> str:
    path = pretranslation.document.path
    return legal_text(path.name) if path else "document"


def block_label(block: Block) -> str:
    """Return the kind and number of a block, such as `operative 2`; empty for a plain paragraph without a number."""
    kind = "" if block.kind is BlockKind.PLAIN else block.kind.value
    return " ".join(filter(None, (kind, block.number)))


def _version_1(pretranslation: Pretranslation) -> _Element:
    """Return a document as XLIFF 1.2."""
    root = etree.Element(f"{{{XLIFF_1}}}xliff", nsmap=_named(XLIFF_1), version=XliffVersion.V1_2)
    file = _add(root, "file", original=_name(pretranslation), datatype="plaintext")
    file.set("source-language", pretranslation.document.language)
    file.set("target-language", pretranslation.settings.target)
    body, count = _add(file, "body"), 0
    for number, block, sentences in _blocks(pretranslation):
        group = _add(body, "group", id=f"p{number}")
        for sentence in sentences:
            count += 1
            unit = _add(group, "trans-unit", id=str(count), approved="no")
            unit.set(XML_SPACE, "preserve")
            _add(unit, "source").text = legal_text(sentence.text)
            _add(unit, "target", state=NEW).text = legal_text(sentence.text)
            if label := block_label(block):
                note = _add(unit, "note")
                note.set("from", TOOL)
                note.text = legal_text(label)
    return root


def _version_2(pretranslation: Pretranslation) -> _Element:
    """Return a document as XLIFF 2.1."""
    names = _named(XLIFF_2, mtc=MATCHES, mda=METADATA)
    root = etree.Element(f"{{{XLIFF_2}}}xliff", nsmap=names, version=XliffVersion.V2_1)
    root.set("srcLang", pretranslation.document.language)
    root.set("trgLang", pretranslation.settings.target)
    file = _add(root, "file", id="f1", original=_name(pretranslation))
    for number, block, sentences in _blocks(pretranslation):
        unit = _add(file, "unit", id=f"p{number}", type=f"{TOOL}:{block.kind.replace(' ', '-')}")
        unit.set(XML_SPACE, "preserve")
        if label := block_label(block):
            _add(_add(unit, "notes"), "note", category=f"{TOOL}:kind").text = legal_text(label)
        end = sentences[0].start
        for place, sentence in enumerate(sentences, 1):
            if sentence.start > end:
                _add(_add(unit, "ignorable"), "source").text = legal_text(block.text[end : sentence.start])
            segment = _add(unit, "segment", id=f"s{place}", state="initial")
            _add(segment, "source").text = legal_text(sentence.text)
            end = sentence.end
    return root


def _named(default: str, **others: str) -> Any:  # noqa: ANN401 - lxml-stubs know no default namespace
    return {None: default, **others}


def _add(parent: _Element, name: str, **attributes: str) -> _Element:
    """Append a child in the namespace of its parent."""
    return etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}", attributes)


def _lay_out(element: _Element, line_end: str) -> None:
    """Start a new line for each element that contains no text of its own."""
    if local(element) in _HOLDERS and len(element):
        element.text = f"{line_end} "
        for child in element:
            _lay_out(child, f"{line_end} ")
            child.tail = f"{line_end} "
        element[-1].tail = line_end
