"""Sums of token vectors: what a model gives that takes their mean, so that vectors of runs of segments compose."""

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
from hexapla_models.tokens import Tokens

_NO_CUTS = np.zeros(1, dtype=np.intp)


class TokenSums:
    """Token vectors of texts, summed, and the vectors that follow from sums.

    Args:
        model: the model.
        tokens: its tokens.
        prompt: what is written before every text.
        pooled: place of its module that takes the mean; 0 for a static model.
        scaled: whether the sum is divided by the root of the number of tokens, and not by their number.
    """

    def __init__(
        self, model: SentenceTransformer, tokens: Tokens, prompt: str, pooled: int, *, scaled: bool
    ) -> None:
        modules = list(model)
        self._model, self._tokens, self._prompt, self._scaled = model, tokens, prompt, scaled
        self._lower = modules[:pooled]
        self._upper = nn.ModuleList(modules[pooled + 1 :]).float()  # half precision is too coarse for sums
        self._device = model.device

    @classmethod
    def of(cls, model: SentenceTransformer, tokens: Tokens, prompt: str) -> TokenSums | None:
        """The sums of a model.

        Args:
            model: any model.
            tokens: its tokens.
            prompt: what is written before every text.

        Returns:
            They; None if the model does something else, or its vectors are not as long as those of its tokens.
        """
        for place, module in enumerate(model):
            if isinstance(module, StaticEmbedding):
                width, mode = module.embedding_dim, "mean"
            elif isinstance(module, Pooling) and (module.include_prompt or not prompt):
                width, mode = module.embedding_dimension, module.pooling_mode
            else:
                continue
            if width != model.get_embedding_dimension() or mode not in ("mean", "mean_sqrt_len_tokens"):
                return None
            return cls(model, tokens, prompt, place, scaled=mode != "mean")
        return None

    @torch.inference_mode()
    def features(self, texts: Sequence[str], *, parts: bool = True) -> list[Vectors]:
        """Features of texts that are read at once.

        Args:
            texts: none longer than the model reads.
            parts: whether those of openings, closings and chunks are wanted too.

        Returns:
            For each text, *Shape:* ``(FIRST_CHUNK + chunks, dimension + 1)``, without parts ``(VECTOR_ROW + 1,
            dimension + 1)``; see `hexapla_models.network.segment_features`.
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
        """The features of a text.

        Args:
            pieces: the features of the pieces it was cut into.

        Returns:
            As `features` gives them.
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
        """Vectors of sums of token vectors.

        Args:
            sums: *Shape:* ``(n, dimension)``.
            sizes: how many tokens each has, *Shape:* ``(n, 1)``.

        Returns:
            *Shape:* ``(n, dimension)`` of Euclidean length 1.
        """
        moved = (torch.from_numpy(np.ascontiguousarray(part)).to(self._device) for part in (sums, sizes))
        return normalise(self._finish(*moved).cpu().numpy())

    def _finish(self, sums: Tensor, sizes: Tensor) -> Tensor:
        """The pooled sums through the modules behind."""
        sizes = sizes.clamp(min=1)
        features = {"sentence_embedding": sums / (sizes.sqrt() if self._scaled else sizes)}
        for module in self._upper:
            features = module(features)
        return features["sentence_embedding"]

    def _token_vectors(self, texts: Sequence[str]) -> tuple[Indices, Tensor, Indices]:
        """Ids and vectors of all tokens of all texts, one text behind the other, and how many each text has."""
        features = self._model.preprocess(list(texts), prompt=self._prompt or None)
        features = {
            name: value.to(self._device) if isinstance(value, Tensor) else value
            for name, value in features.items()
        }
        if not self._lower:
            ids, offsets = features["input_ids"], features["offsets"].cpu().numpy()
            static = self._model[0]
            assert isinstance(static, StaticEmbedding)
            vectors = static.embedding.weight[ids]
            return ids.cpu().numpy(), vectors.float(), np.diff(np.append(offsets, len(ids)))
        for module in self._lower:
            features = module(features)
        inside = features["attention_mask"].bool()
        vectors = features["token_embeddings"][inside]
        lengths = inside.sum(dim=1).cpu().numpy()
        return features["input_ids"][inside].cpu().numpy(), vectors.float(), lengths

    def _ranges(self, ids: Indices, start: int, stop: int, parts: bool) -> Indices:
        first = min(start + self._tokens.before, stop)
        last = max(first, stop - self._tokens.after)
        cuts = chunk_bounds(self._tokens.clause_ends(ids[first:last])) if parts else _NO_CUTS
        ranges = part_ranges(start, first, last, stop, cuts)
        return ranges if parts else ranges[: VECTOR_ROW + 1]


def _range_sums(rows: Tensor, bounds: Indices) -> Tensor:
    """Sums of runs of rows [start, end), some of them empty, *Shape:* ``(runs, columns)``."""
    lengths = np.diff(bounds, axis=1)[:, 0]
    offsets = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) - np.repeat(offsets - bounds[:, 0], lengths)
    if not len(places):
        return rows.new_zeros((len(bounds), rows.shape[1]))
    return functional.embedding_bag(
        torch.from_numpy(places).to(rows.device), rows, torch.from_numpy(offsets).to(rows.device), mode="sum"
    )
