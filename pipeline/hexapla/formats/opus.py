"""Units as OPUS has them: an XCES file of links, and a document of sentences for each of two languages.

OPUS and its tools name the sentences of both documents by numbers from 1; a link lists those of the source, a semicolon
and those of the target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from lxml import etree

from hexapla.formats.io.output import open_output
from hexapla.formats.io.xml_text import clean_text
from hexapla.formats.protocols import UnitProblem, WriteOptions, Written
from hexapla.formats.unit_selection import pair_of, selected, with_languages
from hexapla.units import Unit

DOCTYPE = '<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">'


def write_xces(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write links, and beside `NAME.xces` the documents `NAME.SRC.xml` and `NAME.TGT.xml`.

    Args:
        units: in the order in which they are written.
        path: the file of links.
        options: must leave two languages.

    Returns:
        What was done.

    Raises:
        OutputError: there are not two languages, or a file cannot be written.
    """
    languages, units = with_languages(units, options)
    pair = pair_of(languages, path)
    documents = tuple(path.with_suffix(f".{language}.xml") for language in pair)
    left_out: list[UnitProblem] = []
    count = 0
    with ExitStack() as stack:
        bodies = [stack.enter_context(_document(document)) for document in documents]
        links = stack.enter_context(_links(path, documents))
        for unit in selected(units, pair, path, left_out):
            texts = [clean_text(unit.texts[language]) for language in pair]
            if not all(texts):
                reason = "of a text nothing is left in one line without control characters"
                left_out.append(UnitProblem(path, None, unit.id, reason))
                continue
            count += 1
            for body, text in zip(bodies, texts, strict=True):
                _write(body, "s", {"id": str(count)}, text)
            certainty = f"{unit.probability:.4f}"
            _write(
                links,
                "link",
                {"id": clean_text(unit.id), "xtargets": f"{count};{count}", "certainty": certainty},
            )
    return Written(count, tuple(left_out), (path, *documents))


@contextmanager
def _document(path: Path) -> Iterator[Any]:
    """A document of sentences, open where they are written."""
    with open_output(path) as stream, etree.xmlfile(stream, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("text"), xml.element("body"):
            xml.write("\n")
            yield xml


@contextmanager
def _links(path: Path, documents: Sequence[Path]) -> Iterator[Any]:
    """A file of links, open where they are written."""
    source, target = (document.name for document in documents)
    with open_output(path) as stream, etree.xmlfile(stream, encoding="utf-8") as xml:
        xml.write_declaration()
        xml.write_doctype(DOCTYPE)
        with xml.element("cesAlign", version="1.0"):
            xml.write("\n")
            with xml.element("linkGrp", targType="s", fromDoc=source, toDoc=target):
                xml.write("\n")
                yield xml


def _write(xml: Any, tag: str, attributes: dict[str, str], text: str | None = None) -> None:  # noqa: ANN401
    element = etree.Element(tag, attributes)
    element.text = text
    element.tail = "\n"
    xml.write(element)


def write_moses(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write `NAME.SRC-TGT.SRC` and `NAME.SRC-TGT.TGT` for `NAME.moses`; see `hexapla.formats.protocols.UnitWriter`."""
    languages, units = with_languages(units, options)
    pair = pair_of(languages, path)
    stem = path.stem.removesuffix(f".{'-'.join(pair)}")
    files = tuple(path.with_name(f"{stem}.{'-'.join(pair)}.{language}") for language in pair)
    left_out: list[UnitProblem] = []
    count = 0
    with open_output(files[0]) as source, open_output(files[1]) as target:
        for unit in selected(units, pair, path, left_out):
            texts = [clean_text(unit.texts[language]) for language in pair]
            if not all(texts):
                reason = "of a text nothing is left in one line without control characters"
                left_out.append(UnitProblem(path, None, unit.id, reason))
                continue
            source.write(f"{texts[0]}\n".encode())
            target.write(f"{texts[1]}\n".encode())
            count += 1
    return Written(count, tuple(left_out), files)
