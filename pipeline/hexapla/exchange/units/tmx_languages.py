"""Language codes of TMX files, which tools spell in many ways."""

from __future__ import annotations

from functools import lru_cache

import langcodes


@lru_cache(maxsize=1000)
def tag_of(code: str) -> str:
    """The BCP 47 tag that a language code of a TMX file means.

    Args:
        code: such as EN_us, eng or zh-cn.

    Returns:
        The tag in its usual spelling.

    Raises:
        ValueError: it means none.
    """
    hyphened = code.strip().replace("_", "-")
    try:
        if langcodes.tag_is_valid(hyphened):
            return langcodes.standardize_tag(hyphened)
    except ValueError:
        pass
    raise ValueError(f"{code!r} is no code of a language: write one such as zh, en or pt-BR")


@lru_cache(maxsize=1000)
def tag_or_nothing(code: str) -> str:
    """The same; an empty text if it means none."""
    try:
        return tag_of(code)
    except ValueError:
        return ""
