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
    from hexapla.memory.search.concordance import Hit

_LOOKUP = """Look up a text in a memory and show similar texts with their translations, and the percentage that matches.

If there is no exact match, units with the same meaning are shown too.

A TEXT of - reads one text per line from standard input; each is looked up in the context of the line before it.

\b
Example:
  hexapla lookup un.hexapla "Decides to remain seized of the matter." --from en --to fr,es
"""
_CONCORDANCE = """Find words in the texts of a memory, with their translations and the texts before and after.

By default WORDS may be part of a word; case, Arabic vowels and the width of characters do not matter.

\b
Example:
  hexapla concordance un.hexapla "tide gauge" --from en --to fr
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
@limit_option(20, "Hits to show.")
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
    limit: int,
    level: str,
    where: tuple[str, ...],
    at: int | None,
    as_json: bool,
) -> None:
    """Find words in the texts of a memory."""
    with Console(quiet=as_json) as console:
        memory = open_memory(folder, console.progress, at)
    found = memory.concordance(
        words, language=source, target=targets, match=match, limit=limit, level=level, where=where
    )
    _print_hits(memory, words, source, found, as_json)
    if len(found) == limit and not as_json:
        click.echo(f"There may be more than {plural(limit, 'hit')}: --limit shows them.")


def _print_hits(memory: Memory, words: str, source: str, found: tuple[Hit, ...], as_json: bool) -> None:
    if as_json:
        from hexapla.api.records import hit_record

        hits = [hit_record(hit) for hit in found]
        print_json(memory.path, {"version": memory.version, "words": words, "from": source, "hits": hits})
        return
    from hexapla.cli.as_text import show_hits
    from hexapla.cli.printer import Printer

    show_hits(Printer(), found)
