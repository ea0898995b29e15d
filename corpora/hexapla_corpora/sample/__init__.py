"""The bundled sample: a draft resolution in six languages and its gold alignment.

The text was written for this project and is not an official United Nations document: its symbol, sponsors,
declaration and figures are invented. It resembles Markdown made from PDF: footnotes are at page ends, which differ
between the languages, and each language version has one paragraph cut by a page end. Russian lacks a preambular
paragraph, and Spanish merges two into one.
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
    """A row of the gold alignment, of whole blocks.

    Attributes:
        id: p01, p02 ... in reading order; footnotes come last, in the order of their marks.
        kind: kind of its blocks.
        number: printed number in the English version, without punctuation; None if it has none.
        texts: text in each language that has the block, by tag; two blocks of one language are joined with a
            space (without one in Chinese).
        sentences: the gold sentence rows inside it, with texts joined in the same way; empty if the row is one
            sentence in every language.
    """

    id: str
    kind: BlockKind
    number: str | None
    texts: Mapping[str, str]
    sentences: tuple[Mapping[str, str], ...]


def sample_files() -> dict[str, Path]:
    """Return the sample's Markdown files by language tag, in the order zh, en, fr, es, ru, ar."""
    return {language: _folder() / f"sample.{language}.md" for language in LANGUAGES}


def gold_rows() -> tuple[GoldRow, ...]:
    """Return the gold alignment of the sample, in reading order."""
    return tuple(_read_rows())


def _folder() -> Path:
    # The package is always installed as plain files, never as a zip archive, so this is a folder on disk.
    return Path(str(files(__name__)))


def _read_rows() -> Iterator[GoldRow]:
    with (_folder() / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            sentences = tuple(row.get("sentences", ()))
            yield GoldRow(row["id"], BlockKind(row["kind"]), row["number"], row["texts"], sentences)
