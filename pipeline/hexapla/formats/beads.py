"""Beads: the links of two languages as index lists, the format of Vecalign and of its scorer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.formats.io.output import open_output
from hexapla.formats.protocols import WriteOptions
from hexapla.rows import Alignment, Level, Row


def write_rows(alignment: Alignment, path: Path, options: WriteOptions) -> int:
    """Write one bead a line, `[0]:[0, 1]`: the source's segments and the target's, counted from 0.

    A segment without a counterpart stands alone, `[]:[3]`. Sentences are written where the alignment has
    them, else paragraphs. The first language given is the source.

    Args:
        alignment: the rows; of exactly two languages.
        path: the output.
        options: of the writer.

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
    """Refuse other than two languages; see `hexapla.formats.protocols.LanguageCheck`."""
    if len(languages) != 2:
        raise OutputError(
            f"{path}: beads link exactly 2 languages, these are {len(languages)} ({', '.join(languages)}); "
            "align two files, or write .jsonl, which holds any number"
        )


def _bead(row: Row, languages: Sequence[str]) -> str:
    """Return the segments of each language as a list, joined by a colon."""
    return ":".join(str([int(index) for index in row.segments.get(language, ())]) for language in languages)
