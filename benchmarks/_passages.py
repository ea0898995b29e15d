"""Texts in several languages with known gold rows, and documents made from their passages."""

from __future__ import annotations

import random
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from _development import DROPPED, MERGED, NOT_LANGUAGES, Version
from _shared import line_document, read_beads, read_lines, read_records

from hexapla.text import joiner
from hexapla_corpora.document import Document

HELP = "folders of the data; benchmarks/README.md says where to get it"

Unit = Mapping[str, Sequence[str]]  # segments of each language that has the passage


@dataclass(frozen=True, slots=True)
class Text:
    """A text in several languages.

    Attributes:
        name: name of its files.
        languages: languages it is in.
        units: its passages, in reading order.
    """

    name: str
    languages: tuple[str, ...]
    units: Sequence[Unit]


def read_texts(folder: Path, pattern: str = "*") -> list[Text]:
    """Read all texts of a folder.

    Args:
        folder: holds `gold.jsonl` with texts or with line numbers, or `NAME.LANG.txt` with parallel lines, or
            `NAME.src`, `NAME.tgt` and beads in `NAME.srctgt`; see benchmarks/README.md.
        pattern: pattern of the gold files.

    Returns:
        The texts, by name.
    """
    lines = {path.suffixes[-2][1:]: path for path in sorted(folder.glob("*.*.txt"))}
    if (folder / "gold.jsonl").exists():
        units = [_unit(record, lines) for record in read_records(folder / "gold.jsonl")]
        return [_text(folder.name, units)]
    if lines:
        rows = zip(*(read_lines(path) for path in lines.values()), strict=True)
        return [
            _text(folder.name, [{tag: [line] for tag, line in zip(lines, row, strict=True)} for row in rows])
        ]
    return [_read_beads(path) for path in sorted(folder.glob(pattern)) if len(path.suffix) == 5]


def _unit(record: Mapping[str, object], lines: Mapping[str, Path]) -> Unit:
    texts = record.get("texts", record)
    assert isinstance(texts, Mapping)
    if lines:
        return {tag: [read_lines(path)[k] for k in texts.get(tag, ())] for tag, path in lines.items()}
    return {tag: [text] for tag, text in texts.items() if isinstance(text, str) and tag not in NOT_LANGUAGES}


def _read_beads(path: Path) -> Text:
    tags = path.suffix[1:3], path.suffix[3:]
    source, target = (read_lines(path.with_suffix(f".{tag}")) for tag in tags)
    units = [
        {tags[0]: [source[i] for i in a], tags[1]: [target[j] for j in b]}
        for a, b in sorted(read_beads(path))
    ]
    return _text(f"{path.parent.name}/{path.stem}", units)


def _text(name: str, units: Sequence[Unit]) -> Text:
    return Text(name, tuple(dict.fromkeys(tag for unit in units for tag in unit)), units)


def version_of(units: Sequence[tuple[int, Unit]], language: str) -> Version:
    """Return one language version of some passages.

    Args:
        units: number and passage of each.
        language: language tag.

    Returns:
        The segments of the language version.
    """
    return [(frozenset((number,)), text) for number, unit in units for text in unit.get(language, ()) if text]


def damaged(version: Version, language: str, numbers: random.Random) -> Version:
    """Drop 5% of the segments of a language version, and merge 8% with the one before."""
    found: Version = []
    for units, text in version:
        drops, merges = numbers.random() < DROPPED, numbers.random() < MERGED
        if drops:
            continue
        if merges and found:
            before = found.pop()
            found.append((units | before[0], before[1] + joiner(language) + text))
        else:
            found.append((units, text))
    return found or version


def document_of(version: Version, language: str) -> Document:
    """Make a document of a language version, with a block for each segment."""
    return line_document(language, [text for _, text in version])


def several_folders(description: str | None, pairs: int = 0) -> tuple[list[Text], int]:
    """Parse the arguments of a benchmark that reads the texts of several folders.

    Args:
        description: docstring of the script.
        pairs: default of --pairs, the number of pairs of documents; 0 if the script has no such option.

    Returns:
        The texts, and the number of pairs.
    """
    arguments = ArgumentParser(description=(description or "").split("\n")[0])
    arguments.add_argument("--data", type=Path, nargs="+", required=True, metavar="DIR", help=HELP)
    arguments.add_argument(
        "--pattern", default="*", help="pattern of the gold files, such as 'dev.*' (default: *)"
    )
    if pairs:
        arguments.add_argument(
            "--pairs", type=int, default=pairs, metavar="N", help=f"pairs of each kind (default: {pairs})"
        )
    chosen = arguments.parse_args()
    texts = [text for folder in chosen.data for text in read_texts(folder, chosen.pattern)]
    if not texts:
        arguments.error(f"no texts in {', '.join(map(str, chosen.data))}; see benchmarks/README.md")
    return texts, chosen.pairs if pairs else 0
