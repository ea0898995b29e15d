"""The embedded encoder as sentence-transformers modules: the same network and weights in torch, also for GPUs.

It divides the sum of token features by the square root of their number, which sentence-transformers calls
`mean_sqrt_len_tokens`. So the model has three modules: token features, a standard pooling, and the output layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule, Module
from sentence_transformers.sentence_transformer.modules import Pooling
from torch import Tensor, nn
from torch.nn import functional

from hexapla_models.embedded import BEGIN, END, UNKNOWN
from hexapla_models.encoder import Vectors
from hexapla_models.weights import CHUNKS, Branch, Weights, load_weights, resource

Features = dict[str, Any]
"""What a module passes to the next; see `sentence_transformers.base.modules.Module.forward`."""


def embedded_model(device: str) -> SentenceTransformer:
    """Build the embedded encoder as a sentence-transformers model.

    Args:
        device: torch device.

    Returns:
        The model.

    Raises:
        hexapla_models.errors.DamagedWeights: the weights are missing or cannot be read.
    """
    weights = load_weights()
    modules = [TokenFeatures(weights), Pooling(512, "mean_sqrt_len_tokens"), OutputLayers(weights)]
    return SentenceTransformer(modules=modules, device=device)


class _FromPackage(Module):
    """A module whose weights come with the package and are not saved."""

    def save(
        self, output_path: str, *args: object, safe_serialization: bool = True, **kwargs: object
    ) -> None:
        """Save the configuration of the module, without weights.

        Args:
            output_path: folder to save to.
            *args: ignored.
            safe_serialization: ignored.
            **kwargs: ignored.
        """
        self.save_config(output_path)


class TokenFeatures(_FromPackage, InputModule):
    """The first module: texts to projected features of their tokens.

    Args:
        weights: weights of the model; those of the package if None.

    Attributes:
        pieces: the SentencePiece tokenizer.
        table: quantised embeddings, *Shape:* ``(pieces, 512)``.
        scale: quantisation step of each chunk; see `hexapla_models.weights.Weights`.
        low: lowest value of each chunk.
    """

    pieces: Any
    table: Tensor
    scale: Tensor
    low: Tensor

    def __init__(self, weights: Weights | None = None) -> None:
        from sentencepiece import SentencePieceProcessor

        super().__init__()  # type: ignore[no-untyped-call]
        weights = weights or load_weights()
        self.pieces = SentencePieceProcessor(model_file=str(resource("sp.model")))
        table = np.stack(weights.table, axis=1)  # back to the order of piece ids
        self.register_buffer("table", torch.from_numpy(table.reshape(-1, table.shape[-1])))
        self.register_buffer("scale", _tensor(weights.scale))
        self.register_buffer("low", _tensor(weights.low))
        self.entry = _linear(weights.entry, weights.entry_bias)
        self.entry_norm = _norm(weights.entry_norm, weights.epsilon)
        self.branches = nn.ModuleList(_Convolutions(branch) for branch in weights.branches)
        self.norm = _norm(weights.norm, weights.epsilon)
        self.projection = _linear(weights.projection, weights.projection_bias)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: object) -> Features:
        """Tokenise texts.

        Args:
            inputs: texts.
            prompt: text put before each.
            **kwargs: ignored.

        Returns:
            `input_ids` and `attention_mask`, *Shape:* ``(texts, tokens)``, with short texts padded.
        """
        ids = self.pieces.encode([f"{prompt or ''}{text}" for text in inputs])
        rows = [torch.tensor([BEGIN, *(row or [UNKNOWN]), END]) for row in ids]
        padded = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        lengths = torch.tensor([len(row) for row in rows])
        return {
            "input_ids": padded,
            "attention_mask": (torch.arange(padded.shape[1]) < lengths[:, None]).long(),
        }

    def forward(self, features: Features, **kwargs: object) -> Features:
        """Add `token_embeddings`, *Shape:* ``(texts, tokens, 512)``.

        Args:
            features: output of `preprocess`.
            **kwargs: ignored.

        Returns:
            The features, with `token_embeddings` added.
        """
        ids, inside = features["input_ids"], features["attention_mask"][..., None]
        chunk = ids % CHUNKS
        embedded = self.table[ids] * self.scale[chunk][..., None] + self.low[chunk][..., None]
        entry = self.entry_norm(self.entry(embedded)) * inside
        parts = [
            branch(part, inside)
            for branch, part in zip(self.branches, entry.chunk(len(self.branches), dim=-1), strict=True)
        ]
        return features | {
            "token_embeddings": self.projection(self.norm(torch.cat([embedded, *parts], dim=-1)))
        }

    def get_embedding_dimension(self) -> int:
        """Length of the vector of a token."""
        return self.projection.out_features


class OutputLayers(_FromPackage):
    """The last module: the residual output layers after pooling.

    Args:
        weights: weights of the model; those of the package if None.
    """

    def __init__(self, weights: Weights | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        dense = (weights or load_weights()).dense
        self.dense = nn.ModuleDict({name: _linear(values) for name, values in dense.items()})

    def forward(self, features: Features, **kwargs: object) -> Features:
        """Replace `sentence_embedding` by the final vectors, *Shape:* ``(texts, 512)``, of Euclidean length 1.

        Args:
            features: output of the pooling.
            **kwargs: ignored.

        Returns:
            The features, with the final vectors.
        """
        x, dense = features["sentence_embedding"], self.dense
        hidden = functional.relu(dense["p1"](x) + dense["d1"](functional.relu(dense["d0"](x))))
        z = torch.tanh(dense["p3"](hidden) + dense["d3"](functional.relu(dense["d2"](hidden))))
        return features | {"sentence_embedding": functional.normalize(z, dim=-1)}

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return 512


class _Convolutions(nn.Module):
    """One branch over n-grams: two convolutions, each with a residual connection."""

    def __init__(self, branch: Branch) -> None:
        super().__init__()
        self._padding = (branch.left, branch.order - 1 - branch.left)
        width = branch.first.shape[-1]
        self.first = _convolution(branch.first, branch.first_bias)
        self.second = _convolution(branch.second.reshape(branch.order, width, width), branch.second_bias)

    def forward(self, x: Tensor, inside: Tensor) -> Tensor:
        """Compute the branch, *Shape:* ``(texts, tokens, 256)`` to the same; padding is zero."""
        for convolution in (self.first, self.second):
            window = functional.pad(x.transpose(1, 2), self._padding)
            x = (functional.relu(convolution(window)).transpose(1, 2) + x) * inside
        return x


def _tensor(values: Vectors) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))


def _parameter(values: Vectors) -> nn.Parameter:
    return nn.Parameter(_tensor(values), requires_grad=False)


def _linear(weights: Vectors, bias: Vectors | None = None) -> nn.Linear:
    """Build a linear layer from weights, *Shape:* ``(in, out)``."""
    inputs, outputs = weights.shape
    layer = nn.Linear(inputs, outputs, bias=bias is not None, device="meta")
    layer.weight = _parameter(weights.T)
    if bias is not None:
        layer.bias = _parameter(bias)
    return layer


def _convolution(weights: Vectors, bias: Vectors) -> nn.Conv1d:
    """Build a convolution from weights, *Shape:* ``(position in the window, in, out)``."""
    order, inputs, outputs = weights.shape
    layer = nn.Conv1d(inputs, outputs, order, device="meta")
    layer.weight, layer.bias = _parameter(weights.transpose(2, 1, 0)), _parameter(bias)
    return layer


def _norm(gain_and_bias: Vectors, epsilon: float) -> nn.LayerNorm:
    layer = nn.LayerNorm(gain_and_bias.shape[1], eps=epsilon, device="meta")
    layer.weight, layer.bias = map(_parameter, gain_and_bias)
    return layer
