"""Compare aligning six languages together and pair by pair, on a text with dropped and merged units."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from statistics import mean

from _development import Version, gold_rows, joined_rows, perturbed, read_parallel
from _shared import Component, beads_between, line_document, parser, print_table, strict_score

from hexapla.alignment.encoded_document import encode_document
from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.model import SENTENCES
from hexapla.alignment.segments import Segments
from hexapla.alignment.windowed_alignment import align_pairs, align_segments
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

LANGUAGES = ("zh", "en", "fr", "es", "ru", "ar")
UNITS = 90  # used from a longer text
SEEDS = 5

Versions = Mapping[str, Segments]


def main() -> None:
    """Perturb the text of --data with several seeds and print the scores of each."""
    text = read_parallel(parser(__doc__).parse_args().data)[0]
    units = {language: text[language][:UNITS] for language in LANGUAGES}
    encoder = load_encoder()
    table = [_score(encoder, perturbed(units, seed)) for seed in range(SEEDS)]
    means = [mean(values) for values in zip(*table, strict=True)]
    print_table(
        ("seed", "pairs separately", "pairs using all languages", "worst separately", "worst using all languages",
         "rows joined from pairs", "rows of all languages", "exact, joined from pairs", "exact, all languages"),
        [(name, *values) for name, values in (*enumerate(table), ("mean", means))],
    )  # fmt: skip


def _score(encoder: Encoder, texts: Mapping[str, Version]) -> tuple[float, ...]:
    versions = {
        language: encode_document(
            line_document(language, [text for _, text in version]), encoder, segmented=True
        ).sentence_segments
        for language, version in texts.items()
    }
    pairs = list(combinations(LANGUAGES, 2))
    separate = [
        _components(pair, align_segments([versions[tag] for tag in pair], SENTENCES)) for pair in pairs
    ]
    found = align_pairs(list(versions.values()), SENTENCES)
    informed = [_components(LANGUAGES, rows) for rows in found.values()]
    gold_of_pairs = [gold_rows({tag: texts[tag] for tag in pair}) for pair in pairs]
    scores = [
        [_f1(rows, gold, pair) for rows, gold, pair in zip(aligned, gold_of_pairs, pairs, strict=True)]
        for aligned in (separate, informed)
    ]
    gold = gold_rows(texts)
    joined = joined_rows((_segments(row), row) for rows in separate for row in rows)
    together = _components(LANGUAGES, align_segments(list(versions.values()), SENTENCES))
    of_rows = [mean(_f1(rows, gold, pair) for pair in pairs) for rows in (joined, together)]
    exact = [sum(row in rows for row in gold) / len(gold) for rows in (joined, together)]
    return (*map(mean, scores), *map(min, scores), *of_rows, *exact)


def _components(languages: Sequence[str], rows: Sequence[JointRow]) -> list[Component]:
    return [{languages[i]: tuple(range(*span)) for i, span in row.spans.items()} for row in rows]


def _segments(row: Component) -> frozenset[Hashable]:
    return frozenset((language, segment) for language in row for segment in row[language])


def _f1(found: Sequence[Component], gold: Sequence[Component], pair: tuple[str, str]) -> float:
    """Strict F1 of the beads between two languages."""
    return strict_score(beads_between(found, *pair), beads_between(gold, *pair)).f1


if __name__ == "__main__":
    main()
