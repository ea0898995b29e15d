"""All formats by suffix, for the rows of an alignment and for the units of a memory.

To add a format, write a module with functions that follow `hexapla.formats.protocols`, and add a line to FORMATS.
Modules are imported only when their format is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

from hexapla.errors import InputError, OutputError
from hexapla.formats.io.output import check_output, output_suffix
from hexapla.formats.protocols import LanguageCheck, RowWriter, UnitReader, UnitWriter, WriteOptions
from hexapla.formats.unit_selection import pair_among
from hexapla.rows import Alignment


@dataclass(frozen=True, slots=True)
class Format:
    """The functions of a format, each as `module:function`, or None if the format does not have it.

    Attributes:
        write_rows: a RowWriter.
        check_languages: a LanguageCheck for its rows.
        read_units: a UnitReader.
        write_units: a UnitWriter.
        holds_units: whether rows are written as units, so that what is counted are units.
    """

    write_rows: str | None = None
    check_languages: str | None = None
    read_units: str | None = None
    write_units: str | None = None
    holds_units: bool = False


_TMX = Format(
    write_rows="hexapla.formats.tmx.rows:write_rows",
    check_languages="hexapla.formats.tmx.rows:check_languages",
    read_units="hexapla.formats.tmx.reader:read_units",
    write_units="hexapla.formats.tmx.writer:write_units",
    holds_units=True,
)
_XLIFF = Format(read_units="hexapla.formats.xliff.units:read_units")
FORMATS: dict[str, Format] = {
    ".tmx": _TMX,
    ".tmx.gz": _TMX,
    ".zip": Format(read_units="hexapla.formats.tmx.reader:read_units"),
    ".jsonl": Format(
        write_rows="hexapla.formats.jsonl:write_rows",
        read_units="hexapla.formats.jsonl:read_units",
        write_units="hexapla.formats.jsonl:write_units",
    ),
    ".html": Format(write_rows="hexapla.formats.html.page:write_rows"),
    ".beads": Format(
        write_rows="hexapla.formats.beads:write_rows", check_languages="hexapla.formats.beads:check_languages"
    ),
    ".xlsx": Format(
        read_units="hexapla.formats.xlsx.reader:read_units",
        write_units="hexapla.formats.xlsx.writer:write_units",
    ),
    ".tsv": Format(
        read_units="hexapla.formats.tsv:read_units", write_units="hexapla.formats.tsv:write_units"
    ),
    ".csv": Format(
        read_units="hexapla.formats.csv_table:read_units", write_units="hexapla.formats.csv_table:write_units"
    ),
    ".parquet": Format(
        read_units="hexapla.formats.parquet:read_units", write_units="hexapla.formats.parquet:write_units"
    ),
    ".xlf": _XLIFF,
    ".xliff": _XLIFF,
    ".moses": Format(write_units="hexapla.formats.opus:write_moses"),
    ".xces": Format(write_units="hexapla.formats.opus:write_xces"),
}
"""Formats by suffix."""

_DEFAULTS = WriteOptions()
ROW_SUFFIXES = tuple(suffix for suffix, each in FORMATS.items() if each.write_rows)
UNIT_SUFFIXES = tuple(suffix for suffix, each in FORMATS.items() if each.write_units)


def check_outputs(outputs: Sequence[Path], inputs: Sequence[Path] = ()) -> None:
    """Refuse outputs of an alignment that cannot be written, before any work is done for them.

    Args:
        outputs: the files; their suffixes determine the formats.
        inputs: files that must not be overwritten.

    Raises:
        OutputError: an output is named twice, is one of the inputs, or is refused by `check_output`.
    """
    for output in outputs:
        check_output(output, ROW_SUFFIXES)
        if any(_same_file(output, path) for path in inputs):
            raise OutputError(f"{output}: this is an input and would be lost; give the output another name")
    for first, second in combinations(outputs, 2):
        if _same_file(first, second):
            raise OutputError(f"{second}: this output is named twice; give each output its own file")


def check_languages(languages: Sequence[str], outputs: Sequence[Path], options: WriteOptions) -> None:
    """Refuse outputs that cannot hold the languages, before anything is aligned for them.

    Args:
        languages: tags of the documents.
        outputs: the files.
        options: may name a pair of languages.

    Raises:
        OutputError: an output cannot hold these languages.
    """
    for output in outputs:
        if function := _row_format(output).check_languages:
            check: LanguageCheck = _load(function)
            check(languages, output, _options_for(languages, options))


def write_alignment(alignment: Alignment, path: Path, options: WriteOptions = _DEFAULTS) -> int:
    """Write an alignment in the format given by the suffix of the output.

    Args:
        alignment: the rows.
        path: the output.
        options: options of the writer; languages may be given as other tags of the same language, as zh for zh-CN.

    Returns:
        Number of units, rows or beads written.

    Raises:
        OutputError: no format has this suffix, or the output cannot be written.
    """
    function = _row_format(path).write_rows
    assert function is not None
    writer: RowWriter = _load(function)
    return writer(alignment, path, _options_for(alignment.languages, options))


def unit_reader(path: Path) -> UnitReader:
    """Return the reader for a file of units.

    Args:
        path: the file; its suffix determines the format.

    Returns:
        The reader.

    Raises:
        InputError: no format that can be read has this suffix.
    """
    suffixes = sorted(suffix for suffix, each in FORMATS.items() if each.read_units)
    name = path.name.lower()
    found = max((suffix for suffix in suffixes if name.endswith(suffix)), key=len, default=None)
    function = FORMATS[found].read_units if found else None
    if function is None:
        raise InputError(
            f"{path}: units cannot be read from a file with this suffix; use one of {', '.join(suffixes)}"
        )
    reader: UnitReader = _load(function)
    return reader


def unit_writer(path: Path) -> UnitWriter:
    """Return the writer of units for a file.

    Args:
        path: the output; its suffix determines the format.

    Returns:
        The writer.

    Raises:
        OutputError: no format that can be written has this suffix.
    """
    function = FORMATS[output_suffix(path, UNIT_SUFFIXES)].write_units
    assert function is not None
    writer: UnitWriter = _load(function)
    return writer


def holds_units(path: Path) -> bool:
    """Return whether rows are written to this output as units, so that what is counted are units."""
    return _row_format(path).holds_units


def _row_format(path: Path) -> Format:
    return FORMATS[output_suffix(path, ROW_SUFFIXES)]


def _options_for(languages: Sequence[str], options: WriteOptions) -> WriteOptions:
    """Return the options with a language pair spelt as in the tags of the documents."""
    if len(options.languages) != 2:
        return options
    source, target = options.languages
    return replace(options, languages=pair_among((source, target), languages))


def _load(function: str) -> Any:  # noqa: ANN401 - the caller knows the type
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)


def _same_file(a: Path, b: Path) -> bool:
    return a.resolve() == b.resolve() or (a.exists() and b.exists() and a.samefile(b))
