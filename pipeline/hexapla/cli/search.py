"""Commands that search a memory: lookup and concordance."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    at_option,
    from_option,
    json_option,
    level_option,
    limit_option,
    memory_argument,
    minimum_option,
    open_memory,
    plural,
    print_json,
    queries,
    to_languages_option,
    where_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hexapla.api.memory import Memory
    from hexapla.matches import Match
    from hexapla.memory.search.hits import Hits, Rendering

_HITS = 20  # shown if no number is given
_LOOKUP = """Look up a text in a memory and show similar texts with their translations, and the percentage that matches.

If there is no exact match, units with the same meaning are shown too.

A TEXT of - reads one text per line from standard input; each is looked up in the context of the line before it.

\b
Example:
  hexapla lookup un.hexapla "Decides to remain seized of the matter." --from en --to fr,es
"""
_CONCORDANCE = """Find words in the texts of a memory, with their translations and the texts before and after.

A text must have all WORDS, in any order; each may be a part of a longer word. In quotation marks they are a phrase, and
* stands for any letters of a word. Case, Arabic vowels and the width of characters do not matter.

\b
Example:
  hexapla concordance un.hexapla "tide gauge*" --from en --to fr --where "fr!~marégraphe"
"""


@click.command(help=_LOOKUP)
@memory_argument
@click.argument("text", metavar="TEXT")
@from_option("Language of the text.", required=True)
@to_languages_option("Languages of the translations; all others if not given.")
@minimum_option(70, "Lowest percentage of a match.")
@limit_option(5, "Matches to show, and as many again by meaning.")
@click.option("--previous", metavar="TEXT", help="The text before it, for matches in context (101%).")
@click.option("--following", metavar="TEXT", help="The text after it, for matches in context (101%).")
@level_option("Units to search.")
@where_option
@at_option
@json_option
@debug_option
def lookup(
    folder: Path,
    text: str,
    source: str,
    targets: list[str] | None,
    minimum: int,
    limit: int,
    previous: str | None,
    following: str | None,
    level: str,
    where: tuple[str, ...],
    at: int | None,
    as_json: bool,
) -> None:
    """Look a text up in a memory."""
    from hexapla.matches import EXACT

    with Console(quiet=as_json) as console:
        memory = open_memory(folder, console.progress, at)
    for query in queries(text):
        found: Sequence[Match] = ()
        if query.strip() or text != "-":
            look_up = partial(
                memory.lookup,
                query,
                source=source,
                target=targets,
                minimum=minimum,
                limit=limit,
                previous=previous,
                following=following,
                level=level,
                where=where,
            )
            found = look_up(meaning=False)
            if not any(
                (match.percentage or 0) >= EXACT for match in found
            ):  # else no encoder has to be loaded
                found = look_up()
        _print_matches(memory, query, source, found, as_json)
        if text == "-":
            previous = query.strip() or None


def _print_matches(memory: Memory, query: str, source: str, found: Sequence[Match], as_json: bool) -> None:
    if as_json:
        from hexapla.matches import match_record

        matches = [match_record(match) for match in found]
        print_json(
            memory.path, {"version": memory.version, "query": query, "from": source, "matches": matches}
        )
        return
    from hexapla.cli.as_text import show_matches
    from hexapla.cli.printer import Printer

    show_matches(Printer(), query, source, found)


@click.command(help=_CONCORDANCE)
@memory_argument
@click.argument("words", metavar="WORDS")
@from_option("Language of the words.", required=True)
@to_languages_option("Languages to show; all others if not given.")
@click.option(
    "--match",
    type=click.Choice(["substring", "word", "regex"]),
    default="substring",
    show_default=True,
    help="How WORDS match: any part of a text, whole words, or a regular expression.",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1),
    help="Hits or translations to show; 20 if not given, or all in a file.",
)
@click.option("--group", is_flag=True, help="Group the hits by translation, with their number and years.")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="File for the hits: .csv, .tsv, .xlsx or .jsonl.",
)
@level_option("Units to search.")
@where_option
@at_option
@json_option
@debug_option
def concordance(
    folder: Path,
    words: str,
    source: str,
    targets: list[str] | None,
    match: str,
    limit: int | None,
    group: bool,
    output: Path | None,
    level: str,
    where: tuple[str, ...],
    at: int | None,
    as_json: bool,
) -> None:
    """Find words in the texts of a memory."""
    from hexapla.formats.report_table import check_table

    if output:
        check_table(output)
    shown = limit or (None if output else _HITS)
    with Console(quiet=as_json) as console:
        memory = open_memory(folder, console.progress, at)
    found = memory.concordance(
        words,
        language=source,
        target=targets,
        match=match,
        limit=None if group else shown,
        level=level,
        where=where,
    )
    renderings = found.by_rendering() if group else None
    if output:
        count = _write(output, found, renderings and renderings[:limit])
        if as_json:
            print_json(folder, {"output": str(output), "rows": count, "total": found.total})
        else:
            click.echo(f"{output}  {plural(count, 'row')} of {plural(found.total, 'hit')}")
    elif as_json:
        _print_hits(memory, words, source, found, renderings and renderings[:shown])
    elif renderings is None:
        _show_hits(found)
    else:
        _show_renderings(found.total, renderings, shown)


def _write(output: Path, found: Hits, renderings: Sequence[Rendering] | None) -> int:
    from hexapla.api.records import hit_rows, rendering_rows
    from hexapla.formats.report_table import write_table

    columns, rows = hit_rows(found) if renderings is None else rendering_rows(renderings)
    return write_table(output, columns, rows)


def _print_hits(
    memory: Memory, words: str, source: str, found: Hits, renderings: Sequence[Rendering] | None
) -> None:
    from dataclasses import asdict

    from hexapla.api.records import hit_record

    record = {"version": memory.version, "words": words, "from": source, "total": found.total}
    if renderings is None:
        print_json(memory.path, {**record, "hits": [hit_record(hit) for hit in found]})
    else:
        print_json(memory.path, {**record, "renderings": [asdict(each) for each in renderings]})


def _show_hits(found: Hits) -> None:
    from hexapla.cli.as_text import show_hits
    from hexapla.cli.printer import Printer

    show_hits(Printer(), found)
    shown = sum(1 + len(hit.same) for hit in found)
    if shown < found.total:
        click.echo(f"{shown:,} of {plural(found.total, 'hit')}: --limit shows more.")


def _show_renderings(total: int, renderings: Sequence[Rendering], limit: int | None) -> None:
    from hexapla.cli.as_text import show_renderings
    from hexapla.cli.printer import Printer

    shown = renderings[:limit]
    show_renderings(Printer(), shown)
    more = f"{len(shown):,} of " if len(shown) < len(renderings) else ""
    click.echo(f"{more}{plural(len(renderings), 'translation')} in {plural(total, 'hit')}")
