"""Small models of sentence-transformers with random weights, made when needed: one for each way of making vectors."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla_models.encoder import Vectors

if TYPE_CHECKING:  # torch takes seconds to import, so it is imported only where a model is made
    from sentence_transformers.base.modules import Transformer
    from tokenizers import Tokenizer

WIDTH, LONGEST = 48, 64  # of a token's vector; tokens of a text
_BLOCKS = (
    (0x21, 0x180),
    (0x370, 0x460),
    (0x600, 0x700),
    (0x4E00, 0x9FA6),
    (0x3000, 0x3020),
    (0xFF00, 0xFF60),
)
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def _mean(folder: Path) -> list[Any]:
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling

    return [_transformer(folder), Pooling(WIDTH, "mean"), Normalize()]


def _first(folder: Path) -> list[Any]:
    from sentence_transformers.base.modules import Dense, Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling

    return [_transformer(folder), Pooling(WIDTH, "cls"), Dense(WIDTH, WIDTH), Normalize()]


def _narrowed(folder: Path) -> list[Any]:
    from sentence_transformers.base.modules import Dense
    from sentence_transformers.sentence_transformer.modules import Pooling

    return [_transformer(folder), Pooling(WIDTH, "mean"), Dense(WIDTH, WIDTH // 2)]


def _static(folder: Path) -> list[Any]:
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    return [StaticEmbedding(_tokenizer(), embedding_dim=WIDTH)]


def _transformer(folder: Path) -> Transformer:
    from sentence_transformers.base.modules import Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    tokenizer = _tokenizer()
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=WIDTH,
        max_position_embeddings=LONGEST,
        initializer_range=0.3,  # so that tokens differ
    )
    BertModel(config).save_pretrained(folder)
    said = dict(zip(("pad", "unk", "cls", "sep", "mask"), _SPECIAL, strict=True))
    make_tokenizer: Any = PreTrainedTokenizerFast
    make_tokenizer(
        tokenizer_object=tokenizer,
        model_max_length=LONGEST,
        **{f"{name}_token": text for name, text in said.items()},
    ).save_pretrained(folder)
    transformer: Transformer = Transformer(str(folder))
    return transformer


def _tokenizer() -> Tokenizer:
    """Make a tokenizer of characters, for all scripts that the tests use."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    letters = [
        chr(k) for block in _BLOCKS for k in range(*block) if unicodedata.category(chr(k)) not in ("Cn", "Cc")
    ]
    pieces = [*_SPECIAL, *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(models.WordPiece({piece: k for k, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(text, _SPECIAL.index(text)) for text in ("[CLS]", "[SEP]")]
    )
    return tokenizer


MODELS: dict[str, Callable[[Path], list[Any]]] = {
    "mean": _mean,
    "first": _first,
    "narrowed": _narrowed,
    "static": _static,
}
"""The modules of each model; those in which runs compose are mean and static."""
COMPOSED = ("mean", "static")


def make_model(kind: str, folder: Path, seed: int = 5) -> Path:
    """Write a model.

    Args:
        kind: one of MODELS.
        folder: an empty folder.
        seed: seed of the weights.

    Returns:
        The folder to pass to `--model`.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(seed)
    made = SentenceTransformer(modules=MODELS[kind](folder / "parts"), device="cpu")
    made.save(str(folder / kind), create_model_card=False)
    return folder / kind


def reference(folder: Path, texts: Sequence[str]) -> Vectors:
    """Return the vectors of short texts by sentence-transformers itself, of Euclidean length 1."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    vectors: Vectors = model.encode(list(texts), normalize_embeddings=True)
    return vectors
