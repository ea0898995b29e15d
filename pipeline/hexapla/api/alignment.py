"""Functions of the front door: alignment of language versions, and embedding of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla import rows
from hexapla.api.errors import hexapla_errors, raises_hexapla_errors
from hexapla.errors import InputError
from hexapla.inputs import Input
from hexapla.progress import Progress, quiet
from hexapla.rows import Level

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from hexapla.api.language_pair import Pair

Files = Mapping[str, str | Path] | Sequence[str | Path]
"""Files by language tag, or a list of files whose languages are detected."""

LEVELS: Mapping[str, tuple[Level, ...]] = {
    "paragraph": (Level.PARAGRAPH,),
    "sentence": (Level.SENTENCE,),
    "both": (Level.PARAGRAPH, Level.SENTENCE),
}
"""Levels of rows and units by name."""


@raises_hexapla_errors
class Alignment(rows.Alignment):
    """The language versions of one document and their aligned rows.

    It has the `documents` in the order they were given, the `rows`, and the `signature`: release, encoder and
    parameters. Rows are in reading order, paragraphs before sentences; each segment of each document is in exactly
    one row of each level.

    Example:
        alignment = hexapla.align({"zh": "report.zh.docx", "en": "report.en.docx"})
        alignment.write("report.tmx", pair="zh-en")
    """

    __slots__ = ()

    def to_polars(self, level: str | None = None) -> pl.DataFrame:
        """Return the rows as a polars frame.

        Args:
            level: paragraph or sentence; all levels if None.

        Returns:
            A row an aligned row, with the columns id, level, kind, number, probability and moved, and a column of texts
            for each language.

        Raises:
            InputError: there is no such level.

        Example:
            alignment.to_polars(level="sentence").filter(pl.col("probability") < 0.8)
        """
        from hexapla.api.frames import frame_of_rows

        return frame_of_rows(self, levels_named(level or "both"))

    def write(self, path: str | Path, *, pair: Pair | None = None, minimum_probability: float = 0.0) -> int:
        """Write the rows in the format of the suffix: .tmx, .tmx.gz, .jsonl, .html or .beads.

        Args:
            path: the output, which is there whole or not at all.
            pair: source and target of a bilingual memory, as "zh-en" or ("zh", "en"); all languages if None.
            minimum_probability: rows below it, in 0..1, are left out of a memory.

        Returns:
            Number of units, rows or beads written.

        Raises:
            OutputError: the output cannot be written, or cannot hold these languages.

        Example:
            alignment.write("report.html")
        """
        from hexapla.api.language_pair import parse_pair
        from hexapla.formats.protocols import WriteOptions
        from hexapla.formats.registry import write_alignment

        options = WriteOptions(parse_pair(pair) if pair else (), minimum_probability=minimum_probability)
        return write_alignment(self, Path(path), options)

    def __repr__(self) -> str:
        """Languages, symbol, and the number of rows of each level."""
        counts = [f"{sum(row.level is level for row in self.rows):,} {level} rows" for level in Level]
        symbol = f" of {self.symbol}" if self.symbol else ""
        return f"<Alignment{symbol} in {', '.join(self.languages)}: {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        """Return the first rows as a table, for notebooks."""
        from hexapla.api.frames import html_of_rows

        return html_of_rows(self)


def align(
    files: Files | Sequence[Input],
    *,
    level: str = "both",
    segmented: bool = False,
    model: str | None = None,
    check: Callable[[tuple[str, ...]], None] | None = None,
    progress: Progress = quiet,
) -> Alignment:
    """Align two or more language versions of a document, all together.

    Args:
        files: by language tag, or a list of files whose languages are detected; Word, PDF with a text layer, HTML,
            Markdown or text.
        level: rows to make: paragraph, sentence or both.
        segmented: the files hold one segment a line and are aligned as they are, at sentence level.
        model: name of the encoder, see `hexapla models`; the embedded one if None.
        check: called with the languages once they are known; what it raises ends the work.
        progress: called with the name of a step, steps done and steps in all.

    Returns:
        The aligned rows.

    Raises:
        InputError: fewer than two files, or two in one language.
        NotParallel: a file is not a version of the others.
        DocumentError: a file cannot be read.
        EncoderError: the encoder cannot be loaded.

    Example:
        alignment = hexapla.align(["report.zh.docx", "report.en.docx"])
    """
    from hexapla.alignment.align import align_files
    from hexapla_models.registry import DEFAULT_ENCODER

    with hexapla_errors():
        found = align_files(
            inputs_of(files),
            levels=levels_named(level),
            segmented=segmented,
            model=model or DEFAULT_ENCODER,
            check=check or (lambda languages: None),
            progress=progress,
        )
    return Alignment(found.documents, found.rows, found.signature)


def inputs_of(files: Files | Sequence[Input]) -> list[Input]:
    """Return the files of a document with their languages.

    Args:
        files: by language tag, or a list.

    Returns:
        An input each.

    Raises:
        InputError: a single path was given.
    """
    if isinstance(files, str | Path):
        raise InputError(
            f"one file was given, {str(files)!r}: give files by language, as in {{'zh': 'a.docx', 'en': 'b.docx'}}, or "
            "a list of them"
        )
    if isinstance(files, Mapping):
        return [Input(Path(path), language) for language, path in files.items()]
    return [each if isinstance(each, Input) else Input(Path(each)) for each in files]


def levels_named(level: str) -> tuple[Level, ...]:
    """Return the levels of a name.

    Args:
        level: paragraph, sentence or both.

    Returns:
        The levels.

    Raises:
        InputError: there is no such level.
    """
    if level not in LEVELS:
        raise InputError(f"there is no level {level!r}: use one of {', '.join(LEVELS)}")
    return LEVELS[level]


def embed(
    texts: Sequence[str], *, language: str | None = None, model: str | None = None
) -> NDArray[np.float32]:
    """Embed texts in any language, so that texts of the same meaning are near.

    Args:
        texts: the texts.
        language: tag of their language, by which the text is normalised as for alignment: Traditional Chinese
            characters become Simplified ones. If None, texts are taken as they are.
        model: name of the encoder, see `hexapla models`; the embedded one if None.

    Returns:
        Vectors of Euclidean length 1, *Shape:* ``(texts, dimension)``; the dot product of two is their cosine.

    Raises:
        InputError: a single text was given.
        EncoderError: the encoder cannot be loaded or used.

    Example:
        vectors = hexapla.embed(["The meeting was adjourned.", "La séance a été levée."])
        cosine = vectors[0] @ vectors[1]
    """
    if isinstance(texts, str):
        raise InputError("one text was given: give a list of texts, as in hexapla.embed([text])")
    import numpy as np

    from hexapla.text import matching_text
    from hexapla_models.registry import DEFAULT_ENCODER, shared_encoder

    with hexapla_errors():
        encoder = shared_encoder(model or DEFAULT_ENCODER)
        matching = [matching_text(text, language) if language else text for text in texts]
        return np.asarray(encoder.encode(matching), dtype=np.float32).reshape(len(texts), encoder.dimension)
