"""Strict and lax precision, recall and F1 of two files of one sentence a line against gold beads."""

from __future__ import annotations

from pathlib import Path

from _shared import (
    Score,
    beads_between,
    lax_score,
    parser,
    print_table,
    read_beads,
    row_component,
    strict_score,
)

from hexapla.flow import Input, align_files


def main() -> None:
    """Align every document of --data and print its scores, and those of all documents together."""
    arguments = parser(__doc__)
    arguments.add_argument(
        "--languages",
        nargs=2,
        metavar=("SRC", "TGT"),
        required=True,
        help="suffixes of the texts, which are their language tags: de fr",
    )
    arguments.add_argument(
        "--pattern",
        default="*.gold",
        metavar="GLOB",
        help="names of the gold files, such as 'test*.defr'; the texts have the same stem (default: *.gold)",
    )
    options = arguments.parse_args()
    golds = sorted(options.data.glob(options.pattern))
    if not golds:
        arguments.error(f"no file in {options.data} has a name like {options.pattern}: give --pattern")
    scores = {gold.stem: _scores(gold, *options.languages) for gold in golds}
    strict = sum((score for score, _ in scores.values()), Score())
    lax = sum((score for _, score in scores.values()), Score())
    print_table(
        ("document", "gold beads", "strict P", "strict R", "strict F1", "lax P", "lax R", "lax F1"),
        [_line(name, *both) for name, both in (*scores.items(), ("all", (strict, lax)))],
    )


def _scores(gold: Path, source: str, target: str) -> tuple[Score, Score]:
    inputs = [Input(gold.with_suffix(f".{language}"), language) for language in (source, target)]
    rows = align_files(inputs, segmented=True).rows
    found = beads_between(map(row_component, rows), source, target)
    right = read_beads(gold)
    return strict_score(found, right), lax_score(found, right)


def _line(name: str, strict: Score, lax: Score) -> tuple[object, ...]:
    return (
        name, strict.gold, strict.precision, strict.recall, strict.f1, lax.precision, lax.recall, lax.f1
    )  # fmt: skip


if __name__ == "__main__":
    main()
