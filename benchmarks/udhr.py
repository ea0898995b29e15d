"""Count the gold units of the Universal Declaration of Human Rights that are exactly right, from HTML pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from _shared import bare, parser, print_table, read_lines, read_records

from hexapla.alignment.align import align_files
from hexapla.inputs import Input
from hexapla.rows import Level

# pages are named by ISO 639-3 code, gold units have BCP 47 tags
PAGES = {"zh": "cmn_hans", "en": "eng", "fr": "fra", "es": "spa", "ru": "rus", "ar": "arb"}
TRADITIONAL = {"zh-Hant": "cmn_hant"}


def main() -> None:
    """Align the pages of --data and print how many gold units are exactly right."""
    folder = parser(__doc__).parse_args().data
    gold = read_records(folder / "gold.jsonl")
    table = [_score(folder, gold, pages) for pages in (PAGES, PAGES | TRADITIONAL)]
    print_table(("languages", "gold units", "exact in all languages", "all rows"), table)


def _score(folder: Path, gold: Sequence[Mapping[str, Any]], pages: Mapping[str, str]) -> tuple[object, ...]:
    lines = {language: read_lines(folder / f"udhr.{language}.txt") for language in pages}
    right = Counter(
        tuple(bare("".join(lines[language][i] for i in unit.get(language, ()))) for language in pages)
        for unit in gold
    )
    inputs = [Input(folder / "html" / f"{page}.html", language) for language, page in pages.items()]
    rows = align_files(inputs, levels=(Level.PARAGRAPH,)).rows
    found = Counter(tuple(bare(row.texts.get(language, "")) for language in pages) for row in rows)
    return " ".join(pages), len(gold), (found & right).total(), len(rows)


if __name__ == "__main__":
    main()
