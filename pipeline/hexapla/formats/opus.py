"""Units in the formats of the OPUS corpora: links in XCES with a document of sentences per language, or Moses text.

OPUS and its tools number the sentences of both documents from 1; a link lists those of the source, a semicolon, and
those of the target.
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
_NOTHING_LEFT = "one of its texts is empty once control characters and line breaks are removed"


def write_xces(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write the links to `NAME.xces`, and the documents to `NAME.SRC.xml` and `NAME.TGT.xml` next to it.

    Args:
        units: the units, in the order in which they are written.
        path: the file of links.
        options: options of the writer; exactly two languages must result.

    Returns:
        What was written.

    Raises:
        OutputError: there are not exactly two languages, or a file cannot be written.
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
                left_out.append(UnitProblem(path, None, unit.id, _NOTHING_LEFT))
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
    """Open a document of sentences; the sentences are written in its body."""
    with open_output(path) as stream, etree.xmlfile(stream, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("text"), xml.element("body"):
            xml.write("\n")
            yield xml


@contextmanager
def _links(path: Path, documents: Sequence[Path]) -> Iterator[Any]:
    """Open a file of links; the links are written in its group."""
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
                left_out.append(UnitProblem(path, None, unit.id, _NOTHING_LEFT))
                continue
            source.write(f"{texts[0]}\n".encode())
            target.write(f"{texts[1]}\n".encode())
            count += 1
    return Written(count, tuple(left_out), files)
