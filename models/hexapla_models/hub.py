"""The local cache of the Hugging Face hub, searched without importing anything large."""

from __future__ import annotations

import os
from pathlib import Path

_WEIGHTS = ("*.safetensors", "*.bin")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


def snapshot(hub: str, revision: str | None = None) -> Path | None:
    """Find the folder where a revision of a model is cached.

    Args:
        hub: id of the model.
        revision: branch, tag or commit; the main branch if None.

    Returns:
        The folder; None if the revision is not cached, or has no weights.
    """
    model = _cache() / f"models--{hub.replace('/', '--')}"
    wanted = revision or "main"
    try:
        commit = (model / "refs" / wanted).read_text(encoding="utf-8").strip()
    except OSError:
        commit = wanted
    folder = model / "snapshots" / commit
    return folder if _has_weights(folder) else None


def offline() -> bool:
    """Return whether the user has forbidden the hub's packages to use the network."""
    return any(os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in _OFFLINE)


def _has_weights(folder: Path) -> bool:
    return folder.is_dir() and any(next(folder.rglob(pattern), None) for pattern in _WEIGHTS)


def _cache() -> Path:
    """The cache folder of sentence-transformers and huggingface_hub."""
    for name in ("SENTENCE_TRANSFORMERS_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return Path(os.environ[name]).expanduser()
    home = os.environ.get("HF_HOME")
    if home:
        return Path(home).expanduser() / "hub"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "huggingface" / "hub"
