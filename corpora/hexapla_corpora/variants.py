"""The two Chinese scripts: which one a text is in, and traditional made simplified for matching."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opencc import OpenCC

_HAN = re.compile("[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]")


@cache
def _converter(config: str) -> OpenCC:
    import opencc

    return opencc.OpenCC(config)


def to_simplified(text: str) -> str:
    """Convert traditional characters to simplified ones by OpenCC; other text stays as it is."""
    if not _HAN.search(text):
        return text
    simplified: str = _converter("t2s").convert(text)
    return simplified


def chinese_script(text: str) -> Literal["Hans", "Hant"] | None:
    """Tell the script (ISO 15924) of a Chinese text; None if every character of it belongs to both."""
    han = "".join(_HAN.findall(text))
    if not han:
        return None
    traditional = _count_changed(han, "t2s")
    simplified = _count_changed(han, "s2t")
    if traditional == simplified:
        return None
    return "Hant" if traditional > simplified else "Hans"


def _count_changed(characters: str, config: str) -> int:
    """How many distinct characters a conversion changes; a line each, so that no phrase rule speaks."""
    distinct = list(set(characters))
    converted = _converter(config).convert("\n".join(distinct)).split("\n")
    return sum(before != after for before, after in zip(distinct, converted, strict=True))
