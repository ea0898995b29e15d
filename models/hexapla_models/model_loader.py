"""How models of sentence-transformers are found, loaded and told apart."""

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
_BLOB = re.compile("[0-9a-f]{64}")  # the hub's cache names large files by their SHA-256


def load_sentence_transformer(
    spec: ModelSpec,
    *,
    threads: int | None = None,
    device: str | None = None,
    progress: Progress = quiet,
) -> SentenceTransformerEncoder:
    """Load a model of sentence-transformers as an encoder.

    Args:
        spec: a model of the hub, of a folder or of this package.
        threads: of torch on a CPU; as torch has them if None.
        device: of torch; a GPU if there is one, if None.
        progress: told how many texts were encoded.

    Returns:
        The encoder.

    Raises:
        MissingExtra: sentence-transformers is not installed.
        UnusableModel: the model is not here and cannot be fetched, cannot be read, or would run code of its own.
    """
    check_installed(spec.name)
    _refuse_custom_code(spec)
    from hexapla_models.sentence_transformer import SentenceTransformerEncoder

    model = _load(spec, device or best_device())
    return SentenceTransformerEncoder(
        model, spec, partial(_hash, model, spec), threads=threads, progress=progress
    )


def installed() -> bool:
    """Whether the extra sentence-transformers is there."""
    try:
        return all(find_spec(package) is not None for package in ("sentence_transformers", "torch"))
    except ValueError:  # a module without a spec stands in the place of one
        return False


def check_installed(name: str) -> None:
    """Refuse a model that needs the extra sentence-transformers where that is missing; raises MissingExtra."""
    if not installed():
        raise MissingExtra(
            f"the encoder {name!r} needs sentence-transformers, which is not installed: {INSTALL}"
        )


def best_device() -> str:
    """The device that is likely to be fastest: cuda, mps or cpu."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _refuse_custom_code(spec: ModelSpec) -> None:
    if spec.known is not None and spec.known.custom_code:
        raise UnusableModel(
            f"the encoder {spec.name!r} runs code of its own from the hub, and hexapla runs no such code: serve it "
            "with text-embeddings-inference or vLLM and give --model http://HOST:PORT/v1#MODEL, or take another one."
        )


def _load(spec: ModelSpec, device: str) -> SentenceTransformer:
    """The model on its device: in half precision on a GPU of NVIDIA, in single precision elsewhere.

    The embedded encoder is in single precision everywhere, so that its vectors are the same everywhere.
    """
    if spec.kind is Kind.PACKAGE:
        from hexapla_models.torch_module import embedded_model

        return embedded_model(device)
    model = _load_external(spec, device)
    return model.half() if device.startswith("cuda") else model.float()


def _load_external(spec: ModelSpec, device: str) -> SentenceTransformer:
    """A model of a folder or of the hub; what is cached is loaded without a look at the network."""
    from sentence_transformers import SentenceTransformer

    here = _folder(spec)
    if here is None and offline():
        raise UnusableModel(_unavailable(spec, "and HF_HUB_OFFLINE forbids to fetch it"))
    if here is None:
        _check_network(spec)
    try:
        with _silenced():
            return SentenceTransformer(
                str(here or spec.source),
                device=device,
                revision=spec.revision,
                trust_remote_code=False,
                local_files_only=here is not None,
            )
    except Exception as error:  # whatever several packages raise
        said = " ".join(str(error).split())
        if "trust_remote_code" in said:
            raise UnusableModel(
                f"the encoder {spec.name!r} would run code of its own, and hexapla runs no such code: take another "
                "one, or serve it and give the address of the server."
            ) from error
        if here is None:
            raise UnusableModel(_unavailable(spec, f"and it cannot be fetched ({said})")) from error
        raise UnusableModel(
            f"the encoder {spec.name!r} cannot be loaded ({type(error).__name__}: {said}): check that its folder "
            "holds a whole model of sentence-transformers, or fetch it again."
        ) from error


def _folder(spec: ModelSpec) -> Path | None:
    """The folder of a model that is on this machine."""
    return Path(spec.source) if spec.kind is Kind.FOLDER else snapshot(spec.source, spec.revision)


def _check_network(spec: ModelSpec) -> None:
    """Refuse at once where there is no network; the hub's packages would try again for minutes."""
    from huggingface_hub import constants

    try:
        with urlopen(Request(constants.ENDPOINT, method="HEAD"), timeout=NETWORK_SECONDS):
            pass
    except HTTPError:
        pass  # it answers
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise UnusableModel(
            _unavailable(spec, f"and {constants.ENDPOINT} cannot be reached ({reason})")
        ) from error


def _unavailable(spec: ModelSpec, why: str) -> str:
    revision = f" --revision {spec.revision}" if spec.revision else ""
    return (
        f"the encoder {spec.name!r} is not on this machine, {why}. Fetch it where there is a network with `hf "
        f"download {spec.source}{revision}`, which keeps it in the cache; or with --local-dir FOLDER behind, copy "
        "that folder here and give --model FOLDER."
    )


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep the packages from telling how they load."""
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
    """First 12 hexadecimal digits of a SHA-256 of the weights, of the modules and of what is written before texts."""
    from hexapla_models.sentence_transformer import prompt_of
    from hexapla_models.weights import weights_hash

    if spec.kind is Kind.PACKAGE:
        return weights_hash()
    folder = _folder(spec)
    if folder is None:
        raise UnusableModel(_unavailable(spec, "though it was loaded"))
    modules = [(type(module).__name__, getattr(module, "pooling_mode", None)) for module in model]
    digest = hashlib.sha256(json.dumps([modules, model.max_seq_length, prompt_of(spec)]).encode())
    for path in weight_files(folder):
        digest.update(_file_hash(path).encode())
    return digest.hexdigest()[:12]


def weight_files(folder: Path) -> list[Path]:
    """The files that hold the weights of a model: those in safetensors where a folder has both sorts.

    Args:
        folder: of the model.

    Returns:
        The files, in a fixed order.
    """
    folders = {folder, *(path.parent for path in folder.glob("*/config.json")), *folder.glob("[0-9]_*")}
    found = []
    for each in sorted(folders):
        found += sorted(each.glob("model*.safetensors")) or sorted(each.glob("pytorch_model*.bin"))
    return found


def _file_hash(path: Path) -> str:
    name = path.resolve().name
    if path.is_symlink() and _BLOB.fullmatch(name):
        return name
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
