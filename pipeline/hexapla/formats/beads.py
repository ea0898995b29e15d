"""Beads: the links between two languages as lists of indices, the format of Vecalign and its scorer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.formats.io.output import open_output
from hexapla.formats.protocols import WriteOptions
from hexapla.rows import Alignment, Level, Row


def write_rows(alignment: Alignment, path: Path, options: WriteOptions) -> int:
    """Write one bead per line, as in `[0]:[0, 1]`: source segments and target segments, counted from 0.

    An unaligned segment has an empty list opposite it, as in `[]:[3]`. Sentences are written if the alignment has
    any, otherwise paragraphs. The first language is the source.

    Args:
        alignment: the rows, in exactly two languages.
        path: the output.
        options: not used.

    Returns:
        The number of beads written.

    Raises:
        OutputError: the alignment has more than two languages, or the output cannot be written.
    """
    check_languages(alignment.languages, path, options)
    levels = {row.level for row in alignment.rows}
    level = Level.SENTENCE if Level.SENTENCE in levels else Level.PARAGRAPH
    rows = [row for row in alignment.rows if row.level is level]
    with open_output(path) as stream:
        for row in rows:
            stream.write(_bead(row, alignment.languages).encode("ascii") + b"\n")
    return len(rows)


def check_languages(languages: Sequence[str], path: Path, options: WriteOptions) -> None:
    """Raise an error unless there are exactly two languages.

    Args:
        languages: tags of the documents.
        path: the output, for the message.
        options: not used.

    Raises:
        OutputError: there are fewer or more than two languages.
    """
    if len(languages) != 2:
        raise OutputError(
            f"{path}: beads link exactly 2 languages, but there are {len(languages)} ({', '.join(languages)}); "
            "align two files, or write .jsonl, which holds any number of languages"
        )


def _bead(row: Row, languages: Sequence[str]) -> str:
    """Return the segments of each language as a list, with a colon between the two."""
    return ":".join(str([int(index) for index in row.segments.get(language, ())]) for language in languages)
