"""Encoders from sentence-transformers models."""

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
from hexapla_models.tokenizer import Tokenizer

BATCH_TOKENS = {"cpu": 2_048}  # padded tokens read at once
BATCH_TOKENS_GPU = 16_384

Result = TypeVar("Result")


class SentenceTransformerEncoder:
    """A sentence-transformers model.

    Texts too long for the model are cut, and the vectors of their pieces combined. If the model pools by the mean
    of its token vectors, the vectors of runs of segments follow from a single reading of each segment.

    Args:
        model: the model, on its device.
        spec: the user's specification of the model.
        hash: returns the hash of its weights; called on first use.
        threads: torch threads on a CPU; torch's default if None.
        progress: progress callback, counting texts.

    Attributes:
        name: name recorded in results and memories.
        dimension: length of a vector.
        languages: primary subtags of the languages it knows; empty if unknown or too many to list.
        device: torch device, such as cpu or cuda:0.
        progress: progress callback, counting texts.
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
        self._lock = Lock()  # each call changes the tokenizer's settings, and torch has its own threads
        self._threads = threads
        self.name = spec.name
        self.languages = spec.known.languages if spec.known else frozenset()
        self.device = str(model.device)
        self._tokenizer = Tokenizer.of(model, self._prompt)
        self._sums = TokenSums.of(model, self._tokenizer, self._prompt)
        self.dimension = self.encode([""]).shape[1]

    @cached_property
    def hash(self) -> str:
        """First 12 hexadecimal digits of a SHA-256 of the weights and of how the model uses them."""
        return self._hash()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, *Shape:* ``(texts, dimension)``, of Euclidean length 1."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        distinct = list(dict.fromkeys(texts))
        if self._sums is not None:
            encoded = [rows[VECTOR_ROW, :-1] for rows in self._features(self._sums, distinct, parts=False)]
        else:
            encoded = list(self._pooled(distinct))
        vectors = dict(zip(distinct, encoded, strict=True))
        return np.array([vectors[text] for text in texts], dtype=np.float32)

    def read(self, texts: Sequence[str]) -> Spans:
        """Read texts as consecutive segments; runs are composed if the model allows it, else joined and encoded."""
        if self._sums is None:
            return JoinedSpans(self.encode, texts)
        return ComposedSpans(self._sums.vectors, partial(self._features, self._sums), texts, self.dimension)

    def _features(self, sums: TokenSums, texts: Sequence[str], *, parts: bool = True) -> list[Vectors]:
        """Compute the features of each text; see `TokenSums.features`."""
        distinct = list(dict.fromkeys(texts))
        with self._lock:
            pieces = self._tokenizer.pieces(distinct)
            flat = [piece for cut in pieces for piece in cut]
            found = self._in_batches(flat, partial(sums.features, parts=parts))
        bounds = pairwise(accumulate(map(len, pieces), initial=0))
        features = dict(zip(distinct, (sums.whole(found[start:end]) for start, end in bounds), strict=True))
        return [features[text] for text in texts]

    def _pooled(self, texts: Sequence[str]) -> Vectors:
        """Encode texts with the whole model; the vector of a long text is the weighted mean of its pieces' vectors."""
        with self._lock:
            pieces = self._tokenizer.pieces(texts)
            flat = [piece for cut in pieces for piece in cut]
            vectors = normalise(np.array(self._in_batches(flat, lambda batch: list(self._forward(batch)))))
            weights = np.maximum(self._tokenizer.lengths(flat), 1)[:, None]
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
        """Compute a result for each text, in batches of similar length."""
        if self._threads is not None:
            torch.set_num_threads(self._threads)  # per process; another encoder may have changed it
        results: dict[int, Result] = {}
        batches = list(self._batches(texts))
        for batch in batches:
            results |= zip(batch, compute([texts[position] for position in batch]), strict=True)
            if len(batches) > 1:
                self.progress("Encoding texts", len(results), len(texts))
        return [results[position] for position in range(len(texts))]

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Group the positions of texts, longest first, into batches within the limit of padded tokens."""
        lengths = self._tokenizer.lengths(texts) + self._tokenizer.before + self._tokenizer.after
        limit = BATCH_TOKENS.get(self.device, BATCH_TOKENS_GPU)
        batch: list[int] = []
        for position in np.argsort(-lengths, kind="stable").tolist():
            if batch and (len(batch) + 1) * lengths[batch[0]] > limit:
                yield batch
                batch = []
            batch.append(position)
        if batch:
            yield batch


def prompt_of(spec: ModelSpec) -> str:
    """Return the text put before every input."""
    return spec.known.prompt if spec.known else ""


def _to_device(value: Any, device: str) -> Any:  # noqa: ANN401 - not all features are tensors
    return value.to(device) if isinstance(value, torch.Tensor) else value
