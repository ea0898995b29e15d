"""Commands that search a memory: lookup and concordance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import (
    json_option,
    languages_of,
    limit_option,
    memory_argument,
    minimum_option,
    plural,
    print_json,
    queries,
)

if TYPE_CHECKING:
    from hexapla.matches import Match
    from hexapla.memory.memory import Memory
    from hexapla.memory.search.concordance import Hit

_LOOKUP = """Look a text up in a memory: what was translated before, with the percentage that is the same.

A TEXT of - reads one text a line from standard input; each is looked up in the context of the line before.

\b
Example:
  hexapla lookup un.hexapla "Decides to remain seized of the matter." --from en --to fr,es
"""
_CONCORDANCE = """Find words in the texts of a memory, with their translations and what stands before and behind.

By default WORDS may be part of a word; case, Arabic vowels and the width of characters do not matter.

\b
Example:
  hexapla concordance un.hexapla "tide gauge" --in en --to fr
"""


@click.command(help=_LOOKUP)
@memory_argument
@click.argument("text", metavar="TEXT")
@click.option("--from", "source", metavar="LANG", required=True, help="Language of the text.")
@click.option("--to", "targets", metavar="LANG,...", help="Languages asked for; all others by default.")
@minimum_option(70, "Percentage that a match must have.")
@limit_option("Matches to show, and as many of the same meaning.")
@click.option("--previous", metavar="TEXT", help="Text before it, for matches in context (101%).")
@click.option("--following", metavar="TEXT", help="Text behind it, for matches in context (101%).")
@json_option
@debug_option
def lookup(
    folder: Path,
    text: str,
    source: str,
    targets: str | None,
    minimum: int,
    limit: int,
    previous: str | None,
    following: str | None,
    as_json: bool,
) -> None:
    """Look a text up in a memory."""
    from hexapla.memory.memory import Memory
    from hexapla_corpora.languages import normalise_tag

    tag, wanted = normalise_tag(source), languages_of(targets)
    with Console(quiet=as_json) as console:
        memory = Memory.open(folder, progress=console.progress)
    for query in queries(text):
        found: tuple[Match, ...] = ()
        if query.strip() or text != "-":
            found = memory.lookup(
                query,
                source=tag,
                target=wanted,
                minimum=minimum,
                limit=limit,
                previous=previous,
                following=following,
            )
        _print_matches(memory, query, tag, found, as_json)
        if text == "-":
            previous = query.strip() or None


def _print_matches(memory: Memory, query: str, source: str, found: tuple[Match, ...], as_json: bool) -> None:
    if as_json:
        from hexapla.cli.records import match_record

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
@click.option("--in", "language", metavar="LANG", required=True, help="Language of the words.")
@click.option("--to", "targets", metavar="LANG,...", help="Languages to show; all others by default.")
@click.option(
    "--match",
    "how",
    type=click.Choice(["substring", "word", "regex"]),
    default="substring",
    show_default=True,
    help="What WORDS are: any part of a text, whole words, or a regular expression.",
)
@click.option(
    "--limit", metavar="N", type=click.IntRange(1), default=20, show_default=True, help="Hits to show."
)
@json_option
@debug_option
def concordance(
    folder: Path, words: str, language: str, targets: str | None, how: str, limit: int, as_json: bool
) -> None:
    """Find words in the texts of a memory."""
    from hexapla.memory.memory import Memory
    from hexapla.memory.search.concordance import Matching
    from hexapla_corpora.languages import normalise_tag

    tag, wanted = normalise_tag(language), languages_of(targets)
    with Console(quiet=as_json) as console:
        memory = Memory.open(folder, progress=console.progress)
    found = memory.concordance(words, language=tag, target=wanted, how=Matching(how), limit=limit)
    _print_hits(memory, words, tag, found, as_json)
    if len(found) == limit and not as_json:
        click.echo(f"There may be more than {plural(limit, 'hit')}: --limit shows them.")


def _print_hits(memory: Memory, words: str, language: str, found: tuple[Hit, ...], as_json: bool) -> None:
    if as_json:
        from hexapla.cli.records import hit_record

        hits = [hit_record(hit) for hit in found]
        print_json(memory.path, {"version": memory.version, "words": words, "in": language, "hits": hits})
        return
    from hexapla.cli.as_text import show_hits
    from hexapla.cli.printer import Printer

    show_hits(Printer(), found)
