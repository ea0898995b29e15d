"""A pair of languages as users write it: zh-en, zh-CN-en-US, or two tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hexapla.errors import InputError
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag

Pair = str | Sequence[str]
"""Two language tags joined by a hyphen, or two of them."""

_PRIMARY = re.compile("[a-z]{2,3}")


def parse_pair(pair: Pair) -> tuple[str, str]:
    """Return source and target.

    Args:
        pair: `zh-en`, `EN_us-fr`, `zh-CN-en-US`, or two tags.

    Returns:
        The two tags in their usual spelling.

    Raises:
        InputError: it is not two languages, or can be read in more than one way.
    """
    if not isinstance(pair, str):
        if len(pair) != 2:
            raise InputError(f"a pair has two languages, and this one has {len(pair)}: {', '.join(pair)}")
        return normalise_tag(pair[0]), normalise_tag(pair[1])
    cuts = [found for place in range(len(pair)) if (found := _cut(pair, place))]
    if len(cuts) != 1:
        raise InputError(
            f"{pair!r} is not two languages: give source and target, as in zh-en or zh-CN-en-US."
        )
    return cuts[0]


def _cut(pair: str, place: int) -> tuple[str, str] | None:
    """The two languages if the pair is cut at a place."""
    if pair[place] not in "-_":
        return None
    source, target = pair[:place], pair[place + 1 :]
    try:
        tags = normalise_tag(source), normalise_tag(target)
    except UnknownLanguage:
        return None
    return tags if all(_PRIMARY.fullmatch(tag.partition("-")[0]) for tag in tags) else None
