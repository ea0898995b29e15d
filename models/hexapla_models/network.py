"""The network of Universal Sentence Encoder Multilingual v3 in NumPy (Yang et al., 2020, convolutional variant).

It sums token features before its last layers, so the features of a run are the sum of those of its segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from hexapla_models.encoder import EDGES, Indices, Vectors
from hexapla_models.weights import CHUNKS, Branch, Weights

BEGIN_ROW, END_ROW, SUM_ROW, VECTOR_ROW, OPENING_ROW = range(5)  # rows of the features of a segment
CLOSING_ROW = OPENING_ROW + len(EDGES)
FIRST_CHUNK = CLOSING_ROW + len(EDGES)
CACHED_TOKENS = 4_096  # 15 KB each


@dataclass(frozen=True, slots=True)
class TokenTable:
    """The results of the network that depend on single tokens only; the last row of each array is zero.

    Attributes:
        ids: ids of the tokens, sorted, *Shape:* ``(tokens,)``.
        embedded: their embeddings, *Shape:* ``(tokens + 1, 512)``.
        entry: inputs of all branches, side by side, *Shape:* ``(tokens + 1, 3 * 256)``.
        shares: contribution of each token to the first convolution of each branch, by position in the window,
            *Shape of each:* ``(order, tokens + 1, 256)``.
    """

    ids: Indices
    embedded: Vectors
    entry: Vectors
    shares: list[Vectors]

    @classmethod
    def of(cls, weights: Weights, ids: Indices) -> Self:
        """Create a table of zeros for these tokens; `fill` computes its rows."""
        count, branches = len(ids) + 1, weights.branches
        return cls(
            ids,
            np.zeros((count, weights.entry.shape[0]), dtype=np.float32),
            np.zeros((count, weights.entry.shape[1]), dtype=np.float32),
            [np.zeros((branch.order, count, branch.first.shape[2]), dtype=np.float32) for branch in branches],
        )

    def fill(self, weights: Weights, rows: slice) -> None:
        """Compute a range of rows; other threads may compute others at the same time."""
        ids, embedded = self.ids[rows], self.embedded[rows]
        for chunk in np.unique(ids % CHUNKS):
            here = np.flatnonzero(ids % CHUNKS == chunk)
            quantised = weights.table[chunk][ids[here] // CHUNKS]
            embedded[here] = quantised * weights.scale[chunk] + weights.low[chunk]
        entry = np.matmul(embedded, weights.entry, out=self.entry[rows])
        entry += weights.entry_bias
        _layer_norm(entry, weights.entry_norm, weights.epsilon)
        for branch, x, shares in zip(weights.branches, self.inputs(), self.shares, strict=True):
            for position in range(branch.order):
                np.matmul(x[rows], branch.first[position], out=shares[position, rows])
            shares[branch.left, rows] += branch.first_bias  # every window includes its own token

    def rows_of(self, ids: Indices) -> Indices:
        """Return the rows of tokens; all must be in the table."""
        return np.searchsorted(self.ids, ids)

    def inputs(self) -> list[Vectors]:
        """Split `entry` into the inputs of each branch, *Shape of each:* ``(tokens + 1, 256)``."""
        return np.split(self.entry, len(self.shares), axis=1)


@dataclass(frozen=True, slots=True)
class _GrowingTable(TokenTable):
    """A table with room for more tokens, in any order.

    Attributes:
        row_of: row of each token in the table.
    """

    row_of: dict[int, int] = field(default_factory=dict)

    def rows_of(self, ids: Indices) -> Indices:
        """Return the rows of tokens; all must be in the table."""
        return np.array([self.row_of[id] for id in ids.tolist()])


class TokenCache:
    """A table of tokens kept between texts that are encoded one by one, since most tokens recur.

    Args:
        weights: weights of the model.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._table = _GrowingTable.of(weights, np.zeros(CACHED_TOKENS, dtype=np.intp))

    def table(self, ids: Indices) -> TokenTable:
        """Return a table with these tokens, at most CACHED_TOKENS; it is valid until the next call."""
        table = self._table
        new = [id for id in np.unique(ids).tolist() if id not in table.row_of]
        if len(table.row_of) + len(new) > CACHED_TOKENS:
            table.row_of.clear()
            new = np.unique(ids).tolist()
        rows = slice(len(table.row_of), len(table.row_of) + len(new))
        if new:
            table.ids[rows] = new
            table.fill(self._weights, rows)
            table.row_of.update(zip(new, range(rows.start, rows.stop), strict=True))
        return table


def segment_features(
    weights: Weights, table: TokenTable, pieces: Sequence[Indices], cuts: Sequence[Indices]
) -> list[Vectors]:
    """Compute the features and vectors of segments and of their parts.

    Args:
        weights: weights of the model.
        table: table of all tokens of the segments.
        pieces: token ids of each segment, with begin and end tokens.
        cuts: bounds of the chunks of each segment, without begin and end tokens; see
            `hexapla_models.chunks.chunk_bounds`.

    Returns:
        For each segment, *Shape:* ``(FIRST_CHUNK + chunks, 512 + 1)``. The first three rows are the projected features
        of the begin token, of the end token, and summed over the tokens between them. The other rows are vectors of
        Euclidean length 1: of the segment, of its openings and closings (one per number of tokens in EDGES), and of
        its chunks. The last column is the number of tokens.
    """
    lengths = np.array([len(ids) for ids in pieces])
    token = table.rows_of(np.concatenate(pieces))
    stops = np.cumsum(lengths)
    starts = stops - lengths
    ranges = [
        part_ranges(start, start + 1, stop - 1, stop, cut)
        for start, stop, cut in zip(starts, stops, cuts, strict=True)
    ]
    counts = np.array([len(part) for part in ranges])
    bounds = np.concatenate(ranges)
    keys = bounds @ np.array([len(token) + 1, 1])  # a short segment is its own opening, closing and chunk
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    bounds, owner = bounds[first], np.repeat(np.arange(len(pieces)), counts)[first]
    size = np.diff(bounds, axis=1).astype(np.float32)
    features = _token_features(weights, table, token, starts, lengths)
    summed = range_sums(features, bounds) @ weights.projection + size * weights.projection_bias
    firsts = np.cumsum(counts) - counts
    ends = summed[inverse[firsts + BEGIN_ROW]] + summed[inverse[firsts + END_ROW]]
    vectors = composed_vectors(weights, summed + ends[owner], size + 2)
    rows = np.concatenate([vectors, size], axis=1)[inverse]
    for row in (BEGIN_ROW, END_ROW, SUM_ROW):
        rows[firsts + row, :-1] = summed[inverse[firsts + row]]
    return [part.copy() for part in np.split(rows, firsts[1:])]


def segment_vectors(weights: Weights, table: TokenTable, pieces: Sequence[Indices]) -> Vectors:
    """Compute only the vectors of segments, at two thirds of the cost of all their features.

    Args:
        weights: weights of the model.
        table: table of all tokens of the segments.
        pieces: token ids of each segment, with begin and end tokens.

    Returns:
        *Shape:* ``(segments, 512)``, of Euclidean length 1.
    """
    lengths = np.array([len(ids) for ids in pieces])
    token = table.rows_of(np.concatenate(pieces))
    stops = np.cumsum(lengths)
    features = _token_features(weights, table, token, stops - lengths, lengths)
    summed = range_sums(features, np.stack([stops - lengths, stops], axis=1))
    size: Vectors = lengths[:, None].astype(np.float32)
    return composed_vectors(weights, summed @ weights.projection + size * weights.projection_bias, size)


def composed_vectors(weights: Weights, sums: Vectors, sizes: Vectors) -> Vectors:
    """Turn sums of projected features over `sizes` tokens into vectors, *Shape:* ``(n, 512)``, of length 1."""
    return output_layers(weights, np.asarray(sums / np.sqrt(sizes), dtype=np.float32))


def output_layers(weights: Weights, x: Vectors) -> Vectors:
    """Apply the residual output layers; *Shape:* ``(n, 512)`` to ``(n, 512)``, of Euclidean length 1."""
    dense = weights.dense
    hidden = np.maximum(x @ dense["p1"] + np.maximum(x @ dense["d0"], 0) @ dense["d1"], 0)
    z = np.tanh(hidden @ dense["p3"] + np.maximum(hidden @ dense["d2"], 0) @ dense["d3"])
    return np.asarray(z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def range_sums(rows: Vectors, bounds: Indices) -> Vectors:
    """Sum runs of rows.

    The first rows of all runs are added together, then the second rows of runs that have one, and so on.

    Args:
        rows: *Shape:* ``(rows, columns)``.
        bounds: [start, end) of each run, never empty, *Shape:* ``(runs, 2)``.

    Returns:
        *Shape:* ``(runs, columns)``.
    """
    if len(bounds) == 1:
        return np.add.reduce(rows[slice(*bounds[0])], axis=0, keepdims=True, dtype=np.float32)
    lengths = bounds[:, 1] - bounds[:, 0]
    order = np.argsort(-lengths, kind="stable")
    starts = bounds[order, 0]
    # number of runs with more than 1, 2, ... rows
    longer = np.searchsorted(-lengths[order], -np.arange(1, lengths.max()))
    sums = rows[starts]
    for offset, count in enumerate(longer, start=1):
        sums[:count] += rows[starts[:count] + offset]
    restored: Vectors = np.empty_like(sums)
    restored[order] = sums
    return restored


def part_ranges(start: int, first: int, last: int, stop: int, cuts: Indices) -> Indices:
    """Return the range of tokens for each row of a segment's features.

    Args:
        start: first token, special tokens and prompt included.
        first: first token of the text itself.
        last: token after the last of the text itself.
        stop: token after the last, special tokens included.
        cuts: bounds of the chunks, counted from the first token of the text itself.

    Returns:
        *Shape:* ``(FIRST_CHUNK + chunks, 2)``.
    """
    openings = [(first, min(first + edge, last)) for edge in EDGES]
    closings = [(max(first, last - edge), last) for edge in EDGES]
    whole = [(start, first), (last, stop), (first, last), (first, last)]
    chunks = np.stack([cuts[:-1], cuts[1:]], axis=1) + first
    return np.concatenate([np.array([*whole, *openings, *closings]), chunks])


def _token_features(
    weights: Weights, table: TokenTable, token: Indices, starts: Indices, lengths: Indices
) -> Vectors:
    """Compute the normalised features of every token, *Shape:* ``(tokens, 1280)``."""
    first, last = np.repeat(starts, lengths), np.repeat(starts + lengths, lengths)
    parts = [
        _convolve(branch, entry, shares, token, first, last)
        for branch, entry, shares in zip(weights.branches, table.inputs(), table.shares, strict=True)
    ]
    return _layer_norm(np.concatenate([table.embedded[token], *parts], axis=1), weights.norm, weights.epsilon)


def _convolve(
    branch: Branch, entry: Vectors, shares: Vectors, token: Indices, first: Indices, last: Indices
) -> Vectors:
    """Compute one convolution branch, *Shape:* ``(tokens, 256)``."""
    positions = np.arange(len(token))[:, None] + np.arange(branch.order) - branch.left
    inside = (positions >= first[:, None]) & (positions < last[:, None])
    window = np.where(inside, token[np.clip(positions, 0, len(token) - 1)], len(entry) - 1)
    hidden = shares[0][window[:, 0]]
    for position in range(1, branch.order):
        hidden += shares[position][window[:, position]]
    padded = np.zeros((len(token) + 1, hidden.shape[1]), dtype=np.float32)  # zeros outside the segment
    np.add(np.maximum(hidden, 0, out=hidden), entry[token], out=padded[:-1])
    gathered = padded[np.where(inside, positions, len(token))].reshape(len(token), -1)
    features = gathered @ branch.second
    features += branch.second_bias
    np.maximum(features, 0, out=features)
    features += padded[:-1]
    return np.asarray(features, dtype=np.float32)


def _layer_norm(x: Vectors, norm: Vectors, epsilon: float) -> Vectors:
    """Normalise each row (layer normalisation), in place."""
    x -= x.mean(axis=1, keepdims=True)
    x *= (1 / np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + epsilon))[:, None]
    x *= norm[0]
    x += norm[1]
    return x
