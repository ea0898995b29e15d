"""Any model of sentence-transformers as an encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import accumulate, pairwise
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from hexapla_models.composed import ComposedSpans
from hexapla_models.encoder import Progress, Spans, Vectors, quiet
from hexapla_models.joined import JoinedSpans
from hexapla_models.model_spec import ModelSpec
from hexapla_models.network import VECTOR_ROW
from hexapla_models.normalisation import normalise
from hexapla_models.token_sums import TokenSums
from hexapla_models.tokens import Tokens

BATCH_TOKENS = {"cpu": 2_048}  # padded tokens that are read at once
BATCH_TOKENS_GPU = 16_384

Result = TypeVar("Result")


class SentenceTransformerEncoder:
    """A model of sentence-transformers.

    Texts longer than the model reads are cut; their vectors are those of all pieces together. If the model takes the
    mean of its token vectors, the vectors of runs of segments follow from one reading of each segment.

    Args:
        model: the model, on its device.
        spec: what the user called it.
        hash: gives the hash of its weights, when that is asked for.
        threads: of torch, on a CPU.
        progress: told how many texts were encoded.

    Attributes:
        name: as results and memories remember it.
        dimension: length of a vector.
        languages: primary subtags of the languages it knows; none named if that is not known or all are.
        device: of torch, such as cpu or cuda:0.
        progress: told how many texts were encoded.
    """

    name: str
    dimension: int
    languages: frozenset[str]
    device: str
    progress: Progress

    def __init__(
        self,
        model: SentenceTransformer,
        spec: ModelSpec,
        hash: Callable[[], str],
        *,
        threads: int | None = None,
        progress: Progress = quiet,
    ) -> None:
        self._model, self._hash, self.progress = model.eval(), hash, progress
        self._prompt = prompt_of(spec)
        self._lock = (
            Lock()
        )  # each call sets how the tokenizer pads and cuts, and torch has threads of its own
        self._threads = threads
        self.name = spec.name
        self.languages = spec.known.languages if spec.known else frozenset()
        self.device = str(model.device)
        self._tokens = Tokens.of(model, self._prompt)
        self._sums = TokenSums.of(model, self._tokens, self._prompt)
        self.dimension = self.encode([""]).shape[1]

    @cached_property
    def hash(self) -> str:
        """First 12 hexadecimal digits of a SHA-256 of the weights and of how vectors are made with them."""
        return self._hash()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, *Shape:* ``(texts, dimension)``, of Euclidean length 1."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        distinct = list(dict.fromkeys(texts))
        if self._sums is not None:
            made = [rows[VECTOR_ROW, :-1] for rows in self._features(self._sums, distinct, parts=False)]
        else:
            made = list(self._pooled(distinct))
        vectors = dict(zip(distinct, made, strict=True))
        return np.array([vectors[text] for text in texts], dtype=np.float32)

    def read(self, texts: Sequence[str]) -> Spans:
        """The texts as consecutive segments: composed of token vectors if the model allows, else joined and encoded."""
        if self._sums is None:
            return JoinedSpans(self.encode, texts)
        return ComposedSpans(self._sums.vectors, partial(self._features, self._sums), texts, self.dimension)

    def _features(self, sums: TokenSums, texts: Sequence[str], *, parts: bool = True) -> list[Vectors]:
        """Features of each text; see `TokenSums.features`."""
        distinct = list(dict.fromkeys(texts))
        with self._lock:
            pieces = self._tokens.pieces(distinct)
            flat = [piece for cut in pieces for piece in cut]
            found = self._in_batches(flat, partial(sums.features, parts=parts))
        bounds = pairwise(accumulate(map(len, pieces), initial=0))
        features = dict(zip(distinct, (sums.whole(found[start:end]) for start, end in bounds), strict=True))
        return [features[text] for text in texts]

    def _pooled(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts as the model makes them, of longer ones the mean of those of their pieces."""
        with self._lock:
            pieces = self._tokens.pieces(texts)
            flat = [piece for cut in pieces for piece in cut]
            vectors = normalise(np.array(self._in_batches(flat, lambda batch: list(self._forward(batch)))))
            weights = np.maximum(self._tokens.lengths(flat), 1)[:, None]
        firsts = [*accumulate(map(len, pieces), initial=0)][:-1]
        return normalise(np.add.reduceat(vectors * weights, firsts))

    @torch.inference_mode()
    def _forward(self, texts: Sequence[str]) -> Vectors:
        features = self._model.preprocess(list(texts), prompt=self._prompt or None)
        found = self._model({name: _to_device(value, self.device) for name, value in features.items()})
        vectors: Vectors = found["sentence_embedding"].float().cpu().numpy()
        return vectors

    def _in_batches(
        self, texts: Sequence[str], compute: Callable[[Sequence[str]], Sequence[Result]]
    ) -> list[Result]:
        """What is computed of each text, in batches of like length, one at a time."""
        if self._threads is not None:
            torch.set_num_threads(self._threads)  # of the process, and another encoder may have set it
        made: dict[int, Result] = {}
        batches = list(self._batches(texts))
        for batch in batches:
            made |= zip(batch, compute([texts[place] for place in batch]), strict=True)
            if len(batches) > 1:
                self.progress("Encoding texts", len(made), len(texts))
        return [made[place] for place in range(len(texts))]

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Places of texts, the longest first, so many together that the padded batch has so many tokens at most."""
        lengths = self._tokens.lengths(texts) + self._tokens.before + self._tokens.after
        limit = BATCH_TOKENS.get(self.device, BATCH_TOKENS_GPU)
        batch: list[int] = []
        for place in np.argsort(-lengths, kind="stable").tolist():
            if batch and (len(batch) + 1) * lengths[batch[0]] > limit:
                yield batch
                batch = []
            batch.append(place)
        if batch:
            yield batch


def prompt_of(spec: ModelSpec) -> str:
    """What is written before every text."""
    return spec.known.prompt if spec.known else ""


def _to_device(value: Any, device: str) -> Any:  # noqa: ANN401 - features hold other things than tensors too
    return value.to(device) if isinstance(value, torch.Tensor) else value
