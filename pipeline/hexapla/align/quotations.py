"""Quotations that a text opens and closes: translators keep direct speech."""

from __future__ import annotations

import re

# A mark that may also be an apostrophe or stand on either side is told by what stands beside it.
_BEFORE = r"\s(\[{—–…“\"-"
_BEHIND = r"\s.,?!;:)\]—–\"'”’-"
_OPENING = re.compile(rf"[“«‹「『„‟〝‘]|(?:^|(?<=[{_BEFORE}]))['\"`](?=[\w“\".…—])")
_CLOSING = re.compile(
    rf"[”»›」』〞]|(?<=[.,?!;:…—–)\]。，？！\"'”-])['’`](?=[{_BEHIND}]|$)|(?<=\S)\"(?=[{_BEHIND}]|$)"
)


def quotations(text: str) -> tuple[int, int]:
    """How many quotations a text opens and how many it closes.

    Args:
        text: a segment in any language.

    Returns:
        Counts of opening and of closing marks; an apostrophe is none of them.
    """
    return len(_OPENING.findall(text)), len(_CLOSING.findall(text))
