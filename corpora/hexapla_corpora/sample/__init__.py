"""The bundled sample: a draft resolution in six languages and its gold alignment.

The text was written for this project. No organ of the United Nations has seen it: its symbol, sponsors,
declaration and figures are invented. It looks like Markdown made from PDF: footnotes stand at page ends,
which fall elsewhere in each language, and each language has one paragraph that a page end cuts. Russian lacks
a preambular paragraph, and Spanish has two in one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from hexapla_corpora.document import BlockKind

LANGUAGES = ("zh", "en", "fr", "es", "ru", "ar")


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One row of the right alignment, with whole blocks.

    Attributes:
        id: p01, p02 ... in reading order, footnotes at the end in the order of their marks.
        kind: what its blocks are.
        number: printed number as the English version has it, without punctuation; None if it has none.
        texts: text of each language that has the block, by tag; two blocks of one language are parted by one
            space (by nothing in Chinese).
        sentences: the right sentence rows inside it, texts joined likewise; empty if the row is one sentence
            in every language.
    """

    id: str
    kind: BlockKind
    number: str | None
    texts: Mapping[str, str]
    sentences: tuple[Mapping[str, str], ...]


def sample_files() -> dict[str, Path]:
    """Find the sample's Markdown files by language tag, in the order zh, en, fr, es, ru, ar."""
    return {language: _folder() / f"sample.{language}.md" for language in LANGUAGES}


def gold_rows() -> tuple[GoldRow, ...]:
    """Read the right alignment of the sample, in reading order."""
    return tuple(_read_rows())


def _folder() -> Path:
    # The package is installed as plain files, never from a zip archive, so this is a folder on disk.
    return Path(str(files(__name__)))


def _read_rows() -> Iterator[GoldRow]:
    with (_folder() / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            sentences = tuple(row.get("sentences", ()))
            yield GoldRow(row["id"], BlockKind(row["kind"]), row["number"], row["texts"], sentences)
