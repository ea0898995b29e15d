"""The complete alignment: language versions in, aligned rows out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations

from hexapla import __version__
from hexapla.alignment.calibration import Calibration
from hexapla.alignment.encoded_document import EncodedDocument, encode_document
from hexapla.alignment.joint_alignment import calibrate_rows
from hexapla.alignment.model import PARAGRAPHS, SENTENCES
from hexapla.alignment.moved_passages import join_moved
from hexapla.alignment.parallel_check import check_parallel
from hexapla.alignment.row_assembly import paragraph_rows, sentence_rows
from hexapla.alignment.segmented_input import read_segmented
from hexapla.alignment.sentences import align_sentences
from hexapla.alignment.threads import threads
from hexapla.alignment.windowed_alignment import align_segments
from hexapla.errors import InputError
from hexapla.inputs import Input
from hexapla.progress import Progress, quiet
from hexapla.rows import BOTH_LEVELS, Alignment, Level, Row, Signature
from hexapla_corpora.document import Document
from hexapla_corpora.languages import load_detector, same_language
from hexapla_corpora.read import read_document
from hexapla_models.calibrations import calibration_numbers, fitted_calibration
from hexapla_models.encoder import Encoder
from hexapla_models.registry import DEFAULT_ENCODER, shared_encoder


def align_files(
    inputs: Sequence[Input],
    *,
    levels: Sequence[Level] = BOTH_LEVELS,
    segmented: bool = False,
    model: str = DEFAULT_ENCODER,
    check: Callable[[tuple[str, ...]], None] = lambda languages: None,
    progress: Progress = quiet,
) -> Alignment:
    """Read the language versions of a document and align them together.

    Args:
        inputs: two or more files, each in another language.
        levels: levels of the rows to return.
        segmented: whether the inputs hold one segment per line, to be aligned as they are, at sentence level.
        model: name of the encoder (see `hexapla_models.registry.load_encoder`), which is loaded once per process.
        check: called with the languages as soon as they are known; raises an error to refuse them before any work.
        progress: progress callback.

    Returns:
        The rows of each level; every segment of every input is in exactly one row of each level.

    Raises:
        InputError: there are fewer than two inputs, or two are in the same language.
        NotParallel: an input is not a version of the others.
    """
    if len(inputs) < 2:
        given = "only one file was given" if inputs else "no file was given"
        raise InputError(
            f"{given}, and an alignment takes two or more language versions: name two or more files."
        )
    with ThreadPoolExecutor(threads()) as background:  # the model loads while documents are read
        loading = background.submit(shared_encoder, model, progress=progress)
        background.submit(load_detector)
        documents = read_inputs(inputs, segmented=segmented, progress=progress)
        check_languages(documents, [item.language is not None for item in inputs])
        check(tuple(document.language for document in documents))
        encoder = loading.result()
    return align_documents(
        documents,
        encoder,
        levels=levels,
        segmented=segmented,
        progress=progress,
    )


def align_documents(
    documents: Sequence[Document],
    encoder: Encoder,
    *,
    levels: Sequence[Level] = BOTH_LEVELS,
    segmented: bool = False,
    excerpts: bool = False,
    progress: Progress = quiet,
) -> Alignment:
    """Align documents: paragraphs of all languages together, then the sentences inside aligned paragraphs.

    Args:
        documents: language versions, each in another language.
        encoder: encoder of the texts.
        levels: levels of the rows to return.
        segmented: whether each block is one segment, so that only sentence rows are returned.
        excerpts: whether the documents are excerpts of versions known to be parallel, so that none is refused.
        progress: progress callback.

    Returns:
        The rows of each level; every segment of every document is in exactly one row of each level.

    Raises:
        NotParallel: a document is not a version of the others.
    """
    levels = (Level.SENTENCE,) if segmented else levels
    versions = _encode(documents, encoder, segmented, progress)
    segments = [version.sentence_segments if segmented else version.block_segments for version in versions]
    prior = SENTENCES if segmented else PARAGRAPHS
    joint = align_segments(segments, prior, progress=partial(progress, "Aligning"))
    joint = join_moved(joint, segments, prior)
    if not excerpts:
        check_parallel(joint, segments, prior, documents, encoder)
    calibration = Calibration.of(calibration_numbers(encoder.name, encoder.hash))
    joint = calibrate_rows(joint, calibration)
    rows: list[Row] = []
    if Level.PARAGRAPH in levels:
        rows += paragraph_rows(joint, versions)
    if Level.SENTENCE in levels and segmented:
        rows += sentence_rows(joint, versions, segmented=True)
    elif Level.SENTENCE in levels:
        bounds, sentences = [v.bounds for v in versions], [v.sentence_segments for v in versions]
        inside = align_sentences(
            joint, bounds, sentences, calibration, partial(progress, "Aligning sentences")
        )
        rows += sentence_rows(inside, versions)
    parameters = {"levels": "+".join(levels), "segmented": segmented}
    if fitted_calibration(encoder.hash) is not None:
        parameters["calibration"] = "fitted by the user"
    return Alignment(
        tuple(documents), tuple(rows), Signature(__version__, encoder.name, encoder.hash, parameters)
    )


def _encode(
    documents: Sequence[Document], encoder: Encoder, segmented: bool, progress: Progress
) -> list[EncodedDocument]:
    """Encode all versions; while one is being encoded, the next is split into sentences."""
    versions = []
    with ThreadPoolExecutor(threads()) as pool:
        for version in pool.map(partial(encode_document, encoder=encoder, segmented=segmented), documents):
            versions.append(version)
            progress("Encoding", len(versions), len(documents))
    return versions


def read_inputs(
    inputs: Sequence[Input],
    *,
    segmented: bool = False,
    progress: Progress = quiet,
) -> list[Document]:
    """Read language versions.

    Args:
        inputs: the files.
        segmented: whether they hold one segment per line.
        progress: progress callback.

    Returns:
        One document per input.
    """
    read = read_segmented if segmented else read_document
    documents = []
    for done, item in enumerate(inputs):
        progress("Reading", done, len(inputs))
        documents.append(read(item.path, item.language))
    return documents


def check_languages(documents: Sequence[Document], declared: Sequence[bool]) -> None:
    """Refuse two documents in the same language.

    Args:
        documents: the documents that were read.
        declared: for each document, whether its language was declared by the user (otherwise it was detected).

    Raises:
        InputError: two have the same tag, or tags that may mean the same, at least one of which was detected.
    """
    for (a, a_declared), (b, b_declared) in combinations(zip(documents, declared, strict=True), 2):
        same = a.language.lower() == b.language.lower()
        if same or (not (a_declared and b_declared) and same_language(a.language, b.language)):
            raise InputError(
                f"{a.path} ({a.language}) and {b.path} ({b.language}) are in one language: give one file for each "
                "language, or state the languages as LANG=FILE."
            )
