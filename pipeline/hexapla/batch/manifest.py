"""Manifests: which documents a batch has, and which files are their language versions."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hexapla.alignment.align import Input
from hexapla.errors import InvalidManifest
from hexapla.memory.additions.document_name import common_name
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag
from hexapla_corpora.text_encoding import LONE_SURROGATE

NAME_COLUMNS = ("document", "symbol")  # columns that say what a document is known by
_ROWS_AT_ONCE = 10_000  # rows of a table that are held as Python objects

Cells = Mapping[str, Any]
Rows = Iterator[tuple[str, Cells]]  # where a row stands, and its cells by column


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """A document of a manifest.

    Attributes:
        document: what it is known by in the memory: what the manifest calls it, else the common name of its files.
        inputs: its language versions.
    """

    document: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class BatchManifest:
    """The documents of a batch; to go through them reads the file again, so that their paths are not held.

    Attributes:
        name: file or pattern, as it was given.
        count: number of documents.
        read: gives the documents, in the order of the manifest.
    """

    name: str
    count: int
    read: Callable[[], Iterator[ManifestEntry]]

    def __iter__(self) -> Iterator[ManifestEntry]:
        """The documents, in their order."""
        return self.read()


def open_manifest(name: str) -> BatchManifest:
    """Read a manifest to its end, so that what is wrong in it is known before any work is done.

    Args:
        name: a .tsv, .jsonl or .parquet file with a document a row and a column a language, in which the column
            `document` or `symbol` may say what a document is known by, and paths start from the folder of the file; or
            a pattern of files such as `docs/{symbol}.{lang}.docx`.

    Returns:
        The documents.

    Raises:
        InvalidManifest: it cannot be read, or says something that makes no sense; the message names the line.
    """
    rows, folder = _rows_of(name)

    def read() -> Iterator[ManifestEntry]:
        return (_entry(place, cells, folder) for place, cells in rows())

    lines: dict[str, str] = {}
    for (place, _), entry in zip(rows(), read(), strict=True):
        other = lines.setdefault(entry.document, place)
        if other is not place:
            raise InvalidManifest(
                f"{place}: the document {entry.document!r} is in {other} too: give each a name of its own in a column "
                "`document`."
            )
    if not lines:
        raise InvalidManifest(f"{name} names no document: write one a row, with a column for each language.")
    return BatchManifest(name, len(lines), read)


def _rows_of(name: str) -> tuple[Callable[[], Rows], Path]:
    """What gives the rows of a manifest, and the folder from which its paths start."""
    if is_pattern(name):
        found = list(pattern_rows(name))
        return lambda: iter(found), Path()
    path = Path(name)
    readers = {".tsv": _tsv_rows, ".jsonl": _jsonl_rows, ".parquet": _parquet_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InvalidManifest(
            f"{path}: a manifest ends with {', '.join(readers)}, or is a pattern such as docs/{{symbol}}.{{lang}}.docx."
        )
    return lambda: reader(path), path.parent


def _entry(place: str, cells: Cells, folder: Path) -> ManifestEntry:
    """The document of a row."""
    wrong = next((value for value in cells.values() if not isinstance(value, str | None)), None)
    if wrong is not None:
        raise InvalidManifest(f"{place}: {wrong!r} is no text: write paths and names as texts.")
    broken = next((value for value in cells.values() if value and LONE_SURROGATE.search(value)), None)
    if broken is not None:
        raise InvalidManifest(f"{place}: {broken!r} is not UTF-8: rename the file.")
    said = {column: value.strip() for column, value in cells.items() if value and value.strip()}
    names = [said.pop(column) for column in NAME_COLUMNS if column in said]
    if len(names) > 1:
        raise InvalidManifest(
            f"{place}: there are two names, {names[0]!r} and {names[1]!r}: keep one of the columns {NAME_COLUMNS}."
        )
    if not said:
        raise InvalidManifest(f"{place}: no file is named: write a path in the column of a language.")
    inputs = tuple(Input(folder / path, _language(place, column)) for column, path in said.items())
    return ManifestEntry(names[0] if names else common_name([item.path for item in inputs]), inputs)


def _language(place: str, column: str) -> str:
    try:
        return _tag(column)
    except UnknownLanguage as error:
        raise InvalidManifest(
            f"{place}: the column {column!r} is neither a language nor one of {NAME_COLUMNS}: {error}."
        ) from error


_tag = cache(normalise_tag)  # asked for in each row


def _tsv_rows(path: Path) -> Rows:
    lines = ((place, line.split("\t")) for place, line in _lines(path))
    first = next(lines, None)
    if first is None:
        return
    place, header = first[0], [column.strip() for column in first[1]]
    twice = [column for number, column in enumerate(header) if column in header[:number]]
    if twice:
        raise InvalidManifest(f"{place}: the column {twice[0]!r} is there twice.")
    for place, cells in lines:
        if len(cells) != len(header):
            raise InvalidManifest(
                f"{place}: there are {len(cells)} cells, and the header has {len(header)}: part them by tabs."
            )
        yield place, dict(zip(header, cells, strict=True))


def _jsonl_rows(path: Path) -> Rows:
    for place, line in _lines(path):
        try:
            cells = json.loads(line)
        except json.JSONDecodeError as error:
            raise InvalidManifest(f"{place}: this is not JSON ({error}).") from error
        if not isinstance(cells, dict):
            raise InvalidManifest(f'{place}: this is no object: write {{"document": NAME, "en": PATH, ...}}.')
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
        raise InvalidManifest(f"{path}, line {number}: this is not UTF-8: convert the file.") from error


def _parquet_rows(path: Path) -> Rows:
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


_FIELDS = {
    "{symbol}": r"(?P<symbol>[^/\\]+)",
    "{lang}": r"(?P<lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)",
    "*": r"[^/\\]*",
}
_PARTS = re.compile(r"(\{symbol\}|\{lang\}|\*)")


def is_pattern(name: str) -> bool:
    """Whether this is a pattern and no file."""
    return "{symbol}" in name or "{lang}" in name


def pattern_rows(pattern: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The documents whose files a pattern finds, as rows of a manifest.

    Args:
        pattern: a path with {symbol} and {lang}, once each; an asterisk stands for anything in a name.

    Yields:
        tuple[str, dict[str, str]]: where the row comes from, and paths by language with the name as `symbol`.

    Raises:
        InvalidManifest: a field is missing, no file is found, or two are of one document and language.
    """
    if any(pattern.count(field) != 1 for field in ("{symbol}", "{lang}")):
        raise InvalidManifest(f"{pattern}: a pattern has {{symbol}} and {{lang}} in it, once each.")
    documents: dict[str, dict[str, str]] = {}
    for path, symbol, language in _found(pattern):
        other = documents.setdefault(symbol, {}).setdefault(language, path)
        if other is not path:
            raise InvalidManifest(
                f"{pattern}: {other} and {path} are of the document {symbol!r} in {language!r}: name one of them."
            )
    if not documents:
        raise InvalidManifest(f"{pattern}: no file has such a name: check the folder and the pattern.")
    for symbol in sorted(documents):
        yield f"{pattern}, document {symbol!r}", {"symbol": symbol, **documents[symbol]}


def _found(pattern: str) -> Iterator[tuple[str, str, str]]:
    """Files that a pattern finds, with symbol and language of each."""
    parts = _PARTS.split(str(Path(pattern)))
    wanted = re.compile("".join(_FIELDS.get(part, re.escape(part)) for part in parts))
    sought = "".join("*" if part in _FIELDS else glob.escape(part) for part in parts)
    for path in sorted(glob.glob(sought)):  # noqa: PTH207 - Path.glob cannot start from the root
        if found := wanted.fullmatch(path):
            yield path, found["symbol"], found["lang"]
