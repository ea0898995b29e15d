"""The registered models and their properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_USE = "ar de en es fr it ja ko nl pl pt ru th tr yue zh"  # model card of Universal Sentence Encoder Multilingual v3
_FIFTY = (
    "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr ms my nb nl no pl "
    "pt ro ru sk sl sq sr sv th tr uk ur vi zh"
)


class Pooling(StrEnum):
    """How a model turns token vectors into one vector."""

    MEAN = "mean"
    SCALED = "sum by root of length"
    FIRST = "first token"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A registered model.

    Attributes:
        name: name in the registry.
        hub: id on the Hugging Face hub; None if the model comes with Hexapla.
        dimension: length of a vector.
        tokens: longest text it can read at once; None if unlimited. Longer texts are cut and their vectors averaged.
        languages: primary subtags of its languages; empty if there are too many to list.
        languages_known: approximate number of languages it knows.
        licence: SPDX identifier.
        pooling: how it turns token vectors into one vector.
        composes: whether the vectors of runs of segments follow from a single reading of each segment.
        prompt: text put before every input, as in training.
        custom_code: whether it needs code from its own repository, which Hexapla never runs.
        torch: whether it needs the sentence-transformers extra.
    """

    name: str
    hub: str | None
    dimension: int
    tokens: int | None
    languages: frozenset[str]
    languages_known: int
    licence: str
    pooling: Pooling
    composes: bool
    prompt: str = ""
    custom_code: bool = False
    torch: bool = True


def _e5(size: str, dimension: int) -> KnownModel:
    return KnownModel(
        f"multilingual-e5-{size}", f"intfloat/multilingual-e5-{size}", dimension, 512, frozenset(), 100, "MIT",
        Pooling.MEAN, composes=True, prompt="query: ",
    )  # fmt: skip


def _paraphrase(name: str, dimension: int, pooling: Pooling = Pooling.MEAN, *, composes: bool) -> KnownModel:
    languages = frozenset(_FIFTY.split())
    return KnownModel(
        name, f"sentence-transformers/{name}", dimension, 128, languages, len(languages), "Apache-2.0",
        pooling, composes,
    )  # fmt: skip


_MODELS = (
    KnownModel(
        "embedded", None, 512, None, frozenset(_USE.split()), 16, "Apache-2.0", Pooling.SCALED, composes=True,
        torch=False,
    ),
    KnownModel(
        "embedded-torch", None, 512, None, frozenset(_USE.split()), 16, "Apache-2.0", Pooling.SCALED, composes=True
    ),
    KnownModel(
        "labse", "sentence-transformers/LaBSE", 768, 256, frozenset(), 109, "Apache-2.0", Pooling.FIRST,
        composes=False,
    ),
    KnownModel("bge-m3", "BAAI/bge-m3", 1024, 8192, frozenset(), 100, "MIT", Pooling.FIRST, composes=False),
    _e5("small", 384),
    _e5("base", 768),
    _e5("large", 1024),
    KnownModel(
        "gte-multilingual-base", "Alibaba-NLP/gte-multilingual-base", 768, 8192, frozenset(), 70, "Apache-2.0",
        Pooling.FIRST, composes=False, custom_code=True,
    ),
    _paraphrase("paraphrase-multilingual-MiniLM-L12-v2", 384, composes=True),
    _paraphrase("paraphrase-multilingual-mpnet-base-v2", 768, composes=True),
    _paraphrase("distiluse-base-multilingual-cased-v2", 512, composes=False),
    KnownModel(
        "static-similarity-mrl-multilingual-v1", "sentence-transformers/static-similarity-mrl-multilingual-v1", 1024,
        None, frozenset(), 50, "Apache-2.0", Pooling.MEAN, composes=True,
    ),
    KnownModel(
        "potion-multilingual-128M", "minishlab/potion-multilingual-128M", 256, None, frozenset(), 101, "MIT",
        Pooling.MEAN, composes=True,
    ),
)  # fmt: skip

KNOWN: Mapping[str, KnownModel] = {model.name: model for model in _MODELS}
"""The models by name, in display order."""
BY_HUB: Mapping[str, KnownModel] = {model.hub: model for model in _MODELS if model.hub}
"""The models on the hub, by their id there."""
