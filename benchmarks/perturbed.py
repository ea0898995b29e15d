"""Six languages aligned together and pair by pair, on a text with dropped and merged paragraphs."""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from statistics import mean
from typing import Any

from _shared import (
    Component,
    beads_between,
    line_document,
    parser,
    print_table,
    read_lines,
    read_records,
    row_component,
    strict_score,
)

from hexapla.documents import joiner
from hexapla.flow import align_documents
from hexapla_corpora.document import Document
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

LANGUAGES = ("zh", "en", "fr", "es", "ru", "ar")
PIVOT = "en"
DROPPED, MERGED = 0.05, 0.08
SEEDS = 5

Version = list[tuple[frozenset[int], str]]  # for each segment the gold units it holds, and its text


def main() -> None:
    """Perturb the text of --data with several seeds and print the scores of each."""
    folder = parser(__doc__).parse_args().data
    gold = read_records(folder / "gold.jsonl")
    lines = {language: read_lines(folder / f"udhr.{language}.txt") for language in LANGUAGES}
    encoder = load_encoder()
    table = [_score(encoder, perturbed(gold, lines, seed)) for seed in range(SEEDS)]
    means = [mean(values) for values in zip(*table, strict=True)]
    print_table(
        ("seed", "rows exact", f"rows exact by {PIVOT}", "F1", f"F1 by {PIVOT}", "F1 of pairs alone"),
        [(name, *values) for name, values in (*enumerate(table), ("mean", means))],
    )


def perturbed(
    gold: Sequence[Mapping[str, Any]], lines: Mapping[str, Sequence[str]], seed: int
) -> dict[str, Version]:
    """The lines of each language with some dropped and some neighbours merged.

    Args:
        gold: line numbers of each language by unit.
        lines: of each language.
        seed: of the random numbers.

    Returns:
        The segments of each language.
    """
    numbers = random.Random(seed)
    versions = {}
    for language, texts in lines.items():
        unit = {line: k for k, record in enumerate(gold) for line in record.get(language, ())}
        version: Version = []
        for line, text in enumerate(texts):
            drops, merges = numbers.random() < DROPPED, numbers.random() < MERGED
            if drops or line not in unit:
                continue
            if merges and version:
                units, before = version.pop()
                version.append((units | {unit[line]}, before + joiner(language) + text))
            else:
                version.append((frozenset({unit[line]}), text))
        versions[language] = version
    return versions


def gold_rows(versions: Mapping[str, Version]) -> list[Component]:
    """The right rows: segments that share a unit, directly or by others, stand in one."""
    return joined_rows(
        (frozenset(units), {language: (number,)})
        for language, version in versions.items()
        for number, (units, _) in enumerate(version)
    )


def joined_rows(parts: Iterable[tuple[frozenset[Hashable], Component]]) -> list[Component]:
    """Parts of rows joined where their keys overlap.

    Args:
        parts: keys and segments of each part.

    Returns:
        The rows, which share no key.
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


def _score(encoder: Encoder, versions: Mapping[str, Version]) -> tuple[float, ...]:
    documents = {
        language: line_document(language, [text for _, text in version])
        for language, version in versions.items()
    }
    gold = gold_rows(versions)
    together = _align(encoder, list(documents.values()))
    pivoted: list[tuple[frozenset[Hashable], Component]] = []
    alone: list[float] = []
    for a, b in combinations(documents, 2):
        pair = _align(encoder, [documents[a], documents[b]])
        right = beads_between(gold_rows({a: versions[a], b: versions[b]}), a, b)
        alone.append(strict_score(beads_between(pair, a, b), right).f1)
        if PIVOT in (a, b):
            pivoted += [
                (frozenset((language, segment) for language in row for segment in row[language]), row)
                for row in pair
            ]
    by_pairs = joined_rows(pivoted)
    scores = [score(rows, gold) for score in (_exact, _pair_f1) for rows in (together, by_pairs)]
    return (*scores, mean(alone))


def _exact(found: Sequence[Component], gold: Sequence[Component]) -> float:
    return sum(row in found for row in gold) / len(gold)


def _pair_f1(found: Sequence[Component], gold: Sequence[Component]) -> float:
    """Strict F1 of the beads that rows of all languages have between two, mean over all pairs."""
    pairs = combinations(LANGUAGES, 2)
    return mean(strict_score(beads_between(found, *pair), beads_between(gold, *pair)).f1 for pair in pairs)


def _align(encoder: Encoder, documents: Sequence[Document]) -> list[Component]:
    return [row_component(row) for row in align_documents(documents, encoder, segmented=True).rows]


if __name__ == "__main__":
    main()
