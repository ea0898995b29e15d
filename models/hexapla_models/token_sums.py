"""Sums of token vectors, from which models with mean pooling compose the vectors of runs of segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, StaticEmbedding
from torch import Tensor, nn
from torch.nn import functional

from hexapla_models.chunks import chunk_bounds
from hexapla_models.encoder import Indices, Vectors
from hexapla_models.network import (
    BEGIN_ROW,
    CLOSING_ROW,
    END_ROW,
    FIRST_CHUNK,
    SUM_ROW,
    VECTOR_ROW,
    part_ranges,
)
from hexapla_models.normalisation import normalise
from hexapla_models.tokenizer import Tokenizer

_NO_CUTS = np.zeros(1, dtype=np.intp)


class TokenSums:
    """A model split at its pooling: token vectors are summed over any range, and sums turned into vectors.

    Args:
        model: the model.
        tokenizer: its tokenizer.
        prompt: text put before every input.
        pooled: index of its pooling module; 0 for a static model.
        scaled: whether sums are divided by the square root of the number of tokens rather than by the number.
    """

    def __init__(
        self, model: SentenceTransformer, tokenizer: Tokenizer, prompt: str, pooled: int, *, scaled: bool
    ) -> None:
        modules = list(model)
        self._model, self._tokenizer, self._prompt, self._scaled = model, tokenizer, prompt, scaled
        self._before_pooling = modules[:pooled]
        self._after_pooling = nn.ModuleList(modules[pooled + 1 :]).float()  # half is too coarse for sums
        self._device = model.device

    @classmethod
    def of(cls, model: SentenceTransformer, tokenizer: Tokenizer, prompt: str) -> TokenSums | None:
        """Split a model at its pooling, if its vectors compose.

        Args:
            model: any model.
            tokenizer: its tokenizer.
            prompt: text put before every input.

        Returns:
            The split model; None if its pooling is not a mean, or its vectors and token vectors differ in length.
        """
        for index, module in enumerate(model):
            if isinstance(module, StaticEmbedding):
                width, mode = module.embedding_dim, "mean"
            elif isinstance(module, Pooling) and (module.include_prompt or not prompt):
                width, mode = module.embedding_dimension, module.pooling_mode
            else:
                continue
            if width != model.get_embedding_dimension() or mode not in ("mean", "mean_sqrt_len_tokens"):
                return None
            return cls(model, tokenizer, prompt, index, scaled=mode != "mean")
        return None

    @torch.inference_mode()
    def features(self, texts: Sequence[str], *, parts: bool = True) -> list[Vectors]:
        """Compute the features of a batch of texts.

        Args:
            texts: texts that the model can read at once.
            parts: whether to include openings, closings and chunks.

        Returns:
            For each text, *Shape:* ``(FIRST_CHUNK + chunks, dimension + 1)``, or ``(VECTOR_ROW + 1, dimension + 1)``
            without parts; see `hexapla_models.network.segment_features`.
        """
        ids, vectors, lengths = self._token_vectors(texts)
        stops = np.cumsum(lengths)
        ranges = [
            self._ranges(ids, start, stop, parts) for start, stop in zip(stops - lengths, stops, strict=True)
        ]
        bounds, counts = np.concatenate(ranges), [len(part) for part in ranges]
        sums, sizes = _range_sums(vectors, bounds), np.diff(bounds, axis=1).astype(np.float32)
        firsts = np.cumsum(counts) - counts
        ends = np.repeat(firsts, counts)
        tokens = sizes + sizes[ends + BEGIN_ROW] + sizes[ends + END_ROW]
        whole = sums + sums[ends + BEGIN_ROW] + sums[ends + END_ROW]
        found = self._finish(whole, torch.from_numpy(tokens).to(self._device)).cpu().numpy()
        rows = np.concatenate([normalise(found), sizes], axis=1)
        for row in (BEGIN_ROW, END_ROW, SUM_ROW):
            rows[firsts + row, :-1] = sums[firsts + row].cpu().numpy()
        split = np.split(rows, firsts[1:])
        for part in split:
            np.maximum(part[FIRST_CHUNK:, -1], 1, out=part[FIRST_CHUNK:, -1])
        return [part.copy() for part in split]

    def whole(self, pieces: Sequence[Vectors]) -> Vectors:
        """Combine the features of the pieces of one text.

        Args:
            pieces: features of each piece, in order.

        Returns:
            The features of the whole text, in the form that `features` returns.
        """
        if len(pieces) == 1:
            return pieces[0]
        first, last = pieces[0], pieces[-1]
        inner = np.sum([rows[SUM_ROW] for rows in pieces], axis=0)
        total = (inner + first[BEGIN_ROW] + last[END_ROW])[None]
        rows = first[:FIRST_CHUNK].copy()
        rows[END_ROW], rows[SUM_ROW], rows[VECTOR_ROW] = last[END_ROW], inner, inner
        rows[VECTOR_ROW, :-1] = self.vectors(total[:, :-1], total[:, -1:])[0]
        rows[CLOSING_ROW:] = last[CLOSING_ROW:FIRST_CHUNK]
        return np.concatenate([rows, *(piece[FIRST_CHUNK:] for piece in pieces)])

    @torch.inference_mode()
    def vectors(self, sums: Vectors, sizes: Vectors) -> Vectors:
        """Turn sums of token vectors into vectors.

        Args:
            sums: *Shape:* ``(n, dimension)``.
            sizes: number of tokens in each sum, *Shape:* ``(n, 1)``.

        Returns:
            *Shape:* ``(n, dimension)``, of Euclidean length 1.
        """
        moved = (torch.from_numpy(np.ascontiguousarray(part)).to(self._device) for part in (sums, sizes))
        return normalise(self._finish(*moved).cpu().numpy())

    def _finish(self, sums: Tensor, sizes: Tensor) -> Tensor:
        """Pool sums and pass them through the modules after the pooling."""
        sizes = sizes.clamp(min=1)
        features = {"sentence_embedding": sums / (sizes.sqrt() if self._scaled else sizes)}
        for module in self._after_pooling:
            features = module(features)
        return features["sentence_embedding"]

    def _token_vectors(self, texts: Sequence[str]) -> tuple[Indices, Tensor, Indices]:
        """Return the ids and vectors of all tokens, text after text, and the number of tokens in each text."""
        features = self._model.preprocess(list(texts), prompt=self._prompt or None)
        features = {
            name: value.to(self._device) if isinstance(value, Tensor) else value
            for name, value in features.items()
        }
        if not self._before_pooling:
            ids, offsets = features["input_ids"], features["offsets"].cpu().numpy()
            static = self._model[0]
            assert isinstance(static, StaticEmbedding)
            vectors = static.embedding.weight[ids]
            return ids.cpu().numpy(), vectors.float(), np.diff(np.append(offsets, len(ids)))
        for module in self._before_pooling:
            features = module(features)
        inside = features["attention_mask"].bool()
        vectors = features["token_embeddings"][inside]
        lengths = inside.sum(dim=1).cpu().numpy()
        return features["input_ids"][inside].cpu().numpy(), vectors.float(), lengths

    def _ranges(self, ids: Indices, start: int, stop: int, parts: bool) -> Indices:
        first = min(start + self._tokenizer.before, stop)
        last = max(first, stop - self._tokenizer.after)
        cuts = chunk_bounds(self._tokenizer.clause_ends(ids[first:last])) if parts else _NO_CUTS
        ranges = part_ranges(start, first, last, stop, cuts)
        return ranges if parts else ranges[: VECTOR_ROW + 1]


def _range_sums(rows: Tensor, bounds: Indices) -> Tensor:
    """Sum the rows of each run [start, end), which may be empty; *Shape:* ``(runs, columns)``."""
    lengths = np.diff(bounds, axis=1)[:, 0]
    offsets = np.cumsum(lengths) - lengths
    positions = np.arange(lengths.sum()) - np.repeat(offsets - bounds[:, 0], lengths)
    if not len(positions):
        return rows.new_zeros((len(bounds), rows.shape[1]))
    return functional.embedding_bag(
        torch.from_numpy(positions).to(rows.device),
        rows,
        torch.from_numpy(offsets).to(rows.device),
        mode="sum",
    )
