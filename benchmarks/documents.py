"""Count the gold rows of a document that are exactly right, at paragraph and sentence level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from _shared import bare, parser, print_table, read_records

from hexapla.alignment.align import align_files
from hexapla.inputs import Input
from hexapla.rows import Level, Row
from hexapla_corpora.sample import sample_files

Texts = tuple[str, ...]  # one text per language, empty where the passage is missing


def version_files(folder: Path) -> dict[str, Path]:
    """Find the files NAME.LANG.md of a folder, by language tag."""
    return {path.name.split(".")[-2]: path for path in sorted(folder.glob("*.*.md"))}


def gold_texts(record: Mapping[str, Any], languages: Sequence[str]) -> Texts:
    """Return the bare texts of a gold record, which are under "texts" or next to its other keys."""
    texts = record.get("texts", record)
    return tuple(bare(texts.get(language, "")) for language in languages)


def main() -> None:
    """Align the documents of --data and print how many gold rows are exactly right."""
    folder = parser(__doc__, default=sample_files()["en"].parent).parse_args().data
    files = version_files(folder)
    languages = list(files)
    rows = align_files([Input(path, language) for language, path in files.items()]).rows
    gold = read_records(folder / "gold.jsonl")
    table = [_score(Level.PARAGRAPH, rows, [gold_texts(record, languages) for record in gold], languages)]
    if any("sentences" in record for record in gold):
        sentences = [
            gold_texts(sentence, languages)
            for record in gold
            for sentence in record.get("sentences") or [record["texts"]]
        ]
        table.append(_score(Level.SENTENCE, rows, sentences, languages))
    print_table(("level", "gold rows", "exact", "all rows"), table)
    print(f"\nright kinds: {_kinds(rows, gold, languages)} of {len(gold)} gold paragraphs")


def _score(
    level: Level, rows: Sequence[Row], gold: Sequence[Texts], languages: Sequence[str]
) -> tuple[object, ...]:
    found = [row for row in rows if row.level is level]
    exact = Counter(gold_texts(row.texts, languages) for row in found) & Counter(gold)
    return str(level), len(gold), exact.total(), len(found)


def _kinds(rows: Sequence[Row], gold: Sequence[Mapping[str, Any]], languages: Sequence[str]) -> int:
    """Count the exact paragraph rows with the kind of their gold row."""
    found = Counter(
        (row.kind, gold_texts(row.texts, languages)) for row in rows if row.level is Level.PARAGRAPH
    )
    return (found & Counter((record["kind"], gold_texts(record, languages)) for record in gold)).total()


if __name__ == "__main__":
    main()
