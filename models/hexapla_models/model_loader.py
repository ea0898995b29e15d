"""The loader of sentence-transformers models: finds, loads and hashes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from hexapla_models.encoder import Progress, quiet
from hexapla_models.errors import MissingExtra, UnusableModel
from hexapla_models.hub import offline, snapshot
from hexapla_models.model_spec import Kind, ModelSpec

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from hexapla_models.sentence_transformer import SentenceTransformerEncoder

INSTALL = "pip install 'hexapla[sentence-transformers]'"
NETWORK_SECONDS = 10
_BLOB = re.compile("[0-9a-f]{64}")  # the hub's cache names large files after their SHA-256


def load_sentence_transformer(
    spec: ModelSpec,
    *,
    threads: int | None = None,
    device: str | None = None,
    progress: Progress = quiet,
) -> SentenceTransformerEncoder:
    """Load a sentence-transformers model as an encoder.

    Args:
        spec: a model on the hub, in a folder or in this package.
        threads: torch threads on a CPU; torch's default if None.
        device: torch device; if None, a GPU if there is one, else the CPU.
        progress: progress callback, counting texts.

    Returns:
        The encoder.

    Raises:
        MissingExtra: sentence-transformers is not installed.
        UnusableModel: the model cannot be found or downloaded, cannot be read, or would run its own code.
    """
    check_installed(spec.name)
    _refuse_custom_code(spec)
    from hexapla_models.sentence_transformer import SentenceTransformerEncoder

    model = _load(spec, device or best_device())
    return SentenceTransformerEncoder(
        model, spec, partial(_hash, model, spec), threads=threads, progress=progress
    )


def installed() -> bool:
    """Return whether the sentence-transformers extra is installed."""
    try:
        return all(find_spec(package) is not None for package in ("sentence_transformers", "torch"))
    except ValueError:  # a module without a spec has been put in its place
        return False


def check_installed(name: str) -> None:
    """Raise MissingExtra if sentence-transformers, which the model needs, is not installed."""
    if not installed():
        raise MissingExtra(
            f"the encoder {name!r} needs sentence-transformers, which is not installed: {INSTALL}"
        )


def best_device() -> str:
    """Return the torch device that is likely to be fastest: cuda, mps or cpu."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _refuse_custom_code(spec: ModelSpec) -> None:
    if spec.known is not None and spec.known.custom_code:
        raise UnusableModel(
            f"the encoder {spec.name!r} needs its own code from the hub, which hexapla does not run: serve it with "
            "text-embeddings-inference or vLLM and give --model http://HOST:PORT/v1#MODEL, or use another encoder."
        )


def _load(spec: ModelSpec, device: str) -> SentenceTransformer:
    """Load a model onto its device: in half precision on an NVIDIA GPU, in single precision elsewhere.

    The embedded encoder is always in single precision, so that its vectors are the same on every device.
    """
    if spec.kind is Kind.PACKAGE:
        from hexapla_models.torch_module import embedded_model

        return embedded_model(device)
    model = _load_external(spec, device)
    return model.half() if device.startswith("cuda") else model.float()


def _load_external(spec: ModelSpec, device: str) -> SentenceTransformer:
    """Load a model from a folder or the hub; a cached model is loaded without using the network."""
    from sentence_transformers import SentenceTransformer

    folder = _folder(spec)
    if folder is None and offline():
        raise UnusableModel(
            _unavailable(spec, "and HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids downloading it")
        )
    if folder is None:
        _check_network(spec)
    try:
        with _silenced():
            return SentenceTransformer(
                str(folder or spec.source),
                device=device,
                revision=spec.revision,
                trust_remote_code=False,
                local_files_only=folder is not None,
            )
    except Exception as error:  # several packages, each with its own errors
        reason = " ".join(str(error).split())
        if "trust_remote_code" in reason:
            raise UnusableModel(
                f"the encoder {spec.name!r} needs its own code, which hexapla does not run: use another encoder, or "
                "serve it and give --model the address of the server."
            ) from error
        if folder is None:
            raise UnusableModel(_unavailable(spec, f"and cannot be downloaded ({reason})")) from error
        raise UnusableModel(
            f"the encoder {spec.name!r} cannot be loaded ({type(error).__name__}: {reason}): check that its folder "
            "holds a complete sentence-transformers model, or download it again."
        ) from error


def _folder(spec: ModelSpec) -> Path | None:
    """The folder of a model; None if it is not on this machine."""
    return Path(spec.source) if spec.kind is Kind.FOLDER else snapshot(spec.source, spec.revision)


def _check_network(spec: ModelSpec) -> None:
    """Raise UnusableModel at once if there is no network; the hub's packages would retry for minutes."""
    from huggingface_hub import constants

    try:
        with urlopen(Request(constants.ENDPOINT, method="HEAD"), timeout=NETWORK_SECONDS):
            pass
    except HTTPError:
        pass  # the hub answers
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise UnusableModel(
            _unavailable(spec, f"and {constants.ENDPOINT} cannot be reached ({reason})")
        ) from error


def _unavailable(spec: ModelSpec, why: str) -> str:
    revision = f" --revision {spec.revision}" if spec.revision else ""
    return (
        f"the encoder {spec.name!r} is not on this machine, {why}. Where there is a network, download it to the "
        f"cache with `hf download {spec.source}{revision}`; or add --local-dir FOLDER to that command, copy the "
        "folder to this machine and give --model FOLDER."
    )


@contextmanager
def _silenced() -> Iterator[None]:
    """Silence the log messages and progress bars of the packages that load models."""
    logging: Any = import_module("transformers.utils.logging")
    hub_logging: Any = import_module("huggingface_hub.utils.logging")
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    hub_level = hub_logging.get_verbosity()
    logging.set_verbosity_error()
    hub_logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        hub_logging.set_verbosity(hub_level)
        if bars:
            logging.enable_progress_bar()


def _hash(model: SentenceTransformer, spec: ModelSpec) -> str:
    """First 12 hexadecimal digits of a SHA-256 of the weights, the modules, the text length limit and the prompt."""
    from hexapla_models.sentence_transformer import prompt_of
    from hexapla_models.weights import weights_hash

    if spec.kind is Kind.PACKAGE:
        return weights_hash()
    folder = _folder(spec)
    if folder is None:
        raise UnusableModel(_unavailable(spec, "although it was loaded"))
    modules = [(type(module).__name__, getattr(module, "pooling_mode", None)) for module in model]
    digest = hashlib.sha256(json.dumps([modules, model.max_seq_length, prompt_of(spec)]).encode())
    for path in weight_files(folder):
        digest.update(_file_hash(path).encode())
    return digest.hexdigest()[:12]


def weight_files(folder: Path) -> list[Path]:
    """Find the files that hold the weights of a model, preferring safetensors in folders with both formats.

    Args:
        folder: folder of the model.

    Returns:
        The files, in a fixed order.
    """
    folders = {folder, *(path.parent for path in folder.glob("*/config.json")), *folder.glob("[0-9]_*")}
    files = []
    for each in sorted(folders):
        files += sorted(each.glob("model*.safetensors")) or sorted(each.glob("pytorch_model*.bin"))
    return files


def _file_hash(path: Path) -> str:
    name = path.resolve().name
    if path.is_symlink() and _BLOB.fullmatch(name):
        return name
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
