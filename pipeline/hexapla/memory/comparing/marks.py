"""Item marks: the number or letter before a numbered text, which a document with automatic numbering does not have."""

from __future__ import annotations

import re

from hexapla.memory.comparing.dates import date_at
from hexapla_corpora.printed_numbers import LIST_STYLES, parse_number

_FIGURES = re.compile(r"\d+(?:\.\d+)*")


def mark_end(text: str) -> int:
    """Where the text behind its item mark begins.

    Args:
        text: in any language.

    Returns:
        Its place in characters; 0 if there is no mark, or nothing behind it.
    """
    number = parse_number(text)
    if number is None or number.style not in LIST_STYLES or number.end >= len(text):
        return 0
    figure = _FIGURES.match(text)
    return 0 if figure and date_at(text, figure.start()) else number.end  # "1. Mai" is no first item


def mark_for(query: str, source: str, target: str) -> str:
    """The item mark of a translation.

    Args:
        query: mark of what is to be translated; empty if it has none, as the others.
        source: mark of what was translated.
        target: mark of its translation.

    Returns:
        The mark of the query as the translation writes marks; none if the translation of a marked text has none.
    """
    if query == source:
        return target
    if not (query and source):
        return query
    new, old = _FIGURES.search(query), _FIGURES.search(target)
    if new is None or old is None:
        return query if target else ""
    zero = ord(old[0][0]) - int(old[0][0])  # of the digits that the translation has
    written = "".join(chr(zero + int(each)) if each.isdecimal() else each for each in new[0])
    return target[: old.start()] + written + target[old.end() :]
