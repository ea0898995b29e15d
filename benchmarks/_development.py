"""Texts with known gold rows, for fitting the aligner and judging its probabilities."""

from __future__ import annotations

import random
from argparse import ArgumentParser, Namespace
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from _shared import Component, read_beads, read_lines, read_records

from hexapla.text import joiner
from hexapla_corpora.sentences import split_sentences

DROPPED, MERGED = 0.05, 0.08  # shares of the units in a language
PASSAGE = 60  # units in a passage
NOT_TEXTS = ("md", "jsonl", "json", "docs", "ids", "gold")  # suffixes of other files in the folder
NOT_LANGUAGES = ("id", "kind", "number")  # other keys of a gold row

Units = Mapping[str, Sequence[str]]
"""Text of each unit, by language; empty if missing."""
Version = list[tuple[frozenset[int], str]]
"""The segments of a language version: the units each holds, and its text."""


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text in several languages with its gold rows.

    Attributes:
        name: name in tables.
        group: data set it belongs to.
        lines: segments of each language.
        rows: gold rows.
        units: units of each segment; None if only the rows are known.
    """

    name: str
    group: str
    lines: Mapping[str, Sequence[str]]
    rows: Sequence[Component]
    units: Mapping[str, Version] | None = None

    def pair_rows(self, source: str, target: str) -> Sequence[Component]:
        """Gold rows of two of the languages, which are not merged by the other languages."""
        if self.units is None:
            return self.rows
        return gold_rows({tag: self.units[tag] for tag in (source, target)})


def add_data_options(arguments: ArgumentParser) -> None:
    """Add the options for development data, which can be repeated for several data sets."""
    arguments.add_argument(
        "--beads",
        nargs=4,
        action="append",
        default=[],
        metavar=("DIR", "SRC", "TGT", "GLOB"),
        help="texts with gold beads: folder, suffixes of the texts, pattern of the gold files; repeatable",
    )
    arguments.add_argument(
        "--parallel",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="parallel texts in several languages, from which perturbed passages are made; repeatable",
    )


def read_gold_texts(options: Namespace) -> list[GoldText]:
    """Read the texts with gold beads given by the options."""
    found = []
    for folder, source, target, pattern in options.beads:
        for gold in sorted(Path(folder).glob(pattern)):
            lines = {tag: read_lines(gold.with_suffix(f".{tag}")) for tag in (source, target)}
            rows: list[Component] = [{source: a, target: b} for a, b in sorted(read_beads(gold))]
            found.append(GoldText(gold.stem, Path(folder).name, lines, rows))
    return found


def read_parallel(folder: Path) -> list[Units]:
    """Read the parallel texts of a folder.

    Args:
        folder: holds `gold.jsonl` with texts or with line numbers in `NAME.LANG.txt`, or files `NAME.LANG` or
            `NAME.LANG.txt` with one unit per line, for one or more NAMEs; see benchmarks/README.md.

    Returns:
        The units of each text.
    """
    files: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.iterdir()):
        name, _, tag = path.name.removesuffix(".txt").rpartition(".")
        if name and tag not in NOT_TEXTS:
            files.setdefault(name, {})[tag] = path
    lines = {name: {tag: read_lines(path) for tag, path in tags.items()} for name, tags in files.items()}
    if not (folder / "gold.jsonl").exists():
        return [
            {tag: [line.strip() for line in text] for tag, text in tags.items()} for tags in lines.values()
        ]
    records = read_records(folder / "gold.jsonl")
    if lines:
        return [_numbered_units(records, next(iter(lines.values())))]
    texts = [record.get("texts", record) for record in records]
    tags = dict.fromkeys(tag for record in texts for tag in record if tag not in NOT_LANGUAGES)
    return [{tag: [record.get(tag, "") for record in texts] for tag in tags if _is_text(texts, tag)}]


def _is_text(records: Sequence[Mapping[str, object]], tag: str) -> bool:
    return all(isinstance(record.get(tag, ""), str) for record in records)


def _numbered_units(records: Sequence[Mapping[str, Sequence[int]]], lines: Units) -> Units:
    return {
        tag: [joiner(tag).join(text[k] for k in record.get(tag, ())) for record in records]
        for tag, text in lines.items()
    }


def perturbed_passages(
    folder: Path, count: int, languages: int, seed: int, *, split: float = 0.0, untouched: float = 0.0
) -> Iterator[GoldText]:
    """Make perturbed passages of parallel texts, at random positions and in random languages.

    Args:
        folder: folder of the texts; see `read_parallel`.
        count: number of passages; empty ones are left out.
        languages: maximum number of languages in a passage.
        seed: seed of the random numbers.
        split: share of the units cut into sentences in one language.
        untouched: share of the passages left as they are.

    Yields:
        The passages.
    """
    numbers = random.Random(seed)
    texts = [text for text in read_parallel(folder) if len(text) > 1]
    for number in range(count):
        text = numbers.choice(texts)
        tags = numbers.sample(sorted(text), numbers.randint(2, min(languages, len(text))))
        first = numbers.randrange(max(1, len(text[tags[0]]) - PASSAGE + 1))
        passage = {tag: text[tag][first : first + PASSAGE] for tag in tags}
        whole = numbers.random() < untouched
        versions = perturbed(passage, numbers.random(), whole=whole, split=0 if whole else split)
        if all(versions.values()):
            lines = {tag: [line for _, line in version] for tag, version in versions.items()}
            yield GoldText(f"{folder.name} {number}", folder.name, lines, gold_rows(versions), versions)


def perturbed(units: Units, seed: float, *, whole: bool = False, split: float = 0.0) -> dict[str, Version]:
    """Turn units into segments, dropping and merging some of them independently in each language.

    Only adjacent units are merged: a segment with the units before and after a dropped one could have counterparts
    that are not adjacent in another language, which no alignment can express.

    Args:
        units: units of each language.
        seed: seed of the random numbers.
        whole: drop and merge nothing.
        split: share of the units cut into sentences in one of the languages; if cut in two languages, several beads
            would be counted as one.

    Returns:
        The segments of each language.
    """
    numbers = random.Random(seed)
    cut = [
        numbers.choice(list(units)) if numbers.random() < split else None for _ in next(iter(units.values()))
    ]
    versions = {}
    for tag, texts in units.items():
        version: Version = []
        for unit, text in enumerate(texts):
            drops, merges = numbers.random() < DROPPED, numbers.random() < MERGED
            if not text or (drops and not whole):
                continue
            if merges and not whole and version and unit - 1 in version[-1][0]:
                before, text_before = version.pop()
                version.append((before | {unit}, text_before + joiner(tag) + text))
            else:
                pieces = [text[a:b] for a, b in split_sentences(text, tag)] if cut[unit] == tag else [text]
                version += [(frozenset({unit}), piece) for piece in pieces]
        versions[tag] = version
    return versions


def gold_rows(versions: Mapping[str, Version]) -> list[Component]:
    """Return the gold rows: segments that share a unit, directly or through others, are in the same row."""
    return joined_rows(
        (frozenset(units), {language: (number,)})
        for language, version in versions.items()
        for number, (units, _) in enumerate(version)
    )


def joined_rows(parts: Iterable[tuple[frozenset[Hashable], Component]]) -> list[Component]:
    """Join parts of rows whose keys overlap.

    Args:
        parts: keys and segments of each part.

    Returns:
        The rows, which have no keys in common.
    """
    rows: list[tuple[frozenset[Hashable], dict[str, set[int]]]] = []
    for keys, component in parts:
        row = {language: set(segments) for language, segments in component.items()}
        for other in [other for other in rows if other[0] & keys]:
            rows.remove(other)
            keys |= other[0]
            for language, segments in other[1].items():
                row[language] = row.get(language, set()) | segments
        rows.append((keys, row))
    return [{language: tuple(sorted(segments)) for language, segments in row.items()} for _, row in rows]
