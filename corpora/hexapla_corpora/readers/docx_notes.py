"""Footnotes and endnotes of Word files: their texts, and their marks, numbered in reading order."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from hexapla_corpora.readers.docx_number_formats import format_number
from hexapla_corpora.readers.docx_package import Package, W
from hexapla_corpora.readers.docx_styles import value
from hexapla_corpora.readers.typography import superscript_mark

_KINDS = ("footnote", "endnote")
_DEFAULT_FORMATS = {"footnote": "decimal", "endnote": "lowerRoman"}


class Notes:
    """The notes of a document, in the order of their references in the text."""

    def __init__(self, package: Package, body: _Element) -> None:
        self._elements: dict[tuple[str, str], _Element] = {}
        self._marks: dict[tuple[str, str], str] = {}
        self._referred: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        self._formats: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        for kind in _KINDS:
            self._load(package, kind)
            self._configure(package, kind, body)

    def refer(self, kind: str, identifier: str, own_mark: str | None) -> str:
        """Record a reference to a note; return the mark of the note in superscript characters."""
        key = kind, identifier
        if key not in self._elements or key in self._marks:
            return self._marks.get(key, "")
        if own_mark is None:
            mark = format_number(self._counts[kind], self._formats[kind])
            self._counts[kind] += 1
        else:
            mark = own_mark
        self._marks[key] = superscript_mark(mark)
        self._referred[kind].append(identifier)
        return self._marks[key]

    def texts(self) -> Iterator[tuple[str, _Element]]:
        """Yield the mark and element of each note referred to: footnotes, endnotes, and notes referred to in notes."""
        given = dict.fromkeys(_KINDS, 0)
        while kind := next((kind for kind in _KINDS if given[kind] < len(self._referred[kind])), None):
            key = kind, self._referred[kind][given[kind]]
            given[kind] += 1
            yield self._marks[key], self._elements[key]

    def _load(self, package: Package, kind: str) -> None:
        for name in package.related(package.document, kind + "s"):
            root = package.part(name)
            for element in () if root is None else root.iterchildren(W + kind):
                if element.get(W + "type", "normal") == "normal":
                    self._elements[kind, element.get(W + "id", "")] = element

    def _configure(self, package: Package, kind: str, body: _Element) -> None:
        self._formats[kind], self._counts[kind] = _DEFAULT_FORMATS[kind], 1
        settings = [package.part(name) for name in package.related(package.document, "settings")]
        holders = [*settings, *body.iter(W + "sectPr")][: len(settings) + 1]
        for holder in holders:
            properties = None if holder is None else holder.find(f"{W}{kind}Pr")
            if properties is not None:
                self._formats[kind] = value(properties.find(W + "numFmt")) or self._formats[kind]
                start = value(properties.find(W + "numStart"))
                self._counts[kind] = int(start) if start and start.isdecimal() else self._counts[kind]
