"""The embedded encoder: the Universal Sentence Encoder multilingual v3 in numpy, with span vectors by composition.

The network sums token features before its last layers (Yang et al., "Multilingual Universal Sentence Encoder for
Semantic Retrieval", 2020, the convolutional variant), so the features of a run of segments are the sum of theirs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hexapla_models.chunks import chunk_bounds, closing_pieces
from hexapla_models.encoder import EDGES, Chunks, Indices, Vectors
from hexapla_models.weights import CHUNKS, Branch, Weights, load_weights, resource, weights_hash

UNKNOWN, BEGIN, END = 0, 1, 2  # pieces of the tokenizer
BATCH_TOKENS = 1024  # large enough to share work between equal tokens, small enough for the cache
CACHED_SEGMENTS = 10_000  # about 20 KB each
BLOCK = 1024  # segments that are read together
KEPT_BLOCKS = 12  # of one document, about 20 MB each
FIRST_CHUNK = 2 + 2 * len(EDGES)  # row of a segment's features; begin, end, openings, closings come first


Tokens = NDArray[np.float32] | NDArray[np.float64]


class EmbeddedEncoder:
    """The default encoder: 16 languages, 512 dimensions, no download and no torch.

    Args:
        threads: texts are encoded in this many threads, each with one BLAS thread; the machine's cores if None.

    Attributes:
        name: name in the registry.
        dimension: length of a vector.
        languages: primary subtags of the languages it knows (model card of Universal Sentence Encoder Multilingual 3).
    """

    name: str = "embedded"
    dimension: int = 512
    languages: frozenset[str] = frozenset(
        ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "yue", "zh")
    )

    def __init__(self, threads: int | None = None) -> None:
        from sentencepiece import SentencePieceProcessor

        threadpool_limits(limits=1, user_api="blas")  # more than one a process costs up to a factor of 20
        self._threads = threads or _cores()
        self._weights = load_weights()
        self._tokenizer = SentencePieceProcessor(model_file=str(resource("sp.model")))
        self._closing = closing_pieces(self._tokenizer.piece_to_id)
        self._cache: dict[str, Vectors] = {}

    @cached_property
    def hash(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of weights and tokenizer."""
        return weights_hash()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, *Shape:* ``(texts, 512)``, of Euclidean length 1."""
        each = np.arange(len(texts))
        return self.read(texts).vectors(each, each + 1)

    def read(self, texts: Sequence[str]) -> ComposedSpans:
        """The texts as consecutive segments whose runs have vectors by composition.

        Args:
            texts: one text a segment.

        Returns:
            The segments, encoded; of a very long document only the first, and the others when they are asked for.
        """
        return ComposedSpans(self._weights, self._cached_features, texts)

    def _cached_features(self, texts: Sequence[str]) -> list[Vectors]:
        """Features of each text, see segment_features; those of texts read before come from the cache."""
        known = {text: self._cache.get(text) for text in texts}  # another thread may drop them from the cache
        unseen = [text for text, features in known.items() if features is None]
        fresh = dict(zip(unseen, self._features(unseen), strict=True))
        self._remember(fresh)
        found = {text: features for text, features in known.items() if features is not None} | fresh
        return [found[text] for text in texts]

    def _remember(self, fresh: dict[str, Vectors]) -> None:
        self._cache.update(fresh)
        for text in list(self._cache)[: max(0, len(self._cache) - CACHED_SEGMENTS)]:
            self._cache.pop(text, None)  # another thread may have been here

    def _features(self, texts: Sequence[str]) -> list[Vectors]:
        """Features of each text; see segment_features."""
        pieces = [[BEGIN, *(ids or [UNKNOWN]), END] for ids in self._tokenizer.encode(list(texts))]
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
        lengths = [len(ids) for ids in pieces]
        cuts = [chunk_bounds(np.isin(ids[1:-1], self._closing)) for ids in pieces]
        most = min(BATCH_TOKENS, sum(lengths) // self._threads + 1)  # work for all threads
        batches = list(_batches(order, lengths, most))
        features: list[Vectors] = [np.empty(0, dtype=np.float32)] * len(pieces)
        with ThreadPoolExecutor(self._threads) as threads:
            results = threads.map(
                lambda batch: segment_features(
                    self._weights, [pieces[i] for i in batch], [cuts[i] for i in batch]
                ),
                batches,
            )
            for batch, result in zip(batches, results, strict=True):
                for i, row in zip(batch, result, strict=True):
                    features[i] = row
        return features


def _cores() -> int:
    """Cores that this process may use; only Linux tells those apart from the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Block:
    """Features of consecutive segments.

    Attributes:
        edges: of begin, end, openings and closings, *Shape:* ``(segments, FIRST_CHUNK, 512 + 1)``.
        chunks: of all chunks, *Shape:* ``(chunks, 512 + 1)``; the last column is the number of tokens.
        bounds: first chunk of each segment, and the number of chunks at the end, *Shape:* ``(segments + 1,)``.
    """

    edges: Vectors
    chunks: Vectors
    bounds: Indices

    @classmethod
    def of(cls, features: Sequence[Vectors]) -> Block:
        """The block of segments that have these features; see segment_features."""
        edges = np.array([rows[:FIRST_CHUNK] for rows in features], dtype=np.float32)
        bounds = np.cumsum([0, *(len(rows) - FIRST_CHUNK for rows in features)])
        return cls(edges, np.concatenate([rows[FIRST_CHUNK:] for rows in features]), bounds)

    def part(self, start: int, end: int) -> Block:
        """The segments [start, end)."""
        bounds = self.bounds[start : end + 1]
        return Block(self.edges[start:end], self.chunks[bounds[0] : bounds[-1]], bounds - bounds[0])

    def compose(self, weights: Weights, inner: Tokens, first: Indices, last: Indices) -> Vectors:
        """Vectors of summed tokens between the begin token of a segment and the end token of another.

        Args:
            weights: of the output layers.
            inner: sums and counts of tokens, *Shape:* ``(spans, 512 + 1)``.
            first: segment of the begin token of each span.
            last: segment of the end token of each span.

        Returns:
            *Shape:* ``(spans, 512)`` of Euclidean length 1.
        """
        summed = self.edges[first, 0, :-1] + inner[:, :-1] + self.edges[last, 1, :-1]
        return output_layers(weights, (summed / np.sqrt(inner[:, -1:] + 2)).astype(np.float32))


class ComposedSpans:
    """Segments whose runs have vectors by composition.

    Features are made block by block. So many blocks are kept that of all but very long documents each is made once,
    and that memory does not grow with the length of the others.

    Args:
        weights: of the output layers.
        features: gives the features of each of some texts; see segment_features.
        texts: one text a segment.

    Attributes:
        composed: whether the vector of a run costs next to nothing.
    """

    composed = True

    def __init__(
        self,
        weights: Weights,
        features: Callable[[Sequence[str]], Sequence[Vectors]],
        texts: Sequence[str],
    ) -> None:
        self._weights = weights
        self._features = features
        self._texts = texts
        self._blocks: dict[int, Block] = {}
        self._lock = Lock()
        for number in range(min(KEPT_BLOCKS, -(-len(texts) // BLOCK))):
            self._block(number)

    def __len__(self) -> int:
        """Number of segments."""
        return len(self._texts)

    def vectors(self, starts: Indices, ends: Indices) -> Vectors:
        """Vectors of the runs [start, end), *Shape:* ``(spans, 512)``, of Euclidean length 1."""
        starts, ends = np.asarray(starts), np.asarray(ends)
        vectors = np.empty((len(starts), 512), dtype=np.float32)
        for spans in _by_block(starts):
            vectors[spans] = self._runs(starts[spans], ends[spans])
        return vectors

    def openings(self, segments: Indices) -> Vectors:
        """Vectors of the first tokens of segments, *Shape:* ``(len(EDGES), segments, 512)``."""
        return self._edges(np.asarray(segments), 2)

    def closings(self, segments: Indices) -> Vectors:
        """Vectors of the last tokens of segments, *Shape:* ``(len(EDGES), segments, 512)``."""
        return self._edges(np.asarray(segments), 2 + len(EDGES))

    def chunks(self, start: int, end: int) -> Chunks:
        """The clauses of the segments [start, end)."""
        if start == end:
            nothing = np.zeros((0, 512), dtype=np.float32)
            return Chunks(nothing, nothing[:, 0], np.zeros(1, dtype=np.intp))
        part = self._part(start, end)
        owners = np.repeat(np.arange(end - start), np.diff(part.bounds))
        vectors = part.compose(self._weights, part.chunks, owners, owners)
        return Chunks(vectors, part.chunks[:, -1], part.bounds)

    def _runs(self, starts: Indices, ends: Indices) -> Vectors:
        """Vectors of runs that begin in one block."""
        first = int(starts.min())
        part = self._part(first, int(ends.max()))
        starts, ends = starts - first, ends - first
        sums = np.vstack([np.zeros((1, 513)), np.cumsum(part.chunks, axis=0, dtype=np.float64)])[part.bounds]
        return part.compose(self._weights, sums[ends] - sums[starts], starts, ends - 1)

    def _edges(self, segments: Indices, row: int) -> Vectors:
        vectors = np.empty((len(EDGES), len(segments), 512), dtype=np.float32)
        for chosen in _by_block(segments):
            first = int(segments[chosen].min())
            part = self._part(first, int(segments[chosen].max()) + 1)
            places = segments[chosen] - first
            for edge in range(len(EDGES)):
                vectors[edge, chosen] = part.compose(
                    self._weights, part.edges[places, row + edge], places, places
                )
        return vectors

    def _part(self, first: int, last: int) -> Block:
        """The segments [first, last), of one block or of several."""
        numbers = range(first // BLOCK, max(first // BLOCK + 1, -(-last // BLOCK)))
        parts = [
            self._block(number).part(max(0, first - number * BLOCK), min(BLOCK, last - number * BLOCK))
            for number in numbers
        ]
        if len(parts) == 1:
            return parts[0]
        counts = np.concatenate([np.diff(part.bounds) for part in parts])
        return Block(
            np.concatenate([part.edges for part in parts]),
            np.concatenate([part.chunks for part in parts]),
            np.concatenate([[0], np.cumsum(counts)]),
        )

    def _block(self, number: int) -> Block:
        """A block of segments, made if it is not kept."""
        with self._lock:
            if number not in self._blocks:
                texts = self._texts[number * BLOCK : (number + 1) * BLOCK]
                self._blocks[number] = Block.of(self._features(texts))
                if len(self._blocks) > KEPT_BLOCKS:
                    del self._blocks[next(iter(self._blocks))]
            return self._blocks[number]


def _by_block(segments: Indices) -> list[Indices]:
    """Places of segments, those of one block together."""
    if not len(segments):
        return []
    order = np.argsort(segments // BLOCK, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(segments[order] // BLOCK)) + 1)


def output_layers(weights: Weights, x: Vectors) -> Vectors:
    """The residual output layers over scaled feature sums; *Shape:* ``(n, 512)`` to ``(n, 512)`` of length 1."""
    dense = weights.dense
    hidden = np.maximum(x @ dense["p1"] + np.maximum(x @ dense["d0"], 0) @ dense["d1"], 0)
    z = np.tanh(hidden @ dense["p3"] + np.maximum(hidden @ dense["d2"], 0) @ dense["d3"])
    return np.asarray(z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def segment_features(
    weights: Weights, pieces: Sequence[Sequence[int]], cuts: Sequence[Indices]
) -> list[Vectors]:
    """Token features of segments, projected and summed.

    Args:
        weights: of the model.
        pieces: token ids of each segment, begin and end token included.
        cuts: bounds of the chunks of each segment among the tokens between; see chunks.chunk_bounds.

    Returns:
        For each segment, *Shape:* ``(FIRST_CHUNK + chunks, 512 + 1)``: projected features of the begin and of the end
        token, the sums of the first and of the last tokens between, as many as each of EDGES says, and those of each
        chunk; the last column is the number of tokens.
    """
    lengths = np.array([len(ids) for ids in pieces])
    tokens = np.concatenate([np.asarray(ids) for ids in pieces])
    stops = np.cumsum(lengths)
    starts = stops - lengths
    features = _token_features(weights, tokens, starts, lengths)
    ranges = [_ranges(start, stop, cut) for start, stop, cut in zip(starts, stops, cuts, strict=True)]
    bounds = np.concatenate(ranges)
    counts = (bounds[:, 1] - bounds[:, 0])[:, None]
    projected = _range_sums(features, bounds) @ weights.projection + counts * weights.projection_bias
    rows = np.concatenate([projected, counts], axis=1, dtype=np.float32)
    return [part.copy() for part in np.split(rows, np.cumsum([len(part) for part in ranges[:-1]]))]


def _ranges(start: int, stop: int, cuts: Indices) -> Indices:
    """Token ranges of the rows of a segment's features, *Shape:* ``(FIRST_CHUNK + chunks, 2)``."""
    first, last = start + 1, stop - 1
    openings = [(first, min(first + edge, last)) for edge in EDGES]
    closings = [(max(first, last - edge), last) for edge in EDGES]
    chunks = np.stack([cuts[:-1], cuts[1:]], axis=1) + first
    return np.concatenate([[(start, first), (last, stop), *openings, *closings], chunks])


def _range_sums(rows: Vectors, bounds: Indices) -> Vectors:
    """Sums of the rows [start, end), *Shape:* ``(..., 2)`` of bounds to ``(..., columns)``."""
    padded = np.vstack(
        [rows, np.zeros((1, rows.shape[1]), dtype=np.float32)]
    )  # an end may lie behind the last row
    sums = np.add.reduceat(padded, bounds.reshape(-1), axis=0)[::2]
    return np.asarray(sums.reshape(*bounds.shape[:-1], -1), dtype=np.float32)


def _token_features(weights: Weights, tokens: Indices, starts: Indices, lengths: Indices) -> Vectors:
    """Normalised features of every token, *Shape:* ``(tokens, 1280)``."""
    distinct, token = np.unique(tokens, return_inverse=True)
    chunk = distinct % CHUNKS
    embedded: Vectors = weights.table[chunk, distinct // CHUNKS].astype(np.float32)
    embedded *= weights.scale[chunk, None]
    embedded += weights.low[chunk, None]
    entry = _normalise(embedded @ weights.entry + weights.entry_bias, weights.entry_norm, weights.epsilon)
    first, last = np.repeat(starts, lengths), np.repeat(starts + lengths, lengths)
    inputs = np.split(entry, len(weights.branches), axis=1)
    parts = [_convolve(*branch, token, first, last) for branch in zip(weights.branches, inputs, strict=True)]
    return _normalise(np.concatenate([embedded[token], *parts], axis=1), weights.norm, weights.epsilon)


def _convolve(branch: Branch, distinct: Vectors, token: Indices, first: Indices, last: Indices) -> Vectors:
    """One branch, *Shape:* ``(tokens, 256)``.

    A token's share of the first convolution at each place of the window depends on that token alone, so it is
    computed once for equal tokens.
    """
    outside = len(distinct)  # a row of zeros stands for places outside the segment
    places = np.arange(len(token))[:, None] + np.arange(branch.order) - branch.left
    inside = (places >= first[:, None]) & (places < last[:, None])
    window = np.where(inside, token[np.clip(places, 0, len(token) - 1)], outside)
    hidden = np.repeat(branch.first_bias[None], len(token), axis=0)
    for place in range(branch.order):
        hidden += _with_zero_row(distinct @ branch.first[place])[window[:, place]]
    hidden = np.maximum(hidden, 0, out=hidden) + distinct[token]
    padded = _with_zero_row(hidden)
    gathered = padded[np.where(inside, places, len(token))].reshape(len(token), -1)
    return np.asarray(np.maximum(gathered @ branch.second + branch.second_bias, 0) + hidden, dtype=np.float32)


def _with_zero_row(rows: Vectors) -> Vectors:
    return np.vstack([rows, np.zeros((1, rows.shape[1]), dtype=np.float32)])


def _normalise(x: Vectors, norm: Vectors, epsilon: float) -> Vectors:
    """Layer normalisation over rows, in place."""
    x -= x.mean(axis=1, keepdims=True)
    x *= (1 / np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + epsilon))[:, None]
    x *= norm[0]
    x += norm[1]
    return x


def _batches(order: Sequence[int], lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Texts by rising length in batches of so many tokens at most; a longer text is a batch of its own."""
    cuts, tokens = [0], 0
    for place, i in enumerate(order):
        if tokens and tokens + lengths[i] > most:
            cuts.append(place)
            tokens = 0
        tokens += lengths[i]
    for start, end in pairwise([*cuts, len(order)]):
        if start < end:
            yield list(order[start:end])
