"""The embedded encoder: Universal Sentence Encoder Multilingual v3 in NumPy, with composed span vectors.

The network is the convolutional variant of Yang et al., "Multilingual Universal Sentence Encoder for Semantic
Retrieval", 2020; see network.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, partial
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from hexapla_models.chunks import chunk_bounds, clause_end_ids
from hexapla_models.composed import ComposedSpans
from hexapla_models.cpu import usable_cores
from hexapla_models.encoder import Indices, Vectors
from hexapla_models.network import (
    CACHED_TOKENS,
    TokenCache,
    TokenTable,
    composed_vectors,
    segment_features,
    segment_vectors,
)
from hexapla_models.weights import load_weights, resource, weights_hash

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

UNKNOWN, BEGIN, END = 0, 1, 2  # ids of special tokens
BATCH_TOKENS = 1024  # large enough to share work between equal tokens, small enough for the CPU cache
CACHED_SEGMENTS = 10_000  # about 25 KB each

Compute = Callable[[TokenTable, Sequence[Indices]], Iterable[Vectors]]
"""Computes one array per text, given the tokens of the texts and a table of all these tokens."""


class EmbeddedEncoder:
    """The default encoder: 16 languages, 512 dimensions, no download and no torch.

    Args:
        threads: number of encoding threads, each with one BLAS thread; all usable cores if None.

    Attributes:
        name: name in the registry.
        dimension: length of a vector.
        languages: primary subtags of the languages it knows (model card of Universal Sentence Encoder
            Multilingual v3).
    """

    name: str = "embedded"
    dimension: int = 512
    languages: frozenset[str] = frozenset(
        ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "yue", "zh")
    )

    def __init__(self, threads: int | None = None) -> None:
        threadpool_limits(limits=1, user_api="blas")  # more than one per process can be 20 times slower
        self._threads = threads or usable_cores()
        with ThreadPoolExecutor(1) as background:
            weights = background.submit(load_weights)
            self._tokenizer = _load_tokenizer(str(resource("sp.model")))
            self._weights = weights.result()
        self._clause_ends = np.zeros(self._tokenizer.get_piece_size(), dtype=bool)
        self._clause_ends[clause_end_ids(self._tokenizer.piece_to_id)] = True
        self._cache: dict[str, Vectors] = {}
        self._token_cache, self._token_lock = TokenCache(self._weights), Lock()

    @cached_property
    def hash(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the weights and the tokenizer."""
        return weights_hash()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, *Shape:* ``(texts, 512)``, of Euclidean length 1."""
        if len(texts) == 1 and (vector := self._encode_one(texts[0])) is not None:
            return vector
        distinct = list(dict.fromkeys(texts))
        pieces = self._pieces(distinct)
        encoded = self._in_batches(pieces, lambda table, batch: segment_vectors(self._weights, table, batch))
        vectors = dict(zip(distinct, encoded, strict=True))
        return np.array([vectors[text] for text in texts], dtype=np.float32).reshape(-1, self.dimension)

    def _encode_one(self, text: str) -> Vectors | None:
        """Encode one text quickly, as a query, *Shape:* ``(1, 512)``; None if it is too long or the cache is in use."""
        (ids,) = self._pieces([text])
        if len(ids) > CACHED_TOKENS or not self._token_lock.acquire(blocking=False):
            return None
        try:
            return segment_vectors(self._weights, self._token_cache.table(ids), [ids])
        finally:
            self._token_lock.release()

    def read(self, texts: Sequence[str]) -> ComposedSpans:
        """Read texts as consecutive segments that compose the vectors of their runs.

        Args:
            texts: text of each segment.

        Returns:
            The encoded segments; of a very long document, all but the first block are encoded on request.
        """
        return ComposedSpans(
            partial(composed_vectors, self._weights), self._cached_features, texts, self.dimension
        )

    def _cached_features(self, texts: Sequence[str]) -> list[Vectors]:
        """Features of each text, from the cache if possible; see `hexapla_models.network.segment_features`."""
        known = {text: self._cache.get(text) for text in texts}  # other threads may drop texts from the cache
        unseen = [text for text, features in known.items() if features is None]
        fresh = dict(zip(unseen, self._features(unseen), strict=True))
        self._remember(fresh)
        found = {text: features for text, features in known.items() if features is not None} | fresh
        return [found[text] for text in texts]

    def _remember(self, fresh: dict[str, Vectors]) -> None:
        self._cache.update(fresh)
        for text in list(self._cache)[: max(0, len(self._cache) - CACHED_SEGMENTS)]:
            self._cache.pop(text, None)  # another thread may have dropped it

    def _features(self, texts: Sequence[str]) -> list[Vectors]:
        """Compute the features of each text; see `hexapla_models.network.segment_features`."""
        return self._in_batches(
            self._pieces(texts),
            lambda table, pieces: segment_features(
                self._weights, table, pieces, [chunk_bounds(self._clause_ends[ids[1:-1]]) for ids in pieces]
            ),
        )

    def _pieces(self, texts: Sequence[str]) -> list[Indices]:
        """Tokenise each text, with begin and end tokens."""
        if len(texts) == 1:  # starting a thread takes longer
            tokens = [self._tokenizer.encode(texts[0])]
        else:
            tokens = self._tokenizer.encode(list(texts), num_threads=self._threads)
        return [np.array([BEGIN, *(ids or [UNKNOWN]), END]) for ids in tokens]

    def _in_batches(self, pieces: Sequence[Indices], compute: Compute) -> list[Vectors]:
        """Compute an array for each text, in batches of similar length, in all threads."""
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
        lengths = [len(ids) for ids in pieces]
        limit = min(BATCH_TOKENS, sum(lengths) // self._threads + 1)  # so that all threads have work
        batches = list(_batches(order, lengths, limit))
        computed: list[Vectors] = [np.empty(0, dtype=np.float32)] * len(pieces)
        with ThreadPoolExecutor(self._threads) as threads:
            run = map if len(batches) == 1 else threads.map  # starting threads takes time
            table = self._table(pieces, run)
            results = run(lambda batch: compute(table, [pieces[i] for i in batch]), batches)
            for batch, result in zip(batches, results, strict=True):
                for i, row in zip(batch, result, strict=True):
                    computed[i] = row
        return computed

    def _table(self, pieces: Sequence[Indices], run: Callable[..., Iterable[object]]) -> TokenTable:
        """Compute the table of the distinct tokens of these texts."""
        table = TokenTable.of(
            self._weights, np.unique(np.concatenate(pieces)) if pieces else np.empty(0, int)
        )
        parts = 1 if run is map else self._threads
        cuts = pairwise(len(table.ids) * part // parts for part in range(parts + 1))
        list(run(lambda cut: table.fill(self._weights, slice(*cut)), cuts))
        return table


@cache
def _load_tokenizer(file: str) -> SentencePieceProcessor:
    """Load the tokenizer, once per process; threads may share it."""
    from sentencepiece import SentencePieceProcessor

    return SentencePieceProcessor(model_file=file)


def _batches(order: Sequence[int], lengths: Sequence[int], limit: int) -> Iterator[list[int]]:
    """Group texts, shortest first, into batches of at most `limit` tokens; a longer text is a batch by itself."""
    cuts, tokens = [0], 0
    for position, i in enumerate(order):
        if tokens and tokens + lengths[i] > limit:
            cuts.append(position)
            tokens = 0
        tokens += lengths[i]
    for start, end in pairwise([*cuts, len(order)]):
        if start < end:
            yield list(order[start:end])
