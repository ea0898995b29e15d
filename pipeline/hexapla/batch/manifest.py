"""The manifest of a batch: which documents it has, and which files are their language versions.

A manifest is a table (.tsv, .jsonl or .parquet) or a pattern of file names. Every form is read as rows of cells, and
each row becomes one entry.
"""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hexapla.errors import InputError, InvalidManifest
from hexapla.formats.csv_table import rows_of
from hexapla.inputs import Input
from hexapla.memory.additions.document_name import common_name
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag
from hexapla_corpora.text_encoding import LONE_SURROGATE

NAME_COLUMNS = ("document", "symbol")  # columns that name the document
_NAMES_TEXT = " and ".join(map(repr, NAME_COLUMNS))
_ROWS_AT_ONCE = 10_000  # rows of a Parquet table that are held as Python objects
_FIELDS = {
    "{symbol}": r"(?P<symbol>[^/\\]+)",
    "{lang}": r"(?P<lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)",
    "*": r"[^/\\]*",
}
_FIELD = re.compile(r"(\{symbol\}|\{lang\}|\*)")

Cells = Mapping[str, Any]
PlacedCells = Iterator[tuple[str, Cells]]
"""Rows of a manifest: where each is, for messages, and its cells by column."""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """A document of a manifest.

    Attributes:
        document: its name in the memory: the one that the manifest gives, else the common name of its files.
        inputs: its language versions.
    """

    document: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class BatchManifest:
    """The documents of a batch. Each iteration reads the manifest again, so that the entries are not held in memory.

    Attributes:
        name: file or pattern, as given by the user.
        count: number of documents.
        read: returns the documents in the order of the manifest.
    """

    name: str
    count: int
    read: Callable[[], Iterator[ManifestEntry]]

    def __iter__(self) -> Iterator[ManifestEntry]:
        """Return the documents in their order."""
        return self.read()


def open_manifest(name: str) -> BatchManifest:
    """Read a whole manifest, so that errors in it are found before any work is done.

    Args:
        name: a .tsv, .csv, .jsonl or .parquet file with one document per row and one column per language. The column
            `document` or `symbol` may name the document; paths are relative to the folder of the file. Or a pattern of
            file names such as `docs/{symbol}.{lang}.docx`.

    Returns:
        The documents.

    Raises:
        InvalidManifest: the manifest cannot be read or has an error; the message names the line.
    """
    rows, folder = _reader(name)

    def read() -> Iterator[ManifestEntry]:
        return (_entry(place, cells, folder) for place, cells in rows())

    places: dict[str, str] = {}
    for (place, _), entry in zip(rows(), read(), strict=True):
        other = places.setdefault(entry.document, place)
        if other is not place:
            raise InvalidManifest(
                f"{place}: the document {entry.document!r} is also in {other}: give each document its own name in a "
                "column `document`."
            )
    if not places:
        raise InvalidManifest(
            f"{name} names no documents: write one per row, with a column for each language."
        )
    return BatchManifest(name, len(places), read)


def _reader(name: str) -> tuple[Callable[[], PlacedCells], Path]:
    """Function that returns the rows of a manifest, and the folder to which its paths are relative."""
    if is_pattern(name):
        found = list(pattern_rows(name))
        return lambda: iter(found), Path()
    path = Path(name)
    readers = {".tsv": _tsv_rows, ".csv": _csv_rows, ".jsonl": _jsonl_rows, ".parquet": _parquet_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InvalidManifest(
            f"{path}: a manifest is a file ending in {', '.join(readers)}, or a pattern such as "
            "docs/{symbol}.{lang}.docx."
        )
    return lambda: reader(path), path.parent


def _entry(place: str, cells: Cells, folder: Path) -> ManifestEntry:
    """Document of a row."""
    wrong = next((value for value in cells.values() if not isinstance(value, str | None)), None)
    if wrong is not None:
        raise InvalidManifest(f"{place}: {wrong!r} is not a string: write paths and names as strings.")
    broken = next((value for value in cells.values() if value and LONE_SURROGATE.search(value)), None)
    if broken is not None:
        raise InvalidManifest(f"{place}: {broken!r} is not valid UTF-8: rename the file.")
    filled = {column: value.strip() for column, value in cells.items() if value and value.strip()}
    names = [filled.pop(column) for column in NAME_COLUMNS if column in filled]
    if len(names) > 1:
        raise InvalidManifest(
            f"{place}: there are two names, {names[0]!r} and {names[1]!r}: keep one of the columns "
            f"{_NAMES_TEXT}."
        )
    if not filled:
        raise InvalidManifest(f"{place}: no file is named: write a path in the column of a language.")
    inputs = tuple(Input(folder / path, _language(place, column)) for column, path in filled.items())
    return ManifestEntry(names[0] if names else common_name([item.path for item in inputs]), inputs)


def _language(place: str, column: str) -> str:
    try:
        return _tag(column)
    except UnknownLanguage as error:
        raise InvalidManifest(
            f"{place}: the column {column!r} is neither a language nor one of {_NAMES_TEXT}: {error}."
        ) from error


_tag = cache(normalise_tag)  # called for each row


def _tsv_rows(path: Path) -> PlacedCells:
    return _table_rows((place, line.split("\t")) for place, line in _lines(path))


def _csv_rows(path: Path) -> PlacedCells:
    try:
        yield from _table_rows((f"{path}, line {number}", cells) for number, cells in rows_of(path))
    except InvalidManifest:
        raise
    except InputError as error:
        raise InvalidManifest(str(error)) from error


def _table_rows(lines: Iterator[tuple[str, list[str]]]) -> PlacedCells:
    first = next(lines, None)
    if first is None:
        return
    place, header = first[0], [column.strip() for column in first[1]]
    twice = [column for number, column in enumerate(header) if column in header[:number]]
    if twice:
        raise InvalidManifest(f"{place}: the column {twice[0]!r} appears twice: keep one of them.")
    for place, cells in lines:
        if len(cells) != len(header):
            raise InvalidManifest(
                f"{place}: there are {len(cells)} cells, and the header has {len(header)}: give each row as many."
            )
        yield place, dict(zip(header, cells, strict=True))


def _jsonl_rows(path: Path) -> PlacedCells:
    for place, line in _lines(path):
        try:
            cells = json.loads(line)
        except json.JSONDecodeError as error:
            raise InvalidManifest(f"{place}: this is not valid JSON ({error}).") from error
        if not isinstance(cells, dict):
            raise InvalidManifest(
                f'{place}: this is not a JSON object: write {{"document": NAME, "en": PATH, ...}}.'
            )
        yield place, cells


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Lines that are not blank, each with its place."""
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if text.strip():
                    yield f"{path}, line {number}", text
    except OSError as error:
        raise InvalidManifest(f"{path} cannot be read ({error.strerror}): check the name.") from error
    except UnicodeDecodeError as error:
        raise InvalidManifest(
            f"{path}, line {number}: this is not valid UTF-8: convert the file to UTF-8."
        ) from error


def _parquet_rows(path: Path) -> PlacedCells:
    import polars as pl

    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InvalidManifest(f"{path} cannot be read as Parquet ({error}): check the file.") from error
    number = 0
    for rows in frame.iter_slices(_ROWS_AT_ONCE):
        for cells in rows.iter_rows(named=True):
            number += 1
            yield f"{path}, row {number}", cells


def is_pattern(name: str) -> bool:
    """Return whether this is a pattern rather than a file."""
    return "{symbol}" in name or "{lang}" in name


def pattern_rows(pattern: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Find the documents whose files match a pattern.

    Args:
        pattern: a path with {symbol} and {lang}, once each; an asterisk matches anything within a name.

    Yields:
        tuple[str, dict[str, str]]: where the row comes from, and its paths by language, with the name as `symbol`.

    Raises:
        InvalidManifest: a field is missing, no file matches, or two files belong to one document and language.
    """
    if any(pattern.count(field) != 1 for field in ("{symbol}", "{lang}")):
        raise InvalidManifest(f"{pattern}: a pattern must contain {{symbol}} and {{lang}}, once each.")
    documents: dict[str, dict[str, str]] = {}
    for path, symbol, language in _matches(pattern):
        other = documents.setdefault(symbol, {}).setdefault(language, path)
        if other is not path:
            raise InvalidManifest(
                f"{pattern}: {other} and {path} both belong to the document {symbol!r} in {language!r}: make the "
                "pattern match only one of them."
            )
    if not documents:
        raise InvalidManifest(f"{pattern}: no file matches: check the folder and the pattern.")
    for symbol in sorted(documents):
        yield f"{pattern}, document {symbol!r}", {"symbol": symbol, **documents[symbol]}


def _matches(pattern: str) -> Iterator[tuple[str, str, str]]:
    """Files that match a pattern, with the symbol and language of each."""
    parts = _FIELD.split(str(Path(pattern)))
    expression = re.compile("".join(_FIELDS.get(part, re.escape(part)) for part in parts))
    wildcards = "".join("*" if part in _FIELDS else glob.escape(part) for part in parts)
    for path in sorted(glob.glob(wildcards)):  # noqa: PTH207 - Path.glob cannot start from the root
        if found := expression.fullmatch(path):
            yield path, found["symbol"], found["lang"]
