"""The two Chinese scripts: detection, and conversion of traditional to simplified for matching."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opencc import OpenCC

HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f"
"""Chinese characters, as the inside of a character class of a regular expression."""
_HAN = re.compile(f"[{HAN}]")


@cache
def _converter(config: str) -> OpenCC:
    import opencc

    return opencc.OpenCC(config)


def to_simplified(text: str) -> str:
    """Convert traditional Chinese characters to simplified ones with OpenCC; leave other text unchanged."""
    if not _HAN.search(text):
        return text
    simplified: str = _converter("t2s").convert(text)
    return simplified


def without_regional_forms(text: str) -> str:
    """Replace the forms of Taiwan and Hong Kong (著, 衞), then Traditional characters, with Simplified ones.

    Args:
        text: single characters; words would be left alone where they are usually written so, as in 著名.

    Returns:
        The text in the characters of the mainland.
    """
    if not _HAN.search(text):
        return text
    for config in ("tw2s", "hk2s", "t2s"):
        text = _converter(config).convert(text)
    return text


def chinese_script(text: str) -> Literal["Hans", "Hant"] | None:
    """Return the script (ISO 15924) of a Chinese text; None if all its characters belong to both."""
    han = "".join(_HAN.findall(text))
    if not han:
        return None
    traditional = _count_changed(han, "t2s")
    simplified = _count_changed(han, "s2t")
    if traditional == simplified:
        return None
    return "Hant" if traditional > simplified else "Hans"


def _count_changed(characters: str, config: str) -> int:
    """Count the distinct characters that a conversion changes, each on its own line, so that no phrase rule applies."""
    distinct = list(set(characters))
    converted = _converter(config).convert("\n".join(distinct)).split("\n")
    return sum(before != after for before, after in zip(distinct, converted, strict=True))
