"""The whole story: language versions in, aligned rows out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hexapla_corpora.document import Document
from hexapla_corpora.languages import normalise_tag
from hexapla_corpora.read import read_document
from hexapla_models.encoder import Encoder
from hexapla_models.registry import DEFAULT_ENCODER, load_encoder

from hexapla import __version__
from hexapla.align.model import PARAGRAPHS, SENTENCES
from hexapla.align.sentences import align_sentences
from hexapla.align.versions import align_versions
from hexapla.assemble import paragraph_rows, sentence_rows
from hexapla.documents import encode_version
from hexapla.errors import InputError
from hexapla.rows import Alignment, Level, Row, Signature
from hexapla.segmented import read_segmented

BOTH_LEVELS = (Level.PARAGRAPH, Level.SENTENCE)

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps in all."""


@dataclass(frozen=True, slots=True)
class Input:
    """One language version to read.

    Attributes:
        path: the file.
        language: BCP 47 tag; detected if None.
    """

    path: Path
    language: str | None = None


def align_files(
    inputs: Sequence[Input],
    *,
    levels: Sequence[Level] = BOTH_LEVELS,
    segmented: bool = False,
    model: str = DEFAULT_ENCODER,
    check: Callable[[tuple[str, ...]], None] = lambda languages: None,
    progress: Progress = lambda step, done, total: None,
) -> Alignment:
    """Read the language versions of a document and align them together.

    Args:
        inputs: at least two files of different languages.
        levels: which rows to give.
        segmented: the inputs hold one segment a line and are aligned as they are, at sentence level.
        model: name of the encoder.
        check: called with the languages once they are known, to refuse them before the work is done.
        progress: told how far the work is.

    Returns:
        The rows of each level, in which every segment of every input stands exactly once.

    Raises:
        InputError: fewer than two inputs, or two of one language.
    """
    if len(inputs) < 2:
        raise InputError(
            f"only {len(inputs)} file was given, and there is nothing to align it with: name two or more."
        )
    documents = []
    for done, item in enumerate(inputs):
        progress("Reading", done, len(inputs))
        documents.append(
            read_segmented(item.path, item.language) if segmented else read_document(item.path, item.language)
        )
    check_languages(documents)
    check(tuple(document.language for document in documents))
    encoder = load_encoder(model)
    return align_documents(
        documents,
        encoder,
        levels=(Level.SENTENCE,) if segmented else levels,
        segmented=segmented,
        progress=progress,
    )


def align_documents(
    documents: Sequence[Document],
    encoder: Encoder,
    *,
    levels: Sequence[Level] = BOTH_LEVELS,
    segmented: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> Alignment:
    """Align documents that were read: paragraphs of all languages together, then sentences inside aligned paragraphs.

    Args:
        documents: versions in different languages.
        encoder: gives the vectors.
        levels: which rows to give.
        segmented: a block is one segment, and no sentences are sought in it.
        progress: told how far the work is.

    Returns:
        The rows of each level, in which every segment of every document stands exactly once.
    """
    versions = []
    for done, document in enumerate(documents):
        progress("Encoding", done, len(documents))
        versions.append(encode_version(document, encoder, segmented=segmented))
    segments = [version.sentence_segments if segmented else version.block_segments for version in versions]
    joint = align_versions(segments, SENTENCES if segmented else PARAGRAPHS, progress=partial(progress, "Aligning"))
    rows: list[Row] = []
    if Level.PARAGRAPH in levels:
        rows += paragraph_rows(joint, versions)
    if Level.SENTENCE in levels and segmented:
        rows += sentence_rows(joint, versions, segmented=True)
    elif Level.SENTENCE in levels:
        bounds, sentences = [v.bounds for v in versions], [v.sentence_segments for v in versions]
        inside = align_sentences(joint, bounds, sentences, partial(progress, "Aligning sentences"))
        rows += sentence_rows(inside, versions)
    parameters = {"levels": "+".join(levels), "segmented": segmented}
    return Alignment(
        tuple(documents), tuple(rows), Signature(__version__, encoder.name, encoder.hash, parameters)
    )


def check_languages(documents: Sequence[Document]) -> None:
    """Refuse two documents of one language.

    Args:
        documents: what was read.

    Raises:
        InputError: two have the same tag.
    """
    seen: dict[str, Document] = {}
    for document in documents:
        tag = normalise_tag(document.language).lower()
        if tag in seen:
            raise InputError(
                f"{seen[tag].path} and {document.path} are both in {document.language}: give one file a language, "
                "or say the languages as LANG=FILE."
            )
        seen[tag] = document
