"""One interface to the three kinds of tokenizers in sentence-transformers models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexapla_models.chunks import ends_clause
from hexapla_models.encoder import Indices

_NO_LIMIT = 10**6  # tokenizers without a limit report a huge number


class Tokenizer:
    """The tokenizer of a model.

    Args:
        encode: returns the token ids of each text, without special tokens and prompt.
        decode: returns the text of a token.
        before: number of special and prompt tokens before every text.
        after: number of special tokens after every text.
        limit: most tokens the model can read at once, including those before and after; None if unlimited.

    Attributes:
        before: number of special and prompt tokens before every text.
        after: number of special tokens after every text.
        limit: most tokens of a text the model can read at once, not counting those; None if unlimited.
    """

    before: int
    after: int
    limit: int | None

    def __init__(
        self,
        encode: Callable[[Sequence[str]], Sequence[Sequence[int]]],
        decode: Callable[[int], str],
        before: int = 0,
        after: int = 0,
        limit: float | None = None,
    ) -> None:
        self._encode, self._decode = encode, decode
        self.before, self.after = before, after
        limited = limit is not None and limit < _NO_LIMIT
        self.limit = max(1, int(limit) - before - after) if limit is not None and limited else None
        self._clause_ends: dict[int, bool] = {}

    @classmethod
    def of(cls, model: Any, prompt: str) -> Tokenizer:  # noqa: ANN401 - its package may not be installed
        """Wrap the tokenizer of a model.

        Args:
            model: a `SentenceTransformer`.
            prompt: text put before every input.

        Returns:
            The tokenizer of the model's first module.
        """
        pieces = getattr(model[0], "pieces", None)
        if pieces is not None:  # the embedded encoder in torch
            return cls(pieces.encode, pieces.decode, before=1, after=1)
        tokenizer = model.tokenizer
        if hasattr(tokenizer, "encode_batch"):  # of the package tokenizers, in static models
            tokenizer.no_truncation()
            return cls(
                lambda texts: [
                    found.ids for found in tokenizer.encode_batch(list(texts), add_special_tokens=False)
                ],
                lambda id: str(tokenizer.decode([id], skip_special_tokens=False)),
                before=len(tokenizer.encode(prompt.strip(), add_special_tokens=False).ids),
            )
        return cls._of_transformer(tokenizer, prompt, model.max_seq_length)

    @classmethod
    def _of_transformer(cls, tokenizer: Any, prompt: str, limit: float | None) -> Tokenizer:  # noqa: ANN401
        def encode(texts: Sequence[str]) -> Sequence[Sequence[int]]:
            found = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
            ids: Sequence[Sequence[int]] = found["input_ids"]
            return ids

        special = tokenizer("a", return_special_tokens_mask=True)["special_tokens_mask"]
        prompted = len(encode([prompt.strip()])[0]) if prompt else 0
        return cls(
            encode,
            lambda id: str(tokenizer.decode([id])),
            before=sum(takewhile(bool, special)) + prompted,
            after=sum(takewhile(bool, reversed(special))),
            limit=limit,
        )

    def lengths(self, texts: Sequence[str]) -> Indices:
        """Count the tokens of each text, without those before and after."""
        return np.array([len(ids) for ids in self._encode(texts)] if texts else [], dtype=np.intp)

    def clause_ends(self, ids: Indices) -> NDArray[np.bool_]:
        """Find which tokens may end a clause, *Shape:* ``(tokens,)``."""
        for id in set(ids.tolist()) - self._clause_ends.keys():
            self._clause_ends[id] = ends_clause(self._decode(id))
        return np.array([self._clause_ends[id] for id in ids.tolist()], dtype=bool)

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """Halve texts, between words if possible, until the model can read each piece at once.

        Args:
            texts: texts of any length.

        Returns:
            The pieces of each text, at least one.
        """
        if self.limit is None or not texts:
            return [[text] for text in texts]
        lengths = self.lengths(texts)
        return [
            self._halves(text) if length > self.limit and len(text) > 1 else [text]
            for text, length in zip(texts, lengths, strict=True)
        ]

    def _halves(self, text: str) -> list[str]:
        middle = middle_of(text)
        halves = self.pieces([text[:middle].rstrip(), text[middle:].lstrip()])
        return [piece for half in halves for piece in half]


def middle_of(text: str) -> int:
    """Choose where to cut a text of at least two characters in half: at white space near the middle, if any."""
    middle = len(text) // 2
    for distance in range(len(text) // 4):
        for position in (middle - distance, middle + distance):
            if text[position].isspace():
                return position
    return middle
