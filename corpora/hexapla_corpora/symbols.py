"""United Nations document symbols, such as A/79/L.92 or S/RES/2334 (2016)."""

from __future__ import annotations

import re

# The first part names the body (A, S, E, CEDAW, FCCC ...); a session or year in brackets may come last.
SYMBOL = re.compile(
    r"(?<![A-Za-z0-9/.])"
    r"[A-Z]{1,9}(?:-[A-Z]{1,4})?(?:/[A-Z0-9][A-Za-z0-9]*(?:[.\-](?![A-Z]+/)[A-Za-z0-9]+)*)+"
    r"(?:\s?\((?:1[89]|20)\d\d\)|\s?\((?:[IVXLS]+-?){1,3}\))?"
    r"(?![A-Za-z0-9/])"  # "A/79/1-S/2024/3" is two symbols
)
_CITED = re.compile(r"[(\[（]\s*$")


def find_symbol(text: str) -> str | None:
    """Return the first document symbol in a line, with its Add., Corr. or Rev., except those cited in brackets.

    Args:
        text: a line of a masthead or of a page header.

    Returns:
        The symbol as printed, with one space before a year in brackets; None if the line has none.
    """
    for match in SYMBOL.finditer(text):
        if any(letter.isdigit() for letter in match[0]) and not _CITED.search(text[: match.start()]):
            return re.sub(r"\s*\(", " (", match[0])
    return None
